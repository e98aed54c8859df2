/* Errors of several ways to learn against the number of training rows, on a logarithmic scale of rows: how far does transfer help? */
import type { LegendEntry } from "./legend.ts";
import { area, curve, dot } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { extent } from "./scale.ts";
import { nameOf, perUnit } from "./text.ts";
import { theme } from "./theme.ts";

export interface LearningCurvesOptions {
  readonly name: string;
  readonly unit: string;
  /** What the error is, such as "root mean square error". */
  readonly measure: string;
  readonly curves: readonly {
    readonly name: string;
    /** Drawn in the warm colours; the others in the cold ones. */
    readonly transfers: boolean;
    readonly points: readonly { readonly rows: number; readonly error: number; readonly se: number }[];
  }[];
}

const COLD = [theme.data, theme.outside, theme.dataSoft];
const WARM = [theme.wanted, theme.warn, theme.good];
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3"];

/** Bands are one standard error over repeats to either side. */
export function learningCurves({ name, unit, measure, curves }: LearningCurvesOptions): string {
  const drawn = curves.map((c, i) => {
    const before = curves.slice(0, i).filter(({ transfers }) => transfers === c.transfers).length;
    const family = c.transfers ? WARM : COLD;
    return { ...c, colour: family[before % family.length]!, dash: DASHES[before % DASHES.length] };
  });
  const points = drawn.flatMap((c) => c.points);
  const rows = [...new Set(points.map((p) => p.rows))].filter((n) => n > 0).sort((a, b) => a - b);
  const [low, high] = extent(points.flatMap(({ error, se }) => [error - se, error + se]), 0.08);
  return plot({
    about: `Learning curves of ${nameOf(name)}: ${curves.map((c) => `${c.name} ${c.points.map((p) => `${p.rows} rows ${readable(p.error)}`).join(", ")}`).join("; ")}`,
    width: 640,
    height: 380,
    x: { title: "training rows", domain: extent(rows.map(Math.log10), 0.06), nice: false, ticks: rows.map(Math.log10), format: (at) => String(Math.round(10 ** at)) },
    y: { title: `${measure}${perUnit(unit)}`, domain: [low < 0.5 * high ? 0 : low, high] },
    marks: (x, y) => [
      ...drawn.map((c) => area(c.points.map((p) => [x(Math.log10(p.rows)), y(p.error + p.se)]), c.points.map((p) => [x(Math.log10(p.rows)), y(p.error - p.se)]), c.colour, "0.15")),
      ...drawn.map((c) => curve(c.points.map((p) => [x(Math.log10(p.rows)), y(p.error)]), c.colour, c.dash === undefined ? {} : { "stroke-dasharray": c.dash })),
      ...drawn.flatMap((c) => c.points.map((p) => dot(x(Math.log10(p.rows)), y(p.error), c.colour, `${c.name}, ${p.rows} rows: ${readable(p.error)} ± ${readable(p.se)}`, 3.5))),
    ],
    legend: drawn.map((c): LegendEntry => ({ name: c.name, colour: c.colour, ...(c.dash === undefined ? { kind: "line" } : { kind: "dashed", dash: c.dash }) })),
  });
}
