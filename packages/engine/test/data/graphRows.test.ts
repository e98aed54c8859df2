import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { key } from "../../src/base/key.ts";
import { quiet } from "../../src/base/context.ts";
import { one } from "../../src/base/unit.ts";
import { clusterFolds } from "../../src/data/clusters.ts";
import { graphColumns, graphFeatures, packGraph, tooLarge, unpackGraph, withoutCodes } from "../../src/data/graphRows.ts";
import type { FlatGraph, GraphLayout } from "../../src/data/graphRows.ts";
import { joinTables, selectFeatures, table } from "../../src/data/table.ts";

const layout: GraphLayout = { block: "net", nodes: 12, edges: 15, nodeFields: [{ name: "colour", levels: 119 }, { name: "size", levels: 7 }, { name: "only", levels: 1 }], edgeFields: [{ name: "width", levels: 5 }] };
const features = graphFeatures(layout);

const graphs: fc.Arbitrary<FlatGraph> = fc.integer({ min: 1, max: layout.nodes }).chain((n) =>
  fc.record({
    nodes: fc.array(fc.tuple(fc.nat(118), fc.nat(6)), { minLength: n, maxLength: n }),
    edges: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), fc.nat(4)), { maxLength: layout.edges }),
  }).map(({ nodes, edges }) => ({ nodes: Int32Array.from(nodes.flatMap(([a, b]) => [a, b, 0])), from: Int32Array.from(edges, ([a]) => a), to: Int32Array.from(edges, ([, b]) => b), edges: Int32Array.from(edges, ([, , w]) => w) })),
);

const rowOf = (graph: FlatGraph): Float64Array => {
  const row = new Float64Array(features.length).fill(7);
  packGraph(layout, graph, row);
  return row;
};
const small: FlatGraph = { nodes: Int32Array.of(6, 1, 0, 8, 2, 0), from: Int32Array.of(0), to: Int32Array.of(1), edges: Int32Array.of(4) };

test("any graph that fits comes back as it was", () => {
  fc.assert(fc.property(graphs, (graph) => void expect(unpackGraph(table(features, [rowOf(graph)]), 0, graphColumns(features)!)).toEqual(graph)));
});

test("codes are whole numbers, and places that are not used hold NaN", () => {
  const row = rowOf(small);
  expect(Array.from(row.subarray(0, 3))).toEqual([6 + 119 * 1, 8 + 119 * 2, Number.NaN]);
  expect(Array.from(row.subarray(12, 14))).toEqual([0 + 12 * (1 + 12 * 4), Number.NaN]);
});

test("columns are found by name whatever their order, beside others", () => {
  const whole = joinTables(table([{ name: "mass", unit: one, about: "mass" }], [[3]]), table(features, [rowOf(small)]));
  const turned = selectFeatures(whole, whole.features.map(({ name }) => name).toReversed());
  expect(unpackGraph(turned, 0, graphColumns(turned.features)!)).toEqual(small);
  expect(withoutCodes(turned)).toMatchObject({ cols: 1, data: Float64Array.of(3) });
  expect(graphColumns(withoutCodes(turned).features)).toBeUndefined();
});

test("a row without a node is no graph", () => expect(unpackGraph(table(features, [new Float64Array(features.length).fill(Number.NaN)]), 0, graphColumns(features)!)).toBeUndefined());

test("a graph that is too large leaves an empty row, and the reason names the limit", () => {
  const chain = (n: number): FlatGraph => ({ nodes: new Int32Array(3 * n), from: Int32Array.from({ length: n - 1 }, (_, i) => i), to: Int32Array.from({ length: n - 1 }, (_, i) => i + 1), edges: new Int32Array(n - 1) });
  expect(rowOf(chain(13)).every(Number.isNaN)).toBe(true);
  expect(tooLarge(layout, { nodes: 13, edges: 12 }, { nodes: "towns", edges: "roads" })).toBe("13 towns — at most 12 fit into a packed graph");
  expect(tooLarge(layout, { nodes: 12, edges: 16 }, { nodes: "towns", edges: "roads" })).toBe("16 roads — at most 15 fit into a packed graph");
  expect(tooLarge(layout, { nodes: 12, edges: 15 }, { nodes: "towns", edges: "roads" })).toBeUndefined();
});

describe("what is no packed graph is refused", () => {
  const spoilt = (change: (row: Float64Array) => void): Float64Array => {
    const row = rowOf(small);
    change(row);
    return row;
  };
  test.each([
    ["a fraction", spoilt((row) => (row[0] = 0.5)), "code 0.5"],
    ["a negative code", spoilt((row) => (row[1] = -1)), "code -1"],
    ["a code beyond the levels", spoilt((row) => (row[1] = 119 * 7)), "code 833"],
    ["a gap", spoilt((row) => (row[5] = 3)), "a number after the last place in use"],
    ["an edge to nowhere", spoilt((row) => (row[12] = 12 * 5)), "an edge to node 5 of 2"],
  ])("%s", (_, row, message) => expect(() => unpackGraph(table(features, [row]), 0, graphColumns(features)!)).toThrow(`no packed graph: net of row 0 has ${message}`));

  test("a level that its field does not have", () => expect(() => rowOf({ ...small, edges: Int32Array.of(5) })).toThrow("no such level: width = 5 — from 0 to 4"));
  test("an end that is no node", () => expect(() => rowOf({ ...small, to: Int32Array.of(2) })).toThrow("no such level: second end = 2"));
  test("codes that no number holds", () => expect(() => graphFeatures({ ...layout, nodeFields: Array.from({ length: 9 }, (_, i) => ({ name: `f${i}`, levels: 100 })) })).toThrow("codes too large"));
});

test("graphs alone tell no likeness", async () => {
  const alone = table(features, [rowOf(small), rowOf(small)]);
  await expect(clusterFolds(key(1), alone, { folds: 2 }, quiet)).rejects.toThrow("nothing to tell likeness by");
});
