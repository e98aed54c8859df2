/*
 * The covariance of the Gaussian process: similarity kernels on count blocks and an ARD Matérn kernel on the
 * real features, added with their own amplitudes or multiplied.
 *
 *   sum      k(x, x′) = Σ_b a_b T_b(x, x′) + a_0 M_ν(r)
 *   product  k(x, x′) = Σ_b a_b T_b(x, x′) · M_ν(r),        r² = Σ_k (x_k − x′_k)² / ℓ_k²
 *
 * T_b is MinMax (Tanimoto on counts) on block b, M_ν Matérn with ν = 1/2, 3/2 or 5/2 (Rasmussen & Williams 2006,
 * eq. 4.17). Without real features the second part is absent, without count blocks the first.
 */

export type Smoothness = "1/2" | "3/2" | "5/2";

/** How the parts are joined, and how many there are. */
export interface Shape {
  readonly combine: "sum" | "product";
  readonly smoothness: Smoothness;
  /** Count blocks. */
  readonly sets: number;
  /** Real features. */
  readonly d: number;
}

/**
 * Positions of the logarithms of the hyper-parameters in one vector:
 * set amplitudes, the amplitude of the Matérn part (absent in a product with sets), length scales, noise variance.
 */
export interface Layout {
  readonly sets: number;
  /** −1 when the Matérn part has no amplitude of its own. */
  readonly amplitude: number;
  /** First length scale. */
  readonly lengths: number;
  readonly noise: number;
  readonly size: number;
}

export function layoutOf({ combine, sets, d }: Shape): Layout {
  const own = d > 0 && (combine === "sum" || sets === 0);
  const lengths = sets + (own ? 1 : 0);
  return { sets, amplitude: own ? sets : -1, lengths, noise: lengths + d, size: lengths + d + 1 };
}

/** Matérn correlation at squared scaled distance r². */
export function matern(smoothness: Smoothness, r2: number): number {
  const r = Math.sqrt(r2);
  if (smoothness === "5/2") return (1 + Math.sqrt(5) * r + (5 / 3) * r2) * Math.exp(-Math.sqrt(5) * r);
  if (smoothness === "3/2") return (1 + Math.sqrt(3) * r) * Math.exp(-Math.sqrt(3) * r);
  return Math.exp(-r);
}

/** Its derivative with respect to r²; finite at 0 except for ν = 1/2, where every use multiplies it by zero. */
export function maternSlope(smoothness: Smoothness, r2: number): number {
  const r = Math.sqrt(r2);
  if (smoothness === "5/2") return (-5 / 6) * (1 + Math.sqrt(5) * r) * Math.exp(-Math.sqrt(5) * r);
  if (smoothness === "3/2") return -1.5 * Math.exp(-Math.sqrt(3) * r);
  return r === 0 ? 0 : -Math.exp(-r) / (2 * r);
}

/** What the parts of the kernel are multiplied by: variances of a standardised target. */
export interface Amplitudes {
  /** One per count block. */
  readonly sets: Float64Array;
  /** Of the Matérn part; 1 in a product with sets. */
  readonly real: number;
}

export function amplitudesOf(layout: Layout, theta: Float64Array): Amplitudes {
  return { sets: theta.slice(0, layout.sets).map(Math.exp), real: layout.amplitude < 0 ? 1 : Math.exp(theta[layout.amplitude]) };
}

/** k(x, x): all similarities and correlations are one. */
export function priorVariance(shape: Shape, { sets, real }: Amplitudes): number {
  const set = sets.reduce((a, b) => a + b, 0);
  if (shape.d === 0) return set;
  if (shape.sets === 0) return real;
  return shape.combine === "sum" ? set + real : set;
}

/** Real features divided by their length scales, rows × d. */
export function scaleByLengths(real: Float64Array, d: number, layout: Layout, theta: Float64Array): Float64Array {
  const inverse = theta.slice(layout.lengths, layout.lengths + d).map((l) => Math.exp(-l));
  const out = new Float64Array(real.length);
  for (let i = 0; i < real.length; i += d) for (let k = 0; k < d; k++) out[i + k] = real[i + k] * inverse[k];
  return out;
}

/** Squared length of each row. */
export function squaredNorms(x: Float64Array, rows: number, d: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let s = 0;
    for (let k = i * d; k < (i + 1) * d; k++) s += x[k] * x[k];
    out[i] = s;
  }
  return out;
}
