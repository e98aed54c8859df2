/* The few numbers that a reader looks for first. */
import { escapeText, nameOf, readable } from "@tatara/charts";
import { count, percent, unitOf } from "./format.ts";
import type { ClassValidation, NumericValidation, ReportData, ReportDesign, ReportRules, ReportScreen } from "./types.ts";

const tile = (value: string, words: string) => `<div class="tile"><b>${escapeText(value)}</b><span>${escapeText(words)}</span></div>`;

export function tiles({ data, design, screen, rules, validation, verification, properties }: ReportData): string {
  const ours = verification?.arms[0];
  const refused = data.rejected > 0 ? `; ${count(data.rejected, "row")} refused` : "";
  const merged = data.merged > 0 ? `; ${count(data.merged, "duplicate")} merged` : "";
  const shown = [
    ...(design ? designTiles(design) : []),
    ...(screen ? screenTiles(screen) : []),
    ...(rules ? ruleTiles(rules) : []),
    ...(ours ? [tile(`${ours.hits} of ${ours.calculated}`, "recomputed candidates in the target")] : []),
    tile(String(data.rows), `materials learnt from${refused}${merged}`),
    ...validation.slice(0, 3).flatMap((v) => (v.kind === "number" ? numberTiles(v, properties.find(({ name }) => name === v.name)?.unit ?? "1", validation.length) : classTiles(v))),
  ];
  return `<section class="tiles" aria-label="In brief">${shown.join("")}</section>`;
}

function designTiles({ counts }: ReportDesign): readonly string[] {
  const n = Math.max(1, counts.unique);
  if (counts.unique === 0) return [tile("0", "candidates that satisfy the constraints")];
  return [
    tile(String(counts.unique), "candidates that satisfy the constraints"),
    tile(percent(counts.inside / n), "of them predicted inside the target"),
    tile(percent(counts.novel / n), "novel: in neither data nor corpus"),
    tile(percent(counts.inDomain / n), "inside the model's domain"),
    tile(counts.expectedHits.toFixed(1), "hits expected among them, by their probabilities"),
  ];
}

const screenTiles = ({ count, asked, regions, alloys }: ReportScreen): readonly string[] => [
  tile(grouped(count), "systems gone over"),
  tile(grouped(asked), "materials predicted"),
  tile(String(regions), "regions where the target is likely"),
  ...(alloys.length > 0 ? [tile(alloys.reduce((sum, a) => sum + a.gain, 0).toFixed(1), `new finds expected among ${alloys.length} alloys`)] : []),
];

const ruleTiles = ({ conditions, outOfFold, negatives, positives }: ReportRules): readonly string[] => [
  tile(String(conditions.length), `${conditions.length === 1 ? "condition" : "conditions"} in the best rule`),
  tile(percent(outOfFold.recall), `of ${grouped(positives)} positives found by it, out of fold`),
  tile(percent(outOfFold.falsePositiveRate), `of ${grouped(negatives)} negatives let through, out of fold`),
];

const grouped = (n: number): string => n.toLocaleString("en");

/** R² of each property; a lone one also has room for its error and its coverage. */
function numberTiles(v: NumericValidation, unit: string, properties: number): readonly string[] {
  const value = (name: string) => v.metrics[name] ?? Number.NaN;
  const name = nameOf(v.name);
  const fit = tile(readable(value("r2")), `R² of ${name}, out of fold`);
  if (properties > 1) return [fit];
  return [fit, tile(`${readable(value("rmse"))}${unitOf(unit)}`, "root mean square error"), tile(percent(value("coverage")), "of the values inside their 90 % band")];
}

function classTiles({ name, metrics }: ClassValidation): readonly string[] {
  const [accuracy, commonest] = [metrics["accuracy"] ?? Number.NaN, metrics["commonest"]];
  return [tile(percent(accuracy), `accuracy of ${nameOf(name)}, out of fold${commonest === undefined ? "" : `; the commonest class alone: ${percent(commonest)}`}`)];
}
