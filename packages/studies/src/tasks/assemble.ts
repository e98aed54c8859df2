/*
 * From a table of text to what stage one learns from: materials read and named, properties as typed
 * columns in the study's units, duplicates merged, and every row that could not be used as it stands told
 * with its number, value and reason.
 */
import { didYouMean, InputError, parseUnit, sameDimension, type Context } from "@tatara/engine/base";
import { categoryCells, categoryColumn, dataset, materialColumn, numberCells, numberColumn, parseHeader, type CategoryColumn, type NumberColumn, type Targets } from "@tatara/engine/data";
import type { Crew } from "../executors/crew.ts";
import type { Study } from "../schema/study.ts";
import type { RawTable, RejectedRow } from "../tables/csv.ts";
import { formulaColumn, isFormula, isLogarithmic, learntOf } from "./formulas.ts";

/** The measurements of a study, one row per distinct material, in order of first appearance. */
export interface Measurements {
  /** Content hash of materials and values. */
  readonly id: string;
  /** Canonical text and identity of each material. */
  readonly texts: readonly string[];
  readonly keys: readonly string[];
  readonly targets: Targets;
  /** Values of the group column, when the study names one. */
  readonly groups?: readonly string[];
  readonly rejected: readonly RejectedRow[];
  /** Rows of the table that were not used at all. */
  readonly refused: number;
  /** Rows of the table that were merged into another one of the same material. */
  readonly merged: number;
  readonly rows: number;
}

/** What one property looks like before duplicates are merged: a number (NaN: missing) or a label ("": missing) per table row. */
type RawProperty = { readonly name: string; readonly kind: "number"; readonly unit: string; readonly scale?: "log"; readonly values: Float64Array } | { readonly name: string; readonly kind: "class"; readonly labels: readonly string[] };

/** Read materials and properties. Throws InputError when a column is missing or nothing usable is left. */
export async function assemble(study: Study, table: RawTable, crew: Crew, ctx: Context): Promise<Measurements> {
  const structure = columnIndex(table, study.data.structure!, "data.structure");
  const rejected = [...table.rejected];
  const reject = rejecting(table, rejected);
  const properties = Object.entries(learntOf(study.data.properties)).map(([name, p]) => rawProperty(table, name, p, reject));
  const measured = measuredFormulas(study, table, reject);
  const weights = study.data.weight === undefined ? undefined : weightColumn(table, study.data.weight, reject);
  const group = study.data.group === undefined ? undefined : groupColumn(table, study.data.group, crew.groupings);

  const texts = table.rows.map((row) => row[structure]!);
  const materials = await crew.read(texts, { ...ctx, report: (p) => ctx.report({ ...p, stage: "read materials" }) });
  const byKey = new Map<string, number[]>();
  const unused = new Set<number>();
  const leaveOut = (i: number, column: string, value: string, reason: string) => {
    unused.add(table.numbers[i]!);
    reject(i, column, value, reason);
  };
  const told = new Set(rejected.filter((r) => r.used === PARTLY).map((r) => r.row));
  for (const [i, material] of materials.entries()) {
    if (material.key === null) leaveOut(i, study.data.structure!, texts[i]!, texts[i] === "" ? "no structure" : material.reason);
    else if (properties.some((p) => !isMissing(p, i))) byKey.set(material.key, [...(byKey.get(material.key) ?? []), i]);
    else if (told.has(table.numbers[i]!)) unused.add(table.numbers[i]!); // its refused cells are in the list already
    else leaveOut(i, properties.map((p) => p.name).join(", "), valuesOf(table, study, i), "no value of any property");
  }
  const refused = rejected.map((r) => (r.used === PARTLY && unused.has(r.row) ? { ...r, used: "no" } : r)).sort(inOrder);
  const members = [...byKey.values()];
  if (members.length === 0) throw nothingLeft(table, refused);
  if (weights && members.every((m) => m.every((i) => weights[i] === 0))) throw new InputError(`no positive weight: column "${study.data.weight}" is 0 in every row — give the rows that count a weight above 0`, { path: "data.weight", value: study.data.weight });
  const merged: RejectedRow[] = [];
  const columns = withFormulas(study, properties.map((p) => mergeColumn(p, members, table, rejecting(table, merged))), new Map(measured.map((p) => [p.name, mergeColumn(p, members, table, rejecting(table, merged))])), members.length);
  const firsts = members.map(([i]) => i!);
  const keys = [...byKey.keys()];
  const canonical = firsts.map((i) => materials[i]!.text!);
  const id = dataset<unknown>([materialColumn({ name: study.data.structure!, domain: study.domain, values: keys }), ...columns]).id;
  return {
    id,
    keys,
    texts: canonical,
    targets: { rows: members.length, columns, names: keys, ...(weights ? { weights: Float64Array.from(members, (m) => m.reduce((sum, i) => sum + weights[i]!, 0) / m.length) } : {}) },
    ...(group === undefined ? {} : { groups: typeof group === "string" ? await crew.group(group, canonical, ctx) : firsts.map((i) => table.rows[i]![group]!) }),
    rejected: [...refused, ...merged].sort(inOrder),
    refused: new Set(refused.filter((r) => r.used === "no").map((r) => r.row)).size,
    merged: members.reduce((sum, m) => sum + m.length - 1, 0),
    rows: table.rows.length + table.rejected.length,
  };
}

/** One property as its table has it, rows not yet merged. Throws InputError when it cannot be what the study says. */
export function propertyColumn(table: RawTable, name: string, p: Study["data"]["properties"][string]): NumberColumn | CategoryColumn {
  const raw = rawProperty(table, name, p, () => {});
  return raw.kind === "number" ? numberColumn({ ...raw, unit: parseUnit(raw.unit) }) : categoryColumn({ name, values: raw.labels.map((label) => label || null) });
}

/** Formulas whose values stand in a column too. */
const measuredFormulas = (study: Study, table: RawTable, reject: Reject): readonly RawProperty[] => Object.entries(study.data.properties).flatMap(([name, p]) => (isFormula(p) && p.column !== undefined ? [rawProperty(table, name, p, reject)] : []));

/** Learnt columns and formulas in the study's order. */
export function withFormulas({ data: { properties } }: Study, learnt: readonly (NumberColumn | CategoryColumn)[], measured: ReadonlyMap<string, NumberColumn | CategoryColumn>, rows: number): readonly (NumberColumn | CategoryColumn)[] {
  return Object.entries(properties).map(([name, p]) => {
    const own = measured.get(name);
    return isFormula(p) ? formulaColumn(name, properties, { measured: own?.kind === "number" ? own.values : undefined, columns: learnt, rows }) : learnt.find((column) => column.name === name)!;
  });
}

type Reject = (row: number, column: string, value: string, reason: string, used?: string) => void;

const rejecting = (table: RawTable, list: RejectedRow[]): Reject => (i, column, value, reason, used = "no") => void list.push({ row: table.numbers[i]!, line: table.lines[i]!, column, value: clip(value), reason, used });

/** What `used` says of a row whose other values are used. */
const PARTLY = "without this value";

const inOrder = (a: RejectedRow, b: RejectedRow): number => a.row - b.row || (a.column < b.column ? -1 : a.column > b.column ? 1 : 0);

/** The cells of a row where its properties should be, as they stand. */
const valuesOf = (table: RawTable, study: Study, i: number): string => Object.entries(learntOf(study.data.properties)).map(([name, p]) => table.rows[i]![columnIndex(table, p.column ?? name, "")]!).join(", ");

/** The column of that name: exactly, or with a unit in its header, such as `gap (eV)`. */
export function columnIndex(table: RawTable, name: string, path: string): number {
  const exact = table.header.indexOf(name);
  if (exact >= 0) return exact;
  const stems = table.header.map((h) => parseHeader(h).name);
  const stem = stems.indexOf(name);
  if (stem >= 0 && stems.lastIndexOf(name) === stem) return stem;
  if (table.header.length === 1 && /[,;\t|]/.test(table.header[0]!)) throw new InputError(`no such column: "${name}" in ${table.path} — split at ${JSON.stringify(table.separator)} it has one, "${clip(table.header[0]!)}"; check data.separator`, { path, value: name });
  throw new InputError(`no such column: "${name}" in ${table.path} — ${didYouMean(name, table.header) || `it has ${table.header.slice(0, 30).map((h) => `"${h}"`).join(", ")}`}`, { path, value: name });
}

/** Where groups come from: a column of the table or, where it has none of that name, a grouping of the domain. */
export function groupColumn(table: RawTable, name: string, groupings: readonly string[]): number | string {
  return !table.header.includes(name) && groupings.includes(name) ? name : columnIndex(table, name, "data.group");
}

function rawProperty(table: RawTable, name: string, p: Study["data"]["properties"][string], reject: Reject): RawProperty {
  const path = `data.properties.${name}`;
  const index = columnIndex(table, p.column ?? name, p.column === undefined ? path : `${path}.column`);
  const cells = table.rows.map((row) => row[index]!);
  if (p.kind === "class") return { name, kind: "class", labels: categoryCells(cells).map((cell) => cell ?? "") };
  checkHeaderUnit(table.header[index]!, p.unit ?? "1", path);
  const { values: read, refused } = numberCells(cells);
  for (const { row, reason } of refused) reject(row, table.header[index]!, cells[row]!, reason, PARTLY);
  const values = onScale(read, p, (row, reason) => reject(row, table.header[index]!, cells[row]!, reason, PARTLY));
  if (values.every(Number.isNaN) && !read.every(Number.isNaN)) throw new InputError(`no positive number in column "${table.header[index]}" — a logarithmic scale takes positive numbers; say scale: linear, or magnitude: true to leave the sign away`, { path, value: table.header[index] });
  if (values.every(Number.isNaN)) throw new InputError(`no number in column "${table.header[index]}" — ${refused.length > 0 ? `the first cell reads "${clip(refused[0]!.text)}"; ${Number.isNaN(Number(refused[0]!.text)) ? "for classes say kind: class" : refused[0]!.reason} (row ${table.numbers[refused[0]!.row]}, line ${table.lines[refused[0]!.row]} of ${table.path})` : "all its cells are empty"}`, { path, value: table.header[index] });
  return { name, kind: "number", unit: p.unit ?? "1", ...(isLogarithmic(p) ? { scale: "log" as const } : {}), values };
}

/** Without signs where the study says so, and positive on a logarithmic scale. */
function onScale(read: Float64Array, p: Study["data"]["properties"][string], refuse: (row: number, reason: string) => void): Float64Array {
  const values = p.magnitude ? read.map(Math.abs) : read;
  if (!isLogarithmic(p)) return values;
  return values.map((v, i) => {
    if (!(v <= 0)) return v;
    refuse(i, v === 0 ? "zero has no logarithm" : "negative numbers have no logarithm (magnitude: true leaves the sign away)");
    return Number.NaN;
  });
}

/** "logS", "measured log solubility", "log10 k", "ln K". */
const LOGARITHM = /(^|[^a-zA-Z])([Ll]og|lg|ln)(?![a-z])/;

/** A unit in the header must be the one that the study names; the logarithm of a quantity is a pure number whatever its unit. */
function checkHeaderUnit(header: string, unit: string, path: string): void {
  const { name, unit: there } = parseHeader(header);
  if (there === undefined) return;
  const said = parseUnit(unit);
  if (LOGARITHM.test(name) && sameDimension(said, parseUnit("1"))) return;
  if (!sameDimension(there, said) || there.scale !== said.scale || there.offset !== said.offset) throw new InputError(`unit mismatch: column "${header}" is in ${there.symbol}, the study says ${unit} — say unit: ${there.symbol}`, { path: `${path}.unit`, value: unit });
}

function weightColumn(table: RawTable, name: string, reject: Reject): Float64Array {
  const index = columnIndex(table, name, "data.weight");
  const cells = table.rows.map((row) => row[index]!);
  const { values, refused } = numberCells(cells);
  for (const { row, reason } of refused) reject(row, name, cells[row]!, `weight: ${reason}`, "with weight 1");
  const told = new Set(refused.map(({ row }) => row));
  return values.map((w, i) => {
    if (w < 0 || w === Number.POSITIVE_INFINITY) {
      reject(i, name, cells[i]!, "weights are finite and not negative", "with weight 1");
      return 1;
    }
    if (!Number.isNaN(w)) return w;
    if (!told.has(i)) reject(i, name, cells[i]!, "no weight", "with weight 1");
    return 1;
  });
}

const isMissing = (p: RawProperty, i: number): boolean => (p.kind === "number" ? Number.isNaN(p.values[i]!) : p.labels[i] === "");

/** One value per material: the mean of its rows, or their commonest label; differing duplicates are told. */
function mergeColumn(p: RawProperty, members: readonly (readonly number[])[], table: RawTable, reject: Reject): NumberColumn | CategoryColumn {
  if (p.kind === "number") {
    const values = Float64Array.from(members, (rows) => {
      const known = rows.filter((i) => !Number.isNaN(p.values[i]!));
      if (known.length === 0) return Number.NaN;
      const mean = p.scale === "log" ? Math.exp(known.reduce((sum, i) => sum + Math.log(p.values[i]!), 0) / known.length) : known.reduce((sum, i) => sum + p.values[i]!, 0) / known.length;
      const first = p.values[known[0]!]!;
      const agree = known.every((i) => p.values[i] === first);
      for (const i of known.slice(1)) reject(i, p.name, String(p.values[i]), `same material as row ${table.numbers[known[0]!]}, where it is ${agree ? "the same" : `${first}: the ${p.scale === "log" ? "geometric " : ""}mean ${mean} of ${known.length} rows is used`}`, "merged");
      return agree ? first : mean;
    });
    return numberColumn({ name: p.name, unit: parseUnit(p.unit), values, ...(p.scale ? { scale: p.scale } : {}) });
  }
  const labels = members.map((rows) => {
    const known = rows.map((i) => p.labels[i]!).filter((label) => label !== "");
    const best = commonest(known);
    for (const i of rows.slice(1)) if (p.labels[i] === best) reject(i, p.name, best, `same material as row ${table.numbers[rows[0]!]}: ${best} is used`, "merged");
    for (const i of rows) if (p.labels[i] !== "" && p.labels[i] !== best) reject(i, p.name, p.labels[i]!, `same material in ${rows.length} rows with different classes: ${best} is used`, "merged");
    return best;
  });
  return categoryColumn({ name: p.name, values: labels.map((label) => label || null) });
}

function commonest(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce<readonly [string, number]>((best, entry) => (entry[1] > best[1] ? entry : best), ["", 0])[0];
}

/** No row of a table can be used; `rejected` says why, row by row. */
export class NoUsableRow extends InputError {
  readonly rejected: readonly RejectedRow[];
  constructor(message: string, path: string, rejected: readonly RejectedRow[]) {
    super(message, { path: "data.table", value: path });
    this.rejected = rejected;
  }
}

function nothingLeft(table: RawTable, rejected: readonly RejectedRow[]): NoUsableRow {
  const first = rejected.find((r) => r.used === "no");
  return new NoUsableRow(`no usable row: all ${table.rows.length + table.rejected.length} rows of ${table.path} were refused${first ? `, the first of them row ${first.row}: ${first.reason}` : ""} — check the structure column and the properties`, table.path, rejected);
}

const clip = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
