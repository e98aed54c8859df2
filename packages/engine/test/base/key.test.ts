import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, permutation, split, stream, threefry2x32 } from "../../src/base/key.ts";

// Salmon et al.'s kat_vectors, threefry2x32 with 20 rounds.
test.each([
  [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
  [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x1cb996fc, 0xbb002be7]],
  [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], [0xc4923a9c, 0x483df7a0]],
])("threefry of key %j and counter %j is %j", (k, counter, wanted) => {
  const out = new Uint32Array(2);
  threefry2x32(k[0]!, k[1]!, counter[0]!, counter[1]!, out);
  expect(Array.from(out)).toEqual(wanted);
});

const N = 100_000;
/** Five standard errors: one false alarm in two million. */
const SIGMAS = 5;

test("uniforms have the mean, variance and lag correlation of independent uniforms", () => {
  const rng = stream(key(2026));
  const u = Float64Array.from({ length: N }, () => rng.uniform());
  const mean = u.reduce((a, b) => a + b) / N;
  const variance = u.reduce((s, x) => s + (x - 0.5) ** 2, 0) / N;
  const lag = u.slice(1).reduce((s, x, i) => s + (x - 0.5) * (u[i]! - 0.5), 0) / (N - 1);
  expect(Math.abs(mean - 0.5)).toBeLessThan(SIGMAS * Math.sqrt(1 / 12 / N));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(SIGMAS * Math.sqrt(1 / 180 / N));
  expect(Math.abs(lag)).toBeLessThan((SIGMAS * (1 / 12)) / Math.sqrt(N));
  expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
});

test("first draws of split and folded children are uniform and unrelated to their neighbours", () => {
  for (const children of [split(key(5), N), Array.from({ length: N }, (_, i) => fold(key(6), `row ${i}`))]) {
    const u = children.map((k) => stream(k).uniform());
    const bins = new Float64Array(50);
    u.forEach((x) => (bins[Math.floor(x * 50)]! += 1));
    const chi2 = bins.reduce((s, c) => s + (c - N / 50) ** 2 / (N / 50), 0);
    expect(Math.abs(chi2 - 49)).toBeLessThan(SIGMAS * Math.sqrt(2 * 49));
    const lag = u.slice(1).reduce((s, x, i) => s + (x - 0.5) * (u[i]! - 0.5), 0) / (N - 1);
    expect(Math.abs(lag)).toBeLessThan((SIGMAS * (1 / 12)) / Math.sqrt(N));
    expect(new Set(children.map(({ hi, lo }) => hi * 2 ** 32 + lo)).size).toBe(N);
  }
});

test("normals have the moments of a standard normal", () => {
  const rng = stream(key(7));
  const x = Float64Array.from({ length: N }, () => rng.normal());
  const moment = (p: number) => x.reduce((s, v) => s + v ** p, 0) / N;
  expect(Math.abs(moment(1))).toBeLessThan(SIGMAS * Math.sqrt(1 / N));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(SIGMAS * Math.sqrt(2 / N));
  expect(Math.abs(moment(3))).toBeLessThan(SIGMAS * Math.sqrt(15 / N));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(SIGMAS * Math.sqrt(96 / N));
});

test("below(n) is uniform and in range, a permutation permutes, and both repeat", () => {
  const rng = stream(key(8));
  const counts = new Float64Array(7);
  for (let i = 0; i < N; i++) counts[rng.below(7)]! += 1;
  for (const c of counts) expect(Math.abs(c - N / 7)).toBeLessThan(SIGMAS * Math.sqrt((N * 6) / 49));
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 60 }), (seed, n) => {
      const order = permutation(key(seed), n);
      expect(Array.from(order.toSorted())).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(permutation(key(seed), n)).toEqual(order);
    }),
  );
});

test("seeds, indices beyond 32 bits and names give different keys", () => {
  const keys = [key(0), key(1), key(2 ** 32), key(-1), fold(key(0), 0), fold(key(0), 2 ** 32), fold(key(0), ""), fold(key(0), "a"), fold(key(0), "b"), fold(key(1), "a")];
  expect(new Set(keys.map((k) => `${k.hi}:${k.lo}`)).size).toBe(keys.length);
});
