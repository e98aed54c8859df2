/*
 * The probability that several properties lie in their regions at once. Without a correlation they are
 * independent and logs add. With one, each numeric interval is carried to the standard normal by its own
 * marginal and the rectangle is weighed under the Gaussian copula. Categories are independent of the rest.
 */
import { InputError } from "../base/errors.ts";
import { logMultivariateMass } from "../numeric/multivariate.ts";
import { normalQuantileOfLog } from "../numeric/normal.ts";
import { marginalOf } from "./predictive.ts";
import type { NumericMarginal, Predictive } from "./types.ts";

/** The wanted region of one property: a closed interval in the marginal's unit, or a set of levels. */
export type Region = { readonly property: string; readonly low: number; readonly high: number } | { readonly property: string; readonly levels: readonly string[] };

interface Interval {
  readonly index: number;
  readonly marginal: NumericMarginal;
  readonly low: number;
  readonly high: number;
}

/** log P(every region) per row; regions of one property are intersected. Never −∞ where each marginal mass is finite. */
export function jointLogMass(p: Predictive, regions: readonly Region[]): Float64Array {
  const total = new Float64Array(p.rows);
  for (const [property, levels] of wantedLevels(regions)) {
    const marginal = marginalOf(p, property);
    if (marginal.kind !== "category") throw new InputError(`levels of a number: ${property} — a numeric property takes an interval`, { path: property });
    add(total, marginal.logMass(levels));
  }
  for (const block of blocks(p, wantedIntervals(p, regions))) add(total, block.length === 1 ? block[0]!.marginal.logMass(block[0]!.low, block[0]!.high) : copulaMass(p, block));
  return total;
}

const add = (total: Float64Array, terms: Float64Array) => terms.forEach((t, i) => (total[i]! += t));

function wantedLevels(regions: readonly Region[]): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, readonly string[]>();
  for (const region of regions) {
    if (!("levels" in region)) continue;
    const before = wanted.get(region.property);
    wanted.set(region.property, before === undefined ? region.levels : before.filter((level) => region.levels.includes(level)));
  }
  return wanted;
}

function wantedIntervals(p: Predictive, regions: readonly Region[]): readonly Interval[] {
  const wanted = new Map<string, Interval>();
  for (const region of regions) {
    if ("levels" in region) continue;
    const marginal = marginalOf(p, region.property);
    if (marginal.kind !== "number") throw new InputError(`an interval of a category: ${region.property} — it takes levels out of ${marginal.levels.join(", ")}`, { path: region.property });
    const { low, high } = wanted.get(region.property) ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const both = { low: Math.max(low, region.low), high: Math.min(high, region.high) };
    wanted.set(region.property, { index: p.marginals.indexOf(marginal), marginal, ...both });
  }
  return [...wanted.values()].toSorted((a, b) => a.index - b.index);
}

/** Intervals grouped so that correlated ones stand together: connected parts of the correlation's graph. */
function blocks(p: Predictive, intervals: readonly Interval[]): readonly (readonly Interval[])[] {
  const parts: Interval[][] = [];
  for (const interval of intervals) {
    const linked = parts.filter((part) => part.some((other) => correlation(p, interval, other) !== 0));
    for (const part of linked) parts.splice(parts.indexOf(part), 1);
    parts.push([...linked.flat(), interval]);
  }
  return parts;
}

const correlation = (p: Predictive, a: Interval, b: Interval): number => p.correlation?.data[a.index * p.correlation.cols + b.index] ?? 0;

function copulaMass(p: Predictive, block: readonly Interval[]): Float64Array {
  const m = block.length;
  const r = Float64Array.from({ length: m * m }, (_, i) => correlation(p, block[Math.floor(i / m)]!, block[i % m]!));
  const lows = block.map(({ marginal, low }) => normalScores(marginal, low));
  const highs = block.map(({ marginal, high }) => normalScores(marginal, high));
  const floor = new Float64Array(p.rows);
  for (const { marginal, low, high } of block) marginal.logMass(low, high).forEach((l, i) => (floor[i] = Math.min(floor[i]!, l)));
  return Float64Array.from({ length: p.rows }, (_, i) => {
    const mass = logMultivariateMass(Float64Array.from(lows, (z) => z[i]!), Float64Array.from(highs, (z) => z[i]!), r);
    return Math.min(mass, floor[i]!);
  });
}

/** Φ⁻¹(P(Y ≤ bound)) per row, from whichever tail is smaller, so that it is exact on both sides. */
function normalScores(marginal: NumericMarginal, bound: number): Float64Array {
  const below = marginal.logMass(Number.NEGATIVE_INFINITY, bound);
  const above = marginal.logMass(bound, Number.POSITIVE_INFINITY);
  return below.map((left, i) => (left <= above[i]! ? normalQuantileOfLog(left) : -normalQuantileOfLog(above[i]!)));
}
