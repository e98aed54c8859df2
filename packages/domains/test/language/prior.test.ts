import initRDKit from "@rdkit/rdkit";
import { fold, key } from "@tatara/engine/base";
import { beforeAll, describe, expect, test } from "vitest";
import { ngramRecipe, spell, unspell } from "../../src/chem/language/index.ts";
import type { LanguagePrior } from "../../src/chem/language/index.ts";
import type { Rdkit } from "../../src/chem/types.ts";
import { openPolymers, zinc } from "../smiles/corpora.ts";
import { MOLECULES, POLYMERS, enumerate, fitted, molecule, polymer } from "./fixtures.ts";

let rdkit: Rdkit;
beforeAll(async () => {
  rdkit = await (initRDKit as unknown as () => Promise<Rdkit>)();
});

const isValid = (text: string): boolean => {
  const mol = rdkit.get_mol(text);
  mol?.delete();
  return mol !== null;
};

const TOY = ["CCO", "C=O", "CC(C)O", "C1CC1", "CO"];
const SMOOTHINGS = ["back-off", "kneser-ney"] as const;

describe("the density", () => {
  test.each(SMOOTHINGS)("of all strings adds up to one, dead ends apart (%s)", (smoothing) => {
    const prior = fitted({ texts: TOY, room: 5, options: { order: 1, smoothing } });
    const { strings, dead } = enumerate(prior);
    const total = [...strings.values()].reduce((sum, p) => sum + p, 0);
    expect(strings.size).toBeGreaterThan(8);
    expect(total + dead).toBeCloseTo(1, 10);
    for (const [text, p] of strings) expect(prior.logDensity(text)).toBeCloseTo(Math.log(p), 9);
  });

  test.each(SMOOTHINGS)("is the frequency of samples (%s)", (smoothing) => {
    const prior = fitted({ texts: TOY, room: 5, options: { order: 1, smoothing } });
    const { strings } = enumerate(prior);
    const n = 6000;
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const text = prior.sample(fold(key(5), i));
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    for (const [text, p] of strings) {
      const standardError = Math.sqrt((p * (1 - p)) / n);
      expect(Math.abs((counts.get(text) ?? 0) / n - p), text).toBeLessThan(4.5 * standardError + 1 / n);
    }
  });

  test("of every corpus material's canonical string is positive", () => {
    for (const smoothing of SMOOTHINGS) {
      const prior = fitted({ texts: MOLECULES, rerootings: 4, options: { smoothing } });
      for (const text of MOLECULES) expect(prior.logDensity(text)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    }
  });

  test.each(["", "C1CC", "not smiles", "[Xe]", "*CC*", "C=1CCC=1", "CC(", "C2CC2", "C!", "é", "C".repeat(5000)])("of %j is nil and nothing throws", (state) => {
    expect(fitted({ texts: MOLECULES }).logDensity(state)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("samples", () => {
  test("are the key's alone, in the language's form, and have a density", () => {
    const prior = fitted({ texts: MOLECULES, rerootings: 10 });
    for (let i = 0; i < 200; i++) {
      const text = prior.sample(fold(key(1), i));
      expect(prior.sample(fold(key(1), i))).toBe(text);
      const spelling = spell(text);
      if ("fault" in spelling) continue; // a dead end; the next test bounds their number
      expect(unspell(spelling.tokens)).toBe(text);
      expect(prior.logDensity(text)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    }
  });

  test.each([
    { corpus: "ZINC", load: () => zinc(120), grammar: molecule, rerootings: 1 },
    { corpus: "measured polymers", load: () => openPolymers(16), grammar: polymer, rerootings: 5 },
  ])("are valid in 98 of 100 cases for $corpus, and many times fewer fail than without the guard", ({ load, grammar, rerootings }) => {
    const texts = load() ?? [...(grammar === molecule ? MOLECULES : POLYMERS)];
    const drawn = (prior: LanguagePrior) => Array.from({ length: 500 }, (_, i) => prior.sample(fold(key(9), i)));
    const sound = (text: string) => isValid(text) && (text.match(/\*/g)?.length ?? 0) === grammar.attachments;
    const guarded = drawn(fitted({ texts, grammar, rerootings, room: 250 })).filter((text) => !sound(text)).length;
    const free = drawn(fitted({ texts, grammar, rerootings, room: 250, options: { guarded: false } })).filter((text) => !sound(text)).length;
    expect(guarded).toBeLessThanOrEqual(10);
    expect(free).toBeGreaterThan(3 * guarded);
  });

  test("of a polymer have two ends, and start with one when strings did", () => {
    const prior = fitted({ texts: POLYMERS, grammar: polymer, rerootings: 10 });
    const texts = Array.from({ length: 300 }, (_, i) => prior.sample(fold(key(2), i))).filter((text) => !("fault" in spell(text)));
    expect(texts.length).toBeGreaterThan(290);
    expect(texts.every((text) => text.startsWith("*") && text.match(/\*/g)!.length === 2)).toBe(true);
  });
});

describe("no state crashes it", () => {
  test("more open rings than the corpus ever had", () => {
    const prior = fitted({ texts: ["C1CC1", "C12CC1C2", "CCO"], options: { smoothing: "kneser-ney" } });
    expect(prior.logDensity("C123CC3CC2C1")).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    const deep = fitted({ texts: ["C1CC1", "CC(C)C1CC1"] });
    const tokens = deep.encode("C1CC1")!;
    expect(deep.logTerms([...tokens.slice(0, 2), tokens[1]!, tokens[1]!])).toHaveLength(5);
  });

  test.each(SMOOTHINGS)("a corpus of one material (%s)", (smoothing) => {
    for (const text of ["CCO", "C", "c1ccccc1"]) {
      const prior = fitted({ texts: [text], options: { smoothing } });
      expect(prior.logDensity(text)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
      for (let i = 0; i < 20; i++) expect(typeof prior.sample(key(i))).toBe("string");
    }
  });

  test("strings at the greatest length still end", () => {
    const prior = fitted({ texts: MOLECULES, rerootings: 5, room: 30, options: { order: 2, smoothing: "kneser-ney" } });
    const lengths = Array.from({ length: 400 }, (_, i) => spell(prior.sample(key(i)))).flatMap((spelling) => ("fault" in spelling ? [] : [spelling.tokens.length]));
    expect(lengths.length).toBeGreaterThan(360);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(30);
  });

  test("an empty corpus, or one of which nothing can be said, is an error with a reason", () => {
    const recipe = ngramRecipe(molecule);
    expect(() => recipe.fit([], {}, key(1))).toThrow(/empty corpus: 0 materials/);
    expect(() => recipe.fit(["*CC*", "C1CC"], {}, key(1))).toThrow(/empty corpus: 2 materials were refused/);
  });
});

describe("the recipe", () => {
  test.each(SMOOTHINGS)("stores and loads the same model as JSON (%s)", (smoothing) => {
    const recipe = ngramRecipe(polymer);
    const prior = recipe.fit(POLYMERS, { order: 5, smoothing, rerootings: 6 }, key(3));
    const json = JSON.parse(JSON.stringify(prior.toJSON()));
    const loaded = recipe.load(json);
    for (let i = 0; i < 60; i++) {
      const text = prior.sample(key(i));
      expect(loaded.sample(key(i))).toBe(text);
      expect(loaded.logDensity(text)).toBe(prior.logDensity(text));
    }
    expect(loaded.toJSON()).toEqual(json);
  });

  test.each([
    [{ order: 0 }, /wrong order/], [{ order: 2.5 }, /wrong order/], [{ smoothing: "none" }, /wrong smoothing/], [{ ordr: 3 }, /unknown option of ngram: "ordr"/], [{ maxLength: 1e9 }, /wrong maxLength/], [{ rerootings: -1 }, /wrong rerootings/],
  ])("refuses options %j", (options, reason) => {
    expect(() => ngramRecipe(molecule).fit(["CCO"], options, key(1))).toThrow(reason);
  });

  test.each([null, 3, {}, { kind: "ngram", version: 2 }, { kind: "ngram", version: 1, grammar: "polymer" }, { kind: "ngram", version: 1, grammar: "molecule", vocabulary: ["!"], sequences: [7] }])("refuses to load %j", (json) => {
    expect(() => ngramRecipe(molecule).load(json)).toThrow(/unreadable language model/);
  });
});
