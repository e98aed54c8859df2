/* @tatara/engine/testing: contract kits, run for every implementation, and a toy domain to test with. */
export type * from "./types.ts";
export { checkDomain } from "./domain.ts";
export type { ConstraintCase, DomainCheck } from "./domain.ts";
export { checkLearner } from "./learner.ts";
export type { LearnerCheck } from "./learner.ts";
export { checkSampler } from "./sampler.ts";
export type { SamplerCheck } from "./sampler.ts";
export { ensureBalance } from "./balance.ts";
export type { BalanceOptions } from "./balance.ts";
export { ensure, withGaps } from "./claims.ts";
export { TOY_ALPHABET, TOY_LONGEST, toyDomain, toyPrior, toyRegrow, toyRotate, toySwap, toyWords } from "./toy.ts";
