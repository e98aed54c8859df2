/* Dense linear algebra, tree histograms and fingerprint similarity in WebAssembly, behind plain typed arrays. */
export { kernelBuild, releaseKernels, useKernelBuild } from "./instance.ts";
export { gemm, syrk } from "./gemm.ts";
export type { GemmOptions, SyrkOptions } from "./gemm.ts";
export { cholesky, choleskyInverse, solveCholesky, solveLower, solveUpper } from "./cholesky.ts";
export type { CholeskyFailure, CholeskySuccess } from "./cholesky.ts";
export { tanimotoBits, tanimotoCounts } from "./tanimoto.ts";
export { histogramClasses, histogramRegression, treeGrower } from "./trees.ts";
export type { BinnedTable, GrownTree, HistogramOptions, TreeGrower, TreeOptions } from "./trees.ts";
export { booster } from "./boost.ts";
export type { BoostedTree, Booster, BoostOptions, BoostSample, BoostTable } from "./boost.ts";
