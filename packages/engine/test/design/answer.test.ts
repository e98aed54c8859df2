import { describe, expect, test } from "vitest";
import { one, parseUnit } from "../../src/base/unit.ts";
import type { CategoryColumn, NumberColumn } from "../../src/data/types.ts";
import { diverseSubset } from "../../src/design/diverse.ts";
import { parseTarget } from "../../src/design/grammar.ts";
import { baseRate, targetFarOutside } from "../../src/design/reach.ts";
import { expectedHits, shortlist } from "../../src/design/shortlist.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

const named = (...keys: string[]) => keys.map((key) => ({ key, text: key.toUpperCase() }));

describe("shortlist", () => {
  test("is best first, each material once, ties by key, whatever the order of the input", () => {
    const list = shortlist(named("b", "a", "d", "c", "b"), Float64Array.of(-1, -1, -0.5, Number.NEGATIVE_INFINITY, -1));
    expect(list.map((c) => [c.rank, c.key, c.text])).toEqual([[1, "d", "D"], [2, "a", "A"], [3, "b", "B"], [4, "c", "C"]]);
    expect(list.map((c) => c.probability)).toEqual([Math.exp(-0.5), Math.exp(-1), Math.exp(-1), 0]);
    expect(shortlist(named("c", "b", "a", "d"), Float64Array.of(Number.NEGATIVE_INFINITY, -1, -1, -0.5)).map((c) => c.key)).toEqual(["d", "a", "b", "c"]);
  });

  test("sorts keys by code units, not by locale", () => {
    expect(shortlist(named("ä", "z", "Z", "a"), new Float64Array(4)).map((c) => c.key)).toEqual(["Z", "a", "z", "ä"]);
  });

  test("expected hits are the sum of the probabilities", () => {
    expect(expectedHits(shortlist(named("a", "b"), Float64Array.of(Math.log(0.5), Math.log(0.25))))).toBeCloseTo(0.75, 15);
    expect(expectedHits([])).toBe(0);
  });

  test("refuses NaN and lengths that differ", () => {
    expect(() => shortlist(named("a"), Float64Array.of(Number.NaN))).toThrow(/log probability of A: NaN/);
    expect(() => shortlist(named("a"), new Float64Array(2))).toThrow(/log probabilities: 2/);
  });
});

test("a diverse subset takes the best first and nothing too like it", () => {
  const near = (a: number, b: number) => 1 - Math.abs(a - b) / 10;
  expect(diverseSubset([5, 6, 3, 4, 9], near)).toEqual([5, 3, 9]);
  expect(diverseSubset([5, 6, 3, 4, 9], near, { most: 2 })).toEqual([5, 3]);
  expect(diverseSubset([5, 6, 3, 4, 9], near, { maxSimilarity: 1 })).toEqual([5, 6, 3, 4, 9]);
  expect(diverseSubset([], near)).toEqual([]);
});

const eV = parseUnit("eV");
const column = (...values: number[]): NumberColumn => ({ kind: "number", name: "gap", unit: eV, values: Float64Array.from(values) });

describe("targetFarOutside", () => {
  test.each([
    [">= 3 eV", 2, "fine"], ["> 3 eV", 1, "fine"], ["4.5 .. 5", 0, "unseen"], [">= 6 eV", 0, "unseen"], [">= 6.01 eV", 0, "far"], ["< -2.5 eV", 0, "far"], ["2.2 .. 2.8 eV", 0, "unseen"], ["maximise", 0, "fine"],
    ["> 3000 meV", 1, "fine"],
  ])("%s has %i of three known values inside: %s", (text, inside, severity) => {
    const reach = targetFarOutside(parseTarget("gap", text, eV), column(2, Number.NaN, 3, 4));
    expect(reach).toMatchObject({ property: "gap", known: 3, inside, severity });
    expect(reach.message === "").toBe(severity === "fine");
  });

  test("says what the data span and what the model expects", () => {
    const p = predictive(3, [normalMarginal({ name: "gap", unit: eV, mean: Float64Array.of(2, 3, 4), sd: Float64Array.of(1, 1, 1) })]);
    const reach = targetFarOutside(parseTarget("gap", ">= 20 eV", eV), column(2, 3, 4), p);
    expect(reach.message).toMatch(/^target far outside the data: gap >= 20 eV, data 2 \.\. 4, 3 values, 0 inside, .* expected by the model — it lies 8\.0 times/);
    expect(targetFarOutside(parseTarget("gap", ">= 3", eV), column(2, 3, 4), p).expected).toBeCloseTo(0.158655 + 0.5 + 0.841345, 5);
  });

  test("any other value is far from a constant column", () => {
    expect(targetFarOutside(parseTarget("gap", "> 3", eV), column(2, 2))).toMatchObject({ distance: Number.POSITIVE_INFINITY, severity: "far" });
  });

  test("counts classes", () => {
    const classes: CategoryColumn = { kind: "category", name: "class", levels: ["QC", "AC", "IC"], codes: Int32Array.of(0, 2, -1, 2) };
    expect(targetFarOutside(parseTarget("class", "IC", classes.levels), classes)).toMatchObject({ known: 3, inside: 2, severity: "fine" });
    expect(targetFarOutside(parseTarget("class", "AC", classes.levels), classes)).toMatchObject({ known: 3, inside: 0, severity: "unseen" });
  });
});

test("the base rate counts complete rows that meet every target", () => {
  const gap = column(2, 3, Number.NaN, 4, 5);
  const n: NumberColumn = { kind: "number", name: "n", unit: one, values: Float64Array.of(1, Number.NaN, 1, 2, 1.5) };
  expect(baseRate([parseTarget("gap", "> 2", eV), parseTarget("n", ">= 1.5", one)], [gap, n])).toEqual({ known: 3, inside: 2 });
  const extreme = [parseTarget("gap", "maximise", eV), parseTarget("n", ">= 1", one)];
  expect(baseRate(extreme, [gap, n], { gap: 4 })).toEqual({ known: 3, inside: 2 });
  expect(baseRate(extreme, [gap, n])).toEqual({ known: 3, inside: 0 });
});
