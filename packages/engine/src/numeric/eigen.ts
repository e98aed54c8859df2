/* Eigen-decomposition of small symmetric matrices by cyclic Jacobi rotations (Golub & Van Loan, 4th ed., § 8.5): slow beyond a few hundred rows, and accurate. */
import { InputError, NumericalError } from "../base/errors.ts";
import type { Matrix } from "./types.ts";

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Column j is the unit eigenvector of values[j]; its largest entry is positive. */
  readonly vectors: Matrix;
}

const SWEEPS = 60;

/** A = V diag(values) Vᵀ. Only symmetric input is accepted. */
export function symmetricEigen({ rows: n, cols, data }: Matrix): SymmetricEigen {
  const norm = Math.hypot(...Array.from({ length: n }, (_, i) => Math.hypot(...data.subarray(i * n, (i + 1) * n))));
  if (n !== cols || !Number.isFinite(norm)) throw new InputError(`matrix of ${n} × ${cols} with norm ${norm} — a square one of finite numbers`);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++)
      if (Math.abs(data[i * n + j]! - data[j * n + i]!) > 1e-10 * norm) throw new InputError(`matrix is not symmetric at (${i}, ${j}): ${data[i * n + j]} and ${data[j * n + i]} — only symmetric ones are decomposed`);
  const a = data.slice();
  const v = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  for (let sweep = 0; ; sweep++) {
    if (sweep === SWEEPS) throw new NumericalError(`eigenvalues do not converge: ${SWEEPS} sweeps — the matrix has numbers of extreme sizes`, { norm });
    if (offDiagonal(a, n) <= 1e-16 * norm) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  return sorted(a, v, n);
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += a[i * n + j]! ** 2;
  return Math.sqrt(2 * sum);
}

/** One rotation that makes a_pq zero. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q, c, s);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k, c, s);
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q, c, s);
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

function turn(m: Float64Array, i: number, j: number, c: number, s: number): void {
  const x = m[i]!;
  const y = m[j]!;
  m[i] = c * x - s * y;
  m[j] = s * x + c * y;
}

function sorted(a: Float64Array, v: Float64Array, n: number): SymmetricEigen {
  const order = Array.from({ length: n }, (_, i) => i).toSorted((i, j) => a[i * n + i]! - a[j * n + j]! || i - j);
  const data = new Float64Array(n * n);
  order.forEach((from, j) => {
    let top = 0;
    for (let k = 0; k < n; k++) if (Math.abs(v[k * n + from]!) > Math.abs(top) * (1 + 1e-9)) top = v[k * n + from]!;
    for (let k = 0; k < n; k++) data[k * n + j] = top < 0 ? -v[k * n + from]! : v[k * n + from]!;
  });
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors: { rows: n, cols: n, data } };
}
