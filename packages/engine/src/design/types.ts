/*
 * What is asked for: targets on properties, and how a prediction is scored against them.
 */
import type { Predictive } from "../prob/types.ts";
import type { Unit } from "../base/unit.ts";

/** The wanted region of one property. */
export type Target =
  | { readonly kind: "interval"; readonly property: string; readonly low: number; readonly high: number; readonly unit: Unit; readonly text: string }
  | { readonly kind: "extremum"; readonly property: string; readonly direction: "maximise" | "minimise"; readonly unit: Unit; readonly text: string }
  | { readonly kind: "levels"; readonly property: string; readonly levels: readonly string[]; readonly text: string };

/** Scores predictions: one log-score per row. The log probability of a target region is the commonest objective. */
export interface Objective {
  readonly properties: readonly string[];
  readonly targets: readonly Target[];
  /** Joint log P(all targets) per row. */
  logScore(p: Predictive): Float64Array;
}
