/*
 * A conformal scale factor on a parametric marginal: Y′ = mean + factor · (Y − mean). The band and the
 * probability come from the same stretched law, so they agree, and the tails stay those of the family.
 */
import { InputError } from "../base/errors.ts";
import { exponentialMarginal } from "./exponential.ts";
import { hurdleMarginal } from "./hurdle.ts";
import type { NumericMarginal } from "./types.ts";

/** Stretch around the mean by `factor` > 0, one number or one per row; the mean stays. On a logarithmic scale it is the logarithm that is stretched; of a law with a heap what lies above, and the odds of the heap go towards even. */
export function scaledMarginal(marginal: NumericMarginal, factor: number | Float64Array): NumericMarginal {
  if (marginal.log) return exponentialMarginal(marginal, scaledMarginal(marginal.log, factor));
  const { name, unit, mean, hurdle } = marginal;
  const f = typeof factor === "number" ? new Float64Array(mean.length).fill(factor) : factor;
  if (f.length !== mean.length) throw new InputError(`wrong number of scale factors for ${name}: ${f.length} — there are ${mean.length} rows`, { path: name });
  for (const x of f) if (!(x > 0 && Number.isFinite(x))) throw new InputError(`scale factor of ${name}: ${x} — it is a positive number`, { path: name, value: x });
  if (hurdle) return hurdleMarginal(marginal, { ...hurdle, atom: hurdle.atom.map((p, i) => evened(p, f[i]!)), sd: hurdle.sd.map((s, i) => s * f[i]!) });
  const back = (y: number | Float64Array) => Float64Array.from(mean, (m, i) => shrink(typeof y === "number" ? y : y[i]!, m, f[i]!));
  const out = (y: Float64Array) => y.map((v, i) => mean[i]! + f[i]! * (v - mean[i]!));
  return {
    kind: "number",
    name,
    unit,
    mean,
    sd: marginal.sd.map((s, i) => s * f[i]!),
    logMass: (low, high) => marginal.logMass(back(low), back(high)),
    quantile: (p) => out(marginal.quantile(p)),
    cdf: (y) => marginal.cdf(back(y)),
    logDensity: (y) => marginal.logDensity(back(y)).map((l, i) => l - Math.log(f[i]!)),
    sample: (key) => out(marginal.sample(key)),
  };
}

/** A probability with its odds to the power 1 / f: doubt draws it to even odds. */
const evened = (p: number, f: number): number => (f === 1 || p === 0 || p === 1 ? p : 1 / (1 + ((1 - p) / p) ** (1 / f)));

const shrink = (y: number, mean: number, f: number) => (f === 1 || !Number.isFinite(y) ? y : mean + (y - mean) / f);
