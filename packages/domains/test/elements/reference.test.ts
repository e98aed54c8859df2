/* The shipped table against XenonPy's and mendeleev's, which are compared with and never copied from. Skipped where ../shared/data is not. */
import { existsSync, readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { elementTable, facts, readElementTable } from "../../src/elements/index.ts";
import { SAME, XENONPY, correlation, sourcedPairs } from "./same.ts";

const MENDELEEV = new URL("mendeleev_elements.csv", XENONPY);
const there = existsSync(XENONPY) && existsSync(MENDELEEV);

describe.skipIf(!there)(`against ../shared/data/inorg-elements${there ? "" : " (skipped: the data are not there)"}`, () => {
  const reference = there ? readElementTable(readFileSync(XENONPY, "utf8")) : elementTable;

  test("XenonPy's table is read whole: 94 × 58", () => {
    expect([reference.symbols.length, reference.properties.length]).toEqual([94, 58]);
    expect(reference.values.every(Number.isFinite)).toBe(true);
  });

  test.each(SAME)("%s agrees with %s", (ours, theirs, least) => {
    expect(correlation(sourcedPairs(reference, ours, theirs))).toBeGreaterThan(least);
  });

  test("Miedema's parameters agree with mendeleev's to rounding", () => {
    for (const row of csvParse(there ? readFileSync(MENDELEEV, "utf8") : "")) {
      const typed = facts.get(row["symbol"]!)?.miedema;
      if (typed === undefined || !row["en_miedema"]) continue;
      expect(Math.abs(typed.phi - Number(row["en_miedema"]))).toBeLessThan(0.05);
      expect(Math.abs(typed.nws - Math.cbrt(Number(row["miedema_electron_density"])))).toBeLessThan(0.02);
      expect(Math.abs(typed.v23 - Number(row["miedema_molar_volume"]) ** (2 / 3))).toBeLessThan(0.3);
    }
  });
});
