/*
 * What something is a mixture of, as tokens: the largest shares of each row, with which part each is the share of. The parts are
 * recognised by the block of their columns, and known by vectors of numbers, which whoever knows the parts passes in.
 */
import { InputError } from "@tatara/engine/base";
import type { Feature, Table } from "@tatara/engine/data";

/** What is known of the parts: plain data. */
export interface Parts {
  /** Block of the columns that hold the shares, one for each part. */
  readonly block: string;
  /** Numbers of about size one by the name of a part's column, all of one length. Of other parts nothing is known but what is learnt. */
  readonly vectors: ReadonlyMap<string, readonly number[]>;
}

export interface Tokens {
  /** 1 + number of the part; 0 fills up. n × most. */
  readonly part: Int32Array;
  /** Share of the row, summing to one; n × most. */
  readonly share: Float32Array;
}

/** Columns of a table that hold shares. Throws InputError without any. */
export function partColumns({ features }: Pick<Table, "features">, { block }: Parts): readonly { readonly feature: Feature; readonly column: number }[] {
  const found = features.flatMap((feature, column) => (feature.block === block ? [{ feature, column }] : []));
  if (found.length === 0) throw new InputError(`no shares of parts: attention needs the descriptor ${block} — add it: represent: [${block}, …]`, { path: "represent" });
  return found;
}

/** Shares below this are none. */
const NONE = 1e-9;

/** Parts with a share in one row. */
export const countParts = (x: Table, row: number, columns: ArrayLike<number>): number => {
  let count = 0;
  for (let k = 0; k < columns.length; k++) if (x.data[row * x.cols + columns[k]] > NONE) count++;
  return count;
};

/** The largest shares first, of equal ones the first part; those that find no place are left out of the sum. */
export function tokensOf(x: Table, columns: ArrayLike<number>, most: number, { from, to }: { readonly from: number; readonly to: number }): Tokens {
  const part = new Int32Array((to - from) * most);
  const share = new Float32Array((to - from) * most);
  const held: number[] = [];
  for (let i = from; i < to; i++) {
    const at = (k: number): number => x.data[i * x.cols + columns[k]];
    held.length = 0;
    for (let k = 0; k < columns.length; k++) if (at(k) > NONE && at(k) < Number.POSITIVE_INFINITY) held.push(k);
    held.sort((a, b) => at(b) - at(a) || a - b);
    held.length = Math.min(held.length, most);
    const total = held.reduce((sum, k) => sum + at(k), 0);
    held.forEach((k, t) => {
      part[(i - from) * most + t] = k + 1;
      share[(i - from) * most + t] = at(k) / total;
    });
  }
  return { part, share };
}
