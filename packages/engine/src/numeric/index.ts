/* @tatara/engine/numeric: small numerical helpers. Dense linear algebra lives in @tatara/kernels. */
export type { Matrix } from "./types.ts";
export * from "./special.ts";
export { logBivariateMass, upperOrthant } from "./bivariate.ts";
export { logMultivariateMass } from "./multivariate.ts";
export { gaussHermite, gaussLegendre } from "./quadrature.ts";
export type { Rule } from "./quadrature.ts";
export { bisect, brent, goldenSection } from "./minimise1d.ts";
export type { Minimum, Search1d } from "./minimise1d.ts";
export { medianOf, nearestRank, quantileOf, sortedQuantile } from "./quantile.ts";
export { lbfgs } from "./lbfgs.ts";
export type { LbfgsOptions, LbfgsResult, Smooth } from "./lbfgs.ts";
export { symmetricEigenvalues } from "./eigen.ts";
export { lowerHull } from "./lowerHull.ts";
export type { LowerHull } from "./lowerHull.ts";
export { simplexLeastSquares } from "./simplexQp.ts";
export type { SimplexFit } from "./simplexQp.ts";
export { isotonic, stepAt } from "./isotonic.ts";
export type { Steps } from "./isotonic.ts";
