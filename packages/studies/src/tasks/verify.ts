/*
 * Verification: the best novel candidates recomputed through the pipeline that made the data, beside two
 * baselines — random draws from the prior, and our own library enumerated and ranked by the same model.
 * Says how many truly lie in the target, and how many the probabilities had promised.
 */
import { convert, fold, InputError, pause, UnsupportedError, type Context, type Key } from "@tatara/engine/base";
import { regionObjective, type Target } from "@tatara/engine/design";
import { clopperPearsonInterval } from "@tatara/engine/prob";
import type { Crew } from "../executors/crew.ts";
import { allEnded } from "../executors/ended.ts";
import { openCalculator } from "../catalogue/calculators.ts";
import { isFailure, type Calculator } from "../calculators/index.ts";
import type { InvertStudy } from "../schema/study.ts";
import type { JudgedCandidate } from "./candidates.ts";
import type { StageOne } from "./learn.ts";
import type { LoadedStudy } from "./types.ts";

export interface Arm {
  readonly name: string;
  readonly calculated: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly hits: number;
  /** 95 % Clopper-Pearson interval of the hit rate. */
  readonly low: number;
  readonly high: number;
  /** Sum of the model's probabilities over what was calculated. */
  readonly expected: number;
}

export interface VerificationSummary {
  readonly by: string;
  readonly baseRate: number;
  readonly arms: readonly Arm[];
  /** Calculated values inside their bands, of the designed candidates. */
  readonly coverage: readonly { readonly property: string; readonly inside: number; readonly of: number }[];
  readonly classes: readonly { readonly name: string; readonly hits: number; readonly of: number }[];
}

export interface Verification {
  readonly summary: VerificationSummary;
  readonly properties: readonly string[];
  /** By key: calculated values and whether every target is met. */
  readonly calculated: ReadonlyMap<string, { readonly calculated: Readonly<Record<string, number>>; readonly hit: boolean }>;
}

export interface VerifyOptions {
  readonly loaded: LoadedStudy & { readonly study: InvertStudy };
  readonly one: StageOne;
  readonly crew: Crew;
  readonly judged: readonly JudgedCandidate[];
  readonly targets: readonly Target[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly baseRate: number;
}

interface Pick {
  readonly key: string;
  readonly structure: string;
  readonly probability: number;
}

type Measured = Pick & { readonly values?: Readonly<Record<string, number>>; readonly hit: boolean; readonly failure?: string };

/** Recompute candidates and baselines. Throws UnsupportedError when no calculator can. */
export async function verify(key: Key, options: VerifyOptions, ctx: Context): Promise<Verification> {
  const { loaded, crew, judged, targets, thresholds } = options;
  const { top, baselines } = loaded.study.verify;
  const calculator = await openCalculator(loaded.study.verify.calculator ?? loaded.set?.calculator, loaded.domain);
  checkQuantities(calculator, targets, thresholds);
  const by = await calculator.version(ctx);
  const designed: readonly Pick[] = judged.filter((c) => c.novel).slice(0, top);
  if (designed.length === 0) throw new InputError("nothing to verify: no candidate is novel — widen the search (generate.evaluations) or the target", { path: "verify" });
  const arms: { readonly name: string; readonly picks: readonly Pick[] }[] = [{ name: `designed: the ${designed.length} best novel candidates`, picks: designed }];
  if (baselines) {
    arms.push({ name: "baseline: random draws from the prior", picks: await priorDraws(fold(key, "prior"), top, options, ctx) });
    const library = await enumerated(top, options, ctx);
    if (library) arms.push({ name: `baseline: the ${library.length} best of the enumerated library`, picks: library });
  }
  const structures = [...new Map(arms.flatMap(({ picks }) => picks).map((p) => [p.key, p.structure]))];
  const measured = await calculateAll(fold(key, "calculate"), calculator, structures, crew.workers, ctx);
  const judge = (p: Pick): Measured => measureOf(p, measured.get(p.key)!, calculator, targets, thresholds);
  const results = arms.map(({ name, picks }) => ({ name, picks: picks.map(judge) }));
  const ours = results[0]!.picks;
  const classes = Object.hasOwn(loaded.domain.groups, "class") ? await crew.group("class", ours.map((p) => p.structure), ctx) : ours.map(() => "");
  return {
    summary: { by: `${calculator.id} (${by})`, baseRate: options.baseRate, arms: results.map(armOf), coverage: coverageOf(ours, judged), classes: classesOf(ours, classes) },
    properties: judged[0]!.properties.filter((p) => p.kind === "number" && calculator.quantities.some((q) => q.name === p.name)).map((p) => p.name),
    calculated: new Map(results.flatMap(({ picks }) => picks).flatMap((p) => (p.values ? [[p.key, { calculated: p.values, hit: p.hit }] as const] : []))),
  };
}

/** Whether `--verify` can do its work at the end, asked at the start. Throws InputError or UnsupportedError when it cannot. */
export async function readyToVerify({ study, set, domain }: LoadedStudy, ctx: Context): Promise<void> {
  if (study.study !== "invert") throw new InputError("nothing to verify: a fit designs no materials — run it without --verify", { path: "--verify" });
  const calculator = await openCalculator(study.verify.calculator ?? set?.calculator, domain);
  const foreign = Object.keys(study.target).find((name) => !calculator.quantities.some((q) => q.name === name));
  if (foreign !== undefined) throw new InputError(`cannot verify ${foreign}: ${calculator.id} computes ${calculator.quantities.map((q) => q.name).join(", ")} — run without --verify, or name the property so`, { path: "verify.calculator", value: foreign });
  await calculator.version(ctx);
}

function checkQuantities(calculator: Calculator, targets: readonly Target[], thresholds: Readonly<Record<string, number>>): void {
  for (const t of targets) {
    if (!calculator.quantities.some((q) => q.name === t.property)) throw new UnsupportedError(`cannot verify ${t.property}: ${calculator.id} computes ${calculator.quantities.map((q) => q.name).join(", ")} — run without --verify`);
    if (t.kind === "extremum" && thresholds[t.property] === undefined) throw new UnsupportedError(`cannot verify ${t.property}: it has no threshold`);
  }
}

/** Sound random draws from the prior, each material once. */
async function priorDraws(key: Key, n: number, { crew, one, targets, thresholds }: VerifyOptions, ctx: Context): Promise<readonly Pick[]> {
  const found = new Map<string, string>();
  for (let round = 0; round < 20 && found.size < n; round++) {
    const states = await crew.sample(fold(key, round), 2 * n, ctx);
    for (const e of await crew.evaluate(states, ctx)) if (e.key !== null && found.size < n) found.set(e.key, e.text!);
  }
  return withProbability([...found], { crew, one, targets, thresholds }, ctx);
}

/** The library's best by the same model: what enumeration alone would have proposed. */
async function enumerated(n: number, { loaded, crew, one, targets, thresholds }: VerifyOptions, ctx: Context): Promise<readonly Pick[] | undefined> {
  const library = loaded.domain.library?.();
  if (!library) return undefined;
  const known = new Set(one.measurements.keys);
  const states = await crew.lift(library, { ...ctx, report: (p) => ctx.report({ ...p, stage: "verify: enumerate the library" }) });
  const sound = (await crew.evaluate(states, ctx)).flatMap((e): [string, string][] => (e.key !== null && !known.has(e.key) ? [[e.key, e.text!]] : []));
  const picks = await withProbability([...new Map(sound)], { crew, one, targets, thresholds }, ctx);
  return picks.toSorted((a, b) => b.probability - a.probability || (a.key < b.key ? -1 : 1)).slice(0, n);
}

const BATCH = 2000;

async function withProbability(materials: readonly (readonly [string, string])[], { crew, one, targets, thresholds }: Pick4, ctx: Context): Promise<readonly Pick[]> {
  const objective = regionObjective(targets, thresholds);
  const picks: Pick[] = [];
  for (let at = 0; at < materials.length; at += BATCH) {
    ctx.report({ stage: "verify: predict the baseline", done: at, total: materials.length });
    const part = materials.slice(at, at + BATCH);
    const score = objective.logScore(await one.model.predict(await crew.describe(part.map(([, text]) => text), { ...ctx, report: () => {} }), ctx));
    part.forEach(([key, structure], i) => picks.push({ key, structure, probability: Math.exp(score[i]!) }));
  }
  return picks;
}

type Pick4 = Omit<VerifyOptions, "loaded" | "judged" | "baseRate">;

type Values = { readonly values: Readonly<Record<string, number>> } | { readonly failure: string };

/** Calculate each structure once, `lanes` at a time; the chance of each comes from its own key. */
async function calculateAll(key: Key, calculator: Calculator, structures: readonly (readonly [string, string])[], lanes: number, ctx: Context): Promise<ReadonlyMap<string, Values>> {
  const out = new Map<string, Values>();
  let next = 0;
  const lane = async () => {
    while (next < structures.length) {
      const [name, structure] = structures[next++]!;
      await pause(ctx);
      const result = await calculator.calculate(structure, fold(key, name), ctx);
      out.set(name, isFailure(result) ? { failure: result.failure } : { values: result.values });
      ctx.report({ stage: "verify: calculate", done: out.size, total: structures.length });
    }
  };
  await allEnded(Array.from({ length: lanes }, lane));
  return out;
}

/** Values in the study's units, and whether they meet every target. */
function measureOf(p: Pick, result: Values, calculator: Calculator, targets: readonly Target[], thresholds: Readonly<Record<string, number>>): Measured {
  if ("failure" in result) return { ...p, hit: false, failure: result.failure };
  const inUnit = (t: Target) => (t.kind === "levels" ? Number.NaN : convert(result.values[t.property]!, calculator.quantities.find((q) => q.name === t.property)!.unit, t.unit));
  const hit = targets.every((t) => {
    const value = inUnit(t);
    if (t.kind === "interval") return t.strict ? value > t.low && value < t.high : value >= t.low && value <= t.high;
    if (t.kind === "extremum") return t.direction === "maximise" ? value >= thresholds[t.property]! : value <= thresholds[t.property]!;
    return false;
  });
  return { ...p, hit, values: { ...result.values, ...Object.fromEntries(targets.map((t) => [t.property, inUnit(t)])) } };
}

function armOf({ name, picks }: { readonly name: string; readonly picks: readonly Measured[] }): Arm {
  const done = picks.filter((p) => p.values);
  const hits = done.filter((p) => p.hit).length;
  const { low, high } = done.length > 0 ? clopperPearsonInterval(hits, done.length) : { low: 0, high: 1 };
  return { name, calculated: done.length, failed: picks.length - done.length, failures: picks.flatMap((p) => (p.failure === undefined ? [] : [`${p.structure}: ${p.failure}`])), hits, low, high, expected: done.reduce((sum, p) => sum + p.probability, 0) };
}

function coverageOf(ours: readonly Measured[], judged: readonly JudgedCandidate[]): VerificationSummary["coverage"] {
  const byKey = new Map(judged.map((c) => [c.key, c]));
  const done = ours.filter((p) => p.values);
  return judged[0]!.properties.flatMap((q) => {
    if (q.kind !== "number" || done.every((p) => p.values![q.name] === undefined)) return [];
    const inside = done.filter((p) => {
      const band = byKey.get(p.key)!.properties.find((x) => x.name === q.name)!;
      return band.kind === "number" && p.values![q.name]! >= band.lower && p.values![q.name]! <= band.upper;
    });
    return [{ property: q.name, inside: inside.length, of: done.length }];
  });
}

function classesOf(ours: readonly Measured[], classes: readonly string[]): VerificationSummary["classes"] {
  const counts = new Map<string, { hits: number; of: number }>();
  ours.forEach((p, i) => {
    if (!p.values || classes[i] === "") return;
    const { hits, of } = counts.get(classes[i]!) ?? { hits: 0, of: 0 };
    counts.set(classes[i]!, { hits: hits + (p.hit ? 1 : 0), of: of + 1 });
  });
  return [...counts].map(([name, c]) => ({ name, ...c })).sort((a, b) => b.of - a.of || (a.name < b.name ? -1 : 1));
}
