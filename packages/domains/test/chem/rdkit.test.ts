import { expect, test } from "vitest";
import { graphOf, parseMol, readMol, withMol } from "../../src/chem/rdkit.ts";
import { needsShared, rdkit, references } from "./reference.ts";

test.each([
  ["", "empty text"],
  ["   ", "empty text"],
  ["C(C)(C)(C)(C)C", "valence 5 on carbon atom 1"],
  ["CC[CH4]", "valence 5 on carbon atom 3"],
  ["CN(C)(C)C", "valence 4 on nitrogen atom 2"],
  ["C1CC", "unclosed ring 1"],
  ["C1CC%12CC", "unclosed ring 1, 12"],
  ["c1cccc1", "aromatic ring without a Kekulé structure: atoms 1, 2, 3, 4, 5"],
  ["cC", "aromatic atom 1 outside any ring"],
  ["CC(=O", "unclosed parenthesis at character 3"],
  ["CC)", "unopened parenthesis at character 3"],
  ["C1C1", "ring 1 doubles the bond between atoms 1 and 2"],
  ["C11", "ring 1 bonds atom 1 to itself"],
  ["C[Xx]", 'not a structure from character 3 ("X") on'],
  ["C(", 'not a structure from character 2 ("(") on'],
  ["C C", 'character 2 (" ") does not occur in a structure'],
  ["C\u0000", 'character 2 ("\\u0000") does not occur in a structure'],
  ["CCé", 'character 3 ("é") does not occur in a structure'],
  ['{"rdkitjson":1}', 'character 1 ("{") does not occur in a structure'],
  ["C".repeat(401), "401 atoms, at most 400"],
  ["[nH]".repeat(300), "1200 characters, at most 800"],
])("%j is refused: %s", (text, reason) => {
  expect(readMol(rdkit, text)).toEqual({ reason });
  expect(() => parseMol(rdkit, text)).toThrow(`— ${reason}`);
});

test("after every refusal the instance still reads good structures", () => {
  expect(withMol(rdkit, " OCC ", (mol) => mol.get_smiles())).toBe("CCO");
});

test("a chain at the cap is read, written and described", () => {
  expect(withMol(rdkit, "C".repeat(400), (mol) => [mol.get_smiles().length, graphOf(mol).atoms.length, mol.get_descriptors().length > 0])).toEqual([400, 400, true]);
});

test("withMol deletes the molecule when the caller throws", () => {
  let seen: { isDeleted(): boolean } | undefined;
  const use = () => withMol(rdkit, "CCO", (mol) => { seen = mol; throw new RangeError("stop"); });
  expect(use).toThrow("stop");
  expect(seen?.isDeleted()).toBe(true);
});

test("a graph keeps attachment points, isotopes, charges, radicals and Kekulé orders beside aromatic flags", () => {
  const graph = withMol(rdkit, "*[13CH2]c1cc[nH]c1[N+](=O)[O-]", graphOf);
  expect(graph.atoms[0]).toEqual({ z: 0, charge: 0, hydrogens: 0, isotope: 0, aromatic: false, radicals: 0 });
  expect(graph.atoms[1]).toMatchObject({ z: 6, hydrogens: 2, isotope: 13 });
  expect(graph.atoms.filter((a) => a.aromatic).length).toBe(5);
  expect(graph.atoms.find((a) => a.aromatic && a.z === 7)).toMatchObject({ hydrogens: 1 });
  expect(graph.bonds.filter((b) => b.aromatic).map((b) => b.order).toSorted()).toEqual([1, 1, 1, 2, 2]);
  expect(graph.atoms.map((a) => a.charge)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, -1]);
  expect(withMol(rdkit, "[CH3]", graphOf).atoms[0]!.radicals).toBe(1);
  expect(Object.isFrozen(graph.atoms[0])).toBe(true);
});

test.each([
  // From the first neighbour, an implicit hydrogen is the last one: N[C@](F)(Cl)[H] is N[C@H](F)Cl.
  ["N[C@](F)(Cl)Br", [0, 2, 3, 4], true],
  ["N[C@@H](F)Cl", [0, 2, 3, -1], false],
  ["[C@@H](N)(F)Cl", [1, 2, 3, -1], true],
])("stereo of %s reads order %j, ccw %j", (text, order, ccw) => {
  expect(withMol(rdkit, text, graphOf).atoms.find((a) => a.stereo)!.stereo).toEqual({ order, ccw });
});

test("double bonds say which neighbours lie on one side", () => {
  expect(withMol(rdkit, "F/C=C\\Cl", graphOf).bonds[1]!.stereo).toEqual({ refA: 0, refB: 3, cis: true });
  expect(withMol(rdkit, "F/C=C/Cl", graphOf).bonds[1]!.stereo).toMatchObject({ cis: false });
});

test("a bond of no definite order is refused", () => expect(() => withMol(rdkit, "C:C", graphOf)).toThrow("bond of no definite order: atoms 1 and 2"));

test.skipIf(references.length === 0)(needsShared("canonical text equals the older Python RDKit's on 99 % of 1,200 structures, graph sizes on all", references.length > 0), () => {
  let same = 0;
  for (const { smiles, canonical, heavy_atoms } of references) {
    withMol(rdkit, smiles, (mol) => {
      same += Number(mol.get_smiles() === canonical);
      expect(graphOf(mol).atoms.filter(({ z }) => z > 1).length, smiles).toBe(heavy_atoms);
    });
  }
  expect(same / references.length).toBeGreaterThan(0.99);
});

const use = () => withMol(rdkit, "CC(=O)Oc1ccccc1C(=O)O", (mol) => graphOf(mol).atoms.length + mol.get_smiles().length);

test("20,000 parses do not grow the wasm heap", () => {
  for (let i = 0; i < 500; i++) use();
  const before = process.memoryUsage().external;
  for (let i = 0; i < 20_000; i++) {
    if (i % 4 === 0) readMol(rdkit, "C1CC(");
    else use();
  }
  // External memory holds the wasm heap: a leak of one molecule per parse would be 6 kB each, 90 MB in all.
  expect((process.memoryUsage().external - before) / 2 ** 20).toBeLessThan(8);
});
