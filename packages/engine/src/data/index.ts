/* @tatara/engine/data: columns, datasets, tables, scaling, splits, reading cells. */
export type * from "./types.ts";
export { categoryColumn, dataset, hashNumbers, materialColumn, numberColumn, selectRows, selectTargets } from "./columns.ts";
export { columnOf, joinTables, selectFeatures, selectTableRows, table } from "./table.ts";
export { graphColumns, graphFeatures, packGraph, tooLarge, unpackGraph, withoutCodes } from "./graphRows.ts";
export type { CodeField, FlatGraph, GraphColumns, GraphLayout } from "./graphRows.ts";
export { impute, medianImputation, robustScaler, scale, standardScaler, unscale } from "./scaler.ts";
export type { Scaler } from "./scaler.ts";
export { evaluateProduct, powerProduct } from "./powerProduct.ts";
export type { PowerProduct, Sources, Written } from "./powerProduct.ts";
export { foldSizes, foldTrials, groupFolds, leavePartOut, randomFolds, sortedTrials, stratifiedFolds, trainingRows } from "./splits.ts";
export type { PartOptions, SplitOptions } from "./splits.ts";
export { clusterBy, clusterFolds, clusterRows } from "./clusters.ts";
export type { ClusterOptions } from "./clusters.ts";
export { categoryCells, decimalMark, isMissing, numberCells, parseHeader, parseNumberCell } from "./tableColumns.ts";
export type { Cell, Header, NumberCells, Refused } from "./tableColumns.ts";
