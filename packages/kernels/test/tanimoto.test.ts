import fc from "fast-check";
import { expect, test } from "vitest";
import { tanimotoBits, tanimotoCounts } from "../src/index.ts";

const popcount = (x: number): number => x.toString(2).replaceAll("0", "").length;

function slowBits(a: Uint32Array, b: Uint32Array, words: number): Float64Array {
  const [na, nb] = [a.length / words, b.length / words];
  return Float64Array.from({ length: na * nb }, (_, at) => {
    let [both, any] = [0, 0];
    for (let w = 0; w < words; w++) {
      const [x, y] = [a[Math.floor(at / nb) * words + w]!, b[(at % nb) * words + w]!];
      both += popcount((x & y) >>> 0);
      any += popcount((x | y) >>> 0);
    }
    return any === 0 ? 1 : both / any;
  });
}

function slowCounts(a: ArrayLike<number>, b: ArrayLike<number>, width: number): Float64Array {
  const [na, nb] = [a.length / width, b.length / width];
  return Float64Array.from({ length: na * nb }, (_, at) => {
    let [low, high] = [0, 0];
    for (let w = 0; w < width; w++) {
      const [x, y] = [a[Math.floor(at / nb) * width + w]!, b[(at % nb) * width + w]!];
      low += Math.min(x, y);
      high += Math.max(x, y);
    }
    return high === 0 ? 1 : low / high;
  });
}

const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffffff }));

test("bit similarities equal counting by hand, for any number of words and rows", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.array(word, { minLength: 7, maxLength: 80 }), fc.array(word, { minLength: 7, maxLength: 60 }), (words, x, y) => {
      const [a, b] = [x, y].map((v) => Uint32Array.from(v.slice(0, Math.floor(v.length / words) * words))) as [Uint32Array, Uint32Array];
      expect(tanimotoBits(a, b, words)).toEqual(slowBits(a, b, words));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["bytes", fc.integer({ min: 0, max: 255 })],
  ["large whole numbers", fc.integer({ min: 0, max: 100_000 })],
] as const)("count similarities of %s equal summing by hand exactly", (_, count) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(count, { minLength: 40, maxLength: 200 }), fc.array(count, { minLength: 40, maxLength: 200 }), (width, x, y) => {
      const [a, b] = [x, y].map((v) => Float64Array.from(v.slice(0, Math.floor(v.length / width) * width))) as [Float64Array, Float64Array];
      expect(tanimotoCounts(a, b, width)).toEqual(slowCounts(a, b, width));
    }),
    { numRuns: 60 },
  );
});

test("thousands of full bytes do not overflow the sixteen-bit accumulators", () => {
  const full = new Float64Array(2 * 9000).fill(255);
  full.fill(254, 9000);
  const s = tanimotoCounts(full, full, 9000);
  expect(s).toEqual(Float64Array.of(1, 254 / 255, 254 / 255, 1));
});

test("fractional counts agree with the sums to rounding", () => {
  const a = Float64Array.from({ length: 90 }, (_, i) => (i * 0.37) % 3);
  const fast = tanimotoCounts(a, a, 30);
  const slow = slowCounts(a, a, 30);
  for (let i = 0; i < fast.length; i++) expect(fast[i]).toBeCloseTo(slow[i]!, 14);
});

test("one fractional row elsewhere in a batch changes no other row's answer", () => {
  const a = Float64Array.from({ length: 60 }, (_, i) => (i * 7) % 5);
  const mixed = Float64Array.from([...a, ...Array.from({ length: 20 }, () => 0.5)]);
  expect(tanimotoCounts(mixed, a, 20).slice(0, 9)).toEqual(tanimotoCounts(a, a, 20));
});

test("two empty fingerprints are identical, an empty and a full one have nothing in common", () => {
  expect(tanimotoBits(Uint32Array.of(0, 7), Uint32Array.of(0, 0), 1)).toEqual(Float64Array.of(1, 1, 0, 0));
  expect(tanimotoCounts(Float64Array.of(0, 7), Float64Array.of(0, 0.5), 1)).toEqual(Float64Array.of(1, 0, 0, 0.5 / 7));
});

test("ragged rows and negative counts are refused", () => {
  expect(() => tanimotoBits(new Uint32Array(5), new Uint32Array(4), 2)).toThrow("ragged fingerprints: a has 5 elements");
  expect(() => tanimotoCounts(Float64Array.of(1, -2), Float64Array.of(1, 2), 2)).toThrow("not a count: -2 at element 1");
  expect(() => tanimotoCounts(Float64Array.of(1, Number.NaN), Float64Array.of(1, 2), 2)).toThrow("not a count: NaN");
});
