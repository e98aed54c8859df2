/*
 * Folds that a learner makes of its own training rows: to stop early, to weigh, to choose. Rows of a group, and rows of
 * one name, which are copies, stand in one fold; the draw is keyed by names, so that reordering rows reorders the folds.
 */
import { type Key, fold } from "../base/key.ts";
import type { Table, Targets } from "../data/types.ts";
import { rowNames } from "./inputs.ts";

/** Fold of each row, 0 … folds − 1, about equally many rows in each; fewer folds are filled where there are fewer groups. */
export function innerFolds(key: Key, x: Table, { names, groups }: Pick<Targets, "names" | "groups">, folds: number): Int32Array {
  const own = rowNames(x, names);
  // A group is known by the least of its names: its number may change when rows are left out.
  const leader = new Map<number, string>();
  if (groups) own.forEach((name, i) => groups[i] >= 0 && !(leader.get(groups[i])! <= name) && leader.set(groups[i], name));
  const unit = own.map((name, i) => (groups && groups[i] >= 0 ? `group ${leader.get(groups[i])!}` : name));
  const [first] = unit;
  // Rows that are all of one group, or all copies, are still to be parted somehow.
  if (unit.every((u) => u === first)) return groups ? innerFolds(key, x, { names: own }, folds) : Int32Array.from(unit, (_, i) => i % folds);
  const sizes = new Map<string, number>();
  for (const u of unit) sizes.set(u, (sizes.get(u) ?? 0) + 1);
  const draws = new Map([...sizes.keys()].map((u) => [u, fold(key, u)]));
  const order = [...sizes.keys()].sort((a, b) => draws.get(a)!.hi - draws.get(b)!.hi || draws.get(a)!.lo - draws.get(b)!.lo || (a < b ? -1 : 1));
  // Large groups are dealt first, each to the fold with fewest rows.
  order.sort((a, b) => sizes.get(b)! - sizes.get(a)!);
  const filled = new Int32Array(folds);
  const place = new Map<string, number>();
  for (const u of order) {
    const least = filled.indexOf(Math.min(...filled));
    place.set(u, least);
    filled[least] += sizes.get(u)!;
  }
  return Int32Array.from(unit, (u) => place.get(u)!);
}

/** The rows of each fold that has any, and the others. */
export function partsOf(fold: Int32Array): readonly { readonly train: Int32Array; readonly test: Int32Array }[] {
  const rows = Int32Array.from(fold.keys());
  return [...new Set(fold)].sort((a, b) => a - b).map((f) => ({ train: rows.filter((i) => fold[i] !== f), test: rows.filter((i) => fold[i] === f) }));
}
