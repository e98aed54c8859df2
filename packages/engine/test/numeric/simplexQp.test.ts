import { describe, expect, test } from "vitest";
import { fold, key, stream } from "@tatara/engine/base";
import { simplexLeastSquares, type Matrix } from "@tatara/engine/numeric";

const random = (at: number, rows: number, cols: number): Matrix => {
  const rng = stream(fold(key(31), at));
  return { rows, cols, data: Float64Array.from({ length: rows * cols }, () => rng.normal()) };
};

const image = ({ rows, cols, data }: Matrix, w: ArrayLike<number>): Float64Array => Float64Array.from({ length: cols }, (_, k) => Array.from({ length: rows }, (__, i) => w[i]! * data[i * cols + k]!).reduce((a, b) => a + b, 0));

describe("least squares over the simplex", () => {
  test("finds the weights of an exact combination again", () => {
    for (let run = 0; run < 20; run++) {
      const a = random(run, 30, 50);
      const rng = stream(fold(key(32), run));
      const raw = Array.from({ length: 30 }, (_, i) => (i % 7 === run % 7 ? rng.uniform() + 0.01 : 0));
      const sum = raw.reduce((x, y) => x + y, 0);
      const w = raw.map((x) => x / sum);
      const { weights, residual } = simplexLeastSquares(a, image(a, w));
      w.forEach((x, i) => expect(Math.abs(weights[i]! - x)).toBeLessThan(1e-13));
      expect(residual).toBeLessThan(1e-13);
    }
  });

  test("meets the conditions of optimality for targets off the simplex", () => {
    for (let run = 0; run < 20; run++) {
      const a = random(100 + run, 12, 8);
      const b = random(200 + run, 1, 8).data;
      const { weights } = simplexLeastSquares(a, b);
      const left = image(a, weights).map((x, k) => x - b[k]!);
      const gradient = Array.from({ length: 12 }, (_, i) => left.reduce((sum, x, k) => sum + x * a.data[i * 8 + k]!, 0));
      const level = Math.min(...gradient);
      expect(weights.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 12);
      weights.forEach((w, i) => {
        expect(w).toBeGreaterThanOrEqual(0);
        if (w > 0) expect(gradient[i]! - level).toBeLessThan(1e-8);
      });
    }
  });

  test("one row has all the weight, and equal rows do not stop it", () => {
    expect([...simplexLeastSquares({ rows: 1, cols: 2, data: Float64Array.of(1, 2) }, [5, 5]).weights]).toEqual([1]);
    const twice = { rows: 3, cols: 2, data: Float64Array.of(1, 0, 1, 0, 0, 1) };
    const { weights, residual } = simplexLeastSquares(twice, [0.25, 0.75]);
    expect(weights[0]! + weights[1]!).toBeCloseTo(0.25, 12);
    expect(residual).toBeLessThan(1e-12);
  });
});
