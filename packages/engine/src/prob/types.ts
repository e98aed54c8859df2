/*
 * Predictive distributions: all that the second stage may ask of the first. Gaussian, Student-t,
 * mixtures and conformally scaled ones differ in how they answer, not in what can be asked.
 */
import type { Key } from "../base/key.ts";
import type { Unit } from "../base/unit.ts";
import type { Matrix } from "../numeric/types.ts";

/** A heap at the least value and a law above it (prob/hurdle.ts): Y = at with probability `atom`, else Y − at is made from L, Student-t and positive where the scale needs it. */
export interface HurdleLaw {
  readonly at: number;
  /** L = Y − at, its square root, or its natural logarithm. */
  readonly scale: "linear" | "sqrt" | "log";
  readonly atom: Float64Array;
  /** Location and scale of L, and its degrees of freedom: infinite, a normal, when left out. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly df?: Float64Array;
}

/** The marginal distribution of one numeric property, for each of n rows. */
export interface NumericMarginal {
  readonly kind: "number";
  readonly name: string;
  readonly unit: Unit;
  /** The centre of each row's law; the median, where the law is of a quantity on a logarithmic scale or has a heap. */
  readonly mean: Float64Array;
  /** Standard deviation of a new measurement: what is not known of the function plus the noise. */
  readonly sd: Float64Array;
  /** The law of the natural logarithm (in the marginal's unit), where the quantity was learnt on a logarithmic scale. */
  readonly log?: NumericMarginal;
  /** What the law is made of, where it has a heap at its least value. */
  readonly hurdle?: HurdleLaw;
  /**
   * log P(low ≤ Y ≤ high) for every row, in the property's own unit; bounds may be infinite, and may be given
   * per row. Finite to 40 sd and beyond; −∞ for an interval of no width.
   */
  logMass(low: number | Float64Array, high: number | Float64Array): Float64Array;
  /** The p-quantile of every row. */
  quantile(p: number): Float64Array;
  /** P(Y ≤ y_i) for every row, y given per row: the probability integral transform. */
  cdf(y: Float64Array): Float64Array;
  /** log density at y_i, y given per row. */
  logDensity(y: Float64Array): Float64Array;
  /** One draw per row. */
  sample(key: Key): Float64Array;
}

/** The distribution of one categorical property, for each of n rows. */
export interface CategoricalMarginal {
  readonly kind: "category";
  readonly name: string;
  readonly levels: readonly string[];
  /** n × levels, rows sum to one. */
  readonly probability: Matrix;
  /** log P(Y is one of `levels`) for every row. */
  logMass(levels: readonly string[]): Float64Array;
  /** The index of one drawn level per row. */
  sample(key: Key): Int32Array;
}

export type Marginal = NumericMarginal | CategoricalMarginal;

/** The predictive distribution of m properties for each of n rows. */
export interface Predictive {
  readonly rows: number;
  /** In the order of the model's outputs. */
  readonly marginals: readonly Marginal[];
  /**
   * Correlation (m × m) of the properties' errors under a Gaussian copula; absent = independent.
   * Learnt from out-of-fold errors, so that several properties are judged jointly.
   */
  readonly correlation?: Matrix;
}
