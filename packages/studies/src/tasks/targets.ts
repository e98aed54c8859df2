/*
 * The targets of a design study against its data: parsed in the data's units and classes, and within reach.
 * Asked by `check`, and by `run` before it learns anything.
 */
import { InputError, lookUp } from "@tatara/engine/base";
import type { CategoryColumn, NumberColumn } from "@tatara/engine/data";
import { formatTarget, parseTarget, targetFarOutside, type Target } from "@tatara/engine/design";
import type { InvertStudy } from "../schema/study.ts";

type Column = NumberColumn | CategoryColumn;

const columnOf = (columns: readonly Column[], property: string): Column => lookUp("property", property, Object.fromEntries(columns.map((c) => [c.name, c])), "target");

/** Targets in the data's units; class targets are checked against the classes that occur. */
export const parseTargets = (target: InvertStudy["target"], columns: readonly Column[]): readonly Target[] =>
  Object.entries(target).map(([name, text]) => {
    const column = columnOf(columns, name);
    return parseTarget(name, String(text), column.kind === "number" ? column.unit : column.levels);
  });

/** What to warn of: targets that no known material meets. Throws InputError for one far outside the data. */
export function refuseFar(targets: readonly Target[], columns: readonly Column[]): readonly string[] {
  const reach = targets.map((target) => targetFarOutside(target, columnOf(columns, target.property)));
  const far = reach.find((r) => r.severity === "far");
  if (far) throw new InputError(far.message, { path: `target.${far.property}` });
  return reach.filter((r) => r.severity === "unseen").map((r) => r.message);
}

/** What is wanted, in words for a reader. */
export const wantedWords = (targets: readonly Target[]): string => targets.map((t) => (t.kind === "levels" ? t.levels.join(" or ") : `${t.property.replaceAll("_", " ")} ${formatTarget(t)}`)).join(", ");
