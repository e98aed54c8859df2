/*
 * How the errors of several properties hang together: the correlation of a Gaussian copula, estimated from normal
 * scores of the standardised out-of-fold errors of rows where both properties are known, so that outliers and the
 * shape of the marginals do not matter. It is shrunk towards independence in proportion to how few rows there are,
 * and further until it is positive definite.
 */
import { normalQuantile } from "../numeric/normal.ts";
import type { Matrix } from "../data/types.ts";
import type { NumberOutOfFold, OutOfFold } from "./outOfFold.ts";

/** Fewest common rows that a correlation is read from. */
const FEWEST_COMMON = 50;
/** Rows' worth of belief in independence. */
const BELIEF = 10;

/** m × m correlation in the order of the properties, or undefined when no pair of numeric ones has enough common rows. */
export function residualCorrelation(properties: readonly OutOfFold[], rows: number): Matrix | undefined {
  const m = properties.length;
  const errors = properties.map((p) => (p.kind === "number" ? standardised(p, rows) : undefined));
  const data = new Float64Array(m * m);
  let found = false;
  for (let a = 0; a < m; a++) {
    data[a * m + a] = 1;
    for (let b = 0; b < a; b++) {
      const [ea, eb] = [errors[a], errors[b]];
      const common = ea && eb ? Array.from(ea.keys()).filter((i) => Number.isFinite(ea[i]) && Number.isFinite(eb[i])) : [];
      if (common.length < FEWEST_COMMON) continue;
      found = true;
      data[a * m + b] = data[b * m + a] = scoreCorrelation(common.map((i) => ea![i]), common.map((i) => eb![i])) * (common.length / (common.length + BELIEF));
    }
  }
  return found ? { rows: m, cols: m, data: positive(data, m) } : undefined;
}

/** (y − μ) / sd by row of the table; NaN where unknown. */
function standardised({ rows: at, y, mean, sd }: NumberOutOfFold, rows: number): Float64Array {
  const out = new Float64Array(rows).fill(Number.NaN);
  at.forEach((row, i) => (out[row] = (y[i] - mean[i]) / sd[i]));
  return out;
}

/** Van der Waerden scores; ties share their mean rank. */
function normalScores(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let r = from; r < to; r++) out[order[r]] = normalQuantile(((from + to + 1) / 2) / (values.length + 1));
    from = to;
  }
  return out;
}

function scoreCorrelation(a: readonly number[], b: readonly number[]): number {
  const x = normalScores(a);
  const y = normalScores(b);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += x[i] * y[i];
    xx += x[i] * x[i];
    yy += y[i] * y[i];
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** Pairwise estimates need not fit together: shrink the off-diagonal until they do. */
function positive(data: Float64Array, m: number): Float64Array {
  let shrunk = data;
  for (let step = 1; step <= 50 && !isPositive(shrunk, m); step++) shrunk = data.map((v, p) => (p % (m + 1) === 0 ? 1 : v * 0.9 ** step));
  return shrunk;
}

/** Cholesky with a margin, for a handful of properties. */
function isPositive(data: Float64Array, m: number): boolean {
  const l = data.slice();
  for (let i = 0; i < m; i++)
    for (let j = 0; j <= i; j++) {
      let s = l[i * m + j];
      for (let k = 0; k < j; k++) s -= l[i * m + k] * l[j * m + k];
      if (i === j && !(s > 1e-6)) return false;
      l[i * m + j] = i === j ? Math.sqrt(s) : s / l[j * m + j];
    }
  return true;
}
