/*
 * From a run's results to what its report shows. Everything is plain data and is kept as report.json, so
 * that `tatara report` draws the page again without computing anything.
 */
import type { Domain } from "@tatara/engine/generate";
import { expectedHits, formatTarget, type Target } from "@tatara/engine/design";
import type { CategoryValidation, NumberValidation, RetentionScores, TransferReport } from "@tatara/engine/learn";
import type { MoveTally } from "@tatara/engine/search";
import type { ClassValidation, NumericValidation, ReportCandidate, ReportCurves, ReportData, ReportDesign, ReportProperty, ReportRetention, ReportRules, ReportScreen, ReportSplit } from "../report/types.ts";
import type { Study } from "../schema/study.ts";
import type { JudgedCandidate } from "./candidates.ts";
import { insideOf, type Designed } from "./invert.ts";
import type { StageOne } from "./learn.ts";
import type { TraceEntry } from "./sample.ts";
import { isComparison, transferWarnings } from "./transferWords.ts";
import type { LoadedStudy } from "./types.ts";
import type { ValidationFile } from "./validationFile.ts";

/** Cards in the report; all candidates are in candidates.csv. */
export const CARDS = 24;
const LEVELS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Candidates without drawings: those are made when the page is. */
export interface StoredReport extends Omit<ReportData, "design"> {
  readonly domain: string;
  readonly design?: Omit<ReportDesign, "candidates"> & { readonly candidates: readonly Omit<ReportCandidate, "svg" | "nearestSvg">[] };
}

export interface ReportContext {
  readonly loaded: LoadedStudy;
  readonly one: StageOne;
  readonly designed?: Designed;
  readonly groups: readonly string[];
  readonly studyText: string;
  readonly version: string;
  readonly seconds: number;
  readonly rejected: number;
  readonly screen?: ReportScreen;
  readonly rules?: ReportRules;
  readonly curves?: ReportCurves;
}

export function storedReport({ loaded, one, designed, groups, studyText, version, seconds, rejected, screen, rules, curves }: ReportContext): StoredReport {
  const { study, name } = loaded;
  const { measurements, validation, x } = one;
  return {
    title: name.replaceAll(/[-_]+/g, " ").replace(/^./, (c) => c.toUpperCase()),
    about: screen ? `${screen.count} ${screen.count === 1 ? "system" : "systems"} gone over for ${screen.wanted}` : rules ? `what tells ${rules.wanted} apart, in conditions that can be checked` : curves ? `how the error of ${Object.keys(study.data.properties).join(", ").replaceAll("_", " ")} falls with the number of rows` : loaded.set?.about ?? `${study.study === "invert" ? "design" : "a model"} of ${Object.keys(study.data.properties).join(", ").replaceAll("_", " ")}`,
    domain: study.domain,
    study: studyText,
    version,
    seed: study.seed,
    seconds,
    command: `tatara run study.yaml${study.seed === 1 ? "" : ` --seed ${study.seed}`}`,
    data: { id: measurements.id, table: study.data.table.split("/").at(-1)!, rows: measurements.texts.length, rejected, merged: measurements.merged, features: x.cols, split: study.learn.split },
    properties: propertiesOf(study, designed?.targets ?? screen?.targets ?? rules?.targets ?? [], designed?.sampled.thresholds ?? {}),
    validation: validation.properties.map((v) => (v.kind === "number" ? numericOf(v, validation) : classOf(v, validation))),
    ...(designed ? { design: designOf(loaded, designed, groups) } : {}),
    ...(designed?.verification ? { verification: designed.verification.summary } : {}),
    ...(screen ? { screen } : {}),
    ...(rules ? { rules } : {}),
    ...(curves ? { curves } : {}),
    warnings: [...transferWarnings(loaded, validation), ...(designed?.warnings ?? screen?.warnings ?? rules?.warnings ?? curves?.warnings ?? [])],
    level: study.learn.coverage,
    promise: validation.promise,
  };
}

const propertiesOf = (study: Study, targets: readonly Target[], thresholds: Readonly<Record<string, number>>): readonly ReportProperty[] =>
  Object.entries(study.data.properties).map(([name, p]) => {
    const target = targets.find((t) => t.property === name);
    return {
      name,
      unit: p.kind === "class" ? "" : (p.unit ?? "1"),
      kind: p.kind,
      ...(target ? { target: { text: formatTarget(tidy(target)), ...intervalOf(target, thresholds[name]) } } : {}),
    };
  });

/** Twelve digits stay clear of what a conversion of units leaves behind: 106.85 degC, not 106.85000000000002. */
const tidy = (target: Target): Target => (target.kind === "interval" ? { ...target, low: Number(target.low.toPrecision(12)), high: Number(target.high.toPrecision(12)) } : target);

/** The interval that a target came to mean; unbounded for classes. */
function intervalOf(target: Target, threshold: number | undefined): Pick<NonNullable<ReportProperty["target"]>, "low" | "high" | "threshold"> {
  if (target.kind === "interval") return { low: target.low, high: target.high };
  const any = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  if (target.kind === "levels" || threshold === undefined) return any;
  return { ...any, [target.direction === "maximise" ? "low" : "high"]: threshold, threshold };
}

const finite = (entries: Readonly<Record<string, number | null>>): Record<string, number> => Object.fromEntries(Object.entries(entries).flatMap(([k, v]) => (v === null ? [] : [[k, v]])));

function numericOf(v: NumberValidation, file: ValidationFile): NumericValidation {
  const { points } = v;
  const pit = points.pit.toSorted((a, b) => a - b);
  const unit = median(points.mean.map((m, i) => Math.abs(points.measured[i]! - m)));
  const errorOf = new Map(points.row.map((row, i) => [row, Math.abs(points.measured[i]! - points.mean[i]!)]));
  const { points: places, threshold } = file.applicability;
  const shown = places.row.map((row, i) => ({ score: places.score[i]!, error: errorOf.get(row) })).filter((p) => p.error !== undefined);
  return {
    kind: "number",
    name: v.name,
    learner: v.learner,
    ...choiceOf(file, v.name),
    ...(v.decades ? { scale: "log" as const } : {}),
    metrics: finite({ n: v.rows, r2: v.r2, ...logarithmic(v), mae: v.mae, rmse: v.rmse, coverage: v.coverage, width: v.width, nll: v.nll, crps: v.crps, miscalibration: v.miscalibrationArea, calibrationError: v.calibrationError, ence: v.ence, ...areaOf(v.retention) }),
    folds: v.folds.map((f) => finite({ n: f.rows, r2: f.r2, ...logarithmic(f), mae: f.mae, rmse: f.rmse, coverage: f.coverage, width: f.width, nll: f.nll, crps: f.crps })),
    bands: v.bands.map(({ level, coverage, width }) => ({ level, coverage: coverage ?? Number.NaN, width: width ?? Number.NaN })),
    retention: curveOfRetention(v.retention),
    points: { observed: points.measured, mean: points.mean, lower: points.lower, upper: points.upper, labels: points.row.map((row) => file.materials[row]!) },
    calibration: { levels: LEVELS, observed: LEVELS.map((p) => countBelow(pit, p) / Math.max(1, pit.length)) },
    ...(shown.length > 0 && unit > 0 ? { applicability: { score: shown.map((p) => p.score), error: shown.map((p) => p.error!), threshold } } : {}),
    splits: splitsOf(file, v.name),
    ...conformalOf(file, v.name),
    ...transferOf(file, v.name),
    ...curveOf(file, v.name, v.decades ? Math.LN10 : 1),
  };
}

const curveOfRetention = ({ share, loss, oracle }: RetentionScores): ReportRetention => ({ share, loss, oracle });

/** The area itself, and how far from chance to the best order it goes. */
const areaOf = ({ area, oracleArea, randomArea }: RetentionScores): Readonly<Record<string, number | null>> => ({ retention: area, retentionGain: randomArea > oracleArea ? (randomArea - area) / (randomArea - oracleArea) : null });

/** Scores of the decimal logarithm, and the mean factor by which a prediction is off. */
const logarithmic = ({ decades }: { readonly decades?: NumberValidation["decades"] }): Readonly<Record<string, number | null>> => (decades ? { logR2: decades.r2, factor: decades.mae === null ? null : 10 ** decades.mae } : {});

/** Natural logarithms, which learners see, are shown as decimal ones by `unit`. */
function curveOf(file: ValidationFile, property: string, unit = 1): Pick<NumericValidation, "learningCurve"> {
  const curve = file.learningCurves.find((c) => c.property === property);
  const points = curve?.points.filter((p) => p.error !== null) ?? [];
  const twice = curve?.law && { rows: curve.law.twice.rows, value: curve.law.twice.value / unit, low: curve.law.twice.low / unit, high: curve.law.twice.high / unit };
  return points.length > 1 ? { learningCurve: { sizes: points.map((p) => p.rows), error: points.map((p) => p.error! / unit), spread: points.map(() => 0), ...(twice ? { twice } : {}) } } : {};
}

function conformalOf(file: ValidationFile, property: string): Pick<NumericValidation, "conformal"> {
  const found = file.conformal.find((c) => c.property === property);
  return found ? { conformal: { promise: found.promise, level: found.level, score: found.score, checks: found.checks } } : {};
}

/** All ways in which rows of a property were held out, what was learnt on a logarithmic scale by its decades. */
const splitsOf = ({ splits }: ValidationFile, property: string): readonly ReportSplit[] =>
  splits.filter((s) => s.property === property).map(({ split, own, scores, note, trials }) => ({ split, own, note, metrics: scores ? splitMetrics(scores) : {}, trials: trials.map(({ name, training, scores: of }) => ({ name, training, metrics: splitMetrics(of) })) }));

function splitMetrics(s: NonNullable<ValidationFile["splits"][number]["scores"]>): Record<string, number> {
  if (!("nll" in s)) return finite({ n: s.rows, accuracy: s.accuracy, commonest: s.commonest, auc: s.auc, logLoss: s.logLoss });
  return finite({ n: s.rows, r2: s.decades ? null : s.r2, ...logarithmic(s), mae: s.mae, rmse: s.rmse, coverage: s.coverage, width: s.width, nll: s.nll, crps: s.crps });
}

/** Best first; what was not tried comes last. */
const ranked = (scores: TransferReport["scores"]): TransferReport["scores"] => scores.toSorted((a, b) => (a.rmse ?? Number.POSITIVE_INFINITY) - (b.rmse ?? Number.POSITIVE_INFINITY) || 0);

function transferOf({ transfer = [] }: ValidationFile, property: string): Pick<NumericValidation, "transfer"> {
  const own = transfer.find((t) => t.property === property);
  if (own === undefined || !isComparison(own)) return {};
  const number = (v: number | null) => v ?? Number.NaN;
  return { transfer: { warning: own.warning, methods: ranked(own.scores).map(({ method, rmse, difference, se, weight, note }) => ({ method, rmse: number(rmse), difference: number(difference), se: number(se), weight, note })) } };
}

function choiceOf({ selection }: ValidationFile, property: string): Pick<NumericValidation, "choice" | "budget" | "settings" | "features" | "parts"> {
  const { candidates = [], budget = null, trials = [], features = [], parts } = selection.find((s) => s.property === property) ?? {};
  return {
    choice: candidates.map((c) => ({ learner: c.learner, score: c.nll ?? Number.NaN, standardError: c.se ?? Number.NaN, seconds: c.seconds, note: c.note })),
    budget,
    settings: trials.map(({ options, rows, loss, chosen }) => ({ options: Object.entries(options).map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`).join(", "), rows, score: loss ?? Number.NaN, chosen })),
    features,
    ...(parts ? { parts } : {}),
  };
}

const classOf = (v: CategoryValidation, file: ValidationFile): ClassValidation => ({
  kind: "class",
  name: v.name,
  learner: v.learner,
  ...choiceOf(file, v.name),
  metrics: finite({ n: v.rows, accuracy: v.accuracy, commonest: v.commonest, ...areaOf(v.retention), ...(v.levels.length === 2 ? { auc: v.classes[0]!.auc } : {}), logLoss: v.logLoss, brier: v.brier, ece: v.ece }),
  folds: v.folds.map((f) => finite({ n: f.rows, accuracy: f.accuracy, commonest: f.commonest, logLoss: f.logLoss })),
  levels: v.levels,
  confusion: v.confusion,
  perClass: v.classes.map((c) => ({ level: c.level, precision: c.precision ?? Number.NaN, recall: c.recall ?? Number.NaN, support: c.support, auc: c.auc ?? Number.NaN, averagePrecision: c.averagePrecision ?? Number.NaN })),
  retention: curveOfRetention(v.retention),
  reliability: reliabilityOf(v),
  splits: splitsOf(file, v.name),
  ...conformalOf(file, v.name),
  ...curveOf(file, v.name),
});

/** Of two classes one says it all: the rarer. Of more, the likeliest class of each row. */
function reliabilityOf({ classes, reliability }: CategoryValidation): NonNullable<ClassValidation["reliability"]> {
  if (classes.length !== 2) return { of: "the likeliest class", points: reliability };
  const rarer = classes.reduce((a, b) => (b.support < a.support ? b : a));
  return { of: rarer.level, points: rarer.reliability };
}

function designOf({ study, domain }: LoadedStudy, { candidates, sampled, targets, drivers, verification }: Designed, groups: readonly string[]): NonNullable<StoredReport["design"]> {
  const generate = study.study === "invert" ? study.generate : undefined;
  const ours = new Map(drivers.map((d) => [d.structure, d.properties]));
  return {
    mode: generate?.mode ?? "heuristic",
    steps: sampled.traces[0]!.map((s) => ({ beta: s.beta, ess: s.ess, acceptance: s.acceptance, unique: s.unique, invalid: s.invalid, modes: s.modes ?? 0, evaluations: s.evaluations, bestLogLikelihood: s.bestLogLikelihood, medianLogLikelihood: s.medianLogLikelihood, medians: s.medians, thresholds: s.thresholds })),
    ...movesOf(sampled.traces[0]!),
    stopped: { done: "all temperatures done", budget: "the budget of evaluations is spent", steps: "the limit of steps is reached" }[sampled.stopped] ?? sampled.stopped,
    logEvidence: sampled.logEvidence,
    evaluations: sampled.evaluations,
    power: generate?.power ?? 1,
    particles: generate?.particles ?? 0,
    candidates: candidates.slice(0, CARDS).map((c, i) => cardOf(c, groups[i] ?? "", ours.get(c.structure) ?? [], verification?.properties ?? [])),
    cloud: candidates.map((c) => ({ structure: c.structure, means: c.properties.map((p) => (p.kind === "number" ? p.mean : Number.NaN)), probability: c.probability })),
    counts: { unique: candidates.length, inside: insideOf(candidates, targets, sampled.thresholds), novel: candidates.filter((c) => c.novel).length, inDomain: candidates.filter((c) => c.inDomain).length, expectedHits: expectedHits(candidates) },
    similarity: domain.similarityMeans,
    similarities: candidates.map((c) => c.nearestSimilarity),
    ...(sampled.agreement ? { agreement: sampled.agreement.agree ? "Replicate runs agree." : `Replicate runs disagree: ${sampled.agreement.reasons.join("; ")}.` } : {}),
  };
}

/** Proposals of the first run by kind, and the reasons of refusal, over all steps. */
function movesOf(trace: readonly TraceEntry[]): Pick<ReportDesign, "proposals" | "reasons"> {
  const sum = (id: string, pick: (tally: MoveTally) => number) => trace.reduce((total, { proposals }) => total + (Object.hasOwn(proposals, id) ? pick(proposals[id]!) : 0), 0);
  const ids = [...new Set(trace.flatMap(({ proposals }) => Object.keys(proposals)))].sort();
  const reasons = new Map<string, number>();
  for (const [reason, count] of trace.flatMap((s) => s.reasons)) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return {
    proposals: ids.map((id) => ({ id, proposed: sum(id, (t) => t.proposed), accepted: sum(id, (t) => t.accepted), unchanged: sum(id, (t) => t.unchanged), refused: sum(id, (t) => t.refused) })),
    reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)).slice(0, 10),
  };
}

const cardOf = (c: JudgedCandidate, group: string, drivers: ReportCandidate["drivers"], verified: readonly string[]): Omit<ReportCandidate, "svg" | "nearestSvg"> => ({
  rank: c.rank,
  structure: c.structure,
  probability: c.probability,
  values: c.properties.map((p) => (p.kind === "number" ? { mean: p.mean, sd: p.sd, lower: p.lower, upper: p.upper, ...(c.calculated && verified.includes(p.name) ? { calculated: c.calculated[p.name]! } : {}) } : { mean: Number.NaN, sd: Number.NaN, lower: Number.NaN, upper: Number.NaN, label: p.label, share: p.probabilities[p.label]! })),
  inDomain: c.inDomain,
  reason: c.reason,
  novel: c.novel,
  nearest: c.nearest,
  nearestSimilarity: c.nearestSimilarity,
  group,
  drivers,
  ...(c.hit === undefined ? {} : { hit: c.hit }),
});

/** Draw the structures that the page shows. */
export function withDrawings(stored: StoredReport, domain: Domain<unknown>): ReportData {
  const draw = (text: string, width: number, height: number) => (text === "" ? "" : domain.draw(domain.codec.parse(text), { width, height }));
  const { design, ...rest } = stored;
  return { ...rest, ...(design ? { design: { ...design, candidates: design.candidates.map((c) => ({ ...c, svg: draw(c.structure, 300, 180), nearestSvg: draw(c.nearest, 180, 120) })) } } : {}) };
}

function countBelow(sorted: readonly number[], p: number): number {
  const at = sorted.findIndex((v) => v > p);
  return at < 0 ? sorted.length : at;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
