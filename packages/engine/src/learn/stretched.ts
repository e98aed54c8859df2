/*
 * Predictions outside the domain of applicability, taken as much less sure as errors were seen to grow there: numbers
 * are stretched around their mean, class probabilities are flattened by the same factor as a temperature. Calibration
 * holds on average over rows like the training rows; this carries what validation saw of the others.
 */
import { categoricalMarginal } from "../prob/categorical.ts";
import { scaledMarginal } from "../prob/scaled.ts";
import type { CategoricalMarginal, Marginal, Predictive } from "../prob/types.ts";

/** One factor ≥ 1 per row; rows with factor 1 are unchanged. */
export function stretched(p: Predictive, factor: Float64Array): Predictive {
  if (factor.every((f) => f === 1)) return p;
  return { ...p, marginals: p.marginals.map((marginal): Marginal => (marginal.kind === "number" ? scaledMarginal(marginal, factor) : flattened(marginal, factor))) };
}

function flattened({ name, levels, probability: { rows, cols, data } }: CategoricalMarginal, factor: Float64Array): CategoricalMarginal {
  const out = data.slice();
  for (let i = 0; i < rows; i++) {
    if (factor[i] === 1) continue;
    const row = out.subarray(i * cols, (i + 1) * cols);
    let sum = 0;
    for (let k = 0; k < cols; k++) sum += row[k] = row[k] ** (1 / factor[i]);
    for (let k = 0; k < cols; k++) row[k] /= sum;
  }
  return categoricalMarginal({ name, levels, probability: { rows, cols, data: out } });
}
