/* Learning curves as a table for other programs. */
import { csvText } from "../../tables/write.ts";
import type { PropertyCurves } from "./curves.ts";

/** What the errors of a property are. */
export const measureOf = ({ kind, logarithmic }: Pick<PropertyCurves, "kind" | "logarithmic">): string => (kind === "class" ? "log loss" : logarithmic ? "root mean square error of the natural logarithm" : "root mean square error");

/** curves.csv: one row for each property, way and size. */
export const curvesText = (properties: readonly PropertyCurves[]): string =>
  csvText(
    ["property", "way", "transfer", "rows", "measure", "error", "error_se", "repeats", "coverage_90", "difference", "difference_se", "difference_to"],
    properties.flatMap((of) =>
      of.curves.flatMap(({ way, transfers, points }) =>
        points.map(({ rows, error, coverage, difference }) => [of.property, way, transfers ? "yes" : "no", rows, measureOf(of), error.mean, error.se, error.repeats, coverage, difference?.mean, difference?.se, difference?.to]),
      ),
    ),
  );
