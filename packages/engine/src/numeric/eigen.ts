/*
 * Eigenvalues of a small dense symmetric matrix: Householder reduction to tridiagonal form, then implicit QL.
 * Wilkinson & Reinsch, Handbook for Automatic Computation II (1971), tred1 and tql1.
 */
import { NumericalError } from "../base/errors.ts";

const SWEEPS = 60; // QL needs about two per eigenvalue

/** All eigenvalues, ascending, of the symmetric n × n matrix `a` (row-major; overwritten). */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const [diagonal, beside] = [new Float64Array(n), new Float64Array(n)];
  tridiagonalise(a, n, diagonal, beside);
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = splitAfter(l, n, diagonal, beside);
      if (m === l) break;
      if (sweep === SWEEPS) throw new NumericalError(`eigenvalues do not converge: ${SWEEPS} sweeps — the matrix has numbers of extreme sizes`, { n, l });
      rotate(l, m, diagonal, beside);
    }
  }
  return diagonal.sort(); // numeric: a typed array
}

/** Householder reflections from the last row upwards; `beside[i]` couples i and i − 1. */
function tridiagonalise(a: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): void {
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let norm = 0;
    for (let k = 0; k < i - 1; k++) norm += a[row + k]! ** 2;
    if (norm === 0) {
      beside[i] = a[row + i - 1]!;
      continue;
    }
    const f = a[row + i - 1]!;
    const h0 = norm + f * f;
    const g = f >= 0 ? -Math.sqrt(h0) : Math.sqrt(h0);
    beside[i] = g;
    const h = h0 - f * g;
    a[row + i - 1] = f - g;
    reflect(a, n, i, h, diagonal);
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i]!;
}

/** Apply I − uuᵀ/h from both sides to the leading i × i block; u is row i. `p` is scratch. */
function reflect(a: Float64Array, n: number, i: number, h: number, p: Float64Array): void {
  const row = i * n;
  let up = 0;
  for (let j = 0; j < i; j++) {
    let sum = 0;
    for (let k = 0; k <= j; k++) sum += a[j * n + k]! * a[row + k]!;
    for (let k = j + 1; k < i; k++) sum += a[k * n + j]! * a[row + k]!;
    p[j] = sum / h;
    up += p[j]! * a[row + j]!;
  }
  const half = up / (h + h);
  for (let j = 0; j < i; j++) p[j]! -= half * a[row + j]!;
  for (let j = 0; j < i; j++) for (let k = 0; k <= j; k++) a[j * n + k]! -= a[row + j]! * p[k]! + p[j]! * a[row + k]!;
}

/** First m ≥ l at which the matrix falls apart: the coupling of m and m + 1 is negligible. */
function splitAfter(l: number, n: number, diagonal: Float64Array, beside: Float64Array): number {
  for (let m = l; m < n - 1; m++) {
    const scale = Math.abs(diagonal[m]!) + Math.abs(diagonal[m + 1]!);
    if (Math.abs(beside[m + 1]!) <= Number.EPSILON * Math.max(scale, 1e-8)) return m;
  }
  return n - 1;
}

/** One implicit QL step with Wilkinson's shift on rows l … m. */
function rotate(l: number, m: number, diagonal: Float64Array, beside: Float64Array): void {
  let g = (diagonal[l + 1]! - diagonal[l]!) / (2 * beside[l + 1]!);
  let r = Math.sqrt(g * g + 1);
  g = diagonal[m]! - diagonal[l]! + beside[l + 1]! / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * beside[i + 1]!;
    const b = c * beside[i + 1]!;
    r = Math.sqrt(f * f + g * g);
    if (i + 2 <= m) beside[i + 2] = r;
    if (r === 0) {
      diagonal[i + 1]! -= p;
      if (m + 1 < beside.length) beside[m + 1] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = diagonal[i + 1]! - p;
    r = (diagonal[i]! - g) * s + 2 * c * b;
    p = s * r;
    diagonal[i + 1] = g + p;
    g = c * r - b;
  }
  diagonal[l]! -= p;
  beside[l + 1] = g;
  if (m + 1 < beside.length) beside[m + 1] = 0;
}
