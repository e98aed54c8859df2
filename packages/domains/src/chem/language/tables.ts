/* A fitted n-gram in the form that decoding reads: the trees, what is tried when a tree has nothing to say, and the pool of all counts. */
import { InputError } from "@tatara/engine/base";
import { STOP } from "./counts.ts";
import type { NgramCounts } from "./counts.ts";
import type { Limits } from "./guard.ts";
import { describeTokens } from "./kinds.ts";
import type { Kinds } from "./kinds.ts";
import { MAX_OPEN } from "./partial.ts";
import type { Trie } from "./trie.ts";
import { buildTrie } from "./trie.ts";

/** How contexts of different length are combined. */
export type Smoothing = "back-off" | "kneser-ney";

export interface Tables {
  readonly vocabulary: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
  readonly stop: number;
  readonly kinds: Kinds;
  readonly trie: Trie;
  readonly order: number;
  readonly smoothing: Smoothing;
  readonly limits: Limits;
  /** Roots to try in each `tableState`, best first: fewer rings, then the other branch flag, then with other attachment points. */
  readonly fallbacks: readonly (readonly number[])[];
  /** Share of each token in the corpus, with a half count added to each. */
  readonly pool: Float64Array;
  /** Tokens that the guard cannot tell apart share a class. */
  readonly classes: Int32Array;
}

export interface TableOptions {
  readonly order: number;
  readonly smoothing: Smoothing;
  readonly limits: Limits;
}

/** Throws InputError when the corpus is empty. */
export function buildTables({ vocabulary, sequences, strings, refused }: NgramCounts, { order, smoothing, limits }: TableOptions): Tables {
  if (strings === 0) throw new InputError(`empty corpus: ${refused.length} materials were refused${refused[0] ? `, the first for "${refused[0].reason}"` : ""} — the language model needs at least one`, { path: "corpus" });
  const stop = vocabulary.indexOf(STOP);
  const kinds = describeTokens(vocabulary);
  const trie = buildTrie(sequences, stop, { kinds, vocabulary: vocabulary.length }, { order, continuation: smoothing === "kneser-ney", stars: limits.stars });
  return {
    vocabulary, stop, kinds, trie, order, smoothing, limits,
    ids: new Map(vocabulary.map((token, id) => [token, id])),
    fallbacks: Array.from({ length: 4 * (MAX_OPEN + 1) }, (_, state) => fallbackRoots(trie.roots, state)),
    pool: pooled(sequences, vocabulary.length),
    classes: classify(kinds, vocabulary.length),
  };
}

function fallbackRoots(roots: Int32Array, state: number): readonly number[] {
  const downFrom = (flags: number) => Array.from({ length: (state >> 2) + 1 }, (_, i) => 4 * ((state >> 2) - i) + flags);
  const states = [0, 1, 2, 3].flatMap((other) => downFrom((state & 3) ^ other));
  return states.flatMap((s) => (s < roots.length && roots[s]! >= 0 ? [roots[s]!] : []));
}

function pooled(sequences: Uint16Array, n: number): Float64Array {
  const counts = new Float64Array(n).fill(0.5);
  for (const id of sequences) counts[id]!++;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

function classify(kinds: Kinds, n: number): Int32Array {
  const classes = new Map<string, number>();
  return Int32Array.from({ length: n }, (_, id) => {
    const traits = Object.values(kinds as unknown as Record<string, ArrayLike<number>>).flatMap((column) => {
      const width = column.length / n;
      return Array.from({ length: width }, (__, i) => column[id * width + i]!);
    });
    const name = traits.join(" ");
    const known = classes.get(name) ?? classes.size;
    classes.set(name, known);
    return known;
  });
}
