/*
 * Training rows as kernel and transfer learners see them: those with a value, in an order that depends on names and
 * contents alone, copies of one row merged into one of their summed weight.
 */
import { InputError, UnsupportedError } from "../../base/errors.ts";
import type { NumberColumn, Table, Targets } from "../../data/types.ts";
import { canonicalOrder } from "../forest/bags.ts";
import { checkTargets, knownRows, takeNumbers, takeRows, takeTarget } from "../inputs.ts";
import type { Output } from "../types.ts";

export type NumberOutput = Output & { readonly kind: "number" };

export interface TrainingRows {
  readonly table: Table;
  /** One column. */
  readonly targets: Targets & { readonly names: readonly string[]; readonly weights: Float64Array };
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly names: readonly string[];
  readonly output: NumberOutput;
}

/** The usable rows of one column. Throws InputError for fewer than `least`, UnsupportedError for classes and for more than `most`. */
export function trainingRows(x: Table, y: Targets, column: number, { who, least, most = Number.POSITIVE_INFINITY }: { readonly who: string; readonly least: number; readonly most?: number }): TrainingRows {
  checkTargets(x, y);
  const target = y.columns[column];
  if (target.kind !== "number") throw new UnsupportedError(`${who} cannot predict classes: "${target.name}" — use forest or extra-trees`);
  const known = knownRows(y, column);
  const all = { table: takeRows(x, known), targets: takeTarget(y, column, known) };
  const { order, names } = canonicalOrder(all.table, all.targets);
  const merged = mergeCopies(takeRows(all.table, order), takeTarget(all.targets, 0, order), names);
  const n = merged.table.rows;
  if (n < least) throw new InputError(`too few values of "${target.name}": ${n} — ${who} needs at least ${least}`, { path: target.name, value: n });
  if (n > most) throw new UnsupportedError(`too many rows for ${who}: ${n} — at most ${most}`);
  return { ...merged, output: { kind: "number", name: target.name, unit: target.unit } };
}

/** Rows in canonical order, equal neighbours as one. */
function mergeCopies(table: Table, targets: Targets, names: readonly string[]): Omit<TrainingRows, "output"> {
  const { values } = targets.columns[0] as NumberColumn;
  const first: number[] = [];
  const total: number[] = [];
  for (let i = 0; i < table.rows; i++) {
    const weight = targets.weights?.[i] ?? 1;
    if (i > 0 && names[i] === names[i - 1] && values[i] === values[i - 1] && equalRows(table, i, i - 1)) total[total.length - 1] += weight;
    else {
      first.push(i);
      total.push(weight);
    }
  }
  const rows = Int32Array.from(first);
  const weights = Float64Array.from(total);
  const kept = first.map((i) => names[i]);
  return { table: takeRows(table, rows), targets: { ...takeTarget(targets, 0, rows), weights, names: kept }, values: takeNumbers(values, rows), weights, names: kept };
}

function equalRows({ cols, data }: Table, i: number, j: number): boolean {
  for (let k = 0; k < cols; k++) if (!Object.is(data[i * cols + k], data[j * cols + k])) return false;
  return true;
}

/** Some of the rows. */
export function takeTraining(rows: TrainingRows, which: Int32Array): TrainingRows {
  const targets = takeTarget(rows.targets, 0, which);
  return { ...rows, table: takeRows(rows.table, which), targets: { ...targets, weights: targets.weights!, names: targets.names! }, values: takeNumbers(rows.values, which), weights: takeNumbers(rows.weights, which), names: Array.from(which, (i) => rows.names[i]) };
}
