/* The report's part on learning curves: what more rows are worth, and what transfer is. */
import { escapeText, learningCurves, nameOf } from "@tatara/charts";
import { anchor, digits, figure, percent, table } from "./format.ts";
import type { ReportCurve, ReportCurves, ReportData } from "./types.ts";

const ID = "curves";

export const curvesLinks: readonly (readonly [id: string, words: string])[] = [[ID, "How the error falls"]];

const SPLITS: Readonly<Record<string, string>> = { random: "materials like those learnt from", cluster: "clusters of materials unlike those learnt from", group: "groups that were not learnt from", scaffold: "scaffolds that were not learnt from" };

export function curvesSection({ curves }: ReportData): string {
  if (!curves) return "";
  return `<section><h2 id="${ID}">How the error falls with the number of rows</h2>
<p>${curves.repeats} ${curves.repeats === 1 ? "time" : "times"}, a fold was held out (${escapeText(SPLITS[curves.split] ?? curves.split)}) and rows to learn from were drawn from the others; all ways learnt from the same rows. Bands are one standard error over these repeats. They share one table, so that the errors of another table would spread wider.</p>
${curves.properties.map(property).join("\n")}</section>`;
}

type Property = ReportCurves["properties"][number];

function property({ name, unit, measure, wanted, curves }: Property, at: number): string {
  const drawn = learningCurves({ name, unit, measure, curves: curves.map(({ way, transfers, points }) => ({ name: way, transfers, points })) });
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ rows }) => rows)))].sort((a, b) => a - b);
  const rows = curves.map(({ way, points }) => [escapeText(way), ...sizes.map((n) => cell(points.find((p) => p.rows === n)))]);
  const covered = curves.filter(({ points }) => points.some(({ coverage }) => coverage !== null));
  return `<h3 id="curves-${anchor(name, at)}">${escapeText(nameOf(name))}</h3>${figure(drawn, verdicts(curves), "wide")}
${table(`${measure} of ${nameOf(name)}${unit === "1" ? "" : `, ${unit}`}`, ["way to learn", ...sizes.map((n) => `${n} rows`)], rows)}
${covered.length === 0 ? "" : `<p class="fine">Share of the held-out values inside the 90 % band of each way, as learnt: a study calibrates bands afterwards.</p>${table("Share inside the 90 % band, before calibration", ["way to learn", ...sizes.map((n) => `${n} rows`)], covered.map(({ way, points }) => [escapeText(way), ...sizes.map((n) => share(points.find((p) => p.rows === n)))]))}`}
${wanted === undefined ? "" : until(wanted, unit, curves)}`;
}

const cell = (point: ReportCurve["points"][number] | undefined): string => (point === undefined ? "—" : `${digits(point.error)} ± ${digits(point.se)}`);
const share = (point: ReportCurve["points"][number] | undefined): string => (point === undefined || point.coverage === null ? "—" : percent(point.coverage));

/** What transfer is worth, size by size. */
function verdicts(curves: readonly ReportCurve[]): string {
  const of = curves.filter(({ transfers }) => transfers).map(({ way, points }) => {
    const told = (verdict: string) => points.filter(({ difference }) => difference?.verdict === verdict).map(({ rows }) => rows);
    const parts = [["helps", "helps"], ["hurts", "hurts"], ["cannot be told", "makes no difference that these repeats can tell"]].map(([verdict, words]) => [told(verdict!), words] as const).filter(([rows]) => rows.length > 0);
    return parts.length === 0 ? "" : `${way}: ${parts.map(([rows, words]) => `with ${rows.join(", ")} rows it ${words}`).join("; ")}.`;
  });
  const said = of.filter((text) => text !== "");
  return said.length === 0 ? "More rows help as far as the curves fall." : `Against the best way without transfer at each size — ${said.join(" ")}`;
}

/** How many rows a wanted error would take. */
function until(wanted: number, unit: string, curves: readonly ReportCurve[]): string {
  const rows = curves.filter((c) => c.until).map(({ way, until: u }) => [escapeText(way), count(u!.value), `${count(u!.low)} … ${count(u!.high)}`]);
  const error = `${digits(wanted)}${unit === "1" ? "" : ` ${unit}`}`;
  return rows.length === 0
    ? `<p class="fine">How many rows an error of ${escapeText(error)} would take cannot be told: a law needs four sizes.</p>`
    : `<p>Rows that an error of ${escapeText(error)} would take, by the law D n<sup>−a</sup> + C through each curve. C is what more rows do not cure: where it may lie above the wanted error, the band ends at “never”.</p>${table("Rows until the wanted error", ["way to learn", "rows", "90 % band"], rows)}`;
}

const count = (rows: number): string => (rows < 1e7 ? String(Math.ceil(rows)) : "never");
