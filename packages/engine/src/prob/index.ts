/* @tatara/engine/prob: predictive distributions, joint probabilities, resampling, scores, diagnostics. */
export type * from "./types.ts";
export { normalMarginal, numericMarginal, studentMarginal } from "./marginal.ts";
export type { Named, RowLaw } from "./marginal.ts";
export { mixtureMarginal } from "./mixture.ts";
export type { MixtureOptions } from "./mixture.ts";
export { scaledMarginal } from "./scaled.ts";
export { categoricalMarginal } from "./categorical.ts";
export { marginalOf, predictive } from "./predictive.ts";
