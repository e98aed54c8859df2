/* The report's part on the model: how well it predicts what it has not seen, and how honest its bands are. */
import { applicability, calibration, drawnOf, escapeText, learningCurve, nameOf, parity, readable, residuals, retention } from "@tatara/charts";
import { classes } from "./classes.ts";
import { conformal } from "./conformal.ts";
import { anchor, digits, figure, named, percent, table } from "./format.ts";
import { choice, CURVE, promised, RETENTION, scores, transferred } from "./scores.ts";
import { splits } from "./splits.ts";
import type { NumericValidation, ReportData } from "./types.ts";

export function validationSection({ validation, properties, data, promise }: ReportData): string {
  const parts = validation.map((v, i) => {
    const unit = properties.find((p) => p.name === v.name)?.unit ?? "1";
    const body = v.kind === "number" ? numeric(v, unit) : classes(v);
    return `<h3 id="${anchor(v.name, i)}">${named(v.name)}<span class="by">${v.kind === "class" || unit === "1" ? "" : `in ${escapeText(unit)}; `}learner: ${escapeText(v.learner)}</span></h3>${body}`;
  });
  return `<section><h2 id="model">How good the model is</h2><p>Every number here is out of fold: ${escapeText(data.split)} split, each material predicted by a model that has not seen it. ${escapeText(promise)}</p>${parts.join("\n")}</section>`;
}

/** Predictions as charts show them. */
const onScale = ({ points, scale }: NumericValidation): NumericValidation["points"] => {
  if (scale !== "log") return points;
  const logarithms = (values: readonly number[]) => values.map(Math.log10);
  return { ...points, observed: logarithms(points.observed), mean: logarithms(points.mean), lower: logarithms(points.lower), upper: logarithms(points.upper) };
};

function numeric(v: NumericValidation, given: string): string {
  const { metrics } = v;
  const points = onScale(v);
  const [name, unit] = v.scale === "log" ? [`log10 ${given === "1" ? v.name : `(${v.name} / ${given})`}`, "1"] : [v.name, given];
  const coverage = metrics["coverage"];
  const figures = [
    figure(parity({ name, unit, ...points }), `Predicted against observed. Open red points lie outside their 90 % band; one in ten should.${drawnOf(points.observed.length)}`),
    figure(residuals({ name, unit, ...points }), "What is left over. Where the line leaves zero, predictions of that size are biased."),
    figure(calibration({ name: v.name, ...v.calibration, ...(coverage === undefined ? {} : { coverage }), rows: points.observed.length }), "Calibration. On the diagonal, every quantile holds the share that it promises."),
    ...(v.retention ? [figure(retention({ name, unit, measure: "mean absolute error", ...v.retention }), RETENTION)] : []),
    ...(v.applicability ? [figure(applicability({ name: v.name, unit: given, ...v.applicability }), distances(v.applicability))] : []),
    ...(v.learningCurve ? [figure(learningCurve({ name, unit, ...v.learningCurve }), `${CURVE}${promised(v.learningCurve)}`)] : []),
  ];
  return `${scores(`Scores of ${nameOf(v.name)}`, v.metrics, v.folds)}${bands(v)}<div class="figures">${figures.join("")}</div>${splits(v.name, given, v.splits)}${conformal(v.name, v.conformal, v.scale === "log" ? "mean width of the natural logarithm" : "mean width")}${transferred(v.transfer)}${choice(v)}`;
}

/** What bands of several levels hold, and how wide they are. */
function bands({ name, bands: list = [] }: NumericValidation): string {
  if (list.length === 0) return "";
  const cells = (write: (band: (typeof list)[number]) => string) => list.map(write);
  return table(`Bands of ${nameOf(name)}`, ["band", ...cells(({ level }) => percent(level))], [["values inside", ...cells(({ coverage }) => percent(coverage))], ["mean width", ...cells(({ width }) => digits(width))]]);
}

/** What the flag of the applicability domain means, in this model's numbers. */
function distances({ score, error, threshold }: NonNullable<NumericValidation["applicability"]>): string {
  const intro = "Error against the distance from the training data.";
  if (!Number.isFinite(threshold)) return `${intro} No distance is flagged: the errors do not grow within the data.`;
  const far = error.filter((_, i) => score[i]! > threshold);
  const near = error.filter((_, i) => score[i]! <= threshold);
  const medians = far.length > 0 && near.length > 0 ? `: median error ${readable(median(far))} against ${readable(median(near))}` : "";
  return `${intro} A prediction beyond ${readable(threshold)} is flagged as outside the model's domain; the threshold stands where held-out errors were seen to double, or else where the evidence ends. ${far.length} of ${score.length} rows lie beyond${medians}.`;
}

const median = (values: readonly number[]) => values.map(Math.abs).sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
