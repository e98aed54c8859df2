/*
 * Model choice by cross-validation with the one-standard-error rule (Breiman, Friedman, Olshen & Stone 1984,
 * section 3.4.3), for each property by itself. Learners are compared by the calibrated negative log likelihood
 * of out-of-fold rows, not by RMSE: what the design stage asks of a model are probabilities, and a likelihood
 * rewards a sharp mean and an honest width together. Learners whose loss is within one standard error of the best
 * (of the paired difference, rows and folds both considered) tie, and the tie goes to the least complex.
 * A learner that is worse by more than three standard errors after two folds is not tried on the others
 * (a race, Maron & Moore 1994).
 */
import { InputError, UnsupportedError } from "../base/errors.ts";
import type { Catalog } from "../base/schema.ts";
import { type Key, fold } from "../base/key.ts";
import { type Context, pause } from "../base/context.ts";
import { graphColumns } from "../data/graphRows.ts";
import { knownRows } from "./inputs.ts";
import type { LearnerSpec, RunJobs } from "./jobs.ts";
import { type CrossValidation, type OutOfFold, concatenate, crossValidate, foldRows } from "./outOfFold.ts";
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
  /** With the same options: those of an ensemble depend on its members. */
  needs(options: Readonly<Record<string, unknown>>): LearnerNeeds;
}

/** One line of the table of scores. */
export interface CandidateScores {
  readonly learner: string;
  readonly complexity: number;
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
  /** Whether all folds were done. */
  readonly whole: boolean;
  readonly spec: LearnerSpec;
  readonly complexity: number;
  readonly oof: OutOfFold;
  readonly losses: Float64Array;
}

export interface SelectOptions extends Omit<CrossValidation, "learner"> {
  /** Tried in this order: cheap ones first. */
  readonly candidates: readonly LearnerSpec[];
  readonly recipes: Catalog<LearnerRecipe>;
  /** Candidates whose cross-validation is forecast to take longer (seconds) are skipped. Default 600. */
  readonly patience?: number;
}

/** Cross-validate every candidate that fits, and choose. */
export async function select({ candidates, recipes, patience = 600, ...task }: SelectOptions, run: RunJobs, key: Key, ctx: Context): Promise<Selection> {
  const property = task.y.columns[task.column].name;
  const tried: Tried[] = [];
  const skipped: CandidateScores[] = [];
  for (const spec of candidates) {
    await pause(ctx);
    const { make, needs } = recipes[spec.name];
    const { complexity } = make(spec.options ?? {});
    const why = refusal(needs(spec.options ?? {}), task, patience);
    if (why !== undefined) {
      skipped.push({ learner: spec.name, complexity, nll: null, difference: null, se: null, r2: null, rmse: null, chosen: false, note: why });
      continue;
    }
    const { oof, whole } = await race({ ...task, learner: spec }, leader(tried), run, fold(key, spec.name), ctx);
    tried.push({ spec, complexity, oof, whole, losses: rowLosses(oof) });
  }
  if (tried.length === 0) throw new UnsupportedError(`no learner fits "${property}": ${skipped.map(({ learner, note }) => `${learner} (${note})`).join(", ")} — fewer rows, or a learner by name`);
  const { chosen, lines } = choose(tried);
  return { property, learner: chosen.spec, oof: chosen.oof, table: [...lines, ...skipped] };
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

/** Why a candidate is not tried, if so. */
function refusal(needs: LearnerNeeds, { x, y, column, folds }: Omit<CrossValidation, "learner">, patience: number): string | undefined {
  const kind = y.columns[column].kind;
  if (kind === "number" ? !needs.numbers : !needs.classes) return `predicts no ${kind === "number" ? "numbers" : "classes"}`;
  const rows = knownRows(y, column).length;
  const columns = x.features.filter((feature) => feature.kind !== "code").length;
  if (rows > needs.mostRows) return `takes at most ${needs.mostRows} rows`;
  if (needs.graphs === true && graphColumns(x.features) === undefined) return "needs packed graphs: the descriptor graph";
  if (needs.graphs !== true && columns === 0) return "reads no packed graphs: it needs another descriptor beside them";
  const missing = (needs.blocks ?? []).find((block) => x.features.every((feature) => feature.block !== block));
  if (missing !== undefined) return `needs the descriptor ${missing}`;
  const seconds = needs.seconds(rows, columns) * (folds.test.length + 1);
  if (seconds > patience) return `forecast to take ${Math.round(seconds)} s, more than ${patience} s`;
  return undefined;
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
    const scores = validateProperty(t.oof, t.spec.name);
    const number = scores.kind === "number" ? scores : { r2: null, rmse: null };
    return { learner: t.spec.name, complexity: t.complexity, nll: mean(t.losses), difference, se, r2: number.r2, rmse: number.rmse, chosen: t === chosen, note: noteOn(t, chosen, best) };
  });
  return { chosen, lines };
}

function noteOn(t: Tried, chosen: Tried, best: Tried): string {
  if (!t.whole) return `given up after ${HEAT} folds: clearly worse on the same rows`;
  if (t !== chosen) return "";
  return chosen === best ? "smallest loss" : "within one standard error of the smallest loss, and less complex";
}

/** Throws InputError when the options of a study name no candidate. */
export function checkCandidates(candidates: readonly LearnerSpec[]): void {
  if (candidates.length === 0) throw new InputError("no candidate: 0 learners — name at least one", { path: "learn.model" });
}
