/* What a study of rules writes: rules.json with everything, and rules.csv with a line for each rule and condition. */
import { formatCondition, formatRelation, formatRule, formatRuleFit, formatTree, type Condition, type IntervalRule, type MinedRule, type Relation, type Separation } from "@tatara/engine/explain";
import type { RulesStudy } from "../../schema/study.ts";
import { csvText, type Cell } from "../../tables/write.ts";
import type { LoadedStudy } from "../types.ts";
import { aimWords } from "./labels.ts";
import type { Ruled } from "./rules.ts";
import { wordsOf } from "./words.ts";

const written = ({ feature, unit, low, high }: Condition) => ({ feature, unit: unit.symbol, low: low ?? null, high: high ?? null });

/** rules.json; conditions carry their units as text. */
export function rulesJson({ study, domain, name }: LoadedStudy & { readonly study: RulesStudy }, ruled: Ruled, elements: string | null): string {
  const label = wordsOf(ruled.x.features);
  const ruleOf = (rule: IntervalRule) => ({ text: formatRule(rule), words: formatRule(rule, { label }), conditions: rule.conditions.map((c) => ({ ...written(c), about: label(c.feature) })) });
  const minedOf = ({ rule, expectedRecall, training, substitutes }: MinedRule) => ({ ...ruleOf(rule), expectedRecall, training, substitutes });
  const { intervals: { best, alternatives, crossValidated, stability }, fitted, tree, inverse, comparison } = ruled;
  return `${JSON.stringify(
    {
      format: 1,
      kind: "rules",
      name,
      domain: study.domain,
      versions: domain.versions,
      elements,
      target: study.target,
      wanted: ruled.wanted,
      of: ruled.of,
      aim: { ...ruled.aim, words: aimWords(ruled.aim) },
      rows: { positives: ruled.positives, negatives: ruled.negatives, realistic: ruled.subsets.map(({ name: subset, about, weights }) => ({ name: subset, about, rows: weights.reduce((a, b) => a + b, 0) })) },
      features: ruled.x.cols,
      best: {
        ...minedOf(best),
        outOfFold: crossValidated && { folds: crossValidated.folds, ...crossValidated.separation, recall: crossValidated.recall, falsePositiveRate: crossValidated.falsePositiveRate },
        conditionsAlone: ruled.conditions.map(({ condition, alone, without }) => ({ feature: condition.feature, alone, without })),
        stability: stability && { bootstraps: stability.bootstraps, overlap: stability.overlap, conditions: stability.conditions.map(({ condition, ...shares }) => ({ ...written(condition), ...shares })), features: stability.features },
        ofFolds: crossValidated?.rules.map(ruleOf),
      },
      alternatives: alternatives.map(minedOf),
      ruleFit: fitted && { text: formatRuleFit(fitted.fit), words: formatRuleFit(fitted.fit, { label }), yesFrom: fitted.cut, negatives: fitted.negatives, left: { incomplete: fitted.incomplete, redundant: fitted.redundant }, intercept: fitted.fit.intercept, terms: fitted.fit.terms.map((t) => (t.kind === "rule" ? { ...t, rule: ruleOf(t.rule) } : { ...t, unit: t.unit.symbol })), logLoss: fitted.fit.crossValidated.chosen },
      tree: tree && { text: formatTree(tree.tree), words: formatTree(tree.tree, { label }), error: tree.tree.error, leaves: tree.tree.leaves, questions: tree.tree.questions, root: tree.tree.root },
      relations: inverse && { ...inverse, together: undefined, findings: inverse.findings.map(({ relation, ...figures }) => ({ text: formatRelation(relation), words: formatRelation(relation, { label }), ...figures, ...relationOf(relation) })) },
      comparison,
      warnings: ruled.warnings,
    },
    null,
    1,
  )}\n`;
}

const relationOf = ({ kind, terms, unit, low, high, narrowing, inside, priorInside }: Relation) => ({ kind, terms: terms.map((t) => ({ ...t, unit: t.unit.symbol })), unit: unit.symbol, low, high, narrowing, inside, priorInside });

/** rules.csv: figures of mined rules and conditions are those of the rows they were mined from, save where the column says out_of_fold. */
export function rulesText(ruled: Ruled): string {
  const label = wordsOf(ruled.x.features);
  const subsets = ruled.subsets.map(({ name }) => `false_positive_rate_${name.replaceAll(/\W+/g, "_")}`);
  const { intervals: { best, alternatives, crossValidated, stability }, fitted, inverse, tree } = ruled;
  const figures = (s: Separation | undefined): readonly Cell[] => (s ? [s.support, s.precision, s.recall, s.falsePositiveRate, ...s.subsets.map((one) => one.falsePositiveRate)] : ["", "", "", "", ...subsets.map(() => "")]);
  const unsaid: readonly Cell[] = ["", "", "", ""];
  const ends = ({ feature, unit, low, high }: Condition): readonly Cell[] => [feature, low, high, unit.symbol];
  const blank = (n: number): readonly Cell[] => Array.from({ length: n }, () => "");
  const out = crossValidated?.separation;
  const line = (set: string, kind: string, text: string, own: readonly Cell[], counts: readonly Cell[], rest: readonly Cell[] = blank(REST)) => [set, kind, text, ...own, ...counts, ...rest];
  return csvText(
    ["set", "kind", "text", "feature", "low", "high", "unit", "support", "precision", "recall", "false_positive_rate", ...subsets, "out_of_fold_precision", "out_of_fold_recall", "out_of_fold_false_positive_rate", "share_of_bootstraps_feature", "share_of_bootstraps_group", "share_of_bootstraps_similar", "coefficient", "narrowing", "prior_inside"],
    [
      line("intervals", "rule", formatRule(best.rule, { label }), unsaid, figures(best.training), [out?.precision, out?.recall, out?.falsePositiveRate, ...blank(REST - 3)]),
      ...ruled.conditions.map(({ condition, alone }, k) => {
        const share = stability?.conditions[k];
        return line("intervals", "condition", formatCondition(condition, { label }), ends(condition), figures(alone), [...blank(3), share?.feature, share?.group, share?.similar, ...blank(3)]);
      }),
      ...alternatives.flatMap((one, k) => [
        line(`alternative ${k + 1}`, "rule", formatRule(one.rule, { label }), unsaid, figures(one.training)),
        ...one.rule.conditions.map((condition) => line(`alternative ${k + 1}`, "condition", formatCondition(condition, { label }), ends(condition), figures(undefined))),
      ]),
      ...(tree ? formatTree(tree.tree, { label }).split("\n").map((text) => line("tree", "line", text, unsaid, figures(undefined))) : []),
      ...(fitted?.fit.terms ?? []).map((term) => (term.kind === "rule" ? line("RuleFit", "term", formatRule(term.rule, { label }), unsaid, figures(undefined), [...blank(6), term.coefficient, ...blank(2)]) : line("RuleFit", "term", label(term.feature), [term.feature, term.low, term.high, term.unit.symbol], figures(undefined), [...blank(6), term.coefficient, ...blank(2)]))),
      ...(inverse?.findings ?? []).map(({ relation, recall, falsePositiveRate, subsets: parts }) => line("relations", relation.kind, formatRelation(relation, { label }), ["", relation.low, relation.high, relation.unit.symbol], ["", "", recall, falsePositiveRate, ...parts.map((p) => p.falsePositiveRate)], [...blank(7), relation.narrowing, relation.priorInside])),
    ],
  );
}

/** Columns after the counts. */
const REST = 9;
