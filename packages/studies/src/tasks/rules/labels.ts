/*
 * Which rows are positives, and when a probability counts as yes. All rule sets of a study answer to one aim, recall less
 * a price for the negatives let through, so that they can be compared; the same aim says from which probability on the
 * model, or RuleFit, says yes: with P positives and N negatives, p/(1 − p) ≥ price · P/N.
 */
import { InputError } from "@tatara/engine/base";
import type { CategoryColumn, NumberColumn } from "@tatara/engine/data";
import { knownHits, parseTarget, type Target } from "@tatara/engine/design";
import type { Aim, Labels } from "@tatara/engine/explain";
import type { RulesStudy } from "../../schema/study.ts";
import { refuseFar } from "../targets.ts";
import { screenTargets } from "../screen/targets.ts";

type Column = NumberColumn | CategoryColumn;
type Asked = Pick<RulesStudy, "target" | "rules">;

export interface Labelled {
  readonly targets: readonly Target[];
  readonly labels: Labels;
  readonly positives: number;
  readonly negatives: number;
}

/** Fewest rows of each kind that rules are made of: below, any interval fits. */
const FEWEST = 10;

/** Label the rows. Throws InputError for a target that no or too few rows meet, or all. */
export function labelRows({ target, rules }: Asked, columns: readonly Column[]): Labelled {
  const targets = screenTargets(target, columns);
  const looked = targets.map(({ property }) => columns.find((c) => c.name === property)!);
  refuseFar(targets, columns);
  const hits = knownHits(targets, looked);
  const aside = neitherOf(rules.neither, targets, looked);
  const labels = Int8Array.from(hits, (hit, i) => (looked.every((c) => isKnown(c, i)) ? (hit ? 1 : aside(i) ? -1 : 0) : -1));
  const count = (label: number) => labels.reduce((n, l) => n + (l === label ? 1 : 0), 0);
  const [positives, negatives] = [count(1), count(0)];
  const said = Object.entries(target).map(([name, text]) => `${name} ${String(text)}`).join(", ");
  const path = `target.${Object.keys(target)[0]!}`;
  if (positives === 0) throw new InputError(`no row meets the target: ${said} — ${spanOf(looked[0]!)}`, { path, value: target });
  if (positives < FEWEST) throw new InputError(`too few positives: ${positives} ${positives === 1 ? "row meets" : "rows meet"} ${said} — rules need at least ${FEWEST}; a wider target has more`, { path, value: positives });
  if (negatives < FEWEST) throw new InputError(`too few negatives: ${negatives} ${negatives === 1 ? "row does" : "rows do"} not meet ${said} — rules need at least ${FEWEST}; a narrower target has more`, { path, value: negatives });
  return { targets, labels, positives, negatives };
}

const isKnown = (column: Column, i: number): boolean => (column.kind === "number" ? !Number.isNaN(column.values[i]!) : column.codes[i]! >= 0);

function spanOf(column: Column): string {
  if (column.kind === "category") return `there are ${column.levels.map((level, k) => `${column.codes.filter((c) => c === k).length} ${level}`).join(", ")}`;
  const values = column.values.filter((v) => !Number.isNaN(v));
  return `${column.name} goes from ${Number(values.reduce((a, b) => Math.min(a, b)).toPrecision(4))} to ${Number(values.reduce((a, b) => Math.max(a, b)).toPrecision(4))}${column.unit.symbol === "1" ? "" : ` ${column.unit.symbol}`}`;
}

/** Rows of classes that count on neither side. */
function neitherOf(text: string | undefined, targets: readonly Target[], columns: readonly Column[]): (row: number) => boolean {
  if (text === undefined) return () => false;
  const path = "rules.neither";
  const [target] = targets;
  const [column] = columns;
  if (targets.length !== 1 || target!.kind !== "levels" || column!.kind !== "category") throw new InputError(`no class to set aside: rules.neither is "${text}" — it goes with a target of one class property`, { path, value: text });
  const parsed = parseTarget(column!.name, text, column!.levels);
  const levels = parsed.kind === "levels" ? parsed.levels : [];
  const both = levels.find((level) => target!.kind === "levels" && target!.levels.includes(level));
  if (both !== undefined) throw new InputError(`class on two sides: "${both}" is in the target and in rules.neither — leave it out of one`, { path, value: text });
  const codes = new Set(levels.map((level) => column!.kind === "category" ? column!.levels.indexOf(level) : -1));
  return (row) => column!.kind === "category" && codes.has(column!.codes[row]!);
}

export const aimOf = ({ price, recall }: RulesStudy["rules"]): Aim => (recall === undefined ? { price } : { minimumRecall: recall });

/** The aim in words. */
export const aimWords = (aim: Aim): string => ("price" in aim ? `recall less ${aim.price} times the false-positive rate` : `the fewest negatives at a recall of ${Math.round(100 * aim.minimumRecall)} %`);

/** Price of a false positive where the aim names a recall: what trees are grown with. */
const USUAL_PRICE = 3;
export const priceOf = (aim: Aim): number => ("price" in aim ? aim.price : USUAL_PRICE);

/** The probability from which on a model says yes, by the aim. */
export function cutOf(aim: Aim, probability: Float64Array, labels: Labels): number {
  const own = Array.from(labels.keys()).filter((i) => labels[i]! >= 0 && !Number.isNaN(probability[i]!));
  const positives = own.filter((i) => labels[i] === 1);
  if ("price" in aim) {
    const odds = (aim.price * positives.length) / Math.max(1, own.length - positives.length);
    return odds / (1 + odds);
  }
  const sorted = positives.map((i) => probability[i]!).sort((a, b) => b - a);
  return sorted[Math.min(sorted.length, Math.ceil(aim.minimumRecall * sorted.length)) - 1] ?? 0.5;
}

/** Yes and no of a probability; −1 where there is none. */
export const saidFrom = (probability: Float64Array, cut: number): Labels => Int8Array.from(probability, (p) => (Number.isNaN(p) ? -1 : p >= cut ? 1 : 0));
