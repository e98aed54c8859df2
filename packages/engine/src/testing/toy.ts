/*
 * A toy kind of material for tests: short words over a small alphabet, where a word and its reverse are
 * the same thing. Small enough to enumerate, so that priors, proposals and samplers can be checked exactly.
 */
import { InputError } from "../base/errors.ts";
import { one } from "../base/unit.ts";
import { fold, stream } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Descriptor, Domain, Prior, Proposal } from "../generate/types.ts";

/** Letters of a toy word. */
export const TOY_ALPHABET = ["a", "b", "c"] as const;
/** Letters in a word, at most; at least one. */
export const TOY_LONGEST = 5;

const reverse = (word: string): string => [...word].toReversed().join("");
const canonical = (word: string): string => (reverse(word) < word ? reverse(word) : word);
const count = (word: string, letter: string): number => [...word].filter((l) => l === letter).length;

/** Every word of the toy, shortest first: 363 of them. */
export function toyWords(): string[] {
  const words: string[] = [];
  let layer = [""];
  for (let length = 1; length <= TOY_LONGEST; length++) {
    layer = layer.flatMap((word) => TOY_ALPHABET.map((letter) => word + letter));
    words.push(...layer);
  }
  return words;
}

const END = "!";
/** Unnormalised next-letter weights after each letter; the first row starts a word. A word ends by force at full length. */
const NEXT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "": { a: 3, b: 2, c: 1 },
  a: { a: 2, b: 3, c: 1, "!": 2 },
  b: { a: 3, b: 1, c: 2, "!": 1 },
  c: { a: 2, b: 2, c: 1, "!": 3 },
};

const row = (word: string) => NEXT[word.at(-1) ?? ""]!;
const weightSum = (weights: Readonly<Record<string, number>>): number => Object.values(weights).reduce((s, w) => s + w, 0);

/** log p of each letter (and the end) of `word` from position `from` on. */
function logTail(word: string, from: number): number {
  let sum = 0;
  for (let i = from; i < word.length; i++) sum += Math.log(row(word.slice(0, i))[word[i]!]! / weightSum(row(word.slice(0, i))));
  return word.length === TOY_LONGEST ? sum : sum + Math.log(row(word)[END]! / weightSum(row(word)));
}

function grow(key: Key, prefix: string): string {
  const rng = stream(key);
  let word = prefix;
  while (word.length < TOY_LONGEST) {
    const weights = row(word);
    let u = rng.uniform() * weightSum(weights);
    const next = Object.entries(weights).find(([, w]) => (u -= w) < 0)?.[0] ?? END;
    if (next === END) return word;
    word += next;
  }
  return word;
}

const legal = (word: string): boolean => word.length >= 1 && word.length <= TOY_LONGEST && [...word].every((l) => (TOY_ALPHABET as readonly string[]).includes(l));

/** A first-order Markov chain over letters with an exact density: a language model in miniature. */
export const toyPrior: Prior<string> = {
  id: "markov",
  sample: (key) => grow(key, ""),
  logDensity: (word) => (legal(word) ? logTail(word, 0) : Number.NEGATIVE_INFINITY),
  toJSON: () => NEXT,
};

/**
 * Cut the word after a uniformly drawn position and let the prior regrow the rest. Given the cut k, the
 * reverse move must draw the same k among the new word's positions, hence the ratio of lengths.
 */
export const toyRegrow: Proposal<string> = {
  id: "regrow",
  exact: true,
  propose(key, from) {
    const cut = stream(fold(key, "cut")).below(from.length);
    const to = grow(fold(key, "tail"), from.slice(0, cut));
    // q(to | from) = 1/|from| · p(tail of to); a word as short as the cut could never have been cut there.
    const back = cut < to.length ? logTail(from, cut) - Math.log(to.length) : Number.NEGATIVE_INFINITY;
    return { to, logRatio: back - (logTail(to, cut) - Math.log(from.length)) };
  },
};

/** Change one letter into another: symmetric. */
export const toySwap: Proposal<string> = {
  id: "swap",
  exact: true,
  propose(key, from) {
    const rng = stream(key);
    const at = rng.below(from.length);
    const others = TOY_ALPHABET.filter((l) => l !== from[at]);
    return { to: from.slice(0, at) + others[rng.below(others.length)]! + from.slice(at + 1), logRatio: 0 };
  },
};

/** Rotate a word by one letter, and say nothing of the ratio. */
export const toyRotate: Proposal<string> = { id: "rotate", exact: false, propose: (_, from) => ({ to: from.slice(1) + from[0]! }) };

const feature = (name: string, about: string) => ({ name, unit: one, about, block: "letters", kind: "count" as const });
const letters: Descriptor<string> = {
  id: "letters",
  about: "how often each letter occurs",
  features: TOY_ALPHABET.map((l) => feature(`count ${l}`, `number of letters ${l}`)),
  write: (word, out) => TOY_ALPHABET.forEach((l, i) => (out[i] = count(word, l))),
};
const size: Descriptor<string> = {
  id: "size",
  about: "length, and the share of the letter a among those that are not c (undefined for words of c alone)",
  features: [feature("length", "number of letters"), { ...feature("share a", "a / (a + b)"), kind: "real" }],
  write(word, out) {
    out[0] = word.length;
    out[1] = count(word, "a") / (count(word, "a") + count(word, "b"));
  },
};

const anything = { parse: (value: unknown) => value as Record<string, unknown> };

/** Words over a, b, c of at most five letters; a word is its own reverse, and `cc` is impossible. */
export const toyDomain: Domain<string, string> = {
  id: "toy",
  column: "word",
  versions: { toy: "1" },
  codec: {
    parse(text) {
      if (!legal(text)) throw new InputError(`no toy word: "${text}" — one to ${TOY_LONGEST} letters of ${TOY_ALPHABET.join(", ")}`, { value: text });
      return text;
    },
    format: canonical,
    key: canonical,
  },
  faults: (word) => (word.includes("cc") ? ["two c side by side"] : []),
  lift: canonical,
  project: (state) => toyDomain.codec.parse(state),
  descriptors: { letters, size },
  defaultDescriptors: ["letters"],
  priors: { markov: { about: "a Markov chain with fixed weights", options: anything, fit: () => toyPrior, load: () => toyPrior } },
  proposals: {
    regrow: { about: "cut and regrow", exact: true, options: anything, make: () => toyRegrow },
    swap: { about: "change a letter", exact: true, options: anything, make: () => toySwap },
    rotate: { about: "rotate by one letter", exact: false, options: anything, make: () => toyRotate },
  },
  constraints: {
    max_length: {
      about: "at most so many letters",
      schema: { parse: (value) => value },
      make(value) {
        if (typeof value !== "number") throw new InputError(`max_length: ${String(value)} — a number`, { path: "constraints.max_length", value });
        return (word) => (word.length > value ? `longer than ${value}` : undefined);
      },
    },
  },
  similarityMeans: { name: "share of equal letters", about: "1 means the same word" },
  similarity: (a, b) => overlap(canonical(a), canonical(b)),
  groups: { length: (word) => String(word.length) },
  draw: (word, { width, height }) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text y="${height / 2}">${canonical(word)}</text></svg>`,
};

/** Tanimoto similarity of letter counts. */
function overlap(a: string, b: string): number {
  const both = TOY_ALPHABET.map((l) => [count(a, l), count(b, l)] as const);
  const least = both.reduce((s, [x, y]) => s + Math.min(x, y), 0);
  return least / both.reduce((s, [x, y]) => s + Math.max(x, y), 0);
}
