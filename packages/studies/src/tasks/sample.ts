/*
 * Stage two: sample materials by tempered sequential Monte Carlo, with a checkpoint after every step, so
 * that a run killed at any time goes on where it stood and ends the same.
 */
import { fold, type Context, type Key } from "@tatara/engine/base";
import { regionLikelihood, regionObjective, type Target } from "@tatara/engine/design";
import { agreement, distinctMaterials, leaders, run, smc, thresholdsAt, type Agreement, type SmcInfo, type SmcState } from "@tatara/engine/search";
import type { Domain } from "@tatara/engine/generate";
import type { NumericMarginal, Predictive } from "@tatara/engine/prob";
import type { Crew } from "../executors/crew.ts";
import type { RunDirectory } from "../runs/directory.ts";
import type { InvertStudy } from "../schema/study.ts";

/** One step of a run, as it is kept for the report and run.json. */
export interface TraceEntry extends SmcInfo {
  /** Median over the population of each property's predicted mean, in the study's order; NaN for classes. */
  readonly medians: readonly number[];
}

export interface Sampled {
  /** Distinct final materials over all replicates, in order of first sight. */
  readonly materials: readonly { readonly key: string; readonly text: string }[];
  /** Trace of each replicate. */
  readonly traces: readonly (readonly TraceEntry[])[];
  /** Final thresholds of maximised and minimised properties. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly logEvidence: number | null;
  readonly stopped: string;
  readonly evaluations: number;
  readonly drawn: { readonly draws: number; readonly sound: number };
  readonly agreement?: Agreement;
  /** The last population of the first run, with the weights it has left, and whether it came to the target's full weight. */
  readonly population: { readonly texts: readonly string[]; readonly logWeights: Float64Array; readonly reached: boolean };
}

/** Predictions of materials given as canonical texts; a row depends on its text alone. */
export type PredictTexts = (texts: readonly string[], ctx: Context) => Promise<Predictive>;

export interface SampleOptions {
  readonly study: Pick<InvertStudy, "generate" | "target" | "data">;
  readonly targets: readonly Target[];
  readonly crew: Crew;
  readonly predict: PredictTexts;
  readonly dir: RunDirectory;
  readonly domain: Domain<unknown>;
}

interface Kept {
  readonly step: number;
  readonly state: SmcState<unknown>;
  readonly trace: readonly TraceEntry[];
}

/** Sample, or go on from the checkpoints of the run directory. */
export async function sample(key: Key, options: SampleOptions, ctx: Context): Promise<Sampled> {
  const { replicates } = options.study.generate;
  const ends: Kept[] = [];
  for (let r = 0; r < replicates; r++) ends.push(await sampleOnce(fold(key, r), r, options, ctx));
  const materials = new Map<string, { key: string; text: string }>();
  for (const { state } of ends) for (const { key: name, text } of distinctMaterials(state)) if (!materials.has(name)) materials.set(name, { key: name, text });
  const [first] = ends as [Kept, ...Kept[]];
  return {
    materials: [...materials.values()],
    traces: ends.map((end) => end.trace),
    thresholds: thresholdsAt(first.state.climb, first.state.position),
    logEvidence: first.state.logEvidence,
    stopped: first.state.stopped ?? "interrupted",
    evaluations: ends.reduce((sum, { state }) => sum + state.evaluations, 0),
    drawn: first.state.drawn,
    population: { texts: first.state.population.texts, logWeights: first.state.logWeights, reached: first.state.position === 1 },
    ...(ends.length > 1 ? { agreement: await compare(ends, options, ctx) } : {}),
  };
}

async function sampleOnce(key: Key, replicate: number, { study, targets, crew, predict, dir, domain }: SampleOptions, ctx: Context): Promise<Kept> {
  const { mode, particles, ess, moves, polish, evaluations, steps, power = 1 } = study.generate;
  const sampler = smc({ batches: quietly(crew), logLikelihood: regionLikelihood(targets, predict, { power }), mode, modes: (texts) => countModes(domain, texts), size: particles, ess, moves, polish, evaluations, ...(steps === undefined ? {} : { steps }) });
  const file = `checkpoint/sampler-${replicate}.json`;
  const kept = (await dir.load(file)) as Kept | undefined;
  const trace = [...(kept?.trace ?? [])];
  let end: Kept | undefined = kept;
  const inner: Context = { ...ctx, report: (p) => ctx.report({ ...p, stage: study.generate.replicates > 1 ? `sample (run ${replicate + 1})` : "sample" }) };
  for await (const { step, state, info } of run(sampler, key, inner, kept)) {
    if (info === null && kept) continue;
    if (info !== null) trace.push({ ...info, beta: info.beta * power, ...(await seen({ study, targets, predict }, state, inner)) });
    end = { step, state, trace: [...trace] };
    await dir.save(file, end);
    if (info !== null) await dir.journal({ event: "step", replicate, step, beta: info.beta * power, ess: info.ess, acceptance: info.acceptance, distinct: info.distinct, evaluations: info.evaluations });
  }
  return end!;
}

/** Best materials of a population among which clusters are counted. */
const LOOKED_AT = 100;

/** Clusters at similarity 0.5 among the best materials. */
function countModes(domain: Domain<unknown>, texts: readonly string[]): number {
  const materials = texts.slice(0, LOOKED_AT).map((text) => domain.codec.parse(text));
  return leaders(materials, (a, b) => domain.similarity(a, b)).length;
}

/** Batches without their own progress lines: the sampler's line says more. */
const quietly = (crew: Crew): Crew => {
  const hush = (ctx: Context): Context => ({ ...ctx, report: () => {} });
  return {
    ...crew,
    sample: (key, n, ctx) => crew.sample(key, n, hush(ctx)),
    propose: (key, from, ctx) => crew.propose(key, from, hush(ctx)),
    logDensity: (states, ctx) => crew.logDensity(states, hush(ctx)),
    evaluate: (states, ctx) => crew.evaluate(states, hush(ctx)),
    describe: (texts, ctx) => crew.describe(texts, hush(ctx)),
  };
};

/** A population as the model sees it: log probability of the targets without any power, and the properties' medians. */
async function seen({ study, targets, predict }: Pick<SampleOptions, "study" | "targets" | "predict">, { population, climb }: SmcState<unknown>, ctx: Context): Promise<Pick<TraceEntry, "bestLogLikelihood" | "medianLogLikelihood" | "medians">> {
  const distinct = [...new Set(population.texts)];
  const index = new Map(distinct.map((text, i) => [text, i]));
  const p = await predict(distinct, { ...ctx, report: () => {} });
  const sorted = (values: Float64Array) => Float64Array.from(population.texts, (text) => values[index.get(text)!]!).sort();
  const logProbability = sorted(regionObjective(targets, thresholdsAt(climb, 1)).logScore(p));
  return {
    bestLogLikelihood: logProbability.at(-1)!,
    medianLogLikelihood: middle(logProbability),
    medians: Object.keys(study.data.properties).map((name) => {
      const marginal = p.marginals.find((m) => m.name === name);
      return marginal?.kind === "number" ? middle(sorted(marginal.mean)) : Number.NaN;
    }),
  };
}

const middle = (sorted: Float64Array): number => sorted[sorted.length >> 1]!;

async function compare(ends: readonly Kept[], { study, predict }: SampleOptions, ctx: Context): Promise<Agreement> {
  const replicates = [];
  for (const { state } of ends) {
    const p = await predict(state.population.texts, { ...ctx, report: () => {} });
    const numeric = p.marginals.filter((m): m is NumericMarginal => m.kind === "number" && Object.hasOwn(study.target, m.name));
    replicates.push({ logEvidence: state.logEvidence, values: Object.fromEntries(numeric.map((m) => [m.name, m.mean])) });
  }
  return agreement(replicates);
}
