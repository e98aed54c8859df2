/*
 * The n-gram's sufficient statistic: a corpus spelt in the language's tokens. The counts of every order and state
 * follow from it alone, so that it is the smallest form in which tables of order 10 can be stored, and it adds:
 * counting a corpus in chunks and merging gives the same model as counting it at once, whatever the chunks.
 */
import { InputError, fold, stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import { readAtom } from "../smiles/atom.ts";
import { parseSmiles } from "../smiles/parse.ts";
import { writeSmiles } from "../smiles/write.ts";
import type { Grammar } from "./grammar.ts";
import { rootsOf } from "./grammar.ts";
import type { Limits } from "./guard.ts";
import { allows } from "./guard.ts";
import { describeTokens } from "./kinds.ts";
import { clear, partial, push } from "./partial.ts";
import { spell } from "./spelling.ts";

/** Ends every sequence. */
export const STOP = "!";
/** Token ids are stored in 16 bits; one value is kept for the start of a string. */
const MOST_TOKENS = 65_534;

export interface NgramCounts {
  /** All tokens, sorted by code unit, STOP included. */
  readonly vocabulary: readonly string[];
  /** Token ids of all strings, each followed by STOP's. */
  readonly sequences: Uint16Array;
  readonly strings: number;
  /** Materials that the language cannot say, with the reason: radicals, other numbers of attachment points, strings too long. */
  readonly refused: readonly { readonly text: string; readonly reason: string }[];
}

export interface CountOptions {
  readonly grammar: Pick<Grammar<unknown>, "attachments" | "components" | "roots">;
  /** Tokens at most in a string. */
  readonly maxLength: number;
  /** Strings per material: the canonical one, and the rest from random roots. At least 1. */
  readonly rerootings: number;
}

/** Spell canonical texts in tokens. Random strings of a material depend on its text and the key alone. */
export function countNgrams(texts: readonly string[], { grammar, maxLength, rerootings }: CountOptions, key: Key): NgramCounts {
  const refused: { text: string; reason: string }[] = [];
  const ids = new Map<string, number>([[STOP, 0]]);
  const spelt: { readonly text: string; readonly strings: readonly Uint16Array[] }[] = [];
  for (const text of texts) {
    const strings = variants(text, { grammar, rerootings, key });
    if (typeof strings === "string") refused.push({ text, reason: strings });
    else spelt.push({ text, strings: strings.map((tokens) => Uint16Array.from(tokens, (token) => idOf(ids, token))) });
  }
  const accepts = acceptor([...ids.keys()], { stars: grammar.attachments, components: grammar.components, room: maxLength });
  const kept: Uint16Array[] = [];
  for (const { text, strings } of spelt) {
    const sayable = strings.filter((tokens) => accepts(tokens));
    if (sayable.length === 0) refused.push({ text, reason: "outside the language: valence, attachment points, rings or length" });
    kept.push(...sayable);
  }
  return mergeCounts({ vocabulary: [...ids.keys()], sequences: flatten(kept), strings: kept.length, refused });
}

/** The strings of one material, or why it has none. */
function variants(text: string, { grammar, rerootings, key }: Pick<CountOptions, "grammar" | "rerootings"> & { key: Key }): readonly (readonly string[])[] | string {
  const own = spell(text);
  if ("fault" in own) return own.fault;
  const unreadable = own.tokens.map((token) => /\[.*\]/.exec(token)?.[0]).find((atom) => atom !== undefined && !isAtom(atom));
  if (unreadable !== undefined) return `unreadable atom: ${unreadable}`;
  const strings: (readonly string[])[] = [own.tokens];
  if (rerootings <= 1) return strings;
  const graph = orReason(() => parseSmiles(text));
  if (typeof graph === "string") return graph;
  if (graph.atoms.length === 0) return "empty text";
  const roots = rootsOf(graph, grammar.roots);
  const draws = fold(key, text);
  for (let i = 1; i < rerootings; i++) {
    const draw = fold(draws, i);
    const other = spell(writeSmiles(graph, { root: roots[stream(draw).below(roots.length)]!, key: fold(draw, "order") }));
    if (!("fault" in other)) strings.push(other.tokens);
  }
  return strings;
}

/** One bad row must not lose a corpus: the reason takes the place of the value. */
function orReason<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const isAtom = (token: string): boolean => typeof orReason(() => readAtom(token)) !== "string";

function idOf(ids: Map<string, number>, token: string): number {
  const known = ids.get(token);
  if (known !== undefined) return known;
  if (ids.size >= MOST_TOKENS) throw new InputError(`too many different tokens: more than ${MOST_TOKENS} — is this a corpus of SMILES?`);
  ids.set(token, ids.size);
  return ids.size - 1;
}

/** Whether the guard lets a whole string pass. */
function acceptor(vocabulary: readonly string[], limits: Limits): (tokens: Uint16Array) => boolean {
  const state = partial(describeTokens(vocabulary), limits.room + 1);
  return (tokens) => {
    clear(state);
    for (const id of tokens) {
      if (!allows(state, id, limits)) return false;
      push(state, id);
    }
    return allows(state, 0, limits);
  };
}

function flatten(strings: readonly Uint16Array[]): Uint16Array {
  const flat = new Uint16Array(strings.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const tokens of strings) {
    flat.set(tokens, at);
    at += tokens.length + 1; // id 0, STOP, fills the gap
  }
  return flat;
}

/** Counts of all parts together. Merging in another order, or from other chunks, fits the same model. */
export function mergeCounts(...parts: readonly NgramCounts[]): NgramCounts {
  const used = new Set<string>([STOP]);
  for (const { vocabulary, sequences } of parts) for (const id of new Set(sequences)) used.add(vocabulary[id]!);
  const vocabulary = [...used].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const sequences = new Uint16Array(parts.reduce((sum, part) => sum + part.sequences.length, 0));
  let at = 0;
  for (const part of parts) {
    const renamed = Uint16Array.from(part.vocabulary, (token) => ids.get(token) ?? 0);
    for (const id of part.sequences) sequences[at++] = renamed[id]!;
  }
  return { vocabulary, sequences, strings: parts.reduce((sum, part) => sum + part.strings, 0), refused: parts.flatMap(({ refused }) => refused) };
}
