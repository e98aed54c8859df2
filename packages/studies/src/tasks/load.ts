/*
 * A study file becomes a loaded study: parsed, overridden, checked against the schema, then against the
 * catalogues that its names refer to. Every problem is told with its line.
 */
import { basename, dirname, extname, resolve } from "node:path";
import { InputError } from "@tatara/engine/base";
import { domainNames, openDomain, type DomainSetup } from "../catalogue/domains.ts";
import { known } from "../catalogue/known.ts";
import { findPhases, findTable, readElements, shippedPhases } from "../catalogue/sets.ts";
import { readBytes } from "../runs/files.ts";
import { examineStudy, problemsError, type Problem } from "../schema/check.ts";
import { override, parseStudy, placeOf, type StudySource } from "../schema/source.ts";
import type { Study } from "../schema/study.ts";
import { kindProblems } from "./checks/kinds.ts";
import { networkProblems } from "./checks/learner.ts";
import { namesOf } from "./checks/names.ts";
import { fillIn, shippedUnits, withCorpus, withPhases } from "./defaults.ts";
import { follows, told } from "./problems.ts";
import { withRulesRead } from "./rules/constraint.ts";
import { lendFromModel, type LentModel } from "./screen/model.ts";
import { lendLibrary, lendSource, representAll, type LentSource } from "./sources.ts";
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
  found.push(...namesOf(withUnits, domain.domain), ...networkProblems(withUnits, sources), ...kindProblems(withUnits, { domain: domain.domain, model, sources }));
  const problems = all();
  if (!table) return { source, problems };
  const loaded: LoadedStudy = { name: checked.name ?? fallbackName.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "-"), study: withUnits, table: table.path, ...(table.set ? { set: table.set } : {}), sources, ...domain, place: (path) => placeOf(source, path) };
  return { source, problems, loaded };
}

/** Run a check and put its place before its message. */
const guarded = <T>(source: StudySource, path: readonly PropertyKey[], check: () => Promise<T>): Promise<T> =>
  check().catch((error: unknown) => {
    throw error instanceof InputError ? problemsError(source, [told(path, error.message)]) : error;
  });

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
