/*
 * Sources of transfer: finished models that a study names. What they need of a material is described in the study's own step;
 * a run keeps copies of them, and its model holds them, so that neither depends on where they came from.
 */
import { resolve } from "node:path";
import { InputError } from "@tatara/engine/base";
import { chooseDescriptors, joinFeatures, type Domain } from "@tatara/engine/generate";
import { modelExtractor, reviveFitted, type FeatureExtractor } from "@tatara/engine/learn";
import type { DomainSetup } from "../catalogue/domains.ts";
import { reviveModel } from "../catalogue/learners.ts";
import type { RunDirectory } from "../runs/directory.ts";
import type { Study } from "../schema/study.ts";
import type { ModelFile } from "./learn.ts";
import { readModel } from "./predict.ts";

/** A finished model by the name that it has in this study. */
export interface LentSource {
  readonly name: string;
  readonly file: ModelFile;
}

/** Read a model that a study names as a source. Throws InputError when it cannot be read, or reads what this kind of material does not have. */
export async function lendSource(name: string, path: string, base: string, { setup, domain }: { readonly setup: DomainSetup; readonly domain: Domain<unknown> }): Promise<LentSource> {
  const file = await readModel(resolve(base, path));
  if (file.domain !== setup.domain) {
    const unknown = unreadable(file, domain);
    if (unknown !== undefined) throw new InputError(`another domain: ${file.domain} — the source ${path} reads ${unknown}, which domain: ${setup.domain} does not have`, { path: `transfer.sources.${name}`, value: path });
  }
  if (file.elements !== setup.elements) throw new InputError(`another table of elements: ${path} — the source was learnt with ${file.elements === undefined ? "the shipped one" : "one of its own"}; use the same in data.elements`, { path: `transfer.sources.${name}`, value: path });
  return { name, file };
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
export const foreignNotes = (domain: string, sources: readonly LentSource[]): readonly string[] =>
  sources.filter(({ file }) => file.domain !== domain).map(({ name, file }) => `note: the source ${name} was learnt from domain: ${file.domain}; it is asked about the descriptors of domain: ${domain}`);

/** The study's descriptors as it names them, and those that its sources need besides. */
export const representAll = (represent: readonly string[], sources: readonly LentSource[]): string[] => [...represent, ...new Set(sources.flatMap(({ file }) => file.represent).filter((name) => !represent.includes(name)))];

/** `auto` with sources is the choice among ways of transfer, where all properties are numbers. */
export const choosesTransfer = ({ learn: { model }, data: { properties } }: Study, sources: readonly LentSource[]): boolean => model === "auto" && sources.length > 0 && Object.values(properties).every(({ kind }) => kind === "number");

/** Sources as what writes their columns: predictions as they are, without the stretch outside their domains. */
export const extractorsOf = (sources: readonly LentSource[]): readonly FeatureExtractor[] => sources.map(({ name, file }) => modelExtractor(name, reviveFitted(file.record, reviveModel).inner));

/** Copy the sources into a run. Gives the study as it names them there. */
export async function keepSources(study: Study, sources: readonly LentSource[], dir: RunDirectory): Promise<Study> {
  if (sources.length === 0) return study;
  const names: Record<string, string> = {};
  for (const [i, { name, file }] of sources.entries()) {
    names[name] = `source-${i + 1}.json`;
    await dir.save(names[name], file);
  }
  return { ...study, transfer: { sources: names } } as Study;
}
