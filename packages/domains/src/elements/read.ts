/*
 * A user's own table of elements, from delimited text: one row per element, one column per property. A bad table is
 * refused as a whole, with row and column, since every descriptor of every material would rest on it.
 */
import { InputError, parseUnit } from "@tatara/engine/base";
import { dsvFormat } from "d3-dsv";
import { atomicNumber } from "../chem/elements.ts";
import { contentId } from "./table.ts";
import type { ElementProperty, ElementTable } from "./types.ts";

const SYMBOL_COLUMN = /^(symbol|id|element)$/i;
const DELIMITERS = [",", ";", "\t"];
const UNKNOWN = /^(|-|na|n\/a|nan|null|none)$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Read a table: the column `symbol` (or `id`, `element`, else the first) names the element, all others are numbers,
 * with the unit in the header as `melting point (K)`; without one it is a pure number. Empty cells and NA are unknown.
 * Rows are put in order of atomic number. `id` defaults to a hash of the content. Throws InputError.
 */
export function readElementTable(text: string, id?: string): ElementTable {
  const [header, ...rows] = cellsOf(text);
  if (header === undefined || rows.length === 0) throw new InputError(`no elements in the table: ${rows.length} rows — write a header, then one row per element`, { value: text.slice(0, 80) });
  const symbolAt = Math.max(0, header.findIndex((name) => SYMBOL_COLUMN.test(name)));
  const columns = header.map((name, at) => ({ name, at })).filter(({ at }) => at !== symbolAt);
  if (columns.length === 0) throw new InputError(`no properties in the table: only the column "${header[symbolAt]}" — write one column per property`, { value: header });
  const properties = columns.map(({ name, at }) => propertyOf(name, at));
  refuseTwice(properties);
  for (const [i, row] of rows.entries()) checkLength(row, i, header.length);
  const order = orderOf(rows.map((row) => row[symbolAt]!));
  const symbols = order.map((i) => rows[i]![symbolAt]!);
  const values = Float64Array.from(order.flatMap((i) => columns.map(({ name, at }) => numberOf(rows[i]![at]!, i, name))));
  properties.forEach((property, j) => refuseEmpty(property, symbols, values, j, properties.length));
  return { id: id ?? contentId(symbols, properties, values), symbols, properties, values, imputed: new Uint8Array(values.length) };
}

/** Trimmed cells; lines without content are left out. The delimiter is the one that the first line has most of. */
function cellsOf(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, "");
  const [first] = plain.trimStart().split(/\r?\n/, 1);
  const [delimiter] = DELIMITERS.toSorted((a, b) => first!.split(b).length - first!.split(a).length);
  return dsvFormat(delimiter!)
    .parseRows(plain)
    .map((row) => row.map((cell) => cell.trim()))
    .filter((row) => row.some((cell) => cell !== ""));
}

/** Rows as a reader of the file counts them: the header is row 1. */
const rowNumber = (i: number): number => i + 2;

function propertyOf(header: string, at: number): ElementProperty {
  const found = /^(.*?)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(header);
  const [name, unit] = found === null ? [header, "1"] : [found[1]!, found[2]!];
  if (name === "") throw new InputError(`property without a name: column ${at + 1} ("${header}") — name it in the header, as in "density (g/cm^3)"`, { path: `column ${at + 1}`, value: header });
  try {
    parseUnit(unit);
  } catch (cause) {
    throw new InputError(`unreadable unit in the header: "${header}" — put only a unit in parentheses, as in "density (g/cm^3)", or nothing`, { path: name, value: unit, cause });
  }
  return { name, unit, about: "", source: "user's table" };
}

function refuseTwice(properties: readonly ElementProperty[]): void {
  const seen = new Set<string>();
  for (const { name } of properties) {
    if (seen.has(name)) throw new InputError(`property given twice: "${name}" — names of columns must differ`, { path: name, value: name });
    seen.add(name);
  }
}

function checkLength(row: readonly string[], i: number, length: number): void {
  if (row.length !== length) throw new InputError(`row ${rowNumber(i)} ("${row[0]}") has ${row.length} cells — the header has ${length}`, { path: `row ${rowNumber(i)}`, value: row });
}

/** Places of the rows by atomic number; every symbol must be an element's, and its only one. */
function orderOf(symbols: readonly string[]): number[] {
  const rowOf = new Map<string, number>();
  for (const [i, symbol] of symbols.entries()) {
    const path = `row ${rowNumber(i)}`;
    if ((atomicNumber(symbol) ?? 0) === 0) throw new InputError(`unknown element: "${symbol}" in row ${rowNumber(i)} — write a symbol such as Fe`, { path, value: symbol });
    const before = rowOf.get(symbol);
    if (before !== undefined) throw new InputError(`element given twice: ${symbol} in rows ${rowNumber(before)} and ${rowNumber(i)} — each has one row`, { path, value: symbol });
    rowOf.set(symbol, i);
  }
  return [...rowOf.keys()].toSorted((a, b) => atomicNumber(a)! - atomicNumber(b)!).map((symbol) => rowOf.get(symbol)!);
}

function numberOf(cell: string, i: number, column: string): number {
  if (UNKNOWN.test(cell)) return Number.NaN;
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isFinite(value)) throw new InputError(`not a number: "${cell}" in row ${rowNumber(i)}, column "${column}" — write a number, or leave the cell empty where it is unknown`, { path: `row ${rowNumber(i)}, ${column}`, value: cell });
  return value;
}

function refuseEmpty({ name }: ElementProperty, symbols: readonly string[], values: Float64Array, j: number, d: number): void {
  if (symbols.every((_, i) => Number.isNaN(values[i * d + j]!))) throw new InputError(`empty property: "${name}" has no number in ${symbols.length} rows — fill the column or leave it out`, { path: name, value: name });
}
