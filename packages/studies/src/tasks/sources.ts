/*
 * Sources of transfer: finished models, and networks of the library, that a study names. What they need of a material is described
 * in the study's own step; a run keeps copies of them, and its model holds them, so that neither depends on where they came from.
 */
import { resolve } from "node:path";
import { InputError } from "@tatara/engine/base";
import { chooseDescriptors, joinFeatures, type Domain } from "@tatara/engine/generate";
import { modelExtractor, reviveFitted, type FeatureExtractor, type ModelRecord } from "@tatara/engine/learn";
import { networkLayers, NEURAL, type NeuralModel } from "@tatara/neural";
import type { DomainSetup } from "../catalogue/domains.ts";
import { reviveModel } from "../catalogue/learners.ts";
import type { RunDirectory } from "../runs/directory.ts";
import type { Study } from "../schema/study.ts";
import type { ModelFile } from "./learn.ts";
import { takeFromLibrary } from "./library.ts";
import { plainNetworksIn } from "./onnxFiles.ts";
import { readModel } from "./predict.ts";

/** A finished model by the name that it has in this study. */
export interface LentSource {
  readonly name: string;
  readonly file: ModelFile;
}

/** What a source is asked: its predictions, or the hidden layers of its networks. */
export type SourceKind = "predictions" | "layers";

/** What a study's domain is, and what it was built from. */
interface Place {
  readonly setup: DomainSetup;
  readonly domain: Domain<unknown>;
}

/** Read a model that a study names as a source. Throws InputError when it cannot be read, or reads what this kind of material does not have. */
export async function lendSource(name: string, path: string, base: string, place: Place): Promise<LentSource> {
  const file = await readModel(resolve(base, path));
  refuseForeign(file, path, `transfer.sources.${name}`, place);
  return { name, file };
}

/** Models of the library that a study names, or all that know its kind of material. Throws InputError as `lendSource`. */
export async function lendLibrary(wanted: "all" | readonly string[], place: Place): Promise<readonly LentSource[]> {
  const files = await takeFromLibrary(wanted, (file) => fault(file, place) === undefined);
  for (const { name, file } of files) refuseForeign(file, name, "transfer.library", place);
  return files;
}

function refuseForeign(file: ModelFile, source: string, path: string, place: Place): void {
  const why = fault(file, place);
  if (why !== undefined) throw new InputError(why(source), { path, value: source });
}

/** Why a model is no source here, if so. */
function fault(file: ModelFile, { setup, domain }: Place): ((source: string) => string) | undefined {
  if (file.domain !== setup.domain) {
    const unknown = unreadable(file, domain);
    if (unknown !== undefined) return (source) => `another domain: ${file.domain} — the source ${source} reads ${unknown}, which domain: ${setup.domain} does not have`;
  }
  if (file.elements !== setup.elements) return (source) => `another table of elements: ${source} — the source was learnt with ${file.elements === undefined ? "the shipped one" : "one of its own"}; use the same in data.elements`;
  return undefined;
}

/** What a model of another kind of material reads that this kind does not have; molecules and polymers share most. */
function unreadable({ represent, record }: ModelFile, domain: Domain<unknown>): string | undefined {
  const missing = represent.find((name) => !Object.hasOwn(domain.descriptors, name));
  if (missing !== undefined) return `the descriptor ${missing}`;
  const there = new Set(joinFeatures(chooseDescriptors(domain, represent)).map(({ name }) => name));
  const feature = record.inputs.find(({ name }) => !there.has(name));
  return feature && `the feature ${feature.name}`;
}

/** What a user should know of sources that were learnt on another kind of material. */
export function foreignNotes(domain: string, sources: readonly LentSource[]): readonly string[] {
  const foreign = sources.filter(({ file }) => file.domain !== domain);
  return [...new Set(foreign.map(({ file }) => file.domain))].map((from) => {
    const names = foreign.filter(({ file }) => file.domain === from).map(({ name }) => name);
    return `note: ${names.length === 1 ? `the source ${names[0]} was` : `the sources ${names.join(", ")} were`} learnt from domain: ${from}; ${names.length === 1 ? "it is" : "they are"} asked about the descriptors of domain: ${domain}`;
  });
}

/** The study's descriptors as it names them, and those that its sources need besides. */
export const representAll = (represent: readonly string[], sources: readonly LentSource[]): string[] => [...represent, ...new Set(sources.flatMap(({ file }) => file.represent).filter((name) => !represent.includes(name)))];

/** `auto` with sources is the choice among ways of transfer, where all properties are numbers. */
export const choosesTransfer = ({ learn: { model }, data: { properties } }: Study, sources: readonly LentSource[]): boolean => model === "auto" && sources.length > 0 && Object.values(properties).every(({ kind }) => kind === "number");

/** Shotgun transfer looks at hidden layers when the study does not say otherwise. */
export function sourceKind({ learn, transfer, ...study }: Study): SourceKind {
  const within = "curves" in study ? (study.curves.with ?? []).map((way) => (typeof way === "string" ? way : way.model)) : [];
  return transfer?.as ?? ([learn.model, ...within].includes("shotgun") ? "layers" : "predictions");
}

/** Sources as what writes their columns. Predictions are as they are, without the stretch outside their domains; what is no network of descriptors has no layers. */
export const extractorsOf = (sources: readonly LentSource[], as: SourceKind): readonly FeatureExtractor[] =>
  sources.flatMap(({ name, file: { record } }) => {
    const networks = as === "layers" ? plainNetworksIn(record) : [];
    return networks.length === 0 ? [modelExtractor(name, innerOf(record))] : networks.map((one, i) => networkLayers(networks.length === 1 ? name : `${name} ${i + 1}`, reviveModel(one) as NeuralModel));
  });

const innerOf = (record: ModelRecord) => (record.type === NEURAL ? reviveModel(record) : reviveFitted(record, reviveModel).inner);

/** Copy the sources into a run. Gives the study as it names them there. */
export async function keepSources(study: Study, sources: readonly LentSource[], dir: RunDirectory): Promise<Study> {
  if (sources.length === 0) return study;
  const names: Record<string, string> = {};
  for (const [i, { name, file }] of sources.entries()) {
    names[name] = `source-${i + 1}.json`;
    await dir.save(names[name], file);
  }
  const { library: _, ...transfer } = study.transfer ?? {};
  return { ...study, transfer: { ...transfer, sources: names } } as Study;
}
