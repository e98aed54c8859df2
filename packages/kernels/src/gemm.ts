/*
 * Matrix products. An element of the answer depends on its own row of A, its own column of B and k alone, to
 * the last bit: never on its position or on how many other rows are computed with it.
 */
import { arena } from "./instance.ts";
import type { Arena } from "./instance.ts";

export type Reals = Float64Array | Float32Array;

export interface GemmOptions<T extends Reals> {
  /** Rows of op(A) and of C. */
  readonly m: number;
  /** Columns of op(B) and of C. */
  readonly n: number;
  /** Columns of op(A), rows of op(B). */
  readonly k: number;
  /** Row-major m × k, or k × m when transposed. */
  readonly a: T;
  /** Row-major k × n, or n × k when transposed. */
  readonly b: T;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Default 1. */
  readonly alpha?: number;
  /** Default 0: what `c` held is forgotten, NaN included. */
  readonly beta?: number;
  /** Row-major m × n, written in place; a new array when absent. */
  readonly c?: T;
}

export interface SyrkOptions<T extends Reals> {
  /** Order of C. */
  readonly n: number;
  readonly k: number;
  /** Row-major n × k, or k × n when transposed. */
  readonly a: T;
  readonly transpose?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
  readonly c?: T;
}

/** C = alpha · op(A) · op(B) + beta · C, in the precision of the arrays given. */
export function gemm<T extends Reals>({ m, n, k, a, b, transposeA = false, transposeB = false, alpha = 1, beta = 0, c }: GemmOptions<T>): T {
  expect("a", a, m * k);
  expect("b", b, k * n);
  const out = c ?? like(a, m * n);
  expect("c", out, m * n);
  const size = a.BYTES_PER_ELEMENT;
  const space = arena((m * k + k * n + m * n) * size, 3);
  const pa = put(space, a, m * k);
  const pb = put(space, b, k * n);
  const pc = beta === 0 ? space.reserve(m * n * size) : put(space, out, m * n);
  const run = size === 8 ? space.wasm.gemm64 : space.wasm.gemm32;
  run(m, n, k, pa, transposeA ? 1 : k, transposeA ? m : 1, pb, transposeB ? 1 : n, transposeB ? k : 1, pc, alpha, beta);
  return take(space, pc, out, m * n);
}

/** C = alpha · A · Aᵀ + beta · C (or Aᵀ · A), symmetric to the last bit; with beta ≠ 0 the lower triangle of C counts. */
export function syrk<T extends Reals>({ n, k, a, transpose = false, alpha = 1, beta = 0, c }: SyrkOptions<T>): T {
  expect("a", a, n * k);
  const out = c ?? like(a, n * n);
  expect("c", out, n * n);
  const size = a.BYTES_PER_ELEMENT;
  const space = arena((n * k + n * n) * size, 2);
  const pa = put(space, a, n * k);
  const pc = beta === 0 ? space.reserve(n * n * size) : put(space, out, n * n);
  const run = size === 8 ? space.wasm.syrk64 : space.wasm.syrk32;
  run(n, k, pa, transpose ? 1 : k, transpose ? n : 1, pc, alpha, beta);
  return take(space, pc, out, n * n);
}

export function expect(name: string, array: ArrayLike<number>, length: number): void {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`not a size: ${length} — sizes are whole numbers`);
  if (array.length < length) throw new RangeError(`array too short: ${name} has ${array.length} elements — the sizes given need ${length}`);
}

const like = <T extends Reals>(array: T, length: number): T => (array.BYTES_PER_ELEMENT === 8 ? new Float64Array(length) : new Float32Array(length)) as T;

const view = (space: Arena, like: Reals, at: number, length: number): Reals => (like.BYTES_PER_ELEMENT === 8 ? space.f64(at, length) : space.f32(at, length));

function put(space: Arena, array: Reals, length: number): number {
  const at = space.reserve(length * array.BYTES_PER_ELEMENT);
  view(space, array, at, length).set(array.length === length ? array : array.subarray(0, length));
  return at;
}

function take<T extends Reals>(space: Arena, at: number, out: T, length: number): T {
  out.set(view(space, out, at, length));
  return out;
}
