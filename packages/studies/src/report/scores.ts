/* Tables of scores, and of the learners that were compared. */
import { escapeText } from "@tatara/charts";
import { digits, percent, table } from "./format.ts";
import type { NumericValidation } from "./types.ts";

type Scores = Readonly<Record<string, number>>;

interface Column {
  readonly name: string;
  /** What the number means, shown on hover. */
  readonly about: string;
  readonly write: (value: number) => string;
}

/** The scores that a reader sees, in this order. */
const COLUMNS: Readonly<Record<string, Column>> = {
  n: { name: "rows", about: "rows that were predicted", write: String },
  r2: { name: "R²", about: "share of the variance that is explained", write: digits },
  logR2: { name: "R² of log", about: "share of the variance of the logarithm that is explained", write: digits },
  factor: { name: "off by a factor", about: "10 to the mean absolute error of the decimal logarithm", write: digits },
  mae: { name: "MAE", about: "mean absolute error", write: digits },
  rmse: { name: "RMSE", about: "root mean square error", write: digits },
  coverage: { name: "in 90 % band", about: "share of the values inside their 90 % band", write: percent },
  width: { name: "band width", about: "mean width of the 90 % band", write: digits },
  nll: { name: "NLL", about: "mean negative log likelihood", write: digits },
  calibrationError: { name: "calibration error", about: "mean distance of the calibration curve from the diagonal", write: digits },
  ence: { name: "ENCE", about: "expected normalised calibration error", write: digits },
  accuracy: { name: "accuracy", about: "share of rows whose likeliest class is the true one", write: percent },
  logLoss: { name: "log loss", about: "mean negative log probability of the true class", write: digits },
  brier: { name: "Brier score", about: "mean squared error of the probabilities", write: digits },
};

/** All scores of one property and of its folds. */
export function scores(title: string, metrics: Scores, folds: readonly Scores[]): string {
  const shown = Object.entries(COLUMNS).filter(([name]) => Object.hasOwn(metrics, name));
  const cells = (values: Scores) => shown.map(([name, { write }]) => (Number.isFinite(values[name]) ? write(values[name]!) : "—"));
  const rows = [["all folds", ...cells(metrics)], ...folds.map((fold, i) => [`fold ${i + 1}`, ...cells(fold)])];
  return table(title, ["", ...shown.map(([, { name, about }]) => `<abbr title="${about}">${name}</abbr>`)], rows, 0);
}

/** What a learning curve is; its last point is one fold's error, not that of the table. */
export const CURVE = "Would more data help? Error on the rows of fold 1 of models trained on parts of the other folds.";

/** Which learners were compared, and which was taken. */
export function choice(list: NumericValidation["choice"], chosen: string): string {
  if (list.length < 2) return "";
  const rows = list.map((c) => [escapeText(c.learner), Number.isFinite(c.score) ? digits(c.score) : "—", Number.isFinite(c.standardError) ? digits(c.standardError) : "—", escapeText(c.note)]);
  return `<details><summary>How the learner was chosen</summary><p>The simplest learner within one standard error of the best out-of-fold score; smaller is better.</p>${table("Learners compared", ["learner", "score", "standard error", "note"], rows, list.findIndex((c) => c.learner === chosen))}</details>`;
}
