/*
 * Packed graphs as a network reads them. A node or an edge is one of a few types, the different combinations of its fields' levels;
 * a type is a row of ones and zeros, one for each level that was seen in training. A level that was not seen is no
 * one at all. Type 0 has no ones: it stands for what only fills up.
 */
import { type FlatGraph, type GraphColumns, type Table, graphColumns, unpackGraph } from "@tatara/engine/data";

/** Levels of each field that training has seen, ascending. Plain data. */
export type Levels = readonly (readonly number[])[];

/** How many ones and zeros a type has. */
export const widthOf = (levels: Levels): number => levels.reduce((sum, field) => sum + field.length, 0);

/** Graphs of the rows of a table; undefined where a row has none. */
export const graphsOf = (x: Table, columns: GraphColumns): readonly (FlatGraph | undefined)[] => Array.from({ length: x.rows }, (_, i) => unpackGraph(x, i, columns));

/** The features that hold the graphs of a table, and where. */
export function graphInputs({ features }: Table) {
  const columns = graphColumns(features);
  return columns && { columns, inputs: [...columns.nodes, ...columns.edges].map((j) => features[j]) };
}

/** Levels of each field that occur. */
export function levelsOf(codes: readonly Int32Array[], fields: number): Levels {
  const seen = Array.from({ length: fields }, () => new Set<number>());
  for (const part of codes) for (let at = 0; at < part.length; at++) seen[at % fields].add(part[at]);
  return seen.map((levels) => [...levels].sort((a, b) => a - b));
}

/** Different combinations of levels, and which one each item is. */
export interface Types {
  /** One for each part that was given: the type of each of its items, from 1 on. */
  readonly of: readonly Int32Array[];
  /** (types + 1) × widthOf(levels); type 0 is all zeros. */
  readonly ones: Float32Array;
  readonly count: number;
}

export function typesOf(codes: readonly Int32Array[], levels: Levels): Types {
  const fields = levels.length;
  const known = new Map<string, number>();
  const combinations: Int32Array[] = [];
  const of = codes.map((part) =>
    Int32Array.from({ length: fields === 0 ? 0 : part.length / fields }, (_, i) => {
      const item = part.subarray(i * fields, (i + 1) * fields);
      const name = item.join();
      const type = known.get(name) ?? combinations.push(item);
      known.set(name, type);
      return type;
    }),
  );
  const width = widthOf(levels);
  const ones = new Float32Array((combinations.length + 1) * width);
  combinations.forEach((item, t) => {
    let at = (t + 1) * width;
    levels.forEach((field, f) => {
      const place = field.indexOf(item[f]);
      if (place >= 0) ones[at + place] = 1;
      at += field.length;
    });
  });
  return { of, ones, count: combinations.length + 1 };
}

/** Edges in both directions, one after the other: edge 2k goes from the first end to the second, 2k + 1 back. Node 0 is kept free. */
export function directed({ from, to }: FlatGraph, offset: number, out: Int32Array, at: number): void {
  for (let k = 0; k < from.length; k++) {
    out[at + 2 * k] = offset + from[k];
    out[at + 2 * k + 1] = offset + to[k];
  }
}
