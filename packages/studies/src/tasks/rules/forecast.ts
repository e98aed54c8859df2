/* What a study of rules will cost, before it runs; rates were measured on tables of thousands of rows. */
import type { CategoryColumn, NumberColumn } from "@tatara/engine/data";
import type { Domain } from "@tatara/engine/generate";
import type { RulesStudy } from "../../schema/study.ts";
import { spokenFeatures } from "./features.ts";
import { labelRows } from "./labels.ts";

export interface RulesForecast {
  readonly seconds: number;
  readonly lines: readonly string[];
  /** Whether the model is finished. */
  readonly finished: boolean;
}

/** Seconds for a row and a feature: one search for intervals; one tree; one fit of RuleFit for each of its trees. */
const RATES = { intervals: 5e-7, tree: 7e-7, fit: 1.2e-7 } as const;
/** Negatives that RuleFit is fitted to at most, with as many positives again. */
const FITTED = 2000;
/** What a sampled material costs against one that is described: moves, judging, predicting. */
const EFFORT = 4.5;
/** Different materials for each sample: temperatures times moves that lead to a new one. */
const FRESH = 12;

export function rulesForecast(study: RulesStudy, domain: Domain<unknown>, { columns, perMaterial, workers }: { readonly columns: readonly (NumberColumn | CategoryColumn)[]; readonly perMaterial: number; readonly workers: number }): RulesForecast {
  const { positives, negatives } = labelRows(study, columns);
  const { rules, learn: { folds } } = study;
  const [n, d] = [positives + negatives, spokenFeatures(study, domain).length];
  const mine = RATES.intervals * n * d * (folds + 1 + rules.bootstraps);
  const grow = rules.tree > 0 ? RATES.tree * n * d * (folds + 1) : 0;
  const fit = RATES.fit * Math.min(n, FITTED) * d * rules.rule_fit * (folds + 1);
  const evaluated = Math.min(rules.relations.evaluations, FRESH * rules.relations.samples);
  const sample = rules.relations.samples > 0 ? (EFFORT * evaluated * perMaterial) / workers : 0;
  const seconds = mine + grow + fit + sample;
  return {
    seconds,
    finished: study.model !== undefined,
    lines: [
      `${positives} rows meet the target, ${negatives} do not; rules speak of ${d} features`,
      `rules about ${Math.ceil(seconds)} s: intervals ${Math.ceil(mine)} s (${folds} folds, ${rules.bootstraps} bootstraps)${grow > 0 ? `, trees ${Math.ceil(grow)} s` : ""}${fit > 0 ? `, RuleFit ${Math.ceil(fit)} s` : ""}${sample > 0 ? `, ${rules.relations.samples} samples of the posterior ${Math.ceil(sample)} s` : ""}`,
    ],
  };
}
