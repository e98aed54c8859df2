/*
 * What an explanation is: plain data that a reader can check by hand. Conditions and rules speak of features by
 * name and carry their units, so that they can be kept, printed, and asked of any table that has those features.
 */
import type { Unit } from "../base/unit.ts";

/** low ≤ feature ≤ high. An absent end asks nothing; a missing value meets no condition. */
export interface Condition {
  readonly feature: string;
  readonly unit: Unit;
  readonly low?: number;
  readonly high?: number;
}

/** Covers a row when every condition holds; without conditions it covers all rows. */
export interface IntervalRule {
  readonly conditions: readonly Condition[];
}

/** What the rows are called: 1 positive, 0 negative, −1 neither (left out of searches and counts). Length n. */
export type Labels = Int8Array;

/** A part of the negatives that a reader cares about: a weight of each row, 0 outside. Length n. */
export interface NegativeSubset {
  readonly name: string;
  readonly weights: Float64Array;
}

/** How well something that says yes or no tells the positives apart; counts are sums of weights where rows have them. */
export interface Separation {
  readonly positives: number;
  readonly negatives: number;
  /** Positives and negatives said yes to. */
  readonly support: number;
  /** Share of positives among the rows said yes to; NaN when there are none. */
  readonly precision: number;
  /** Share of the positives said yes to. */
  readonly recall: number;
  /** Share of the negatives said yes to. */
  readonly falsePositiveRate: number;
  /** The same among each named subset of the negatives. */
  readonly subsets: readonly { readonly name: string; readonly negatives: number; readonly falsePositiveRate: number }[];
}
