/*
 * Directions rounded to what a reader can remember, as long as they stay nearly as narrow: coefficients of few digits,
 * powers that are small fractions and, where asked, make a pure number.
 */
import type { Unit } from "../../base/unit.ts";
import type { Covariances, Direction } from "./directions.ts";

/** Factor by which rounding may widen a relation. */
const WIDER = 1.05;
/** Factor by which powers may: they are a coarser grid. */
const WIDER_POWERS = 1.2;
const MOST_DIGITS = 6;

/** Standard deviation of the posterior over the prior's along given coefficients. */
export function ratioOf({ d, posterior, prior }: Covariances, support: readonly number[], coefficients: readonly number[]): number {
  const variance = (m: Float64Array) => support.reduce((sum, i, k) => sum + support.reduce((s, j, l) => s + coefficients[k] * coefficients[l] * m[i * d + j], 0), 0);
  return Math.sqrt(Math.max(0, variance(posterior)) / variance(prior));
}

/** Coefficients over the one that matters most under the prior, with the fewest digits that keep the direction narrow. */
export function readableCoefficients(c: Covariances, { support, coefficients, ratio }: Direction): readonly number[] | undefined {
  const weight = support.map((j, k) => Math.abs(coefficients[k]) * Math.sqrt(c.prior[j * c.d + j]));
  const lead = coefficients[weight.indexOf(Math.max(...weight))];
  const scaled = coefficients.map((a) => a / lead);
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const rounded = scaled.map((a) => Number(a.toPrecision(digits)));
    if (ratioOf(c, support, rounded) <= WIDER * ratio + Number.EPSILON) return rounded;
  }
  return scaled;
}

/** Powers allowed, simplest first. */
const POWERS = [1, 2, 1 / 2, 3, 1 / 3, 3 / 2, 2 / 3];

/** The simplest powers that keep the direction narrow; the first is positive. `units` asks for a pure number. Undefined when there are none. */
export function readablePowers(c: Covariances, { support, coefficients, ratio }: Direction, units?: readonly Unit[]): readonly number[] | undefined {
  const candidates = new Map<string, readonly number[]>();
  coefficients.forEach((lead) => {
    for (const power of POWERS) {
      const powers = coefficients.map((a) => nearestPower((a / lead) * power));
      candidates.set(powers.join(" "), powers[0] < 0 ? powers.map((p) => -p) : powers);
    }
  });
  const allowed = [...candidates.values()].filter((powers) => units === undefined || isPure(powers, support.map((j) => units[j])));
  const good = allowed.filter((powers) => ratioOf(c, support, powers) <= WIDER_POWERS * ratio);
  return good.toSorted((a, b) => complexity(a) - complexity(b))[0];
}

const nearestPower = (a: number): number => Math.sign(a) * POWERS.reduce((best, p) => (Math.abs(Math.log(p / Math.abs(a))) < Math.abs(Math.log(best / Math.abs(a))) ? p : best));

/** Sum of numerators and denominators beyond 1. */
const complexity = (powers: readonly number[]): number => powers.reduce((sum, p) => sum + POWERS.indexOf(Math.abs(p)) + (p < 0 ? 0.1 : 0), 0);

const isPure = (powers: readonly number[], units: readonly Unit[]): boolean => units[0].dimension.every((_, k) => Math.abs(powers.reduce((sum, p, t) => sum + p * units[t].dimension[k], 0)) < 1e-9);
