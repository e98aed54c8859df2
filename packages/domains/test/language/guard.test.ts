import { key } from "@tatara/engine/base";
import { describe, expect, test } from "vitest";
import type { Limits } from "../../src/chem/language/guard.ts";
import { allows } from "../../src/chem/language/guard.ts";
import { describeTokens } from "../../src/chem/language/kinds.ts";
import { clear, partial, push } from "../../src/chem/language/partial.ts";
import { countNgrams, spell } from "../../src/chem/language/index.ts";
import { ABSENT, openPolymers, zinc } from "../smiles/corpora.ts";
import { MOLECULES, POLYMERS, molecule, polymer } from "./fixtures.ts";

/** Where the guard stops a text: the index of the first token refused, or −1 if it passes to the end. */
function stopsAt(text: string, limits: Partial<Limits> = {}): number {
  const spelling = spell(text);
  if ("fault" in spelling) throw new Error(spelling.fault);
  const tokens = [...spelling.tokens, "!"];
  const vocabulary = [...new Set(tokens)];
  const state = partial(describeTokens(vocabulary), 300);
  clear(state);
  for (const [i, token] of tokens.entries()) {
    const id = vocabulary.indexOf(token);
    if (!allows(state, id, { stars: 0, components: false, room: 200, ...limits })) return i;
    push(state, id);
  }
  return -1;
}

describe("the guard lets pass", () => {
  test.each(MOLECULES)("%s", (text) => expect(stopsAt(text)).toBe(-1));
  test.each(POLYMERS)("%s", (text) => expect(stopsAt(text, { stars: 2 })).toBe(-1));
  test.each(["c1ccc2c(c1)-c1ccccc1C2", "c1cc2cccc3ccc4cccc1c4c32", "C1=CC=C[CH-]1", "c1cc[o+]cc1", "O=S(=O)(O)O", "CP(=O)(O)O", "C[N+](C)(C)C", "c1c2ccccc2cn1C", "C12C3C4C1C5C2C3C45", "[Na][Cl]"])("%s", (text) => expect(stopsAt(text)).toBe(-1));

  test("at least 99.9 % of ZINC and 99.5 % of measured polymers with two single-bonded ends", ({ skip }) => {
    const [small, large] = [zinc(100), openPolymers(4)];
    if (small === undefined || large === undefined) return skip(ABSENT);
    const molecules = countNgrams(small, { grammar: molecule, maxLength: 250, rerootings: 1 }, key(1));
    expect(molecules.refused.length / small.length).toBeLessThanOrEqual(0.001);
    const twoEnded = large.filter((text) => text.match(/\*/g)?.length === 2 && !/\*=|=\*|\.|#\*/.test(text));
    const polymers = countNgrams(twoEnded, { grammar: polymer, maxLength: 400, rerootings: 1 }, key(1));
    expect(polymers.refused.length / twoEnded.length).toBeLessThanOrEqual(0.005);
  });
});

describe("the guard stops", () => {
  test.each([
    ["CC(C)(C)(C)C", "a fifth bond of carbon", 8], ["OO(C)C", "a third bond of oxygen", 2], ["C=F", "a double bond to fluorine", 1], ["C[N+](C)C", "a radical cation", 5], ["C(C)", "a branch with nothing after it", 4],
    ["FC1CC1.C", "a second component", 6], ["c1cccc1", "five carbons without a Kekulé structure (an exocyclic double bond could still save them)", 7], ["c1ccccc1c", "an aromatic atom outside a ring", 8], ["Cc1ccc(C)c1", "another odd ring", 11], ["C1CO1F", "a bond too many after the ring", 5],
    ["C1C(C1)", "a triangle that ends on a branch", 7], ["*CC*", "attachment points in a molecule", 0], ["CC[CH2]", "a bracket atom short of bonds", 3],
  ])("%s: %s", (text, _, at) => expect(stopsAt(text)).toBe(at));

  test.each([
    ["CCC", 3], ["*CC", 3], ["**", 1], ["*C(*)*", 5], ["*CC=*", 3], ["*=CC*", 1], ["*C(C)F", 5],
  ])("%s where two single-bonded attachment points are asked for", (text, at) => expect(stopsAt(text, { stars: 2 })).toBe(at));

  test("strings for which there is no room", () => {
    expect(stopsAt("CCCCCC", { room: 6 })).toBe(-1);
    expect(stopsAt("CCCCCC", { room: 5 })).toBe(5);
    expect(stopsAt("C1CCCCC1", { room: 4 })).toBeGreaterThan(0);
  });

  test("a ring that its last free valence could not close", () => {
    // Oxygen with a bond and an open ring elsewhere may close one ring, not be a dead end with another open.
    expect(stopsAt("C12CO1CCC2")).toBe(5);
    expect(stopsAt("C12CCO1.C2", { components: true })).toBeGreaterThan(0);
  });
});

test("with components allowed, salts pass", () => {
  expect(stopsAt("C[NH3+].[Cl-]", { components: true })).toBe(-1);
});
