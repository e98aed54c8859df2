/* A table of elements laid out for descriptors: rows by atomic number, and one of NaN for elements it does not have. */
import { InputError } from "@tatara/engine/base";
import { atomicNumber } from "../chem/elements.ts";
import type { ElementTable } from "../elements/types.ts";
import { LAST_Z } from "./symbols.ts";

export interface Rows {
  readonly table: ElementTable;
  readonly width: number;
  /** The table's numbers, and a last row of NaN. */
  readonly values: Float64Array;
  /** Where the row of atomic number z begins; that of NaN when the table has no such element. */
  readonly starts: Int32Array;
}

export const rowOf = ({ starts }: Rows, z: number): number => starts[z]!;

export function rowsOf(table: ElementTable): Rows {
  const width = table.properties.length;
  if (width === 0 || table.values.length !== width * table.symbols.length) throw new InputError(`not a table of elements: ${table.values.length} numbers for ${table.symbols.length} elements and ${width} properties — one number for each`, { path: "data.elements" });
  const values = new Float64Array(table.values.length + width).fill(Number.NaN);
  values.set(table.values);
  const starts = new Int32Array(LAST_Z + 1).fill(table.values.length);
  table.symbols.forEach((symbol, i) => {
    const z = atomicNumber(symbol);
    if (z) starts[z] = i * width;
  });
  return { table, width, values, starts };
}
