/* Contracts of transfer: learners whose fits can be shared, and what brings knowledge of elsewhere into a table. */
import type { Context } from "../../base/context.ts";
import type { Feature, Table } from "../../data/types.ts";
import type { Learner, Model, ModelRecord } from "../types.ts";

/** A learner that is linear in the target at each setting of its hyper-parameters. */
export interface Smoother extends Learner {
  /** Leave-one-out predictions of several targets of the same rows: one list for each setting, one array for each target. */
  leaveOneOut(x: Table, weights: Float64Array, targets: readonly Float64Array[], ctx: Context): Promise<readonly (readonly Float64Array[])[]>;
}

/** Frozen knowledge of elsewhere as a map of tables: the predictions of a model, or the hidden layers of a network. */
export interface FeatureExtractor {
  /** A name for reports and for its columns. */
  readonly id: string;
  /** Features that it needs, by name. */
  readonly inputs: readonly Feature[];
  /** Features that it writes; their block is the source's. */
  readonly outputs: readonly Feature[];
  /** One row for each row of `x`, which depends on that row alone. */
  extract(x: Table, ctx: Context): Promise<Table>;
  /** Plain data; a reviver of its `type` reads it back. */
  toRecord(): ExtractorRecord;
}

/** An extractor as data. `model` is that of a predicting model; others bring a reviver of their own. */
export interface ExtractorRecord {
  readonly type: string;
  readonly id: string;
  readonly inputs: readonly Feature[];
  readonly outputs: readonly Feature[];
  readonly state: unknown;
}

/** Reads an extractor back, given how to read models. */
export type ExtractorReviver = (record: ExtractorRecord, revive: (record: ModelRecord) => Model) => FeatureExtractor;
