/*
 * Tanimoto (Jaccard) similarity, |a ∧ b| / |a ∨ b| on bit vectors and Σ min / Σ max on counts (Ruzicka); 1 for
 * two empty rows. Rows of `a` against rows of `b`: one against many is na = 1.
 */
import { expect } from "./gemm.ts";
import { arena } from "./instance.ts";
import type { Arena } from "./instance.ts";

const rowsOf = (name: string, length: number, width: number): number => {
  if (width > 0 && length % width === 0) return length / width;
  throw new RangeError(`ragged fingerprints: ${name} has ${length} elements — a multiple of the width ${width} is needed`);
};

/** Similarities (na × nb, row-major) of bit vectors of `words` 32-bit words each. */
export function tanimotoBits(a: Uint32Array, b: Uint32Array, words: number): Float64Array {
  const [na, nb] = [rowsOf("a", a.length, words), rowsOf("b", b.length, words)];
  const stride = Math.ceil(words / 2) * 8;
  const space = arena((na + nb) * (stride + 8) + na * nb * 8, 5);
  const [pa, sa] = putBits(space, a, na, words, stride);
  const [pb, sb] = a === b ? [pa, sa] : putBits(space, b, nb, words, stride);
  const out = space.reserve(na * nb * 8);
  space.wasm.bits(pa, sa, na, pb, sb, nb, stride / 8, out);
  return space.f64(out, na * nb).slice();
}

function putBits(space: Arena, x: Uint32Array, rows: number, words: number, stride: number): readonly [number, number] {
  const at = space.reserve(rows * stride);
  const sizes = space.reserve(rows * 8);
  const target = new Uint32Array(space.wasm.memory.buffer, at, (rows * stride) / 4);
  if (words * 4 !== stride) target.fill(0);
  for (let i = 0; i < rows; i++) target.set(x.subarray(i * words, (i + 1) * words), (i * stride) / 4);
  space.wasm.popcounts(at, rows, stride / 8, sizes);
  return [at, sizes];
}

/**
 * Similarities (na × nb, row-major) of non-negative count vectors of `width` numbers each. Whole numbers up to 255
 * take a byte kernel, others a slower one; where both apply they agree exactly.
 */
export function tanimotoCounts(a: Float64Array | Uint8Array, b: Float64Array | Uint8Array, width: number): Float64Array {
  const [na, nb] = [rowsOf("a", a.length, width), rowsOf("b", b.length, width)];
  expect("a", a, na * width);
  return areBytes(a) && (a === b || areBytes(b)) ? byteCounts(a, na, b, nb, width) : realCounts(a, na, b, nb, width);
}

function areBytes(x: Float64Array | Uint8Array): boolean {
  if (x instanceof Uint8Array) return true;
  let bytes = true;
  for (let i = 0; i < x.length; i++) {
    const v = x[i]!;
    if (!(v >= 0)) throw new RangeError(`not a count: ${v} at element ${i} — counts are non-negative numbers`);
    bytes &&= v <= 255 && v === Math.floor(v);
  }
  return bytes;
}

function byteCounts(a: Float64Array | Uint8Array, na: number, b: Float64Array | Uint8Array, nb: number, width: number): Float64Array {
  const stride = Math.ceil(width / 16) * 16;
  const space = arena((na + nb) * (stride + 8) + na * nb * 8, 5);
  const [pa, sa] = putBytes(space, a, na, width, stride);
  const [pb, sb] = a === b ? [pa, sa] : putBytes(space, b, nb, width, stride);
  const out = space.reserve(na * nb * 8);
  space.wasm.bytes(pa, sa, na, pb, sb, nb, stride, out);
  return space.f64(out, na * nb).slice();
}

function putBytes(space: Arena, x: Float64Array | Uint8Array, rows: number, width: number, stride: number): readonly [number, number] {
  const at = space.reserve(rows * stride);
  const sums = space.reserve(rows * 8);
  const target = space.u8(at, rows * stride);
  const totals = space.f64(sums, rows);
  if (stride !== width) target.fill(0);
  for (let i = 0; i < rows; i++) {
    let total = 0;
    for (let j = 0; j < width; j++) {
      const v = x[i * width + j]!;
      target[i * stride + j] = v;
      total += v;
    }
    totals[i] = total;
  }
  return [at, sums];
}

function realCounts(a: Float64Array | Uint8Array, na: number, b: Float64Array | Uint8Array, nb: number, width: number): Float64Array {
  const stride = Math.ceil(width / 4) * 4;
  const space = arena((na + nb) * stride * 8 + na * nb * 8, 3);
  const pa = putReals(space, a, na, width, stride);
  const pb = a === b ? pa : putReals(space, b, nb, width, stride);
  const out = space.reserve(na * nb * 8);
  space.wasm.reals(pa, na, pb, nb, stride, out);
  return space.f64(out, na * nb).slice();
}

function putReals(space: Arena, x: Float64Array | Uint8Array, rows: number, width: number, stride: number): number {
  const at = space.reserve(rows * stride * 8);
  const target = space.f64(at, rows * stride).fill(0);
  for (let i = 0; i < rows; i++) target.set(x.subarray(i * width, (i + 1) * width), i * stride);
  return at;
}
