/* @tatara/engine/explain: rules, relations, formulas and shallow trees that a reader can check, with honest figures. */
export type * from "./types.ts";
export { covers, formatCondition, formatRule } from "./rule.ts";
export type { FormatOptions } from "./rule.ts";
export { separationOf } from "./separation.ts";
export type { SeparationOptions } from "./separation.ts";
export { mineIntervals } from "./mineIntervals.ts";
export type { Aim, CrossValidatedRules, MinedRule, MinedRules, MineOptions } from "./mineIntervals.ts";
export type { ConditionStability, Stability } from "./stability.ts";
