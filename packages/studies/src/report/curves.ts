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
<p>How good is a model of 10 rows, of 20, of more? ${curves.repeats === 1 ? "Once" : `${curves.repeats} times`} a part of the table was held out (${escapeText(SPLITS[curves.split] ?? curves.split)}), rows to learn from were drawn from the rest, and the error on what was held out was taken; all ways learnt from the same rows. ${curves.repeats === 1 ? "With one repeat nothing is known of how far the errors would vary." : "The repeats share one table: the errors of another table would vary more than the figures after ±, which are standard errors over repeats."}</p>
${curves.properties.map(property).join("\n")}</section>`;
}

type Property = ReportCurves["properties"][number];

function property({ name, unit, measure, wanted, curves }: Property, at: number): string {
  const drawn = learningCurves({ name, unit, measure, curves: curves.map(({ way, transfers, points }) => ({ name: way, transfers, points })) });
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ rows }) => rows)))].sort((a, b) => a - b);
  const rows = curves.map(({ way, points }) => [escapeText(way), ...sizes.map((n) => cell(points.find((p) => p.rows === n)))]);
  const covered = curves.filter(({ points }) => points.some(({ coverage }) => coverage !== null));
  return `<h3 id="curves-${anchor(name, at)}">${escapeText(nameOf(name))}</h3>${figure(drawn, caption(curves), "wide")}
<p class="fine">${escapeText(sentence(measure))} of materials held out${unit === "1" ? "" : `, in ${escapeText(unit)}`}, ± its standard error over repeats.</p>
${table(`${measure} of ${nameOf(name)}${unit === "1" ? "" : `, ${unit}`}`, ["way to learn", ...sizes.map((n) => `${n} rows`)], rows)}
${covered.length === 0 ? "" : `<p class="fine">Share of the held-out values inside the 90 % band of each way, as learnt: a study calibrates bands afterwards.</p>${table("Share inside the 90 % band, before calibration", ["way to learn", ...sizes.map((n) => `${n} rows`)], covered.map(({ way, points }) => [escapeText(way), ...sizes.map((n) => share(points.find((p) => p.rows === n)))]))}`}
${wanted === undefined ? "" : until(wanted, unit, curves)}`;
}

const cell = (point: ReportCurve["points"][number] | undefined): string => (point === undefined ? "—" : `${digits(point.error)} ± ${digits(point.se)}`);
const share = (point: ReportCurve["points"][number] | undefined): string => (point === undefined || point.coverage === null ? "—" : percent(point.coverage));

const sentence = (text: string): string => text.replace(/^./, (c) => c.toUpperCase());

/** What is drawn, and what it says. */
const caption = (curves: readonly ReportCurve[]): string => `Error on materials held out, by the number of rows learnt from; the scale of rows is logarithmic, shades are one standard error to either side. ${verdicts(curves) || "Where a curve still falls at its right end, more rows would help."}`;

/** What transfer is worth, size by size. */
function verdicts(curves: readonly ReportCurve[]): string {
  const of = curves.filter(({ transfers }) => transfers).map(({ way, points }) => {
    const told = (verdict: string) => points.filter(({ difference }) => difference?.verdict === verdict).map(({ rows }) => rows);
    const parts = VERDICTS.map(([verdict, words]) => [told(verdict), words] as const).filter(([rows]) => rows.length > 0);
    return parts.length === 0 ? "" : `${sentence(way)}: ${parts.map(([rows, words]) => `with ${listed(rows)} rows ${words}`).join("; ")}.`;
  });
  return of.filter((text) => text !== "").join(" ");
}

/** The best way without transfer may differ from size to size. */
const VERDICTS = [["helps", "it helps, that is, its error is lower than that of the best way without transfer"], ["hurts", "it hurts: its error is higher than that of the best way without"], ["cannot be told", "these repeats cannot tell whether it helps"]] as const;

const listed = (rows: readonly number[]): string => (rows.length < 2 ? rows.join("") : `${rows.slice(0, -1).join(", ")} and ${rows.at(-1)}`);

/** How many rows a wanted error would take. */
function until(wanted: number, unit: string, curves: readonly ReportCurve[]): string {
  const rows = curves.filter((c) => c.until).map(({ way, until: u }) => [escapeText(way), count(u!.value), `${count(u!.low)} … ${count(u!.high)}`]);
  const error = `${digits(wanted)}${unit === "1" ? "" : ` ${unit}`}`;
  return rows.length === 0
    ? `<p class="fine">How many rows an error of ${escapeText(error)} would take cannot be told: a law needs four sizes.</p>`
    : `<p>Rows that an error of ${escapeText(error)} would take, by the law D n<sup>−a</sup> + C through each curve, where n is the number of rows. C is the error that no number of rows cures: where it may lie above the wanted one, the band ends at “never”.</p>${table("Rows until the wanted error", ["way to learn", "rows", "90 % band"], rows)}`;
}

const count = (rows: number): string => (rows < 1e7 ? String(Math.ceil(rows)) : "never");
