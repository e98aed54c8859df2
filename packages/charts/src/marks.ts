/* Marks that figures share. */
import { el, label, line, type Attributes } from "./svg.ts";
import { theme } from "./theme.ts";
import type { Box } from "./plot.ts";

/** Most points that one figure draws; figures that leave some out say so. */
export const MOST_POINTS = 2000;

/** At most `most` of the indices 0 … n − 1, evenly spread. */
export const thin = (n: number, most: number = MOST_POINTS): readonly number[] => Array.from({ length: Math.min(n, most) }, (_, i) => Math.floor((i * n) / Math.min(n, most)));

/** ` (2000 of 5100 rows drawn)`, or nothing when all are. */
export const drawnOf = (n: number): string => (n > MOST_POINTS ? ` (${MOST_POINTS} of ${n} rows drawn)` : "");

const tip = (title: string) => (title === "" ? "" : label("title", {}, title));

/** A filled point; its tooltip is `title`. */
export const dot = (cx: number, cy: number, fill: string, title = "", r = 2.4): string => el("circle", { cx, cy, r, fill, "fill-opacity": "0.7" }, tip(title));

/** An open point: told from a filled one without colour. */
export const ring = (cx: number, cy: number, stroke: string, title = "", r = 2.6): string => el("circle", { cx, cy, r, fill: "#fff", "fill-opacity": "0.5", stroke, "stroke-width": 1.3 }, tip(title));

/** A line through points, broken where one has no place. */
export function curve(points: readonly (readonly [number, number])[], stroke: string, more: Attributes = {}): string {
  const d = line(points);
  return d === "" ? "" : el("path", { d, stroke, "stroke-width": 2, fill: "none", "stroke-linejoin": "round", ...more });
}

/** A filled area between two lines with the same horizontal places. */
export function area(upper: readonly (readonly [number, number])[], lower: readonly (readonly [number, number])[], fill: string, opacity = "0.3"): string {
  const d = line([...upper, ...lower.toReversed()].filter((p) => !p.some(Number.isNaN)));
  return d === "" ? "" : el("path", { d: `${d}Z`, fill, "fill-opacity": opacity });
}

/** Small text on a light ground over the marks. */
export const note = (x: number, y: number, text: string, more: Attributes = {}): string => label("text", { x, y, "font-size": 11, fill: theme.ink, stroke: "#fff", "stroke-width": 3, "paint-order": "stroke", ...more }, text);

/** The diagonal of a figure whose axes share one domain. */
export const diagonal = ({ left, right, top, bottom }: Box): string => curve([[left, bottom], [right, top]], theme.muted, { "stroke-dasharray": "4 3", "stroke-width": 1.2 });

/** A horizontal line through the frame. */
export const level = (y: number, { left, right }: Box): string => curve([[left, y], [right, y]], theme.muted, { "stroke-dasharray": "4 3", "stroke-width": 1.2 });
