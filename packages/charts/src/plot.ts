/*
 * The frame that every figure shares: two scales, ticks, grid, axis titles, legend. Figures give marks as
 * functions of the scales and get SVG text back. Marks are clipped by an inner svg, which needs no id, so
 * that any number of figures can share a page.
 */
import { drawLegend, placeLegend, ROW, rowsOf, type LegendEntry } from "./legend.ts";
import { horizontal, vertical, verticalTicks, type Axis, type MadeScale, type Scale } from "./scale.ts";
import { el, label } from "./svg.ts";
import { fit, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlotOptions {
  /** One sentence for those who cannot see the figure. */
  readonly about: string;
  readonly x: Axis;
  readonly y: Axis;
  /** px; the figure scales with its container. */
  readonly width?: number;
  readonly height?: number;
  readonly marks: (x: Scale, y: Scale, box: Box) => readonly string[];
  /** In rows above the frame. */
  readonly legend?: readonly LegendEntry[];
}

const RIGHT = 16; // px, half a tick label
const TICK = 12; // px, font size

/** A complete, standalone SVG figure. */
export function plot({ about, x, y, width = 420, height = 330, marks, legend = [] }: PlotOptions): string {
  const left = 34 + Math.max(8, ...verticalTicks(y).map(({ text }) => widthOf(text, TICK)));
  const placed = placeLegend(legend, width - 20);
  const box: Box = { left, right: width - RIGHT, top: 12 + rowsOf(placed) * ROW, bottom: height - 46 };
  const sx = horizontal(x, [box.left, box.right]);
  const sy = vertical(y, [box.bottom, box.top]);
  const drawn = marks(sx.map, sy.map, box).join("");
  return frame(
    about,
    width,
    height,
    ...drawLegend(placed, 12, 2),
    ...xTicks(sx, x.title, box),
    ...yTicks(sy, y.title, box),
    el("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top, fill: "none", stroke: theme.grid }),
    drawn === "" ? label("text", { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, "text-anchor": "middle", fill: theme.muted }, "no values to show") : clipped(drawn, box),
  );
}

/** The outermost element of every figure: its size, its font, and its name for those who cannot see it. */
export const frame = (about: string, width: number, height: number, ...children: readonly string[]): string =>
  el("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`, width: Math.round(width), height: Math.round(height), role: "img", "font-family": theme.font, "font-size": 12, fill: theme.ink }, label("title", {}, about), ...children);

function clipped(drawn: string, { left, right, top, bottom }: Box): string {
  const [x, y, width, height] = [left, top, right - left, bottom - top].map((v) => Math.round(v * 10) / 10) as [number, number, number, number];
  return el("svg", { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, overflow: "hidden" }, drawn);
}

const xTicks = ({ map, ticks }: MadeScale, title: string, box: Box) => [
  ...ticks.map(({ at }) => el("line", { x1: map(at), x2: map(at), y1: box.top, y2: box.bottom, stroke: theme.grid })),
  ...ticks.map(({ at, text }) => label("text", { x: map(at), y: box.bottom + 17, "text-anchor": "middle", fill: theme.muted }, text)),
  label("text", { x: (box.left + box.right) / 2, y: box.bottom + 37, "text-anchor": "middle" }, fit(title, box.right - box.left, TICK)),
];

const yTicks = ({ map, ticks }: MadeScale, title: string, box: Box) => [
  ...ticks.map(({ at }) => el("line", { x1: box.left, x2: box.right, y1: map(at), y2: map(at), stroke: theme.grid })),
  ...ticks.map(({ at, text }) => label("text", { x: box.left - 7, y: map(at) + 4, "text-anchor": "end", fill: theme.muted }, text)),
  label("text", { transform: `translate(15 ${Math.round((box.top + box.bottom) / 2)}) rotate(-90)`, "text-anchor": "middle" }, fit(title, box.bottom - box.top, TICK)),
];
