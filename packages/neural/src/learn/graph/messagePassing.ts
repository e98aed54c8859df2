/*
 * Ensembles of directed message-passing networks on packed graphs, with the other features of the table beside the graph (Yang et
 * al. 2019; the defaults are near those of chemprop 2, Heid et al., J. Chem. Inf. Model. 64 (2024) 9). Members differ by their first
 * values, their batches, and the rows that stop them. A row without a graph teaches nothing, and is predicted as the data's mean
 * and spread.
 */
import { type Context, InputError, type Key } from "@tatara/engine/base";
import { type FlatGraph, type Table, type Targets, selectTargets } from "@tatara/engine/data";
import { type Learner, alignColumns, checkTargets, takeRows } from "@tatara/engine/learn";
import { fitColumns } from "../ensembles.ts";
import type { NeuralHost } from "../host.ts";
import { type EnsembleOptions, describeOptions } from "../options.ts";
import { prepareRows, preparationOf, preparedWidth } from "../preparation.ts";
import type { Setting } from "../ensembles.ts";
import { graphBatching } from "./batching.ts";
import { graphInputs, graphsOf, levelsOf, typesOf, widthOf } from "./graphs.ts";
import { type GraphArchitecture, graphKind } from "./network.ts";

/** Those of every ensemble of networks, with defaults of their own: batches of 50 rows, a rate of 0.001, no dropout. */
export interface MessagePassingOptions extends EnsembleOptions {
  /** Units of an edge's state, and of the layers after it. Default 200. */
  readonly hidden?: number;
  /** States of an edge: how many edges a message travels. Default 3. */
  readonly depth?: number;
  /** What a graph is of its nodes; the sum grows with it. Default `mean`. */
  readonly aggregation?: "mean" | "sum";
}

/** What is usual for a number of rows. */
export const usualEpochs = (rows: number): number => Math.round(Math.min(60, Math.max(20, 40 * Math.sqrt(1000 / Math.max(rows, 1)))));

/** The learner. */
export function messagePassing(host: NeuralHost, options: MessagePassingOptions = {}): Learner {
  const { members = 5, joint = false, classWeight = "none" } = options;
  const id = `message-passing(${describeOptions({ members, ...options })})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 6,
    ...(joint && { joint }),
    fit: async (table: Table, targets: Targets, key: Key, ctx: Context) => {
      checkTargets(table, targets);
      const { x, y } = withGraphs(table, targets);
      return fitColumns({ host, id, x, y, joint, balanced: classWeight === "balanced", set: (rows, _, outputs) => settingOf(rows, outputs, options) }, key, ctx);
    },
  };
}

/** The rows that have a graph. Throws InputError when the table has none at all. */
function withGraphs(x: Table, y: Targets): { readonly x: Table; readonly y: Targets } {
  const found = graphInputs(x);
  if (found === undefined) throw new InputError("no packed graph: message-passing needs the descriptor graph — add it: represent: [graph, …]", { path: "represent" });
  const rows = Int32Array.from(graphsOf(x, found.columns).flatMap((g, i) => (g === undefined ? [] : [i])));
  if (rows.length === x.rows) return { x, y };
  return { x: takeRows(x, rows), y: selectTargets(y, rows) };
}

/** Networks that learn the widths: their mean is taken, and a width needs no more. */
const WIDTHS = 2;

function settingOf(x: Table, outputs: number, { members = 5, hidden = 200, depth = 3, aggregation = "mean", dropout = 0, batch = 50, epochs = usualEpochs(x.rows), patience = Math.ceil(epochs / 2), rate = 1e-3, weightDecay = 1e-3, objective = "means", cost = "squared", law = "normal", beta = 0.5, averaging = 0.5 }: MessagePassingOptions): Setting<GraphArchitecture> {
  const { columns, inputs } = graphInputs(x)!;
  const graphs = graphsOf(x, columns) as readonly FlatGraph[];
  const [nodeCodes, edgeCodes] = [graphs.map((g) => g.nodes), graphs.map((g) => g.edges)];
  const [nodeLevels, edgeLevels] = [levelsOf(nodeCodes, columns.nodeLevels.length), levelsOf(edgeCodes, columns.edgeLevels.length)];
  const [nodes, edges] = [typesOf(nodeCodes, nodeLevels), typesOf(edgeCodes, edgeLevels)];
  const mean = (counts: readonly Int32Array[]): number => counts.reduce((sum, part) => sum + part.length, 0) / counts.length;
  const preparation = preparationOf(x);
  const architecture: GraphArchitecture = {
    nodeLevels, edgeLevels, hidden, depth, aggregation, usualNodes: mean(nodes.of), dropout, outputs,
    ...(preparation && { preparation }),
    room: { nodes: Math.ceil(mean(nodes.of)) + 1, edges: Math.max(1, Math.ceil(mean(edges.of))) },
  };
  return {
    kind: graphKind,
    name: "message-passing",
    architecture,
    inputs: [...inputs, ...(preparation?.inputs ?? [])],
    rows: {
      slot: { width: [1], dtype: "f32", values: new Float32Array(x.rows) },
      ...(preparation && { z: { width: [preparedWidth(preparation)], dtype: "f32" as const, values: prepareRows(preparation, x, alignColumns(x, preparation.inputs)) } }),
    },
    batching: graphBatching({ graphs, nodes, edges, widths: { nodes: widthOf(nodeLevels), edges: widthOf(edgeLevels) } }),
    settings: { members, batch, epochs, patience, rate, weightDecay, averaging, objective, cost, law, beta },
    widths: { members: Math.min(members, WIDTHS), epochs: Math.ceil(epochs / 4), patience: Math.ceil(epochs / 8), rate: rate / 2 },
  };
}
