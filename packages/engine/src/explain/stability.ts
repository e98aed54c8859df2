/*
 * How much of a rule returns when it is mined again from other groups of rows. Features that stand for one another
 * make a rule look less stable than it is, so a condition is looked for in three ways, and the rows covered are
 * compared as well.
 */
import type { Table } from "../data/types.ts";
import { covers } from "./rule.ts";
import type { Condition, IntervalRule } from "./types.ts";

export interface ConditionStability {
  readonly condition: Condition;
  /** Share of bootstraps with a condition on the same feature. */
  readonly feature: number;
  /** Share with one on the same feature or one of its group. */
  readonly group: number;
  /** Share with a condition that says nearly the same of the rows (Jaccard of those that meet it ≥ 0.8), on whatever feature. */
  readonly similar: number;
}

export interface Stability {
  /** Bootstraps that gave a rule. */
  readonly bootstraps: number;
  readonly conditions: readonly ConditionStability[];
  /** Mean Jaccard overlap of the rows covered by the rule and by each bootstrap's rule. */
  readonly overlap: number;
  /** All features that bootstraps used, commonest first. */
  readonly features: readonly { readonly feature: string; readonly share: number }[];
}

const SIMILAR = 0.8;

/** Compare a rule with rules mined from bootstraps. `group` numbers the features that stand for one another. */
export function stabilityOf(rule: IntervalRule, others: readonly IntervalRule[], x: Table, group: Int32Array): Stability {
  const place = new Map(x.features.map(({ name }, j) => [name, j]));
  const groupOf = ({ feature }: Condition) => group[place.get(feature)!];
  const share = (has: (other: IntervalRule) => boolean) => others.filter(has).length / others.length;
  const met = (condition: Condition) => covers({ conditions: [condition] }, x);
  const meeting = others.map(({ conditions }) => conditions.map(met));
  const whole = covers(rule, x);
  return {
    bootstraps: others.length,
    conditions: rule.conditions.map((condition) => {
      const rows = met(condition);
      return {
        condition,
        feature: share(({ conditions }) => conditions.some(({ feature }) => feature === condition.feature)),
        group: share(({ conditions }) => conditions.some((one) => groupOf(one) === groupOf(condition))),
        similar: meeting.filter((conditions) => conditions.some((other) => jaccard(rows, other) >= SIMILAR)).length / others.length,
      };
    }),
    overlap: others.reduce((sum, other) => sum + jaccard(whole, covers(other, x)) / others.length, 0),
    features: countFeatures(others),
  };
}

function countFeatures(rules: readonly IntervalRule[]): Stability["features"] {
  const count = new Map<string, number>();
  for (const name of rules.flatMap(({ conditions }) => conditions.map(({ feature }) => feature))) count.set(name, (count.get(name) ?? 0) + 1);
  return Array.from(count, ([feature, n]) => ({ feature, share: n / rules.length })).toSorted((a, b) => b.share - a.share || (a.feature < b.feature ? -1 : 1));
}

/** |A ∩ B| / |A ∪ B|; 1 for two empty sets. */
export function jaccard(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i] & b[i];
    either += a[i] | b[i];
  }
  return either === 0 ? 1 : both / either;
}
