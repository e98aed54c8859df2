/* Interpolation against extrapolation: the chosen learner under several ways to hold rows out, side by side. */
import { escapeText, nameOf, trials } from "@tatara/charts";
import { count, figure, percent, table } from "./format.ts";
import { cells, heads } from "./scores.ts";
import type { ReportSplit } from "./types.ts";

/** What each split asks of a model. */
const WORDS: Readonly<Record<string, readonly [name: string, asks: string]>> = {
  random: ["random", "materials like the known ones: interpolation"],
  cluster: ["new clusters", "materials unlike the known ones"],
  group: ["new groups", "groups of which nothing is known"],
  scaffold: ["new scaffolds", "molecules on frameworks that were never seen"],
  element: ["new elements", "materials with an element that was never seen"],
  sorted: ["sorted", "values beyond all known ones: extrapolation"],
};
const wordsOf = (split: string) => WORDS[split] ?? [split, ""];

const NUMBER = ["n", "r2", "logR2", "factor", "mae", "coverage", "width", "nll", "crps"];
const CLASS = ["n", "accuracy", "commonest", "auc", "logLoss"];

/** Nothing when there is nothing to compare. */
export function splits(name: string, unit: string, list: readonly ReportSplit[] = [], kind: "number" | "class" = "number"): string {
  if (list.length < 2) return "";
  const done = list.filter(({ metrics }) => Object.hasOwn(metrics, "n"));
  const columns = (kind === "number" ? NUMBER : CLASS).filter((column) => done.some(({ metrics }) => Object.hasOwn(metrics, column)));
  const rows = list.map(({ split, metrics, trials: of, note }) => [`<abbr title="${escapeText(note === "" ? wordsOf(split)[1] : note)}">${escapeText(wordsOf(split)[0])}</abbr>`, ...(note === "" ? [String(of.length), ...cells(metrics, columns)] : ["—", ...columns.map(() => "—")])]);
  const head = heads(columns, "held out");
  const own = list.findIndex((s) => s.own);
  const asked = list.map(({ split, note }) => `${wordsOf(split)[0]}: ${note === "" ? wordsOf(split)[1] : `not done, ${note}`}`).join("; ");
  const caption = `What each asks about — ${asked}. A point is one trial. ${kind === "number" ? "Bands are those of the model, calibrated by the split in bold type: elsewhere they may hold less than they promise." : "Probabilities are those of the model, calibrated by the split in bold type: elsewhere they may be too sure."}`;
  const [key, measure] = kind === "number" ? (["mae", "mean absolute error"] as const) : (["logLoss", "log loss"] as const);
  const lines = done.map(({ split, own: bold, metrics, trials: of }) => ({ name: wordsOf(split)[0], value: metrics[key] ?? Number.NaN, own: bold, note: kind === "number" ? `band holds ${percent(metrics["coverage"] ?? Number.NaN)}` : `accuracy ${percent(metrics["accuracy"] ?? Number.NaN)}`, trials: of.map((t) => ({ name: t.name, value: t.metrics[key] ?? Number.NaN })) }));
  return `<h4>Interpolation and extrapolation of ${escapeText(nameOf(name))}</h4>${table(`${nameOf(name)} by what was held out`, [head[0]!, "trials", ...head.slice(1)], rows, own)}${figure(trials({ name, unit, measure, lines }), caption, "wide")}${details(list, columns)}`;
}

function details(list: readonly ReportSplit[], columns: readonly string[]): string {
  const rows = list.flatMap(({ split, trials: of }) => of.map((t) => [`${escapeText(wordsOf(split)[0])}: ${escapeText(t.name)}`, String(t.training), ...cells(t.metrics, columns)]));
  if (rows.length === 0) return "";
  const head = heads(columns, "trial");
  return `<details><summary>${count(rows.length, "trial")} one by one</summary>${table("Trials", [head[0]!, "learnt from", ...head.slice(1)], rows)}</details>`;
}
