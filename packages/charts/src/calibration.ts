/*
 * Observed share of values below each predicted quantile: on the diagonal when calibrated. The grey lens is
 * where nine in ten calibrated models would lie at each point by chance alone, were the rows independent.
 */
import { area, curve, diagonal, note } from "./marks.ts";
import { plot } from "./plot.ts";
import { nameOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface CalibrationOptions {
  readonly name: string;
  /** Predicted shares in (0, 1), ascending. */
  readonly levels: readonly number[];
  /** Share of values below each. */
  readonly observed: readonly number[];
  /** Share of values inside the 90 % band. */
  readonly coverage?: number;
  /** Rows behind the shares. */
  readonly rows?: number;
}

const NINETY = 1.645; // standard normal quantile of 0.95
const GRID = Array.from({ length: 41 }, (_, i) => i / 40);

export function calibration({ name, levels, observed, coverage = Number.NaN, rows = 0 }: CalibrationOptions): string {
  const chance = (p: number) => NINETY * Math.sqrt((p * (1 - p)) / rows);
  const known = coverage >= 0 && coverage <= 1;
  return plot({
    about: `Calibration of ${nameOf(name)}: observed against expected share below each quantile${known ? `; the 90 % band holds ${percent(coverage)} of the values` : ""}`,
    x: { title: "expected share below the quantile", domain: [0, 1], nice: false },
    y: { title: "observed share", domain: [0, 1], nice: false },
    marks: (x, y, box) => [
      ...(rows > 0 ? [area(GRID.map((p): [number, number] => [x(p), y(p + chance(p))]), GRID.map((p): [number, number] => [x(p), y(p - chance(p))]), theme.outside)] : []),
      diagonal(box),
      curve([[x(0), y(0)], ...levels.map((p, i): [number, number] => [x(p), y(observed[i] ?? Number.NaN)]), [x(1), y(1)]], theme.data),
      ...(known ? [note(box.right - 10, box.bottom - 28, "the 90 % band holds", { "text-anchor": "end" }), note(box.right - 10, box.bottom - 10, percent(coverage), { "text-anchor": "end", "font-size": 16, "font-weight": 600 })] : []),
    ],
    legend: [{ name: "this model", colour: theme.data, kind: "line" }, ...(rows > 0 ? [{ name: "expected from chance", colour: "#dfe3e6", kind: "area" as const }] : [])],
  });
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
