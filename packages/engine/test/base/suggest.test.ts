/* "Did you mean": one helper for every name that a user may misspell. */
import { expect, test } from "vitest";
import { didYouMean, oneOfThese, suggestion } from "../../src/base/index.ts";

test.each<[string, readonly string[], string | undefined]>([
  ["tress", ["trees", "criterion", "minLeaf"], "trees"],
  ["ordr", ["order", "smoothing"], "order"],
  ["truncat", ["truncate-regrow", "re-root", "edit"], "truncate-regrow"],
  ["re", ["re-root", "edit"], undefined],
  ["re-", ["re-root", "re-grow"], undefined],
  ["FASE", ["phase"], "phase"],
  ["x", ["y"], undefined],
  ["yy", ["y"], "y"],
  ["colour", ["study", "name", "domain"], undefined],
  ["a".repeat(100), ["a"], undefined],
])("%s of %j means %s", (name, names, meant) => expect(suggestion(name, names)).toBe(meant));

test("in words", () => {
  expect(didYouMean("ordr", ["order"])).toBe('did you mean "order"?');
  expect(didYouMean("seed", ["order"])).toBe("");
  expect(oneOfThese("seed", ["order", "length"])).toBe("there are order, length");
  expect(oneOfThese("seed", ["order"])).toBe("there is order");
  expect(oneOfThese("seed", [])).toBe("there is none");
});
