/* Values of the shipped table by atomic number, for rules and conditions whose meaning no user's table may change. */
import { atomicNumber } from "../chem/elements.ts";
import { elementTable } from "../elements/table.ts";
import { LAST_Z } from "./symbols.ts";

const columns = new Map<string, Float64Array>();

function columnOf(property: string): Float64Array {
  let column = columns.get(property);
  if (!column) {
    const j = elementTable.properties.findIndex(({ name }) => name === property);
    column = new Float64Array(LAST_Z + 1).fill(Number.NaN);
    for (const [i, symbol] of elementTable.symbols.entries()) column[atomicNumber(symbol)!] = elementTable.values[i * elementTable.properties.length + j]!;
    columns.set(property, column);
  }
  return column;
}

/** One value of an element, in the table's unit; NaN where it is unknown. */
export const shipped = (property: string, z: number): number => columnOf(property)[z]!;
