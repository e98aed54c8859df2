import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import { table } from "../../src/data/table.ts";
import type { Table } from "../../src/data/types.ts";
import { largestLambda, lassoPath, type DesignColumn, type LassoFit, type LassoProblem } from "../../src/explain/ruleFit/lasso.ts";
import { formatRuleFit, ruleFit, ruleFitValues, type RuleFit } from "../../src/explain/ruleFit/ruleFit.ts";
import { covers } from "../../src/explain/rule.ts";
import { rocAuc } from "../../src/prob/ranking.ts";

const ones = (n: number) => new Float64Array(n).fill(1);

/** A dense and two rule-like columns, weights that differ. */
function problem(loss: LassoProblem["loss"], n = 60): LassoProblem {
  const rng = stream(key(4));
  const dense = Float64Array.from({ length: n }, () => rng.normal());
  const other = dense.map((v) => 0.6 * v + rng.normal());
  const rows = (share: number) => Int32Array.from({ length: n }, (_, i) => i).filter(() => rng.uniform() < share);
  const columns: readonly DesignColumn[] = [{ kind: "dense", values: dense }, { kind: "dense", values: other }, { kind: "ones", rows: rows(0.4) }, { kind: "ones", rows: rows(0.1) }];
  const y = dense.map((v) => (loss === "squares" ? 2 * v + rng.normal() : v + rng.normal() > 0.3 ? 1 : 0));
  return { columns, y, weights: Float64Array.from({ length: n }, () => 1 + rng.below(3)), loss };
}

const denseOf = (column: DesignColumn, n: number): Float64Array => {
  if (column.kind === "dense") return column.values;
  const values = new Float64Array(n);
  for (const i of column.rows) values[i] = 1;
  return values;
};

/** Derivative of the weighted loss by each coefficient, the intercept first. */
function gradientOf({ columns, y, weights, loss }: LassoProblem, { intercept, coefficients }: LassoFit): readonly number[] {
  const n = y.length;
  const all = [ones(n), ...columns.map((column) => denseOf(column, n))];
  const total = weights.reduce((a, b) => a + b, 0);
  const residual = y.map((v, i) => {
    const eta = all.reduce((sum, x, j) => sum + x[i] * (j === 0 ? intercept : coefficients[j - 1]), 0);
    return (weights[i] / total) * (v - (loss === "squares" ? eta : 1 / (1 + Math.exp(-eta))));
  });
  return all.map((x) => -x.reduce((sum, v, i) => sum + v * residual[i], 0));
}

describe("the lasso", () => {
  test("on orthonormal columns is soft thresholding of least squares", async () => {
    // Hadamard columns: orthogonal to one another and to the intercept.
    const columns: readonly DesignColumn[] = [1, 2, 4].map((bit) => ({ kind: "dense", values: Float64Array.from({ length: 8 }, (_, i) => (i & bit ? 1 : -1)) }));
    const y = Float64Array.from({ length: 8 }, (_, i) => 5 + (i & 1 ? 3 : -3) + (i & 2 ? -1 : 1) + (i & 4 ? 0.2 : -0.2));
    const [fit] = await lassoPath({ columns, y, weights: ones(8), loss: "squares" }, [0.5], quiet);
    expect(fit.intercept).toBeCloseTo(5, 9);
    [2.5, -0.5, 0].forEach((beta, j) => expect(fit.coefficients[j]).toBeCloseTo(beta, 9));
  });

  test("of one rule has the closed form of two means and two shares", async () => {
    const columns: readonly DesignColumn[] = [{ kind: "ones", rows: Int32Array.of(0, 1, 2, 3) }];
    const numbers = Float64Array.of(5, 6, 7, 6, 1, 2, 3, 2, 2, 2);
    // Minimum over the difference b of two means 6 and 2: (1/2) (n₁ n₂ / n²) (b − 4)² + λ b.
    const [squares] = await lassoPath({ columns, y: numbers, weights: ones(10), loss: "squares" }, [0.12], quiet);
    expect(squares.coefficients[0]).toBeCloseTo(4 - 0.12 / 0.24, 4);
    const shares = Float64Array.of(1, 1, 1, 0, 1, 0, 0, 0, 0, 0);
    const [logistic] = await lassoPath({ columns, y: shares, weights: ones(10), loss: "logistic" }, [0], quiet);
    expect(logistic.intercept).toBeCloseTo(Math.log(1 / 5), 5);
    expect(logistic.intercept + logistic.coefficients[0]).toBeCloseTo(Math.log(3), 5);
  });

  test.each(["squares", "logistic"] as const)("meets the conditions of optimality along the path (%s)", async (loss) => {
    const task = problem(loss);
    const largest = largestLambda(task);
    const lambdas = [largest * 1.0001, 0.5 * largest, 0.1 * largest, 0.01 * largest];
    const fits = await lassoPath(task, lambdas, quiet);
    expect(Array.from(fits[0].coefficients)).toEqual([0, 0, 0, 0]);
    expect(fits.at(-1)!.coefficients.filter((b) => b !== 0).length).toBeGreaterThan(1);
    for (const fit of fits) {
      const [level, ...rest] = gradientOf(task, fit);
      expect(Math.abs(level)).toBeLessThan(1e-5);
      rest.forEach((g, j) => {
        if (fit.coefficients[j] === 0) expect(Math.abs(g)).toBeLessThan(fit.lambda + 1e-5);
        else expect(g).toBeCloseTo(-fit.lambda * Math.sign(fit.coefficients[j]), 5);
      });
    }
  });
});

function rules(n: number): { readonly x: Table; readonly inside: readonly boolean[] } {
  const rng = stream(key(7));
  const x = table(["a", "b", "c", "d"].map((name) => ({ name, unit: parseUnit(name === "a" ? "nm" : "1"), about: "" })), Array.from({ length: n }, () => [rng.uniform(), rng.uniform(), rng.uniform(), rng.uniform()]));
  return { x, inside: Array.from({ length: n }, (_, i) => x.data[4 * i] > 0.6 && x.data[4 * i + 1] <= 0.5) };
}

describe("RuleFit", () => {
  const { x, inside } = rules(800);
  const folds = randomFolds(key(1), 800, { folds: 4 });

  test("finds a planted rule and a planted slope, out of fold as in training", async () => {
    const rng = stream(key(8));
    const values = Float64Array.from(inside, (yes, i) => (yes ? 3 : 0) + 2 * x.data[4 * i + 2] + 0.3 * rng.normal());
    const fit = await ruleFit(key(1), x, { kind: "number", values }, { folds, trees: 60 }, quiet);
    // Noise alone leaves 0.09; without the rule it would be above 1.4.
    expect(fit.crossValidated.chosen.loss).toBeLessThan(0.16);
    const strongest = fit.terms.find((term) => term.kind === "rule")!;
    const agree = covers(strongest.rule, x).filter((yes, i) => yes === (inside[i] ? 1 : 0)).length / 800;
    expect(agree).toBeGreaterThan(0.97);
    // Rules that nearly equal it share its 3.
    expect(strongest.coefficient).toBeGreaterThan(0.75);
    const slope = fit.terms.find((term) => term.kind === "linear" && term.feature === "c");
    expect(slope!.coefficient).toBeGreaterThan(1.5);
    expect(fit.terms.length).toBeLessThan(40);
  });

  test("gives probabilities of classes, the same after a round trip through JSON, and reads", async () => {
    const rng = stream(key(9));
    const labels = Int8Array.from(inside, (yes, i) => (i < 5 ? -1 : rng.uniform() < (yes ? 0.9 : 0.1) ? 1 : 0));
    const fit = await ruleFit(key(2), x, { kind: "class", labels }, { folds, trees: 40 }, quiet);
    const known = Array.from(labels.keys()).filter((i) => labels[i] >= 0);
    expect(rocAuc(known.map((i) => labels[i]), Float64Array.from(known, (i) => fit.crossValidated.values[i]))).toBeGreaterThan(0.8);
    // Entropy of the shares is 0.325 + rounding; a model without rules has about 0.51.
    expect(fit.crossValidated.chosen.loss).toBeLessThan(0.42);
    const revived = JSON.parse(JSON.stringify({ ...fit, crossValidated: undefined })) as RuleFit;
    expect(Array.from(ruleFitValues(revived, x))).toEqual(Array.from(ruleFitValues(fit, x)));
    const lines = formatRuleFit(fit);
    expect(lines[0]).toMatch(/^[+−][\d.]+ log odds to begin with$/);
    expect(lines.join("\n")).toMatch(/\+[\d.]+ where a ≥ 0\.\d+ nm and b ≤ 0\.\d+ \(\d+ % of rows\)/);
  });

  test("predictions of training rows are what the terms say: intercept, scales and winsorising fit together", async () => {
    const values = Float64Array.from({ length: 800 }, (_, i) => 10 + 4 * x.data[4 * i + 3]);
    const fit = await ruleFit(key(1), x, { kind: "number", values }, { folds, trees: 10, patience: 0 }, quiet);
    const said = ruleFitValues(fit, x);
    const worst = Math.max(...said.map((v, i) => Math.abs(v - values[i])));
    expect(worst).toBeLessThan(0.35);
  });

  test("the same key gives the same fit; holes are refused", async () => {
    const labels = Int8Array.from(inside, (yes) => (yes ? 1 : 0));
    const options = { folds: randomFolds(key(1), 800, { folds: 2 }), trees: 8 };
    expect(await ruleFit(key(3), x, { kind: "class", labels }, options, quiet)).toEqual(await ruleFit(key(3), x, { kind: "class", labels }, options, quiet));
    await expect(ruleFit(key(1), table([{ name: "a", unit: one, about: "" }], [[1], [Number.NaN]]), { kind: "class", labels: Int8Array.of(0, 1) }, options, quiet)).rejects.toThrow('missing value: feature "a" in row 1');
  });
});
