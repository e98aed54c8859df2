/* Scales on which a number is learnt: L = forward(Y), and Y ≥ 0 comes back as backward(L). */
import type { NumericMarginal } from "@tatara/engine/prob";

export interface Scale {
  readonly name: string;
  readonly forward: (y: number) => number;
  /** Of a root below zero: zero. */
  readonly backward: (l: number) => number;
  /** log |dL/dY|. */
  readonly logSlope: (y: number) => number;
  readonly fits: (y: Float64Array) => boolean;
}

export const SCALES: readonly Scale[] = [
  { name: "linear", forward: (y) => y, backward: (l) => l, logSlope: () => 0, fits: () => true },
  { name: "sqrt", forward: Math.sqrt, backward: (l) => Math.max(0, l) ** 2, logSlope: (y) => -Math.log(2 * Math.sqrt(y)), fits: (y) => y.every((v) => v >= 0) },
  { name: "log", forward: Math.log, backward: Math.exp, logSlope: (y) => -Math.log(y), fits: (y) => y.every((v) => v > 0) },
];

/** Quantiles of Y, from the law of L: what is below zero on a root scale is a share of exact zeros. */
export const quantileOf = (scale: Scale, law: NumericMarginal, p: number): Float64Array => law.quantile(p).map(scale.backward);

/** Negative log likelihood of each row in nats, of Y itself; at zero on a root scale that of the share of zeros. */
export function losses({ name, forward, logSlope }: Scale, law: NumericMarginal, y: Float64Array): Float64Array {
  const density = law.logDensity(y.map(forward));
  const zero = name === "sqrt" ? law.logMass(Number.NEGATIVE_INFINITY, 0) : density;
  return y.map((v, i) => (name === "sqrt" && v === 0 ? -zero[i]! : -density[i]! - logSlope(v)));
}
