/*
 * Folds for cross-validation. A split is a function of the key and of what is split, never of the order of rows
 * when the rows have names. Groups are never divided.
 */
import { InputError } from "../base/errors.ts";
import { fold, permutation } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import { sortedQuantile } from "../numeric/quantile.ts";
import type { Folds, Trial } from "./types.ts";

export interface SplitOptions {
  /** Number of folds, at least 2. */
  readonly folds: number;
  /** A name for each row: then reordering rows does not change which fold a row is in. */
  readonly names?: readonly string[];
}

function checkFolds(folds: number, most: number, what: string): void {
  if (!(Number.isInteger(folds) && folds >= 2)) throw new InputError(`number of folds: ${folds} — a whole number ≥ 2`, { path: "folds", value: folds });
  if (folds > most) throw new InputError(`too many folds: ${folds} — there are ${most} ${what}`, { path: "folds", value: folds });
}

/** Rows in random order; by name where they have names. */
export function visitingOrder(key: Key, n: number, names?: readonly string[]): readonly number[] {
  if (names === undefined) return Array.from(permutation(key, n));
  if (names.length !== n) throw new InputError(`row names: ${names.length} — there are ${n} rows`, { path: "names" });
  const draws = names.map((name) => fold(key, name));
  return Array.from(names.keys()).toSorted((a, b) => draws[a]!.hi - draws[b]!.hi || draws[a]!.lo - draws[b]!.lo || compare(names[a]!, names[b]!) || a - b);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const collect = (id: string, folds: number, foldOfRow: ArrayLike<number>): Folds => {
  const rows: number[][] = Array.from({ length: folds }, () => []);
  for (let i = 0; i < foldOfRow.length; i++) rows[foldOfRow[i]!]!.push(i);
  return { id, test: rows.map((part) => Int32Array.from(part)) };
};

/** n rows dealt at random into folds whose sizes differ by at most one. */
export function randomFolds(key: Key, n: number, { folds, names }: SplitOptions): Folds {
  checkFolds(folds, n, "rows");
  const place = new Int32Array(n);
  visitingOrder(key, n, names).forEach((row, position) => (place[row] = position % folds));
  return collect(`random(folds=${folds})`, folds, place);
}

/** Every class is dealt evenly over the folds; codes index classes, −1 (missing) counts as one more. */
export function stratifiedFolds(key: Key, codes: Int32Array, { folds, names }: SplitOptions): Folds {
  checkFolds(folds, codes.length, "rows");
  const position = new Map<number, number>();
  visitingOrder(key, codes.length, names).forEach((row, p) => position.set(row, p));
  const order = Array.from(codes.keys()).toSorted((a, b) => codes[a]! - codes[b]! || position.get(a)! - position.get(b)!);
  const place = new Int32Array(codes.length);
  // Dealing goes on from class to class, so that fold sizes differ by at most one as well.
  order.forEach((row, p) => (place[row] = p % folds));
  return collect(`stratified(folds=${folds})`, folds, place);
}

/** Whole groups into folds of sizes as equal as they can greedily be: the largest group goes first, into the smallest fold. */
export function groupFolds(key: Key, groups: ArrayLike<number | string>, { folds, names }: SplitOptions): Folds {
  const members = new Map<number | string, number[]>();
  for (const row of visitingOrder(key, groups.length, names)) {
    const group = groups[row]!;
    const rows = members.get(group);
    if (rows === undefined) members.set(group, [row]);
    else rows.push(row);
  }
  checkFolds(folds, members.size, "groups");
  const place = new Int32Array(groups.length);
  const sizes = new Float64Array(folds);
  // Groups of one size keep the random order of their first member: toSorted is stable.
  for (const rows of [...members.values()].toSorted((a, b) => b.length - a.length)) {
    const smallest = sizes.indexOf(Math.min(...sizes));
    sizes[smallest]! += rows.length;
    for (const row of rows) place[row] = smallest;
  }
  return collect(`group(folds=${folds}, groups=${members.size})`, folds, place);
}

/** Rows that fold f is trained on, ascending. */
export function trainingRows(folds: Folds, f: number): Int32Array {
  const rest = folds.test.filter((_, g) => g !== f).flatMap((rows) => Array.from(rows));
  return Int32Array.from(rest).toSorted();
}

/** The folds of a split as trials, numbered from 1. */
export const foldTrials = (folds: Folds): readonly Trial[] => folds.test.map((test, f) => ({ name: `fold ${f + 1}`, train: trainingRows(folds, f), test }));

export interface PartOptions {
  /** Most trials: with more eligible parts some are drawn. Default 10. */
  readonly most?: number;
  /** Least rows with the part, and least rows without it. Default 5 and half of all rows. */
  readonly least?: number;
  readonly leastTraining?: number;
}

/**
 * Leave one part out (leave-one-element-out, where parts are elements): for each part, train on the rows that do not have
 * it at all and test on all that do. A row with several parts is tested several times. Parts that are too rare to test
 * on, or too common to train without, make no trial. Which are drawn depends on their names, not on the order of rows.
 */
export function leavePartOut(key: Key, parts: readonly (readonly string[])[], { most = 10, least = 5, leastTraining = parts.length / 2 }: PartOptions = {}): readonly Trial[] {
  const having = new Map<string, number[]>();
  parts.forEach((of, row) => {
    for (const part of new Set(of)) {
      const rows = having.get(part);
      if (rows === undefined) having.set(part, [row]);
      else rows.push(row);
    }
  });
  const eligible = [...having.keys()].filter((part) => having.get(part)!.length >= least && parts.length - having.get(part)!.length >= leastTraining).toSorted(compare);
  const drawn = visitingOrder(key, eligible.length, eligible).slice(0, most).map((k) => eligible[k]!).toSorted(compare);
  return drawn.map((part) => {
    const test = Int32Array.from(having.get(part)!);
    const held = new Set(test);
    return { name: `without ${part}`, train: Int32Array.from(parts.keys()).filter((row) => !held.has(row)), test };
  });
}

/**
 * Two trials of extrapolation in the target itself: learn from the lower rows and predict the highest `share` of them, and
 * the reverse (as in Xiong et al., Comput. Mater. Sci. 171, 109203, 2020). Rows of equal value are never divided: where too
 * many share the outermost value, there is no such trial. NaN rows are in neither part.
 */
export function sortedTrials(values: Float64Array, share = 0.2): readonly Trial[] {
  if (!(share > 0 && share <= 0.5)) throw new InputError(`share of the rows held out: ${share} — in (0, 0.5]`, { path: "share", value: share });
  const known = Int32Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
  const sorted = Float64Array.from(known, (i) => values[i]!).toSorted();
  const trial = (name: string, held: (v: number) => boolean): Trial => ({ name, train: known.filter((i) => !held(values[i]!)), test: known.filter((i) => held(values[i]!)) });
  if (known.length === 0) return [];
  const [low, high] = [sortedQuantile(sorted, share), sortedQuantile(sorted, 1 - share)];
  const percent = `${Number((100 * share).toPrecision(3))} %`;
  return [trial(`highest ${percent}`, (v) => v > high), trial(`lowest ${percent}`, (v) => v < low)].filter(({ test }) => test.length > 0);
}

/** Rows in each fold, for reports. */
export const foldSizes = (folds: Folds): readonly number[] => folds.test.map((rows) => rows.length);
