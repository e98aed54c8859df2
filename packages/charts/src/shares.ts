/* Shares of several kinds, a row for each thing: how often a condition returns, which features are used. */
import { drawLegend, placeLegend, ROW as LEGEND_ROW, rowsOf } from "./legend.ts";
import { frame } from "./plot.ts";
import { horizontal } from "./scale.ts";
import { el, label } from "./svg.ts";
import { fit, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface SharesOptions {
  readonly about: string;
  readonly rows: readonly { readonly name: string; /** One for each series, in [0, 1]; NaN is not drawn. */ readonly values: readonly number[] }[];
  readonly series: readonly { readonly name: string; readonly colour: string; readonly mark?: "dot" | "ring" | "square" }[];
  /** Title of the axis. */
  readonly title: string;
  /** px. */
  readonly width?: number;
}

const ROW = 24; // px
const SIZE = 12; // px
const GAP = 8; // px
const NAMES = 0.55; // most of the width that names take

const MARKS = {
  square: (x: number, y: number, colour: string) => el("rect", { x: x - 4, y: y - 4, width: 8, height: 8, fill: "#fff", stroke: colour, "stroke-width": 1.6 }),
  ring: (x: number, y: number, colour: string) => el("circle", { cx: x, cy: y, r: 6.5, fill: "none", stroke: colour, "stroke-width": 1.6 }),
  dot: (x: number, y: number, colour: string) => el("circle", { cx: x, cy: y, r: 4, fill: colour }),
} as const;

/** A complete, standalone SVG figure. */
export function shares({ about, rows, series, title, width = 640 }: SharesOptions): string {
  const names = rows.map(({ name }) => fit(name, width * NAMES, SIZE));
  const left = Math.max(40, ...names.map((name) => widthOf(name, SIZE))) + GAP;
  const legend = placeLegend(series.length > 1 ? series.map(({ name, colour, mark = "dot" }) => ({ name, colour, draw: (x: number, y: number) => MARKS[mark](x, y, colour) })) : [], width - 20);
  const top = 6 + rowsOf(legend) * LEGEND_ROW;
  const bottom = top + rows.length * ROW;
  const { map, ticks } = horizontal({ title, domain: [0, 1], nice: false, format: (v) => `${Math.round(100 * v)} %` }, [left, width - 22]);
  const middle = (i: number) => top + (i + 0.5) * ROW;
  return frame(
    about,
    width,
    bottom + 40,
    ...drawLegend(legend, 12, 2),
    ...ticks.flatMap(({ at, text }) => [el("line", { x1: map(at), x2: map(at), y1: top, y2: bottom, stroke: theme.grid }), label("text", { x: map(at), y: bottom + 15, "text-anchor": "middle", fill: theme.muted }, text)]),
    label("text", { x: (left + width - 22) / 2, y: bottom + 33, "text-anchor": "middle" }, title),
    ...rows.flatMap(({ name, values }, i) => {
      const known = values.filter((v) => !Number.isNaN(v));
      return [
        el("text", { x: left - GAP, y: middle(i) + 4, "text-anchor": "end", "font-size": SIZE }, label("title", {}, name), label("tspan", {}, names[i]!)),
        known.length > 1 ? el("line", { x1: map(Math.min(...known)), x2: map(Math.max(...known)), y1: middle(i), y2: middle(i), stroke: theme.outside, "stroke-width": 1.2 }) : "",
        ...series.map(({ colour, mark = "dot" }, k) => (Number.isNaN(values[k]!) ? "" : MARKS[mark](map(values[k]!), middle(i), colour))),
      ];
    }),
    rows.length === 0 ? label("text", { x: width / 2, y: top + 14, "text-anchor": "middle", fill: theme.muted }, "no values to show") : "",
  );
}
