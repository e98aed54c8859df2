/* The shipped table of elements: 58 properties of H to Pu without gaps, later elements as far as facts go. See card.md. */
import { hashJson } from "@tatara/engine/base";
import { elementData } from "./data/elementData.ts";
import type { ElementProperty, ElementTable } from "./types.ts";

/** Name, unit and meaning of what a table holds decide its identity together with the numbers. */
export const contentId = (symbols: readonly string[], properties: readonly ElementProperty[], values: Float64Array): string =>
  hashJson({ symbols, properties: properties.map(({ name, unit }) => [name, unit]), values });

function parse(): ElementTable {
  const properties = elementData.properties.map(([name, unit, about, source]): ElementProperty => ({ name, unit, about, source }));
  const rows = elementData.rows
    .trim()
    .split("\n")
    .map((row) => row.split(" "));
  const symbols = rows.map(([symbol]) => symbol!);
  const cells = rows.flatMap(([, ...rest]) => rest);
  const values = Float64Array.from(cells, (cell) => (cell === "-" ? Number.NaN : Number.parseFloat(cell)));
  return { id: contentId(symbols, properties, values), symbols, properties, values, imputed: Uint8Array.from(cells, (cell) => (cell.endsWith("~") ? 1 : 0)) };
}

/** H to Og × 58 properties; H to Pu have no gaps, and what was imputed is flagged. */
export const elementTable: ElementTable = parse();

/** One value of a table; NaN where it is unknown, or where the table lacks the element or the property. */
export function elementValue({ symbols, properties, values }: ElementTable, symbol: string, property: string): number {
  const [i, j] = [symbols.indexOf(symbol), properties.findIndex(({ name }) => name === property)];
  return i === -1 || j === -1 ? Number.NaN : values[i * properties.length + j]!;
}
