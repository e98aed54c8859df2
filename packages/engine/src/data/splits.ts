/*
 * Folds for cross-validation. A split is a function of the key and of what is split, never of the order of rows
 * when the rows have names. Groups are never divided.
 */
import { InputError } from "../base/errors.ts";
import { fold, permutation } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Folds } from "./types.ts";

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

/** Rows in each fold, for reports. */
export const foldSizes = (folds: Folds): readonly number[] => folds.test.map((rows) => rows.length);
