/*
 * A study file becomes a loaded study: parsed, overridden, checked against the schema, then against the
 * catalogues that its names refer to. Every problem is told with its line.
 */
import { basename, dirname, extname, resolve } from "node:path";
import { InputError, parseUnit } from "@tatara/engine/base";
import { chooseDescriptors, joinFeatures, type Domain } from "@tatara/engine/generate";
import { type BoostingOptions, type LearnerNeeds, checkMonotone } from "@tatara/engine/learn";
import { isExtremal, parseTarget } from "@tatara/engine/design";
import { calculatorNames } from "../catalogue/calculators.ts";
import { domainNames, openDomain, type DomainSetup } from "../catalogue/domains.ts";
import { recipes } from "../catalogue/learners.ts";
import { findPhases, findTable, readElements, shippedPhases } from "../catalogue/sets.ts";
import { readBytes } from "../runs/files.ts";
import { examineStudy, problemsError, type Problem } from "../schema/check.ts";
import { override, parseStudy, placeOf, type StudySource } from "../schema/source.ts";
import type { CurvesStudy, InvertStudy, RulesStudy, ScreenStudy, Study } from "../schema/study.ts";
import { formulaOf, isFormula } from "./formulas.ts";
import { known } from "../catalogue/known.ts";
import { waysOf } from "./curves/ways.ts";
import { withRulesRead } from "./rules/constraint.ts";
import { readableOf, spokenFeatures } from "./rules/features.ts";
import { FINE_TUNE, withNetworks } from "./fineTuning.ts";
import { lendLibrary, lendSource, representAll, type LentSource } from "./sources.ts";
import { lendFromModel, type LentModel } from "./screen/model.ts";
import { screenPlan } from "./screen/plan.ts";
import { WAYS } from "./screen/systems.ts";
import { screenTargets, type Predicted } from "./screen/targets.ts";
import type { LoadedStudy } from "./types.ts";

const MAX_STUDY_BYTES = 4_000_000;

/** Read and check a study file; `overrides` are `path=value`. Throws InputError with every problem found. */
export async function loadStudy(file: string, overrides: readonly string[] = []): Promise<LoadedStudy> {
  return resolveStudy(parseStudy(await readStudy(file), file), overrides, placeOfFile(file));
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

/** Check a parsed study and fill in what the domain and the data set know. Throws InputError with every problem found. */
export async function resolveStudy(text: StudySource, overrides: readonly string[], place: StudyPlace): Promise<LoadedStudy> {
  const { source, loaded, problems } = await examine(text, overrides, place);
  const error = problemsError(source, problems);
  if (error) throw error;
  return loaded!;
}

/** From where paths count, and what a study without a name is called. */
interface StudyPlace {
  readonly base: string;
  readonly fallbackName: string;
}

/** A study with all that is wrong with it as far as its text and the catalogues tell. */
export interface ExaminedStudy {
  readonly source: StudySource;
  /** What is left of the study without its faulty fields, when that is enough to look at its table. */
  readonly loaded?: LoadedStudy;
  readonly problems: readonly Problem[];
}

/** Read a study file and look for everything that is wrong with it. Throws InputError when it cannot be read at all. */
export async function examineFile(file: string, overrides: readonly string[] = []): Promise<ExaminedStudy> {
  return examine(parseStudy(await readStudy(file), file), overrides, placeOfFile(file));
}

const placeOfFile = (file: string): StudyPlace => ({ base: dirname(resolve(file)), fallbackName: basename(file, extname(file)) });

async function examine(text: StudySource, overrides: readonly string[], { base, fallbackName }: StudyPlace): Promise<ExaminedStudy> {
  const given = override(text, overrides);
  const { source, model } = await guarded(given, ["model"], () => lendFromModel(given, base));
  const { study: written, problems: faults } = examineStudy(source);
  const found: Problem[] = [];
  const attempt = async <T>(path: readonly PropertyKey[], check: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      found.push({ path, text: error.message });
      return undefined;
    }
  };
  const all = () => [...faults, ...found.filter(({ path }) => !faults.some((fault) => follows(path, fault.path)))];
  if (!written) return { source, problems: all() };
  const domain = await attempt(["domain"], () => known("domain", written.domain, domainNames)).then(async () => {
    if (found.length > 0) return undefined;
    if (model) await attempt(["domain"], () => sameDomain(written.domain, model));
    const setup = model?.setup ?? (await attempt(["data", "elements"], () => setupOf(written, base)));
    return setup && attempt(["data", "elements"], async () => ({ setup, domain: await openDomain(setup) }));
  });
  const checked = (domain && (await attempt(["constraints", "rules"], () => withNamedRules(written, domain.setup, base)))) ?? withoutRules(written);
  const sources: LentSource[] = [];
  for (const [name, path] of Object.entries(domain ? (checked.transfer?.sources ?? {}) : {})) {
    const lent = await attempt(["transfer", "sources", name], () => lendSource(name, path, base, domain!));
    if (lent) sources.push(lent);
  }
  const library = domain && checked.transfer?.library;
  if (library) sources.push(...((await attempt(["transfer", "library"], () => lendLibrary(library, domain))) ?? []));
  const twice = sources.find(({ name }, i) => sources.findIndex((other) => other.name === name) < i);
  if (twice) found.push(told(["transfer"], `two sources of one name: ${twice.name} — give the one in transfer.sources another name`));
  const table = await attempt(["data", "table"], () => findTable(checked.data.table, base));
  const corpus = checked.study === "invert" ? checked.generate.corpus : undefined;
  const corpusPath = corpus && (await attempt(["generate", "corpus", "table"], () => findTable(corpus.table, base).path));
  if (!domain) return { source, problems: all() };
  const phases = checked.study === "screen" && !shippedPhases.includes(checked.screen.phases) ? await attempt(["screen", "phases"], () => findPhases(checked.screen.phases, domain.domain.id, base)) : undefined;
  const filled = fillIn(checked, domain.domain, table?.path ?? checked.data.table, table?.set !== undefined);
  const study = withPhases(withCorpus({ ...filled, represent: representAll(filled.represent!, sources) }, domain.domain, corpusPath), phases);
  const withUnits = { ...study, data: { ...study.data, properties: shippedUnits(study, table?.set?.columns ?? {}) } } as Study;
  found.push(...namesOf(withUnits, domain.domain), ...networkProblems(withUnits, sources), ...(withUnits.study === "invert" ? designProblems(withUnits, domain.domain) : []), ...(withUnits.study === "screen" ? screenProblems(withUnits, model, domain.domain) : []), ...(withUnits.study === "rules" ? rulesProblems(withUnits, model, domain.domain) : []), ...(withUnits.study === "curves" ? curvesProblems(withUnits, sources) : []));
  const problems = all();
  if (!table) return { source, problems };
  const loaded: LoadedStudy = { name: checked.name ?? fallbackName.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "-"), study: withUnits, table: table.path, ...(table.set ? { set: table.set } : {}), sources, ...domain, place: (path) => placeOf(source, path) };
  return { source, problems, loaded };
}

/** Whether a problem may only be there because a faulty field was left out: in the same section, or about a property whose entry is faulty. */
export function follows(path: readonly PropertyKey[], fault: readonly PropertyKey[]): boolean {
  const section = fault.length > 1 ? fault.slice(0, -1) : fault;
  const within = section.every((step, i) => path[i] === step);
  return within || (fault[0] === "data" && fault[1] === "properties" && (path[0] === "target" || path.join(".") === "learn.model"));
}

/** A model knows its own kind of material. */
function sameDomain(domain: string, { path, setup }: LentModel): void {
  if (domain !== setup.domain) throw new InputError(`another domain: ${domain} — the model ${path} is of domain: ${setup.domain}`, { path: "domain", value: domain });
}

/** What the domain is built from: its name, and the text of the user's own table of elements. */
async function setupOf({ domain, data: { elements } }: Study, base: string): Promise<DomainSetup> {
  return elements === undefined ? { domain } : { domain, elements: await readElements(resolve(base, elements), "data.elements") };
}

/** A study whose rules could not be read: nothing more is said of them. */
function withoutRules(study: Study): Study {
  if (!("constraints" in study)) return study;
  const { rules: _, ...constraints } = study.constraints;
  return { ...study, constraints } as Study;
}

/** Rules that constraints name by path are written out: the study then stands without the file. */
async function withNamedRules(study: Study, setup: DomainSetup, base: string): Promise<Study> {
  if (!("constraints" in study)) return study;
  return { ...study, constraints: await withRulesRead(study.constraints, setup, base) } as Study;
}

/** The prior's own table is found like the study's: a shipped set, or a path that counts from the study. */
function withCorpus(study: Study, { column }: Domain<unknown>, path: string | undefined): Study {
  if (study.study !== "invert" || study.generate.corpus === undefined) return study;
  const { corpus } = study.generate;
  return { ...study, generate: { ...study.generate, corpus: { ...corpus, table: path ?? corpus.table, structure: corpus.structure ?? column } } };
}

/** The table of phases: a path from the study becomes one from anywhere. */
const withPhases = (study: Study, path: string | undefined): Study => (study.study !== "screen" || path === undefined ? study : { ...study, screen: { ...study.screen, phases: path } });

/** A search is to end among materials that are nearly sure to be hits; a posterior holds the doubtful ones too. */
const HEURISTIC_POWER = 8;

/** Nothing is nearly sure to be the largest: without a bound to meet, a power means nothing. */
const powerOf = ({ generate: { mode, power }, target }: InvertStudy): number =>
  power ?? (mode === "exact" || Object.values(target).every((text) => isExtremal(String(text))) ? 1 : HEURISTIC_POWER);

/** Defaults that depend on the domain. */
function fillIn(study: Study, domain: Domain<unknown>, table: string, shipped: boolean): Study {
  const group = study.data.group ?? ([study.learn.split, ...(study.learn.splits ?? [])].includes("group") && Object.hasOwn(domain.groups, "system") ? "system" : undefined);
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

const told = (path: readonly PropertyKey[], text: string): Problem => ({ path, text });

/** Run a check and put its place before its message. */
const guarded = <T>(source: StudySource, path: readonly PropertyKey[], check: () => Promise<T>): Promise<T> =>
  check().catch((error: unknown) => {
    throw error instanceof InputError ? problemsError(source, [told(path, error.message)]) : error;
  });

/** The problem that a check finds, if any. */
export function problem(path: readonly PropertyKey[], check: () => unknown): readonly Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof InputError) return [told(deeper(path, error), error.message)];
    throw error;
  }
}

/** The place that an error names, when it lies within the one that was checked. */
const deeper = (path: readonly PropertyKey[], error: InputError): readonly PropertyKey[] => (error.path?.startsWith(`${path.join(".")}.`) ? error.path.split(".") : path);

/** A learner by name must exist, understand its options, and predict what the properties are. */
function learnerProblems(study: Study): readonly Problem[] {
  const { model } = study.learn;
  const named = problem(["learn", "model"], () => known("learner", model, ["auto", ...Object.keys(recipes)]));
  if (named.length > 0 || model === "auto") return [...named, ...problem(["learn", "options"], () => knownOptions(study)), ...(named.length === 0 && study.learn.tune ? [told(["learn", "tune"], "tune without a learner: model is auto — name the learner to tune, or raise learn.budget: auto tunes its best learner with what is left of it")] : [])];
  if (TRANSFERS.has(model) && study.transfer === undefined) return [told(["learn", "model"], `nothing to transfer from: learn.model is ${model} — name finished models in transfer.sources`)];
  const options = [...problem(["learn", "options"], () => knownOptions(study)), ...(study.learn.tune ? problem(["learn", "tune"], () => tunable(model)) : [])];
  return options.length > 0 ? options : problem(["learn", "model"], () => fittingLearner(study));
}

function tunable(model: string): void {
  if (recipes[model]!.space !== undefined) return;
  throw new InputError(`nothing to tune: ${model} has no options to search — ${Object.keys(recipes).filter((name) => recipes[name]!.space !== undefined).join(", ")} have`, { value: model });
}

/** What a sound learner reads must be among the descriptors. */
function readableBy({ represent = [], transfer, learn: { model, options } }: Study, domain: Domain<unknown>): readonly Problem[] {
  const known = represent.filter((name) => Object.hasOwn(domain.descriptors, name));
  if (known.length === 0 || known.length < represent.length) return [];
  const features = joinFeatures(chooseDescriptors(domain, [...new Set(known)]));
  const kinds = new Set(features.map(({ kind = "real" }) => kind));
  const { graphs: needed, blocks = [] } = model === "auto" ? {} : recipes[model]!.needs(options);
  const missing = blocks.find((name) => features.every(({ block }) => block !== name));
  if (missing !== undefined) return [told(["represent"], Object.hasOwn(domain.descriptors, missing) ? `no ${missing} for ${model}: ${represent.join(", ")} — it needs the descriptor ${missing} too` : `no ${missing} for ${model}: ${domain.id} has no such descriptor — choose another learner`)];
  if (needed && !kinds.has("code")) {
    const graphs = Object.entries(domain.descriptors).flatMap(([name, { features }]) => (features.some(({ kind }) => kind === "code") ? [name] : []));
    return [told(["represent"], graphs.length > 0 ? `no graph for ${model}: ${represent.join(", ")} — it needs the descriptor ${graphs.join(" or ")} too` : `no graph for ${model}: ${domain.id} has no descriptor that packs graphs — choose another learner`)];
  }
  if (!needed && kinds.size === 1 && kinds.has("code")) return [told(["represent"], `nothing for ${model} to read: ${represent.join(", ")} — only message-passing reads packed graphs; name another descriptor beside them`)];
  // What sources write is known when they are read.
  return transfer === undefined ? monotoneIn(options).flatMap((monotone) => problem(["learn", "options"], () => checkMonotone(monotone, features))) : [];
}

/** Directions of features that options ask for, of a learner or of those that it is made of. */
function monotoneIn(options: unknown): readonly NonNullable<BoostingOptions["monotone"]>[] {
  if (typeof options !== "object" || options === null) return [];
  return Object.entries(options).flatMap(([name, value]) => (name === "monotone" ? [value as NonNullable<BoostingOptions["monotone"]>] : monotoneIn(value)));
}

/** A network that goes on learning must be that of a source. */
function networkProblems({ transfer, learn: { model, options } }: Study, sources: readonly LentSource[]): readonly Problem[] {
  // A source that could not be read is told by itself.
  if (transfer === undefined ? TRANSFERS.has(model) : sources.length === 0 || Object.keys(transfer.sources ?? {}).length > sources.length) return [];
  return problem(["learn", "options"], () => {
    const learner = withNetworks({ name: model, options }, sources);
    if (learner.options !== options) recipes[model]!.make(learner.options!);
  });
}

/** Learners of source columns. */
const TRANSFERS: ReadonlySet<string> = new Set(["transfer", "shotgun", FINE_TUNE]);

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

function namesOf(study: Study, domain: Domain<unknown>): readonly Problem[] {
  const represent = study.represent ?? [];
  const learner = learnerProblems(study);
  return [
    ...represent.flatMap((name, i) => problem(["represent", i], () => known("descriptor", name, Object.keys(domain.descriptors)))),
    ...(new Set(represent).size < represent.length ? problem(["represent"], () => chooseDescriptors(domain, represent.filter((r) => Object.hasOwn(domain.descriptors, r)))) : []),
    ...(learner.length > 0 ? learner : readableBy(study, domain)),
    ...(study.learn.split === "scaffold" ? problem(["learn", "split"], () => known("grouping", "scaffold", Object.keys(domain.groups))) : []),
    ...(study.learn.split === "group" && study.data.group === undefined ? [told(["learn", "split"], "missing field: data.group — split: group needs the column whose equal values stay together")] : []),
    ...(study.learn.splits ?? []).flatMap((split, i) => splitProblem(split, ["learn", "splits", i], study, domain)),
    ...(study.learn.intervals?.by === undefined || study.learn.intervals.by === study.data.group ? [] : problem(["learn", "intervals", "by"], () => known("grouping", study.learn.intervals!.by!, [...Object.keys(domain.groups), ...(study.data.group === undefined ? [] : [study.data.group])]))),
    ...Object.keys(study.data.properties).flatMap((name) => propertyProblems(name, study)),
    ...Object.entries(study.data.properties).flatMap(([name, p]) => (p.kind === "number" ? problem(["data", "properties", name, "unit"], () => parseUnit(p.unit ?? "1")) : p.unit !== undefined ? [told(["data", "properties", name, "unit"], `unit of a class: ${name} — classes have no unit`)] : [])),
  ];
}

/** What a split needs and is not there. */
function splitProblem(split: NonNullable<Study["learn"]["splits"]>[number], at: readonly PropertyKey[], { data, learn }: Study, domain: Domain<unknown>): readonly Problem[] {
  if (split === "scaffold") return problem(at, () => known("grouping", "scaffold", Object.keys(domain.groups)));
  if (split === "group" && learn.split !== "group" && data.group === undefined) return [told(at, "missing field: data.group — a group split needs the column whose equal values stay together")];
  if (split === "element" && domain.mixing === undefined) return [told(at, `no elements to leave out: domain ${domain.id} — its materials are no shares of parts`)];
  if (split === "sorted" && Object.values(data.properties).every(({ kind }) => kind === "class")) return [told(at, "nothing to sort: every property is a class — sorted is for numbers")];
  return [];
}

/** Fields of a property that do not go together. */
function propertyProblems(name: string, { data: { properties } }: Study): readonly Problem[] {
  const p = properties[name]!;
  const at = ["data", "properties", name];
  const wrong = (field: "scale" | "magnitude" | "formula", message: string) => [told([...at, field], message)];
  return [
    ...(p.kind === "class" && p.scale !== undefined ? wrong("scale", `scale of a class: ${name} — classes have no scale`) : []),
    ...(p.kind === "class" && p.magnitude !== undefined ? wrong("magnitude", `magnitude of a class: ${name} — classes have no sign`) : []),
    ...(isFormula(p) && p.scale === "linear" ? wrong("scale", `formula on a linear scale: ${name} — products of powers are predicted by logarithms; leave scale out`) : []),
    ...(isFormula(p) ? problem([...at, "formula"], () => formulaOf(name, properties)) : []),
    ...(isFormula(p) && Object.values(properties).every(isFormula) ? wrong("formula", `nothing to learn: all of ${Object.keys(properties).join(", ")} are formulas — name the measured properties that they are made of`) : []),
  ];
}

function designProblems(study: InvertStudy, domain: Domain<unknown>): readonly Problem[] {
  const properties = Object.keys(study.data.properties);
  return [
    ...Object.entries(study.target).flatMap(([name, text]) => problem(["target", name], () => {
      known("property", name, properties);
      const p = study.data.properties[name]!;
      if (p.kind === "number") parseTarget(name, String(text), parseUnit(p.unit ?? "1"));
    })),
    ...constraintProblems(study.constraints, domain),
    ...(study.verify.calculator === undefined ? [] : problem(["verify", "calculator"], () => known("calculator", study.verify.calculator!, calculatorNames))),
    ...problem(["generate", "prior"], () => known("prior", study.generate.prior!, Object.keys(domain.priors))),
    ...problem(["generate", "prior_options"], () => optionsOf("generate.prior_options", () => domain.priors[study.generate.prior!]?.options.parse(study.generate.prior_options))),
    ...Object.keys(study.generate.proposals ?? {}).flatMap((name) => problem(["generate", "proposals", name], () => {
      known("proposal", name, Object.keys(domain.proposals));
      if (study.generate.mode === "exact" && !domain.proposals[name]!.exact) throw new InputError(`proposal without a ratio: "${name}" — mode: exact takes ${Object.keys(domain.proposals).filter((p) => domain.proposals[p]!.exact).join(", ")}; or say mode: heuristic`, { value: name });
    })),
    ...(study.generate.evaluations < study.generate.particles ? [told(["generate", "evaluations"], `generate.evaluations: ${study.generate.evaluations} — at least the ${study.generate.particles} particles`)] : []),
  ];
}

/** A target as far as it can be checked before the table is read. */
const targetProblems = (study: ScreenStudy | RulesStudy, model: LentModel | undefined): readonly Problem[] => {
  const predicted: readonly Predicted[] | undefined = model?.outputs;
  return Object.entries(study.target).flatMap(([name, text]) => problem(["target", name], () => {
    known(predicted ? "property of the model" : "property", name, predicted?.map((o) => o.name) ?? Object.keys(study.data.properties));
    if (predicted) screenTargets({ [name]: text }, predicted);
    const p = study.data.properties[name];
    if (!predicted && p?.kind === "number") screenTargets({ [name]: text }, [{ name, kind: "number", unit: parseUnit(p.unit ?? "1") }]);
  }));
};

function curvesProblems(study: CurvesStudy, sources: readonly LentSource[]): readonly Problem[] {
  const { curves } = study;
  const asked = (list: "without" | "with") => (curves[list] ?? []).map((way, i) => ({ at: ["curves", list, i], name: typeof way === "string" ? way : way.model, options: typeof way === "string" ? {} : way.options }));
  const unknown = [...asked("without"), ...asked("with")].flatMap(({ at, name }) => problem(at, () => known("learner", name, Object.keys(recipes))));
  if (unknown.length > 0) return unknown;
  const blind = asked("without").flatMap(({ at, name }) => (TRANSFERS.has(name) ? [told(at, `no way without transfer: ${name} — it learns from sources; name it in curves.with`)] : []));
  const lone = curves.with !== undefined && sources.length === 0 ? [told(["curves", "with"], "nothing to transfer from — name finished models in transfer.sources, or leave curves.with out")] : [];
  if (blind.length + lone.length > 0) return [...blind, ...lone];
  const kinds = Object.values(study.data.properties).map(({ kind }) => kind);
  const until = Object.keys(curves.until ?? {}).flatMap((name) => problem(["curves", "until", name], () => known("property", name, Object.keys(study.data.properties))));
  const places = [...asked("without"), ...asked("with")].map(({ at }) => at);
  const fitting = waysOf(study, sources.length > 0).flatMap(({ name, learner }, i) =>
    problem(places[i] ?? ["curves"], () => {
      recipes[learner.name]!.make(withNetworks(learner, sources, "options").options ?? {});
      const { numbers, classes } = recipes[learner.name]!.needs(learner.options ?? {});
      if (!kinds.every((kind) => (kind === "number" ? numbers : classes))) throw new InputError(`wrong learner for the properties: ${name} — it does not predict ${kinds.includes("class") && !classes ? "classes" : "numbers"}`, { value: learner.name });
    }),
  );
  return [...until, ...fitting];
}

function rulesProblems(study: RulesStudy, model: LentModel | undefined, domain: Domain<unknown>): readonly Problem[] {
  const { features, relations } = study.rules;
  const unknown = features!.flatMap((name, i) => problem(["rules", "features", i], () => known("descriptor", name, Object.keys(domain.descriptors))));
  return [
    ...targetProblems(study, model),
    // What is told from the rows of the data must be among them.
    ...(model ? Object.keys(study.target).flatMap((name) => problem(["target", name], () => known("property", name, Object.keys(study.data.properties)))) : []),
    ...constraintProblems(study.constraints, domain),
    ...(unknown.length > 0 ? unknown : problem(["rules", "features"], () => spokenFeatures(study, domain))),
    ...(relations.prior === undefined ? [] : problem(["rules", "relations", "prior"], () => known("prior", relations.prior!, Object.keys(domain.priors)))),
  ];
}

function screenProblems(study: ScreenStudy, model: LentModel | undefined, domain: Domain<unknown>): readonly Problem[] {
  const { systems } = study.screen;
  const ways = WAYS.filter((way) => systems[way] !== undefined);
  return [
    ...targetProblems(study, model),
    ...constraintProblems(study.constraints, domain),
    ...(ways.length === 1 ? [] : [told(["screen", "systems"], `${ways.length === 0 ? "no systems" : `systems in ${ways.length} ways: ${ways.join(", ")}`} — say one of each: [[Al], [Fe, Co]], choose: 3 with of: […], or list: [Al-Cu-Fe]`)]),
    ...((systems.choose === undefined) === (systems.of === undefined) ? [] : [told(["screen", "systems"], `missing field: screen.systems.${systems.of ? "choose" : "of"} — choose: 3 goes with of: [Al, Cu, Fe, …]`)]),
    ...(ways.length === 1 && (systems.choose === undefined) === (systems.of === undefined) && constraintProblems(study.constraints, domain).length === 0 ? planProblems(study, domain) : []),
  ];
}

/** A plan's own errors know their field. */
function planProblems(study: ScreenStudy, domain: Domain<unknown>): readonly Problem[] {
  try {
    screenPlan(study, domain);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [told(error.path?.startsWith("screen") || error.path === "domain" ? error.path.split(".") : ["screen"], error.message)];
  }
}

const constraintProblems = (constraints: Readonly<Record<string, unknown>>, domain: Domain<unknown>): readonly Problem[] =>
  Object.entries(constraints).flatMap(([name, value]) => problem(["constraints", name], () => {
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
