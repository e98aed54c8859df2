/*
 * One prediction as a bar: the range of the data as the track, the target shaded, the 90 % band and the
 * mean; a ring where the value was calculated, a small mark where the nearest known material lies.
 */
import { readable } from "./number.ts";
import { extent, widen } from "./scale.ts";
import { el, label } from "./svg.ts";
import { isWanted, type PropertyAxis } from "./target.ts";
import { nameOf, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface BandOptions {
  readonly axis: PropertyAxis;
  /** Where the data of this property lie; [∞, −∞] when unknown. */
  readonly range: readonly [number, number];
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly calculated?: number;
  /** The measured value of the nearest known material. */
  readonly nearest?: number;
  /** px. */
  readonly width?: number;
}

const EDGE = 6; // px
const MIDDLE = 11; // px
const HEIGHT = 33; // px
const SIZE = 9.5; // px, labels of the track's ends

export function band({ axis, range, mean, lower, upper, calculated = Number.NaN, nearest = Number.NaN, width = 300 }: BandOptions): string {
  const [low, high] = widen(extent([...range, mean, lower, upper, calculated, nearest, axis.low, axis.high], 0.02));
  const at = (v: number) => EDGE + ((Math.min(Math.max(v, low), high) - low) / (high - low)) * (width - 2 * EDGE);
  const about = `${nameOf(axis.name)}: ${readable(mean)} (${readable(lower)} … ${readable(upper)})${Number.isFinite(calculated) ? `, calculated ${readable(calculated)}` : ""}${Number.isFinite(nearest) ? `, nearest known material ${readable(nearest)}` : ""}`;
  return el(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "font-family": theme.font, "font-size": SIZE, fill: theme.muted },
    label("title", {}, about),
    el("rect", { x: EDGE, y: MIDDLE - 3, width: width - 2 * EDGE, height: 6, rx: 3, fill: theme.grid }),
    ...(isWanted(axis) ? wanted(at(axis.low), at(axis.high), axis) : []),
    el("path", { d: notch(at(nearest)), fill: theme.muted }),
    el("line", { x1: at(lower), x2: at(upper), y1: MIDDLE, y2: MIDDLE, stroke: theme.data, "stroke-width": 3.5, "stroke-linecap": "round" }),
    el("circle", { cx: at(mean), cy: MIDDLE, r: 4.6, fill: theme.data, stroke: "#fff", "stroke-width": 1 }),
    el("circle", { cx: at(calculated), cy: MIDDLE, r: 6, fill: "none", stroke: theme.ink, "stroke-width": 1.8 }),
    ...ends(low, high, width),
  );
}

const wanted = (from: number, to: number, { low, high }: PropertyAxis) => [
  el("rect", { x: from, y: 2, width: Math.max(0, to - from), height: 2 * (MIDDLE - 2), fill: theme.wantedSoft }),
  ...[low, high].map((bound, i) => (Number.isFinite(bound) ? el("line", { x1: i === 0 ? from : to, x2: i === 0 ? from : to, y1: 2, y2: 2 * MIDDLE - 2, stroke: theme.wanted, "stroke-width": 1.4 }) : "")),
];

/** A small triangle under the track; drawn nowhere for NaN. */
const notch = (x: number) => (Number.isNaN(x) ? Number.NaN : `M${Math.round(x * 10) / 10},${MIDDLE + 4}l4,7h-8Z`);

/** The values at the ends of the track, unless they would meet. */
function ends(low: number, high: number, width: number): readonly string[] {
  const texts = [readable(low), readable(high)] as const;
  if (widthOf(texts.join(""), SIZE) > width / 2) return [];
  return [label("text", { x: EDGE, y: HEIGHT - 2 }, texts[0]), label("text", { x: width - EDGE, y: HEIGHT - 2, "text-anchor": "end" }, texts[1])];
}
