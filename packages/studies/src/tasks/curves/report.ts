/* What a study of curves shows: in its report, on the screen and to programs. */
import { rowsUntil, verdictOf, type ComparedCurve } from "@tatara/engine/learn";
import type { ReportCurve, ReportCurves } from "../../report/types.ts";
import type { CurvesStudy } from "../../schema/study.ts";
import type { LoadedStudy, RunSummary } from "../types.ts";
import type { Curved, PropertyCurves } from "./curves.ts";
import { measureOf } from "./tables.ts";

export const curvesReport = ({ study }: { readonly study: CurvesStudy }, { properties, repeats, split, warnings }: Curved): ReportCurves => ({
  repeats,
  split,
  properties: properties.map((of) => {
    const wanted = wantedOf(study, of);
    return {
      name: of.property,
      unit: unitOf(study, of),
      measure: measureOf(of),
      ...(wanted === undefined ? {} : { wanted }),
      curves: of.curves.map((curve) => ({ way: curve.way, transfers: curve.transfers, points: curve.points.map(({ rows, error, coverage, difference }): ReportCurve["points"][number] => ({ rows, error: error.mean, se: error.se, repeats: error.repeats, coverage, ...(difference && { difference: { mean: difference.mean, se: difference.se, to: difference.to, verdict: verdictOf(difference) } }) })), ...untilOf(curve, wanted) })),
    };
  }),
  warnings,
});

/** Errors have the property's unit where they are not those of logarithms. */
const unitOf = ({ data }: CurvesStudy, { property, kind, logarithmic }: PropertyCurves): string => (kind === "class" || logarithmic ? "1" : (data.properties[property]!.unit ?? "1"));

const wantedOf = ({ curves: { until } }: CurvesStudy, { property }: PropertyCurves): number | undefined => until?.[property];

/** Rows that the law needs for the wanted error. */
function untilOf({ law }: ComparedCurve, wanted: number | undefined): Pick<ReportCurve, "until"> {
  return law && wanted !== undefined ? { until: rowsUntil(law, wanted) } : {};
}

/** For each property a table of errors, what transfer is worth at each size, and the rows that a wanted error takes. */
export function curvesSummary({ lines, results }: Pick<RunSummary, "lines" | "results">, { study }: LoadedStudy & { readonly study: CurvesStudy }, curved: Curved): Pick<RunSummary, "lines" | "results"> {
  const report = curvesReport({ study }, curved);
  return { lines: [...lines, ...report.properties.flatMap((property) => propertyLines(property, report.repeats)), ...report.warnings.map((text) => `warning: ${text}`)], results: { ...results, curves: report } };
}

function propertyLines({ name, unit, measure, curves, wanted }: ReportCurves["properties"][number], repeats: number): readonly string[] {
  const inUnit = unit === "1" ? "" : ` ${unit}`;
  return [
    `${name}: ${measure}${unit === "1" ? "" : ` in ${unit}`} of materials held out, by the rows learnt from (${repeats === 1 ? "one repeat" : `mean of ${repeats} repeats ± its standard error`})`,
    ...errorTable(curves),
    ...curves.filter(({ transfers }) => transfers).flatMap(({ way, points }) => points.flatMap(({ rows, difference: d }) => (d ? [`  ${rows} rows: ${way}: ${VERDICTS[d.verdict]} (error ${d.mean < 0 ? "lower" : "higher"} by ${show(Math.abs(d.mean))} ± ${show(d.se)} than that of ${d.to})`] : []))),
    ...(wanted === undefined ? [] : curves.map(({ way, until }) => `  ${way}: ${until ? rowsFor(until, `${show(wanted)}${inUnit}`) : `how many rows an error of ${show(wanted)}${inUnit} takes cannot be told from fewer than four sizes`}`)),
  ];
}

const VERDICTS = { helps: "transfer helps", hurts: "transfer hurts", "cannot be told": "whether transfer helps cannot be told" } as const;

/** One line for each way, below the numbers of rows. */
function errorTable(curves: readonly ReportCurve[]): readonly string[] {
  const sizes = [...new Set(curves.flatMap(({ points }) => points.map(({ rows }) => rows)))].sort((a, b) => a - b);
  const cells = [["", ...sizes.map((n) => `${n} rows`)], ...curves.map(({ way, points }) => [way, ...sizes.map((n) => points.find(({ rows }) => rows === n)).map((p) => (p ? `${show(p.error)}${p.se > 0 ? ` ± ${show(p.se)}` : ""}` : "—"))])];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  return cells.map((row) => `  ${row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join("   ")}`);
}

/** Rows until a wanted error, in a sentence. */
function rowsFor({ value, low, high }: NonNullable<ReportCurve["until"]>, error: string): string {
  const band = low < NEVER ? `; 90 % band ${Math.ceil(low)} … ${high < NEVER ? String(Math.ceil(high)) : "never"}` : "";
  return value < NEVER ? `about ${Math.ceil(value)} rows for an error of ${error}, by the law of its curve${band}` : `an error of ${error} is never reached, by the law of its curve${band}`;
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
/** Rows that nobody measures. */
const NEVER = 1e7;
