/*
 * RuleFit (Friedman & Popescu 2008): a sparse sum of rules from shallow trees and of the features themselves, chosen
 * by the lasso, for numbers or for the log odds of two classes. The penalty is chosen out of fold, with trees grown
 * anew on every training part. Linear terms are winsorised and scaled as in their eqs. 24-25, so that they are
 * penalised like a typical rule.
 */
import { InputError } from "../../base/errors.ts";
import { fold, split, type Key } from "../../base/key.ts";
import { under, type Context } from "../../base/context.ts";
import { formatUnit, type Unit } from "../../base/unit.ts";
import { selectTableRows } from "../../data/table.ts";
import { trainingRows } from "../../data/splits.ts";
import type { Folds, Table } from "../../data/types.ts";
import { sortedQuantile } from "../../numeric/quantile.ts";
import { covers, formatRule, type FormatOptions } from "../rule.ts";
import type { FormulaTarget } from "../formula/score.ts";
import type { IntervalRule } from "../types.ts";
import { largestLambda, lassoPath, type DesignColumn, type LassoFit, type LassoProblem } from "./lasso.ts";
import { treeRules } from "./treeRules.ts";

export interface RuleFitOptions {
  /** Made by the caller, grouped where rows are related. */
  readonly folds: Folds;
  /** Default 150. */
  readonly trees?: number;
  /** Mean depth of trees. Default 2. */
  readonly depth?: number;
  /** Fewest rows in a leaf. Default 10. */
  readonly minLeaf?: number;
  /** Terms after which no smaller penalty is tried: more are not read. Default 60. */
  readonly mostTerms?: number;
  /** Features beside rules. Default true. */
  readonly linear?: boolean;
  /** Weight of each row; one by default. */
  readonly weights?: Float64Array;
  /** The sparsest fit is taken whose out-of-fold loss is within so many standard errors of the least. Default 1. */
  readonly patience?: number;
}

export interface RuleTerm {
  readonly kind: "rule";
  readonly rule: IntervalRule;
  /** Added where the rule holds. */
  readonly coefficient: number;
  /** Share of the training rows covered. */
  readonly support: number;
  /** |coefficient| × standard deviation of the term. */
  readonly importance: number;
}

export interface LinearTerm {
  readonly kind: "linear";
  readonly feature: string;
  readonly unit: Unit;
  /** Per unit of the feature, which counts as at most `high` and at least `low`. */
  readonly coefficient: number;
  readonly low: number;
  readonly high: number;
  readonly importance: number;
}

export interface PathPoint {
  /** λ over the largest. */
  readonly fraction: number;
  /** Mean squared error, or log loss (nats), out of fold. */
  readonly loss: number;
  /** Standard error over folds. */
  readonly error: number;
}

export interface RuleFit {
  readonly kind: "class" | "number";
  /** Of the number, or of the log odds. */
  readonly intercept: number;
  /** Most important first. */
  readonly terms: readonly (RuleTerm | LinearTerm)[];
  readonly crossValidated: {
    readonly folds: string;
    readonly path: readonly PathPoint[];
    readonly chosen: PathPoint;
    /** Of the chosen penalty: the number, or the probability; NaN for rows in no fold. */
    readonly values: Float64Array;
  };
}

/** Penalties looked at: from the largest down to this part of it. */
const STEPS = 40;
const SMALLEST = 0.01;
const FRACTIONS: readonly number[] = Array.from({ length: STEPS }, (_, k) => SMALLEST ** (k / (STEPS - 1)));
/** Parts of a feature's values beyond which it is held constant (F & P, section 5). */
const WINSORISED = 0.025;
/** Standard deviation of a typical rule, of support uniform in (0, 1). */
const TYPICAL = 0.4;

type Draft = { readonly rule: IntervalRule } | { readonly feature: number; readonly low: number; readonly high: number; readonly scale: number };

interface Fitted {
  readonly drafts: readonly Draft[];
  readonly fits: readonly LassoFit[];
}

/** Fit and choose. Rows labelled −1 (class) or NaN (number) are left out; all features must be known. */
export async function ruleFit(key: Key, x: Table, target: FormulaTarget, options: RuleFitOptions, ctx: Context): Promise<RuleFit> {
  const y = target.kind === "class" ? Float64Array.from(target.labels, (l) => (l < 0 ? Number.NaN : l)) : target.values;
  if (y.length !== x.rows) throw new InputError(`target of ${y.length} values — the table has ${x.rows} rows`, { value: y.length });
  const hole = x.data.findIndex((v) => !Number.isFinite(v));
  if (hole >= 0) throw new InputError(`missing value: feature "${x.features[hole % x.cols].name}" in row ${Math.floor(hole / x.cols)} — impute first`, { path: x.features[hole % x.cols].name });
  const { folds, patience = 1, weights = new Float64Array(x.rows).fill(1) } = options;
  const [foldKey, wholeKey] = split(key, 2);
  const outOfFold = FRACTIONS.map(() => new Float64Array(x.rows).fill(Number.NaN));
  for (const [f, test] of folds.test.entries()) {
    ctx.report({ stage: "cross-validate rules", done: f, total: folds.test.length });
    const fitted = await fitRows(fold(foldKey, f), x, y, weights, target.kind, trainingRows(folds, f), options, under(ctx, `fold ${f + 1}`));
    const values = predictPath(fitted, target.kind, selectTableRows(x, test));
    values.forEach((of, k) => test.forEach((i, at) => (outOfFold[k][i] = of[at])));
  }
  const path = FRACTIONS.map((fraction, k) => ({ fraction, ...lossOf(outOfFold[k], y, weights, target.kind, folds) }));
  const least = path.reduce((a, b) => (b.loss < a.loss ? b : a));
  const at = path.findIndex(({ loss }) => loss <= least.loss + patience * least.error);
  const all = Int32Array.from({ length: x.rows }, (_, i) => i);
  const { drafts, fits } = await fitRows(wholeKey, x, y, weights, target.kind, all, options, under(ctx, "all rows"));
  return { kind: target.kind, intercept: fits[at].intercept + offsetOf(drafts, fits[at]), terms: termsOf(drafts, fits[at], x, y), crossValidated: { folds: folds.id, path, chosen: path[at], values: outOfFold[at] } };
}

/** Grow, and fit the whole path. */
async function fitRows(key: Key, x: Table, y: Float64Array, weights: Float64Array, kind: RuleFit["kind"], among: Int32Array, { trees = 150, depth = 2, minLeaf = 10, mostTerms = 60, linear = true }: RuleFitOptions, ctx: Context): Promise<Fitted> {
  const rows = among.filter((i) => Number.isFinite(y[i]) && weights[i] > 0);
  const [own, target, w] = [selectTableRows(x, rows), Float64Array.from(rows, (i) => y[i]), Float64Array.from(rows, (i) => weights[i])];
  if (new Set(target).size < 2) throw new InputError(`constant target: ${rows.length} training rows of one value — rules need values that differ`);
  const loss = kind === "class" ? "logistic" : "squares";
  const rules = await treeRules(key, own, target, w, loss, { trees, depth, minLeaf }, ctx);
  const drafts: readonly Draft[] = [...rules.map((rule) => ({ rule })), ...(linear ? linearDrafts(own) : [])];
  const problem: LassoProblem = { columns: drafts.map((draft) => columnOf(draft, own)), y: target, weights: w, loss };
  const largest = largestLambda(problem);
  return { drafts, fits: await lassoPath(problem, FRACTIONS.map((fraction) => fraction * largest), ctx, mostTerms) };
}

function linearDrafts(x: Table): readonly Draft[] {
  return x.features.flatMap((_, feature) => {
    const sorted = Float64Array.from({ length: x.rows }, (__, i) => x.data[i * x.cols + feature]).sort();
    const [low, high] = [sortedQuantile(sorted, WINSORISED), sortedQuantile(sorted, 1 - WINSORISED)];
    const clipped = sorted.map((v) => Math.min(high, Math.max(low, v)));
    const mean = clipped.reduce((a, b) => a + b / x.rows, 0);
    const sd = Math.sqrt(clipped.reduce((sum, v) => sum + (v - mean) ** 2 / x.rows, 0));
    return high > low && sd > 0 ? [{ feature, low, high, scale: TYPICAL / sd }] : [];
  });
}

/** Scaled values are taken from `low`, which keeps them small; `offsetOf` puts that back into the intercept. */
function columnOf(draft: Draft, x: Table): DesignColumn {
  if ("rule" in draft) {
    const inside = covers(draft.rule, x);
    return { kind: "ones", rows: Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => inside[i] === 1) };
  }
  const { feature, low, high, scale } = draft;
  return { kind: "dense", values: Float64Array.from({ length: x.rows }, (_, i) => scale * (Math.min(high, Math.max(low, x.data[i * x.cols + feature])) - low)) };
}

const offsetOf = (drafts: readonly Draft[], { coefficients }: LassoFit): number => drafts.reduce((sum, draft, j) => ("rule" in draft ? sum : sum - coefficients[j] * draft.scale * draft.low), 0);

const chanceOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Predictions of rows at every penalty; columns that no fit uses are not made. */
function predictPath({ drafts, fits }: Fitted, kind: RuleFit["kind"], x: Table): readonly Float64Array[] {
  const sums = fits.map(({ intercept }) => new Float64Array(x.rows).fill(intercept));
  drafts.forEach((draft, j) => {
    if (!fits.some(({ coefficients }) => coefficients[j] !== 0)) return;
    const column = columnOf(draft, x);
    fits.forEach(({ coefficients }, k) => {
      if (coefficients[j] === 0) return;
      if (column.kind === "ones") for (const i of column.rows) sums[k][i] += coefficients[j];
      else column.values.forEach((v, i) => (sums[k][i] += coefficients[j] * v));
    });
  });
  return kind === "class" ? sums.map((sum) => sum.map(chanceOf)) : sums;
}

function lossOf(values: Float64Array, y: Float64Array, weights: Float64Array, kind: RuleFit["kind"], folds: Folds): { readonly loss: number; readonly error: number } {
  const lossAt = (i: number) => (kind === "number" ? (y[i] - values[i]) ** 2 : -Math.log(y[i] === 1 ? values[i] : 1 - values[i]));
  const parts = folds.test.map((test) => test.filter((i) => Number.isFinite(y[i]) && weights[i] > 0)).filter(({ length }) => length > 0);
  const sums = parts.map((part) => ({ loss: part.reduce((s, i) => s + weights[i] * lossAt(i), 0), weight: part.reduce((s, i) => s + weights[i], 0) }));
  const weight = sums.reduce((s, one) => s + one.weight, 0);
  const loss = sums.reduce((s, one) => s + one.loss, 0) / weight;
  const between = sums.reduce((s, one) => s + (one.loss / one.weight - loss) ** 2, 0) / Math.max(1, sums.length - 1);
  return { loss, error: Math.sqrt(between / sums.length) };
}

function termsOf(drafts: readonly Draft[], { coefficients }: LassoFit, x: Table, y: Float64Array): RuleFit["terms"] {
  const known = selectTableRows(x, Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => Number.isFinite(y[i])));
  const terms = drafts.flatMap((draft, j): readonly (RuleTerm | LinearTerm)[] => {
    const coefficient = coefficients[j];
    if (coefficient === 0) return [];
    if ("rule" in draft) {
      const support = covers(draft.rule, known).reduce((a, b) => a + b, 0) / known.rows;
      return [{ kind: "rule", rule: draft.rule, coefficient, support, importance: Math.abs(coefficient) * Math.sqrt(support * (1 - support)) }];
    }
    const { name, unit } = x.features[draft.feature];
    return [{ kind: "linear", feature: name, unit, coefficient: coefficient * draft.scale, low: draft.low, high: draft.high, importance: Math.abs(coefficient) * TYPICAL }];
  });
  return terms.toSorted((a, b) => b.importance - a.importance);
}

/** The number, or the probability of class 1, of every row. */
export function ruleFitValues({ kind, intercept, terms }: RuleFit, x: Table): Float64Array {
  const sum = new Float64Array(x.rows).fill(intercept);
  for (const term of terms) {
    if (term.kind === "rule") {
      covers(term.rule, x).forEach((yes, i) => (sum[i] += yes * term.coefficient));
      continue;
    }
    const j = x.features.findIndex(({ name }) => name === term.feature);
    if (j < 0) throw new InputError(`missing feature: "${term.feature}" — a term of the fit needs it`, { path: term.feature });
    for (let i = 0; i < x.rows; i++) sum[i] += term.coefficient * Math.min(term.high, Math.max(term.low, x.data[i * x.cols + j]));
  }
  return kind === "class" ? sum.map(chanceOf) : sum;
}

const signed = (v: number): string => `${v < 0 ? "−" : "+"}${Number(Math.abs(v).toPrecision(3))}`;

/** One line for the intercept and one for each term: "+1.2 where 4.1 ≤ x ≤ 210 pm² (12 % of rows)". */
export function formatRuleFit({ kind, intercept, terms }: RuleFit, options: FormatOptions = {}): readonly string[] {
  const { label = (name: string) => name } = options;
  return [
    `${signed(intercept)} ${kind === "class" ? "log odds " : ""}to begin with`,
    ...terms.map((term) => {
      if (term.kind === "rule") return `${signed(term.coefficient)} where ${formatRule(term.rule, options)} (${Number((100 * term.support).toPrecision(2))} % of rows)`;
      const unit = formatUnit(term.unit);
      return `${signed(term.coefficient)} × ${label(term.feature)}${unit === "1" ? "" : ` in ${unit}`}, held within ${Number(term.low.toPrecision(3))} … ${Number(term.high.toPrecision(3))}`;
    }),
  ];
}
