/* Tables of scores, and of the learners that were compared. */
import { escapeText } from "@tatara/charts";
import { count, digits, mixtureText, percent, table } from "./format.ts";
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
  crps: { name: "CRPS", about: "mean continuous ranked probability score: the error of the whole distribution, in the unit of the property (in decades on a logarithmic scale)", write: digits },
  miscalibration: { name: "miscalibration area", about: "mean distance of the coverage of central bands from what they promise; 0 is perfect", write: digits },
  calibrationError: { name: "calibration error", about: "mean distance of the calibration curve from the diagonal", write: digits },
  ence: { name: "ENCE", about: "expected normalised calibration error", write: digits },
  accuracy: { name: "accuracy", about: "share of rows whose likeliest class is the true one", write: percent },
  commonest: { name: "commonest class", about: "share of the commonest class: the accuracy of always calling it", write: percent },
  retention: { name: "AURC", about: "area under the error-retention curve: the mean error of the surest rows, over all shares kept", write: digits },
  retentionGain: { name: "AURC gain", about: "how much of the way from a random order (0) to the best possible one (1) the model's own uncertainty goes", write: percent },
  auc: { name: "ROC AUC", about: "probability that a row of the class is given a higher probability than one of the rest", write: digits },
  ap: { name: "average precision", about: "area under the precision-recall curve of the class", write: digits },
  logLoss: { name: "log loss", about: "mean negative log probability of the true class", write: digits },
  brier: { name: "Brier score", about: "mean squared error of the probabilities", write: digits },
  ece: { name: "ECE", about: "expected calibration error of the likeliest class", write: digits },
};

/** All scores of one property and of its folds, and those that only all rows together have. */
export function scores(title: string, metrics: Scores, folds: readonly Scores[]): string {
  const known = Object.keys(COLUMNS).filter((name) => Object.hasOwn(metrics, name));
  const byFold = known.filter((name) => folds.some((fold) => Object.hasOwn(fold, name)));
  const rows = [["all folds", ...cells(metrics, byFold)], ...folds.map((fold, i) => [`fold ${i + 1}`, ...cells(fold, byFold)])];
  const whole = known.filter((name) => !byFold.includes(name));
  return `${table(title, heads(byFold), rows, 0)}${whole.length > 0 ? table(`${title}: over all rows`, heads(whole), [["all folds", ...cells(metrics, whole)]]) : ""}`;
}

export const cells = (values: Scores, names: readonly string[]) => names.map((name) => (Number.isFinite(values[name]) ? COLUMNS[name]!.write(values[name]!) : "—"));
export const heads = (names: readonly string[], first = "") => [first, ...names.map((name) => `<abbr title="${COLUMNS[name]!.about}">${COLUMNS[name]!.name}</abbr>`)];

/** What a learning curve is; its last point is one fold's error, not that of the table. */
export const CURVE = "Would more data help? Error on fold 1 of models that learnt from a quarter, a half, three quarters and all of the other folds.";

/** Where the law through the curve would lead. */
export const promised = ({ twice }: NonNullable<NumericValidation["learningCurve"]>): string =>
  twice === undefined ? "" : ` A smooth law through these points (D n⁻ᵃ + C for n rows) comes to ${digits(twice.value)} with ${twice.rows} rows, twice as many (90 % band: ${digits(twice.low)} … ${digits(twice.high)}).`;

/** What an error-retention curve says. */
export const RETENTION = "Does the model know what it does not know? Error of the rows that it is surest of, as more rows are kept. A model whose doubt says nothing follows the dashed line; no order of the rows goes below the dotted one.";

/** A table whose last column is left out where it is empty. */
function noted(name: string, head: readonly string[], rows: readonly (readonly string[])[], chosen = -1): string {
  const most = rows.some((row) => row.at(-1) !== "") ? head.length : head.length - 1;
  return table(name, head.slice(0, most), rows.map((row) => row.slice(0, most)), chosen);
}

/** Ways to use what sources know, beside none. */
export function transferred(transfer: NumericValidation["transfer"]): string {
  if (transfer === undefined) return "";
  const write = (v: number) => (Number.isFinite(v) ? digits(v) : "—");
  const rows = transfer.methods.map((m) => [escapeText(m.method), write(m.rmse), m.method === "none" ? "" : `${write(m.difference)} ± ${write(m.se)}`, m.weight > 0 ? percent(m.weight) : "", escapeText(m.note)]);
  const warning = transfer.warning === "" ? "" : `<p><strong>${escapeText(transfer.warning)}.</strong></p>`;
  return `${warning}<details${transfer.warning === "" ? "" : " open"}><summary>How transfer was chosen</summary><p>Each way to use the sources, cross-validated on the same rows as none at all. The ways with a part make the prediction; the difference is that of the mean squared error to none, with its standard error over rows. Errors are as learnt: of the natural logarithm on a logarithmic scale.</p>${noted("Ways of transfer", ["way", "RMSE", "difference to none", "part", "note"], rows)}</details>`;
}

/** Which learners were compared, what was tried of the one that was taken, and which features it sees. */
export const choice = ({ choice: list, learner, budget, settings, features, parts = [] }: Pick<NumericValidation, "choice" | "learner" | "budget" | "settings" | "features" | "parts">): string => mixed(parts) + compared(list, learner, budget) + searched(settings) + kept(features);

const mixed = (parts: NonNullable<NumericValidation["parts"]>): string => (parts.length === 0 ? "" : `<p>The stack is made of ${escapeText(mixtureText(parts))}.</p>`);

const shownScore = (v: number): string => (Number.isFinite(v) ? digits(v) : "—");

function compared(list: NumericValidation["choice"], chosen: string, budget: number | null): string {
  if (list.length < 2) return "";
  const rows = list.map((c) => [escapeText(c.learner), shownScore(c.score), shownScore(c.standardError), c.seconds > 0 ? digits(c.seconds) : "", escapeText(c.note)]);
  const within = budget === null ? "" : ` They could take ${digits(budget)} s of one processor core together, by forecast (learn.budget); a larger budget tries more.`;
  return `<details><summary>How the learner was chosen</summary><p>The simplest learner within one standard error of the best out-of-fold score; smaller is better.${within}</p>${noted("Learners compared", ["learner", "score", "standard error", "seconds", "note"], rows, list.findIndex((c) => c.learner === chosen))}</details>`;
}

/** Most settings that are shown. */
const SETTINGS = 12;

function searched(settings: NumericValidation["settings"]): string {
  if (settings.length === 0) return "";
  const rows = settings.slice(0, SETTINGS).map((s) => [escapeText(s.options === "" ? "as they come" : s.options), String(s.rows), shownScore(s.score)]);
  return `<details><summary>Which options were tried</summary><p>${settings.length} settings, by successive halving: many on part of the rows, the best on more. Scores are of inner folds and compare within one number of rows; smaller is better.</p>${table("Options tried, the furthest first", ["options", "rows", "score"], rows, settings.findIndex((s) => s.chosen))}</details>`;
}

/** Most features that are listed. */
const FEATURES = 200;

function kept(features: NumericValidation["features"]): string {
  const more = features.length - FEATURES;
  return features.length === 0 ? "" : `<details><summary>Which ${count(features.length, "feature")} it sees</summary><p>${features.slice(0, FEATURES).map(escapeText).join(", ")}${more > 0 ? `, and ${more} more, which are in validation.json` : ""}</p></details>`;
}
