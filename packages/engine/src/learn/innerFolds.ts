/*
 * Folds that a learner makes of its own training rows: to stop early, to weigh, to choose. Rows of a group, and rows of
 * one name, which are copies, stand in one fold; the draw is keyed by names, so that reordering rows reorders the folds.
 */
import type { Key } from "../base/key.ts";
import { groupFolds } from "../data/splits.ts";
import type { Folds, Table, Targets } from "../data/types.ts";
import { rowNames } from "./inputs.ts";

/** At most `folds` folds of all rows, and as many as there are groups where those are fewer. Two rows or more are needed. */
export function innerFolds(key: Key, x: Table, { names, groups }: Pick<Targets, "names" | "groups">, folds: number): Folds {
  const own = rowNames(x, names);
  const units = unitsOf(own, groups);
  const count = Math.min(folds, new Set(units).size);
  if (count >= 2) return groupFolds(key, units, { folds: count, names: own });
  // Rows that are all of one group, or all copies, are still to be parted somehow.
  return groups ? innerFolds(key, x, { names: own }, folds) : groupFolds(key, own.map((_, i) => i), { folds: Math.min(folds, own.length), names: own });
}

/** What stays together. A group is known by the least of its names: its number may change when rows are left out. */
function unitsOf(names: readonly string[], groups: Int32Array | undefined): readonly string[] {
  if (groups === undefined) return names;
  const leader = new Map<number, string>();
  names.forEach((name, i) => {
    const known = leader.get(groups[i]);
    if (groups[i] >= 0 && (known === undefined || name < known)) leader.set(groups[i], name);
  });
  return names.map((name, i) => (groups[i] >= 0 ? `group ${leader.get(groups[i])!}` : name));
}
