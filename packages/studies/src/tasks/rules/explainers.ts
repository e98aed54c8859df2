/*
 * Three ways to put labels into words, each with answers out of fold: the conjunction of intervals, RuleFit's weighted
 * rules, and the best shallow tree. All answer to one aim.
 */
import { fold, permutation, under, type Context, type Key } from "@tatara/engine/base";
import { selectFeatures, selectTableRows, type Folds, type Table } from "@tatara/engine/data";
import { correlationGroups, mineIntervals, optimalTree, ruleFit, treeAnswers, type Aim, type Labels, type MinedRules, type NegativeSubset, type OptimalTree, type RuleFit } from "@tatara/engine/explain";
import type { Groups } from "@tatara/engine/prob";
import type { RulesStudy } from "../../schema/study.ts";
import { completeColumns, leaderNames } from "./features.ts";
import { cutOf, priceOf, saidFrom } from "./labels.ts";

export interface Explaining {
  /** Materials in the words that rules may use. */
  readonly x: Table;
  /** What is to be told apart: the truth, or what the model says. */
  readonly labels: Labels;
  readonly aim: Aim;
  readonly folds: Folds;
  readonly groups: Groups;
  readonly subsets: readonly NegativeSubset[];
  readonly options: RulesStudy["rules"];
}

export const intervalRules = (key: Key, { x, labels, aim, folds, groups, subsets, options }: Explaining, ctx: Context): Promise<MinedRules> =>
  mineIntervals(key, x, labels, { most: options.most, aim, correlated: options.correlated, alternatives: options.alternatives, bootstraps: options.bootstraps, folds, groups, subsets }, ctx);

export interface FittedRules {
  readonly fit: RuleFit;
  /** Yes and no by the aim, out of fold. */
  readonly said: Labels;
  /** Probability from which on it says yes. */
  readonly cut: number;
  /** Features left out because some row lacks them, or because others stand for them. */
  readonly incomplete: number;
  readonly redundant: number;
  /** Negatives that it was fitted to, of all. */
  readonly negatives: { readonly used: number; readonly of: number };
}

/** More are not read. */
const MOST_TERMS = 30;
/** Negatives that are enough for a fit; each then stands for several. */
const MOST_NEGATIVES = 1000;

export async function fittedRules(key: Key, { x, labels, aim, folds, options }: Explaining, ctx: Context): Promise<FittedRules> {
  const group = await correlationGroups(x, options.correlated, under(ctx, "group features"));
  const complete = completeColumns(x);
  const kept = leaderNames(x.features, group, complete);
  const negatives = Array.from(labels.keys()).filter((i) => labels[i] === 0);
  const used = permutation(fold(key, "negatives"), negatives.length).slice(0, MOST_NEGATIVES);
  const weights = Float64Array.from(labels, (label) => (label === 1 ? 1 : 0));
  for (const k of used) weights[negatives[k]!] = negatives.length / used.length;
  const fit = await ruleFit(fold(key, "fit"), selectFeatures(x, kept), { kind: "class", labels }, { folds, trees: options.rule_fit, mostTerms: MOST_TERMS, weights }, ctx);
  const cut = cutOf(aim, fit.crossValidated.values, labels);
  return { fit, cut, said: saidFrom(fit.crossValidated.values, cut), incomplete: complete.filter((whole) => !whole).length, redundant: complete.filter(Boolean).length - kept.length, negatives: { used: used.length, of: negatives.length } };
}

export interface GrownTree {
  readonly tree: OptimalTree;
  readonly said: Labels;
}

/** Worth, in recall, that one more leaf must add. */
const LEAF = 0.01;
/** Questions that trees are searched over: the work grows with their cube. */
const QUESTIONS = 100;

export async function grownTree({ x, labels, aim, folds, options }: Explaining, ctx: Context): Promise<GrownTree> {
  const said = new Int8Array(x.rows).fill(-1);
  for (const [f, test] of folds.test.entries()) {
    ctx.report({ stage: "cross-validate trees", done: f, total: folds.test.length + 1 });
    const without = labels.slice();
    for (const i of test) without[i] = -1;
    const answers = treeAnswers(await grow(x, without, aim, options, under(ctx, `tree ${f + 1}`)), selectTableRows(x, test));
    test.forEach((i, at) => (said[i] = answers[at]!));
  }
  return { tree: await grow(x, labels, aim, options, under(ctx, "tree")), said };
}

/** Errors cost what the aim says: 1/P for a positive missed, price/N for a negative let through. */
function grow(x: Table, labels: Labels, aim: Aim, { tree: depth }: RulesStudy["rules"], ctx: Context): Promise<OptimalTree> {
  const count = (label: number) => Math.max(1, labels.reduce((n, l) => n + (l === label ? 1 : 0), 0));
  const price = priceOf(aim);
  return optimalTree(x, { kind: "category", name: "target", levels: ["no", "yes"], codes: Int32Array.from(labels) }, { depth, questions: QUESTIONS, classWeights: [price / count(0), 1 / count(1)], leafPrice: LEAF / (1 + price) }, ctx);
}
