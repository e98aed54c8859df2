/* The conditions of a rule one at a time: what each keeps out alone, and what would come in without it. */
import type { Table } from "@tatara/engine/data";
import { covers, separationOf, type Condition, type IntervalRule, type Labels, type NegativeSubset, type Separation } from "@tatara/engine/explain";

export interface SingleCondition {
  readonly condition: Condition;
  readonly alone: Separation;
  /** The rule with this condition left out. */
  readonly without: Separation;
}

export const singleConditions = ({ conditions }: IntervalRule, x: Table, labels: Labels, subsets: readonly NegativeSubset[]): readonly SingleCondition[] =>
  conditions.map((condition) => ({
    condition,
    alone: separationOf(covers({ conditions: [condition] }, x), labels, { subsets }),
    without: separationOf(covers({ conditions: conditions.filter((one) => one !== condition) }, x), labels, { subsets }),
  }));
