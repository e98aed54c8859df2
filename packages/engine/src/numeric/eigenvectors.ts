/*
 * Eigenvalues and eigenvectors of a small dense symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, "Matrix
 * Computations" (2013), section 8.5): slower than `symmetricEigenvalues`, and exact to rounding in the vectors too.
 */
import { NumericalError } from "../base/errors.ts";

export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** n × n: row k is the vector of values[k], of length one. */
  readonly vectors: Float64Array;
}

/** Jacobi converges quadratically: about ten sweeps. */
const SWEEPS = 60;

/** All eigenpairs of the symmetric n × n matrix `a` (row-major; not changed). */
export function symmetricEigen(a: Float64Array, n: number): Eigen {
  const m = a.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const norm = m.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; ; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += m[p * n + q] ** 2;
    if (!(off > Number.EPSILON ** 2 * norm)) break;
    if (sweep === SWEEPS) throw new NumericalError(`eigenvectors do not converge: ${SWEEPS} sweeps — the matrix has numbers of extreme sizes`, { n, off });
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (m[p * n + q] !== 0) rotate(m, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).toSorted((i, j) => m[i * n + i] - m[j * n + j]);
  const vectors = new Float64Array(n * n);
  order.forEach((i, k) => vectors.set(v.subarray(i * n, (i + 1) * n), k * n));
  return { values: Float64Array.from(order, (i) => m[i * n + i]), vectors };
}

/** Annihilate entry (p, q); rows of v turn along. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const theta = (m[q * n + q] - m[p * n + p]) / (2 * m[p * n + q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [a, b] = [m[k * n + p], m[k * n + q]];
    m[k * n + p] = c * a - s * b;
    m[k * n + q] = s * a + c * b;
  }
  for (let k = 0; k < n; k++) {
    const [a, b] = [m[p * n + k], m[q * n + k]];
    m[p * n + k] = c * a - s * b;
    m[q * n + k] = s * a + c * b;
    const [x, y] = [v[p * n + k], v[q * n + k]];
    v[p * n + k] = c * x - s * y;
    v[q * n + k] = s * x + c * y;
  }
}
