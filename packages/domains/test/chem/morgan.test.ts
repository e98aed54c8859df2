import { expect, test } from "vitest";
import { circular, ecfp4 } from "../../src/chem/circular.ts";
import { connectivity, features } from "../../src/chem/invariants.ts";
import { morganCounts } from "../../src/chem/morgan.ts";
import type { Counts } from "../../src/chem/morgan.ts";
import { graphOf, withMol } from "../../src/chem/rdkit.ts";
import { tanimotoBits, tanimotoCounts } from "../../src/chem/tanimoto.ts";
import { topologyOf } from "../../src/chem/topology.ts";
import type { Topology } from "../../src/chem/topology.ts";
import fcfp from "./fixtures/fcfp.json" with { type: "json" };
import { chainOf, needsShared, rdkit, references } from "./reference.ts";

const finite = (text: string): Topology => topologyOf(withMol(rdkit, text, graphOf));
const chain = (text: string): Topology => chainOf(withMol(rdkit, text, graphOf));
const sorted = (counts: Counts) => [...counts].toSorted(([a], [b]) => a - b);
const times = (factor: number, counts: Counts): Counts => new Map([...counts].map(([id, count]) => [id, factor * count]));

test.skipIf(references.length === 0)(needsShared("unfolded ids and counts equal RDKit's on all 1,200 structures, and so do folded bits", references.length > 0), () => {
  const row = new Float64Array(2048);
  const bits = circular<Topology>("ecfp_bits", (t) => t, { bits: true });
  for (const { smiles, morgan2_counts, morgan2_2048 } of references) {
    const topology = finite(smiles);
    expect(Object.fromEntries(ecfp4(topology)), smiles).toEqual(morgan2_counts);
    bits.write(topology, row);
    expect([...row.keys()].filter((i) => row[i] === 1), smiles).toEqual(morgan2_2048);
  }
});

test.each(fcfp)("FCFP4 and ECFP6 ids of $smiles equal RDKit's", ({ smiles, fcfp4, ecfp6 }) => {
  const topology = finite(smiles);
  expect(Object.fromEntries(morganCounts(topology, { radius: 2, invariants: features(topology) }))).toEqual(fcfp4);
  expect(Object.fromEntries(morganCounts(topology, { radius: 3, invariants: connectivity(topology) }))).toEqual(ecfp6);
});

// The same chains cut elsewhere, written backwards, or with several units in one.
test.each([
  ["ethylene oxide", "*CCO*", [["*COC*", 1], ["*OCC*", 1], ["*CCOCCO*", 2], ["*OCCCCO*", 0]]],
  ["methylene", "*C*", [["*CC*", 2], ["*CCC*", 3]]],
  ["styrene", "*CC(*)c1ccccc1", [["*C(c1ccccc1)C*", 1], ["*CC(c1ccccc1)CC(*)c1ccccc1", 2], ["*C(c1ccccc1)CCC(*)c1ccccc1", 0]]],
  ["ester", "*OCCOC(=O)CCC(*)=O", [["*CCOC(=O)CCC(=O)O*", 1], ["*C(=O)OCCOC(=O)CC*", 1]]],
  ["phenylene", "*c1ccc(*)cc1", [["*c1ccc(-c2ccc(*)cc2)cc1", 2]]],
] as const)("fingerprints of poly(%s) per unit do not depend on the cut", (_, text, others) => {
  const expected = ecfp4(chain(text));
  // 0 units: another polymer, which must differ.
  for (const [other, units] of others) {
    if (units === 0) expect(sorted(ecfp4(chain(other)))).not.toEqual(sorted(times(2, expected)));
    else expect(sorted(ecfp4(chain(other)))).toEqual(sorted(times(units, expected)));
  }
});

test.each(["CC(C#N)", "CCO", "C", "c1ccc(cc1)CNC(=O)"])("a unit %s in an infinite chain adds what one more unit adds to a long oligomer", (text) => {
  const of = (n: number) => ecfp4(finite(`F${text.repeat(n)}F`));
  const [long, longer] = [of(9), of(10)];
  const growth = new Map([...longer].map(([id, count]) => [id, count - (long.get(id) ?? 0)] as const).filter(([, count]) => count !== 0));
  expect(sorted(ecfp4(chain(`*${text}*`)))).toEqual(sorted(growth));
});

test("atom order does not change a fingerprint", () => {
  for (const text of ["CC(=O)Oc1ccccc1C(=O)O", "C1CC2CCC1C2", "FC(F)(F)c1ccncc1"]) {
    const rewritten = withMol(rdkit, text, (mol) => mol.get_smiles(JSON.stringify({ doRandom: true })));
    expect(sorted(ecfp4(finite(rewritten)))).toEqual(sorted(ecfp4(finite(text))));
  }
});

test("similarity is 1 for equal, 0 for disjoint, symmetric, and by hand in between", () => {
  const [a, b] = [new Map([[1, 2], [2, 1]]), new Map([[2, 3], [3, 1]])];
  expect(tanimotoBits(a, b)).toBe(1 / 3);
  expect(tanimotoCounts(a, b)).toBe(1 / 6);
  expect(tanimotoCounts(b, a)).toBe(1 / 6);
  expect([tanimotoBits(a, a), tanimotoCounts(a, a), tanimotoBits(a, new Map([[9, 1]])), tanimotoBits(new Map(), new Map())]).toEqual([1, 1, 0, 1]);
});
