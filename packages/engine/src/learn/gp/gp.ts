/*
 * Gaussian process regression: a similarity kernel for each block of count or bit features, an ARD Matérn
 * kernel on the real ones, noise, and a constant mean under a flat prior. Hyper-parameters maximise the
 * marginal likelihood under a weak prior, on all rows when these are few, else on a keyed subset of them;
 * predictions always rest on all rows. Rasmussen & Williams (2006), chapters 2, 4 and 5.
 */
import { InputError, NumericalError, UnsupportedError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import type { Context } from "../../base/context.ts";
import type { NumberColumn, Table, Targets } from "../../data/types.ts";
import { type Encoded, encode, fitDesign, takeEncoded } from "../design.ts";
import { checkTargets, keyedOrder, knownRows, rowNames, takeNumbers, takeRows } from "../inputs.ts";
import { joinColumns } from "../multi.ts";
import { standardise } from "../standardise.ts";
import type { Learner, Model } from "../types.ts";
import { type Problem, condition, covariance } from "./evidence.ts";
import { fitHyperparameters, priorOf } from "./fit.ts";
import { type FitRows, type FittedProcess, ROUNDS, fitVarying } from "./heteroscedastic.ts";
import { type Shape, type Smoothness, layoutOf } from "./kernel.ts";
import { type Rows, gpModel, problemOf } from "./model.ts";

export interface GpOptions {
  /** Add the similarity and Matérn parts, or multiply them. Default `sum`. */
  readonly combine?: "sum" | "product";
  /** Matérn smoothness ν. Default `5/2`. */
  readonly smoothness?: Smoothness;
  /** Most rows that hyper-parameters are fitted on; more are sampled by key. Default 500. */
  readonly subset?: number;
  /** Starts of the hyper-parameter search. Default 3. */
  readonly restarts?: number;
  /** L-BFGS iterations of the refinement. Default 20. */
  readonly iterations?: number;
  /** One noise for all rows beside what is stated of each, or one that varies with the features (heteroscedastic.ts). Default `constant`. */
  readonly noise?: "constant" | "varying";
}

/** Beyond this a Cholesky factor takes gigabytes of copies and minutes. */
export const GP_MOST_ROWS = 5000;
const SCOUT_ROWS = 160;
const SCOUT_ITERATIONS = 15;

/** Bytes that a fit of n rows needs at its peak: covariance, factor, one similarity matrix, and their copies. */
export const gpMemory = (n: number, sets: number): number => 8 * n * n * (4 + sets);

/** A forecast does not know how many of the features are real; more than these are rare beside counts. */
const REAL_FEATURES = 100;

/** Seconds that a fit of n rows takes, roughly, on one core: evidence gradients on the subset, one factor of all rows. */
export function gpSeconds(n: number, d: number, { subset = 500, iterations = 20, restarts = 3, noise = "constant" }: GpOptions = {}): number {
  const fits = noise === "varying" ? 1 + 2 * ROUNDS : 1;
  const gradient = (m: number) => (m * m * m * 1.5 + m * m * (4 * Math.min(d, REAL_FEATURES) + 120)) * 1.5e-10;
  return fits * (1.4 * iterations * gradient(Math.min(n, subset)) + restarts * SCOUT_ITERATIONS * gradient(Math.min(n, SCOUT_ROWS)) + (n * n * n * 0.4 + n * n * 200) * 0.8e-10);
}

/** The learner; numeric targets only. */
export function gp(options: GpOptions = {}): Learner {
  const { combine = "sum", smoothness = "5/2", subset = 500, restarts = 3, iterations = 20, noise = "constant" } = options;
  const settings = { combine, smoothness, subset, restarts, iterations, noise };
  const id = `gp(combine=${combine}, matern=${smoothness}, subset=${subset}${noise === "varying" ? ", noise=varying" : ""})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 2,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitColumn({ id, x, y, column: j, settings }, fold(key, y.columns[j].name), ctx));
      return joinColumns(id, models);
    },
  };
}

interface Work {
  readonly id: string;
  readonly x: Table;
  readonly y: Targets;
  readonly column: number;
  readonly settings: Required<GpOptions>;
}

async function fitColumn({ id, x, y, column, settings }: Work, key: Key, ctx: Context): Promise<Model> {
  const target = y.columns[column];
  if (target.kind !== "number") throw new UnsupportedError(`gp cannot predict classes: "${target.name}" — use forest or extra-trees`);
  const known = knownRows(y, column);
  checkRows(target, known.length);
  const table = takeRows(x, known);
  const weights = y.weights ? takeNumbers(y.weights, known) : new Float64Array(known.length).fill(1);
  const names = rowNames(table, y.names && Array.from(known, (i) => y.names![i]));
  const design = fitDesign(table, weights);
  const { shift, scale, values } = standardise(target.name, takeNumbers(target.values, known), weights);
  const sd = target.sd && takeNumbers(target.sd, known);
  const encoded = encode(design, table);
  const rows: Rows = {
    shape: { combine: settings.combine, smoothness: settings.smoothness, sets: design.sets.length, d: design.real.length },
    real: encoded.real,
    sets: encoded.sets,
    y: values,
    known: Float64Array.from(values, (_, i) => (sd && sd[i] > 0 ? (sd[i] / scale) ** 2 : 0)),
    weights,
  };
  if (rows.shape.sets + rows.shape.d === 0) throw new InputError(`no feature varies: ${x.cols} constant columns — describe the rows by features that differ`, { path: "represent" });
  const fit: FitRows = async (own, k) => steady(problemOf(own), await hyperparameters(own, encoded, names, settings, k, ctx));
  const { own, process, noise } = settings.noise === "varying" ? await fitVarying(rows, fit, key) : { own: rows, process: await fit(rows, key), noise: undefined };
  const total = weights.reduce((a, b) => a + b, 0);
  const { theta, fitted } = process;
  const state = { ...own, design, theta, shift, scale, logEvidence: fitted.logEvidence - (total - 1) * Math.log(scale), ...(noise && { noise: { ...noise, design } }) };
  return gpModel(id, { kind: "number", name: target.name, unit: target.unit }, state, fitted);
}

function checkRows(target: NumberColumn, n: number): void {
  if (n < 2) throw new InputError(`too few values of "${target.name}": ${n} — a Gaussian process needs at least 2`, { path: target.name, value: n });
  if (n > GP_MOST_ROWS) throw new UnsupportedError(`too many rows for gp: ${n} — at most ${GP_MOST_ROWS}; use extra-trees, forest or linear`);
}

/**
 * Condition on all rows. Noise that was enough for the subset may leave the covariance of all rows numerically
 * singular; it is then raised tenfold until it is not, and the model's record holds the noise that was used.
 */
function steady(problem: Problem, found: Float64Array): FittedProcess {
  const { noise } = problem.layout;
  for (let tries = 0; ; tries++) {
    const theta = found.map((t, p) => (p === noise ? t + tries * Math.LN10 : t));
    try {
      return { theta, fitted: condition(problem, covariance(problem, theta).k, theta) };
    } catch (error) {
      if (!(error instanceof NumericalError) || tries === MOST_RAISES) throw error;
    }
  }
}

const MOST_RAISES = 6;

async function hyperparameters(rows: Rows, encoded: Encoded, names: readonly string[], settings: Required<GpOptions>, key: Key, ctx: Context): Promise<Float64Array> {
  const [sample, starts] = split(key, 2);
  const order = keyedOrder(sample, names);
  const layout = layoutOf(rows.shape);
  const part = (most: number) => problemOf(subset(rows, encoded, order.slice(0, most)));
  return fitHyperparameters(
    { small: part(Math.min(SCOUT_ROWS, settings.subset)), large: part(settings.subset), prior: priorOf(rows.shape, layout), settings: { restarts: settings.restarts, scout: SCOUT_ITERATIONS, refine: settings.iterations } },
    starts,
    ctx,
  );
}

function subset(rows: Rows, encoded: Encoded, order: Int32Array): Rows {
  const part = takeEncoded(encoded, order, rows.shape.d);
  const take = (values: Float64Array) => takeNumbers(values, order);
  return { shape: rows.shape as Shape, real: part.real, sets: part.sets, y: take(rows.y), known: take(rows.known), weights: take(rows.weights) };
}
