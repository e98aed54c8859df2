/* Y′ = offset + factor · Y, row by row: a law moved and stretched, of whatever family it is. */
import { InputError } from "../base/errors.ts";
import { type Named, sameLength } from "./marginal.ts";
import type { NumericMarginal } from "./types.ts";

/** `factor` > 0 and `offset` are one number for all rows, or one for each. */
export function affineMarginal({ name, unit }: Named, marginal: NumericMarginal, factor: number | Float64Array, offset: number | Float64Array): NumericMarginal {
  const rows = marginal.mean.length;
  const f = typeof factor === "number" ? new Float64Array(rows).fill(factor) : sameLength(name, factor, rows);
  const o = typeof offset === "number" ? new Float64Array(rows).fill(offset) : sameLength(name, offset, rows);
  for (const v of f) if (!(v > 0 && Number.isFinite(v))) throw new InputError(`factor of ${name}: ${v} — it is a positive number`, { path: name, value: v });
  const back = (y: number | Float64Array) => Float64Array.from(f, (v, i) => ((typeof y === "number" ? y : y[i]!) - o[i]!) / v);
  const out = (y: Float64Array) => y.map((v, i) => o[i]! + f[i]! * v);
  return {
    kind: "number",
    name,
    unit,
    mean: out(marginal.mean),
    sd: marginal.sd.map((s, i) => s * f[i]!),
    logMass: (low, high) => marginal.logMass(back(low), back(high)),
    quantile: (p) => out(marginal.quantile(p)),
    cdf: (y) => marginal.cdf(back(y)),
    logDensity: (y) => marginal.logDensity(back(y)).map((l, i) => l - Math.log(f[i]!)),
    sample: (key) => out(marginal.sample(key)),
  };
}
