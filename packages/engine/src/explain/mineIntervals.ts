/*
 * A few intervals that tell a class apart, mined so that their figures are honest: the whole search is done again
 * inside every fold (grouped, by the caller), and the out-of-fold answers are what recall and false-positive rate
 * are counted on; and again in bootstraps over groups, to show which conditions return. The training figures of a
 * mined rule are always too good.
 *
 * Not a classifier to be trusted alone: a conjunction of intervals is a summary. Related: PRIM (Friedman & Fisher,
 * Stat. Comput. 9, 123 (1999)) peels boxes from outside; here each interval is exactly optimal given the others.
 */
import { InputError } from "../base/errors.ts";
import { fold, split, type Key } from "../base/key.ts";
import { pause, under, type Context } from "../base/context.ts";
import type { Folds, Table } from "../data/types.ts";
import { groupBootstrap, groupSampler, type Bootstrapped, type Groups } from "../prob/groupBootstrap.ts";
import { sortTable, type SortedTable } from "./intervalData.ts";
import { problemOf, searchAt, searchForRecall, type Found, type SearchOptions } from "./intervalSearch.ts";
import { correlationGroups } from "./redundancy.ts";
import { covers } from "./rule.ts";
import { separationOf } from "./separation.ts";
import { stabilityOf, type Stability } from "./stability.ts";
import type { Condition, IntervalRule, Labels, NegativeSubset, Separation } from "./types.ts";

/** What a rule is good for: recall at a price for what is let through, or the least let through at an expected recall. */
export type Aim = { readonly price: number } | { readonly minimumRecall: number };

export interface MineOptions {
  /** Most conditions. Default 5. */
  readonly most?: number;
  /** `price`: points of recall given for one point of false-positive rate (default, 4). `minimumRecall`: of new positives, as the smoothed density expects it. */
  readonly aim?: Aim;
  /** Times Silverman's bandwidth by which positives are smoothed (intervalData.ts). Default 1; 0 draws tight intervals. */
  readonly smoothing?: number;
  /** States kept at each length. Default 8. */
  readonly beam?: number;
  /** Worth, in recall, that each condition must add. Default 0.001. */
  readonly leastGain?: number;
  /** Features whose rank correlation is at least this stand for one another. Default 0.95. */
  readonly correlated?: number;
  /** Rules returned beside the best. Default 4. */
  readonly alternatives?: number;
  /** Weight of each row; one by default. */
  readonly weights?: Float64Array;
  /** What it costs to let each negative through, beside its weight: more for realistic ones. One by default. */
  readonly losses?: Float64Array;
  /** Parts of the negatives whose false-positive rate is told apart. */
  readonly subsets?: readonly NegativeSubset[];
  /** Folds in which everything is mined anew; made by the caller, grouped where rows are related. */
  readonly folds?: Folds;
  /** Groups of rows for bootstraps: of stability, and of the out-of-fold figures. */
  readonly groups?: Groups;
  /** Searches on bootstraps, when there are groups. Default 50. */
  readonly bootstraps?: number;
}

export interface MinedRule {
  readonly rule: IntervalRule;
  /** Recall expected of new positives. */
  readonly expectedRecall: number;
  /** On the rows it was mined from: too good. */
  readonly training: Separation;
  /** For each condition, other features of its group: they would do nearly as well. */
  readonly substitutes: readonly (readonly string[])[];
}

export interface CrossValidatedRules {
  /** The folds' name. */
  readonly folds: string;
  /** The rule mined without each fold. */
  readonly rules: readonly IntervalRule[];
  /** 1 and 0 from the rule that has not seen the row; 0 for rows in no fold. */
  readonly said: Uint8Array;
  /** Counted on rows in folds, by rules that have not seen them. */
  readonly separation: Separation;
  /** Over groups, when there are groups. */
  readonly recall?: Bootstrapped;
  readonly falsePositiveRate?: Bootstrapped;
}

export interface MinedRules {
  readonly best: MinedRule;
  /** Rules that let other negatives through, best first. */
  readonly alternatives: readonly MinedRule[];
  readonly crossValidated?: CrossValidatedRules;
  readonly stability?: Stability;
}

interface Setting {
  readonly x: Table;
  readonly labels: Labels;
  readonly sorted: SortedTable;
  readonly losses: Float64Array;
  readonly smoothing: number;
  readonly aim: Aim;
  readonly search: SearchOptions;
}

/** Mine a rule, its alternatives, and how far to trust them. The key serves the bootstraps; the search has no chance in it. */
export async function mineIntervals(key: Key, x: Table, labels: Labels, options: MineOptions, ctx: Context): Promise<MinedRules> {
  const { most = 5, aim = { price: 4 }, smoothing = 1, beam = 8, leastGain = 0.001, correlated = 0.95, alternatives = 4, bootstraps = 50, folds, groups, subsets = [] } = options;
  const { weights = ones(x.rows), losses = ones(x.rows) } = options;
  checkMine(x, labels, { ...options, weights, losses });
  const group = await correlationGroups(x, correlated, under(ctx, "group features"));
  const setting: Setting = { x, labels, sorted: sortTable(x, labels), losses, smoothing, aim, search: { most, beam, group, leastGain, keep: 1 } };
  const found = await mine({ ...setting, search: { ...setting.search, keep: 1 + alternatives } }, weights, ctx);
  const mined = found.map((one) => describe(setting, one, weights, subsets));
  const [foldKey, stableKey] = split(key, 2);
  const crossValidated = folds && (await crossValidate(foldKey, setting, weights, folds, { subsets, groups }, ctx));
  const stability = groups !== undefined && bootstraps > 0 ? stabilityOf(mined[0].rule, await rebootstrap(stableKey, setting, weights, groups, bootstraps, ctx), x, group) : undefined;
  return { best: mined[0], alternatives: mined.slice(1), ...(crossValidated && { crossValidated }), ...(stability && { stability }) };
}

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

function checkMine(x: Table, labels: Labels, { aim, weights, losses, groups }: MineOptions): void {
  for (const [what, length] of [["labels", labels.length], ["weights", weights!.length], ["losses", losses!.length], ["groups", groups?.length ?? x.rows]] as const)
    if (length !== x.rows) throw new InputError(`${what}: ${length} — the table has ${x.rows} rows`, { path: what, value: length });
  const count = (label: number) => labels.reduce((sum, l, i) => sum + (l === label && weights![i] > 0 ? 1 : 0), 0);
  if (count(1) < 2 || count(0) < 1) throw new InputError(`rows to tell apart: ${count(1)} positives, ${count(0)} negatives — at least 2 and 1`, { path: "labels" });
  if (aim !== undefined && "minimumRecall" in aim && !(aim.minimumRecall > 0 && aim.minimumRecall <= 1)) throw new InputError(`minimum recall: ${aim.minimumRecall} — a share in (0, 1]`, { path: "minimumRecall", value: aim.minimumRecall });
  if (aim !== undefined && "price" in aim && !(aim.price >= 0)) throw new InputError(`price: ${aim.price} — at least 0`, { path: "price", value: aim.price });
}

function mine({ sorted, losses, smoothing, aim, search }: Setting, weights: Float64Array, ctx: Context): Promise<readonly Found[]> {
  const problem = problemOf(sorted, weights, losses, smoothing);
  return "price" in aim ? searchAt(problem, aim.price, search, ctx) : searchForRecall(problem, aim.minimumRecall, search, ctx);
}

const ruleOf = ({ features }: Table, { spans }: Found): IntervalRule => ({
  conditions: spans.map(({ feature, low, high }): Condition => {
    const { name, unit } = features[feature];
    return { feature: name, unit, ...(low > Number.NEGATIVE_INFINITY && { low }), ...(high < Number.POSITIVE_INFINITY && { high }) };
  }),
});

function describe({ x, labels, search }: Setting, found: Found, weights: Float64Array, subsets: readonly NegativeSubset[]): MinedRule {
  const rule = ruleOf(x, found);
  return {
    rule,
    expectedRecall: found.recall,
    training: separationOf(covers(rule, x), labels, { weights, subsets }),
    substitutes: found.spans.map(({ feature }) => x.features.flatMap(({ name }, j) => (j !== feature && search.group[j] === search.group[feature] ? [name] : []))),
  };
}

async function crossValidate(key: Key, setting: Setting, weights: Float64Array, folds: Folds, { subsets, groups }: { readonly subsets: readonly NegativeSubset[]; readonly groups?: Groups }, ctx: Context): Promise<CrossValidatedRules> {
  const { x, labels } = setting;
  const rules: IntervalRule[] = [];
  const said = new Uint8Array(x.rows);
  const counted = new Float64Array(x.rows);
  for (const [f, test] of folds.test.entries()) {
    ctx.report({ stage: "cross-validate rules", done: f, total: folds.test.length });
    const training = weights.slice();
    for (const i of test) training[i] = 0;
    const rule = ruleOf(x, (await mine(setting, training, ctx))[0]);
    const inside = covers(rule, x);
    for (const i of test) {
      said[i] = inside[i];
      counted[i] = weights[i];
    }
    rules.push(rule);
  }
  const separation = separationOf(said, labels, { weights: counted, subsets });
  const over = (what: "recall" | "falsePositiveRate") =>
    groups && groupBootstrap(fold(key, what), groups, (times) => ({ [what]: separationOf(said, labels, { weights: times.map((t, i) => t * counted[i]) })[what] }));
  return { folds: folds.id, rules, said, separation, ...over("recall"), ...over("falsePositiveRate") };
}

async function rebootstrap(key: Key, setting: Setting, weights: Float64Array, groups: Groups, bootstraps: number, ctx: Context): Promise<readonly IntervalRule[]> {
  const sample = groupSampler(groups);
  const rules: IntervalRule[] = [];
  for (let b = 0; b < bootstraps; b++) {
    await pause(ctx);
    ctx.report({ stage: "bootstrap rules", done: b, total: bootstraps });
    const drawn = sample(fold(key, b)).map((times, i) => times * weights[i]);
    // A draw without two different positives has no rule.
    if (setting.sorted.positives.filter((i) => drawn[i] > 0).length < 2 || !setting.sorted.negatives.some((i) => drawn[i] > 0)) continue;
    rules.push(ruleOf(setting.x, (await mine(setting, drawn, ctx))[0]));
  }
  return rules;
}
