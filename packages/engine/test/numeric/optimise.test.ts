import fc from "fast-check";
import { expect, test } from "vitest";
import { symmetricEigenvalues } from "../../src/numeric/eigen.ts";
import { isotonic, stepAt } from "../../src/numeric/isotonic.ts";
import { lbfgs } from "../../src/numeric/lbfgs.ts";
import { bisect, brent, goldenSection } from "../../src/numeric/minimise1d.ts";
import { gaussHermite, gaussLegendre } from "../../src/numeric/quadrature.ts";
import { medianOf, nearestRank, quantileOf } from "../../src/numeric/quantile.ts";

const rosenbrock = (x: Float64Array) => {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1]! - x[i]! ** 2;
    value += 100 * a * a + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * x[i]! * a - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * a;
  }
  return { value, gradient };
};

test("lbfgs finds Rosenbrock's minimum in ten dimensions", () => {
  const found = lbfgs(rosenbrock, new Float64Array(10).fill(-1.2), { iterations: 500, tolerance: 0 });
  for (const x of found.x) expect(Math.abs(x - 1)).toBeLessThan(1e-6);
});

test("lbfgs solves convex quadratics to the optimality conditions", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.double({ min: 0.1, max: 100, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })), { minLength: 1, maxLength: 8 }), (terms) => {
      const objective = (x: Float64Array) => ({ value: terms.reduce((s, [c, m], i) => s + (c / 2) * (x[i]! - m) ** 2, 0), gradient: x.map((v, i) => terms[i]![0] * (v - terms[i]![1])) });
      const found = lbfgs(objective, new Float64Array(terms.length), { tolerance: 0, iterations: 300 });
      found.x.forEach((x, i) => expect(Math.abs(x - terms[i]![1])).toBeLessThan(1e-5));
    }),
  );
});

test("lbfgs steps back from regions without a value", () => {
  const found = lbfgs((x) => ({ value: x[0]! - Math.log(x[0]!), gradient: Float64Array.of(1 - 1 / x[0]!) }), Float64Array.of(8));
  expect(Math.abs(found.x[0]! - 1)).toBeLessThan(1e-4);
});

test("one-dimensional minimisers agree with the stationary point", () => {
  const f = (x: number) => (x - 2) ** 2 + Math.sin(x);
  const root = bisect((x) => 2 * (x - 2) + Math.cos(x), 0, 5);
  expect(Math.abs(brent(f, 0, 5).x - root)).toBeLessThan(1e-7);
  expect(Math.abs(goldenSection(f, 0, 5).x - root)).toBeLessThan(1e-7);
  expect(goldenSection((x) => -x, 0, 3).x).toBe(3);
  expect(() => bisect((x) => x * x + 1, -1, 1)).toThrow("no change of sign");
});

test("Gauss rules integrate polynomials of degree 2n − 1 exactly", () => {
  const doubleFactorial = (k: number): number => (k <= 1 ? 1 : k * doubleFactorial(k - 2));
  for (const n of [1, 2, 5, 20, 64])
    for (let power = 0; power < Math.min(2 * n, 24); power++) {
      const legendre = gaussLegendre(n);
      const hermite = gaussHermite(n);
      const integral = (rule: typeof legendre) => rule.nodes.reduce((s, x, i) => s + rule.weights[i]! * x ** power, 0);
      expect(integral(legendre)).toBeCloseTo(power % 2 === 1 ? 0 : 2 / (power + 1), 12);
      const moment = power % 2 === 1 ? 0 : doubleFactorial(power - 1);
      expect(Math.abs(integral(hermite) - moment)).toBeLessThan(1e-11 * Math.max(1, doubleFactorial(power)));
    }
});

test("eigenvalues of rings and chains of n sites are the textbook's", () => {
  for (const n of [3, 4, 5, 10, 40]) {
    const matrix = (closed: boolean) => Float64Array.from({ length: n * n }, (_, at) => {
      const distance = Math.abs(Math.floor(at / n) - (at % n));
      return Number(distance === 1 || (closed && distance === n - 1));
    });
    const expected = (level: (j: number) => number) => Array.from({ length: n }, (_, j) => level(j)).toSorted((a, b) => a - b);
    const line = expected((j) => 2 * Math.cos(((j + 1) * Math.PI) / (n + 1)));
    const ring = expected((j) => 2 * Math.cos((2 * j * Math.PI) / n));
    symmetricEigenvalues(matrix(false), n).forEach((x, j) => expect(x).toBeCloseTo(line[j]!, 10));
    symmetricEigenvalues(matrix(true), n).forEach((x, j) => expect(x).toBeCloseTo(ring[j]!, 10));
  }
});

test("eigenvalues keep trace and Frobenius norm of matrices with zeros and repeated rows", () => {
  for (let n = 1; n < 12; n++) {
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = ((i * 7 + j * 3) % 5) - 2;
    const trace = a.reduce((sum, v, at) => sum + (at % (n + 1) === 0 ? v : 0), 0);
    const norm = a.reduce((sum, v) => sum + v * v, 0);
    const levels = symmetricEigenvalues(a, n);
    expect(levels.reduce((sum, v) => sum + v, 0)).toBeCloseTo(trace, 9);
    expect(levels.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(norm, 8);
  }
});

test("pooling adjacent violators gives the monotone sequence that no monotone one beats", () => {
  const fitted = (y: Float64Array) => {
    const x = y.map((_, i) => i);
    const steps = isotonic(x, y);
    return x.map((v) => stepAt(steps, v));
  };
  expect(fitted(Float64Array.of(1, 3, 2, 4, 3.5, 3.5, 5))).toEqual(Float64Array.of(1, 2.5, 2.5, 11 / 3, 11 / 3, 11 / 3, 5));
  const numbers = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 12 }), (rows) => {
      const y = Float64Array.from(rows, ([v]) => v);
      const fit = fitted(y);
      const loss = (g: Float64Array) => g.reduce((s, v, i) => s + (v - y[i]!) ** 2, 0);
      fit.forEach((v, i) => expect(i === 0 || v >= fit[i - 1]!).toBe(true));
      const rival = Float64Array.from(rows, ([, v]) => v).toSorted();
      expect(loss(fit)).toBeLessThanOrEqual(loss(rival) + 1e-9);
    }),
  );
});

test("quantiles interpolate order statistics as NumPy does", () => {
  // python3 -c "import numpy; print(numpy.quantile([3,1,4,1,5,9,2,6],[0.1,0.5,0.9]))"
  const values = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6);
  [0.1, 0.5, 0.9].forEach((p, i) => expect(quantileOf(values, p)).toBeCloseTo([1, 3.5, 6.9][i]!, 12));
  expect(medianOf(Float64Array.of(2, 1))).toBe(1.5);
  expect(medianOf(new Float64Array())).toBeNaN();
});

test("the nearest rank is one of the finite values", () => {
  // python3 -c "import numpy; print(numpy.quantile([3,1,4,1,5],[0,0.2,0.5,0.95,1],method='inverted_cdf'))"
  const values = [3, 1, Number.NaN, 4, 1, Number.POSITIVE_INFINITY, 5];
  expect([0, 0.2, 0.5, 0.95, 1].map((q) => nearestRank(values, q))).toEqual([1, 1, 3, 5, 5]);
  expect(nearestRank([], 0.5)).toBeNaN();
});
