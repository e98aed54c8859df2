/*
 * Out-of-fold predictions: every row predicted by a model that has not seen its fold. Calibration, the domain of
 * applicability, the correlation of properties and every number of the validation rest on them.
 */
import { InputError, NumericalError } from "../base/errors.ts";
import { fold as foldKey, type Key } from "../base/key.ts";
import type { Context } from "../base/context.ts";
import type { Folds, Table, Targets } from "../data/types.ts";
import type { Unit } from "../base/unit.ts";
import type { HurdleLaw } from "../prob/types.ts";
import { knownRows, takeNumbers } from "./inputs.ts";
import type { Job, JobResult, LearnerSpec, RunJobs } from "./jobs.ts";

interface Rows {
  readonly name: string;
  /** Row of the table of each prediction, ascending within a fold, folds in order. */
  readonly rows: Int32Array;
  /** Fold of each prediction. */
  readonly fold: Int32Array;
}

export interface NumberOutOfFold extends Rows {
  readonly kind: "number";
  readonly unit: Unit;
  /** `log`: y, mean and sd are those of the natural logarithm of the value in `unit`. */
  readonly scale?: "log";
  readonly y: Float64Array;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** What the laws are made of, where they have a heap. */
  readonly hurdle?: HurdleLaw;
}

export interface CategoryOutOfFold extends Rows {
  readonly kind: "category";
  readonly levels: readonly string[];
  readonly codes: Int32Array;
  /** rows × levels. */
  readonly probability: Float64Array;
}

export type OutOfFold = NumberOutOfFold | CategoryOutOfFold;

export interface CrossValidation {
  readonly learner: LearnerSpec;
  readonly x: Table;
  readonly y: Targets;
  readonly column: number;
  readonly folds: Folds;
  /** Numbers of the folds to do; all by default. */
  readonly only?: readonly number[];
}

/** Fewest rows with a value that a property needs to be learnt and validated. */
const FEWEST_ROWS = 10;

/** Throws InputError unless the folds are disjoint parts of the rows, at least two of them. */
export function checkFolds({ test }: Folds, rows: number): void {
  if (test.length < 2) throw new InputError(`too few folds: ${test.length} — cross-validation needs at least 2`, { path: "learn.folds", value: test.length });
  const seen = new Uint8Array(rows);
  for (const part of test)
    for (const i of part) {
      if (!(i >= 0 && i < rows) || seen[i]) throw new InputError(`fold is no part of the rows: row ${i} — each row stands in at most one fold`, { path: "learn.folds", value: i });
      seen[i] = 1;
    }
}

/** Throws InputError unless the column can be learnt: enough rows, and values that differ. */
export function checkColumn(y: Targets, column: number): void {
  const target = y.columns[column];
  const known = knownRows(y, column);
  const path = target.name;
  if (known.length === 0) throw new InputError(`no values: property "${path}" is missing in all ${y.rows} rows — a model needs at least ${FEWEST_ROWS}`, { path, value: 0 });
  if (known.length < FEWEST_ROWS) throw new InputError(`too few values: property "${path}" is known in ${known.length} rows — a model needs at least ${FEWEST_ROWS}`, { path, value: known.length });
  const first = known[0];
  const varies = target.kind === "number" ? known.some((i) => target.values[i] !== target.values[first]) : known.some((i) => target.codes[i] !== target.codes[first]);
  if (!varies) throw new InputError(`constant target: property "${path}" is ${target.kind === "number" ? target.values[first] : `"${target.levels[target.codes[first]]}"`} in every row — a model needs values that differ`, { path });
}

/** The parts of each fold with a known target: what is predicted, and what it is predicted from. */
export function foldRows(y: Targets, column: number, folds: Folds): readonly { readonly fold: number; readonly train: Int32Array; readonly test: Int32Array }[] {
  const known = knownRows(y, column);
  const of = new Int32Array(y.rows).fill(-1);
  folds.test.forEach((part, f) => part.forEach((i) => (of[i] = f)));
  return folds.test
    .map((_, fold) => ({ fold, test: known.filter((i) => of[i] === fold), train: known.filter((i) => of[i] !== fold) }))
    .filter(({ test }) => test.length > 0);
}

/** Cross-validate one learner on one property. Row i of fold f is predicted by a model trained without fold f. */
export async function crossValidate({ learner, x, y, column, folds, only }: CrossValidation, run: RunJobs, key: Key, ctx: Context): Promise<OutOfFold> {
  const parts = foldRows(y, column, folds).filter(({ fold }) => only === undefined || only.includes(fold));
  if (parts.some(({ train }) => train.length === 0) || parts.length === 0) throw new InputError(`one fold holds all values of "${y.columns[column].name}" — use fewer or other folds`, { path: y.columns[column].name });
  return predictParts({ learner, x, y, column }, parts, run, key, ctx);
}

interface Part {
  /** Number of the fold or trial, by which its key is made. */
  readonly fold: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Learn from the training rows of each part, predict its test rows; all of them have values. `fold` says which part a prediction is of. Throws NumericalError where a prediction is no number. */
export async function predictParts({ learner, x, y, column }: Omit<CrossValidation, "folds" | "only">, parts: readonly Part[], run: RunJobs, key: Key, ctx: Context): Promise<OutOfFold> {
  const target = y.columns[column];
  const jobs = parts.map(({ fold, train, test }): Job => ({ learner, key: foldKey(key, fold), x, y, column, train, test }));
  const results = await run(jobs, ctx);
  for (const result of results) checkNumbers(target.name, result);
  const rows = chainedCodes(parts.map(({ test }) => test));
  const fold = chainedCodes(parts.map((part) => part.test.map(() => part.fold)));
  if (target.kind === "category") return { kind: "category", name: target.name, levels: target.levels, rows, fold, codes: Int32Array.from(rows, (i) => target.codes[i]), probability: join(results, "probability") };
  return { kind: "number", name: target.name, unit: target.unit, rows, fold, y: takeNumbers(target.values, rows), mean: join(results, "mean"), sd: join(results, "sd"), ...joinHurdles(results.map((result) => (result.kind === "number" ? result.hurdle : undefined))) };
}

function checkNumbers(name: string, result: JobResult): void {
  const said = result.kind === "number" ? [result.mean, result.sd] : result.kind === "category" ? [result.probability] : [];
  const bad = said.reduce((sum, values) => sum + values.filter(Number.isNaN).length, 0);
  if (bad > 0) throw new NumericalError(`predictions of "${name}" are no numbers: ${bad} of ${said.reduce((sum, { length }) => sum + length, 0)} are NaN — another learner, or other features`, { bad });
}

/** Laws with a heap, where all parts have the same one; a fold in which it was too small leaves bells to all. */
function joinHurdles(parts: readonly (HurdleLaw | undefined)[]): Pick<NumberOutOfFold, "hurdle"> {
  const [first] = parts;
  const known = parts.filter((part) => part !== undefined);
  if (first === undefined || known.length < parts.length || known.some(({ at, scale }) => at !== first.at || scale !== first.scale)) return {};
  const { at, scale } = first;
  return { hurdle: { at, scale, atom: chained(known.map((part) => part.atom)), mean: chained(known.map((part) => part.mean)), sd: chained(known.map((part) => part.sd)) } };
}

/** Some of the predictions, by their place. */
export function takePredictions<O extends OutOfFold>(oof: O, places: ArrayLike<number>): O;
export function takePredictions(oof: OutOfFold, places: ArrayLike<number>): OutOfFold {
  const numbers = (values: Float64Array) => Float64Array.from(places, (i) => values[i]);
  const codes = (values: Int32Array) => Int32Array.from(places, (i) => values[i]);
  const common = { rows: codes(oof.rows), fold: codes(oof.fold) };
  if (oof.kind === "category") {
    const width = oof.levels.length;
    const probability = Float64Array.from({ length: places.length * width }, (_, k) => oof.probability[places[Math.floor(k / width)] * width + (k % width)]);
    return { ...oof, ...common, codes: codes(oof.codes), probability };
  }
  const { hurdle, ...bell } = oof;
  return { ...bell, ...common, y: numbers(oof.y), mean: numbers(oof.mean), sd: numbers(oof.sd), ...(hurdle && { hurdle: { at: hurdle.at, scale: hurdle.scale, atom: numbers(hurdle.atom), mean: numbers(hurdle.mean), sd: numbers(hurdle.sd) } }) };
}

/** Predictions of one learner on further folds. */
export function concatenate(a: OutOfFold, b: OutOfFold): OutOfFold {
  const common = { rows: chainedCodes([a.rows, b.rows]), fold: chainedCodes([a.fold, b.fold]) };
  if (a.kind === "number" && b.kind === "number") return { ...withoutHurdle(a), ...joinHurdles([a.hurdle, b.hurdle]), ...common, y: chained([a.y, b.y]), mean: chained([a.mean, b.mean]), sd: chained([a.sd, b.sd]) };
  if (a.kind !== "category" || b.kind !== "category") throw new InputError(`predictions of two kinds: ${a.kind} and ${b.kind} — they are of one property`);
  return { ...a, ...common, codes: chainedCodes([a.codes, b.codes]), probability: chained([a.probability, b.probability]) };
}

export function withoutHurdle(oof: NumberOutOfFold): NumberOutOfFold {
  const { hurdle: _, ...bell } = oof;
  return bell;
}

const join = (results: readonly JobResult[], field: "mean" | "sd" | "probability"): Float64Array => chained(results.map((result) => (result as unknown as Record<string, Float64Array>)[field]));

const chained = (parts: readonly Float64Array[]): Float64Array => put(parts, new Float64Array(lengthOf(parts)));
const chainedCodes = (parts: readonly Int32Array[]): Int32Array => put(parts, new Int32Array(lengthOf(parts)));
const lengthOf = (parts: readonly ArrayLike<number>[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** The parts one after another: spread into the arguments of a call, a hundred thousand values would overflow the stack. */
function put<A extends Float64Array | Int32Array>(parts: readonly A[], out: A): A {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
