/*
 * Tables that know what their columns mean. Letters used everywhere: n materials (rows), d features,
 * m properties, p particles, q batch size. Matrices are row-major.
 */
import type { Unit } from "../base/unit.ts";
import type { Matrix } from "../numeric/types.ts";
import type { PowerProduct } from "./powerProduct.ts";

export type { Matrix };

/** What one column of a table means. */
export interface Feature {
  /** Unique within a table. */
  readonly name: string;
  readonly unit: Unit;
  /** One line for a reader. */
  readonly about: string;
  /** The descriptor that wrote it (`ecfp`, `physchem`): learners treat the features of one block alike. */
  readonly block?: string;
  /**
   * Counts and bits are non-negative and mostly zero: set kernels apply to them. A category is one of several things without
   * an order, by a number that stands for it: only whether two are equal means anything. Codes are parts of packed graphs
   * (graphRows.ts). Default `real`.
   */
  readonly kind?: "real" | "count" | "bit" | "category" | "code";
  /** What a code packs: the fields of a node, or the two ends and the fields of an edge; with the number of levels of each. */
  readonly code?: { readonly of: "node" | "edge"; readonly levels: readonly number[] };
}

/** A matrix that knows what its columns mean; features.length = cols. */
export interface Table extends Matrix {
  readonly features: readonly Feature[];
}

/** A numeric column: NaN where missing; `sd` is the measurement's own standard deviation, where known. */
export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  readonly unit: Unit;
  readonly values: Float64Array;
  readonly sd?: Float64Array;
  /** `log`: positive values that are learnt by their logarithms. Default linear. */
  readonly scale?: "log";
  /** What it follows from: it is not learnt, but computed from the predictions of its parts. Implies `scale: "log"`. */
  readonly formula?: PowerProduct;
}

/** A categorical column: codes index `levels`, −1 where missing. */
export interface CategoryColumn {
  readonly kind: "category";
  readonly name: string;
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

export interface MaterialColumn<S> {
  readonly kind: "material";
  readonly name: string;
  readonly domain: string;
  readonly values: readonly S[];
}

export type Column<S = unknown> = NumberColumn | CategoryColumn | MaterialColumn<S>;

/** An immutable table; `id` hashes its contents, so a result can name the data it came from. */
export interface Dataset<S = unknown> {
  readonly id: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column<S>>;
}

/** What a learner is to predict: m columns of n rows, with optional row groups and weights. */
export interface Targets {
  readonly rows: number;
  readonly columns: readonly (NumberColumn | CategoryColumn)[];
  /** Rows of one group are kept together when a learner splits rows itself; length n. */
  readonly groups?: Int32Array;
  /** Non-negative importance of each row; length n. */
  readonly weights?: Float64Array;
  /** A name for each row that survives reordering: resampling draws are keyed by it. Length n. */
  readonly names?: readonly string[];
}

/** Disjoint parts of 0 .. n − 1; fold f is tested on test[f] and trained on the rest. */
export interface Folds {
  /** The split's catalogue name and options, for reports. */
  readonly id: string;
  readonly test: readonly Int32Array[];
}

/** Train on some rows, test on others: disjoint, not always all of the rows. Tests of different trials may overlap. */
export interface Trial {
  /** What is held out: "fold 2", "without Fe", "highest fifth". */
  readonly name: string;
  readonly train: Int32Array;
  readonly test: Int32Array;
}
