/*
 * Stage one of every study: read and describe the measurements, fit, validate, calibrate. The result is
 * in the run directory when it ends; a resumed run reads it back and predicts the same.
 */
import { join } from "node:path";
import { fold, InputError, key, under, type Context, type Key } from "@tatara/engine/base";
import type { Table } from "@tatara/engine/data";
import { appendSources, fitModel, reviveFitted, transferReports, type ConformalState, type FittedModel, type ModelRecord } from "@tatara/engine/learn";
import type { DomainSetup } from "../catalogue/domains.ts";
import { recipes, reviveModel } from "../catalogue/learners.ts";
import { CURVE, learnSpec } from "../catalogue/learnSpec.ts";
import { openCrew, type Crew } from "../executors/crew.ts";
import { openLearning, shareTable } from "../executors/learning.ts";
import { trainsFast } from "../executors/networks.ts";
import { processors } from "../executors/workers.ts";
import type { RunDirectory } from "../runs/directory.ts";
import type { Recorder } from "../runs/recorder.ts";
import type { InvertStudy } from "../schema/study.ts";
import { rejectedText } from "../tables/write.ts";
import { assemble, NoUsableRow, type Measurements } from "./assemble.ts";
import { corpusTable } from "./corpus.ts";
import { learnProblems } from "./learnable.ts";
import { onnxModels } from "./onnxFiles.ts";
import { refuse } from "./problems.ts";
import { withNetworks } from "./fineTuning.ts";
import { labelRows } from "./rules/labels.ts";
import { screenTargets } from "./screen/targets.ts";
import { fingerprints, seenBySources } from "./seen.ts";
import { choosesTransfer, extractorsOf, sourceKind } from "./sources.ts";
import { groupsBy, makeFolds, otherSplits, type SplitSource } from "./splits.ts";
import { parseTargets, refuseFar } from "./targets.ts";
import type { LoadedStudy } from "./types.ts";
import { readValidation, validationText, type ValidationFile } from "./validationFile.ts";
import { readTable } from "./where.ts";

export interface StageOne {
  readonly measurements: Measurements;
  /** Rows that do not meet the study's conditions. */
  readonly leftOut: number;
  /** Descriptors of the measured materials, n × d. */
  readonly x: Table;
  readonly model: FittedModel;
  readonly validation: ValidationFile;
}

/** What model.json holds: enough to predict a new table without the study. */
export interface ModelFile extends DomainSetup {
  readonly format: 1;
  readonly tatara: string;
  readonly structure: string;
  readonly represent: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly dataset: string;
  readonly coverage: number;
  readonly record: ModelRecord;
  /** Hashes of the materials that it learnt from (`seen.ts`). */
  readonly seen?: Uint32Array;
  /** Conformal intervals, where the study asked for them; `by` names the grouping or column within which they hold. */
  readonly intervals?: { readonly by?: string; readonly states: readonly ConformalState[] };
}

/** Run stage one, or read it back from a directory where it is done. */
export async function stageOne(loaded: LoadedStudy, dir: RunDirectory, recorder: Recorder, version: string, ctx: Context): Promise<StageOne> {
  const { study, setup } = loaded;
  const root = key(study.seed);
  const workers = study.workers ?? processors();
  const { table, leftOut } = await readTable(loaded.table, study.data);
  const crew = await openCrew({ ...setup, descriptors: study.represent! }, { workers });
  try {
    const measurements = await recorder.stage("read", ctx, (c) => assemble(study, table, crew, c)).catch((error: unknown) => tellRefused(error, dir));
    const known = recorder.record()["dataset"] as { readonly id: string } | undefined;
    if (known !== undefined && known.id !== measurements.id) throw new InputError(`the data have changed since this run began: ${loaded.table} — restore the table, or begin a new run`, { path: "data.table", value: loaded.table });
    await dir.write("rejected.csv", rejectedText(measurements.rejected));
    await recorder.note({ dataset: { id: measurements.id, table: study.data.table, rows: measurements.rows, materials: measurements.texts.length, rejected: measurements.refused, merged: measurements.merged, ...(leftOut > 0 ? { leftOut } : {}), encoding: table.encoding, separator: table.separator } });
    refuse(loaded, learnProblems(study, { targets: measurements.targets, materials: measurements.texts.length, groups: measurements.groups }));
    if (study.study === "invert") await foresee(study, measurements);
    if (study.study === "screen" && study.model === undefined) refuseFar(screenTargets(study.target, measurements.targets.columns), measurements.targets.columns);
    if (study.study === "rules") labelRows(study, measurements.targets.columns);
    const x = shareTable(await recorder.stage("describe", ctx, (c) => crew.describe(measurements.texts, c)));
    const fitted = (await readBack(dir)) ?? (await recorder.stage("learn", ctx, (c) => learn(fold(root, "learn"), { loaded, measurements, x, crew, workers, dir, version }, c)));
    return { measurements, leftOut, x, ...fitted };
  } finally {
    await crew.close();
  }
}

/** What would stop the second stage is told before the first one takes its time. */
async function foresee({ generate: { corpus }, ...study }: InvertStudy, { targets: { columns } }: Measurements): Promise<void> {
  refuseFar(parseTargets(study.target, columns), columns);
  if (corpus) await corpusTable(corpus);
}

/** Where no row is left, the reasons are all that the run leaves behind. */
async function tellRefused(error: unknown, dir: RunDirectory): Promise<never> {
  if (!(error instanceof NoUsableRow)) throw error;
  await dir.write("rejected.csv", rejectedText(error.rejected));
  throw new InputError(`${error.message}; all reasons are in ${join(dir.path, "rejected.csv")}`, { path: "data.table", cause: error });
}

/** A model that an interrupted run has already fitted. */
async function readBack(dir: RunDirectory): Promise<Pick<StageOne, "model" | "validation"> | undefined> {
  const file = (await dir.load("model.json")) as ModelFile | undefined;
  const validation = await dir.read("validation.json");
  return file && validation !== undefined ? { model: reviveFitted(file.record, reviveModel), validation: readValidation(validation, join(dir.path, "validation.json")) } : undefined;
}

interface LearnTask {
  readonly loaded: LoadedStudy;
  readonly measurements: Measurements;
  readonly x: Table;
  readonly crew: Crew;
  readonly workers: number;
  readonly dir: RunDirectory;
  readonly version: string;
}

async function learn(at: Key, { loaded, measurements, x, crew, workers, dir, version }: LearnTask, ctx: Context): Promise<Pick<StageOne, "model" | "validation">> {
  const { study, domain, setup } = loaded;
  const source: SplitSource = { loaded, measurements, x, crew };
  const folds = await makeFolds(fold(at, "folds"), study.learn.split, source, ctx);
  const sources = extractorsOf(loaded.sources, sourceKind(study));
  const table = sources.length > 0 ? shareTable(await appendSources(sources, x, under(ctx, "sources"))) : x;
  const crewOfLearners = openLearning(table, workers);
  try {
    const { options = {} } = withNetworks({ name: study.learn.model, options: study.learn.options }, loaded.sources);
    const { learner, candidates } = learnSpec({ ...study.learn, options }, { properties: measurements.targets.columns.filter((column) => !("formula" in column)).length, transferred: choosesTransfer(study, loaded.sources), networks: await trainsFast() });
    const by = study.learn.intervals?.by;
    const intervals = study.learn.intervals && { ...study.learn.intervals, level: study.learn.coverage, ...(by === undefined ? {} : { groups: await groupsBy(by, source, ctx) }) };
    const { model, validation, selection, conformal } = await fitModel({ table, sources, targets: measurements.targets, folds, learner, recipes, candidates, budget: study.learn.budget, sizes: CURVE, ...otherSplits(fold(at, "splits"), source), ...(intervals ? { intervals } : {}), run: crewOfLearners.run }, reviveModel, fold(at, "fit"), ctx);
    const record = model.toRecord();
    const compared = transferReports(record);
    const seen = seenBySources(loaded.sources, measurements.texts);
    const file: ValidationFile = { ...validation, materials: measurements.texts, selection, ...(compared.length > 0 ? { transfer: compared } : {}), ...(seen.length > 0 ? { seen } : {}) };
    await dir.write("validation.json", validationText(file));
    await dir.save("model.json", { format: 1, tatara: version, ...setup, structure: study.data.structure!, represent: study.represent!, versions: domain.versions, dataset: measurements.id, coverage: study.learn.coverage, record, seen: fingerprints(measurements.texts), ...(intervals ? { intervals: { states: conformal, ...(by === undefined ? {} : { by }) } } : {}) } satisfies ModelFile);
    for (const { name, file: bytes } of onnxModels(record)) await dir.write(name, bytes);
    // The model that goes on is the one read back: what was stored is what is used.
    return { model: reviveFitted(record, reviveModel), validation: file };
  } finally {
    await crewOfLearners.close();
  }
}
