/*
 * `study: invert`: learn, then sample materials that should have the wanted properties, rank them, and,
 * when asked, verify the best ones by calculation.
 */
import { fold, InputError, key, type Context } from "@tatara/engine/base";
import { baseRate, expectedHits, type Target } from "@tatara/engine/design";
import { openCrew, type Crew } from "../executors/crew.ts";
import type { RunDirectory } from "../runs/directory.ts";
import type { Recorder } from "../runs/recorder.ts";
import type { InvertStudy } from "../schema/study.ts";
import { candidatesText, judge, type JudgedCandidate } from "./candidates.ts";
import { corpusTable } from "./corpus.ts";
import { driversOf, type Drivers } from "./drivers.ts";
import type { StageOne } from "./learn.ts";
import { sample, type PredictTexts, type Sampled } from "./sample.ts";
import { parseTargets, refuseFar } from "./targets.ts";
import type { LoadedStudy, RunHost } from "./types.ts";
import { verify, type Verification } from "./verify.ts";

/** Candidates that get a card, and an explanation, in the report. */
const CARDS = 24;

export interface Designed {
  readonly candidates: readonly JudgedCandidate[];
  readonly sampled: Sampled;
  readonly targets: readonly Target[];
  readonly baseRate: { readonly known: number; readonly inside: number };
  readonly drivers: readonly Drivers[];
  readonly warnings: readonly string[];
  readonly verification?: Verification;
}

/** Stage two of a study, and its verification. */
export async function design(loaded: LoadedStudy & { readonly study: InvertStudy }, one: StageOne, dir: RunDirectory, recorder: Recorder, host: RunHost, ctx: Context): Promise<Designed> {
  const { study, setup } = loaded;
  const targets = parseTargets(study.target, one.measurements.targets.columns);
  const warnings = refuseFar(targets, one.measurements.targets.columns);
  warnings.forEach(host.say);
  const root = key(study.seed);
  const corpus = await corpusOf(loaded, one, recorder, ctx);
  const crew = await openCrew(
    {
      ...setup,
      descriptors: study.represent!,
      generator: { prior: study.generate.prior!, priorOptions: study.generate.prior_options, key: fold(root, "prior"), corpus: corpus.texts, proposals: study.generate.proposals!, constraints: study.constraints },
    },
    { workers: study.workers },
  );
  try {
    const predict: PredictTexts = async (texts, c) => {
      const silent = { ...c, report: () => {} };
      return one.model.predict(await crew.describe(texts, silent), silent);
    };
    const sampled = await recorder.stage("sample", ctx, (c) => sample(fold(root, "sample"), { study, targets, crew, predict, dir, domain: loaded.domain }, c));
    const judged = await recorder.stage("rank", ctx, (c) => judge(sampled.materials, { crew, model: one.model, targets, thresholds: sampled.thresholds, properties: Object.keys(study.data.properties), coverage: study.learn.coverage, known: one.measurements.texts, seen: new Set([...one.measurements.keys, ...corpus.keys]) }, c));
    await dir.write("candidates.csv", candidatesText(judged, outputsOf(one), []));
    const drivers = await recorder.stage("explain", ctx, (c) => driversOf(judged.slice(0, CARDS).map((j) => j.structure), { crew, model: one.model, reference: one.x }, c));
    await recorder.note({ sampler: samplerRecord(study, sampled), candidates: candidateRecord(judged, targets, sampled.thresholds) });
    const rate = baseRate(targets, targets.map((t) => columnOf(one, t.property)), sampled.thresholds);
    const base: Designed = { candidates: judged, sampled, targets, baseRate: rate, drivers, warnings };
    if (!host.verify) return base;
    const verification = await recorder.stage("verify", ctx, (c) => verify(fold(root, "verify"), { loaded, one, crew, judged, targets, thresholds: sampled.thresholds, baseRate: rate.inside / Math.max(1, rate.known) }, c));
    const marked = judged.map((c) => ({ ...c, ...verification.calculated.get(c.key) }));
    await dir.write("candidates.csv", candidatesText(marked, outputsOf(one), verification.properties));
    await recorder.note({ verification: verification.summary });
    return { ...base, candidates: marked, verification };
  } finally {
    await crew.close();
  }
}

const columnOf = ({ measurements }: StageOne, property: string) => measurements.targets.columns.find((c) => c.name === property)!;

export const outputsOf = ({ model }: StageOne): readonly { readonly name: string; readonly levels?: readonly string[] }[] => model.outputs.map((o) => (o.kind === "number" ? { name: o.name } : { name: o.name, levels: o.levels }));

interface Corpus {
  readonly texts: readonly string[];
  readonly keys: readonly string[];
}

/** Real materials that the prior learns from: another table, or the study's own materials. */
async function corpusOf({ study, setup }: LoadedStudy & { readonly study: InvertStudy }, { measurements }: StageOne, recorder: Recorder, ctx: Context): Promise<Corpus> {
  const { corpus } = study.generate;
  if (!corpus) return measurements;
  const path = corpus.table;
  const { table, index } = await corpusTable(corpus);
  const crew: Crew = await openCrew({ ...setup, descriptors: study.represent! }, { workers: study.workers });
  try {
    const read = await recorder.stage("read corpus", ctx, (c) => crew.read(table.rows.map((row) => row[index]!), c));
    const unique = new Map(read.flatMap((m) => (m.key === null ? [] : [[m.key, m.text!] as const])));
    if (unique.size === 0) throw new InputError(`no material in the corpus: ${path} — check generate.corpus.structure`, { path: "generate.corpus", value: path });
    await recorder.note({ corpus: { table: path, rows: table.rows.length, materials: unique.size, refused: read.filter((m) => m.key === null).length } });
    return { texts: [...unique.values()], keys: [...unique.keys()] };
  } finally {
    await crew.close();
  }
}

const samplerRecord = (study: InvertStudy, { traces, ...sampled }: Sampled) => ({
  mode: study.generate.mode,
  particles: study.generate.particles,
  stopped: sampled.stopped,
  evaluations: sampled.evaluations,
  logEvidence: sampled.logEvidence,
  thresholds: sampled.thresholds,
  drawn: sampled.drawn,
  agreement: sampled.agreement ?? null,
  steps: traces[0],
  replicates: traces.slice(1),
});

/** Share of candidates whose predicted means all lie in the target. */
export function insideOf(candidates: readonly JudgedCandidate[], targets: readonly Target[], thresholds: Readonly<Record<string, number>> = {}): number {
  const meets = (c: JudgedCandidate, t: Target) => {
    const p = c.properties.find((x) => x.name === t.property)!;
    if (t.kind === "levels") return p.kind === "class" && t.levels.includes(p.label);
    if (p.kind !== "number") return false;
    if (t.kind === "interval") return p.mean >= t.low && p.mean <= t.high;
    const threshold = thresholds[t.property];
    return threshold === undefined || (t.direction === "maximise" ? p.mean >= threshold : p.mean <= threshold);
  };
  return candidates.filter((c) => targets.every((t) => meets(c, t))).length;
}

const candidateRecord = (candidates: readonly JudgedCandidate[], targets: readonly Target[], thresholds: Readonly<Record<string, number>>) => ({
  unique: candidates.length,
  inside: insideOf(candidates, targets, thresholds),
  novel: candidates.filter((c) => c.novel).length,
  inDomain: candidates.filter((c) => c.inDomain).length,
  expectedHits: expectedHits(candidates),
});
