/*
 * What every learner needs of its table: the columns that a model was trained on, found by name whatever
 * their order; the rows whose target is known; and an order of the rows that survives reordering.
 */
import { InputError } from "../base/errors.ts";
import { type Key, fold } from "../base/key.ts";
import type { CategoryColumn, Feature, NumberColumn, Table, Targets } from "../data/types.ts";

/** Columns of `x` in the order of `inputs`. Throws InputError when one is missing or stands in another unit. */
export function alignColumns(x: Table, inputs: readonly Feature[]): Int32Array {
  const place = new Map(x.features.map((feature, i) => [feature.name, i]));
  return Int32Array.from(inputs, (input) => {
    const at = place.get(input.name);
    if (at === undefined) throw new InputError(`missing feature: "${input.name}" — the model was trained on ${inputs.length} features, and the table has ${x.features.length}`, { path: input.name });
    const unit = x.features[at].unit;
    if (unit.scale !== input.unit.scale || unit.offset !== input.unit.offset || unit.dimension.some((e, k) => e !== input.unit.dimension[k]))
      throw new InputError(`unit mismatch: feature "${input.name}" in ${unit.symbol} — the model was trained on ${input.unit.symbol}`, { path: input.name, value: unit.symbol });
    return at;
  });
}

/** Throws InputError unless the table is consistent: lengths agree and names are unique. */
export function checkTable(x: Table): void {
  if (x.features.length !== x.cols) throw new InputError(`table is inconsistent: ${x.cols} columns, ${x.features.length} features — one feature for each column`);
  if (x.data.length !== x.rows * x.cols) throw new InputError(`table is inconsistent: ${x.data.length} numbers — ${x.rows} × ${x.cols} are needed`);
  const seen = new Set<string>();
  for (const { name } of x.features) {
    if (seen.has(name)) throw new InputError(`two features have one name: "${name}" — names are unique within a table`, { path: name });
    seen.add(name);
  }
}

/** Number of columns beside packed graphs, which forecasts of time are made of. */
export const readColumns = ({ features }: Pick<Table, "features">): number => features.filter(({ kind }) => kind !== "code").length;

/** Rows with a usable target and a positive weight, ascending. */
export function knownRows(y: Targets, column: number): Int32Array {
  const target = y.columns[column];
  const known = target.kind === "number" ? (i: number) => Number.isFinite(target.values[i]) : (i: number) => target.codes[i] >= 0;
  const rows: number[] = [];
  for (let i = 0; i < y.rows; i++) if (known(i) && (y.weights === undefined || y.weights[i] > 0)) rows.push(i);
  return Int32Array.from(rows);
}

/** Some rows of a table, in the order given. */
export function takeRows(x: Table, rows: Int32Array): Table {
  const data = new Float64Array(rows.length * x.cols);
  for (let i = 0; i < rows.length; i++) data.set(x.data.subarray(rows[i] * x.cols, (rows[i] + 1) * x.cols), i * x.cols);
  return { rows: rows.length, cols: x.cols, data, features: x.features };
}

/** Some columns of a table. */
export function takeColumns(x: Table, columns: Int32Array): Table {
  const cols = columns.length;
  const data = new Float64Array(x.rows * cols);
  for (let i = 0; i < x.rows; i++) for (let k = 0; k < cols; k++) data[i * cols + k] = x.data[i * x.cols + columns[k]];
  return { rows: x.rows, cols, data, features: Array.from(columns, (j) => x.features[j]) };
}

export const takeNumbers = (values: Float64Array, rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => values[i]);

const takeColumn = (column: NumberColumn | CategoryColumn, rows: Int32Array): NumberColumn | CategoryColumn =>
  column.kind === "category"
    ? { ...column, codes: Int32Array.from(rows, (i) => column.codes[i]) }
    : { ...column, values: takeNumbers(column.values, rows), ...(column.sd && { sd: takeNumbers(column.sd, rows) }) };

/** A column that is missing in the rows that are not kept. */
export const maskColumn = (column: NumberColumn | CategoryColumn, keep: (row: number) => boolean): NumberColumn | CategoryColumn =>
  column.kind === "category" ? { ...column, codes: column.codes.map((code, i) => (keep(i) ? code : -1)) } : { ...column, values: column.values.map((v, i) => (keep(i) ? v : Number.NaN)) };

/** Some rows and one column of the targets. */
export const takeTarget = (y: Targets, column: number, rows: Int32Array): Targets => takeTargets({ ...y, columns: [y.columns[column]] }, rows);

/** Some rows of the targets. */
export function takeTargets(y: Targets, rows: Int32Array): Targets {
  return {
    rows: rows.length,
    columns: y.columns.map((column) => takeColumn(column, rows)),
    ...(y.groups && { groups: Int32Array.from(rows, (i) => y.groups![i]) }),
    ...(y.weights && { weights: takeNumbers(y.weights, rows) }),
    ...(y.names && { names: Array.from(rows, (i) => y.names![i]) }),
  };
}

/** Throws InputError unless table and targets have the same, sound lengths. */
export function checkTargets(x: Table, y: Targets): void {
  checkTable(x);
  if (x.rows !== y.rows) throw new InputError(`table and targets differ: ${x.rows} and ${y.rows} rows — one target row for each table row`);
  if (y.columns.length === 0) throw new InputError("no target: 0 columns — name at least one property", { path: "properties" });
  for (const c of y.columns) {
    const length = c.kind === "number" ? c.values.length : c.codes.length;
    if (length !== y.rows) throw new InputError(`column "${c.name}" is inconsistent: ${length} values — ${y.rows} are needed`, { path: c.name });
  }
  const bad = y.weights?.find((w) => !(w >= 0) || w === Number.POSITIVE_INFINITY);
  if (bad !== undefined) throw new InputError(`weight is no weight: ${bad} — weights are finite and ≥ 0`, { path: "weights", value: bad });
}

const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

/** FNV-1a over the bits of a row's numbers: equal rows have equal names. */
function contentName(x: Table, row: number): string {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (let j = row * x.cols; j < (row + 1) * x.cols; j++) {
    const v = x.data[j];
    if (v === 0) continue;
    bits[0] = v;
    a = Math.imul(Math.imul(a ^ words[0], 0x01000193) ^ words[1], 0x01000193) ^ (j - row * x.cols);
    b = Math.imul(Math.imul(b ^ words[1], 0x01000193) ^ words[0], 0x01000193) + (j - row * x.cols);
  }
  return `${a >>> 0}.${b >>> 0}`;
}

/** A name for each row that survives reordering: the one given, or a hash of the row's numbers. */
export const rowNames = (x: Table, names?: readonly string[]): readonly string[] => names ?? Array.from({ length: x.rows }, (_, i) => contentName(x, i));

/** A random order of named items that depends on key and names alone, not on the order in which they came. */
export function keyedOrder(key: Key, names: readonly string[]): Int32Array {
  const draws = names.map((name) => {
    const k = fold(key, name);
    return k.hi * 2 ** 21 + (k.lo >>> 11);
  });
  const order = Int32Array.from(names, (_, i) => i);
  return order.sort((i, j) => draws[i] - draws[j] || (names[i] < names[j] ? -1 : names[i] > names[j] ? 1 : i - j));
}
