/* @tatara/engine/data: columns, datasets, tables, splits, scaling, imputation. */
export type * from "./types.ts";
