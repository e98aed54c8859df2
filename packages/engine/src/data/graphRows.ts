/*
 * Graphs as rows of numbers, so that tables, files, threads and resumed runs carry them like any other features. A
 * node is one whole number that packs its categorical fields in mixed radix, the first field fastest; an edge packs
 * its two ends and its fields in the same way. A row has a place for each node and each edge up to a limit; places that
 * are not used hold NaN. Edges are undirected, may join a node with itself and may run parallel.
 */
import { InputError } from "../base/errors.ts";
import { one } from "../base/unit.ts";
import type { Feature, Table } from "./types.ts";

/** A categorical field of a node or an edge, with the number of its levels. */
export interface CodeField {
  readonly name: string;
  readonly levels: number;
}

/** What the rows of one block hold. */
export interface GraphLayout {
  readonly block: string;
  /** Most nodes and edges of a graph. */
  readonly nodes: number;
  readonly edges: number;
  readonly nodeFields: readonly CodeField[];
  readonly edgeFields: readonly CodeField[];
}

/** A graph as plain numbers: n nodes and m edges. Fields are levels from 0. */
export interface FlatGraph {
  /** n × node fields. */
  readonly nodes: Int32Array;
  /** Ends of each edge, m. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** m × edge fields. */
  readonly edges: Int32Array;
}

/** Level counts of the numbers that an edge packs: its ends, then its fields. */
const edgeLevels = ({ nodes, edgeFields }: GraphLayout): readonly number[] => [nodes, nodes, ...edgeFields.map(({ levels }) => levels)];
const nodeLevels = ({ nodeFields }: GraphLayout): readonly number[] => nodeFields.map(({ levels }) => levels);

/** The features of a layout: nodes, then edges. Throws InputError when a code would not be a safe integer. */
export function graphFeatures(layout: GraphLayout): readonly Feature[] {
  const places = (of: "node" | "edge", count: number, levels: readonly number[]): readonly Feature[] => {
    const codes = levels.reduce((product, n) => product * n, 1);
    if (!Number.isSafeInteger(codes) || levels.some((n) => !(Number.isSafeInteger(n) && n >= 1))) throw new InputError(`codes too large: ${levels.join(" × ")} levels of a ${of} — their product stays below 2^53`, { path: layout.block, value: codes });
    return Array.from({ length: count }, (_, i) => ({ name: `${layout.block}_${of}_${i}`, unit: one, about: `${of} ${i} of the packed graph`, block: layout.block, kind: "code", code: { of, levels } }));
  };
  return [...places("node", layout.nodes, nodeLevels(layout)), ...places("edge", layout.edges, edgeLevels(layout))];
}

/** Columns of a table that hold packed graphs. */
export interface GraphColumns {
  readonly block: string;
  readonly nodes: Int32Array;
  readonly edges: Int32Array;
  readonly nodeLevels: readonly number[];
  /** Of the fields alone, without the ends. */
  readonly edgeLevels: readonly number[];
}

/** The first block of packed graphs among the features; undefined when there is none. Places are found by their names, in any order. */
export function graphColumns(features: readonly Feature[]): GraphColumns | undefined {
  const block = features.find(({ kind, code }) => kind === "code" && code !== undefined)?.block;
  if (block === undefined) return undefined;
  const places = (of: "node" | "edge"): readonly number[] =>
    features
      .flatMap((feature, j) => (feature.block === block && feature.code?.of === of ? [[Number(feature.name.slice(`${block}_${of}_`.length)), j] as const] : []))
      .sort(([a], [b]) => a - b)
      .map(([, j]) => j);
  const [nodes, edges] = [places("node"), places("edge")];
  const levelsAt = (columns: readonly number[]): readonly number[] => (columns[0] === undefined ? [] : features[columns[0]]!.code!.levels);
  return { block, nodes: Int32Array.from(nodes), edges: Int32Array.from(edges), nodeLevels: levelsAt(nodes), edgeLevels: levelsAt(edges).slice(2) };
}

/** Why a graph does not fit into the rows of a layout, if so. */
export function tooLarge({ nodes, edges }: Pick<GraphLayout, "nodes" | "edges">, count: { readonly nodes: number; readonly edges: number }, words: { readonly nodes: string; readonly edges: string }): string | undefined {
  if (count.nodes > nodes) return `${count.nodes} ${words.nodes} — at most ${nodes} fit into a packed graph`;
  if (count.edges > edges) return `${count.edges} ${words.edges} — at most ${edges} fit into a packed graph`;
  return undefined;
}

/** Fill a row with a graph; all NaN when it is too large. Throws InputError for a level that its field does not have. */
export function packGraph(layout: GraphLayout, { nodes, from, to, edges }: FlatGraph, row: Float64Array): void {
  row.fill(Number.NaN);
  const [n, m] = [layout.nodeFields.length === 0 ? 0 : nodes.length / layout.nodeFields.length, from.length];
  if (n > layout.nodes || m > layout.edges) return;
  const [ofNode, ofEdge, width, fields] = [nodeLevels(layout), edgeLevels(layout), layout.nodeFields.length, layout.edgeFields.length];
  for (let i = 0; i < n; i++) row[i] = packed(nodes.subarray(i * width, (i + 1) * width), ofNode, layout.nodeFields);
  const whole: readonly CodeField[] = [{ name: "first end", levels: n }, { name: "second end", levels: n }, ...layout.edgeFields];
  for (let e = 0; e < m; e++) row[layout.nodes + e] = packed([from[e]!, to[e]!, ...edges.subarray(e * fields, (e + 1) * fields)], ofEdge, whole);
}

function packed(values: ArrayLike<number>, levels: readonly number[], fields: readonly CodeField[]): number {
  let code = 0;
  for (let f = levels.length - 1; f >= 0; f--) {
    const value = values[f]!;
    if (!(Number.isInteger(value) && value >= 0 && value < fields[f]!.levels)) throw new InputError(`no such level: ${fields[f]!.name} = ${value} — from 0 to ${fields[f]!.levels - 1}`, { path: fields[f]!.name, value });
    code = code * levels[f]! + value;
  }
  return code;
}

/** The graph in one row of a table; undefined where the row has no node. Throws InputError when the numbers are no packed graph. */
export function unpackGraph({ data, cols }: Pick<Table, "data" | "cols">, row: number, { block, nodes: nodeAt, edges: edgeAt, nodeLevels: ofNodes, edgeLevels: ofEdges }: GraphColumns): FlatGraph | undefined {
  const at = row * cols;
  const used = (columns: Int32Array): number => {
    let count = 0;
    while (count < columns.length && !Number.isNaN(data[at + columns[count]!]!)) count++;
    for (let i = count; i < columns.length; i++) if (!Number.isNaN(data[at + columns[i]!]!)) throw broken(block, row, "a number after the last place in use");
    return count;
  };
  const [n, m] = [used(nodeAt), used(edgeAt)];
  if (n === 0) return undefined;
  const [nodes, edges, from, to] = [new Int32Array(n * ofNodes.length), new Int32Array(m * ofEdges.length), new Int32Array(m), new Int32Array(m)];
  for (let i = 0; i < n; i++) unpacked(data[at + nodeAt[i]!]!, ofNodes, nodes, i * ofNodes.length, block, row);
  const whole = new Int32Array(2 + ofEdges.length);
  const levels = [nodeAt.length, nodeAt.length, ...ofEdges];
  for (let e = 0; e < m; e++) {
    unpacked(data[at + edgeAt[e]!]!, levels, whole, 0, block, row);
    [from[e], to[e]] = [whole[0]!, whole[1]!];
    if (from[e]! >= n || to[e]! >= n) throw broken(block, row, `an edge to node ${Math.max(from[e]!, to[e]!)} of ${n}`);
    edges.set(whole.subarray(2), e * ofEdges.length);
  }
  return { nodes, from, to, edges };
}

function unpacked(code: number, levels: readonly number[], out: Int32Array, at: number, block: string, row: number): void {
  let rest = code;
  if (!(Number.isSafeInteger(code) && code >= 0)) throw broken(block, row, `code ${code}`);
  for (let f = 0; f < levels.length; f++) {
    out[at + f] = rest % levels[f]!;
    rest = Math.floor(rest / levels[f]!);
  }
  if (rest > 0) throw broken(block, row, `code ${code}`);
}

const broken = (block: string, row: number, what: string): InputError => new InputError(`no packed graph: ${block} of row ${row} has ${what} — rows are written by packGraph`, { path: block, value: row });

/** Columns without packed graphs: what learners see that do not read these. The table itself when it has none. */
export function withoutCodes(x: Table): Table {
  const kept = Array.from(x.features.keys()).filter((j) => x.features[j]!.kind !== "code");
  if (kept.length === x.cols) return x;
  const data = new Float64Array(x.rows * kept.length);
  for (let i = 0; i < x.rows; i++) for (let k = 0; k < kept.length; k++) data[i * kept.length + k] = x.data[i * x.cols + kept[k]!]!;
  return { rows: x.rows, cols: kept.length, data, features: kept.map((j) => x.features[j]!) };
}
