/*
 * The directed message-passing network of Yang et al. (J. Chem. Inf. Model. 59 (2019) 3370, doi 10.1021/acs.jcim.9b00237, equations
 * 2 to 8): states live on directed edges, and what an edge v → w hears are the edges into v but the one back from w, so that no
 * message turns round at once:
 *
 *   h⁰(v→w) = σ(Wi [x(v), e(vw)]),   hᵗ⁺¹(v→w) = σ(Wi [x(v), e(vw)] + Wm Σ_{k ∈ N(v) \ w} hᵗ(k→v)),
 *   h(v) = σ(Wo [x(v), Σ_{k ∈ N(v)} hᵀ(k→v)]),   h = mean or scaled sum of h(v),
 *
 * and two dense layers see h beside the row's other features. Without biases before Wo: what fills up stays zero.
 */
import { type Table, graphColumns } from "@tatara/engine/data";
import { InputError } from "@tatara/engine/base";
import { alignColumns, takeRows } from "@tatara/engine/learn";
import { fill, glorot, he } from "../../layers/initialise.ts";
import { dense, dropout } from "../../layers/layers.ts";
import type { Scope } from "../../layers/types.ts";
import * as op from "../../tensor/ops.ts";
import type { Tensor } from "../../tensor/types.ts";
import type { RowFeeds } from "../host.ts";
import { type Preparation, preparedTensor } from "../preparation.ts";
import type { NetworkKind, Traced } from "../types.ts";
import { type Levels, directed, graphsOf } from "./graphs.ts";

/** Plain data: what the network is built from. */
export interface GraphArchitecture {
  readonly nodeLevels: Levels;
  readonly edgeLevels: Levels;
  /** Units of the states and of the layer after them. */
  readonly hidden: number;
  /** States of an edge, the first one counted. */
  readonly depth: number;
  /** A graph's mean over its nodes, or its sum over the usual number of nodes. */
  readonly aggregation: "mean" | "sum";
  /** Nodes of a graph in training, on average. */
  readonly usualNodes: number;
  readonly dropout: number;
  /** The other features; absent when there are none. */
  readonly preparation?: Preparation;
  /** Numbers that the heads take. */
  readonly outputs: number;
  /** Room of one row in the file's inputs; a row that needs more takes that of others. */
  readonly room: { readonly nodes: number; readonly edges: number };
}

/** The two directions of each edge change places: [2k, h]. */
function turned(h: Tensor): Tensor {
  const [edges, width] = h.shape;
  const pairs = op.reshape(h, [edges / 2, 2 * width]);
  return op.reshape(op.concat([op.slice(pairs, { axis: 1, from: width }), op.slice(pairs, { axis: 1, to: width })], 1), [edges, width]);
}

/**
 * Inputs: `nodeTypes` [types, ones] and `node` [n], its type of each node; `edgeTypes` and `edge` [e] likewise; `source` [e], the node where
 * each directed edge begins; `target` [e], where it ends; `row` [n], the graph of each node; `known` [n, 1], 0 for what fills up;
 * `slot` [b, 1], of which only the shape counts; `z` [b, d], other features. Without `node` (`edge`) the types are the nodes.
 */
function network({ hidden, depth, aggregation, usualNodes, dropout: rate, outputs }: GraphArchitecture, scope: Scope, inputs: Readonly<Record<string, Tensor>>): Traced {
  const { nodeTypes, node, edgeTypes, edge, source, target, row, known, z } = inputs;
  const [n, b] = [known.shape[0], inputs["slot"].shape[0]];
  const nodesIn = (name: string, bias: boolean): Tensor => {
    const table = dense(scope.at(name), nodeTypes, hidden, { bias, initialiser: he });
    return node === undefined ? table : op.gather(table, node);
  };
  const own = dense(scope.at("edge"), edgeTypes, hidden, { bias: false, initialiser: he });
  const first = op.add(op.gather(nodesIn("node", false), source), edge === undefined ? own : op.gather(own, edge));
  const incoming = (h: Tensor): Tensor => op.scatterAdd(h, target, n);
  let h = op.relu(first);
  for (let t = 1; t < depth; t++) {
    const heard = op.sub(op.gather(incoming(h), source), turned(h));
    h = dropout(scope.at(`step${t}`), op.relu(op.add(first, dense(scope.at("message"), heard, hidden, { bias: false, initialiser: he }))), rate);
  }
  const states = dropout(scope.at("node"), op.relu(op.add(nodesIn("output", true), dense(scope.at("heard"), incoming(h), hidden, { bias: false, initialiser: he }))), rate);
  const counts = op.scatterAdd(known, row, b);
  const sums = op.scatterAdd(op.mul(states, known), row, b);
  const read = aggregation === "mean" ? op.div(sums, op.maximum(counts, 1)) : op.mul(sums, 1 / usualNodes);
  const seen = z === undefined ? read : op.concat([read, op.mul(z, scope.parameter("importance", [z.shape[1]], fill(1), { decay: false }))], 1);
  const before = dense(scope.at("head"), seen, hidden, { initialiser: he });
  const heads = dense(scope.at("heads"), dropout(scope.at("head"), op.relu(before), rate), outputs, { initialiser: glorot });
  // A row without a graph is the data's mean and spread.
  return { outputs: op.mul(heads, op.minimum(counts, 1)), hidden: [read, before] };
}

/** Levels (from 1 on, 0 for none) as ones and zeros: [m, fields] → [m, widthOf]. */
function onesOf(codes: Tensor, levels: Levels): Tensor {
  const parts = levels.flatMap((field, f) => (field.length === 0 ? [] : [op.cast(op.equal(op.slice(codes, { axis: 1, from: f, to: f + 1 }), op.constant(field.map((level) => level + 1), [field.length], "i32")), "f32")]));
  return op.concat(parts, 1);
}

export const graphKind: NetworkKind<GraphArchitecture> = {
  declare: ({ architecture: { room, nodeLevels, edgeLevels, preparation } }, rows) => ({
    nodes: op.input("nodes", [rows, room.nodes, nodeLevels.length], "i32"),
    edges: op.input("edges", [rows, room.edges, edgeLevels.length], "i32"),
    source: op.input("source", [rows, room.edges, 2], "i32"),
    row: op.input("row", [rows, room.nodes], "i32"),
    ...(preparation && { x: op.input("x", [rows, preparation.inputs.length]) }),
  }),
  prepare: ({ room, nodeLevels, edgeLevels, preparation }, inputs) => {
    const [rows] = inputs["row"].shape;
    const nodes = op.reshape(inputs["nodes"], [rows * room.nodes, nodeLevels.length]);
    const ends = op.reshape(inputs["source"], [rows * room.edges, 2]);
    const ones = onesOf(op.reshape(inputs["edges"], [rows * room.edges, edgeLevels.length]), edgeLevels);
    const both = (of: readonly Tensor[]): Tensor => op.reshape(op.concat(of, 1), [2 * rows * room.edges, -1]);
    const at = (i: number): Tensor => op.slice(ends, { axis: 1, from: i, to: i + 1 });
    return {
      nodeTypes: onesOf(nodes, nodeLevels),
      edgeTypes: both([ones, ones]),
      source: op.reshape(ends, [-1]),
      target: op.reshape(op.concat([at(1), at(0)], 1), [-1]),
      row: op.reshape(inputs["row"], [rows * room.nodes]),
      known: op.cast(op.greater(op.slice(nodes, { axis: 1, to: 1 }), 0), "f32"),
      slot: op.filled(0, [rows, 1]),
      ...(preparation && { z: preparedTensor(preparation, inputs["x"]) }),
    };
  },
  network,
  feeds: ({ architecture, inputs }, x, { from, to }) => graphFeeds(architecture, takeRows(x, Int32Array.from({ length: to - from }, (_, i) => from + i)), inputs),
};

/** The file's inputs for all rows of a table: enough rows to hold all nodes and edges. Node 0 is nobody's, for edges that fill up. */
function graphFeeds({ room, nodeLevels, edgeLevels, preparation }: GraphArchitecture, x: Table, inputs: Parameters<typeof alignColumns>[1]): RowFeeds {
  const columns = alignColumns(x, inputs);
  const own: Table = { rows: x.rows, cols: inputs.length, features: inputs, data: aligned(x, columns) };
  const packed = graphColumns(inputs);
  if (packed === undefined) throw new InputError("damaged model: its inputs hold no packed graph — take the file anew", { path: "model" });
  const graphs = graphsOf(own, packed);
  const [fn, fe] = [nodeLevels.length, edgeLevels.length];
  const [n, m] = graphs.reduce(([a, b], g) => (g === undefined ? [a, b] : [a + g.nodes.length / fn, b + g.from.length]), [1, 0]);
  const rows = Math.max(x.rows, Math.ceil(n / room.nodes), Math.ceil(m / room.edges));
  const [nodes, edges, source, row] = [new Int32Array(rows * room.nodes * fn), new Int32Array(rows * room.edges * fe), new Int32Array(rows * room.edges * 2), new Int32Array(rows * room.nodes)];
  let [nodeAt, edgeAt] = [1, 0];
  graphs.forEach((g, i) => {
    if (g === undefined) return;
    nodes.set(g.nodes.map((level) => level + 1), nodeAt * fn);
    edges.set(g.edges.map((level) => level + 1), edgeAt * fe);
    directed(g, nodeAt, source, 2 * edgeAt);
    row.fill(i, nodeAt, nodeAt + g.nodes.length / fn);
    nodeAt += g.nodes.length / fn;
    edgeAt += g.from.length;
  });
  return {
    nodes: { values: nodes, width: room.nodes * fn },
    edges: { values: edges, width: room.edges * fe },
    source: { values: source, width: room.edges * 2 },
    row: { values: row, width: room.nodes },
    ...(preparation && { x: { values: Float32Array.from(aligned(x, alignColumns(x, preparation.inputs))), width: preparation.inputs.length } }),
  };
}

/** Some columns of a table. */
function aligned(x: Table, columns: Int32Array): Float64Array {
  const data = new Float64Array(x.rows * columns.length);
  for (let i = 0; i < x.rows; i++) for (let k = 0; k < columns.length; k++) data[i * columns.length + k] = x.data[i * x.cols + columns[k]];
  return data;
}
