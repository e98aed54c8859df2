/* Validation of a property with classes. */
import { confusion, escapeText, learningCurve, nameOf } from "@tatara/charts";
import { figure, percent, table } from "./format.ts";
import { choice, CURVE, scores } from "./scores.ts";
import type { ClassValidation } from "./types.ts";

/** Classes from which on the confusion matrix takes two columns. */
const MANY = 8;

export function classes(v: ClassValidation): string {
  const rows = v.perClass.map((c) => [escapeText(c.level), String(c.support), percent(c.precision), percent(c.recall)]);
  const caption = "Confusion matrix. A row holds the rows of one true class; its shade is their share.";
  const perClass = `<div>${table(`Classes of ${nameOf(v.name)}`, ["class", "rows", "precision", "recall"], rows)}<p class="fine">Precision: how many of the rows called so are so. Recall: how many of those that are so were called so. A dash: no such row.</p></div>`;
  const curve = v.learningCurve ? figure(learningCurve({ name: v.name, unit: "1", ...v.learningCurve, measure: "log loss" }), CURVE) : "";
  return `${scores(`Scores of ${nameOf(v.name)}`, v.metrics, v.folds)}<div class="figures">${figure(confusion({ levels: v.levels, counts: v.confusion }), caption, v.levels.length > MANY ? "wide" : "")}${perClass}${curve}</div>${choice(v.choice, v.learner)}`;
}
