/* The message-passing network against a plain one in double precision, written as loops over edges. */
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { fold, key, permutation, stream } from "@tatara/engine/base";
import { type FlatGraph, type GraphLayout, type Table, graphFeatures, packGraph } from "@tatara/engine/data";
import { fixedScope, layoutOf } from "../../src/layers/scope.ts";
import type { Layout } from "../../src/layers/types.ts";
import { graphBatching } from "../../src/learn/graph/batching.ts";
import { levelsOf, typesOf, widthOf } from "../../src/learn/graph/graphs.ts";
import { type GraphArchitecture, graphKind } from "../../src/learn/graph/network.ts";
import { BATCH, writeProgram } from "../../src/onnx/write.ts";
import { interpret } from "../../src/runtime/interpreter.ts";
import { ortBackend } from "../../src/runtime/ort.ts";
import { gradient } from "../../src/tensor/gradient.ts";
import * as op from "../../src/tensor/ops.ts";
import type { Tensor } from "../../src/tensor/types.ts";

const [FN, FE] = [2, 1];
const FORMS: GraphLayout = { block: "graph", nodes: 9, edges: 10, nodeFields: [{ name: "kind", levels: 4 }, { name: "mark", levels: 2 }], edgeFields: [{ name: "kind", levels: 3 }] };
const graph = (nodes: readonly number[], edges: readonly (readonly [number, number, number])[]): FlatGraph => ({ nodes: Int32Array.from(nodes), from: Int32Array.from(edges, ([a]) => a), to: Int32Array.from(edges, ([, b]) => b), edges: Int32Array.from(edges, ([, , kind]) => kind) });

const GRAPHS: Readonly<Record<string, FlatGraph>> = {
  "a ring with a tail": graph([0, 0, 1, 1, 2, 0, 0, 1, 3, 0], [[0, 1, 0], [1, 2, 1], [2, 0, 2], [2, 3, 0], [3, 4, 1]]),
  "one node": graph([3, 1], []),
  "two parts": graph([0, 0, 1, 0, 2, 1], [[0, 1, 2]]),
  "a node bonded to itself": graph([1, 0], [[0, 0, 1]]),
  "two nodes bonded twice": graph([1, 0, 2, 0], [[0, 1, 0], [1, 0, 1]]),
  "a star": graph([0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 2, 0], [[0, 1, 0], [0, 2, 0], [0, 3, 0], [0, 4, 1], [5, 0, 2]]),
};
const all = Object.values(GRAPHS);

const [nodeCodes, edgeCodes] = [all.map((g) => g.nodes), all.map((g) => g.edges)];
const [nodeLevels, edgeLevels] = [levelsOf(nodeCodes, FN), levelsOf(edgeCodes, FE)];
const architecture = (options: Partial<GraphArchitecture> = {}): GraphArchitecture => ({ nodeLevels, edgeLevels, hidden: 5, depth: 3, aggregation: "mean", usualNodes: 4, dropout: 0, outputs: 2, room: { nodes: 4, edges: 4 }, ...options });

function batchOf(graphs: readonly FlatGraph[]) {
  const [nodes, edges] = [typesOf(graphs.map((g) => g.nodes), nodeLevels), typesOf(graphs.map((g) => g.edges), edgeLevels)];
  const batching = graphBatching({ graphs, nodes, edges, widths: { nodes: widthOf(nodeLevels), edges: widthOf(edgeLevels) } });
  const rows = Int32Array.from(graphs, (_, i) => i);
  // Room to spare, as in training.
  const sizes = batching.sizes(rows).map((n) => n + 6);
  const inputs = Object.fromEntries(Object.entries(batching.declare(sizes)).map(([name, { shape, dtype }]) => [name, op.input(name, shape, dtype)]));
  return { inputs: { ...inputs, ...batching.constants, slot: op.filled(0, [graphs.length, 1]) }, feeds: batching.feeds(rows, sizes) };
}

/** Parameters that no bias leaves at zero. */
function valuesOf(layout: Layout): Float32Array {
  const rng = stream(key(4));
  return Float32Array.from({ length: layout.size }, () => 0.5 * rng.normal());
}

const layoutFor = (a: GraphArchitecture): Layout => layoutOf((scope) => graphKind.network(a, scope, batchOf(all).inputs));

/** Yang et al. (2019), equations 2 to 8, one edge after the other. */
function plain(a: GraphArchitecture, layout: Layout, values: ArrayLike<number>, { nodes, from, to, edges }: FlatGraph): readonly number[] {
  const part = (name: string) => layout.parameters.find((p) => p.name === name)!;
  const times = (x: readonly number[], name: string): number[] => {
    const { offset, shape: [rows, cols] } = part(`${name}.weight`);
    return Array.from({ length: cols }, (_, j) => x.reduce((sum, v, i) => sum + v * values[offset + i * cols + j], rows === x.length ? 0 : Number.NaN));
  };
  const bias = (name: string): number[] => Array.from({ length: part(`${name}.bias`).shape[0] }, (_, j) => values[part(`${name}.bias`).offset + j]);
  const plus = (...terms: readonly (readonly number[])[]): number[] => terms[0].map((_, j) => terms.reduce((sum, t) => sum + t[j], 0));
  const relu = (x: readonly number[]): number[] => x.map((v) => Math.max(v, 0));
  const ones = (codes: Int32Array, i: number, levels: typeof nodeLevels): number[] => levels.flatMap((field, f) => field.map((level) => Number(codes[i * levels.length + f] === level)));
  const n = nodes.length / FN;
  const none = Array.from({ length: a.hidden }, () => 0);
  const arcs = Array.from(from, (_, k) => [{ k, v: from[k], w: to[k], side: 0 }, { k, v: to[k], w: from[k], side: 1 }]).flat();
  const first = arcs.map(({ k, v }) => plus(times(ones(nodes, v, nodeLevels), "node"), times(ones(edges, k, edgeLevels), "edge")));
  let h = first.map(relu);
  for (let t = 1; t < a.depth; t++)
    h = arcs.map(({ k, v, side }, e) => {
      const heard = arcs.reduce((sum, other, o) => (other.w === v && !(other.k === k && other.side !== side) ? plus(sum, h[o]) : sum), none);
      return relu(plus(first[e], times(heard, "message")));
    });
  const states = Array.from({ length: n }, (_, v) => {
    const heard = arcs.reduce((sum, { w }, e) => (w === v ? plus(sum, h[e]) : sum), none);
    return relu(plus(times(ones(nodes, v, nodeLevels), "output"), bias("output"), times(heard, "heard")));
  });
  const read = plus(...states).map((s) => s / (a.aggregation === "mean" ? n : a.usualNodes));
  return plus(times(relu(plus(times(read, "head"), bias("head"))), "heads"), bias("heads"));
}

const VARIANTS: readonly (readonly [string, Partial<GraphArchitecture>])[] = [["means", {}], ["sums", { aggregation: "sum" }], ["one step", { depth: 1 }], ["five steps", { depth: 5 }]];

describe.each(VARIANTS)("with %s", (_, options) => {
  const a = architecture(options);
  const layout = layoutFor(a);
  const values = valuesOf(layout);

  test.each(Object.entries(GRAPHS))("%s: outputs equal those of plain loops", (_, one) => {
    const { inputs, feeds } = batchOf([one]);
    const [found] = interpret([graphKind.network(a, fixedScope(layout, { parameters: values, buffers: new Float32Array(0) }), inputs).outputs], feeds);
    plain(a, layout, values, one).forEach((wanted, j) => expect(found[j]).toBeCloseTo(wanted, 12));
  });

  test("gradients equal central differences of plain loops", () => {
    const { inputs, feeds } = batchOf(all);
    const parameters = op.input("parameters", [layout.size]);
    const scope = fedScopeOf(layout, parameters);
    const weights = [0.7, -1.3];
    const outputs = graphKind.network(a, scope, inputs).outputs;
    const loss = op.sum(op.mul(outputs, op.constant(weights, [2])));
    const [g] = interpret(gradient(loss, [parameters]), { ...feeds, parameters: Float64Array.from(values) });
    const lossAt = (v: Float64Array): number => all.reduce((sum, one) => sum + plain(a, layout, v, one).reduce((s, y, j) => s + y * weights[j], 0), 0);
    const step = 1e-6;
    for (let i = 0; i < layout.size; i++) {
      const moved = (by: number): number => lossAt(Float64Array.from(values, (v, k) => (k === i ? v + by : v)));
      const wanted = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(g[i] - wanted), `parameter ${i}: ${g[i]} for ${wanted}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(wanted)));
    }
  });
});

/** Parameters as parts of one tensor, so that one gradient has them all. */
function fedScopeOf(layout: Layout, parameters: Tensor) {
  const scope = (prefix: string): Parameters<typeof graphKind.network>[1] => ({
    training: false,
    parameter: (name, shape) => {
      const { offset } = layout.parameters.find((p) => p.name === prefix + name)!;
      return op.reshape(op.slice(parameters, { axis: 0, from: offset, to: offset + shape.reduce((x, y) => x * y, 1) }), shape);
    },
    buffer: () => op.scalar(0),
    update: () => {},
    uniform: () => op.scalar(0),
    at: (name) => scope(`${prefix}${name}.`),
  });
  return scope("");
}

test("nodes and edges in another order give the same answer", () => {
  const a = architecture();
  const layout = layoutFor(a);
  const values = { parameters: valuesOf(layout), buffers: new Float32Array(0) };
  const answer = (g: FlatGraph): Float64Array => {
    const { inputs, feeds } = batchOf([g]);
    return interpret([graphKind.network(a, fixedScope(layout, values), inputs).outputs], feeds)[0];
  };
  for (const [name, g] of Object.entries(GRAPHS))
    for (let r = 0; r < 4; r++) {
      const rng = stream(fold(key(r), name));
      const n = g.nodes.length / FN;
      const [place, edgeOrder] = [permutation(fold(key(r), `${name} nodes`), n), permutation(fold(key(r), `${name} edges`), g.from.length)];
      const nodes = new Int32Array(g.nodes.length);
      for (let i = 0; i < n; i++) nodes.set(g.nodes.subarray(i * FN, (i + 1) * FN), place[i] * FN);
      const ends = Array.from(edgeOrder, (e) => (rng.below(2) === 0 ? [place[g.from[e]], place[g.to[e]]] : [place[g.to[e]], place[g.from[e]]]));
      const other = answer({ nodes, from: Int32Array.from(ends, ([v]) => v), to: Int32Array.from(ends, ([, w]) => w), edges: Int32Array.from(edgeOrder, (e) => g.edges[e]) });
      answer(g).forEach((v, j) => expect(other[j]).toBeCloseTo(v, 12));
    }
});

describe("a file of the network", () => {
  const features = graphFeatures(FORMS);
  const a = architecture();
  const layout = layoutFor(a);
  const values = { parameters: valuesOf(layout), buffers: new Float32Array(0) };
  const manifest = { architecture: a, inputs: features };
  const inputs = graphKind.declare(manifest, BATCH);
  const file = writeProgram({ outputs: { y: graphKind.network(a, fixedScope(layout, values), graphKind.prepare(a, inputs)).outputs } });
  const tableOf = (graphs: readonly (FlatGraph | undefined)[]): Table => {
    const data = new Float64Array(graphs.length * features.length).fill(Number.NaN);
    graphs.forEach((g, i) => g && packGraph(FORMS, g, data.subarray(i * features.length, (i + 1) * features.length)));
    return { rows: graphs.length, cols: features.length, data, features };
  };
  const told = async (x: Table): Promise<Float32Array> => {
    const opened = await ortBackend(ort).open!(file);
    const feeds = graphKind.feeds(manifest, x, { from: 0, to: x.rows });
    return Float32Array.from((await opened.run(Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, feed.values]))))["y"]);
  };

  test("takes packed graphs, more of them and larger ones than its room for a row, and answers as plain loops do", async () => {
    const many = [...all, GRAPHS["a star"], ...all, GRAPHS["a ring with a tail"]];
    const found = await told(tableOf(many));
    many.forEach((g, i) => plain(a, layout, values.parameters, g).forEach((wanted, j) => expect(found[2 * i + j]).toBeCloseTo(wanted, 5)));
  });

  test("a level that training has not seen is no level at all", async () => {
    const few = architecture({ nodeLevels: [[0, 1], [0, 1]] });
    const narrow = layoutOf((scope) => graphKind.network(few, scope, graphKind.prepare(few, graphKind.declare({ architecture: few, inputs: features }, 4))));
    const y = graphKind.network(few, fixedScope(narrow, { parameters: valuesOf(narrow), buffers: new Float32Array(0) }), graphKind.prepare(few, graphKind.declare({ architecture: few, inputs: features }, 1))).outputs;
    const answer = (kind: number): Float64Array => interpret([y], Object.fromEntries(Object.entries(graphKind.feeds({ architecture: few, inputs: features }, tableOf([graph([kind, 0], [])]), { from: 0, to: 1 })).map(([name, feed]) => [name, feed.values])))[0];
    expect(answer(2)).toEqual(answer(3));
    expect(answer(2)).not.toEqual(answer(1));
  });

  test("a row without a graph is the middle of the data", async () => (await told(tableOf([all[0], undefined]))).slice(2, 4).forEach((v) => expect(v).toBeCloseTo(0, 15)));
});
