/* Linear scales: from values to px, with ticks that do not run into each other. */
import { scaleLinear } from "d3-scale";
import { tickTexts } from "./number.ts";
import { widthOf } from "./text.ts";

export type Scale = (value: number) => number;

export interface Axis {
  readonly title: string;
  /** Values at the two ends; anything that is no proper interval is widened or replaced by [0, 1]. */
  readonly domain: readonly [number, number];
  /** Round the domain outwards to ticks; default true. */
  readonly nice?: boolean;
  /** Ticks at these values instead of round ones; those that would overlap are left out. */
  readonly ticks?: readonly number[];
  /** Ticks at whole numbers only. */
  readonly whole?: boolean;
  readonly format?: (value: number) => string;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface MadeScale {
  readonly map: Scale;
  readonly ticks: readonly Tick[];
}

/** Beyond this size the width of a range overflows; such values count as infinite. */
const LARGEST = 1e150;
/** Narrowest range, relative to its size, that doubles can be told apart in. */
const NARROWEST = 1e-11;
/** Ends of a domain are rounded to about this many ticks. */
const NICE = 10;
const TICK_SIZE = 12; // px
const GAP = 10; // px between labels

/** A horizontal scale: labels lie side by side. */
export function horizontal(axis: Axis, range: readonly [number, number]): MadeScale {
  const map = mapping(axis, range);
  if (axis.ticks) return { map, ticks: apart(textsOf(axis, axis.ticks), map) };
  for (let count = 6; count > 1; count--) {
    const ticks = textsOf(axis, roundTicks(axis, count));
    if (apart(ticks, map).length === ticks.length) return { map, ticks };
  }
  return { map, ticks: apart(textsOf(axis, roundTicks(axis, 2)), map) };
}

/** A vertical scale. */
export const vertical = (axis: Axis, range: readonly [number, number]): MadeScale => ({ map: mapping(axis, range), ticks: verticalTicks(axis) });

export const verticalTicks = (axis: Axis): readonly Tick[] => textsOf(axis, axis.ticks ?? roundTicks(axis, 5));

const linear = ({ domain, nice = true }: Axis) => {
  const scale = scaleLinear(widen(domain), [0, 1]);
  return nice ? scale.nice(NICE) : scale;
};

const roundTicks = (axis: Axis, count: number) => linear(axis).ticks(count).filter((t) => !axis.whole || Number.isInteger(t));

const textsOf = ({ format }: Axis, ticks: readonly number[]): readonly Tick[] => {
  const texts = format ? ticks.map(format) : tickTexts(ticks);
  return ticks.map((at, i) => ({ at, text: texts[i]! }));
};

/** Values far outside, also infinite ones, land a few widths outside the range; NaN stays NaN. */
function mapping(axis: Axis, [start, end]: readonly [number, number]): Scale {
  const scale = linear(axis);
  const [low, high] = scale.domain() as [number, number];
  const span = high - low;
  return (value) => start + scale(Math.min(Math.max(value, low - 9 * span), high + 9 * span)) * (end - start);
}

/** Ticks whose labels stand clear of the one before. */
function apart(ticks: readonly Tick[], map: Scale): readonly Tick[] {
  let free = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ at, text }) => {
    const half = widthOf(text, TICK_SIZE) / 2;
    if (map(at) - half < free) return false;
    free = map(at) + half + GAP;
    return true;
  });
}

/** A proper interval: [0, 1] in place of nothing, a wider one around a single value. */
export function widen([low, high]: readonly [number, number]): [number, number] {
  if (!(Math.abs(low) <= LARGEST && Math.abs(high) <= LARGEST && low <= high)) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > size * NARROWEST && high - low > 1 / LARGEST) return [low, high];
  const half = size > 1 / LARGEST ? size / 2 : 1;
  return [low - half, high + half];
}

/** Smallest and largest finite value, widened by a share of the range; [∞, −∞] without values. */
export function extent(values: Iterable<number>, margin = 0.04): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (!(Math.abs(v) <= LARGEST)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const pad = margin * (high - low);
  return low <= high ? [low - pad, high + pad] : [low, high];
}
