/* The wanted interval of a property, and how figures show it. */
import type { Box } from "./plot.ts";
import type { Scale } from "./scale.ts";
import { curve } from "./marks.ts";
import { el } from "./svg.ts";
import { theme } from "./theme.ts";

export interface PropertyAxis {
  readonly name: string;
  readonly unit: string;
  /** Wanted interval; infinite where one-sided, both infinite where nothing is wanted. */
  readonly low: number;
  readonly high: number;
}

/** Share of the data's range that is shown beyond a one-sided target. */
const BEYOND = 0.12;

export const isWanted = ({ low, high }: { readonly low: number; readonly high: number }): boolean => Number.isFinite(low) || Number.isFinite(high);

/** Values that an axis must show, so that a target is seen as an area and not as the frame's edge. */
export function shownBounds({ low, high }: { readonly low: number; readonly high: number }, [least, most]: readonly [number, number]): readonly number[] {
  const span = Math.max(0, most - least);
  return [low, high, ...(Number.isFinite(low) && high === Number.POSITIVE_INFINITY ? [low + BEYOND * span] : []), ...(Number.isFinite(high) && low === Number.NEGATIVE_INFINITY ? [high - BEYOND * span] : [])].filter(Number.isFinite);
}

/** The wanted area behind the marks: a band for one property, a box for two; "" when nothing is wanted. */
export function wantedArea(x: Scale, y: Scale, box: Box, xWanted: { readonly low: number; readonly high: number }, yWanted: { readonly low: number; readonly high: number }): string {
  if (!isWanted(xWanted) && !isWanted(yWanted)) return "";
  const [left, right] = [edge(x, xWanted.low, box.left), edge(x, xWanted.high, box.right)];
  const [bottom, top] = [edge(y, yWanted.low, box.bottom), edge(y, yWanted.high, box.top)];
  const bounded = { "stroke-dasharray": "5 3", "stroke-width": 1.4 };
  const sides: readonly (readonly [boolean, readonly [readonly [number, number], readonly [number, number]]])[] = [
    [Number.isFinite(xWanted.low), [[left, top], [left, bottom]]],
    [Number.isFinite(xWanted.high), [[right, top], [right, bottom]]],
    [Number.isFinite(yWanted.low), [[left, bottom], [right, bottom]]],
    [Number.isFinite(yWanted.high), [[left, top], [right, top]]],
  ];
  return [el("rect", { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top), fill: theme.wantedSoft, "fill-opacity": "0.6" }), ...sides.filter(([drawn]) => drawn).map(([, side]) => curve(side, theme.wanted, bounded))].join("");
}

const edge = (scale: Scale, value: number, open: number) => (Number.isFinite(value) ? scale(value) : open);
