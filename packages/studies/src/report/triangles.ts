/* How classes look in every triangle of a report: what is wanted in colour and with markers, everything else pale and grey. */
import { theme, type MarkerShape, type PhaseKind } from "@tatara/charts";
import type { Target } from "@tatara/engine/design";
import type { ReportTriangle } from "./types.ts";

type Classes = ReportTriangle["classes"];

const MARKERS: readonly MarkerShape[] = ["pentagon", "square", "diamond", "triangle"];

const wants = (targets: readonly Target[], name: string): boolean => targets.some((target) => target.kind === "levels" && target.levels.includes(name));

/** Classes that are not looked for are a plain ground. */
export const groundsOf = (targets: readonly Target[], classes: Classes) => classes.map((c) => ({ ...c, ...(wants(targets, c.name) || classes.length === 1 ? {} : { plain: true }) }));

/** The same marker for the same kind in every triangle. */
export function kindsOf(targets: readonly Target[], classes: Classes): readonly PhaseKind[] {
  const wanted = classes.filter((c) => wants(targets, c.name));
  return [...wanted.map((c, i): PhaseKind => ({ name: c.name, marker: MARKERS[i % MARKERS.length]! })), ...classes.filter((c) => !wanted.includes(c)).map((c): PhaseKind => ({ name: c.name, marker: "ring", colour: theme.muted }))];
}
