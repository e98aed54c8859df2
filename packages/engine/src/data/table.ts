/* Row-major tables of features: made, joined side by side, cut by rows or by names. */
import { InputError, lookUp } from "../base/errors.ts";
import type { Feature, Matrix, Table } from "./types.ts";

/** A table from one array of n · d numbers, or from rows of d numbers. NaN where a feature is undefined. */
export function table(features: readonly Feature[], rows: Float64Array | readonly ArrayLike<number>[]): Table {
  const cols = features.length;
  checkNames(features);
  const data = rows instanceof Float64Array ? rows : flatten(rows, cols);
  if (cols === 0 ? data.length > 0 : data.length % cols !== 0) throw new InputError(`table of ${data.length} numbers — a multiple of ${cols} features`, { value: data.length });
  const count = rows instanceof Float64Array ? (cols === 0 ? 0 : data.length / cols) : rows.length;
  return { features, rows: count, cols, data };
}

function flatten(rows: readonly ArrayLike<number>[], cols: number): Float64Array {
  const data = new Float64Array(rows.length * cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) throw new InputError(`row ${i} has ${row.length} numbers — there are ${cols} features`, { value: row.length });
    data.set(row, i * cols);
  });
  return data;
}

function checkNames(features: readonly Feature[]): void {
  const seen = new Set<string>();
  for (const { name } of features) {
    if (seen.has(name)) throw new InputError(`two features of one name: "${name}" — names are different`, { path: name, value: name });
    seen.add(name);
  }
}

/** Tables of the same rows, side by side: the lists of `represent`. Two features of one name are an error. */
export function joinTables(...tables: readonly Table[]): Table {
  const features = tables.flatMap((t) => t.features);
  checkNames(features);
  const rows = tables[0]?.rows ?? 0;
  const cols = features.length;
  const data = new Float64Array(rows * cols);
  let left = 0;
  for (const t of tables) {
    if (t.rows !== rows) throw new InputError(`tables of ${rows} and ${t.rows} rows — joined tables describe the same materials`, { value: t.rows });
    for (let i = 0; i < rows; i++) data.set(t.data.subarray(i * t.cols, (i + 1) * t.cols), i * cols + left);
    left += t.cols;
  }
  return { features, rows, cols, data };
}

/** The named rows, in the order given. */
export function selectTableRows(t: Table, rows: ArrayLike<number>): Table {
  const data = new Float64Array(rows.length * t.cols);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!(Number.isInteger(row) && row >= 0 && row < t.rows)) throw new InputError(`no such row: ${row} — rows are 0 .. ${t.rows - 1}`, { value: row });
    data.set(t.data.subarray(row * t.cols, (row + 1) * t.cols), i * t.cols);
  }
  return { features: t.features, rows: rows.length, cols: t.cols, data };
}

/** The named features, in the order given. Throws InputError for one that the table lacks. */
export function selectFeatures(t: Table, names: readonly string[]): Table {
  const index = Object.fromEntries(t.features.map(({ name }, j) => [name, j]));
  const columns = names.map((name) => lookUp("feature", name, index));
  const data = new Float64Array(t.rows * columns.length);
  for (let i = 0; i < t.rows; i++) for (let j = 0; j < columns.length; j++) data[i * columns.length + j] = t.data[i * t.cols + columns[j]!]!;
  return { features: columns.map((j) => t.features[j]!), rows: t.rows, cols: columns.length, data };
}

/** One column of a matrix, copied. */
export const columnOf = ({ rows, cols, data }: Matrix, j: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]!);
