/* A finite mixture of normals in every row: ensembles, forests, Bayesian model averages. */
import { InputError } from "../base/errors.ts";
import { logSumExp } from "../numeric/logspace.ts";
import { checkScales, normalLaw, numericMarginal, sameLength } from "./marginal.ts";
import type { Matrix } from "../numeric/types.ts";
import type { Named, RowLaw } from "./marginal.ts";
import type { NumericMarginal } from "./types.ts";

export interface MixtureOptions extends Named {
  /** n × k component means. */
  readonly means: Matrix;
  /** n × k component standard deviations. */
  readonly sds: Matrix;
  /** k weights for all rows, or n × k; not negative, normalised here. Default: equal. */
  readonly weights?: Float64Array | Matrix;
}

/** Y ~ Σ_k w_k N(mean_k, sd_k²), per row; its mean and sd are those of the mixture. */
export function mixtureMarginal({ means, sds, weights, ...named }: MixtureOptions): NumericMarginal {
  const { rows, cols } = means;
  if (cols === 0 || sds.rows !== rows || sds.cols !== cols) throw new InputError(`mixture components of ${named.name}: ${sds.rows} × ${sds.cols} — means are ${rows} × ${cols}`, { path: named.name });
  checkScales(named.name, sds.data);
  const w = rowWeights(named.name, rows, cols, weights);
  const mean = new Float64Array(rows);
  const sd = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < cols; k++) mean[i]! += w[i * cols + k]! * means.data[i * cols + k]!;
    let variance = 0;
    for (let k = 0; k < cols; k++) variance += w[i * cols + k]! * (sds.data[i * cols + k]! ** 2 + (means.data[i * cols + k]! - mean[i]!) ** 2);
    sd[i] = Math.sqrt(variance);
  }
  const part = (data: Float64Array, i: number) => data.subarray(i * cols, (i + 1) * cols);
  return numericMarginal(named, mean, sd, (i) => mixtureLaw(part(w, i), part(means.data, i), part(sds.data, i)));
}

function rowWeights(name: string, rows: number, cols: number, weights?: Float64Array | Matrix): Float64Array {
  const given = weights === undefined ? new Float64Array(cols).fill(1) : weights instanceof Float64Array ? sameLength(name, weights, cols) : sameLength(name, weights.data, rows * cols);
  const w = Float64Array.from({ length: rows * cols }, (_, i) => given[given.length === cols ? i % cols : i]!);
  for (let i = 0; i < rows; i++) {
    const row = w.subarray(i * cols, (i + 1) * cols);
    const total = row.reduce((a, b) => a + b, 0);
    if (!(total > 0 && Number.isFinite(total)) || row.some((x) => x < 0)) throw new InputError(`mixture weights of ${name}: ${Array.from(row).join(", ")} — they are ≥ 0 with a positive sum`, { path: name });
    row.forEach((x, k) => (row[k] = x / total));
  }
  return w;
}

function mixtureLaw(w: Float64Array, means: Float64Array, sds: Float64Array): RowLaw {
  const laws = Array.from(w, (_, k) => normalLaw(means[k]!, sds[k]!));
  const logSum = (term: (law: RowLaw) => number) => logSumExp(laws.map((law, k) => (w[k] === 0 ? Number.NEGATIVE_INFINITY : Math.log(w[k]!) + term(law))));
  const logDensity = (y: number) => logSum((law) => law.logDensity(y));
  const live = laws.filter((_, k) => w[k]! > 0);
  return {
    logMass: (low, high) => Math.min(0, logSum((law) => law.logMass(low, high))),
    cdf: (y) => laws.reduce((sum, law, k) => sum + w[k]! * law.cdf(y), 0),
    logDensity,
    quantile: (p) => mixtureQuantile(p, live, (y, upper) => logSum((law) => (upper ? law.logMass(y, Number.POSITIVE_INFINITY) : law.logMass(Number.NEGATIVE_INFINITY, y))), logDensity),
    sample(rng) {
      let u = rng.uniform();
      let k = 0;
      for (; k < w.length - 1 && u >= w[k]!; k++) u -= w[k]!;
      return laws[w[k]! > 0 ? k : w.lastIndexOf(Math.max(...w))]!.sample(rng);
    },
  };
}

/** The root lies between the components' own quantiles: Newton on the log of the smaller tail there, and bisection where it leaves the bracket or meets a point mass. */
function mixtureQuantile(p: number, laws: readonly RowLaw[], logTail: (y: number, upper: boolean) => number, logDensity: (y: number) => number): number {
  const quantiles = laws.map((law) => law.quantile(p));
  let low = Math.min(...quantiles);
  let high = Math.max(...quantiles);
  if (Number.isNaN(low) || p === 0 || p === 1) return p === 1 ? high : low;
  const upper = p > 0.5;
  const size = Math.max(Math.abs(low), Math.abs(high), high - low);
  const wanted = upper ? Math.log1p(-p) : Math.log(p);
  let y = low + (high - low) / 2;
  for (let i = 0; i < 200 && y > low && y < high; i++) {
    const tail = logTail(y, upper);
    if (upper ? tail > wanted : tail < wanted) low = y;
    else high = y;
    const step = (tail - wanted) * Math.exp(tail - logDensity(y)) * (upper ? 1 : -1);
    if (Math.abs(step) <= CLOSE * size) return y + step;
    const newton = y + step;
    y = newton > low && newton < high ? newton : low + (high - low) / 2;
  }
  return high;
}

/** Size of the last Newton step relative to the bracket: its own error is of the order of the square. */
const CLOSE = 1e-10;
