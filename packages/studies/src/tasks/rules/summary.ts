/* What a study of rules says when it ends. */
import { formatCondition, formatRelation } from "@tatara/engine/explain";
import type { RunSummary } from "../types.ts";
import type { Ruled } from "./rules.ts";
import { withInterval, wordsOf } from "./words.ts";

const LINES = 5;

export function rulesSummary({ lines, results }: Pick<RunSummary, "lines" | "results">, ruled: Ruled): Pick<RunSummary, "lines" | "results"> {
  const { intervals: { best, crossValidated, stability }, inverse, comparison, subsets } = ruled;
  const label = wordsOf(ruled.x.features);
  const found = crossValidated!;
  const said = [
    `${best.training.positives} rows of ${ruled.wanted} against ${best.training.negatives} others${ruled.of === "model" ? ", by what the model says" : ""}; rules of ${ruled.x.cols} features:`,
    ...best.rule.conditions.map((condition, k) => `  ${k === 0 ? "" : "and "}${formatCondition(condition, { label })}${stability ? `  (returned in ${percent(stability.conditions[k]!.group)} of ${stability.bootstraps} bootstraps)` : ""}`),
    `out of fold: recall ${withInterval(found.recall!, percent)}, ${withInterval(found.falsePositiveRate!, percent)} of the others let through${found.separation.subsets.map((s) => `; ${s.name} ${percent(s.falsePositiveRate)}`).join("")}`,
    `training figures are too good: recall ${percent(best.training.recall)}, ${percent(best.training.falsePositiveRate)} let through`,
    ...comparison.sets.map((set) => `${set.name}: κ ${withInterval(set.fidelity.kappa, two)} with the model; truth: recall ${percent(set.accuracy.recall.estimate)}, precision ${percent(set.accuracy.precision.estimate)}${set.outOfFold ? "" : " (the model had seen these rows)"}`),
    `the model itself, from ${percent(comparison.model.cut)} on: recall ${percent(comparison.model.byAim.recall.estimate)}, precision ${percent(comparison.model.byAim.precision.estimate)}`,
    ...(inverse ? [inverse.findings.length === 0 ? "the inverse route found no narrow relation that the prior does not have" : `what ${inverse.samples.distinct} different hits of the model share:`, ...inverse.findings.slice(0, LINES).map(({ relation, recall, falsePositiveRate }) => `  ${formatRelation(relation, { label })}  (${percent(recall)} of the real positives, ${percent(falsePositiveRate)} of the others)`)] : []),
  ];
  return {
    lines: [...lines, ...said],
    results: {
      ...results,
      rules: {
        positives: ruled.positives,
        negatives: ruled.negatives,
        best: best.rule.conditions.map((condition) => formatCondition(condition, {})),
        outOfFold: found.separation,
        recall: found.recall,
        falsePositiveRate: found.falsePositiveRate,
        training: best.training,
        stability: stability && { bootstraps: stability.bootstraps, overlap: stability.overlap, conditions: stability.conditions.map(({ condition, ...shares }) => ({ condition: formatCondition(condition), ...shares })) },
        realistic: subsets.map(({ name, about }) => ({ name, about })),
        comparison,
        relations: inverse?.findings.map(({ relation, recall, falsePositiveRate }) => ({ text: formatRelation(relation), narrowing: relation.narrowing, priorInside: relation.priorInside, recall, falsePositiveRate })) ?? [],
      },
    },
  };
}

const percent = (share: number): string => (Number.isNaN(share) ? "—" : `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`);
const two = (v: number): string => v.toFixed(2);
