/* Progress in words. */
import { expect, test } from "vitest";
import { countOf, duration } from "../src/host.ts";

test.each([
  [{ stage: "sample", done: 8 / 3, total: 5 }, "2/5"],
  [{ stage: "sample", done: 5, total: 5 }, "5/5"],
  [{ stage: "sample", done: 0 }, "0"],
])("progress is counted in whole items: %j", (progress, text) => expect(countOf(progress)).toBe(text));

test.each([[45, "45 s"], [200, "3 min 20 s"], [7500, "2 h 5 min"], [-1, "0 s"]])("%d seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));
