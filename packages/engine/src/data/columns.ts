/* Columns, and datasets made of them. Everything is checked and copied here once; afterwards it is trusted. */
import { InputError } from "../base/errors.ts";
import { hash, hashJson } from "../base/hash.ts";
import type { CategoryColumn, Column, Dataset, MaterialColumn, NumberColumn, Targets } from "./types.ts";

function checkName(name: string): string {
  if (name !== "") return name;
  throw new InputError('column without a name: "" — columns are named', { path: "columns" });
}

interface NumberColumnOptions extends Pick<NumberColumn, "name" | "unit" | "scale" | "formula"> {
  readonly values: ArrayLike<number>;
  readonly sd?: ArrayLike<number>;
}

/** A numeric column; NaN where missing, never infinite. `sd` are the measurements' own standard deviations. */
export function numberColumn({ name, unit, values, sd, scale, formula }: NumberColumnOptions): NumberColumn {
  const column: NumberColumn = { kind: "number", name: checkName(name), unit, values: finite(name, values), ...(scale === undefined ? {} : { scale }), ...(formula === undefined ? {} : { formula }) };
  const low = scale === "log" ? column.values.findIndex((v) => v <= 0) : -1;
  if (low >= 0) throw new InputError(`not positive: ${column.values[low]} in ${name}, row ${low} — a logarithmic scale takes positive values, NaN where missing`, { path: name, value: column.values[low] });
  if (sd === undefined) return column;
  if (sd.length !== values.length) throw new InputError(`standard deviations of ${name}: ${sd.length} — there are ${values.length} values`, { path: name });
  const deviations = finite(name, sd);
  for (const s of deviations) if (s < 0) throw new InputError(`negative standard deviation in ${name}: ${s} — it is ≥ 0`, { path: name, value: s });
  return { ...column, sd: deviations };
}

function finite(name: string, values: ArrayLike<number>): Float64Array {
  for (let i = 0; i < values.length; i++)
    if (Math.abs(values[i]!) === Number.POSITIVE_INFINITY) throw new InputError(`infinite value in ${name}, row ${i}: ${values[i]} — numbers are finite, NaN where missing`, { path: name, value: values[i] });
  return Float64Array.from(values);
}

/** A categorical column of texts, null where missing. Levels default to those that occur, in code-point order. */
export function categoryColumn({ name, values, levels }: { readonly name: string; readonly values: readonly (string | null)[]; readonly levels?: readonly string[] }): CategoryColumn {
  const known = levels ?? [...new Set(values.filter((v) => v !== null))].toSorted((a, b) => (a < b ? -1 : 1));
  const code = new Map(known.map((level, k) => [level, k]));
  if (code.size !== known.length) throw new InputError(`levels of ${name}: ${known.join(", ")} — they are different`, { path: name, value: known });
  const codes = Int32Array.from(values, (v, i) => {
    const found = v === null ? -1 : code.get(v);
    if (found === undefined) throw new InputError(`unknown level of ${name}, row ${i}: "${v}" — there are ${known.join(", ")}`, { path: name, value: v });
    return found;
  });
  return { kind: "category", name: checkName(name), levels: known, codes };
}

export const materialColumn = <S>({ name, domain, values }: { readonly name: string; readonly domain: string; readonly values: readonly S[] }): MaterialColumn<S> => ({ kind: "material", name: checkName(name), domain, values });

const lengthOf = (column: Column): number => (column.kind === "category" ? column.codes.length : column.values.length);

/** An immutable table of columns of one length. Its id hashes names, units and values, in their order. */
export function dataset<S = unknown>(columns: readonly Column<S>[]): Dataset<S> {
  const rows = columns.length === 0 ? 0 : lengthOf(columns[0]!);
  const byName = new Map<string, Column<S>>();
  for (const column of columns) {
    if (byName.has(column.name)) throw new InputError(`two columns of one name: "${column.name}" — names are different`, { path: column.name });
    if (lengthOf(column) !== rows) throw new InputError(`rows of column "${column.name}": ${lengthOf(column)} — column "${columns[0]!.name}" has ${rows}`, { path: column.name });
    byName.set(column.name, column);
  }
  return { id: hashJson(columns.map(fingerprint)), rows, columns: byName };
}

/** What identifies a column's content. Of a unit its meaning counts, not its spelling. */
function fingerprint(column: Column): unknown {
  if (column.kind === "category") return [column.kind, column.name, column.levels, hashNumbers(Float64Array.from(column.codes))];
  if (column.kind === "material") return [column.kind, column.name, column.domain, column.values];
  const { name, unit, values, sd } = column;
  return [column.kind, name, [unit.dimension.map((x) => x + 0), unit.scale, unit.offset], hashNumbers(values), sd === undefined ? "" : hashNumbers(sd)];
}

/** SHA-256 of the numbers, little-endian, with −0 as 0 and one NaN, so that equal numbers hash equally everywhere. */
export function hashNumbers(values: Float64Array): string {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((v, i) => view.setFloat64(i * 8, Number.isNaN(v) ? Number.NaN : v + 0, true));
  return hash(bytes);
}

function checkRows(rows: ArrayLike<number>, n: number): void {
  for (let i = 0; i < rows.length; i++) if (!(Number.isInteger(rows[i]) && rows[i]! >= 0 && rows[i]! < n)) throw new InputError(`no such row: ${rows[i]} — rows are 0 .. ${n - 1}`, { value: rows[i] });
}

function pickColumn<C extends Column>(column: C, rows: ArrayLike<number>): C {
  const pick = (values: Float64Array) => Float64Array.from(rows, (r) => values[r]!);
  if (column.kind === "category") return { ...column, codes: Int32Array.from(rows, (r) => column.codes[r]!) };
  if (column.kind === "material") return { ...column, values: Array.from(rows, (r) => column.values[r]!) };
  return { ...column, values: pick(column.values), ...(column.sd === undefined ? {} : { sd: pick(column.sd) }) };
}

/** The named rows of a dataset, in the order given; rows may repeat. */
export function selectRows<S>(data: Dataset<S>, rows: ArrayLike<number>): Dataset<S> {
  checkRows(rows, data.rows);
  return dataset([...data.columns.values()].map((column) => pickColumn(column, rows)));
}

/** The named rows of targets, with their groups, weights and names. */
export function selectTargets(y: Targets, rows: ArrayLike<number>): Targets {
  checkRows(rows, y.rows);
  return {
    rows: rows.length,
    columns: y.columns.map((column) => pickColumn(column, rows)),
    ...(y.groups === undefined ? {} : { groups: Int32Array.from(rows, (r) => y.groups![r]!) }),
    ...(y.weights === undefined ? {} : { weights: Float64Array.from(rows, (r) => y.weights![r]!) }),
    ...(y.names === undefined ? {} : { names: Array.from(rows, (r) => y.names![r]!) }),
  };
}
