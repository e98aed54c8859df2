import { expect, test } from "vitest";
import { newFinds } from "@tatara/engine/design";

const same = (a: string, b: string) => (a[0] === b[0] ? 1 : 0);
const at = (item: string, probability: number, found = 0) => ({ item, probability, found });

test("a likely hit makes its like worth less, by as much as it is likely", () => {
  const picks = newFinds([at("a1", 0.8), at("a2", 0.75), at("b1", 0.3), at("b2", 0.2)], same, 4);
  expect(picks.map((p) => p.item)).toEqual(["a1", "b1", "a2", "b2"]);
  expect(picks.map((p) => Number(p.gain.toFixed(12)))).toEqual([0.8, 0.3, 0.15, 0.14]);
});

test("the gains sum to the expected number of different finds where alike means the same", () => {
  const picks = newFinds([at("a1", 0.5), at("a2", 0.5), at("b1", 0.5)], same, 3);
  expect(picks.reduce((sum, p) => sum + p.gain, 0)).toBeCloseTo(1 - 0.5 ** 2 + 0.5, 12);
});

test("what is known, or sure to be found, is not tried again; the batch may end early", () => {
  expect(newFinds([at("a1", 0.9, 1), at("b1", 1), at("b2", 0.9), at("c1", 0)], same, 9).map((p) => p.item)).toEqual(["b1"]);
  expect(newFinds([at("a", 0.5), at("b", 0.5)], same, 1)).toEqual([{ item: "a", probability: 0.5, found: 0, index: 0, gain: 0.5 }]);
  expect(newFinds([], same, 3)).toEqual([]);
});
