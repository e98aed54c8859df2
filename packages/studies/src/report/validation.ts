/* The report's part on the model: how well it predicts what it has not seen, and how honest its bands are. */
import { applicability, calibration, confusion, escapeText, learningCurve, parity, readable, residuals } from "@tatara/charts";
import type { ClassValidation, NumericValidation, ReportData } from "./types.ts";

export const figure = (svg: string, caption: string, wide = false): string => `<figure${wide ? ' class="wide"' : ""}>${svg}<figcaption>${escapeText(caption)}</figcaption></figure>`;

/** Names of the scores for a reader. */
const NAMES: Readonly<Record<string, string>> = { r2: "R²", mae: "MAE", rmse: "RMSE", coverage: "coverage of the 90 % band", width: "width of the 90 % band", nll: "NLL", calibrationError: "calibration error", ence: "ENCE", logLoss: "log loss", accuracy: "accuracy", brier: "Brier score", n: "rows" };

export function validationSection({ validation, properties, data, promise }: ReportData): string {
  const parts = validation.map((v) => (v.kind === "number" ? numeric(v, properties.find((p) => p.name === v.name)?.unit ?? "1") : classes(v)));
  return `<section><h2>How good the model is</h2><p>Every figure is out of fold: ${escapeText(data.split)} split, each material predicted by a model that has not seen it. ${escapeText(promise)}</p>${parts.join("")}</section>`;
}

function numeric(v: NumericValidation, unit: string): string {
  const { points } = v;
  const figures = [
    figure(parity({ name: v.name, unit, ...points }), "Predicted against observed, with 90 % bands"),
    figure(residuals({ name: v.name, unit, ...points }), "What is left over"),
    figure(calibration({ name: v.name, ...v.calibration }), "Calibration: on the diagonal, the bands hold what they promise"),
    ...(v.applicability ? [figure(applicability({ name: v.name, unit, ...v.applicability }), "Error against the distance from the training data; the shaded part is flagged")] : []),
    ...(v.learningCurve ? [figure(learningCurve({ name: v.name, unit, ...v.learningCurve }), "Would more data help?")] : []),
  ];
  return `<h3>${escapeText(v.name.replaceAll("_", " "))} — ${escapeText(v.learner)}</h3>${scores(v.metrics, v.folds)}<div class="figures">${figures.join("")}</div>${choice(v.choice, v.learner)}`;
}

function classes(v: ClassValidation): string {
  const rows = v.perClass.map((c) => `<tr><td>${escapeText(c.level)}</td><td>${c.support}</td><td>${readable(c.precision)}</td><td>${readable(c.recall)}</td></tr>`);
  return `<h3>${escapeText(v.name.replaceAll("_", " "))} — ${escapeText(v.learner)}</h3>${scores(v.metrics, v.folds)}<div class="figures">${figure(confusion({ levels: v.levels, counts: v.confusion }), "Confusion matrix")}</div>
<div class="scroll"><table><thead><tr><th>class</th><th>rows</th><th>precision</th><th>recall</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>${choice(v.choice, v.learner)}`;
}

function scores(metrics: Readonly<Record<string, number>>, folds: readonly Readonly<Record<string, number>>[]): string {
  const names = Object.keys(metrics).filter((name) => Object.hasOwn(NAMES, name));
  const row = (title: string, values: Readonly<Record<string, number>>) => `<tr><td>${title}</td>${names.map((name) => `<td>${values[name] === undefined ? "" : readable(values[name])}</td>`).join("")}</tr>`;
  return `<div class="scroll"><table><thead><tr><th></th>${names.map((name) => `<th>${NAMES[name]}</th>`).join("")}</tr></thead><tbody>${row("<b>all folds</b>", metrics)}${folds.map((f, i) => row(`fold ${i + 1}`, f)).join("")}</tbody></table></div>`;
}

function choice(list: NumericValidation["choice"], chosen: string): string {
  if (list.length < 2) return "";
  const rows = list.map((c) => `<tr${c.learner === chosen ? ' class="chosen"' : ""}><td>${escapeText(c.learner)}</td><td>${Number.isFinite(c.score) ? readable(c.score) : "—"}</td><td>${Number.isFinite(c.standardError) ? readable(c.standardError) : "—"}</td><td>${escapeText(c.note)}</td></tr>`);
  return `<details><summary>How the learner was chosen</summary><p>The simplest learner within one standard error of the best out-of-fold score.</p><div class="scroll"><table><thead><tr><th>learner</th><th>score</th><th>standard error</th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table></div></details>`;
}
