/*
 * Rows held out within a fit: each member of an ensemble is stopped by another part of the rows, so that together they have
 * seen all, and every row has been predicted by a member that has not seen it. Rows of one group, and rows with equal
 * features, are held out together.
 */
import { type Key } from "@tatara/engine/base";
import { groupFolds, type Table } from "@tatara/engine/data";
import { rowNames } from "@tatara/engine/learn";

/** Fewest rows of which some are held out. */
const FEWEST = 10;

/** Rows that each part holds out, ascending. No parts when there are too few rows or groups. */
export function holdOuts(key: Key, x: Table, groups: Int32Array | undefined, names: readonly string[], parts: number): readonly Int32Array[] {
  const contents = rowNames(x);
  const labels = contents.map((content, i) => (groups !== undefined && groups[i] >= 0 ? `group ${groups[i]}` : content));
  const different = new Set(labels).size;
  if (x.rows < FEWEST || different < 2 || parts < 2) return [];
  return groupFolds(key, labels, { folds: Math.min(parts, different), names }).test.map((rows) => rows.toSorted());
}
