import { expect, test } from "vitest";
import { fold, key, stream } from "@tatara/engine/base";
import type { Prior } from "@tatara/engine/generate";
import { checkDomain } from "@tatara/engine/testing";
import { circular } from "../../src/chem/circular.ts";
import { physchem } from "../../src/chem/physchem.ts";
import { writeSmiles } from "../../src/chem/smiles/index.ts";
import { topologyOf } from "../../src/chem/topology.ts";
import type { Graph } from "../../src/chem/types.ts";
import { polymer } from "../../src/polymer/index.ts";
import { oligomer } from "../../src/polymer/oligomer.ts";
import { rdkit } from "../chem/reference.ts";
import { monomerRows, realUnits } from "./monomers.ts";

const domain = polymer(rdkit, { monomers: monomerRows.filter((_, i) => i % 3 === 0).map(({ smiles }) => smiles) });
const TEXTS = ["*CC*", "*CC(*)c1ccccc1", "*CC(*)(C)C(=O)OC", "*OCCOC(=O)c1ccc(C(*)=O)cc1", "*NCCCCCC(*)=O", "*Oc1ccc(C(C)(C)c2ccc(OC(*)=O)cc2)cc1", "*O[Si](*)(C)C", "*c1ccc(*)s1", "*C/C=C\\C*", "*O[C@@H](C)C(*)=O", "*C=CC1CCC(*)C1", "*CC(*)(F)F", "*SCCSC(=O)NCCCCCCNC(*)=O", "*c1ccc(Oc2ccc(-n3c(=O)c4cc5c(=O)n(*)c(=O)c5cc4c3=O)cc2)cc1"];

/** Uniform over the texts above: exact, and enough for the domain's own claims. */
const uniform: Prior<string> = {
  id: "uniform",
  sample: (k) => TEXTS[stream(k).below(TEXTS.length)]!,
  logDensity: (state) => (TEXTS.includes(state) ? -Math.log(TEXTS.length) : Number.NEGATIVE_INFINITY),
  toJSON: () => ({ id: "uniform" }),
};
const proposals = ["monomer", "monomer-edit"].map((name) => domain.proposals[name]!.make(uniform, [], {}));

const claims = checkDomain(domain, {
  key: key(12),
  texts: TEXTS,
  nonsense: ["CC", "*CC", "*C(*)C*", "**", "*1CC*1", "*=CC*", "*CC*.C"],
  rewrite: (k, { unit }) => domain.codec.parse(writeSmiles(unit, { root: stream(k).below(unit.atoms.length), key: k })),
  prior: uniform,
  proposals,
  draws: 60,
  constraints: [
    { name: "require", value: "COC(=O)c", keeps: "*OCCOC(=O)c1ccc(C(*)=O)cc1", refuses: "*CC*", illegal: "c1cc" },
    { name: "forbid", value: ["C(=O)OC"], keeps: "*CC*", refuses: "*OCCCCCC(*)=O", illegal: [7] },
    { name: "elements", value: ["C", "O"], keeps: "*CCO*", refuses: "*CCS*", illegal: ["Q"] },
    { name: "max_heavy_atoms", value: 3, keeps: "*CCO*", refuses: "*CCCO*", illegal: "many" },
    { name: "min_heavy_atoms", value: 3, keeps: "*CCO*", refuses: "*CO*", illegal: -1 },
    { name: "ring_sizes", value: [6], keeps: "*c1ccc(*)cc1", refuses: "*c1ccc(*)s1", illegal: 6 },
    { name: "max_rings", value: 0, keeps: "*CC*", refuses: "*c1ccc(*)cc1", illegal: 0.5 },
    { name: "charge", value: 0, keeps: "*CC*", refuses: "*CC(*)C[NH3+]", illegal: "neutral" },
    { name: "max_sa", value: 4, keeps: "*CCO*", refuses: "*C12CCC3C(C1CCC2O)CCC4=CC(=O)CCC34C*", illegal: 11 },
    { name: "max_weight", value: "50 g/mol", keeps: "*CCO*", refuses: "*CC(*)c1ccccc1", illegal: "50 kg" },
    { name: "min_weight", value: 40, keeps: "*CCO*", refuses: "*CO*", illegal: 0 },
    { name: "class", value: ["polyester", "polycarbonate"], keeps: "*OCCOC(=O)c1ccc(C(*)=O)cc1", refuses: "*CC*", illegal: 3 },
  ],
});

test.each(claims.map((claim) => [claim.name, claim] as const))("polymer: %s", (_, claim) => claim.check());

test("every constraint of the catalogue is tried", () => expect(Object.keys(domain.constraints)).toHaveLength(12));

test("patterns are seen across the link, and the ends of the piece are no ends", () => {
  const forbids = (smarts: string, text: string) => domain.constraints.forbid!.make(smarts)(domain.codec.parse(text)) !== undefined;
  expect(forbids("CCCCCCCC", "*CC*")).toBe(true);
  expect(forbids("OCCOCCO", "*CCO*")).toBe(true);
  expect(forbids("[#8][#8]", "*OCCO*")).toBe(true);
  expect(forbids("[CH3]", "*CC*")).toBe(false);
  expect(forbids("[D1]", "*CCO*")).toBe(false);
  expect(forbids("[#0]", "*CCO*")).toBe(false);
  expect(forbids("[r8,r9,r10]", "*CCO*")).toBe(false);
});

test.each([
  ["*OO*", "peroxide"],
  ["*OCCO*", "peroxide"],
  ["*CC(*)[CH2]", "unpaired electron"],
  ["*CC(*)[NH3+]", "net charge +1"],
  ["*NNNN*", "nitrogen"],
  ["*N*", "nitrogen"],
])("%s has the fault %s", (text, reason) => {
  expect(domain.faults(domain.codec.parse(text)).join("; ")).toContain(reason);
});

/** What one more unit adds to a value of a long open oligomer. */
function growth(value: (graph: Graph) => readonly number[], text: string, n: number): readonly number[] {
  const s = domain.codec.parse(text);
  const [long, short] = [value(oligomer(s, n + 1)), value(oligomer(s, n))];
  return long.map((v, i) => v - short[i]!);
}

test("fingerprint counts per repeat unit are what one more unit adds to a long oligomer", () => {
  for (const id of ["ecfp", "fcfp"] as const) {
    const finite = circular<Graph>(id, topologyOf, { features: id === "fcfp" });
    const row = (graph: Graph) => {
      const out = new Float64Array(finite.features.length);
      finite.write(graph, out);
      return [...out];
    };
    for (const text of [...TEXTS, ...realUnits(190)]) {
      const periodic = new Float64Array(finite.features.length);
      domain.descriptors[id]!.write(domain.codec.parse(text), periodic);
      expect([...periodic], `${id} of ${text}`).toEqual(growth(row, text, 8));
    }
  }
});

test("sizes per repeat unit are what one more unit adds to a long oligomer", () => {
  const finite = physchem<Graph>(topologyOf);
  const names = ["heavy_atoms", "weight", "polarizability", "volume", "rotatable_bonds", "ring_count"];
  const at = names.map((name) => finite.features.findIndex((feature) => feature.name === name));
  const row = (graph: Graph) => {
    const out = new Float64Array(finite.features.length);
    finite.write(graph, out);
    return at.map((i) => out[i]!);
  };
  for (const text of TEXTS) {
    const periodic = new Float64Array(domain.descriptors.physchem!.features.length);
    domain.descriptors.physchem!.write(domain.codec.parse(text), periodic);
    growth(row, text, 9).forEach((value, i) => expect(periodic[at[i]!], `${names[i]} of ${text}`).toBeCloseTo(value, 6));
  }
});

test("RDKit's additive descriptors per unit do not depend on how long the oligomers are, nor on the cut", () => {
  const { features, write } = domain.descriptors.rdkit2d!;
  const value = (text: string, name: string) => {
    const out = new Float64Array(features.length);
    write(domain.codec.parse(text), out);
    return out[features.findIndex((feature) => feature.name === name)]!;
  };
  expect(value("*CC*", "amw")).toBeCloseTo(14.027, 3);
  expect(value("*CC(*)c1ccccc1", "amw")).toBeCloseTo(104.152, 3);
  expect(value("*CC(*)c1ccccc1", "NumAromaticRings")).toBe(1);
  expect(value("*CC(*)c1ccccc1", "FractionCSP3")).toBeCloseTo(2 / 8, 12);
  expect(value("*OCCOC(=O)c1ccc(C(*)=O)cc1", "tpsa")).toBeCloseTo(52.6, 6);
  expect(value("*NCCCCCC(*)=O", "NumAmideBonds")).toBe(1);
});

test("monomer moves end at polymers that were not in the library, and stay in their polymerisation mostly", () => {
  const [exchange, edit] = proposals;
  const starts = TEXTS.map((text) => domain.codec.parse(text).smiles);
  const moved = (proposal: (typeof proposals)[number]) => starts.flatMap((from, i) => Array.from({ length: 6 }, (_, r) => [from, proposal!.propose(fold(key(i), r), from).to] as const)).filter(([from, to]) => from !== to);
  expect(moved(exchange!).length).toBeGreaterThan(60);
  const edits = moved(edit!);
  expect(edits.length).toBeGreaterThan(30);
  const same = edits.filter(([from, to]) => domain.groups.class!(domain.codec.parse(from)) === domain.groups.class!(domain.codec.parse(to)));
  expect(same.length / edits.length).toBeGreaterThan(0.8);
});

test("highlights are given per atom of the repeat unit", () => {
  const s = domain.codec.parse("*CC(*)c1ccccc1");
  const plain = domain.draw(s, { width: 200, height: 150 });
  expect(domain.draw(s, { width: 200, height: 150 }, s.repeat.atoms.map((_, i) => (i === 1 ? 1 : 0)))).not.toBe(plain);
});

test("scaffold is the main chain without side groups", () => {
  const scaffold = (text: string) => domain.groups.scaffold!(domain.codec.parse(text));
  expect(scaffold("*CC(*)c1ccccc1")).toBe(scaffold("*CC*"));
  expect(scaffold("*Oc1c(C)cc(*)cc1C")).toBe(scaffold("*Oc1ccc(*)cc1"));
  expect(scaffold("*OCCOC(=O)c1ccc(C(*)=O)cc1")).toBe("*OCCOC(=O)c1ccc(C(*)=O)cc1");
});
