/* What a study of rules shows in its report, as plain data in a reader's words. */
import { columnOf } from "@tatara/engine/data";
import { formatCondition, formatRelation, formatRule, formatRuleFit, formatTree, type AnswerAgreement, type Separation } from "@tatara/engine/explain";
import { thinned } from "../../report/format.ts";
import type { ReportCondition, ReportEstimate, ReportRules, ReportRuleSet, ReportSeparation } from "../../report/types.ts";
import { aimWords } from "./labels.ts";
import type { Ruled } from "./rules.ts";
import { unitWords, wordsOf } from "./words.ts";

/** Terms of RuleFit that are shown; rules.json has all. */
const TERMS = 8;
/** Features of bootstraps that are shown. */
const FEATURES = 12;
/** Values of negatives kept for a figure. */
const VALUES = 2000;

export function rulesReport(ruled: Ruled): ReportRules {
  const { intervals: { best, alternatives, crossValidated, stability }, x, subsets, fitted, tree, inverse, comparison } = ruled;
  const label = wordsOf(x.features);
  const conditions = conditionsOf(ruled);
  const space = ruled.systems.length === 0 ? spaceOf(ruled, conditions) : undefined;
  return {
    targets: ruled.targets,
    wanted: ruled.wanted,
    of: ruled.of,
    aim: aimWords(ruled.aim),
    positives: best.training.positives,
    negatives: best.training.negatives,
    features: x.cols,
    realistic: subsets.map(({ name, about, weights }) => ({ name, about, rows: weights.reduce((a, b) => a + b, 0) })),
    conditions,
    against: likest(ruled)?.name ?? "all",
    training: separated(best.training),
    outOfFold: { ...separated(crossValidated!.separation), interval: { recall: estimate(crossValidated!.recall!), falsePositiveRate: estimate(crossValidated!.falsePositiveRate!) } },
    ofFolds: crossValidated!.rules.map((rule) => formatRule(rule, { label })),
    alternatives: alternatives.map(({ rule, training }) => ({ text: formatRule(rule, { label }), training: separated(training) })),
    ...(stability && { stability: { bootstraps: stability.bootstraps, overlap: stability.overlap, features: stability.features.slice(0, FEATURES).map(({ feature, share }) => ({ words: label(feature), share })) } }),
    ...(tree && { tree: formatTree(tree.tree, { label }) }),
    ...(fitted && {
      fit: {
        lines: formatRuleFit(fitted.fit, { label }).slice(0, TERMS + 1),
        more: Math.max(0, fitted.fit.terms.length - TERMS),
        about: `Log loss ${fitted.fit.crossValidated.chosen.loss.toFixed(4)} out of fold; it says yes from a probability of ${percentOf(fitted.cut)} on.${fitted.negatives.used < fitted.negatives.of ? ` Fitted to ${fitted.negatives.used} of the ${fitted.negatives.of} negatives, each of which stands for ${(fitted.negatives.of / fitted.negatives.used).toFixed(1)}.` : ""}`,
      },
    }),
    sets: comparison.sets.map((set): ReportRuleSet => ({ name: set.name, outOfFold: set.outOfFold, fidelity: { kappa: estimate(set.fidelity.kappa), precision: estimate(set.fidelity.precision), recall: estimate(set.fidelity.recall) }, ...(set.explained && { explained: estimate(set.explained) }), accuracy: accuracyOf(set.accuracy) })),
    model: { cut: comparison.model.cut, outOfFold: ruled.outOfFold, byAim: accuracyOf(comparison.model.byAim), byHalf: accuracyOf(comparison.model.byHalf) },
    ...(inverse && {
      inverse: {
        relations: inverse.findings.map(({ relation, recall, falsePositiveRate, subsets: parts }) => ({ text: formatRelation(relation, { label }), narrowing: relation.narrowing, inside: relation.inside, priorInside: relation.priorInside, recall, falsePositiveRate, subsets: parts.map((p) => p.falsePositiveRate) })),
        commonplace: inverse.commonplace,
        corpus: inverse.samples.corpus,
        posterior: inverse.samples.posterior,
        distinct: inverse.samples.distinct,
        prior: inverse.samples.prior,
        power: inverse.power,
        share: inverse.share,
      },
    }),
    systems: ruled.systems,
    ...(space && { space }),
    warnings: ruled.warnings,
  };
}

const percentOf = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

const estimate = ({ estimate: value, low, high }: ReportEstimate): ReportEstimate => ({ estimate: value, low, high });

const accuracyOf = ({ precision, recall, falsePositiveRate }: AnswerAgreement): ReportRuleSet["accuracy"] => ({ precision: estimate(precision), recall: estimate(recall), falsePositiveRate: estimate(falsePositiveRate) });

const separated = ({ support, precision, recall, falsePositiveRate, subsets }: Separation): ReportSeparation => ({ support, precision, recall, falsePositiveRate, subsets: subsets.map((s) => s.falsePositiveRate) });

/** The negatives that figures show: the nearest, where there are some. */
const likest = ({ subsets }: Ruled) => subsets.find(({ name }) => name === "nearest") ?? subsets[0];

function conditionsOf(ruled: Ruled): readonly ReportCondition[] {
  const { intervals: { best, stability }, x, labels } = ruled;
  const label = wordsOf(x.features);
  const near = likest(ruled)?.weights;
  return ruled.conditions.map(({ condition, alone, without }, k) => {
    const values = columnOf(x, x.features.findIndex(({ name }) => name === condition.feature));
    const of = (wanted: (i: number) => boolean) => thinned(Array.from(values.keys()).filter((i) => wanted(i) && Number.isFinite(values[i]!)).map((i) => values[i]!), VALUES);
    const returned = stability?.conditions[k];
    return {
      text: formatCondition(condition, { label }),
      feature: condition.feature,
      words: label(condition.feature),
      unit: unitWords(condition.unit),
      low: condition.low ?? Number.NEGATIVE_INFINITY,
      high: condition.high ?? Number.POSITIVE_INFINITY,
      alone: separated(alone),
      without: separated(without),
      substitutes: best.substitutes[k]!.map(label),
      values: { positives: of((i) => labels[i] === 1), negatives: of((i) => labels[i] === 0 && (near === undefined || near[i]! > 0)) },
      ...(returned && { returned: { feature: returned.feature, group: returned.group, similar: returned.similar } }),
    };
  });
}

/** The two conditions that returned most often, over all rows. */
function spaceOf({ x, labels, rowNames }: Ruled, conditions: readonly ReportCondition[]): ReportRules["space"] {
  const [across, up] = conditions.toSorted((a, b) => (b.returned?.group ?? 0) - (a.returned?.group ?? 0));
  if (!across || !up) return undefined;
  const [xs, ys] = [across, up].map(({ feature }) => columnOf(x, x.features.findIndex(({ name }) => name === feature))) as [Float64Array, Float64Array];
  const rows = (label: number) => Array.from(labels.keys()).filter((i) => labels[i] === label);
  const axis = ({ words, unit, low, high }: ReportCondition) => ({ words, unit, low, high });
  return { x: axis(across), y: axis(up), positives: thinned(rows(1), VALUES).map((i) => ({ x: xs[i]!, y: ys[i]!, title: rowNames[i]! })), negatives: thinned(rows(0), VALUES).map((i) => [xs[i]!, ys[i]!] as const) };
}
