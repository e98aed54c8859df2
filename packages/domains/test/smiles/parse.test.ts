import { key } from "@tatara/engine/base";
import { describe, expect, test } from "vitest";
import { parseSmiles, tokenise, writeSmiles } from "../../src/chem/smiles/index.ts";

describe("tokens", () => {
  test("concatenate to the text", () => {
    const text = "[13C@@H](Br)(Cl)/C=C/c1ccc%12cc1%(123)-[nH]*.[Na+]";
    const tokens = tokenise(text);
    expect(tokens.join("")).toBe(text);
    expect(tokens).toContain("%12");
    expect(tokens).toContain("%(123)");
    expect(tokens).toContain("Br");
  });

  test.each(["C[", "CX", "C%1", "C C", "[C", "C]", "é", "C\u0000"])("unreadable text is refused: %j", (text) => {
    expect(() => tokenise(text)).toThrow(/unreadable SMILES/);
  });
});

describe("the parser", () => {
  test.each([
    ["CC(", /unclosed branch/], ["CC)", /unbalanced branch/], ["C1CC", /unclosed ring 1/], ["C=", /dangling bond/], ["C==C", /misplaced bond/], ["=C", /misplaced bond/],
    ["C()C", /misplaced "\)"/], ["C(1CC1)", /misplaced ring label/], ["C11", /already bonded/], ["C12CC12", /already bonded/], ["C=1CCC-1", /contradictory/], ["[Xx]", /unknown element/],
    ["[C@SP1](F)(Cl)(Br)I", /unsupported stereo/], ["c1cccc1", /no Kekulé/], ["c1ccccc1c", /outside a ring/], ["C..C", /misplaced "\."/], ["C.", /misplaced "\."/], ["1CC1", /misplaced ring label/], ["[CH3+-]", /unreadable atom/],
  ])("%s is refused with a reason", (text, reason) => {
    expect(() => parseSmiles(text)).toThrow(reason);
  });

  test("the empty text is the empty graph", () => {
    expect(parseSmiles("")).toEqual({ atoms: [], bonds: [] });
    expect(writeSmiles(parseSmiles(""))).toBe("");
  });

  test("benzene alternates, and hydrogens are filled in", () => {
    const { atoms, bonds } = parseSmiles("c1ccccc1");
    expect(bonds.map(({ order }) => order).sort()).toEqual([1, 1, 1, 2, 2, 2]);
    expect(bonds.every(({ aromatic }) => aromatic)).toBe(true);
    expect(atoms.every(({ hydrogens, aromatic }) => hydrogens === 1 && aromatic)).toBe(true);
  });

  test("a bond between rings that the text leaves unmarked is single", () => {
    const { bonds } = parseSmiles("c1ccccc1c1ccccc1");
    expect(bonds.filter(({ aromatic }) => !aromatic)).toEqual([{ a: 5, b: 6, order: 1, aromatic: false }]);
  });

  test("plain hydrogen atoms fold into their neighbour, isotopes stay", () => {
    expect(parseSmiles("[H]C([H])([H])[2H]").atoms.map(({ z, isotope, hydrogens }) => [z, isotope, hydrogens])).toEqual([[6, 0, 3], [1, 2, 0]]);
  });

  test("bracket atoms short of bonds are radicals", () => {
    expect(parseSmiles("[CH3]").atoms[0]!.radicals).toBe(1);
    expect(parseSmiles("C[N+](C)(C)C").atoms[1]!.radicals).toBe(0);
  });

  test("an aromatic system that greedy pairing gets wrong is still kekulised", () => {
    // From the 2nd atom on, pairing neighbours in text order leaves two lone atoms; an alternating path repairs it.
    const { bonds } = parseSmiles("c1ccc2cc3cc4ccccc4cc3cc2c1");
    expect(bonds.filter(({ order }) => order === 2)).toHaveLength(9);
  });

  test("100,000 atoms do not exhaust the stack", () => {
    const text = `C1${"C".repeat(99_998)}C1`;
    const graph = parseSmiles(text);
    expect(graph.atoms).toHaveLength(100_000);
    expect(writeSmiles(graph, { root: 500, key: key(1) })).toHaveLength(100_002);
  });
});

describe("the writer", () => {
  test("starts at the root and is deterministic in the key", () => {
    const graph = parseSmiles("*Oc1ccc(C(C)(C)c2ccc(O*)cc2)cc1");
    const star = graph.atoms.findLastIndex(({ z }) => z === 0);
    const texts = Array.from({ length: 20 }, (_, i) => writeSmiles(graph, { root: star, key: key(i) }));
    expect(texts.every((text) => text.startsWith("*"))).toBe(true);
    expect(new Set(texts).size).toBeGreaterThan(2);
    expect(writeSmiles(graph, { root: star, key: key(3) })).toBe(texts[3]);
  });

  test("refuses a root that is no atom", () => {
    expect(() => writeSmiles(parseSmiles("CC"), { root: 2 })).toThrow(/no such atom: 2/);
  });

  test("labels beyond 9 and 99 are spelt as RDKit reads them", () => {
    const openings = Array.from({ length: 120 }, (_, i) => (i < 9 ? String(i + 1) : i < 99 ? `%${i + 1}` : `%(${i + 1})`));
    // A chain of nitrogens with a ring bond each, all open at once, closed in the same order.
    const text = openings.map((label) => `N${label}`).join("") + openings.map((label) => `N${label}`).join("");
    const graph = parseSmiles(text);
    expect(writeSmiles(graph, { order: graph.atoms.map((_, i) => i) })).toBe(text);
  });
});
