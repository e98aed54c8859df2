import { expect, test } from "vitest";
import { canonicalText } from "../../src/polymer/canonical.ts";
import { polymerCodec } from "../../src/polymer/codec.ts";
import { polymerClass } from "../../src/polymer/groups.ts";
import { classify, monomerClasses } from "../../src/polymer/monomerClasses.ts";
import { polymerise, rules } from "../../src/polymer/rules.ts";
import { rdkit, sharedLines } from "../chem/reference.ts";
import { fields, monomerRows } from "./monomers.ts";

const canon = (text: string) => canonicalText(rdkit, text);
const made = (...monomers: readonly string[]) => [...polymerise(rdkit, monomers)];
const keysOf = (...monomers: readonly string[]) => [...new Set(made(...monomers).filter((p) => p.monomers.length === monomers.length).map(({ polymer }) => canon(polymer)))];

test("every shipped monomer is canonical, unique and enters a polymerisation", () => {
  expect(monomerRows.length).toBeGreaterThanOrEqual(220);
  expect(new Set(monomerRows.map(({ name }) => name)).size).toBe(monomerRows.length);
  expect(new Set(monomerRows.map(({ smiles }) => smiles)).size).toBe(monomerRows.length);
  for (const { name, smiles } of monomerRows) {
    const mol = rdkit.get_mol(smiles);
    expect(mol, name).not.toBeNull();
    expect(mol!.get_smiles(), name).toBe(smiles);
    mol!.delete();
    expect(classify(rdkit, smiles).length, `${name} belongs to a class`).toBeGreaterThan(0);
  }
});

test("every monomer class and every rule has a shipped monomer", () => {
  const seen = new Set(monomerRows.flatMap(({ smiles }) => classify(rdkit, smiles)));
  expect(Object.keys(monomerClasses).filter((name) => !seen.has(name))).toEqual([]);
  const used = new Set(made(...monomerRows.map(({ smiles }) => smiles)).map(({ rule }) => rule));
  expect(Object.keys(rules).filter((rule) => !used.has(rule))).toEqual([]);
});

test.each([
  ["C=Cc1ccccc1", "*CC(*)c1ccccc1"],
  ["C=C(C)C(=O)OC", "*CC(*)(C)C(=O)OC"],
  ["FC(F)=C(F)F", "*C(*)(F)F"],
  ["O=C1C=CC(=O)N1c1ccccc1", "*C1C(=O)N(c2ccccc2)C(=O)C1*"],
  ["C=CC=C", "*CC=CC*"],
  ["C1=CC2CCC1C2", "*C=CC1CCC(*)C1"],
  ["O=C1CCCCCO1", "*OCCCCCC(*)=O"],
  ["CC1OC(=O)C(C)OC1=O", "*OC(C)C(*)=O"],
  ["O=C1CCCCCN1", "*NCCCCCC(*)=O"],
  ["CC1CO1", "*CC(C)O*"],
  ["C1CCOC1", "*CCCCO*"],
  ["CC1CS1", "*CC(C)S*"],
  ["O=C1OCCCO1", "*OCCCOC(*)=O"],
  ["O=C1CNC(=O)O1", "*NCC(*)=O"],
  ["CC1=NCCO1", "*CCN(*)C(C)=O"],
  ["C[Si]1(C)O[Si](C)(C)O[Si](C)(C)O1", "*O[Si](*)(C)C"],
  ["CC(O)C(=O)O", "*OC(C)C(*)=O"],
  ["NCCCCCC(=O)O", "*NCCCCCC(*)=O"],
  ["Cc1cccc(C)c1O", "*Oc1c(C)cc(*)cc1C"],
])("%s polymerises to %s", (monomer, polymer) => {
  expect(keysOf(monomer)).toContain(canon(polymer));
});

test.each([
  ["OCCO", "O=C(O)c1ccc(C(=O)O)cc1", "*OCCOC(=O)c1ccc(C(*)=O)cc1"],
  ["OCCO", "COC(=O)c1ccc(C(=O)OC)cc1", "*OCCOC(=O)c1ccc(C(*)=O)cc1"],
  ["NCCCCCCN", "O=C(Cl)CCCCC(=O)Cl", "*NCCCCCCNC(=O)CCCCC(*)=O"],
  ["Nc1ccc(Oc2ccc(N)cc2)cc1", "O=c1oc(=O)c2cc3c(=O)oc(=O)c3cc12", "*c1ccc(Oc2ccc(-n3c(=O)c4cc5c(=O)n(*)c(=O)c5cc4c3=O)cc2)cc1"],
  ["CC(C)(c1ccc(O)cc1)c1ccc(O)cc1", "O=C(Cl)Cl", "*Oc1ccc(C(C)(C)c2ccc(OC(*)=O)cc2)cc1"],
  ["CC(C)(c1ccc(O)cc1)c1ccc(O)cc1", "O=S(=O)(c1ccc(Cl)cc1)c1ccc(Cl)cc1", "*Oc1ccc(C(C)(C)c2ccc(Oc3ccc(S(=O)(=O)c4ccc(*)cc4)cc3)cc2)cc1"],
  ["OCCCCO", "O=C=Nc1ccc(Cc2ccc(N=C=O)cc2)cc1", "*OCCCCOC(=O)Nc1ccc(Cc2ccc(NC(*)=O)cc2)cc1"],
  ["NCCN", "O=C=NCCCCCCN=C=O", "*NCCNC(=O)NCCCCCCNC(*)=O"],
  ["Sc1ccc(Sc2ccc(S)cc2)cc1", "O=C(c1ccc(F)cc1)c1ccc(F)cc1", "*Sc1ccc(Sc2ccc(Sc3ccc(C(=O)c4ccc(*)cc4)cc3)cc2)cc1"],
  ["CC1CO1", "O=C1OC(=O)c2ccccc21", "*OCC(C)OC(=O)c1ccccc1C(*)=O"],
  ["CC1CO1", "O=C=O", "*OCC(C)OC(*)=O"],
])("%s and %s polymerise to %s", (a, b, polymer) => {
  expect(keysOf(a, b)).toContain(canon(polymer));
});

test.each([
  ["c1ccccc1", "benzene has nothing to react"],
  ["OCC(O)CO", "glycerol has three hydroxyls"],
  ["CCO", "ethanol has one"],
  ["OCCN", "ethanolamine is neither diol nor diamine"],
  ["C1CCCCC1=O", "cyclohexanone"],
  ["C1=CCCCC1", "cyclohexene is not strained"],
  ["NC(=O)CCC(N)=O", "a diamide is no diamine"],
])("%s is no monomer", (smiles) => {
  expect(classify(rdkit, smiles)).toEqual([]);
});

test("two unsymmetrical monomers follow each other in two senses, symmetrical ones in one", () => {
  expect(keysOf("CC(O)CO", "OC(=O)CC(C)C(=O)O")).toHaveLength(2);
  expect(keysOf("OCCO", "OC(=O)CC(C)C(=O)O")).toHaveLength(1);
});

test("polymers come in the same order every time and belong to the class that their rule names", () => {
  const some = monomerRows.filter((_, i) => i % 9 === 0).map(({ smiles }) => smiles);
  const products = made(...some);
  expect(made(...some)).toEqual(products);
  const codec = polymerCodec(rdkit);
  const strangers = products.filter(({ polymer, class: name }) => polymerClass(codec.parse(polymer)) !== name);
  // A unit with a second linkage (an ether in a sulfide) may be named by that one.
  expect(strangers.length / products.length).toBeLessThan(0.02);
});

const sample = sharedLines("poly-smipoly/generated_polymers_sample.csv.gz");
test.skipIf(!sample)("at least 90 % of SMiPoly's linear polymers are made from the same monomers", () => {
  const rows = sample!.slice(1).map(fields).filter(([, b, polymer, name], i) => polymer!.match(/\*/g)?.length === 2 && !(name === "polyolefin" && b !== "") && i % 11 === 0);
  const hits = rows.filter(([a, b, polymer]) => keysOf(...(b === "" ? [a!] : [a!, b!])).includes(canon(polymer!)));
  expect(rows.length).toBeGreaterThan(100);
  expect(hits.length / rows.length).toBeGreaterThan(0.9);
});
