/*
 * The rows of a table that a study is about, by conditions on its columns: measured at one temperature, above zero, of
 * some classes. Rows left out are not wrong, so they are counted and not refused.
 */
import { didYouMean, InputError, one } from "@tatara/engine/base";
import { numberCells, parseHeader } from "@tatara/engine/data";
import { parseTarget } from "@tatara/engine/design";
import type { Study } from "../schema/study.ts";
import { readCsv, type RawTable } from "../tables/csv.ts";
import { columnIndex } from "./assemble.ts";

type Where = NonNullable<Study["data"]["where"]>;

export interface Filtered {
  readonly table: RawTable;
  /** Rows that do not meet the conditions. */
  readonly leftOut: number;
}

/** A study's table with the rows that it is about. Throws InputError when a condition cannot be read or leaves nothing. */
export async function readTable(path: string, { encoding, separator, where }: Study["data"]): Promise<Filtered> {
  const table = await readCsv(path, { ...(encoding ? { encoding } : {}), ...(separator ? { separator } : {}) });
  return where === undefined ? { table, leftOut: 0 } : rowsWhere(table, where);
}

/** The rows that meet every condition; a row whose cell is empty or unreadable meets none. */
export function rowsWhere(table: RawTable, where: Where): Filtered {
  const conditions = Object.entries(where).map(([name, wanted]) => conditionOf(table, name, wanted));
  const kept = Array.from(table.rows.keys()).filter((i) => conditions.every((meets) => meets(i)));
  if (kept.length === 0 && table.rows.length > 0) throw new InputError(`no row left: data.where keeps none of the ${table.rows.length} rows of ${table.path} — ${blame(table, where, conditions)}`, { path: "data.where", value: where });
  return { table: { ...table, rows: kept.map((i) => table.rows[i]!), numbers: Int32Array.from(kept, (i) => table.numbers[i]!), lines: Int32Array.from(kept, (i) => table.lines[i]!) }, leftOut: table.rows.length - kept.length };
}

/** Values that a misspelt one is compared with. */
const MOST_NAMED = 1000;

type Condition = (row: number) => boolean;

/** What an interval begins with, or has in its middle; any other text is a value. */
const INTERVAL = /^\s*[<>≤≥=]|\.\.|\+-|±/;

function conditionOf(table: RawTable, name: string, wanted: Where[string]): Condition {
  const path = `data.where.${name}`;
  const index = columnIndex(table, name, path);
  const cells = table.rows.map((row) => row[index]!);
  if (typeof wanted === "string" && INTERVAL.test(wanted)) return intervalOf(cells, table.header[index]!, wanted, path);
  const values = (Array.isArray(wanted) ? wanted : typeof wanted === "string" ? wanted.split("|") : [wanted]).map((value) => String(value).trim());
  const numbers = new Set(values.map((value) => (value === "" ? Number.NaN : Number(value))).filter(Number.isFinite));
  const { values: read } = numberCells(cells);
  const there = new Set(cells.map((cell) => cell.trim()));
  // A number may be missing from one table of many; a word is misspelt.
  const absent = values.find((value) => !there.has(value) && Number.isNaN(Number(value)));
  if (absent !== undefined && values.length > 1) throw new InputError(`no such value: "${absent}" stands in no row of column "${table.header[index]!}" — ${didYouMean(absent, [...there].slice(0, MOST_NAMED)) || "leave it out"}`, { path, value: absent });
  return (i) => values.includes(cells[i]!.trim()) || numbers.has(read[i]!);
}

function intervalOf(cells: readonly string[], header: string, text: string, path: string): Condition {
  const { unit } = parseHeader(header);
  const target = inPath(path, () => parseTarget(header, text, unit ?? one));
  if (target.kind !== "interval") throw new InputError(`not an interval: "${text}" — write bounds such as "280 .. 320 K" or "> 0"`, { path, value: text });
  const { low, high, strict = false } = target;
  const { values } = numberCells(cells);
  return (i) => (strict ? values[i]! > low && values[i]! < high : values[i]! >= low && values[i]! <= high);
}

/** The grammar is that of targets; the place is another. */
function inPath<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(cause.message.replaceAll(/\btarget of\b/g, "condition on").replaceAll(/\bits data in 1\b/g, "whose header names no unit"), { path, cause }) : cause;
  }
}

/** Which condition leaves nothing by itself, with some of the values that are there. */
function blame(table: RawTable, where: Where, conditions: readonly Condition[]): string {
  const names = Object.keys(where);
  const at = conditions.findIndex((meets) => !Array.from(table.rows.keys()).some(meets));
  if (at < 0) return `no row meets all of ${names.join(", ")}`;
  const index = columnIndex(table, names[at]!, "");
  const some = [...new Set(table.rows.map((row) => row[index]!))].slice(0, 5);
  return `column "${table.header[index]}" holds ${some.map((cell) => `"${cell.slice(0, 30)}"`).join(", ")} …`;
}
