/*
 * Batches of graphs: their nodes and edges one after another in one list each, of a length that holds every batch. Rows
 * are dealt out so that all batches are of about one size, and little is computed for what fills up.
 */
import type { FlatGraph } from "@tatara/engine/data";
import * as op from "../../tensor/ops.ts";
import type { Batching } from "../members.ts";
import { type Types, directed } from "./graphs.ts";

export interface BatchedGraphs {
  /** One for each row. */
  readonly graphs: readonly FlatGraph[];
  readonly nodes: Types;
  readonly edges: Types;
  /** Ones and zeros of a type. */
  readonly widths: { readonly nodes: number; readonly edges: number };
}

export function graphBatching({ graphs, nodes, edges, widths }: BatchedGraphs): Batching {
  const nodesOf = (row: number): number => nodes.of[row].length;
  const edgesOf = (row: number): number => edges.of[row].length;
  return {
    constants: { nodeTypes: op.constant(nodes.ones, [nodes.count, widths.nodes]), edgeTypes: op.constant(edges.ones, [edges.count, widths.edges]) },
    arrange: (rows, batch) => levelled(rows, batch, (row) => nodesOf(row) + edgesOf(row)),
    // Node 0 is nobody's.
    sizes: (rows) => [rows.reduce((sum, row) => sum + nodesOf(row), 1), 2 * Math.max(1, rows.reduce((sum, row) => sum + edgesOf(row), 0))],
    declare: ([n, e]) => ({
      node: { shape: [n], dtype: "i32" },
      edge: { shape: [e], dtype: "i32" },
      source: { shape: [e], dtype: "i32" },
      target: { shape: [e], dtype: "i32" },
      row: { shape: [n], dtype: "i32" },
      known: { shape: [n, 1], dtype: "f32" },
    }),
    feeds: (rows, [n, e]) => {
      const [node, row, known] = [new Int32Array(n), new Int32Array(n), new Float32Array(n)];
      const [edge, source, target] = [new Int32Array(e), new Int32Array(e), new Int32Array(e)];
      let [nodeAt, edgeAt] = [1, 0];
      rows.forEach((index, slot) => {
        node.set(nodes.of[index], nodeAt);
        row.fill(slot, nodeAt, nodeAt + nodesOf(index));
        known.fill(1, nodeAt, nodeAt + nodesOf(index));
        directed(graphs[index], nodeAt, source, edgeAt);
        edges.of[index].forEach((type, k) => edge.fill(type, edgeAt + 2 * k, edgeAt + 2 * k + 2));
        nodeAt += nodesOf(index);
        edgeAt += 2 * edgesOf(index);
      });
      for (let k = 0; k < e; k++) target[k] = source[k ^ 1];
      return { node, edge, source, target, row, known };
    },
  };
}

/** The largest first, each into the batch that is smallest so far; equal ones in the order given (Graham 1969, longest processing time). */
function levelled(rows: Int32Array, batch: number, sizeOf: (row: number) => number): Int32Array {
  const batches = Array.from({ length: rows.length / batch }, () => ({ total: 0, rows: [] as number[] }));
  for (const row of Array.from(rows).sort((a, b) => sizeOf(b) - sizeOf(a))) {
    const into = batches.filter((one) => one.rows.length < batch).reduce((a, b) => (b.total < a.total ? b : a));
    into.rows.push(row);
    into.total += sizeOf(row);
  }
  return Int32Array.from(batches.flatMap((one) => one.rows));
}
