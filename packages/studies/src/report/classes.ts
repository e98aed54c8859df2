/* Validation of a property with classes. */
import { confusion, escapeText, learningCurve, nameOf, reliability, retention } from "@tatara/charts";
import { conformal } from "./conformal.ts";
import { digits, figure, percent, table } from "./format.ts";
import { choice, CURVE, promised, RETENTION, scores } from "./scores.ts";
import { splits } from "./splits.ts";
import type { ClassValidation } from "./types.ts";

/** Classes from which on the confusion matrix takes two columns. */
const MANY = 8;

const known = (value = Number.NaN) => (Number.isFinite(value) ? digits(value) : "—");

export function classes(v: ClassValidation): string {
  const rows = v.perClass.map((c) => [escapeText(c.level), String(c.support), percent(c.precision), percent(c.recall), known(c.auc), known(c.averagePrecision)]);
  const caption = "Confusion matrix. A row holds the rows of one true class; its shade is their share.";
  const perClass = `${table(`Classes of ${nameOf(v.name)}`, ["class", "rows", "precision", "recall", "AUC", "AP"], rows)}<p class="fine">Precision: how many of the rows called so are so. Recall: how many of those that are so were called so. AUC (area under the ROC curve) and AP (average precision) judge the probability of the class against the rest, at every threshold. A dash: no such row.</p>`;
  const curve = v.learningCurve ? figure(learningCurve({ name: v.name, unit: "1", ...v.learningCurve, measure: "log loss" }), `${CURVE}${promised(v.learningCurve)}`) : "";
  const figures = [
    ...(v.reliability ? [figure(reliability({ name: v.name, ...v.reliability }), "Reliability. On the diagonal, what is given 80 % comes true in 80 of 100 cases; larger points stand for more rows.")] : []),
    ...(v.retention ? [figure(retention({ name: v.name, unit: "1", measure: "share of wrong calls", ...v.retention }), RETENTION)] : []),
  ];
  return `${scores(`Scores of ${nameOf(v.name)}`, v.metrics, v.folds)}${perClass}<div class="figures">${figure(confusion({ levels: v.levels, counts: v.confusion }), caption, v.levels.length > MANY ? "wide" : "")}${figures.join("")}${curve}</div>${splits(v.name, "1", v.splits, "class")}${conformal(v.name, v.conformal, "classes")}${choice(v)}`;
}
