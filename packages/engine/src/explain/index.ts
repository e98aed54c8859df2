/* @tatara/engine/explain: rules, relations, formulas and shallow trees that a reader can check, with honest figures. */
export type * from "./types.ts";
export { covers, formatCondition, formatRule } from "./rule.ts";
export type { FormatOptions } from "./rule.ts";
export { separationOf } from "./separation.ts";
export type { SeparationOptions } from "./separation.ts";
export { mineIntervals } from "./mineIntervals.ts";
export type { Aim, CrossValidatedRules, MinedRule, MinedRules, MineOptions } from "./mineIntervals.ts";
export type { ConditionStability, Stability } from "./stability.ts";
export { findFormula } from "./formula/findFormula.ts";
export type { FormulaOptions, FoundFormulas, SizeScore } from "./formula/findFormula.ts";
export { formatFormula, formulaSays, formulaValues } from "./formula/formula.ts";
export type { ClassFormula, Formula, NumberFormula, Term } from "./formula/formula.ts";
export { evaluate, formatExpression, sizeOf, unitOf } from "./formula/expression.ts";
export type { Binary, Expression, Operator, Unary } from "./formula/expression.ts";
export type { Cut, FormulaTarget } from "./formula/score.ts";
