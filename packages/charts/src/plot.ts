/*
 * The frame that every figure shares: two scales, ticks, grid, axis titles. Figures give marks as
 * functions of the scales and get SVG text back.
 */
import { scaleLinear, scaleLog } from "d3-scale";
import { el, label, readable } from "./svg.ts";
import { theme } from "./theme.ts";

export type Scale = (value: number) => number;

export interface Axis {
  readonly title: string;
  readonly domain: readonly [number, number];
  readonly log?: boolean;
  /** Round the domain outwards to ticks; default true. */
  readonly nice?: boolean;
  readonly ticks?: number;
  readonly format?: (value: number) => string;
}

export interface PlotOptions {
  readonly title?: string;
  /** One sentence for those who cannot see the figure. */
  readonly about: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly width?: number;
  readonly height?: number;
  readonly marks: (x: Scale, y: Scale, box: Box) => readonly string[];
  /** Names and colours, drawn in a row above the frame. */
  readonly legend?: readonly { readonly name: string; readonly colour: string; readonly kind?: "dot" | "line" | "area" }[];
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A complete, standalone SVG figure. */
export function plot({ title, about, x, y, width = 420, height = 320, marks, legend = [] }: PlotOptions): string {
  const box: Box = { left: 62, right: width - 14, top: (title ? 28 : 12) + (legend.length > 0 ? 20 : 0), bottom: height - 46 };
  const sx = makeScale(x, [box.left, box.right]);
  const sy = makeScale(y, [box.bottom, box.top]);
  const clip = `c${hashText(`${about}${title ?? ""}${width}x${height}${x.domain.join()}${y.domain.join()}`)}`;
  return el(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "font-family": theme.font, "font-size": 12, fill: theme.ink },
    label("title", {}, about),
    el("clipPath", { id: clip }, el("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top })),
    ...(title ? [label("text", { x: box.left, y: 16, "font-weight": 600, "font-size": 13 }, title)] : []),
    ...drawLegend(legend, box),
    ...xTicks(sx, x, box),
    ...yTicks(sy, y, box),
    el("g", { "clip-path": `url(#${clip})` }, ...marks(sx.map, sy.map, box)),
  );
}

interface MadeScale {
  readonly map: Scale;
  readonly ticks: readonly number[];
}

function makeScale({ domain, log = false, nice = true, ticks = 5 }: Axis, range: readonly [number, number]): MadeScale {
  const [low, high] = widen(domain);
  const scale = log ? scaleLog([low, high], [...range]) : scaleLinear([low, high], [...range]);
  const made = nice ? scale.nice(ticks) : scale;
  const all = made.ticks(ticks);
  return { map: (value) => made(value), ticks: log && all.length > 8 ? all.filter((t) => Number.isInteger(Math.round(Math.log10(t) * 1e6) / 1e6)) : all };
}

const widen = ([low, high]: readonly [number, number]): [number, number] => {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  return low < high ? [low, high] : [low - (Math.abs(low) || 1) * 0.5, high + (Math.abs(high) || 1) * 0.5];
};

const xTicks = ({ map, ticks }: MadeScale, { title, format = readable }: Axis, box: Box) => [
  ...ticks.map((t) => el("line", { x1: map(t), x2: map(t), y1: box.top, y2: box.bottom, stroke: theme.grid })),
  ...ticks.map((t) => label("text", { x: map(t), y: box.bottom + 16, "text-anchor": "middle", fill: theme.muted }, format(t))),
  label("text", { x: (box.left + box.right) / 2, y: box.bottom + 36, "text-anchor": "middle" }, title),
];

const yTicks = ({ map, ticks }: MadeScale, { title, format = readable }: Axis, box: Box) => [
  ...ticks.map((t) => el("line", { x1: box.left, x2: box.right, y1: map(t), y2: map(t), stroke: theme.grid })),
  ...ticks.map((t) => label("text", { x: box.left - 7, y: map(t) + 4, "text-anchor": "end", fill: theme.muted }, format(t))),
  label("text", { transform: `translate(14 ${(box.top + box.bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, title),
];

function drawLegend(legend: NonNullable<PlotOptions["legend"]>, box: Box): string[] {
  let at = box.left;
  return legend.flatMap(({ name, colour, kind = "dot" }) => {
    const here = at;
    at += 26 + name.length * 6.4;
    const y = box.top - 10;
    const mark = kind === "dot" ? el("circle", { cx: here + 6, cy: y, r: 4, fill: colour }) : kind === "line" ? el("line", { x1: here, x2: here + 13, y1: y, y2: y, stroke: colour, "stroke-width": 2 }) : el("rect", { x: here, y: y - 5, width: 13, height: 10, fill: colour });
    return [mark, label("text", { x: here + 17, y: y + 4, fill: theme.muted, "font-size": 11 }, name)];
  });
}

/** A short stable name, so that two figures on one page do not share a clip path. */
function hashText(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}

/** Smallest and largest finite value, widened by a share of the range. */
export function extent(values: Iterable<number>, margin = 0.04): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const pad = margin * (high - low);
  return [low - pad, high + pad];
}
