/*
 * Which rows each tree sees. A draw belongs to (key, name of the row, number of the tree) and to nothing else:
 * reordering rows reorders the draws, and adding rows leaves those of the others alone. Rows of one group share
 * their draw, so that no member tells a tree about another that stays outside.
 */
import { type Key, fold, threefry2x32 } from "../../base/key.ts";
import type { Table, Targets } from "../../data/types.ts";
import { rowNames } from "../inputs.ts";

/** Rows in an order that depends on their names and contents alone. */
export function canonicalOrder(x: Table, y: Targets): { readonly order: Int32Array; readonly names: readonly string[] } {
  const names = rowNames(x, y.names);
  const compare = (i: number, j: number) => (names[i] < names[j] ? -1 : names[i] > names[j] ? 1 : compareRows(x, i, j) || compareTargets(y, i, j));
  const order = Int32Array.from(names, (_, i) => i).sort((i, j) => compare(i, j));
  return { order, names: Array.from(order, (i) => names[i]) };
}

function compareRows({ cols, data }: Table, i: number, j: number): number {
  for (let k = 0; k < cols; k++) {
    const [a, b] = [data[i * cols + k], data[j * cols + k]];
    if (a < b) return -1;
    if (a > b) return 1;
    if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  }
  return 0;
}

function compareTargets({ columns, weights }: Targets, i: number, j: number): number {
  for (const column of columns) {
    const difference = column.kind === "number" ? column.values[i] - column.values[j] : column.codes[i] - column.codes[j];
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return weights ? weights[i] - weights[j] : 0;
}

/** Two 32-bit words for each row, in the canonical order of the names. */
export function rowWords(key: Key, names: readonly string[], groups?: Int32Array): Uint32Array {
  const words = new Uint32Array(2 * names.length);
  const leader = new Map<number, number>();
  const seen = new Map<string, number>();
  names.forEach((name, i) => {
    const first = groups && groups[i] >= 0 ? leader.get(groups[i]) : undefined;
    if (first !== undefined) {
      words.copyWithin(2 * i, 2 * first, 2 * first + 2);
      return;
    }
    if (groups) leader.set(groups[i], i);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    const { hi, lo } = fold(fold(key, name), before);
    words[2 * i] = hi;
    words[2 * i + 1] = lo;
  });
  return words;
}

/** Poisson(1) by inversion: P(N ≤ k). Beyond ten draws of one row the chance is 1e-8. */
const POISSON = Float64Array.from({ length: 10 }, (_, k) => {
  let term = Math.exp(-1);
  let sum = term;
  for (let i = 1; i <= k; i++) sum += term /= i;
  return sum;
});

/** How a tree's rows are drawn. */
export type Bagging =
  /** The bootstrap, each row Poisson(1) times (Oza & Russell 2001), so that rows are drawn independently. */
  | { readonly kind: "bootstrap" }
  /** Each row once with this chance. */
  | { readonly kind: "subsample"; readonly share: number };

/** How often each row stands in the bag of one tree. An empty bag, possible for a few rows, is all rows. */
export function bagOf(words: Uint32Array, tree: number, bagging: Bagging): Float64Array {
  const n = words.length / 2;
  const counts = new Float64Array(n);
  const out = new Uint32Array(2);
  let total = 0;
  for (let i = 0; i < n; i++) {
    threefry2x32(words[2 * i], words[2 * i + 1], tree, 0, out);
    const u = (out[0] + 0.5) / 2 ** 32;
    if (bagging.kind === "subsample") counts[i] = u < bagging.share ? 1 : 0;
    else while (counts[i] < POISSON.length && u > POISSON[counts[i]]) counts[i]++;
    total += counts[i];
  }
  return total === 0 ? counts.fill(1) : counts;
}
