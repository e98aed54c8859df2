/* The way of a table's rows through fitted trees, block by block. */
import { type Context, pause } from "../../base/context.ts";
import type { Table } from "../../data/types.ts";
import { type Binning, binRows } from "./bins.ts";
import { type Trees, leavesOf } from "./trees.ts";

/** Rows that are binned and led through the trees together. */
const BLOCK = 1024;

/** The leaves of rows from … in one tree. */
export type Visit = (from: number, leaves: Int32Array, tree: number) => void;

/** Lead every row through every tree, block by block, tree after tree. */
export async function walk({ binning, trees }: { readonly binning: Binning; readonly trees: Trees }, x: Table, columns: Int32Array, ctx: Context, visit: Visit): Promise<void> {
  const missing = Uint8Array.from(trees.wanted, (f) => binning.missing[f]);
  for (let from = 0; from < x.rows; from += BLOCK) {
    await pause(ctx);
    const to = Math.min(from + BLOCK, x.rows);
    const binned = { rows: to - from, missing, ...binRows(binning, x, columns, { from, to }, trees.wanted) };
    const leaves = new Int32Array(to - from);
    for (let t = 0; t < trees.roots.length; t++) {
      leavesOf(trees, t, binned, leaves);
      visit(from, leaves, t);
    }
  }
}
