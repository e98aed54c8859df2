/*
 * A formula for a class or a number from measured features, in the manner of SISSO: a space of formulas whose units
 * fit (space.ts), from it the best one or two terms of every length, and the length by cross-validation in which the
 * whole search is done again on each training part. The front of length against score is returned whole: which
 * formula explains something is the reader's to decide.
 */
import { InputError } from "../../base/errors.ts";
import { under, type Context } from "../../base/context.ts";
import type { Unit } from "../../base/unit.ts";
import type { Folds, Table } from "../../data/types.ts";
import { trainingRows } from "../../data/splits.ts";
import { evaluate, sizeOf, type Expression, type Operator } from "./expression.ts";
import { formulaSays, formulaValues, type Formula, type Term } from "./formula.ts";
import { bestCut, scorerOf, type FormulaTarget } from "./score.ts";
import { coherent, growSpace, type Candidate } from "./space.ts";

export interface FormulaOptions {
  /** Default + − * / ln exp sqrt square cube. Fewer search deeper. */
  readonly operators?: readonly Operator[];
  /** Rounds of joining. Default 3. */
  readonly rounds?: number;
  /** Most operators in a term. Default 9. */
  readonly mostSize?: number;
  /** Formulas of each length that go on to the next round. Default 40. */
  readonly keep?: number;
  /** Most terms, joined linearly. Default 1. */
  readonly terms?: 1 | 2;
  /** Folds by which the length is chosen; without them the longest of the front is best. */
  readonly folds?: Folds;
  /** The shortest formula is taken whose out-of-fold score is within so many standard errors of the best. Default 1. */
  readonly patience?: number;
}

export interface SizeScore {
  readonly size: number;
  /** Accuracy or R², out of fold, of the best formula of at most this length. */
  readonly score: number;
  /** Standard error over folds. */
  readonly error: number;
}

export interface FoundFormulas {
  /** Of the chosen length, from all rows. */
  readonly best: Formula;
  /** Every length at which the score rises, shortest first. */
  readonly front: readonly Formula[];
  readonly crossValidated?: { readonly folds: string; readonly sizes: readonly SizeScore[]; readonly chosen: SizeScore };
}

const OPERATORS: readonly Operator[] = ["+", "-", "*", "/", "ln", "exp", "sqrt", "square", "cube"];

/** Search for formulas. Rows labelled −1 (class) or NaN (number) are left out; features must be known in all others. No chance enters. */
export async function findFormula(x: Table, target: FormulaTarget, options: FormulaOptions, ctx: Context): Promise<FoundFormulas> {
  const rows = knownRows(x, target);
  const whole = await frontOf(x, target, rows, options, under(ctx, "all rows"));
  const { folds, patience = 1 } = options;
  if (folds === undefined) return { best: whole.at(-1)!, front: whole };
  const sizes = await scoresBySize(x, target, rows, folds, options, ctx);
  const top = sizes.reduce((a, b) => (b.score > a.score ? b : a));
  const chosen = sizes.find(({ score }) => score >= top.score - patience * top.error - LEAST_RISE)!;
  return { best: whole.findLast(({ size }) => size <= chosen.size) ?? whole[0], front: whole, crossValidated: { folds: folds.id, sizes, chosen } };
}

function knownRows(x: Table, target: FormulaTarget): Int32Array {
  const y = target.kind === "class" ? target.labels : target.values;
  if (y.length !== x.rows) throw new InputError(`target of ${y.length} values — the table has ${x.rows} rows`, { value: y.length });
  const rows = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => (target.kind === "class" ? y[i] >= 0 : Number.isFinite(y[i])));
  for (const i of rows)
    for (let j = 0; j < x.cols; j++)
      if (!Number.isFinite(x.data[i * x.cols + j])) throw new InputError(`missing value: feature "${x.features[j].name}" in row ${i} — formulas need all features of a row`, { path: x.features[j].name });
  if (new Set(Array.from(rows, (i) => y[i])).size < 2) throw new InputError(`constant target: ${rows.length} rows of one value — a formula needs values that differ`);
  return rows;
}

/** Best formula of each length that beats all shorter ones. */
async function frontOf(x: Table, target: FormulaTarget, rows: Int32Array, options: FormulaOptions, ctx: Context): Promise<readonly Formula[]> {
  const { operators = OPERATORS, rounds = 3, mostSize = 9, keep = 40, terms = 1 } = options;
  const own = coherent(x);
  const space = await growSpace(own, rows, target, { operators, rounds, mostSize, keep }, ctx);
  const singles = [...space.values()].flatMap((list) => list.slice(0, 1)).map((one) => ({ ...one, terms: [{ expression: one.expression, coefficient: 1 }] }));
  const pairs = terms === 2 ? bestPairs([...space.values()].flat(), target, rows, mostSize) : [];
  const front: Scored[] = [];
  // Of one length the better ranking wins; a longer one must score higher than all shorter.
  for (const one of [...singles, ...pairs].toSorted((a, b) => a.size - b.size || b.score - a.score || b.tie - a.tie)) if (one.score > (front.at(-1)?.score ?? Number.NEGATIVE_INFINITY) + LEAST_RISE) front.push(one);
  return front.map((one) => finished(one, own, target, rows));
}

interface Scored {
  readonly terms: readonly Term[];
  readonly size: number;
  readonly score: number;
  readonly tie: number;
}

/** Rounding. */
const LEAST_RISE = 1e-9;
/** Formulas of all lengths whose pairs are tried. */
const MOST_PAIRED = 150;

/** The best linear join of two formulas for every length: Fisher's discriminant (classes) or least squares. */
function bestPairs(all: readonly Candidate[], target: FormulaTarget, rows: Int32Array, mostSize: number): readonly Scored[] {
  const usable = all.filter(({ values }) => values.every(Number.isFinite)).toSorted((a, b) => b.score - a.score || b.tie - a.tie).slice(0, MOST_PAIRED);
  const scorer = scorerOf(target, rows);
  const y = Float64Array.from(rows, (i) => (target.kind === "class" ? target.labels[i] : target.values[i]));
  const joined = new Float64Array(rows.length);
  const best = new Map<number, Scored>();
  usable.forEach((a, i) => {
    for (const b of usable.slice(0, i)) {
      const size = a.size + b.size + 1;
      const weights = size <= 2 * mostSize ? twoSlopes(a.values, b.values, y) : undefined;
      if (weights === undefined) continue;
      for (let k = 0; k < joined.length; k++) joined[k] = weights[0] * a.values[k] + weights[1] * b.values[k];
      const score = scorer.score(joined);
      const known = best.get(size);
      if (known !== undefined && (score < known.score || (score === known.score && scorer.tie() <= known.tie))) continue;
      best.set(size, { terms: [{ expression: a.expression, coefficient: weights[0] }, { expression: b.expression, coefficient: weights[1] }], size, score, tie: scorer.tie() });
    }
  });
  return [...best.values()];
}

/** Two descriptors this nearly parallel (1 − r²) are one. */
const PARALLEL = 1e-6;

/** Least-squares slopes of y on two descriptors; for labels 0 and 1 they point along Fisher's discriminant. */
function twoSlopes(a: Float64Array, b: Float64Array, y: Float64Array): readonly [number, number] | undefined {
  const n = y.length;
  const mean = (v: Float64Array) => v.reduce((s, t) => s + t, 0) / n;
  const [ma, mb, my] = [mean(a), mean(b), mean(y)];
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [da, db, dy] = [a[i] - ma, b[i] - mb, y[i] - my];
    aa += da * da;
    ab += da * db;
    bb += db * db;
    ay += da * dy;
    by += db * dy;
  }
  const det = aa * bb - ab * ab;
  return det > PARALLEL * aa * bb ? [(ay * bb - by * ab) / det, (by * aa - ay * ab) / det] : undefined;
}

const featuresOf = (e: Expression): readonly string[] => (e.op === "feature" ? [e.name] : "of" in e ? featuresOf(e.of) : [...featuresOf(e.left), ...featuresOf(e.right)]);

/** Threshold, or slope and intercept. */
function finished({ terms, score }: Scored, x: Table, target: FormulaTarget, rows: Int32Array): Formula {
  const unit = new Map<string, Unit>(x.features.map((f) => [f.name, f.unit]));
  const names = [...new Set(terms.flatMap(({ expression }) => featuresOf(expression)))].toSorted();
  const units = Object.fromEntries(names.map((name) => [name, unit.get(name)!]));
  const size = terms.reduce((sum, { expression }) => sum + 1 + sizeOf(expression), -1);
  const values = terms.map(({ expression }) => evaluate(expression, x));
  const sum = values[0].map((_, i) => terms.reduce((s, { coefficient }, k) => s + coefficient * values[k][i], 0));
  if (target.kind === "class") return { kind: "class", terms, units, size, score, ...bestCut(sum, target.labels, rows) };
  const slope = terms.length === 1 ? slopeOf(sum, target.values, rows) : 1;
  const centre = rows.reduce((s, i) => s + (target.values[i] - slope * sum[i]) / rows.length, 0);
  return { kind: "number", terms: terms.map(({ expression, coefficient }) => ({ expression, coefficient: coefficient * slope })), units, size, score, intercept: centre };
}

function slopeOf(x: Float64Array, y: Float64Array, rows: Int32Array): number {
  const [mx, my] = [x, y].map((v) => rows.reduce((s, i) => s + v[i] / rows.length, 0));
  let [xx, xy] = [0, 0];
  for (const i of rows) {
    xx += (x[i] - mx) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / xx;
}

/** Search again without each fold, and score every length on it. */
async function scoresBySize(x: Table, target: FormulaTarget, rows: Int32Array, folds: Folds, options: FormulaOptions, ctx: Context): Promise<readonly SizeScore[]> {
  const known = new Set(rows);
  const perFold: { readonly front: readonly Formula[]; readonly test: Int32Array }[] = [];
  for (const f of folds.test.keys()) {
    const test = folds.test[f].filter((i) => known.has(i));
    if (test.length > 0) perFold.push({ front: await frontOf(x, target, trainingRows(folds, f).filter((i) => known.has(i)), options, under(ctx, `fold ${f + 1} of ${folds.test.length}`)), test });
  }
  const sizes = [...new Set(perFold.flatMap(({ front }) => front.map(({ size }) => size)))].toSorted((a, b) => a - b);
  return sizes.map((size) => scoreAt(size, perFold.map(({ front, test }) => ({ formula: front.findLast((one) => one.size <= size) ?? front[0], test })), x, target));
}

function scoreAt(size: number, parts: readonly { readonly formula: Formula; readonly test: Int32Array }[], x: Table, target: FormulaTarget): SizeScore {
  const losses = parts.map(({ formula, test }) => lossesOf(formula, test, x, target));
  const n = losses.reduce((sum, { length }) => sum + length, 0);
  const scale = target.kind === "class" ? 1 : varianceOf(target.values, parts.flatMap(({ test }) => Array.from(test)));
  const sum = (v: readonly number[]) => v.reduce((a, b) => a + b, 0);
  const mean = sum(losses.map(sum)) / n;
  const between = sum(losses.map((part) => (sum(part) / part.length - mean) ** 2)) / Math.max(1, losses.length - 1);
  return { size, score: 1 - mean / scale, error: Math.sqrt(between / losses.length) / scale };
}

/** Wrong or not, or squared errors; where a number is undefined, that of the mean. */
function lossesOf(formula: Formula, test: Int32Array, x: Table, target: FormulaTarget): readonly number[] {
  if (target.kind === "class" && formula.kind === "class") {
    const says = formulaSays(formula, x);
    return Array.from(test, (i) => (says[i] === target.labels[i] ? 0 : 1));
  }
  const values = formulaValues(formula, x);
  const y = target.kind === "number" ? target.values : Float64Array.from(target.labels);
  const centre = y.filter(Number.isFinite).reduce((a, b, _, all) => a + b / all.length, 0);
  return Array.from(test, (i) => (y[i] - (Number.isFinite(values[i]) ? values[i] : centre)) ** 2);
}

function varianceOf(values: Float64Array, rows: readonly number[]): number {
  const mean = rows.reduce((s, i) => s + values[i] / rows.length, 0);
  return rows.reduce((s, i) => s + (values[i] - mean) ** 2 / rows.length, 0);
}
