/*
 * The few dense operations that kernel models need, on the kernels package. Matrices are row-major.
 * A column's solution depends neither on the columns solved beside it nor on its place among them.
 */
import { cholesky, choleskyInverse, gemm, solveCholesky, solveLower, syrk } from "@tatara/kernels";
import { NumericalError } from "../base/errors.ts";

/** A = L Lᵀ. */
export interface Factor {
  readonly n: number;
  /** n × n, zero above the diagonal. */
  readonly lower: Float64Array;
  /** log det A. */
  readonly logDet: number;
}

/** Factor a symmetric positive definite matrix, overwriting it. Throws NumericalError when it is not. */
export function factorise(a: Float64Array, n: number): Factor {
  const done = cholesky(a, n);
  if (!done.ok) throw new NumericalError(`matrix is not positive definite: pivot of row ${done.pivot} — more noise or fewer duplicate features`, { row: done.pivot });
  let logDet = 0;
  for (let i = 0; i < n; i++) logDet += 2 * Math.log(a[i * n + i]);
  return { n, lower: a, logDet };
}

/** X (n × m) of A X = B. */
export const solve = ({ n, lower }: Factor, b: Float64Array, m = 1): Float64Array => solveCholesky(lower, n, b, m);

/** Σ_i (L⁻¹B)²_ij for each column j of B (n × m): the quadratic forms bᵀA⁻¹b. */
export function quadraticForms({ n, lower }: Factor, b: Float64Array, m: number): Float64Array {
  const x = solveLower(lower, n, b, m);
  const out = new Float64Array(m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[j] += x[i * m + j] * x[i * m + j];
  return out;
}

/** A⁻¹. */
export const inverse = ({ n, lower }: Factor): Float64Array => choleskyInverse(lower, n);

/** A (m × k) times B (k × n). */
export const multiply = (a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array => gemm({ m, n, k, a, b });

/** A (m × k) times Bᵀ, B being n × k. */
export const multiplyTransposed = (a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array => gemm({ m, n, k, a, b, transposeB: true });

/** C (d × d) += AᵀA, A being m × d. */
export const addSquare = (c: Float64Array, a: Float64Array, m: number, d: number): Float64Array => syrk({ n: d, k: m, a, transpose: true, beta: 1, c });
