/*
 * Y = exp(L): the law of a positive quantity from that of its natural logarithm. Its centre, in `mean`, is the median
 * exp(E L) and not the expectation, which a Student-t logarithm does not have: medians are what the band stands about,
 * and of products of powers they are the products of powers. `sd` is the centre times the standard deviation of L, its
 * first order. Probabilities, quantiles and densities are exact.
 */
import { sameLength } from "./marginal.ts";
import type { Named } from "./marginal.ts";
import type { NumericMarginal } from "./types.ts";

/** The law of exp(L), L symmetric about its mean. */
export function exponentialMarginal({ name, unit }: Named, log: NumericMarginal): NumericMarginal {
  const mean = log.mean.map(Math.exp);
  const logarithms = (y: number | Float64Array) => (typeof y === "number" ? logarithm(y) : sameLength(name, y, mean.length).map(logarithm));
  const inLog = (y: Float64Array) => sameLength(name, y, mean.length).map(logarithm);
  return {
    kind: "number",
    name,
    unit,
    mean,
    sd: mean.map((m, i) => m * log.sd[i]!),
    log,
    logMass: (low, high) => log.logMass(logarithms(low), logarithms(high)),
    quantile: (p) => log.quantile(p).map(Math.exp),
    cdf: (y) => log.cdf(inLog(y)),
    // No density below zero, where the logarithm ends: −∞ + ∞ would be no number.
    logDensity: (y) => log.logDensity(inLog(y)).map((l, i) => (y[i]! <= 0 ? Number.NEGATIVE_INFINITY : l - Math.log(y[i]!))),
    sample: (key) => log.sample(key).map(Math.exp),
  };
}

/** Nothing lies below zero. */
const logarithm = (y: number): number => (y <= 0 ? Number.NEGATIVE_INFINITY : Math.log(y));
