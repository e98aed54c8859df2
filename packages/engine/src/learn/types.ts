/*
 * Stage one: learn structure to property. A Learner is a recipe, a Model is a fitted, immutable map from
 * rows to distributions; nothing is ever half fitted. X is the input: a Table, a batch of graphs, or both.
 */
import type { Context } from "../base/context.ts";
import type { Key } from "../base/key.ts";
import type { Feature, Table, Targets } from "../data/types.ts";
import type { Predictive } from "../prob/types.ts";
import type { Unit } from "../base/unit.ts";

export interface Learner<X = Table> {
  /** Recipe name with its options, for reports: `forest(trees=300)`. */
  readonly id: string;
  /** May a NaN stand in the input? Learners that say no get imputed tables. */
  readonly acceptsMissing: boolean;
  /** Larger is more complex: ties within one standard error go to the smaller. */
  readonly complexity: number;
  /**
   * A joint learner fits the columns together, and may learn of one from the others: a job then gives it all columns, and all rows
   * but those that are left out, also rows where the wanted column is missing. Others see their column alone.
   */
  readonly joint?: boolean;
  /** Names of features that it cannot do without: whoever leaves features out keeps them. */
  readonly needed?: readonly string[];
  /** Fit every target column. Rows whose target is missing are left out for that column only. */
  fit(x: X, y: Targets, key: Key, ctx: Context): Promise<Model<X>>;
}

/** What a model predicts: a number with a unit, or one of a set of levels. */
export type Output = { readonly kind: "number"; readonly name: string; readonly unit: Unit; /** `log`: it was learnt by its logarithm, and predictions carry the law of that. */ readonly scale?: "log" } | { readonly kind: "category"; readonly name: string; readonly levels: readonly string[] };

export interface Model<X = Table> {
  readonly id: string;
  /** Features that predict() needs, by name; a table with others beside them is accepted, one without them refused. */
  readonly inputs: readonly Feature[];
  readonly outputs: readonly Output[];
  /** The answer for a row depends on that row alone, to the last bit: never on the batch it came in. */
  predict(x: X, ctx: Context): Promise<Predictive>;
  /** Plain data with typed arrays; `reviveModel` of its `type` reads it back and predicts the same. */
  toRecord(): ModelRecord;
}

/** A model as data. Typed arrays stay typed: the run directory's encoding keeps them, and large ones lie beside the manifest. */
export interface ModelRecord {
  /** The catalogue entry that revives it: `forest`, `gp`, `bayesian-linear`, `ensemble`, `calibrated` … */
  readonly type: string;
  readonly id: string;
  readonly inputs: readonly Feature[];
  readonly outputs: readonly Output[];
  readonly state: unknown;
}

/** Read a record back. Catalogues of revivers are assembled by whoever needs them; wrappers get the catalogue to revive what they hold. */
export type Reviver = (record: ModelRecord, revive: (record: ModelRecord) => Model) => Model;

/** A score in [0, ∞) of how far a row lies from what a model was trained on, and whether that is too far. */
export interface Applicability {
  /** Distance-like score per row; larger is further from the training data. */
  readonly score: Float64Array;
  /** 1 where the row is inside the domain of applicability. */
  readonly inside: Uint8Array;
  /** Why a row is outside, in words; empty inside. */
  readonly reasons: readonly string[];
}
