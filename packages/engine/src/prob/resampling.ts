/*
 * Weights of particles, in logarithms: effective sample sizes and systematic resampling.
 * Chopin & Papaspiliopoulos, "An Introduction to Sequential Monte Carlo" (2020), chapters 8-9.
 */
import { InputError, NumericalError } from "../base/errors.ts";
import { stream } from "../base/key.ts";
import { logSumExp } from "../numeric/logspace.ts";
import type { Key } from "../base/key.ts";

/** Weights that sum to one. Throws NumericalError when all are zero or one is NaN. */
export function normalisedWeights(logWeights: Float64Array): Float64Array {
  const total = logSumExp(logWeights);
  if (!Number.isFinite(total)) throw new NumericalError(`weights cannot be normalised: log sum ${total} — at least one is positive, none is NaN or infinite`, { logSum: total, count: logWeights.length });
  return logWeights.map((l) => Math.exp(l - total));
}

/** (Σ w)² / Σ w² of log weights, in 1 .. p; 0 when all weights are zero. */
export function effectiveSampleSize(logWeights: Float64Array): number {
  const total = logSumExp(logWeights);
  if (total === Number.NEGATIVE_INFINITY) return 0;
  return Math.exp(2 * total - logSumExp(logWeights.map((l) => 2 * l)));
}

/**
 * Conditional effective sample size, p (Σ W v)² / Σ W v², of incremental log weights v given log weights W:
 * how well the present particles stand for the next distribution whatever their weights' history.
 * Zhou, Johansen & Aston, J. Comput. Graph. Stat. 25, 701 (2016), eq. 3.16. 0 when every product is zero.
 */
export function conditionalSampleSize(logWeights: Float64Array, increments: Float64Array): number {
  if (increments.length !== logWeights.length) throw new InputError(`wrong number of increments: ${increments.length} — there are ${logWeights.length} weights`);
  const joint = (power: number) => logSumExp(logWeights.map((l, i) => (l === Number.NEGATIVE_INFINITY ? l : l + power * increments[i]!)));
  const first = joint(1);
  if (first === Number.NEGATIVE_INFINITY) return 0;
  return logWeights.length * Math.exp(2 * first - logSumExp(logWeights) - joint(2));
}

/**
 * Ancestors of `count` offspring, ascending: particle i is taken ⌊count · w_i⌋ or one more times.
 * One uniform for all strata (Carpenter, Clifford & Fearnhead 1999). `count` defaults to the number of particles.
 */
export function systematicResampling(key: Key, logWeights: Float64Array, count: number = logWeights.length): Int32Array {
  const weights = normalisedWeights(logWeights);
  const u = stream(key).uniform();
  const ancestors = new Int32Array(count);
  let i = 0;
  let cumulative = count * weights[0]!;
  for (let k = 0; k < count; k++) {
    while (cumulative <= u + k && i < weights.length - 1) cumulative += count * weights[++i]!;
    ancestors[k] = i;
  }
  return withoutZeroWeights(ancestors, weights);
}

/** Rounding of the running sum may reach past the last particle that has weight; such strata go back to it. */
function withoutZeroWeights(ancestors: Int32Array, weights: Float64Array): Int32Array {
  let last = weights.length - 1;
  while (weights[last] === 0) last--;
  return ancestors.map((i) => Math.min(i, last));
}
