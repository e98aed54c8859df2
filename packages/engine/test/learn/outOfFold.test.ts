import { expect, test } from "vitest";
import { one } from "../../src/base/unit.ts";
import { type CategoryOutOfFold, type NumberOutOfFold, concatenate } from "../../src/learn/outOfFold.ts";

// More values than a call may have arguments.
const n = 150_000;
const rows = Int32Array.from({ length: n }, (_, i) => i);
const ramp = Float64Array.from(rows);
const fold = (f: number) => new Int32Array(n).fill(f);

test("predictions on further folds follow the first, however many there are", () => {
  const numbers = (f: number): NumberOutOfFold => ({ kind: "number", name: "y", unit: one, rows, fold: fold(f), y: ramp, mean: ramp, sd: ramp });
  const both = concatenate(numbers(0), numbers(1)) as NumberOutOfFold;
  expect(both.mean).toHaveLength(2 * n);
  expect([both.fold[n - 1], both.fold[n], both.y[n + 7], both.rows[n + 7]]).toEqual([0, 1, 7, 7]);
  const classes = (f: number): CategoryOutOfFold => ({ kind: "category", name: "y", levels: ["a"], rows, fold: fold(f), codes: new Int32Array(n), probability: new Float64Array(n).fill(1) });
  expect((concatenate(classes(0), classes(1)) as CategoryOutOfFold).probability).toHaveLength(2 * n);
});
