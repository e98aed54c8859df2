/* @tatara/engine/design: what is asked for, how predictions are scored against it, and the answer. */
export type * from "./types.ts";
export { formatTarget, isExtremal, parseTarget } from "./grammar.ts";
export { regionObjective } from "./objective.ts";
export { regionLikelihood } from "./likelihood.ts";
export type { LikelihoodOptions, Predict } from "./likelihood.ts";
export { baseRate, knownHits, targetFarOutside } from "./reach.ts";
export type { Reach } from "./reach.ts";
export { expectedHits, shortlist } from "./shortlist.ts";
export type { Shortlisted } from "./shortlist.ts";
export { diverseSubset } from "./diverse.ts";
export type { DiverseOptions } from "./diverse.ts";
export { newFinds } from "./newFinds.ts";
export type { Find, FindCandidate } from "./newFinds.ts";
