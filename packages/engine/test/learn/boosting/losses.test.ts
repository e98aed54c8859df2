import { describe, expect, test } from "vitest";
import { key, stream } from "../../../src/base/key.ts";
import { absolute, huber, logistic, multinomial, quantile, spreading, squared, type Loss } from "../../../src/learn/boosting/losses.ts";

const N = 40;
const rng = stream(key(4));
const weights = Float64Array.from({ length: N }, () => 0.5 + rng.uniform());
const numbers = Float64Array.from({ length: N }, () => rng.normal());
const codes = (classes: number) => Int32Array.from({ length: N }, (_, i) => (i * 7) % classes);
const everyRow = Int32Array.from({ length: N }, (_, i) => i);

interface Case {
  readonly loss: Loss;
  readonly target: Float64Array | Int32Array;
  /** Whether the Hessian is the second derivative, rather than something that stands in for it. */
  readonly exact: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  squared: { loss: squared, target: numbers, exact: true },
  absolute: { loss: absolute, target: numbers, exact: false },
  huber: { loss: huber(0.7), target: numbers, exact: false },
  "quantile 0.9": { loss: quantile(0.9), target: numbers, exact: false },
  spreading: { loss: spreading, target: numbers, exact: false },
  logistic: { loss: logistic, target: codes(2), exact: true },
  multinomial: { loss: multinomial(4), target: codes(4), exact: true },
};

const STEP = 1e-4;

describe.each(Object.entries(cases))("%s", (_, { loss, target, exact }) => {
  const { width } = loss;
  const scores = Float64Array.from({ length: N * width }, () => rng.normal());
  const known = { target, weights };
  const value = (i: number, k: number, shift: number) => {
    const moved = scores.slice();
    moved[i * width + k] += shift;
    return weights[i] * loss.value(target[i], moved, i);
  };

  test("gradients are those of finite differences, and so are exact Hessians", () => {
    for (let k = 0; k < width; k++) {
      const [gradient, hessian] = [new Float64Array(N), new Float64Array(N)];
      loss.slopes(known, scores, k, gradient, hessian);
      for (let i = 0; i < N; i++) {
        expect(gradient[i]).toBeCloseTo((value(i, k, STEP) - value(i, k, -STEP)) / (2 * STEP), 6);
        if (exact) expect(hessian[i]).toBeCloseTo((value(i, k, STEP) - 2 * value(i, k, 0) + value(i, k, -STEP)) / STEP ** 2, 5);
        if (loss.plainHessian) expect(hessian[i]).toBe(weights[i]);
      }
    }
  });

  test("the start is where the mean loss is least", () => {
    const start = loss.start(known, everyRow);
    const total = (shift: number, k: number) => {
      const all = Float64Array.from({ length: N * width }, (_, at) => start[at % width] + (at % width === k ? shift : 0));
      return everyRow.reduce((sum, i) => sum + weights[i] * loss.value(target[i], all, i), 0);
    };
    // Half a row of each class is counted beside those seen, and a golden section ends somewhere: the shifts are larger.
    for (let k = 0; k < width; k++) for (const shift of [0.1, -0.1]) expect(total(shift, k)).toBeGreaterThanOrEqual(total(0, k));
  });
});

test.each(Object.entries(cases).filter(([, { loss }]) => loss.leaf))("a leaf's step is where the loss of its rows is least: %s", (_, { loss }) => {
  const own = { residuals: numbers.slice(0, 15), weights: weights.slice(0, 15) };
  const step = loss.leaf!(own);
  const cost = (at: number) => own.residuals.reduce((sum, r, i) => sum + own.weights[i] * loss.value(r, Float64Array.of(at), 0), 0);
  // Friedman's step for the Huber loss is one step towards the optimum from the median.
  const slack = loss.name.startsWith("huber") ? 0.01 * cost(step) : 1e-12;
  for (const shift of [0.01, 0.1, 1]) for (const sign of [1, -1]) expect(cost(step + sign * shift)).toBeGreaterThanOrEqual(cost(step) - slack);
});

test("extreme scores keep losses and slopes finite", () => {
  for (const [loss, target] of [[logistic, codes(2)], [multinomial(3), codes(3)]] as const) {
    const scores = Float64Array.from({ length: N * loss.width }, (_, i) => (i % 2 ? 800 : -800));
    const [gradient, hessian] = [new Float64Array(N), new Float64Array(N)];
    loss.slopes({ target, weights }, scores, 0, gradient, hessian);
    expect([...gradient, ...hessian].every(Number.isFinite)).toBe(true);
    expect(everyRow.every((i) => Number.isFinite(loss.value(target[i], scores, i)))).toBe(true);
  }
});

test("parameters out of range are refused", () => {
  expect(() => quantile(1)).toThrow("bad quantile: 1 — in (0, 1)");
  expect(() => huber(0)).toThrow(/bad delta/);
});

test("a spread starts from any number of errors", () => {
  const many = 150_000;
  const start = spreading.start({ target: new Float64Array(many).fill(0.5), weights: new Float64Array(many).fill(1) }, Int32Array.from({ length: many }, (_, i) => i));
  expect(Number.isFinite(start[0])).toBe(true);
});
