/* Stage two's raw material: domains, priors, proposals, and domain work in batches. */
export type * from "./types.ts";
export { evaluateState } from "./evaluate.ts";
export type { Constraint } from "./evaluate.ts";
export { chooseDescriptors, describeTexts, joinFeatures, refusalsOf } from "./describe.ts";
export { mixture, proposeOne } from "./mixture.ts";
export type { Mixture, Proposed, Weighted } from "./mixture.ts";
export { inlineBatches } from "./inline.ts";
export type { InlineOptions } from "./inline.ts";
