/*
 * Cholesky factor, triangular solves and the inverse of a symmetric positive definite matrix, in f64.
 * Blocks are counted from the first row and fixed by the matrix: the factor of a leading part is the leading
 * part of the factor, and a right-hand side's solution does not depend on the others solved with it.
 */
import { expect } from "./gemm.ts";
import { arena } from "./instance.ts";

/** A pivot that is not positive and finite: the matrix is not positive definite at `pivot`. */
export interface CholeskyFailure {
  readonly ok: false;
  /** Index of the first failing row. */
  readonly pivot: number;
}

export interface CholeskySuccess {
  readonly ok: true;
}

const roundedUp = (n: number): number => Math.ceil(n / 4) * 4;

/**
 * Factor A = L Lᵀ in place: reads the lower triangle of the row-major n × n `a`, leaves L there and zeros above it.
 * On failure `a` is left as it came.
 */
export function cholesky(a: Float64Array, n: number): CholeskySuccess | CholeskyFailure {
  expect("a", a, n * n);
  const space = arena(n * n * 8, 1);
  const at = space.reserve(n * n * 8);
  const matrix = space.f64(at, n * n);
  matrix.set(a.length === n * n ? a : a.subarray(0, n * n));
  const pivot = space.wasm.factor(at, n);
  if (pivot >= 0) return { ok: false, pivot };
  a.set(matrix);
  return { ok: true };
}

/** X of L X = B: L lower, row-major n × n; B row-major n × nrhs, left as it is. */
export const solveLower = (l: Float64Array, n: number, b: Float64Array, nrhs: number): Float64Array => solve(l, n, b, nrhs, "forward");

/** X of Lᵀ X = B, with the lower factor L given. */
export const solveUpper = (l: Float64Array, n: number, b: Float64Array, nrhs: number): Float64Array => solve(l, n, b, nrhs, "backward");

/** X of L Lᵀ X = B: both substitutions in one go. */
export const solveCholesky = (l: Float64Array, n: number, b: Float64Array, nrhs: number): Float64Array => solve(l, n, b, nrhs, "both");

function solve(l: Float64Array, n: number, b: Float64Array, nrhs: number, which: "forward" | "backward" | "both"): Float64Array {
  expect("l", l, n * n);
  expect("b", b, n * nrhs);
  const out = new Float64Array(n * nrhs);
  if (n === 0 || nrhs === 0) return out;
  const ld = roundedUp(nrhs);
  const space = arena((n * n + n * ld) * 8, 2);
  const pl = space.reserve(n * n * 8);
  const px = space.reserve(n * ld * 8);
  space.f64(pl, n * n).set(l.length === n * n ? l : l.subarray(0, n * n));
  const x = space.f64(px, n * ld);
  copyRows(b, nrhs, x, ld, n);
  if (which !== "backward") space.wasm.forward(pl, n, px, ld, 0);
  if (which !== "forward") space.wasm.backward(pl, n, px, ld);
  for (let i = 0; i < n; i++) out.set(x.subarray(i * ld, i * ld + nrhs), i * nrhs);
  return out;
}

/** Copy n rows of `width` into rows of `ld`, zero beyond. */
function copyRows(from: Float64Array, width: number, to: Float64Array, ld: number, n: number): void {
  if (width === ld) {
    to.set(from.length === n * width ? from : from.subarray(0, n * width));
    return;
  }
  to.fill(0);
  for (let i = 0; i < n; i++) to.set(from.subarray(i * width, i * width + width), i * ld);
}

/** (L Lᵀ)⁻¹, row-major n × n, symmetric to the last bit. */
export function choleskyInverse(l: Float64Array, n: number): Float64Array {
  expect("l", l, n * n);
  if (n === 0) return new Float64Array(0);
  const ld = roundedUp(n);
  const space = arena((2 * n * n + n * ld) * 8, 3);
  const pl = space.reserve(n * n * 8);
  const work = space.reserve(n * ld * 8);
  const out = space.reserve(n * n * 8);
  space.f64(pl, n * n).set(l.length === n * n ? l : l.subarray(0, n * n));
  space.wasm.inverse(pl, n, work, ld, out);
  return space.f64(out, n * n).slice();
}
