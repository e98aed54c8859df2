/*
 * A screening, or rules, with a finished model: the study of the model's own run lends what it was learnt from, so that known phases
 * and the report are about the same data.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import { InputError } from "@tatara/engine/base";
import type { Output } from "@tatara/engine/learn";
import type { DomainSetup } from "../../catalogue/domains.ts";
import type { RunDirectory } from "../../runs/directory.ts";
import { readIfThere } from "../../runs/files.ts";
import { parseStudy, type StudySource } from "../../schema/source.ts";
import { readModel } from "../predict.ts";
import { validationText, type ValidationFile } from "../validationFile.ts";

/** What a study needs to know of the model that it was given. */
export interface LentModel {
  readonly path: string;
  readonly setup: DomainSetup;
  readonly outputs: readonly Output[];
}

type Plain = Readonly<Record<string, unknown>>;

/** Studies that may begin with a finished model. */
const LENDING: ReadonlySet<string> = new Set(["screen", "rules"]);

/** Fields that belong to the model, not to who uses it. */
const OWN = ["represent", "learn", "transfer"] as const;

/** Fill in what the model's run knows, where the study names a model. Throws InputError when it cannot be read. */
export async function lendFromModel(source: StudySource, base: string): Promise<{ readonly source: StudySource; readonly model?: LentModel }> {
  const value = source.value as Plain;
  if (!LENDING.has(String(value["study"])) || typeof value["model"] !== "string" || value["model"] === "") return { source };
  const path = resolve(base, value["model"]);
  const run = dirname(path);
  const own = await studyOf(run);
  // A resumed run names the model and holds a copy of all it lent.
  const set = OWN.find((field) => value[field] !== undefined && JSON.stringify(value[field]) !== JSON.stringify(own?.[field]));
  if (set !== undefined) throw new InputError(`${set} beside a finished model: ${value["model"]} — the model has its own; leave out ${set}, or model`, { path: set });
  const { domain, elements, represent, record } = await readModel(path);
  if (value["data"] === undefined && own === undefined) throw new InputError(`no data: ${path} — there is no study.yaml beside the model; say data as in the study that it was learnt with: known phases come from there`, { path: "data" });
  const lent = { ...(own === undefined ? {} : { data: ownData(own["data"] as Plain, run), learn: own["learn"] }), ...value, represent: [...represent], model: path };
  return { source: { ...source, value: lent }, model: { path, setup: { domain, ...(elements === undefined ? {} : { elements }) }, outputs: record.outputs } };
}

async function studyOf(run: string): Promise<Plain | undefined> {
  const path = join(run, "study.yaml");
  const text = await readIfThere(path);
  return text === undefined ? undefined : (parseStudy(text, path).value as Plain);
}

/** Paths of a run's study count from the run. */
const ownData = (data: Plain, run: string): Plain => ({ ...data, ...(typeof data["elements"] === "string" && !isAbsolute(data["elements"]) ? { elements: join(run, data["elements"]) } : {}) });

const MODEL = "model.json";

/** Copy a finished model, and how it was validated, into a run that uses it. Gives its name there. */
export async function keepModel(path: string, dir: RunDirectory): Promise<string> {
  await dir.save(MODEL, await readModel(path));
  await dir.write("validation.json", (await readIfThere(join(dirname(path), "validation.json"))) ?? validationText(UNKNOWN));
  return MODEL;
}

/** The validation of a model that came without. */
const UNKNOWN: ValidationFile = {
  split: "unknown",
  promise: "The model came without the record of its validation.",
  properties: [],
  correlation: null,
  applicability: { threshold: Number.MAX_VALUE, evidence: false, curve: { score: [], error: [] }, points: { row: [], score: [], error: [] } },
  learningCurves: [],
  splits: [],
  conformal: [],
  materials: [],
  selection: [],
};
