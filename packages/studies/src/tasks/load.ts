/*
 * A study file becomes a loaded study: parsed, overridden, checked against the schema, then against the
 * catalogues that its names refer to. Every problem is told with its line.
 */
import { basename, dirname, extname, resolve } from "node:path";
import { InputError, parseUnit } from "@tatara/engine/base";
import { chooseDescriptors, type Domain } from "@tatara/engine/generate";
import { learners, recipes, type LearnerNeeds } from "@tatara/engine/learn";
import { isExtremal, parseTarget } from "@tatara/engine/design";
import { calculatorNames } from "../catalogue/calculators.ts";
import { domainNames, openDomain, type DomainSetup } from "../catalogue/domains.ts";
import { findPhases, findTable, readElements, shippedPhases } from "../catalogue/sets.ts";
import { readBytes } from "../runs/files.ts";
import { checkStudy, StudyError } from "../schema/check.ts";
import { override, parseStudy, placeOf, type StudySource } from "../schema/source.ts";
import type { InvertStudy, RulesStudy, ScreenStudy, Study } from "../schema/study.ts";
import { known } from "./known.ts";
import { withRulesRead } from "./rules/constraint.ts";
import { readableOf, spokenFeatures } from "./rules/features.ts";
import { lendFromModel, type LentModel } from "./screen/model.ts";
import { screenPlan } from "./screen/plan.ts";
import { WAYS } from "./screen/systems.ts";
import { screenTargets, type Predicted } from "./screen/targets.ts";
import type { LoadedStudy } from "./types.ts";

const MAX_STUDY_BYTES = 4_000_000;

/** Read and check a study file; `overrides` are `path=value`. Throws InputError with every problem found. */
export async function loadStudy(file: string, overrides: readonly string[] = []): Promise<LoadedStudy> {
  const text = await readStudy(file);
  return resolveStudy(parseStudy(text, file), overrides, { base: dirname(resolve(file)), fallbackName: basename(file, extname(file)) });
}

/** A study given as plain data, as a program would: paths count from `base`. Throws InputError with every problem found. */
export const studyOf = (value: Readonly<Record<string, unknown>>, { base = ".", name = "study" }: { readonly base?: string; readonly name?: string } = {}): Promise<LoadedStudy> =>
  resolveStudy(parseStudy(JSON.stringify(value), `${name}.json`), [], { base: resolve(base), fallbackName: name });

async function readStudy(file: string): Promise<string> {
  const bytes = await readBytes(file).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "there is no such file; `tatara init` writes one to start from" : cause.code === "EISDIR" ? "it is a directory; name the study file in it" : cause.message;
    throw new InputError(`cannot read the study: ${file} — ${why}`, { path: "study", value: file, cause });
  });
  if (bytes.length > MAX_STUDY_BYTES) throw new InputError(`study too large: ${file} has ${(bytes.length / 1e6).toFixed(1)} MB — a study is a short text; measurements belong in data.table`, { value: file });
  if (bytes.includes(0)) throw new InputError(`not a study: ${file} holds binary data — a study is YAML, JSON or TOML text`, { value: file });
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** Check a parsed study and fill in what the domain and the data set know. */
export async function resolveStudy(text: StudySource, overrides: readonly string[], { base, fallbackName }: { readonly base: string; readonly fallbackName: string }): Promise<LoadedStudy> {
  const given = override(text, overrides);
  const { source, model } = await guarded(given, ["model"], () => lendFromModel(given, base));
  const written = checkStudy(source);
  guard(source, ["domain"], () => known("domain", written.domain, domainNames));
  if (model) guard(source, ["domain"], () => sameDomain(written.domain, model));
  const setup = model?.setup ?? (await setupOf(written, source, base));
  const checked = await withNamedRules(written, setup, source, base);
  const domain = await guarded(source, ["data", "elements"], () => openDomain(setup));
  const found = guard(source, ["data", "table"], () => findTable(checked.data.table, base));
  const study = withPhases(withCorpus(fillIn(checked, domain, found.path, found.set !== undefined), domain, source, base), domain, source, base);
  const withUnits = { ...study, data: { ...study.data, properties: shippedUnits(study, found.set?.columns ?? {}) } } as Study;
  const problems = [...namesOf(withUnits, domain, source), ...(withUnits.study === "invert" ? designProblems(withUnits, domain, source) : []), ...(withUnits.study === "screen" ? screenProblems(withUnits, model, domain, source) : []), ...(withUnits.study === "rules" ? rulesProblems(withUnits, model, domain, source) : [])];
  if (problems.length > 0) throw new StudyError(source.file, problems);
  return { name: checked.name ?? fallbackName.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "-"), study: withUnits, table: found.path, ...(found.set ? { set: found.set } : {}), domain, setup };
}

/** A model knows its own kind of material. */
function sameDomain(domain: string, { path, setup }: LentModel): void {
  if (domain !== setup.domain) throw new InputError(`another domain: ${domain} — the model ${path} is of domain: ${setup.domain}`, { path: "domain", value: domain });
}

/** What the domain is built from: its name, and the text of the user's own table of elements. */
async function setupOf({ domain, data: { elements } }: Study, source: StudySource, base: string): Promise<DomainSetup> {
  if (elements === undefined) return { domain };
  const text = await guarded(source, ["data", "elements"], () => readElements(resolve(base, elements), "data.elements"));
  return { domain, elements: text };
}

/** Rules that constraints name by path are written out: the study then stands without the file. */
async function withNamedRules(study: Study, setup: DomainSetup, source: StudySource, base: string): Promise<Study> {
  if (!("constraints" in study)) return study;
  return { ...study, constraints: await guarded(source, ["constraints", "rules"], () => withRulesRead(study.constraints, setup, base)) } as Study;
}

/** The prior's own table is found like the study's: a shipped set, or a path that counts from the study. */
function withCorpus(study: Study, { column }: Domain<unknown>, source: StudySource, base: string): Study {
  if (study.study !== "invert" || study.generate.corpus === undefined) return study;
  const { corpus } = study.generate;
  const { path } = guard(source, ["generate", "corpus", "table"], () => findTable(corpus.table, base));
  return { ...study, generate: { ...study.generate, corpus: { ...corpus, table: path, structure: corpus.structure ?? column } } };
}

/** A path to the user's own table of phases counts from the study. */
function withPhases(study: Study, { id }: Domain<unknown>, source: StudySource, base: string): Study {
  if (study.study !== "screen" || shippedPhases.includes(study.screen.phases)) return study;
  const path = guard(source, ["screen", "phases"], () => findPhases(study.screen.phases, id, base))!;
  return { ...study, screen: { ...study.screen, phases: path } };
}

/** A search is to end among materials that are nearly sure to be hits; a posterior holds the doubtful ones too. */
const HEURISTIC_POWER = 8;

/** Nothing is nearly sure to be the largest: without a bound to meet, a power means nothing. */
const powerOf = ({ generate: { mode, power }, target }: InvertStudy): number =>
  power ?? (mode === "exact" || Object.values(target).every((text) => isExtremal(String(text))) ? 1 : HEURISTIC_POWER);

/** Defaults that depend on the domain. */
function fillIn(study: Study, domain: Domain<unknown>, table: string, shipped: boolean): Study {
  const group = study.data.group ?? (study.learn.split === "group" && Object.hasOwn(domain.groups, "system") ? "system" : undefined);
  const data = { ...study.data, table: shipped ? study.data.table : table, structure: study.data.structure ?? domain.column, ...(group === undefined ? {} : { group }) };
  const common = { ...study, represent: study.represent ?? representOf(study, domain), data };
  if (common.study === "rules") return { ...common, rules: { ...common.rules, features: common.rules.features ?? [...readableOf(domain).descriptors], without: common.rules.without ?? [...readableOf(domain).without] } };
  return common.study === "invert" ? { ...common, generate: { ...common.generate, prior: common.generate.prior ?? Object.keys(domain.priors)[0]!, power: powerOf(common), proposals: common.generate.proposals ?? defaultProposals(common, domain) } } : common;
}

/** A study that names no descriptors has the domain's, those that fit its kind. */
const representOf = ({ study }: Study, domain: Domain<unknown>): string[] => [...(study === "screen" ? (domain.mixing?.descriptors ?? domain.defaultDescriptors) : study === "rules" ? readableOf(domain).descriptors : domain.defaultDescriptors)];

/** All exact moves in exact mode, every move in heuristic mode; all with the same weight. */
const defaultProposals = ({ generate }: InvertStudy, domain: Domain<unknown>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(domain.proposals)
      .filter(([, recipe]) => generate.mode === "heuristic" || recipe.exact)
      .map(([name]) => [name, 1]),
  );

/** A shipped set knows the units of its columns. */
const shippedUnits = (study: Study, columns: Readonly<Record<string, { readonly unit: string }>>): Study["data"]["properties"] =>
  Object.fromEntries(Object.entries(study.data.properties).map(([name, p]) => [name, p.kind === "class" ? p : { ...p, unit: p.unit ?? columns[p.column ?? name]?.unit ?? "1" }]));

const locatedText = (source: StudySource, path: readonly PropertyKey[], text: string): string => `${placeOf(source, path)}: ${text}`;

const located = (source: StudySource, path: readonly PropertyKey[], text: string) => new StudyError(source.file, [locatedText(source, path, text)]);

/** Run a check and put its place before its message. */
function guard<T>(source: StudySource, path: readonly PropertyKey[], check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputError) throw located(source, path, error.message);
    throw error;
  }
}

/** The same for a check that takes its time. */
const guarded = <T>(source: StudySource, path: readonly PropertyKey[], check: () => Promise<T>): Promise<T> =>
  check().catch((error: unknown) => {
    throw error instanceof InputError ? located(source, path, error.message) : error;
  });

/** The problem that a check finds, with its place; undefined when there is none. */
function problem(source: StudySource, path: readonly PropertyKey[], check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof InputError) return [locatedText(source, deeper(path, error), error.message)];
    throw error;
  }
}

/** The place that an error names, when it lies within the one that was checked. */
const deeper = (path: readonly PropertyKey[], error: InputError): readonly PropertyKey[] => (error.path?.startsWith(`${path.join(".")}.`) ? error.path.split(".") : path);

/** A learner by name must exist, understand its options, and predict what the properties are. */
function learnerProblems(study: Study, source: StudySource): readonly string[] {
  const { model } = study.learn;
  const named = problem(source, ["learn", "model"], () => known("learner", model, ["auto", ...Object.keys(learners)]));
  if (named.length > 0 || model === "auto") return [...named, ...problem(source, ["learn", "options"], () => knownOptions(study))];
  const options = problem(source, ["learn", "options"], () => knownOptions(study));
  return options.length > 0 ? options : problem(source, ["learn", "model"], () => fittingLearner(study));
}

function fittingLearner({ data, learn: { model, options } }: Study): void {
  const kinds = Object.values(data.properties).map(({ kind }) => kind);
  const fits = ({ numbers, classes }: LearnerNeeds) => kinds.every((kind) => (kind === "number" ? numbers : classes));
  if (fits(recipes[model]!.needs(options))) return;
  const others = Object.keys(recipes).filter((name) => name !== model && fits(recipes[name]!.needs({})));
  throw new InputError(`wrong learner for the properties: "${model}" — those that predict classes and numbers are ${others.join(", ")}, or auto`, { value: model });
}

function knownOptions({ learn: { model, options } }: Study): void {
  if (Object.hasOwn(recipes, model)) recipes[model]!.make(options);
  else if (model === "auto" && Object.keys(options).length > 0) throw new InputError(`options of auto: ${Object.keys(options).join(", ")} — options belong to a learner; name it in learn.model`, { value: options });
}

function namesOf(study: Study, domain: Domain<unknown>, source: StudySource): readonly string[] {
  const represent = study.represent ?? [];
  return [
    ...represent.flatMap((name, i) => problem(source, ["represent", i], () => known("descriptor", name, Object.keys(domain.descriptors)))),
    ...(new Set(represent).size < represent.length ? problem(source, ["represent"], () => chooseDescriptors(domain, represent.filter((r) => Object.hasOwn(domain.descriptors, r)))) : []),
    ...learnerProblems(study, source),
    ...(study.learn.split === "scaffold" ? problem(source, ["learn", "split"], () => known("grouping", "scaffold", Object.keys(domain.groups))) : []),
    ...(study.learn.split === "group" && study.data.group === undefined ? [locatedText(source, ["learn", "split"], "missing field: data.group — split: group needs the column whose equal values stay together")] : []),
    ...Object.entries(study.data.properties).flatMap(([name, p]) => (p.kind === "number" ? problem(source, ["data", "properties", name, "unit"], () => parseUnit(p.unit ?? "1")) : p.unit !== undefined ? [locatedText(source, ["data", "properties", name, "unit"], `unit of a class: ${name} — classes have no unit`)] : [])),
  ];
}

function designProblems(study: InvertStudy, domain: Domain<unknown>, source: StudySource): readonly string[] {
  const properties = Object.keys(study.data.properties);
  return [
    ...Object.entries(study.target).flatMap(([name, text]) => problem(source, ["target", name], () => {
      known("property", name, properties);
      const p = study.data.properties[name]!;
      if (p.kind === "number") parseTarget(name, String(text), parseUnit(p.unit ?? "1"));
    })),
    ...constraintProblems(study.constraints, domain, source),
    ...(study.verify.calculator === undefined ? [] : problem(source, ["verify", "calculator"], () => known("calculator", study.verify.calculator!, calculatorNames))),
    ...problem(source, ["generate", "prior"], () => known("prior", study.generate.prior!, Object.keys(domain.priors))),
    ...problem(source, ["generate", "prior_options"], () => optionsOf("generate.prior_options", () => domain.priors[study.generate.prior!]?.options.parse(study.generate.prior_options))),
    ...Object.keys(study.generate.proposals ?? {}).flatMap((name) => problem(source, ["generate", "proposals", name], () => {
      known("proposal", name, Object.keys(domain.proposals));
      if (study.generate.mode === "exact" && !domain.proposals[name]!.exact) throw new InputError(`proposal without a ratio: "${name}" — mode: exact takes ${Object.keys(domain.proposals).filter((p) => domain.proposals[p]!.exact).join(", ")}; or say mode: heuristic`, { value: name });
    })),
    ...(study.generate.evaluations < study.generate.particles ? [locatedText(source, ["generate", "evaluations"], `generate.evaluations: ${study.generate.evaluations} — at least the ${study.generate.particles} particles`)] : []),
  ];
}

/** A target as far as it can be checked before the table is read. */
const targetProblems = (study: ScreenStudy | RulesStudy, model: LentModel | undefined, source: StudySource): readonly string[] => {
  const predicted: readonly Predicted[] | undefined = model?.outputs;
  return Object.entries(study.target).flatMap(([name, text]) => problem(source, ["target", name], () => {
    known(predicted ? "property of the model" : "property", name, predicted?.map((o) => o.name) ?? Object.keys(study.data.properties));
    if (predicted) screenTargets({ [name]: text }, predicted);
    const p = study.data.properties[name];
    if (!predicted && p?.kind === "number") screenTargets({ [name]: text }, [{ name, kind: "number", unit: parseUnit(p.unit ?? "1") }]);
  }));
};

function rulesProblems(study: RulesStudy, model: LentModel | undefined, domain: Domain<unknown>, source: StudySource): readonly string[] {
  const { features, relations } = study.rules;
  const unknown = features!.flatMap((name, i) => problem(source, ["rules", "features", i], () => known("descriptor", name, Object.keys(domain.descriptors))));
  return [
    ...targetProblems(study, model, source),
    // What is told from the rows of the data must be among them.
    ...(model ? Object.keys(study.target).flatMap((name) => problem(source, ["target", name], () => known("property", name, Object.keys(study.data.properties)))) : []),
    ...constraintProblems(study.constraints, domain, source),
    ...(unknown.length > 0 ? unknown : problem(source, ["rules", "features"], () => spokenFeatures(study, domain))),
    ...(relations.prior === undefined ? [] : problem(source, ["rules", "relations", "prior"], () => known("prior", relations.prior!, Object.keys(domain.priors)))),
  ];
}

function screenProblems(study: ScreenStudy, model: LentModel | undefined, domain: Domain<unknown>, source: StudySource): readonly string[] {
  const { systems } = study.screen;
  const ways = WAYS.filter((way) => systems[way] !== undefined);
  return [
    ...targetProblems(study, model, source),
    ...constraintProblems(study.constraints, domain, source),
    ...(ways.length === 1 ? [] : [locatedText(source, ["screen", "systems"], `${ways.length === 0 ? "no systems" : `systems in ${ways.length} ways: ${ways.join(", ")}`} — say one of each: [[Al], [Fe, Co]], choose: 3 with of: […], or list: [Al-Cu-Fe]`)]),
    ...((systems.choose === undefined) === (systems.of === undefined) ? [] : [locatedText(source, ["screen", "systems"], `missing field: screen.systems.${systems.of ? "choose" : "of"} — choose: 3 goes with of: [Al, Cu, Fe, …]`)]),
    ...(ways.length === 1 && (systems.choose === undefined) === (systems.of === undefined) && constraintProblems(study.constraints, domain, source).length === 0 ? planProblems(study, domain, source) : []),
  ];
}

/** A plan's own errors know their field. */
function planProblems(study: ScreenStudy, domain: Domain<unknown>, source: StudySource): readonly string[] {
  try {
    screenPlan(study, domain);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [locatedText(source, error.path?.startsWith("screen") || error.path === "domain" ? error.path.split(".") : ["screen"], error.message)];
  }
}

const constraintProblems = (constraints: Readonly<Record<string, unknown>>, domain: Domain<unknown>, source: StudySource): readonly string[] =>
  Object.entries(constraints).flatMap(([name, value]) => problem(source, ["constraints", name], () => {
    known("constraint", name, Object.keys(domain.constraints));
    domain.constraints[name]!.make(value);
  }));

/** Schemas of domains throw their own errors, whose paths count from `options`: tell them as ours. */
function optionsOf(path: string, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message, { path: error.path?.replace(/^options/, path) ?? path, value: error.value, cause: error });
    throw new InputError(`bad options: ${(error as Error).message.split("\n")[0]}`);
  }
}
