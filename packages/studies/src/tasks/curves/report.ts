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

/** A line for each property and way, then what transfer is worth at each size. */
export function curvesSummary({ lines, results }: Pick<RunSummary, "lines" | "results">, { study }: LoadedStudy & { readonly study: CurvesStudy }, curved: Curved): Pick<RunSummary, "lines" | "results"> {
  const report = curvesReport({ study }, curved);
  const said = report.properties.flatMap(({ name, unit, measure, curves, wanted }) => [
    `${name}: ${measure}${unit === "1" ? "" : `, ${unit}`}, means over ${report.repeats} repeats`,
    ...curves.map(({ way, points }) => `  ${way}: ${points.map((p) => `${show(p.error)} with ${p.rows} rows`).join(", ")}`),
    ...curves.filter(({ transfers }) => transfers).flatMap(({ way, points }) => {
      const worth = points.filter(({ difference }) => difference).map(({ rows, difference: d }) => `${rows} rows ${d!.verdict} (${d!.mean > 0 ? "+" : "−"}${show(Math.abs(d!.mean))} ± ${show(d!.se)})`);
      return worth.length === 0 ? [] : [`  ${way}, against the best way without: ${worth.join("; ")}`];
    }),
    ...(wanted === undefined ? [] : curves.flatMap(({ way, until }) => (until ? [`  ${way}: an error of ${show(wanted)} ${until.value < NEVER ? `with about ${Math.ceil(until.value)} rows` : "is not reached by its law"} (90 % band ${rowsText(until.low)} … ${rowsText(until.high)})`] : []))),
  ]);
  return { lines: [...lines, ...said], results: { ...results, curves: report } };
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
/** Rows that nobody measures. */
const NEVER = 1e7;
const rowsText = (rows: number): string => (rows < NEVER ? String(Math.ceil(rows)) : "never");
