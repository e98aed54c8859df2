/*
 * Sources of transfer: finished models that a study names. What they need of a material is described in the study's own step;
 * a run keeps copies of them, and its model holds them, so that neither depends on where they came from.
 */
import { resolve } from "node:path";
import { InputError } from "@tatara/engine/base";
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

/** Read a model that a study names as a source. Throws InputError when it cannot be read, or is about another kind of material. */
export async function lendSource(name: string, path: string, base: string, setup: DomainSetup): Promise<LentSource> {
  const file = await readModel(resolve(base, path));
  if (file.domain !== setup.domain) throw new InputError(`another domain: ${file.domain} — the source ${path} is about another kind of material than domain: ${setup.domain}`, { path: `transfer.sources.${name}`, value: path });
  if (file.elements !== setup.elements) throw new InputError(`another table of elements: ${path} — the source was learnt with ${file.elements === undefined ? "the shipped one" : "one of its own"}; use the same in data.elements`, { path: `transfer.sources.${name}`, value: path });
  return { name, file };
}

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
