/* @tatara/engine: the mathematics of the two stages. Each layer is also a path of its own: @tatara/engine/prob. */
export * from "./base/index.ts";
export * from "./numeric/index.ts";
export * from "./prob/index.ts";
export * from "./data/index.ts";
export * from "./learn/index.ts";
export * from "./generate/index.ts";
export * from "./search/index.ts";
export * from "./design/index.ts";
export * from "./testing/index.ts";

// Two names stand for two things each: the bare name is the better known one.
export type { Candidate } from "./design/index.ts";
export type { Domain } from "./generate/index.ts";
export type { Candidate as LearnerCandidate, Domain as ApplicabilityDomain } from "./learn/index.ts";
