/*
 * What is asked for: targets on properties, and how a prediction is scored against them.
 */
import type { Predictive } from "../prob/types.ts";
import type { Unit } from "../base/unit.ts";

/** The wanted region of one property. Bounds are in `unit`, the unit of the data. */
export type Target =
  | {
      readonly kind: "interval";
      readonly property: string;
      /** −∞ when open below. */
      readonly low: number;
      /** +∞ when open above. */
      readonly high: number;
      /** Whether the bound itself lies outside (`<`, `>`): matters when data are counted, not for densities. */
      readonly strict?: boolean;
      readonly unit: Unit;
      readonly text: string;
    }
  | { readonly kind: "extremum"; readonly property: string; readonly direction: "maximise" | "minimise"; readonly unit: Unit; readonly text: string }
  | { readonly kind: "levels"; readonly property: string; readonly levels: readonly string[]; readonly text: string };

/** The threshold that a maximised or minimised property must pass, by property, in the data's unit. */
export type Thresholds = Readonly<Record<string, number>>;

/** Scores predictions: one log-score per row. The log probability of a target region is the commonest objective. */
export interface Objective {
  readonly properties: readonly string[];
  readonly targets: readonly Target[];
  /** Joint log P(all targets) per row. Extremal targets ask to pass their threshold. */
  logScore(p: Predictive): Float64Array;
}
