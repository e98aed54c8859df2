/*
 * Model choice by cross-validation with the one-standard-error rule (Breiman, Friedman, Olshen & Stone 1984,
 * section 3.4.3), for each property by itself. Learners are compared by the calibrated negative log likelihood
 * of out-of-fold rows, not by RMSE: what the design stage asks of a model are probabilities, and a likelihood
 * rewards a sharp mean and an honest width together. Learners whose loss is within one standard error of the best
 * (of the paired difference, rows and folds both considered) tie, and the tie goes to the least complex.
 * A learner that is worse by more than three standard errors after two folds is not tried on the others
 * (a race, Maron & Moore 1994).
 *
 * All candidates share a budget of forecast seconds of one core, so that the same study tries the same learners on any
 * machine. Where combinations are wanted, what is left of it tunes the best learner; and the best learners are stacked,
 * by weights from the same out-of-fold predictions, those of each fold from the other folds.
 */
import { InputError, UnsupportedError } from "../base/errors.ts";
import type { Catalog } from "../base/schema.ts";
import { type Key, fold } from "../base/key.ts";
import { type Context, pause } from "../base/context.ts";
import { graphColumns } from "../data/graphRows.ts";
import type { Feature, Targets } from "../data/types.ts";
import { knownRows, readColumns } from "./inputs.ts";
import { type LearnerSpec, type RunJobs, labelOf, refused } from "./jobs.ts";
import { type CrossValidation, type OutOfFold, concatenate, crossValidate, foldRows } from "./outOfFold.ts";
import { nestedStack, stackWeights } from "./stackWeights.ts";
import { type SearchSpace, planSearch } from "./tune.ts";
import type { Learner } from "./types.ts";
import { type Score, rowLosses, validateProperty } from "./validate.ts";

/** What a learner can do and what it takes, to decide whether to try it. */
export interface LearnerNeeds {
  /** What it can predict. */
  readonly numbers: boolean;
  readonly classes: boolean;
  /** Whether it reads packed graphs and cannot do without them; other learners see the other features only. */
  readonly graphs?: boolean;
  /** Blocks of features that it cannot do without. */
  readonly blocks?: readonly string[];
  /** Most training rows. */
  readonly mostRows: number;
  /** Forecast of the seconds that one fit of n rows and d features (packed graphs not counted) takes on one core. */
  seconds(n: number, d: number): number;
  /** Forecast of the bytes that it needs at its peak, beside the table. */
  bytes(n: number, d: number): number;
}

/** One way to learn: a catalogue entry. */
export interface LearnerRecipe {
  readonly about: string;
  make(options: Readonly<Record<string, unknown>>): Learner;
  /** Options that `tuned` may search; none when left out. */
  readonly space?: SearchSpace;
  /** With the same options: those of an ensemble depend on its members. */
  needs(options: Readonly<Record<string, unknown>>): LearnerNeeds;
}

/** One line of the table of scores. */
export interface CandidateScores {
  readonly learner: string;
  readonly complexity: number;
  /** Forecast of its cross-validation and final fit, in seconds of one core; 0 for a stack, whose members are paid for. */
  readonly seconds: number;
  /** Mean calibrated negative log likelihood (nats); null when it was not tried, of the folds done when it was given up. */
  readonly nll: Score;
  /** Standard error of the difference to the best. */
  readonly difference: Score;
  readonly se: Score;
  readonly r2: Score;
  readonly rmse: Score;
  readonly chosen: boolean;
  /** Why it was not tried, or what decided; empty otherwise. */
  readonly note: string;
}

export interface Selection {
  readonly property: string;
  readonly learner: LearnerSpec;
  readonly oof: OutOfFold;
  readonly table: readonly CandidateScores[];
}

interface Tried {
  readonly seconds: number;
  /** Whether all folds were done. */
  readonly whole: boolean;
  readonly spec: LearnerSpec;
  readonly complexity: number;
  readonly oof: OutOfFold;
  readonly losses: Float64Array;
}

export interface SelectOptions extends Omit<CrossValidation, "learner"> {
  /** Tried from the cheapest on, by forecast; those of one cost in this order. */
  readonly candidates: readonly LearnerSpec[];
  readonly recipes: Catalog<LearnerRecipe>;
  /** Forecast seconds of one core that all candidates together may take; those that do not fit in what is left are skipped. Default 240. */
  readonly budget?: number;
  /** Whether the best is tuned with what is left of the budget, and the best ones are stacked. Default false. */
  readonly combinations?: boolean;
}

/** Seconds of all candidates together when nothing is said. */
export const BUDGET = 240;

/** Cross-validate every candidate that fits, and choose. */
export async function select({ candidates, recipes, budget = BUDGET, combinations = false, ...task }: SelectOptions, run: RunJobs, key: Key, ctx: Context): Promise<Selection> {
  const property = task.y.columns[task.column].name;
  const tried: Tried[] = [];
  const skipped: CandidateScores[] = [];
  let left = budget;
  let failure: Error | undefined;
  const attempt = async (spec: LearnerSpec) => {
    await pause(ctx);
    const { make, needs } = recipes[spec.name];
    const { complexity } = make(spec.options ?? {});
    const { why, seconds } = judge(needs(spec.options ?? {}), task, left);
    const skip = (note: string) => void skipped.push({ learner: labelOf(spec), complexity, seconds, nll: null, difference: null, se: null, r2: null, rmse: null, chosen: false, note });
    if (why !== undefined) return skip(why);
    left -= seconds;
    try {
      const { oof, whole } = await race({ ...task, learner: spec }, leader(tried), run, fold(key, labelOf(spec)), ctx);
      tried.push({ spec, complexity, seconds, oof, whole, losses: rowLosses(oof) });
    } catch (error) {
      if (!refused(error)) throw error;
      failure = error;
      skip(error.message);
    }
  };
  for (const spec of cheapFirst(candidates, recipes, task)) await attempt(spec);
  if (tried.length === 0) throw failure ?? new UnsupportedError(`no learner fits "${property}": ${skipped.map(({ learner, note }) => `${learner} (${note})`).join(", ")} — fewer rows, a larger learn.budget, or a learner by name`);
  if (combinations) {
    const search = tunedBest(leader(tried)!, recipes, task, left, fold(key, "tune"));
    if (search) await attempt(search);
    const together = stackedBest(tried, recipes, task);
    if (together) tried.push(together);
  }
  const { chosen, lines } = choose(tried);
  return { property, learner: chosen.spec, oof: chosen.oof, table: [...lines, ...skipped] };
}

/** Fewer settings than this are no search. */
const FEWEST_SETTINGS = 9;

function cheapFirst(candidates: readonly LearnerSpec[], recipes: Catalog<LearnerRecipe>, { x, y, column }: Omit<CrossValidation, "learner">): readonly LearnerSpec[] {
  const cost = new Map(candidates.map((spec) => [spec, recipes[spec.name].needs(spec.options ?? {}).seconds(knownRows(y, column).length, readColumns(x))]));
  return candidates.toSorted((a, b) => cost.get(a)! - cost.get(b)!);
}

/** Forecast seconds of cross-validating one learner on so many rows and columns, and of its final fit. */
export const trialSeconds = (needs: LearnerNeeds, rows: number, cols: number, folds: number): number => needs.seconds(rows, cols) * (folds + 1);

/** The best learner, tuned with what is left of the budget; nothing where that is too little, or where it has nothing to tune. */
function tunedBest({ spec }: Tried, recipes: Catalog<LearnerRecipe>, { x, y, column, folds }: Omit<CrossValidation, "learner">, left: number, key: Key): LearnerSpec | undefined {
  const { name, options = {} } = spec.name === "selected" ? { name: String(spec.options!["learner"]), options: spec.options!["options"] as LearnerSpec["options"] } : spec;
  const { needs, space } = recipes[name] ?? {};
  if (!needs || !space || !Object.hasOwn(recipes, "tuned")) return undefined;
  const rows = knownRows(y, column).length;
  const all = readColumns(x);
  const cols = spec.name === "selected" ? Math.min(all, Number(spec.options!["features"] ?? all)) : all;
  const each = Math.floor(left / (folds.test.length + 1) - recipes[spec.name].needs(spec.options ?? {}).seconds(rows, all));
  if (each <= 0) return undefined;
  const { settings } = planSearch({ space, options, budget: each, seconds: (n, d, setting) => needs(setting).seconds(n, d) }, rows, cols, key);
  if (settings.length < FEWEST_SETTINGS) return undefined;
  const own = { learner: name, options, seconds: each };
  return spec.name === "selected" ? { name: "selected", options: { ...spec.options, learner: "tuned", options: own } } : { name: "tuned", options: own };
}

/** Most members of a stack of the best. */
const MOST_MEMBERS = 4;

/** The best learners as a stack, at no further cost than its final fit; nothing where one alone has all the weight. */
function stackedBest(tried: readonly Tried[], recipes: Catalog<LearnerRecipe>, { y }: Omit<CrossValidation, "learner">): Tried | undefined {
  const best = tried.filter(({ whole, oof }) => whole && !("hurdle" in oof)).sort((a, b) => mean(a.losses) - mean(b.losses)).slice(0, MOST_MEMBERS);
  if (best.length < 2 || !Object.hasOwn(recipes, "stack")) return undefined;
  const weights = y.weights && Float64Array.from(best[0].oof.rows, (i) => y.weights![i]);
  const mixing = stackWeights(best.map((t) => t.oof), weights);
  const members = best.flatMap(({ spec }, k) => (mixing.weights[k] > 0 ? [{ learner: spec.name, options: spec.options ?? {}, weight: mixing.weights[k], factor: mixing.factors[k] }] : []));
  if (members.length < 2) return undefined;
  const oof = nestedStack(best.map((t) => t.oof), weights);
  const spec = { name: "stack", options: { members } };
  return { spec, complexity: recipes["stack"].make(spec.options).complexity, seconds: 0, oof, whole: true, losses: rowLosses(oof) };
}

/** Folds after which a learner may be given up, and by how many standard errors it must be worse. */
const HEAT = 2;
const LOST = 3;

const leader = (tried: readonly Tried[]): Tried | undefined => tried.filter((t) => t.whole).reduce<Tried | undefined>((a, b) => (a === undefined || mean(b.losses) < mean(a.losses) ? b : a), undefined);

/** Cross-validate, giving up after the first folds when the leader is clearly ahead on the same rows. */
async function race(task: CrossValidation, ahead: Tried | undefined, run: RunJobs, key: Key, ctx: Context): Promise<{ readonly oof: OutOfFold; readonly whole: boolean }> {
  const all = foldRows(task.y, task.column, task.folds).map((part) => part.fold);
  if (ahead === undefined || all.length <= HEAT + 1) return { oof: await crossValidate(task, run, key, ctx), whole: true };
  const first = await crossValidate({ ...task, only: all.slice(0, HEAT) }, run, key, ctx);
  const difference = rowLosses(first).map((loss, i) => loss - ahead.losses[i]);
  if (mean(difference) > LOST * standardError(difference, first.fold)) return { oof: first, whole: false };
  return { oof: concatenate(first, await crossValidate({ ...task, only: all.slice(HEAT) }, run, key, ctx)), whole: true };
}

/** Why a learner cannot learn a property of this kind from so many rows with these features; undefined where it can. */
export function reasonAgainst(needs: LearnerNeeds, kind: Targets["columns"][number]["kind"], rows: number, features: readonly Feature[]): string | undefined {
  if (kind === "number" ? !needs.numbers : !needs.classes) return `predicts no ${kind === "number" ? "numbers" : "classes"}`;
  if (rows > needs.mostRows) return `takes at most ${needs.mostRows} rows`;
  if (needs.graphs === true && graphColumns(features) === undefined) return "needs packed graphs: the descriptor graph";
  if (needs.graphs !== true && readColumns({ features }) === 0) return "reads no packed graphs: it needs another descriptor beside them";
  const missing = (needs.blocks ?? []).find((block) => features.every((feature) => feature.block !== block));
  return missing === undefined ? undefined : `needs the descriptor ${missing}`;
}

/** What a candidate is forecast to take, and why it is not tried, if so. */
function judge(needs: LearnerNeeds, { x, y, column, folds }: Omit<CrossValidation, "learner">, left: number): { readonly seconds: number; readonly why: string | undefined } {
  const rows = knownRows(y, column).length;
  const unable = reasonAgainst(needs, y.columns[column].kind, rows, x.features);
  if (unable !== undefined) return { seconds: 0, why: unable };
  const seconds = trialSeconds(needs, rows, readColumns(x), folds.test.length);
  return { seconds, why: seconds > left ? `forecast to take ${Math.round(seconds)} s, more than the ${Math.round(left)} s left of the budget` : undefined };
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Standard error of a mean over rows, or over folds if that is larger: rows of one fold are alike. */
function standardError(values: Float64Array, folds: Int32Array): number {
  const centre = mean(values);
  const byRow = Math.sqrt(mean(values.map((v) => (v - centre) ** 2)) / values.length);
  const means = [...new Set(folds)].map((f) => mean(values.filter((_, i) => folds[i] === f)));
  const middle = mean(means);
  const byFold = means.length > 2 ? Math.sqrt(means.reduce((s, m) => s + (m - middle) ** 2, 0) / (means.length - 1) / means.length) : 0;
  return Math.max(byRow, byFold);
}

function choose(tried: readonly Tried[]): { readonly chosen: Tried; readonly lines: readonly CandidateScores[] } {
  const best = leader(tried)!;
  const compared = tried.map((t) => {
    const difference = t.losses.map((l, i) => l - best.losses[i]);
    return { t, difference: mean(difference), se: standardError(difference, t.oof.fold) };
  });
  const ties = compared.filter(({ t, difference, se }) => t.whole && (t === best || difference <= se));
  const chosen = ties.reduce((a, b) => (b.t.complexity < a.t.complexity || (b.t.complexity === a.t.complexity && b.difference < a.difference) ? b : a)).t;
  const lines = compared.map(({ t, difference, se }): CandidateScores => {
    const scores = validateProperty(t.oof, labelOf(t.spec));
    const number = scores.kind === "number" ? scores : { r2: null, rmse: null };
    return { learner: labelOf(t.spec), complexity: t.complexity, seconds: t.seconds, nll: mean(t.losses), difference, se, r2: number.r2, rmse: number.rmse, chosen: t === chosen, note: noteOn(t, chosen, best) };
  });
  return { chosen, lines };
}

function noteOn(t: Tried, chosen: Tried, best: Tried): string {
  if (!t.whole) return `given up after ${HEAT} folds: clearly worse on the same rows`;
  const why = t !== chosen ? "" : chosen === best ? "smallest loss" : "within one standard error of the smallest loss, and less complex";
  return [why, ...(t.spec.name === "stack" ? [compositionOf(t.spec)] : [])].filter((text) => text !== "").join("; ");
}

/** What a stack is made of, the largest part first. */
export function compositionOf({ options = {} }: LearnerSpec): string {
  const { members = [] } = options as { readonly members?: readonly { readonly learner: string; readonly options?: LearnerSpec["options"]; readonly weight?: number }[] };
  return members.toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0)).map(({ learner, options: own, weight }) => `${weight === undefined ? "" : `${Math.round(100 * weight)} % `}${labelOf({ name: learner, ...(own && { options: own }) })}`).join(" + ");
}

/** Throws InputError when the options of a study name no candidate. */
export function checkCandidates(candidates: readonly LearnerSpec[]): void {
  if (candidates.length === 0) throw new InputError("no candidate: 0 learners — name at least one", { path: "learn.model" });
}
