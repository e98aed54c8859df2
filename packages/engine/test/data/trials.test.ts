import { expect, test } from "vitest";
import * as fc from "fast-check";
import { key } from "../../src/base/key.ts";
import { foldTrials, leavePartOut, randomFolds, sortedTrials } from "../../src/data/splits.ts";

const parts = [["Fe", "C"], ["Fe", "Cr"], ["Al", "Cr"], ["Al", "Cu"], ["Cu"], ["Cu", "Zn"], ["Zn"], ["Ni"]];

test("leaving a part out tests every row that has it, and trains on none of them", () => {
  const trials = leavePartOut(key(1), parts, { least: 2 });
  expect(trials.map(({ name }) => name)).toEqual(["without Al", "without Cr", "without Cu", "without Fe", "without Zn"]);
  for (const { name, train, test: held } of trials) {
    const part = name.slice("without ".length);
    expect(Array.from(held).every((row) => parts[row]!.includes(part))).toBe(true);
    expect(Array.from(train).some((row) => parts[row]!.includes(part))).toBe(false);
    expect(train.length + held.length).toBe(parts.length);
  }
});

test("parts in most rows are not left out, and with too many some are drawn by their names alone", () => {
  expect(leavePartOut(key(1), [["Fe"], ["Fe", "C"], ["Fe", "C"]], { least: 1 }).map(({ name }) => name)).toEqual([]);
  const drawn = leavePartOut(key(3), parts, { least: 1, most: 2 }).map(({ name }) => name);
  expect(drawn).toHaveLength(2);
  expect(leavePartOut(key(3), parts.toReversed(), { least: 1, most: 2 }).map(({ name }) => name)).toEqual(drawn);
});

test("sorted trials hold out the highest and the lowest, and never part equal values", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 50 }), (given) => {
      const values = Float64Array.from(given);
      const known = values.filter((v) => !Number.isNaN(v)).length;
      for (const { name, train, test: held } of sortedTrials(values)) {
        expect(train.length + held.length).toBe(known);
        expect(held.length).toBeGreaterThan(0);
        // A quantile between two rows lets one more pass than the share.
        expect(held.length).toBeLessThanOrEqual(Math.ceil(0.2 * known));
        for (const i of train) for (const j of held) expect(name.startsWith("highest") ? values[i]! < values[j]! : values[i]! > values[j]!).toBe(true);
      }
    }),
  );
  expect(sortedTrials(Float64Array.of(0, 0, 0, 0, 1, 2, 3, 4)).map(({ name, test: held }) => [name, Array.from(held)])).toEqual([["highest 20 %", [6, 7]]]);
  expect(() => sortedTrials(Float64Array.of(1, 2), 0.7)).toThrow("share of the rows held out: 0.7");
});

test("folds as trials train on the rest", () => {
  const folds = randomFolds(key(2), 10, { folds: 5 });
  const trials = foldTrials(folds);
  expect(trials.map(({ name }) => name)).toEqual(["fold 1", "fold 2", "fold 3", "fold 4", "fold 5"]);
  for (const { train, test: held } of trials) expect(new Set([...train, ...held]).size).toBe(10);
});
