/*
 * The chemical language model as a prior over strings: the extended SMILES n-gram of Ikebata et al., J. Comput.-Aided
 * Mol. Des. 31, 379 (2017), guarded while decoding. Its density is that of the string, exactly: the product of the
 * guarded, renormalised next-token probabilities. A material has many strings; theirs add up, ours does not claim to.
 */
import { InputError, stream } from "@tatara/engine/base";
import type { Key, Rng } from "@tatara/engine/base";
import type { Prior } from "@tatara/engine/generate";
import type { NgramCounts } from "./counts.ts";
import { decoder } from "./decoder.ts";
import { spell, unspell } from "./spelling.ts";
import type { TableOptions } from "./tables.ts";
import { buildTables } from "./tables.ts";

/** A prior that also shows the terms of its density, which truncate-and-regrow needs. */
export interface LanguagePrior extends Prior<string> {
  /** Tokens at most in a string. */
  readonly longest: number;
  /** Materials in the corpus that the language could not say. */
  readonly refused: NgramCounts["refused"];
  /** Token ids of a state, without the end; undefined when it is not in the language's own form or has unknown tokens. */
  encode(state: string): Int32Array | undefined;
  decode(tokens: ArrayLike<number>): string;
  /** log p of each token given those before it, and of the end: one more than there are tokens. */
  logTerms(tokens: ArrayLike<number>): Float64Array;
  /** Tokens drawn after `prefix` until the end; the prefix is included. */
  regrow(rng: Rng, prefix: ArrayLike<number>): readonly number[];
  /** `head`, then up to `insert` drawn tokens, then those tokens of `tail` that the guard still allows, then drawn ones until the end; undefined in a dead end. */
  mend(rng: Rng, parts: { readonly head: ArrayLike<number>; readonly insert: number; readonly tail: ArrayLike<number> }): readonly number[] | undefined;
}

export interface PriorOptions extends TableOptions {
  /** Name of the grammar, stored with the tables. */
  readonly grammar: string;
  /** false switches the guard off, to measure what it is worth. */
  readonly guarded?: boolean;
}

const PRIOR_ID = "ngram";

/** Throws InputError when no string of the corpus is in the language. */
export function languagePrior(counts: NgramCounts, options: PriorOptions): LanguagePrior {
  const tables = buildTables(counts, options);
  const { vocabulary, ids, stop, limits } = tables;
  const walk = decoder(tables, options);

  const encode = (state: string): Int32Array | undefined => {
    const spelling = spell(state);
    if ("fault" in spelling || spelling.tokens.length > limits.room) return undefined;
    const found = Int32Array.from(spelling.tokens, (token) => ids.get(token) ?? -1);
    return found.includes(-1) || unspell(spelling.tokens) !== state ? undefined : found;
  };
  const decode = (tokens: ArrayLike<number>): string => unspell(Array.from(tokens, (id) => vocabulary[id]!));
  const logTerms = (tokens: ArrayLike<number>): Float64Array => {
    const terms = new Float64Array(tokens.length + 1).fill(Number.NEGATIVE_INFINITY);
    walk.restart();
    for (let i = 0; i < terms.length; i++) {
      const id = i < tokens.length ? tokens[i]! : stop;
      terms[i] = walk.logTerm(id);
      if (terms[i] === Number.NEGATIVE_INFINITY) break;
      if (i < tokens.length) walk.push(id);
    }
    return terms;
  };
  const regrow = (rng: Rng, prefix: ArrayLike<number>): readonly number[] => {
    const tokens = Array.from(prefix);
    walk.restart();
    for (const id of tokens) walk.push(id);
    for (let id = walk.draw(rng); id >= 0 && id !== stop; id = walk.draw(rng)) {
      tokens.push(id);
      walk.push(id);
    }
    return tokens;
  };
  const mend: LanguagePrior["mend"] = (rng, { head, insert, tail }) => {
    const tokens = Array.from(head);
    walk.restart();
    for (const id of tokens) walk.push(id);
    const take = (id: number) => {
      tokens.push(id);
      walk.push(id);
    };
    for (let i = 0, id = insert > 0 ? walk.draw(rng) : -1; i < insert && id >= 0 && id !== stop; i++) {
      take(id);
      id = walk.draw(rng);
    }
    for (let i = 0; i < tail.length; i++) if (walk.admits(tail[i]!)) take(tail[i]!);
    let id = walk.admits(stop) ? stop : walk.draw(rng);
    for (; id >= 0 && id !== stop; id = walk.draw(rng)) take(id);
    return id < 0 ? undefined : tokens;
  };
  return {
    id: PRIOR_ID,
    mend,
    longest: limits.room,
    refused: counts.refused,
    encode,
    decode,
    logTerms,
    regrow,
    sample: (key: Key) => decode(regrow(stream(key), [])),
    logDensity(state) {
      const tokens = encode(state);
      return tokens === undefined ? Number.NEGATIVE_INFINITY : logTerms(tokens).reduce((sum, term) => sum + term, 0);
    },
    toJSON: () => toJSON(counts, options),
  };
}

/** The corpus in token ids, from which the tables follow. */
const toJSON = ({ vocabulary, sequences, strings, refused }: NgramCounts, { grammar, order, smoothing, limits }: PriorOptions): unknown => ({
  kind: PRIOR_ID,
  version: 1,
  grammar,
  order,
  smoothing,
  limits,
  vocabulary,
  strings,
  refused: refused.length,
  sequences: Array.from(sequences),
});

/** The prior that toJSON stored. Throws InputError when it is none, or another grammar's. */
export function loadPrior(json: unknown, grammar: string): LanguagePrior {
  const wrong = (what: string) => new InputError(`unreadable language model: ${what} — the JSON of an n-gram prior is expected`, { path: "prior" });
  if (json === null || typeof json !== "object") throw wrong(`${typeof json}`);
  const { kind, version, grammar: stored, order, smoothing, limits, vocabulary, sequences, strings } = json as Record<string, unknown>;
  if (kind !== PRIOR_ID || version !== 1) throw wrong(`kind ${String(kind)}, version ${String(version)}`);
  if (stored !== grammar) throw wrong(`made for ${String(stored)}, not ${grammar}`);
  if (!Array.isArray(vocabulary) || !vocabulary.every((token) => typeof token === "string") || !vocabulary.includes("!")) throw wrong("its vocabulary is no list of tokens");
  if (!Array.isArray(sequences) || !sequences.every((id) => Number.isInteger(id) && id >= 0 && id < vocabulary.length)) throw wrong("its sequences are no token ids");
  if (!Number.isInteger(order) || (smoothing !== "back-off" && smoothing !== "kneser-ney")) throw wrong(`order ${String(order)}, smoothing ${String(smoothing)}`);
  const { stars, components, room } = (limits ?? {}) as Record<string, unknown>;
  if (!Number.isInteger(stars) || typeof components !== "boolean" || !Number.isInteger(room)) throw wrong("its limits are missing");
  const counts: NgramCounts = { vocabulary, sequences: Uint16Array.from(sequences), strings: Number(strings), refused: [] };
  return languagePrior(counts, { grammar, order: order as number, smoothing, limits: { stars: stars as number, components, room: room as number } });
}
