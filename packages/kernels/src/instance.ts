/*
 * One WebAssembly instance per thread, made when first needed, and a scratch arena in its memory. A kernel
 * call opens an arena, copies its operands in, computes, copies the answer out; nothing outlives the call.
 *
 * Relaxed SIMD fuses multiply-add on processors that can, so last bits may differ between builds and kinds of
 * processor, never between two runs on one.
 */
import { fromBase64, growTo, instantiate, WebAssembly } from "./wasm/host.ts";
import type { Memory } from "./wasm/host.ts";
import { plain } from "./wasm/plain.ts";
import { relaxed } from "./wasm/relaxed.ts";

/** The exports of assembly/dense.ts: pointers and sizes in, results in memory. */
interface Dense {
  readonly memory: Memory;
  heapStart(): number;
  gemm64(...args: number[]): void;
  gemm32(...args: number[]): void;
  syrk64(...args: number[]): void;
  syrk32(...args: number[]): void;
  factor(a: number, n: number): number;
  forward(l: number, n: number, x: number, ld: number, triangular: number): void;
  backward(l: number, n: number, x: number, ld: number): void;
  inverse(l: number, n: number, work: number, ld: number, out: number): void;
  popcounts(x: number, rows: number, words: number, out: number): void;
  bits(...args: number[]): void;
  bytes(...args: number[]): void;
  reals(...args: number[]): void;
}

let build: "plain" | "relaxed" | undefined;
let dense: Dense | undefined;

/** Which build this processor and runtime take: fused multiply-add needs relaxed SIMD. */
export function kernelBuild(): "plain" | "relaxed" {
  build ??= WebAssembly.validate(fromBase64(relaxed)) ? "relaxed" : "plain";
  return build;
}

/** Take one build from now on, for tests and for answers that must not depend on the processor. */
export function useKernelBuild(name: "plain" | "relaxed"): void {
  build = name;
  dense = undefined;
}

/** Give the memory of the instance back; the next call starts a fresh one. */
export function releaseKernels(): void {
  dense = undefined;
}

function kernels(): Dense {
  dense ??= instantiate<Dense>(kernelBuild() === "relaxed" ? relaxed : plain);
  return dense;
}

/** Bytes of each operand are laid one after another, on cache-line boundaries. */
const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** What a kernel wrapper does its work in. */
export interface Arena {
  readonly wasm: Dense;
  /** Reserve `bytes`; the contents are whatever was there before. */
  reserve(bytes: number): number;
  f64(at: number, length: number): Float64Array;
  f32(at: number, length: number): Float32Array;
  u8(at: number, length: number): Uint8Array;
}

/** Open an arena that holds at most `total` bytes in up to `parts` pieces. All memory is grown before any view is made. */
export function arena(total: number, parts: number): Arena {
  const wasm = kernels();
  let next = wasm.heapStart() >>> 0;
  growTo(wasm.memory, next + total + 64 * parts);
  const { buffer } = wasm.memory;
  return {
    wasm,
    reserve(bytes) {
      const at = next;
      next += aligned(bytes);
      return at;
    },
    f64: (at, length) => new Float64Array(buffer, at, length),
    f32: (at, length) => new Float32Array(buffer, at, length),
    u8: (at, length) => new Uint8Array(buffer, at, length),
  };
}
