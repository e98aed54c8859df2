import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one, parseUnit, type Unit } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import { table } from "../../src/data/table.ts";
import type { Table } from "../../src/data/types.ts";
import { evaluate, formatExpression, sizeOf, unitOf, type Expression } from "../../src/explain/formula/expression.ts";
import { findFormula } from "../../src/explain/formula/findFormula.ts";
import { formatFormula, formulaSays, formulaValues, type ClassFormula, type Formula } from "../../src/explain/formula/formula.ts";
import { bestCut, said, scorerOf } from "../../src/explain/formula/score.ts";
import { rocAuc } from "../../src/prob/ranking.ts";

const f = (name: string): Expression => ({ op: "feature", name });
const minus = (left: Expression, right: Expression): Expression => ({ op: "-", left, right });
const over = (left: Expression, right: Expression): Expression => ({ op: "/", left, right });
const times = (left: Expression, right: Expression): Expression => ({ op: "*", left, right });
const ratio = over(f("rA"), f("rB"));
const tau = minus(over(f("rX"), f("rB")), times(f("nA"), minus(f("nA"), over(ratio, { op: "ln", of: ratio }))));
const angstrom = parseUnit("angstrom");

describe("expressions", () => {
  test("read with no more brackets than needed, and count their operators", () => {
    expect(formatExpression(tau)).toBe("rX/rB − nA·(nA − (rA/rB)/ln(rA/rB))");
    expect(sizeOf(tau)).toBe(8);
    expect(formatExpression({ op: "square", of: { op: "square", of: f("x") } })).toBe("(x²)²");
    expect(formatExpression(over(f("mean radius"), { op: "+", left: f("x"), right: f("x") }))).toBe("[mean radius]/(2·x)");
    expect(formatExpression(minus(f("a"), minus(f("b"), f("c"))))).toBe("a − (b − c)");
  });

  test("have the values of the mathematics, NaN where there is none", () => {
    const x = table(["rA", "rB", "rX", "nA"].map((name) => ({ name, unit: one, about: "" })), [[1.44, 0.605, 1.4, 2], [-1, 1, 1, 1]]);
    // SrTiO3 with Shannon's radii, by hand.
    expect(evaluate(tau, x)[0]).toBeCloseTo(1.4 / 0.605 - 2 * (2 - 1.44 / 0.605 / Math.log(1.44 / 0.605)), 14);
    expect(evaluate(tau, x)[1]).toBeNaN();
  });

  test("have units: of products and roots, and none where they cannot", () => {
    const units: Record<string, Unit> = { rA: angstrom, rB: angstrom, rX: angstrom, nA: one, m: parseUnit("kg"), v: parseUnit("m/s") };
    expect(unitOf(tau, units)).toBe(one);
    const energy = unitOf(times(f("m"), { op: "square", of: f("v") }), units);
    expect(energy.dimension).toEqual(parseUnit("J").dimension);
    expect(parseUnit(energy.symbol).dimension).toEqual(energy.dimension);
    expect(unitOf({ op: "sqrt", of: f("rA") }, units).symbol).toBe("angstrom^0.5");
    expect(() => unitOf({ op: "ln", of: f("rA") }, units)).toThrow("units do not fit: ln(rA)");
    expect(() => unitOf(minus(f("rA"), f("m")), units)).toThrow("units do not fit: rA − m");
  });
});

describe("the score of a descriptor", () => {
  const labelled = fc.array(fc.tuple(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -2, max: 2 })), fc.integer({ min: 0, max: 1 })), { minLength: 2, maxLength: 25 });

  test("for classes is the accuracy of the best threshold, and ties are settled by the ROC area", () => {
    fc.assert(
      fc.property(labelled, (rows) => {
        const labels = Int8Array.from(rows, ([, l]) => l);
        const values = Float64Array.from(rows, ([v]) => v);
        fc.pre(new Set(labels).size === 2 && new Set(values).size > 1);
        // Values nearer than the label's bit are one value to the search.
        const levels = [...new Set(values)].toSorted((a, b) => a - b);
        fc.pre(levels.every((v, k) => k === 0 || v - levels[k - 1] > 1e-9));
        const all = Int32Array.from(rows.keys());
        const scorer = scorerOf({ kind: "class", labels }, all);
        const right = (yes: (v: number) => boolean) => rows.filter(([v, l]) => yes(v) === (l === 1)).length / rows.length;
        const best = Math.max(...levels.slice(0, -1).flatMap((t) => [right((v) => v <= t), right((v) => v > t)]));
        expect(scorer.score(values)).toBeCloseTo(best, 12);
        const area = rocAuc(labels, values);
        expect(scorer.tie()).toBeCloseTo(Math.max(area, 1 - area), 12);
        const answers = said(values, bestCut(values, labels, all));
        expect(answers.filter((yes, i) => yes === labels[i]).length / rows.length).toBeCloseTo(best, 12);
      }),
    );
  });

  test("equal values are not told apart by the bit that carries the label", () => {
    const labels = Int8Array.of(0, 1, 0, 1);
    expect(scorerOf({ kind: "class", labels }, Int32Array.of(0, 1, 2, 3)).score(new Float64Array(4))).toBe(0);
  });
});

/** A falling body, in mixed units, with bystanders. */
function bodies(n: number): Table {
  const rng = stream(key(3));
  const features = [["m", "g"], ["v", "m/s"], ["h", "cm"], ["t", "s"], ["q", "1"]].map(([name, unit]) => ({ name, unit: parseUnit(unit), about: "" }));
  return table(features, Array.from({ length: n }, () => features.map(() => 0.5 + rng.uniform())));
}

describe("the search for a formula", () => {
  const x = bodies(120);
  const at = (i: number, j: number) => x.data[i * 5 + j];

  test("finds a law of physics from numbers: energy is half of mass times speed squared", async () => {
    const values = Float64Array.from({ length: 120 }, (_, i) => 0.5 * at(i, 0) * at(i, 1) ** 2 + 3);
    const { best, crossValidated } = await findFormula(x, { kind: "number", values }, { rounds: 2, mostSize: 4, keep: 20, folds: randomFolds(key(1), 120, { folds: 3 }) }, quiet);
    expect(best.size).toBeLessThanOrEqual(2);
    expect(best.score).toBeCloseTo(1, 10);
    expect(crossValidated!.chosen.score).toBeCloseTo(1, 10);
    expect(["y = 3 + 0.5·v²·m (m in g, v in m/s)", "y = 3 + 0.5·m·v² (m in g, v in m/s)"]).toContain(formatFormula(best));
    expect(unitOf(best.terms[0].expression, best.units).dimension).toEqual(parseUnit("J").dimension);
  });

  test("says the same of a table in other units, after a round trip through JSON", async () => {
    const labels = Int8Array.from({ length: 120 }, (_, i) => (at(i, 2) / (100 * at(i, 1) * at(i, 3)) > 0.011 ? 1 : 0));
    const { best } = await findFormula(x, { kind: "class", labels }, { rounds: 2, mostSize: 3, keep: 20 }, quiet);
    expect(best.score).toBe(1);
    const inMetres = { ...x, features: x.features.map((one, j) => (j === 2 ? { ...one, unit: parseUnit("m") } : one)), data: x.data.map((v, k) => (k % 5 === 2 ? v / 100 : v)) };
    const revived = JSON.parse(JSON.stringify(best)) as ClassFormula;
    expect(Array.from(formulaSays(revived, inMetres))).toEqual(Array.from(labels));
    expect(() => formulaValues(revived, table([{ name: "t", unit: parseUnit("s"), about: "" }], [[1]]))).toThrow("missing feature");
  });

  test("joins two terms linearly when asked", async () => {
    const values = Float64Array.from({ length: 120 }, (_, i) => 1 + 2 * at(i, 0) * at(i, 3) - 5 * Math.log(at(i, 4)));
    const { best } = await findFormula(x, { kind: "number", values }, { operators: ["*", "/", "ln"], rounds: 1, mostSize: 2, keep: 30, terms: 2 }, quiet);
    expect(best.score).toBeCloseTo(1, 8);
    expect(best.terms.map(({ coefficient }) => Number(coefficient.toFixed(6))).toSorted((a, b) => a - b)).toEqual([-5, 2]);
    expect(best.kind === "number" && best.intercept).toBeCloseTo(1, 6);
    formulaValues(best, x).forEach((v, i) => expect(v).toBeCloseTo(values[i], 6));
  });

  test("out of fold, labels that are noise are not explained", async () => {
    const rng = stream(key(9));
    const labels = Int8Array.from({ length: 120 }, () => rng.below(2));
    const { crossValidated, front } = await findFormula(x, { kind: "class", labels }, { rounds: 2, mostSize: 4, keep: 15, folds: randomFolds(key(1), 120, { folds: 4 }) }, quiet);
    expect(front.at(-1)!.score).toBeGreaterThan(0.65);
    // Three standard errors of a coin.
    for (const { score } of crossValidated!.sizes) expect(Math.abs(score - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / 120));
  });

  test("percent and fractions, pm and Å are one unit each; a front rises with length", async () => {
    const mixed = table([{ name: "a", unit: parseUnit("pm"), about: "" }, { name: "b", unit: angstrom, about: "" }, { name: "c", unit: parseUnit("%"), about: "" }], Array.from({ length: 60 }, (_, i) => [100 + i, 1 + ((i * 37) % 60) / 100, (i * 17) % 50]));
    const labels = Int8Array.from({ length: 60 }, (_, i) => (mixed.data[3 * i] > 100 * mixed.data[3 * i + 1] ? 1 : 0));
    const { best, front } = await findFormula(mixed, { kind: "class", labels }, { operators: ["+", "-", "*", "/"], rounds: 1, mostSize: 2, keep: 10 }, quiet);
    expect([best.size, best.score]).toEqual([1, 1]);
    expect(front.map(({ score }: Formula) => score)).toEqual(front.map(({ score }: Formula) => score).toSorted((a, b) => a - b));
  });

  test("refuses targets and features with holes", async () => {
    await expect(findFormula(x, { kind: "class", labels: new Int8Array(120) }, {}, quiet)).rejects.toThrow("constant target: 120 rows");
    await expect(findFormula(table(x.features, [[1, 2, 3, 4, Number.NaN], [1, 2, 3, 4, 5]]), { kind: "number", values: Float64Array.of(1, 2) }, {}, quiet)).rejects.toThrow('missing value: feature "q" in row 0');
  });
});
