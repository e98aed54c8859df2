/*
 * The path from prior to posterior, and how far to go along it next.
 *
 * Along climb 0 the target is p(S) L(S)^s for s from 0 to 1, with the thresholds of extremal targets (if
 * any) at their level s; along later climbs the exponent stays 1 and only thresholds rise. The next
 * position is the largest whose conditional effective sample size (Zhou, Johansen & Aston 2016,
 * doi 10.1080/10618600.2015.1060885, eq. 8) is still the wanted fraction of the particles.
 */
import { NumericalError } from "../base/errors.ts";
import { conditionalSampleSize } from "../prob/resampling.ts";

/** log L of each row at a position of a climb, before any exponent: linear interpolation between levels. `out` has one value per row. */
function levelAt(scores: Float64Array, levels: number, position: number, out: Float64Array): void {
  const x = position * (levels - 1);
  const low = Math.min(Math.floor(x), levels - 1);
  const t = x - low;
  for (let i = 0; i < out.length; i++) {
    const a = scores[i * levels + low]!;
    // A weight of zero must not meet an infinite score.
    out[i] = t === 0 ? a : (1 - t) * a + t * scores[i * levels + low + 1]!;
  }
}

/** log L^beta of each row at a position: beta is the position in climb 0, and 1 in later climbs. */
export function tempered(scores: Float64Array, levels: number, climbIndex: number, position: number): Float64Array {
  const out = new Float64Array(scores.length / levels);
  const beta = climbIndex === 0 ? position : 1;
  if (beta === 0) return out;
  levelAt(scores, levels, position, out);
  if (beta !== 1) for (let i = 0; i < out.length; i++) out[i] = beta * out[i]!;
  return out;
}

const vanishes = (v: number) => v === Number.NEGATIVE_INFINITY;

/** log weights of the step from one tempered likelihood to another; −∞ where either vanishes, for weights that are gone stay gone. */
export function increments(from: Float64Array, to: Float64Array): Float64Array {
  return to.map((v, i) => (vanishes(v) || vanishes(from[i]!) ? Number.NEGATIVE_INFINITY : v - from[i]!));
}

export interface NextPosition {
  readonly logWeights: Float64Array;
  readonly scores: Float64Array;
  readonly levels: number;
  readonly climbIndex: number;
  readonly position: number;
  /** Wanted conditional ESS as a fraction of the particles, in (0, 1). */
  readonly ess: number;
}

const HALVINGS = 60; // the bracket [s, 1] shrinks below the spacing of doubles near 1e-18
const SMALLEST = 1e-12; // progress is certain even where a likelihood vanishes on most particles

/** The next position by bisection; at least `SMALLEST` ahead, at most 1. Throws NumericalError when no particle has a positive likelihood. */
export function nextPosition({ logWeights, scores, levels, climbIndex, position, ess }: NextPosition): number {
  const now = tempered(scores, levels, climbIndex, position);
  const fraction = (to: number) => conditionalSampleSize(logWeights, increments(now, tempered(scores, levels, climbIndex, to))) / logWeights.length;
  if (fraction(1) >= ess) return 1;
  let low = position;
  let high = 1;
  for (let i = 0; i < HALVINGS && high - low > SMALLEST; i++) {
    const middle = (low + high) / 2;
    if (fraction(middle) >= ess) low = middle;
    else high = middle;
  }
  const next = low > position ? low : high;
  if (fraction(next) === 0) throw new NumericalError("no particle has a positive likelihood: 0 of them — the target cannot be reached from this prior", { particles: logWeights.length, position });
  return next;
}
