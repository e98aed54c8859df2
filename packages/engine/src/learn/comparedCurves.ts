/*
 * Learning curves of several ways to learn one property, side by side: which needs fewer rows, and from how many on does it no
 * longer matter? Every repeat holds other rows out and draws its training rows anew; within a repeat all ways learn from the same
 * rows and are asked about the same rows, and smaller training sets are parts of larger ones, so that differences are paired.
 */
import { type Context, pause } from "../base/context.ts";
import { InputError } from "../base/errors.ts";
import { type Key, fold as foldKey } from "../base/key.ts";
import type { CategoryColumn, NumberColumn, Table, Targets, Trial } from "../data/types.ts";
import { type CurveScore, curveScore, growingSets } from "./curvePoint.ts";
import type { LearnerSpec, RunJobs } from "./jobs.ts";
import { type ScalingLaw, fitScalingLaw } from "./scalingLaw.ts";

/** A way to learn, by the name that the curve has. */
export interface Way {
  readonly name: string;
  readonly learner: LearnerSpec;
}

export interface TrialCurves {
  /** Rows that there were to learn from. */
  readonly rows: number;
  /** Sizes that the trial had rows for. */
  readonly sizes: readonly number[];
  /** Of each way, of each size; null where it could not learn. */
  readonly points: readonly (readonly CurveScore[])[];
}

export interface TrialOptions {
  readonly x: Table;
  readonly y: Targets;
  readonly column: number;
  /** Rows to draw from, and rows to ask about. */
  readonly trial: Trial;
  readonly ways: readonly Way[];
  /** Numbers of training rows; those that the trial has not are left out. */
  readonly sizes: readonly number[];
}

/** All ways at all sizes in one trial. */
export async function trialCurves({ x, y, column, trial, ways, sizes }: TrialOptions, run: RunJobs, key: Key, ctx: Context): Promise<TrialCurves> {
  await pause(ctx);
  const target = y.columns[column];
  const [pool, test] = [trial.train, trial.test].map((rows) => rows.filter((i) => isKnown(target, i)));
  if (test.length === 0) throw new InputError(`nothing to ask about: "${target.name}" has no value in ${trial.name}`, { path: target.name });
  const possible = sizes.filter((rows) => rows <= pool.length);
  const sets = growingSets(foldKey(key, "order"), x, y, pool, possible);
  const points = await Promise.all(ways.map(({ learner }) => Promise.all(sets.map((train) => curveScore({ learner, key, x, y, column, train, test }, run, ctx)))));
  return { rows: pool.length, sizes: possible, points };
}

const isKnown = (column: NumberColumn | CategoryColumn, row: number): boolean => (column.kind === "number" ? Number.isFinite(column.values[row]) : column.codes[row] >= 0);

/** Mean over repeats, with its standard error; the latter is 0 for one repeat. */
export interface Averaged {
  readonly mean: number;
  readonly se: number;
  readonly repeats: number;
}

export interface ComparedPoint {
  readonly rows: number;
  readonly error: Averaged;
  /** Mean share inside the 90 % band; null for classes. */
  readonly coverage: number | null;
  /** Error less that of the best way without transfer at this size, in the same repeats; for ways with transfer. */
  readonly difference?: Averaged & { readonly to: string };
}

export interface ComparedCurve {
  readonly way: string;
  readonly transfers: boolean;
  readonly points: readonly ComparedPoint[];
  /** e(n) = D n^(−a) + C through the points; from four on. */
  readonly law?: ScalingLaw;
  /** Why it could not learn at some size, in some repeat: the first reason, or "". */
  readonly note: string;
}

/** Which of the ways use the sources. */
export type CurveWay = Way & { readonly transfers: boolean };

const LAW_POINTS = 4;

/** One curve for each way. A point stands for repeats in which its way learnt; below half of them there is none. */
export function compareCurves(trials: readonly Omit<TrialCurves, "rows">[], ways: readonly CurveWay[], key: Key): readonly ComparedCurve[] {
  const sizes = [...new Set(trials.flatMap((trial) => trial.sizes))].sort((a, b) => a - b);
  const scores = (way: number, rows: number) => trials.flatMap((trial, repeat) => (trial.sizes.includes(rows) ? [{ repeat, ...trial.points[way][trial.sizes.indexOf(rows)] }] : []));
  const errors = (way: number, rows: number) => new Map(scores(way, rows).flatMap(({ repeat, error }) => (error === null ? [] : [[repeat, error] as const])));
  const enough = (way: number, rows: number) => 2 * errors(way, rows).size >= scores(way, rows).length && errors(way, rows).size > 0;
  const best = (rows: number): number | undefined => {
    const known = ways.flatMap(({ transfers }, w) => (!transfers && enough(w, rows) ? [{ w, mean: averaged([...errors(w, rows).values()]).mean }] : []));
    return known.length === 0 ? undefined : known.reduce((a, b) => (b.mean < a.mean ? b : a)).w;
  };
  return ways.map(({ name, transfers }, w): ComparedCurve => {
    const points = sizes.filter((rows) => enough(w, rows)).map((rows): ComparedPoint => {
      const own = errors(w, rows);
      const base = transfers ? best(rows) : undefined;
      const other = base === undefined ? undefined : errors(base, rows);
      const differences = other && [...own].flatMap(([repeat, error]) => (other.has(repeat) ? [error - other.get(repeat)!] : []));
      const covered = scores(w, rows).flatMap(({ coverage }) => (coverage === null ? [] : [coverage]));
      return { rows, error: averaged([...own.values()]), coverage: covered.length === 0 ? null : averaged(covered).mean, ...(differences && differences.length > 0 && { difference: { ...averaged(differences), to: ways[base!].name } }) };
    });
    const note = trials.flatMap((trial) => trial.points[w]).find((score) => score.note !== "")?.note ?? "";
    return { way: name, transfers, points, note, ...lawOf(points, foldKey(key, name)) };
  });
}

function averaged(values: readonly number[]): Averaged {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  return { mean, se: n < 2 ? 0 : Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1) / n), repeats: n };
}

function lawOf(points: readonly ComparedPoint[], key: Key): Pick<ComparedCurve, "law"> {
  const known = points.filter(({ error }) => error.mean > 0).map(({ rows, error }) => ({ rows, error: error.mean, ...(error.se > 0 && { se: error.se }) }));
  return known.length < LAW_POINTS ? {} : { law: fitScalingLaw(known, {}, key) };
}

/** Whether a difference can be told from none: beyond twice its standard error. */
export const verdictOf = ({ mean, se, repeats }: Averaged): "helps" | "hurts" | "cannot be told" => (repeats > 1 && mean < -2 * se ? "helps" : repeats > 1 && mean > 2 * se ? "hurts" : "cannot be told");
