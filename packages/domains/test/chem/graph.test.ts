import { describe, expect, test } from "vitest";
import { graphColumns, unpackGraph, type FlatGraph } from "@tatara/engine/data";
import { describeTexts } from "@tatara/engine/generate";
import { graphLayout } from "../../src/chem/graph.ts";
import { molecule } from "../../src/molecule/index.ts";
import { polymer } from "../../src/polymer/index.ts";
import { rdkit } from "./reference.ts";

const [molecules, polymers] = [molecule(rdkit), polymer(rdkit)];
const nodeAt = (name: string): number => graphLayout.nodeFields.findIndex((field) => field.name === name);
const edgeAt = (name: string): number => graphLayout.edgeFields.findIndex((field) => field.name === name);

function graphOf(domain: typeof molecules | typeof polymers, text: string): FlatGraph {
  const descriptor = domain.descriptors.graph as never;
  const x = describeTexts(domain as typeof molecules, [descriptor], [text]);
  return unpackGraph(x, 0, graphColumns(x.features)!)!;
}
const nodes = ({ nodes: codes }: FlatGraph, name: string): readonly number[] => Array.from({ length: codes.length / graphLayout.nodeFields.length }, (_, i) => codes[i * graphLayout.nodeFields.length + nodeAt(name)]!);
const edges = ({ edges: codes, from }: FlatGraph, name: string): readonly number[] => Array.from(from, (_, e) => codes[e * graphLayout.edgeFields.length + edgeAt(name)]!);

describe("molecules", () => {
  test("toluene", () => {
    const g = graphOf(molecules, "Cc1ccccc1");
    expect(nodes(g, "atomic number")).toEqual([6, 6, 6, 6, 6, 6, 6]);
    expect(nodes(g, "neighbours")).toEqual([1, 3, 2, 2, 2, 2, 2]);
    expect(nodes(g, "hydrogens")).toEqual([3, 0, 1, 1, 1, 1, 1]);
    expect(nodes(g, "hybridisation")).toEqual([3, 2, 2, 2, 2, 2, 2]);
    expect(nodes(g, "smallest ring")).toEqual([0, 4, 4, 4, 4, 4, 4]);
    expect(edges(g, "order").toSorted()).toEqual([0, 4, 4, 4, 4, 4, 4]);
    expect(edges(g, "conjugated").toSorted()).toEqual([0, 1, 1, 1, 1, 1, 1]);
    expect(edges(g, "link of units").every((v) => v === 0)).toBe(true);
  });

  test("charges, multiple bonds and radicals", () => {
    const g = graphOf(molecules, "C#C[O-]");
    expect(nodes(g, "charge")).toEqual([4, 4, 3]);
    expect(edges(g, "order").toSorted()).toEqual([0, 2]);
    expect(nodes(graphOf(molecules, "C[CH2]"), "radical electrons").toSorted()).toEqual([0, 1]);
  });

  test("mirror images and the two sides of a double bond differ", () => {
    expect(nodes(graphOf(molecules, "C[C@H](N)O"), "chirality").toSorted()).not.toEqual(nodes(graphOf(molecules, "C[C@@H](N)O"), "chirality").toSorted());
    expect(edges(graphOf(molecules, "F/C=C/F"), "configuration").toSorted()).not.toEqual(edges(graphOf(molecules, "F/C=C\\F"), "configuration").toSorted());
  });

  test("one atom has no bonds, and the parts of a salt are not joined", () => {
    expect(graphOf(molecules, "[Xe]")).toMatchObject({ from: new Int32Array(0), edges: new Int32Array(0) });
    const salt = graphOf(molecules, "[Na+].CC(=O)[O-]");
    expect(nodes(salt, "atomic number")).toHaveLength(5);
    expect(salt.from).toHaveLength(3);
  });

  test("fused rings take the smallest ring", () => expect(Math.min(...nodes(graphOf(molecules, "C1CC2CCC12"), "smallest ring"))).toBe(2));

  test("what is too large is refused with the limit", () => {
    const long = molecules.codec.parse(`C${"C".repeat(128)}`);
    expect(molecules.descriptors.graph!.refuses!(long)).toBe("too large for the descriptor graph: 129 atoms — at most 128 fit into a packed graph");
    expect(molecules.descriptors.graph!.refuses!(molecules.codec.parse("CCO"))).toBeUndefined();
  });
});

describe("polymers", () => {
  test("the ends of the unit are bonded to each other, and that bond is marked", () => {
    const g = graphOf(polymers, "*CCO*");
    expect(nodes(g, "atomic number").toSorted()).toEqual([6, 6, 8]);
    expect(nodes(g, "neighbours")).toEqual([2, 2, 2]);
    expect(g.from).toHaveLength(3);
    expect(edges(g, "link of units").toSorted()).toEqual([0, 0, 1]);
    expect(edges(g, "main chain")).toEqual([1, 1, 1]);
  });

  test("a unit of one atom is bonded to itself", () => {
    const g = graphOf(polymers, "*CC*");
    expect([Array.from(g.from), Array.from(g.to)]).toEqual([[0], [0]]);
    expect(nodes(g, "neighbours")).toEqual([2]);
  });

  test("side groups are not in the main chain", () => {
    const g = graphOf(polymers, "*CC(*)c1ccccc1");
    expect(nodes(g, "main chain").filter((v) => v === 1)).toHaveLength(2);
  });

  test.each([
    ["*OCCOC(=O)c1ccc(C(*)=O)cc1", "*CCOC(=O)c1ccc(C(=O)O*)cc1", "*c1ccc(C(=O)OCCOC(*)=O)cc1"],
    ["*CC(*)c1ccccc1", "*C(C*)c1ccccc1", "*CC(c1ccccc1)CC(*)c1ccccc1"],
    ["*CCO*", "*OCC*", "*COC*"],
  ])("wherever %s is cut, in whatever direction and length it is written, its row is the same", (first, ...others) => {
    for (const other of others) expect(graphOf(polymers, other)).toEqual(graphOf(polymers, first));
  });
});
