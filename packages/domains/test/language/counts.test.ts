import { key } from "@tatara/engine/base";
import { describe, expect, test } from "vitest";
import { countNgrams, languagePrior, mergeCounts, spell } from "../../src/chem/language/index.ts";
import type { NgramCounts } from "../../src/chem/language/index.ts";
import { MOLECULES, POLYMERS, fitted, molecule, polymer } from "./fixtures.ts";

const options = { grammar: molecule, maxLength: 120, rerootings: 5 };

describe("counting", () => {
  test.each(["back-off", "kneser-ney"] as const)("chunks in any order fit the same %s model as the whole", (smoothing) => {
    const model = (counts: NgramCounts) => languagePrior(counts, { grammar: "molecule", order: 6, smoothing, limits: { stars: 0, components: false, room: 120 } });
    const whole = model(countNgrams(MOLECULES, options, key(4)));
    const chunks = [MOLECULES.slice(9), MOLECULES.slice(0, 2), MOLECULES.slice(2, 9)].map((texts) => countNgrams(texts, options, key(4)));
    const merged = model(mergeCounts(mergeCounts(chunks[0]!, chunks[1]!), chunks[2]!));
    for (let i = 0; i < 50; i++) expect(merged.sample(key(i))).toBe(whole.sample(key(i)));
    for (let i = 0; i < 50; i++) expect(merged.logDensity(whole.sample(key(i)))).toBe(whole.logDensity(whole.sample(key(i))));
  });

  test("the canonical string is always among the strings of a material", () => {
    const { vocabulary, sequences } = countNgrams(["OCCN"], options, key(4));
    const text = Array.from(sequences, (id) => vocabulary[id]!).join("");
    expect(text.startsWith("OCCN!")).toBe(true);
    expect(text.split("!").filter(Boolean)).toHaveLength(5);
  });

  test("polymer strings start at an attachment point", () => {
    const { vocabulary, sequences } = countNgrams(POLYMERS, { grammar: polymer, maxLength: 120, rerootings: 8 }, key(2));
    const strings = Array.from(sequences, (id) => vocabulary[id]!).join("").split("!").filter(Boolean);
    expect(strings).toHaveLength(8 * POLYMERS.length);
    expect(strings.every((text) => text.startsWith("*"))).toBe(true);
  });

  test("materials that the language cannot say are refused with a reason, the rest is counted", () => {
    const { strings, refused } = countNgrams(["CCO", "[CH3]", "C1CC", "*CC*", "C[Xx]C", "", "C\u0000C"], { ...options, rerootings: 2 }, key(1));
    expect(strings).toBe(2);
    expect(refused.map(({ text }) => text)).toEqual(["C1CC", "C[Xx]C", "", "C\u0000C", "[CH3]", "*CC*"]);
    expect(refused.every(({ reason }) => reason.length > 5)).toBe(true);
  });
});

/** p(next | context) by plain counting over all positions, as the method's definition says: state, contracted history, longest context seen. */
function naiveBackOff(strings: readonly (readonly string[])[], order: number): (prefix: readonly string[], next: string) => number {
  const table = new Map<string, Map<string, number>>();
  const contexts = (prefix: readonly string[]) => {
    const history = ["^"];
    const open: number[] = [];
    let rings = 0;
    for (const token of prefix) {
      if (token === "(") open.push(history.length);
      if (token.endsWith("&")) rings++;
      if (/^\d/.test(token)) rings--;
      if (token === ")") history.length = open.pop()! + 2;
      history.push(token);
    }
    const state = `${rings} ${open.length > 0}`;
    return Array.from({ length: Math.min(order, history.length) + 1 }, (_, n) => `${state}|${history.slice(history.length - n).join(" ")}`);
  };
  for (const tokens of strings)
    [...tokens, "!"].forEach((next, i) => {
      for (const context of contexts(tokens.slice(0, i))) {
        const row = table.get(context) ?? new Map<string, number>();
        row.set(next, (row.get(next) ?? 0) + 1);
        table.set(context, row);
      }
    });
  return (prefix, next) => {
    const row = contexts(prefix).reverse().map((context) => table.get(context)).find((found) => found !== undefined)!;
    return (row.get(next) ?? 0) / [...row.values()].reduce((sum, n) => sum + n, 0);
  };
}

test.each([1, 3, 10])("unguarded back-off of order %i equals plain counting", (order) => {
  const strings = MOLECULES.map((text) => (spell(text) as { tokens: readonly string[] }).tokens);
  const naive = naiveBackOff(strings, order);
  const prior = fitted({ texts: MOLECULES, options: { order, guarded: false } });
  for (const [i, text] of MOLECULES.entries()) {
    const terms = prior.logTerms(prior.encode(text)!);
    [...strings[i]!, "!"].forEach((next, at) => expect(Math.exp(terms[at]!)).toBeCloseTo(naive(strings[i]!.slice(0, at), next), 12));
  }
});
