/*
 * The library of networks: add one from a finished run, list what there is, pull from another library. Sources of studies are taken
 * from it by name.
 */
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "@tatara/engine/base";
import type { NeuralModel } from "@tatara/neural";
import { openNetworkFile } from "../catalogue/learners.ts";
import { domainNames } from "../catalogue/domains.ts";
import { known } from "../catalogue/known.ts";
import { CARD, cardLines, figureOf, listLibrary, nameFrom, predictsOf, ownLibrary, putEntry, readEntry, readNetworkFile, readSeen, shippedLibrary, type Card, type LibraryEntry, type NewEntry } from "../library/index.ts";
import { isFile, parseJson, readBytes, readIfThere } from "../runs/files.ts";
import type { ModelFile } from "./learn.ts";
import { networksIn, onnxModels, plainNetworksIn } from "./onnxFiles.ts";
import { readModel } from "./predict.ts";
import { fingerprints } from "./seen.ts";
import { kindOf, readValidation, type ValidationFile } from "./validationFile.ts";

export interface AddOptions {
  /** Default: the name of the run's study, with the property's where there are several networks. */
  readonly name?: string;
  readonly about?: string;
  /** Of the model. */
  readonly licence?: string;
  readonly data?: { readonly about?: string; readonly licence?: string; readonly citation?: string };
  readonly script?: string;
  /** Leave out the hashes of the materials, by which whoever has the model can tell whether a material that they know was among them. */
  readonly unseen?: boolean;
  /** Library; the user's own when left out. */
  readonly library?: string;
  /** Into the library that comes with the program: for the script that makes it. */
  readonly shipped?: boolean;
  readonly force?: boolean;
}

/** Add the networks of a finished run, given by its directory, its model.json, or one of its ONNX files. Throws InputError when it has none, when it was not finished, or when a name is taken. */
export async function addToLibrary(run: string, options: AddOptions): Promise<readonly LibraryEntry[]> {
  const folder = /\.(json|onnx)$/.test(run) ? dirname(resolve(run)) : resolve(run);
  if (run.endsWith(".onnx")) await refuseAlone(run, folder);
  const model = await readModel(join(folder, "model.json"));
  const networks = onnxModels(model.record).filter(({ name }) => !run.endsWith(".onnx") || name === basename(run));
  if (networks.length === 0) throw new InputError(`no network in ${run}: its model is ${model.record.id} — a library holds networks; learn.model: mlp makes one. A finished model of any kind is a source by its path`, { path: "run", value: run });
  if (plainNetworksIn(model.record).length < networksIn(model.record).length) throw new InputError(`a network that reads its sources: ${run} — one of a library reads descriptors alone; take this one as a source by its path`, { path: "run", value: run });
  const validation = await validationOf(folder);
  const about = await runOf(folder);
  const added: LibraryEntry[] = [];
  for (const { file } of networks) {
    const card = cardOf({ model, validation, about, file, several: networks.length > 1 }, options);
    added.push(await putEntry(options.shipped ? shippedLibrary() : ownLibrary(options.library), { card, file, ...(options.unseen ? {} : { seen: fingerprints(validation.materials) }) }, options));
  }
  return added;
}

/** An ONNX file is no card: it does not say from which descriptors its features come, nor how well it does. */
async function refuseAlone(path: string, folder: string): Promise<void> {
  const file = await readBytes(resolve(path)).catch((cause: Error) => {
    throw new InputError(`cannot read the model: ${path} — ${cause.message}`, { path: "run", value: path, cause });
  });
  openNamed(path, file);
  if (!(await isFile(join(folder, "model.json")))) throw new InputError(`an ONNX file by itself: ${path} — a card tells descriptors and figures, which are in the run that made it; name the directory of the run`, { path: "run", value: path });
}

/** A network from its file; what is wrong with it is told with its path. */
function openNamed(path: string, file: Uint8Array): NeuralModel {
  try {
    return openNetworkFile(file);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`cannot read the model: ${path} — ${cause.message}`, { path: "run", value: path, cause });
  }
}

async function validationOf(folder: string): Promise<ValidationFile> {
  const path = join(folder, "validation.json");
  const text = await readIfThere(path);
  if (text === undefined) throw new InputError(`no figures beside the model: ${path} is not there — a card tells how well a model does; name the directory of a finished run`, { path: "run", value: folder });
  return readValidation(text, path);
}

/** What run.json tells of a run's data. */
interface RunFacts {
  readonly name: string;
  readonly seed: number;
  readonly table: string;
  readonly materials: number;
}

async function runOf(folder: string): Promise<RunFacts> {
  const path = join(folder, "run.json");
  const { name = "model", seed = 0, dataset } = (parseJson((await readIfThere(path)) ?? "{}", path) ?? {}) as { readonly name?: string; readonly seed?: number; readonly dataset?: { readonly table: string; readonly materials: number } };
  return { name, seed, table: dataset?.table.split("/").at(-1) ?? "unknown", materials: dataset?.materials ?? 0 };
}

interface Added {
  readonly model: ModelFile;
  readonly validation: ValidationFile;
  readonly about: RunFacts;
  readonly file: Uint8Array;
  readonly several: boolean;
}

function cardOf({ model, validation, about, file, several }: Added, { name, about: words = "", licence = "not stated", data = {}, script = "" }: AddOptions): Omit<Card, "sha256" | "seen"> {
  const network = openNetworkFile(file);
  const { manifest } = network;
  const properties = network.outputs.map((output) => propertyOf(output.name, model, validation));
  const base = name === undefined ? nameFrom(about.name) : nameFrom(name) === name ? name : refuseName(name);
  return {
    format: 1,
    name: several ? `${base}-${nameFrom(properties.map((p) => p.name).join("-"))}` : base,
    about: words,
    domain: model.domain,
    structure: model.structure,
    ...(model.elements === undefined ? {} : { elements: model.elements }),
    represent: [...model.represent],
    versions: { ...model.versions },
    properties,
    network: { kind: manifest.kind, learner: manifest.id, inputs: network.inputs.length, hidden: [...network.hidden], members: manifest.members },
    data: { table: about.table, id: model.dataset, rows: about.materials, about: data.about ?? "", licence: data.licence ?? "not stated", citation: data.citation ?? "" },
    licence,
    made: { tatara: model.tatara, seed: about.seed, script },
  };
}

function refuseName(name: string): never {
  throw new InputError(`not a name for a library: "${name}" — small letters, digits, . and -, such as ${nameFrom(name)}`, { path: "--name", value: name });
}

function propertyOf(name: string, model: ModelFile, { properties, split }: ValidationFile): Card["properties"][number] {
  const output = model.record.outputs.find((one) => one.name === name);
  const found = properties.find((p) => p.name === name);
  if (!found || !output) throw new InputError(`no figures of "${name}": validation.json beside the model does not know it — take the run as it was`, { path: "run", value: name });
  const common = { name, kind: kindOf(found.kind), rows: found.points.row.length, split };
  if (found.kind !== "number") return { ...common, accuracy: found.accuracy, commonest: found.commonest, logLoss: found.logLoss };
  return { ...common, unit: found.unit, ...(output.kind === "number" && output.scale === "log" ? { scale: "log" as const } : {}), r2: found.r2, mae: found.mae, rmse: found.rmse, coverage: found.coverage };
}

export interface Listed {
  readonly entries: readonly LibraryEntry[];
  /** What could not be read, in words. */
  readonly broken: readonly string[];
}

/** All models that studies may name: the user's own, then those shipped, by name; of two of one name the user's own. Throws InputError when the library is named and not there. */
export async function listLibraries(library?: string): Promise<Listed> {
  const own = await listLibrary(ownLibrary(library), { needed: library !== undefined });
  const shipped = await listLibrary(shippedLibrary());
  const taken = new Set(own.entries.map(({ card }) => card.name));
  return { entries: [...own.entries, ...shipped.entries.filter(({ card }) => !taken.has(card.name))], broken: [...own.broken, ...shipped.broken] };
}

function entryOf(what: string, name: string, { entries, broken }: Listed): LibraryEntry {
  const found = entries.find(({ card }) => card.name === name);
  const damaged = found ? undefined : broken.find((message) => message.includes(join(name, CARD)));
  if (damaged !== undefined) throw new InputError(damaged, { path: "library", value: name });
  known(what, name, entries.map(({ card }) => card.name));
  return found!;
}

/** The models of a list, or the one of that name. Throws InputError for an unknown name. */
export const libraryEntries = (listed: Listed, name?: string): readonly LibraryEntry[] => (name === undefined ? listed.entries : [entryOf("model", name, listed)]);

/** The list as a table, or the card of one model. Throws InputError for an unknown name. */
export function libraryLines(listed: Listed, name?: string): readonly string[] {
  const entries = libraryEntries(listed, name);
  if (name !== undefined) return entries.flatMap(({ card, path }) => [...cardLines(card), `folder      ${path}`]);
  if (entries.length === 0) return ["no model in the library: tatara library add runs/… adds the network of a finished run"];
  const rows = [["name", "domain", "predicts", "rows", "R²", "descriptors", "data licence", "where"], ...entries.map(({ card, shipped }) => [card.name, card.domain, predictsOf(card), String(card.data.rows), figureOf(card), card.represent.join(" + "), card.data.licence, shipped ? "shipped" : "own"])];
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) => row.map((cell, c) => (c === 3 || c === 4 ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!))).join("  ").trimEnd());
}

export interface PullOptions {
  /** Library to take from; the shipped one when left out. */
  readonly from?: string;
  readonly library?: string;
  readonly force?: boolean;
}

/** Copy models of another library into the user's own, by name, or by the path of a model's folder; checksums are verified and networks opened first. Throws InputError for unknown ones. */
export async function pullFromLibrary(names: readonly string[], { from, library, force }: PullOptions): Promise<readonly LibraryEntry[]> {
  const isPath = (name: string): boolean => /[\\/]/.test(name) || name === ".";
  const chosen = names.every(isPath) ? [] : await namedIn(from === undefined ? shippedLibrary() : resolve(from), names.filter((name) => !isPath(name)));
  for (const path of names.filter(isPath)) chosen.push(await entryAt(path));
  const own = ownLibrary(library);
  const found: NewEntry[] = [];
  for (const entry of chosen) {
    const [file, seen] = [await readNetworkFile(entry), await readSeen(entry)];
    openNamed(entry.path, file);
    const { sha256: _, seen: __, ...card } = entry.card;
    found.push({ card, file, ...(seen && { seen }) });
  }
  const pulled: LibraryEntry[] = [];
  for (const entry of found) pulled.push(await putEntry(own, entry, force === undefined ? {} : { force }));
  return pulled;
}

async function namedIn(source: string, names: readonly string[]): Promise<LibraryEntry[]> {
  const listed = await listLibrary(source);
  if (listed.entries.length === 0) throw new InputError(`no models there: ${source}${listed.broken.length > 0 ? ` — ${listed.broken[0]}` : " — a library is a folder with a folder for each model, with card.json and model.onnx"}`, { path: "--from", value: source });
  return names.includes("all") ? [...listed.entries] : names.map((name) => entryOf("model", name, listed));
}

async function entryAt(path: string): Promise<LibraryEntry> {
  const entry = await readEntry(resolve(path));
  if (!entry) throw new InputError(`no model there: ${path} — a model of a library is a folder with card.json and model.onnx`, { path: "names", value: path });
  return entry;
}

/** The models that a study names, or all that know its kind of material. Throws InputError for an unknown name, and for all when one cannot be read. */
export async function takeFromLibrary(wanted: "all" | readonly string[], readable: (model: ModelFile) => boolean): Promise<readonly { readonly name: string; readonly file: ModelFile }[]> {
  const listed = await listLibraries();
  // What learns from all of them must not learn from fewer in silence.
  if (wanted === "all" && listed.broken.length > 0) throw new InputError(`a model of the library cannot be read: ${listed.broken[0]} — pull it anew, remove its folder, or name the models to learn from`, { path: "transfer.library", value: wanted });
  const chosen = wanted === "all" ? listed.entries : wanted.map((name) => entryOf("model of the library", name, listed));
  const files: { name: string; file: ModelFile }[] = [];
  for (const entry of chosen) {
    const file = modelOf(entry.card, await readNetworkFile(entry), await readSeen(entry));
    if (wanted !== "all" || readable(file)) files.push({ name: entry.card.name, file });
  }
  if (files.length === 0) throw new InputError("no model of the library knows this kind of material — tatara library list shows what there is", { path: "transfer.library", value: wanted });
  return files;
}

/** A model of a library as a finished one. */
function modelOf({ domain, structure, elements, represent, versions, data, made }: Card, file: Uint8Array, seen: Uint32Array | undefined): ModelFile {
  known("domain", domain, domainNames);
  const record = openNetworkFile(file).toRecord();
  return { format: 1, tatara: made.tatara, domain, ...(elements === undefined ? {} : { elements }), structure, represent, versions, dataset: data.id, coverage: 0.9, record, ...(seen && { seen }) };
}
