/*
 * Predict a table of new materials with a fitted model: the input's columns, the predictions, and whether
 * each row lies in the model's domain. One row out for each row in.
 */
import { dirname, join, resolve } from "node:path";
import { InputError, type Context } from "@tatara/engine/base";
import { conformal, predictRows, reviveFitted, type ConformalAnswer, type FittedModel } from "@tatara/engine/learn";
import type { DomainSetup } from "../catalogue/domains.ts";
import { reviveModel } from "../catalogue/learners.ts";
import { openCrew, type Crew } from "../executors/crew.ts";
import { loadData } from "../runs/directory.ts";
import { isFile, makeDirectory, writeAtomic } from "../runs/files.ts";
import { readCsv, type RawTable } from "../tables/csv.ts";
import type { Cell } from "../tables/write.ts";
import { columnIndex } from "./assemble.ts";
import { placeOf, propertyCells, propertyColumns, propertyHeader } from "./candidates.ts";
import type { ModelFile } from "./learn.ts";
import { withColumns } from "./rows.ts";
import { workersOf } from "../executors/workers.ts";

export interface TableResult {
  /** CSV text. */
  readonly text: string;
  /** What to tell the user. */
  readonly lines: readonly string[];
}

export interface PredictOptions {
  readonly out?: string;
  /** Write over `out` when it is there. */
  readonly force?: boolean;
  readonly structure?: string;
  readonly workers?: string;
}

/** The domain that a model was trained over. */
const setupOf = ({ domain, elements }: ModelFile): DomainSetup => ({ domain, ...(elements === undefined ? {} : { elements }) });

/** Rows described and predicted at once; bounds the memory. */
const BATCH = 4096;

/** Predict `table` with the model in `path`; writes to `out` when given. */
export async function predictTable(path: string, table: string, { out, force, structure, workers }: PredictOptions, ctx: Context): Promise<TableResult> {
  const file = await readModel(path);
  const raw = await readCsv(table);
  const index = columnIndex(raw, structure ?? file.structure, "--structure");
  if (out !== undefined) await prepareOutput(out, [path, table], force);
  const model = revive(path, file);
  const crew = await openCrew({ ...setupOf(file), descriptors: file.represent }, { workers: workersOf(workers) });
  try {
    const text = await predictRaw(raw, index, { file, model }, crew, ctx);
    if (out !== undefined) await writeAtomic(resolve(out), text.csv);
    const bad = raw.rejected.length;
    return { text: text.csv, lines: [`${text.predicted} of ${raw.rows.length + bad} rows predicted${text.outside > 0 ? `, ${text.outside} of them outside the model's domain` : ""}${text.refused > 0 ? `; ${text.refused} could not be: the column reason says why` : ""}`, ...(out === undefined ? [] : [resolve(out)])] };
  } finally {
    await crew.close();
  }
}

/** Read a model and its arrays. Throws InputError when the file is no model of ours. */
export async function readModel(path: string): Promise<ModelFile> {
  let file: ModelFile | undefined;
  try {
    file = (await loadData(resolve(path))) as ModelFile | undefined;
  } catch (cause) {
    throw new InputError(`cannot read the model: ${path} — ${whyUnread(cause, path)}`, { path: "model", value: path, cause });
  }
  if (file === undefined) throw new InputError(`no such model: ${path} — name the model.json of a run`, { path: "model", value: path });
  if (file === null || typeof file !== "object" || file.format !== 1 || typeof file.domain !== "string" || file.record === undefined) throw new InputError(`cannot read the model: ${path} — it is no model.json of tatara, or of a newer one`, { path: "model", value: path });
  return file;
}

function whyUnread(cause: unknown, path: string): string {
  const { code } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException;
  if (code === "ENOENT") return `an array that belongs to it is missing beside it${cause instanceof InputError ? `, ${String(cause.value)}` : ""}; copy the .bin files too`;
  if (code !== "EISDIR" && /\.onnx$/i.test(path)) return "it is an ONNX file, which does not say from what its inputs are computed; name the model.json of a run, or models of the library in transfer.library";
  if (code === "EISDIR") return `it is a directory; name the model in it: ${join(path, "model.json")}`;
  return "it is no model.json of tatara, or it is damaged";
}

/** The model of a file that reads as one. Throws InputError when its record is none. */
function revive(path: string, { record }: ModelFile): FittedModel {
  try {
    return reviveFitted(record, reviveModel);
  } catch (cause) {
    throw new InputError(`cannot read the model: ${path} — it is damaged, or of another version`, { path: "model", value: path, cause });
  }
}

/** Make room for a result, and keep it from taking the place of what it is made from, or, unless forced, of any file. */
export async function prepareOutput(out: string, inputs: readonly string[], force = false): Promise<void> {
  const same = inputs.find((input) => resolve(input) === resolve(out));
  if (same !== undefined) throw new InputError(`the output is the input: ${out} — name another file`, { path: "--out", value: out });
  if (!force && (await isFile(resolve(out)))) throw new InputError(`the output is there already: ${out} — name another file, or write over it with --force`, { path: "--out", value: out });
  await makeDirectory(dirname(resolve(out)));
}

interface Predicted {
  readonly csv: string;
  readonly predicted: number;
  readonly refused: number;
  readonly outside: number;
}

async function predictRaw(raw: RawTable, index: number, { file, model }: { readonly file: ModelFile; readonly model: FittedModel }, crew: Crew, ctx: Context): Promise<Predicted> {
  const texts = raw.rows.map((row) => row[index]!);
  const read = await crew.read(texts, { ...ctx, report: (p) => ctx.report({ ...p, stage: "read materials" }) });
  const groups = groupColumnOf(file, raw, crew);
  const asked = new Map<string, Asked>();
  const nameOf = (i: number) => `${groups === undefined ? "" : raw.rows[i]![groups]!}\n${read[i]!.text!}`;
  read.forEach(({ text }, i) => text !== null && asked.set(nameOf(i), { text, ...(groups === undefined ? {} : { group: raw.rows[i]![groups]! }) }));
  const answers = await predictTexts(asked, file, model, crew, ctx);
  const csv = withColumns(raw, headerOf(model, file), (i) => {
    const { text, reason } = read[i]!;
    return text === null ? { reason: texts[i] === "" ? "no structure" : reason } : answers.get(nameOf(i))!;
  });
  const outside = read.filter((m, i) => m.text !== null && answers.get(nameOf(i))!.at(-2) === false).length;
  const refused = read.filter((m) => m.text === null).length + raw.rejected.length;
  return { csv, predicted: raw.rows.length + raw.rejected.length - refused, refused, outside };
}

/** A material, and its group where intervals are by a column of the table. */
interface Asked {
  readonly text: string;
  readonly group?: string;
}

/** The column of the table that intervals go by, if they do; a grouping of the domain needs none. */
function groupColumnOf({ intervals }: ModelFile, raw: RawTable, { groupings }: Crew): number | undefined {
  const by = intervals?.by;
  return by === undefined || groupings.includes(by) ? undefined : columnIndex(raw, by, "learn.intervals.by");
}

const headerOf = (model: FittedModel, { intervals }: ModelFile): readonly string[] => [
  ...model.outputs.flatMap((o) => [...propertyHeader(o.name, o.kind === "category" ? o.levels : undefined), ...(intervals?.states.some((s) => s.property === o.name) ? conformalHeader(o.name, o.kind) : [])]),
  "in_domain",
  "reason",
];

const conformalHeader = (name: string, kind: "number" | "category"): readonly string[] => (kind === "number" ? [`${name}_conformal_lower`, `${name}_conformal_upper`] : [`${name}_set`]);

/** The cells that each material's prediction fills. */
async function predictTexts(asked: ReadonlyMap<string, Asked>, file: ModelFile, model: FittedModel, crew: Crew, ctx: Context): Promise<ReadonlyMap<string, readonly Cell[]>> {
  const answers = new Map<string, readonly Cell[]>();
  const { by, states = [] } = file.intervals ?? {};
  const intervals = new Map(states.map((state) => [state.property, conformal(state, reviveModel)]));
  const names = [...asked.keys()];
  for (let at = 0; at < names.length; at += BATCH) {
    ctx.report({ stage: "predict", done: at, total: names.length });
    const quietly = { ...ctx, report: () => {} };
    const part = names.slice(at, at + BATCH);
    const texts = part.map((name) => asked.get(name)!.text);
    const x = await crew.describe(texts, quietly);
    const { predictive, applicability } = await predictRows(model, x, ctx);
    const columns = propertyColumns(predictive, model.outputs.map((o) => o.name), file.coverage);
    const groups = by === undefined ? undefined : crew.groupings.includes(by) ? await crew.group(by, texts, quietly) : part.map((name) => asked.get(name)!.group!);
    const extended = intervals.size > 0 ? await model.extend(x, quietly) : x;
    const beside: (ConformalAnswer | undefined)[] = [];
    for (const { name } of model.outputs) beside.push(await intervals.get(name)?.ask(extended, file.coverage, groups, quietly));
    part.forEach((name, i) => {
      const { inDomain, reason } = placeOf(applicability, i);
      const reasons = new Set([reason, ...beside.map((answer) => answer?.reasons[i] ?? "")].filter((words) => words !== ""));
      answers.set(name, [...columns.flatMap((column, k) => [...propertyCells(column(i)), ...conformalCells(beside[k], i)]), inDomain, [...reasons].join("; ")]);
    });
  }
  return answers;
}

const conformalCells = (answer: ConformalAnswer | undefined, i: number): readonly Cell[] => (answer === undefined ? [] : answer.sets ? [answer.sets[i]!.join(" | ")] : [answer.lower![i], answer.upper![i]]);
