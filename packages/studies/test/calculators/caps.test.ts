import { expect, test } from "vitest";
import { elements, graphOf, loadRdkit, withMol } from "@tatara/domains/chem";
import type { Graph } from "@tatara/domains/chem";
import { capped } from "../../src/calculators/caps.ts";

const rdkit = await loadRdkit();
const unit = (text: string): Graph => withMol(rdkit, text, graphOf);

/** The text of a graph without stereo. */
function textOf({ atoms, bonds }: Graph): string {
  const lines = [
    "\n  RDKit          2D\n",
    `${String(atoms.length).padStart(3)}${String(bonds.length).padStart(3)}  0  0  0  0  0  0  0  0999 V2000`,
    ...atoms.map(({ z, charge }) => `    0.0000    0.0000    0.0000 ${elements[z]!.symbol.padEnd(3)} 0${String((4 - charge) % 4).padStart(3)}`),
    ...bonds.map(({ a, b, order }) => `${String(a + 1).padStart(3)}${String(b + 1).padStart(3)}${String(order).padStart(3)}  0`),
    "M  END",
  ];
  const mol = rdkit.get_mol(lines.join("\n"))!;
  const text = mol.get_smiles();
  mol.delete();
  return text;
}

function close(text: string): string {
  const result = capped(unit(text));
  if ("failure" in result) throw new Error(result.failure);
  // Hydrogens that the caps claim must be those that valence asks for.
  const expected = withMol(rdkit, textOf(result.graph), graphOf).atoms.reduce((sum, { hydrogens }) => sum + hydrogens, 0);
  expect(result.graph.atoms.reduce((sum, { hydrogens }) => sum + hydrogens, 0)).toBe(expected);
  return textOf(result.graph);
}
const canonical = (text: string): string => withMol(rdkit, text, (mol) => mol.get_smiles());

test.each([
  ["a vinyl gets methyls", "*CC(*)c1ccccc1", "CCC(C)c1ccccc1"],
  ["an ester keeps its ester across the cut", "*OCCOC(=O)c1ccc(cc1)C(*)=O", "CC(=O)OCCOC(=O)c1ccc(cc1)C(=O)OC"],
  ["an amide keeps its amide", "*NCCCCCC(*)=O", "CC(=O)NCCCCCC(=O)NC"],
  ["an amide cut at its alkyl side keeps it too", "*CCCCCNC(=O)*", "CNC(=O)CCCCCNC(C)=O"],
  ["a carbonate keeps its carbonate", "*Oc1ccc(cc1)C(C)(C)c1ccc(cc1)OC(*)=O", "COC(=O)Oc1ccc(cc1)C(C)(C)c1ccc(cc1)OC(=O)OC"],
  ["a urethane keeps its urethane", "*OCCOC(=O)NCCNC(*)=O", "CNC(=O)OCCOC(=O)NCCNC(=O)OC"],
  ["an imide keeps its ring", "*c1ccc(cc1)N1C(=O)c2cc3C(=O)N(*)C(=O)c3cc2C1=O", "O=C1CCC(=O)N1c1ccc(cc1)N1C(=O)c2cc3C(=O)N(C)C(=O)c3cc2C1=O"],
  ["an ether stays an ether", "*CCO*", "COCCOC"],
  ["a thioether stays a thioether", "*CCS*", "CSCCSC"],
  ["a thioester keeps its carbonyl", "*SCCSC(=O)CC(*)=O", "CC(=O)SCCSC(=O)CC(=O)SC"],
  ["a sulphone keeps its oxygens", "*CCS(*)(=O)=O", "CS(=O)(=O)CCS(C)(=O)=O"],
  ["an aromatic neighbour counts as carbon", "*Oc1ccc(*)cc1", "COc1ccc(OC)cc1"],
  ["an oxazoline polymer keeps its amide", "*N(C(C)=O)CC*", "CN(CCN(C)C(C)=O)C(C)=O"],
])("%s", (_, text, expected) => {
  expect(close(text)).toBe(canonical(expected));
});

test("an ester gives the same capped unit wherever it is cut at its carbonyl, read either way", () => {
  expect(close("*C(=O)c1ccc(cc1)C(=O)OCCO*")).toBe(close("*OCCOC(=O)c1ccc(cc1)C(*)=O"));
});

test("stereo of the unit survives capping", () => {
  const result = capped(unit("*O[C@@H](C)C(*)=O"));
  expect("graph" in result && result.graph.atoms.filter(({ stereo }) => stereo)).toHaveLength(1);
});

test("the unit's own atoms are told from those of the caps", () => {
  const result = capped(unit("*OCCOC(=O)c1ccc(cc1)C(*)=O"));
  if ("failure" in result) throw new Error(result.failure);
  expect(result.isUnit.filter(Boolean)).toHaveLength(14);
  expect(result.graph.atoms).toHaveLength(19);
});

test.each([
  ["CCO", "0 open ends"],
  ["*CCO", "1 open ends"],
  ["*CC(*)C*", "3 open ends"],
  ["*=CC=*", "no single bond"],
  ["**", "no atoms between"],
])("%s is refused: %s", (text, reason) => {
  const result = capped(unit(text));
  expect("failure" in result && result.failure).toContain(reason);
});
