/*
 * How far is a target from the data? The share of known materials that already have it, what a model
 * expects of them, and a warning when nothing learnt from these data can speak of such values.
 */
import type { CategoryColumn, NumberColumn } from "../data/types.ts";
import { convertAll } from "../base/unit.ts";
import type { Predictive } from "../prob/types.ts";
import { formatTarget } from "./grammar.ts";
import { regionObjective } from "./objective.ts";
import type { Target, Thresholds } from "./types.ts";

type PropertyColumn = NumberColumn | CategoryColumn;

/** One target against one column of data. */
export interface Reach {
  readonly property: string;
  /** Rows whose value is known, and those of them in the target. */
  readonly known: number;
  readonly inside: number;
  /** Rows in the target that the model expects, Σ P; null without predictions. */
  readonly expected: number | null;
  /** Gap between the target and the data's range, in widths of that range; 0 when they overlap. */
  readonly distance: number;
  /** `far`: more than one width away, nothing can be learnt about it; `unseen`: no known material has it. */
  readonly severity: "fine" | "unseen" | "far";
  /** For the reader; empty when fine. */
  readonly message: string;
}

/** Widths of the data's range beyond which a target counts as far. */
const FAR = 1;

/** Whether each known value lies in the target; NaN and missing classes never do, nor does anything without a threshold. */
function hits(target: Target, column: PropertyColumn, thresholds: Thresholds = {}): boolean[] {
  if (target.kind === "levels" && column.kind === "category") return Array.from(column.codes, (code) => code >= 0 && target.levels.includes(column.levels[code]!));
  if (target.kind === "levels" || column.kind !== "number") return Array.from({ length: lengthOf(column) }, () => false);
  if (target.kind === "extremum") {
    const threshold = thresholds[target.property] ?? Number.NaN;
    return Array.from(convertAll(column.values, column.unit, target.unit), (v) => (target.direction === "maximise" ? v >= threshold : v <= threshold));
  }
  const { low, high, strict } = target;
  return Array.from(convertAll(column.values, column.unit, target.unit), (v) => (strict ? v > low && v < high : v >= low && v <= high));
}

const lengthOf = (column: PropertyColumn): number => (column.kind === "number" ? column.values.length : column.codes.length);
const isKnown = (column: PropertyColumn, i: number): boolean => (column.kind === "number" ? !Number.isNaN(column.values[i]!) : column.codes[i]! >= 0);
const knownRows = (column: PropertyColumn): number[] => Array.from({ length: lengthOf(column) }, (_, i) => i).filter((i) => isKnown(column, i));

function range(values: Float64Array): [number, number] {
  return values.reduce<[number, number]>(([low, high], v) => (Number.isNaN(v) ? [low, high] : [Math.min(low, v), Math.max(high, v)]), [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
}

function gap(target: Extract<Target, { kind: "interval" }>, [low, high]: readonly [number, number]): number {
  const away = Math.max(target.low - high, low - target.high, 0);
  return away === 0 ? 0 : away / (high - low);
}

/**
 * Check one target against the column of its property and, where given, a model's predictions at the
 * data's rows. Extremal targets are always within reach.
 */
export function targetFarOutside(target: Target, column: PropertyColumn, predictions?: Predictive): Reach {
  const rows = knownRows(column);
  const inside = hits(target, column).filter(Boolean).length;
  const expected = predictions === undefined || target.kind === "extremum" ? null : regionObjective([target]).logScore(predictions).reduce((sum, l) => sum + Math.exp(l), 0);
  const base = { property: target.property, known: rows.length, inside, expected };
  if (target.kind === "extremum" || inside > 0) return { ...base, distance: 0, severity: "fine", message: "" };
  const seen = column.kind === "number" && target.kind === "interval" ? range(convertAll(column.values, column.unit, target.unit)) : null;
  const distance = seen === null || target.kind !== "interval" ? 0 : gap(target, seen);
  const what = `${target.property} ${formatTarget(target)}, ${seen === null ? "" : `data ${seen[0]} .. ${seen[1]}, `}${rows.length} values, 0 inside${expected === null ? "" : `, ${expected.toPrecision(2)} expected by the model`}`;
  if (distance > FAR) return { ...base, distance, severity: "far", message: `target far outside the data: ${what} — it lies ${distance.toPrecision(2)} times the data's range away; check its unit or choose a target nearer the data` };
  return { ...base, distance, severity: "unseen", message: `no known material in the target: ${what} — probabilities there are extrapolated` };
}

/** For each row whether every target is known to be met; columns in the targets' order. */
export function knownHits(targets: readonly Target[], columns: readonly PropertyColumn[], thresholds: Thresholds = {}): readonly boolean[] {
  const met = targets.map((target, j) => hits(target, columns[j]!, thresholds));
  return (met[0] ?? []).map((_, i) => met.every((hit) => hit[i]));
}

/** Rows that have all targeted properties, and those of them that meet every target, extremal ones at their `thresholds`. Columns in the targets' order. */
export function baseRate(targets: readonly Target[], columns: readonly PropertyColumn[], thresholds: Thresholds = {}): { readonly known: number; readonly inside: number } {
  const pairs = targets.map((target, j) => ({ target, column: columns[j]! }));
  const rows = pairs.length === 0 ? [] : knownRows(pairs[0]!.column).filter((i) => pairs.every(({ column }) => isKnown(column, i)));
  const met = pairs.map(({ target, column }) => hits(target, column, thresholds));
  return { known: rows.length, inside: rows.filter((i) => met.every((hit) => hit[i])).length };
}
