/*
 * From a table of text to what stage one learns from: materials read and named, properties as typed
 * columns in the study's units, duplicates merged, and every row that could not be used as it stands told
 * with its number, value and reason.
 */
import { InputError, parseUnit, sameDimension, type Context } from "@tatara/engine/base";
import { categoryCells, categoryColumn, dataset, materialColumn, numberCells, numberColumn, parseHeader, type CategoryColumn, type NumberColumn, type Targets } from "@tatara/engine/data";
import type { Crew } from "../executors/crew.ts";
import { didYouMean } from "../schema/check.ts";
import type { Study } from "../schema/study.ts";
import type { RawTable, RejectedRow } from "../tables/csv.ts";

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
  /** Rows of the table that were merged into another one of the same material. */
  readonly merged: number;
  readonly rows: number;
}

/** What one property looks like before duplicates are merged: a number (NaN: missing) or a label ("": missing) per table row. */
type RawProperty = { readonly name: string; readonly kind: "number"; readonly unit: string; readonly values: Float64Array } | { readonly name: string; readonly kind: "class"; readonly labels: readonly string[] };

/** Read materials and properties. Throws InputError when a column is missing or nothing usable is left. */
export async function assemble(study: Study, table: RawTable, crew: Crew, ctx: Context): Promise<Measurements> {
  const structure = columnIndex(table, study.data.structure, "data.structure");
  const rejected = [...table.rejected];
  const reject = (i: number, column: string, value: string, reason: string, used = "no") => rejected.push({ row: table.numbers[i]!, line: table.lines[i]!, column, value: clip(value), reason, used });
  const properties = Object.entries(study.data.properties).map(([name, p]) => rawProperty(table, name, p, reject));
  const weights = study.data.weight === undefined ? undefined : weightColumn(table, study.data.weight, reject);
  const group = study.data.group === undefined ? undefined : columnIndex(table, study.data.group, "data.group");

  const texts = table.rows.map((row) => row[structure]!);
  const materials = await crew.read(texts, { ...ctx, report: (p) => ctx.report({ ...p, stage: "read materials" }) });
  const byKey = new Map<string, number[]>();
  for (const [i, material] of materials.entries()) {
    if (material.key === null) reject(i, study.data.structure, texts[i]!, texts[i] === "" ? "no structure" : material.reason);
    else if (properties.every((p) => isMissing(p, i))) reject(i, properties.map((p) => p.name).join(", "), "", "no value of any property");
    else byKey.set(material.key, [...(byKey.get(material.key) ?? []), i]);
  }
  const members = [...byKey.values()];
  if (members.length === 0) throw nothingLeft(table, rejected);
  const columns = properties.map((p) => mergeColumn(p, members, table, reject));
  const firsts = members.map(([i]) => i!);
  const keys = [...byKey.keys()];
  const id = dataset<unknown>([materialColumn({ name: study.data.structure, domain: study.domain, values: keys }), ...columns]).id;
  return {
    id,
    keys,
    texts: firsts.map((i) => materials[i]!.text!),
    targets: { rows: members.length, columns, names: keys, ...(weights ? { weights: Float64Array.from(members, (m) => m.reduce((sum, i) => sum + weights[i]!, 0) / m.length) } : {}) },
    ...(group === undefined ? {} : { groups: firsts.map((i) => table.rows[i]![group]!) }),
    rejected: rejected.sort((a, b) => a.row - b.row || (a.column < b.column ? -1 : 1)),
    merged: members.reduce((sum, m) => sum + m.length - 1, 0),
    rows: table.rows.length + table.rejected.length,
  };
}

type Reject = (row: number, column: string, value: string, reason: string, used?: string) => void;

/** The column of that name: exactly, or with a unit in its header, such as `gap (eV)`. */
export function columnIndex(table: RawTable, name: string, path: string): number {
  const exact = table.header.indexOf(name);
  if (exact >= 0) return exact;
  const stems = table.header.map((h) => parseHeader(h).name);
  const stem = stems.indexOf(name);
  if (stem >= 0 && stems.lastIndexOf(name) === stem) return stem;
  throw new InputError(`no such column: "${name}" in ${table.path} — ${didYouMean(name, table.header) || `it has ${table.header.slice(0, 30).map((h) => `"${h}"`).join(", ")}`}`, { path, value: name });
}

function rawProperty(table: RawTable, name: string, p: Study["data"]["properties"][string], reject: Reject): RawProperty {
  const path = `data.properties.${name}`;
  const index = columnIndex(table, p.column ?? name, p.column === undefined ? path : `${path}.column`);
  const cells = table.rows.map((row) => row[index]!);
  if (p.kind === "class") return { name, kind: "class", labels: categoryCells(cells).map((cell) => cell ?? "") };
  checkHeaderUnit(table.header[index]!, p.unit ?? "1", path);
  const { values, refused } = numberCells(cells);
  for (const { row, reason } of refused) reject(row, table.header[index]!, cells[row]!, reason, "without this value");
  if (values.every(Number.isNaN)) throw new InputError(`no number in column "${table.header[index]}" — ${refused.length > 0 ? `the first cell reads "${clip(refused[0]!.text)}"; for classes say kind: class` : "all its cells are empty"}`, { path, value: table.header[index] });
  return { name, kind: "number", unit: p.unit ?? "1", values };
}

/** A unit in the header must be the one that the study names. */
function checkHeaderUnit(header: string, unit: string, path: string): void {
  const there = parseHeader(header).unit;
  if (there === undefined) return;
  const said = parseUnit(unit);
  if (!sameDimension(there, said) || there.scale !== said.scale || there.offset !== said.offset) throw new InputError(`unit mismatch: column "${header}" is in ${there.symbol}, the study says ${unit} — say unit: ${there.symbol}`, { path: `${path}.unit`, value: unit });
}

function weightColumn(table: RawTable, name: string, reject: Reject): Float64Array {
  const index = columnIndex(table, name, "data.weight");
  const cells = table.rows.map((row) => row[index]!);
  const { values, refused } = numberCells(cells);
  for (const { row, reason } of refused) reject(row, name, cells[row]!, `weight: ${reason}`, "with weight 1");
  return values.map((w, i) => {
    if (w < 0 || w === Number.POSITIVE_INFINITY) {
      reject(i, name, cells[i]!, "weights are finite and not negative", "with weight 1");
      return 1;
    }
    return Number.isNaN(w) ? 1 : w;
  });
}

const isMissing = (p: RawProperty, i: number): boolean => (p.kind === "number" ? Number.isNaN(p.values[i]!) : p.labels[i] === "");

/** One value per material: the mean of its rows, or their commonest label; differing duplicates are told. */
function mergeColumn(p: RawProperty, members: readonly (readonly number[])[], table: RawTable, reject: Reject): NumberColumn | CategoryColumn {
  if (p.kind === "number") {
    const values = Float64Array.from(members, (rows) => {
      const known = rows.filter((i) => !Number.isNaN(p.values[i]!));
      if (known.length === 0) return Number.NaN;
      const mean = known.reduce((sum, i) => sum + p.values[i]!, 0) / known.length;
      if (known.some((i) => p.values[i] !== p.values[known[0]!])) for (const i of known.slice(1)) reject(i, p.name, String(p.values[i]), `same material as row ${table.numbers[known[0]!]}, where it is ${p.values[known[0]!]}: the mean ${mean} of ${known.length} rows is used`, "merged");
      return known.every((i) => p.values[i] === p.values[known[0]!]) ? p.values[known[0]!]! : mean;
    });
    return numberColumn({ name: p.name, unit: parseUnit(p.unit), values });
  }
  const labels = members.map((rows) => {
    const known = rows.map((i) => p.labels[i]!).filter((label) => label !== "");
    const best = commonest(known);
    for (const i of rows) if (p.labels[i] !== "" && p.labels[i] !== best) reject(i, p.name, p.labels[i]!, `same material as row ${table.numbers[rows[0]!]} with another class: ${best} is used`, "merged");
    return best;
  });
  return categoryColumn({ name: p.name, values: labels.map((label) => label || null) });
}

function commonest(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce<readonly [string, number]>((best, entry) => (entry[1] > best[1] ? entry : best), ["", 0])[0];
}

function nothingLeft(table: RawTable, rejected: readonly RejectedRow[]): InputError {
  const first = rejected.find((r) => r.used === "no");
  return new InputError(`no usable row: all ${table.rows.length + table.rejected.length} rows of ${table.path} were refused${first ? ` (row ${first.row}: ${first.reason}, "${first.value}")` : ""} — check the structure column and the properties`, { path: "data.table", value: table.path });
}

const clip = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
