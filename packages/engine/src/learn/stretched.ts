/*
 * Predictions outside the domain of applicability, taken as much less sure as errors were seen to grow there: numbers
 * are stretched around their mean, and class probabilities go back towards the shares π of the classes in the data,
 * p ∝ π (p / π)^(1 / factor), so that far away a rare class is rare. Logarithms spread no further than the data do. Calibration holds on average over rows like the
 * training rows; this carries what validation saw of the others.
 */
import type { Targets } from "../data/types.ts";
import { categoricalMarginal } from "../prob/categorical.ts";
import { scaledMarginal } from "../prob/scaled.ts";
import type { CategoricalMarginal, Marginal, NumericMarginal, Predictive } from "../prob/types.ts";

/** Shares of a class property's levels among the rows learnt from, by the property's name. */
export type ClassShares = Readonly<Record<string, readonly number[]>>;

/** What is known of a row of which a model knows nothing. */
export interface Ignorance {
  readonly shares: ClassShares;
  /** Standard deviation of the measured logarithms, for properties on a logarithmic scale: no prediction is stretched beyond it. */
  readonly spreads: Readonly<Record<string, number>>;
}

/** A stretch that does not go beyond the spread of the data; what is wider already stays. */
const within = (marginal: NumericMarginal, factor: Float64Array, spread: number | undefined): Float64Array =>
  marginal.log === undefined || spread === undefined ? factor : factor.map((f, i) => Math.max(1, Math.min(f, spread / marginal.log!.sd[i])));

/** One factor ≥ 1 per row; rows with factor 1 are unchanged. */
export function stretched(p: Predictive, factor: Float64Array, { shares, spreads }: Ignorance): Predictive {
  if (factor.every((f) => f === 1)) return p;
  return { ...p, marginals: p.marginals.map((marginal): Marginal => (marginal.kind === "number" ? scaledMarginal(marginal, within(marginal, factor, spreads[marginal.name])) : tempered(marginal, factor, shares[marginal.name]))) };
}

function tempered({ name, levels, probability: { rows, cols, data } }: CategoricalMarginal, factor: Float64Array, share: readonly number[]): CategoricalMarginal {
  const out = data.slice();
  for (let i = 0; i < rows; i++) {
    if (factor[i] === 1) continue;
    const row = out.subarray(i * cols, (i + 1) * cols);
    let sum = 0;
    for (let k = 0; k < cols; k++) sum += row[k] = row[k] ** (1 / factor[i]) * share[k] ** (1 - 1 / factor[i]);
    for (let k = 0; k < cols; k++) row[k] /= sum;
  }
  return categoricalMarginal({ name, levels, probability: { rows, cols, data: out } });
}

/** Counted by the weights of the rows that a column knows. */
export function classShares({ columns, weights }: Targets): ClassShares {
  return Object.fromEntries(columns.flatMap((column) => {
    if (column.kind !== "category") return [];
    const counts = column.levels.map(() => 0);
    column.codes.forEach((code, i) => code >= 0 && (counts[code] += weights?.[i] ?? 1));
    const total = counts.reduce((a, b) => a + b, 0);
    return [[column.name, counts.map((count) => count / total)]];
  }));
}
