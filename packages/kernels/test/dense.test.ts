import { afterEach, describe, expect, test } from "vitest";
import { cholesky, choleskyInverse, gemm, kernelBuild, releaseKernels, solveCholesky, solveLower, solveUpper, syrk, useKernelBuild } from "../src/index.ts";

const BEST = kernelBuild();

/** Reproducible numbers in (−1, 1) without structure (a linear congruential generator). */
function noise(length: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function transposed(a: ArrayLike<number>, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, i) => a[(i % rows) * cols + Math.floor(i / rows)]!);
}

function product(a: ArrayLike<number>, b: ArrayLike<number>, m: number, n: number, k: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a[Math.floor(at / n) * k + p]! * b[p * n + (at % n)]!;
    return sum;
  });
}

function covariance(n: number): Float64Array {
  const a = noise(n * n, 17);
  const s = product(a, transposed(a, n, n), n, n, n);
  for (let i = 0; i < n; i++) s[i * n + i]! += n / 10;
  return s;
}

const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Number.isNaN(a[i]) ? Number.POSITIVE_INFINITY : Math.abs(a[i]! - b[i]!));
  return worst;
};

const factorOf = (a: Float64Array, n: number): Float64Array => {
  const l = a.slice();
  expect(cholesky(l, n)).toEqual({ ok: true });
  return l;
};

afterEach(() => useKernelBuild(BEST));

describe.each(["plain", "relaxed"] as const)("the %s build", (build) => {
  if (build === "relaxed" && BEST !== "relaxed") return;

  test.each([[1, 1, 1], [3, 5, 7], [4, 4, 300], [65, 33, 257], [130, 517, 20], [1, 40, 600], [40, 1, 3]])("a %i × %i product over %i terms equals the sums written out, in every transposition", (m, n, k) => {
    useKernelBuild(build);
    const [a, b] = [noise(m * k, 1), noise(k * n, 2)];
    const truth = product(a, b, m, n, k);
    const tolerance = 2 ** -52 * k;
    expect(gap(gemm({ m, n, k, a, b }), truth)).toBeLessThan(tolerance);
    expect(gap(gemm({ m, n, k, a: transposed(a, m, k), b, transposeA: true }), truth)).toBeLessThan(tolerance);
    expect(gap(gemm({ m, n, k, a, b: transposed(b, k, n), transposeB: true }), truth)).toBeLessThan(tolerance);
    expect(gap(gemm({ m, n, k, a: transposed(a, m, k), b: transposed(b, k, n), transposeA: true, transposeB: true }), truth)).toBeLessThan(tolerance);
    const single = gemm({ m, n, k, a: Float32Array.from(a), b: Float32Array.from(b) });
    expect(single).toBeInstanceOf(Float32Array);
    expect(gap(single, truth)).toBeLessThan(2 ** -23 * (k + 2));
  });

  test("alpha and beta scale, and beta = 0 forgets NaN", () => {
    useKernelBuild(build);
    const [m, n, k] = [9, 11, 13];
    const [a, b, c] = [noise(m * k, 1), noise(k * n, 2), noise(m * n, 3)];
    const truth = product(a, b, m, n, k).map((v, i) => 2 * v - 0.5 * c[i]!);
    const out = c.slice();
    expect(gemm({ m, n, k, a, b, alpha: 2, beta: -0.5, c: out })).toBe(out);
    expect(gap(out, truth)).toBeLessThan(1e-14);
    expect(gap(gemm({ m, n, k, a, b, c: out.fill(Number.NaN) }), product(a, b, m, n, k))).toBeLessThan(1e-14);
  });

  test("a row of a product is the same bits alone and in any batch, at any position", () => {
    useKernelBuild(build);
    const [n, k] = [37, 531];
    const [a, b] = [noise(150 * k, 4), noise(k * n, 5)];
    const whole = gemm({ m: 150, n, k, a, b });
    for (const [from, count] of [[0, 1], [149, 1], [3, 6], [60, 77], [1, 149]] as const) {
      const part = gemm({ m: count, n, k, a: a.subarray(from * k, (from + count) * k), b });
      expect(part).toEqual(whole.slice(from * n, (from + count) * n));
    }
    const column = gemm({ m: 150, n: 1, k, a, b: b.filter((_, i) => i % n === 36) });
    expect(column).toEqual(whole.filter((_, i) => i % n === 36));
  });

  test("syrk equals the product with the transpose and is symmetric to the last bit", () => {
    useKernelBuild(build);
    for (const [n, k] of [[1, 1], [70, 19], [533, 30]] as const) {
      const a = noise(n * k, 6);
      const s = syrk({ n, k, a, alpha: 3 });
      expect(s).toEqual(gemm({ m: n, n, k, a, b: a, transposeB: true, alpha: 3 }));
      expect(s).toEqual(transposed(s, n, n));
      expect(gap(syrk({ n: k, k: n, a, transpose: true }), product(transposed(a, n, k), a, k, k, n))).toBeLessThan(1e-12);
    }
  });

  test.each([1, 2, 31, 33, 128, 161, 300])("the Cholesky factor of order %i reproduces the matrix, and solves and inverts it", (n) => {
    useKernelBuild(build);
    const a = covariance(n);
    const l = factorOf(a, n);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
    expect(gap(product(l, transposed(l, n, n), n, n, n), a)).toBeLessThan(1e-14 * n * n);
    const b = noise(n * 3, 8);
    expect(gap(product(l, solveLower(l, n, b, 3), n, 3, n), b)).toBeLessThan(1e-11);
    expect(gap(product(transposed(l, n, n), solveUpper(l, n, b, 3), n, 3, n), b)).toBeLessThan(1e-11);
    expect(solveCholesky(l, n, b, 3)).toEqual(solveUpper(l, n, solveLower(l, n, b, 3), 3));
    const inverse = choleskyInverse(l, n);
    const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    expect(gap(product(a, inverse, n, n, n), identity)).toBeLessThan(1e-9);
    expect(inverse).toEqual(transposed(inverse, n, n));
  });

  test("a right-hand side's solution is the same bits alone and among others", () => {
    useKernelBuild(build);
    const n = 171;
    const l = factorOf(covariance(n), n);
    const b = noise(n * 29, 9);
    for (const solve of [solveLower, solveUpper, solveCholesky]) {
      const together = solve(l, n, b, 29);
      for (const c of [0, 3, 4, 27, 28]) expect(solve(l, n, b.filter((_, i) => i % 29 === c), 1)).toEqual(together.filter((_, i) => i % 29 === c));
    }
  });

  test("the factor of a leading part is the leading part of the factor", () => {
    useKernelBuild(build);
    const n = 300;
    const a = covariance(n);
    const l = factorOf(a, n);
    for (const m of [1, 40, 129, 299]) {
      const leading = (x: Float64Array) => x.filter((_, i) => Math.floor(i / n) < m && i % n < m);
      expect(factorOf(leading(a), m)).toEqual(leading(l));
    }
  });

  test.each([0, 5, 31, 32, 200])("a matrix that stops being positive definite at row %i is reported there and left as it came", (row) => {
    useKernelBuild(build);
    const n = 230;
    for (const wrong of [-1e6, Number.NaN, Number.POSITIVE_INFINITY]) {
      const a = covariance(n);
      a[row * n + row] = wrong;
      const before = a.slice();
      expect(cholesky(a, n)).toEqual({ ok: false, pivot: row });
      expect(a).toEqual(before);
    }
  });
});

test("operands shorter than the sizes say are refused", () => {
  expect(() => gemm({ m: 2, n: 2, k: 2, a: new Float64Array(3), b: new Float64Array(4) })).toThrow("array too short: a has 3 elements — the sizes given need 4");
  expect(() => cholesky(new Float64Array(8), 3)).toThrow("array too short");
  expect(() => solveLower(new Float64Array(9), 3, new Float64Array(5), 2)).toThrow("array too short: b");
});

test("sizes of zero give empty answers", () => {
  const none = new Float64Array(0);
  expect(gemm({ m: 0, n: 3, k: 2, a: none, b: new Float64Array(6) })).toHaveLength(0);
  expect(gemm({ m: 2, n: 3, k: 0, a: none, b: none })).toEqual(new Float64Array(6));
  expect(cholesky(new Float64Array(0), 0)).toEqual({ ok: true });
  expect(choleskyInverse(none, 0)).toHaveLength(0);
});

test("releasing the memory changes no answer", () => {
  const a = noise(400, 3);
  const before = gemm({ m: 20, n: 20, k: 20, a, b: a });
  releaseKernels();
  expect(gemm({ m: 20, n: 20, k: 20, a, b: a })).toEqual(before);
});
