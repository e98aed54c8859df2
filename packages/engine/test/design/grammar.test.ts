import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { formatTarget, parseTarget } from "../../src/design/grammar.ts";
import type { Target } from "../../src/design/types.ts";

const page = readFileSync(new URL("../../../../docs/targets.md", import.meta.url), "utf8");

/** Cells of every table row of one section of the page, without back-ticks. */
function rowsOf(section: string): string[][] {
  const body = page.split(`## ${section}\n`)[1]!.split("\n## ")[0]!;
  const rows = body.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((line) => line.replaceAll("\\|", "¦").split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", "").replaceAll("¦", "|")));
}

const eV = parseUnit("eV");
const interval = (text: string, unit = eV) => parseTarget("gap", text, unit) as Extract<Target, { kind: "interval" }>;
const bound = (text: string) => (text === "∞" ? Number.POSITIVE_INFINITY : text === "-∞" ? Number.NEGATIVE_INFINITY : Number(text));

describe("the page on targets", () => {
  test.each(rowsOf("Numbers"))("%s with data in %s is %s", (text, unit, meaning) => {
    const [low, high] = meaning!.split(" .. ").map(bound);
    const target = interval(text!, parseUnit(unit!));
    expect(target).toMatchObject({ kind: "interval", property: "gap", text });
    for (const [found, wanted] of [[target.low, low!], [target.high, high!]] as const) {
      if (Number.isFinite(wanted)) expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));
      else expect(found).toBe(wanted);
    }
  });

  test.each(rowsOf("Extremes").flatMap(([names]) => names!.split(", ")))("%s is an extremum", (text) => {
    const target = parseTarget("gap", text, eV);
    expect(target).toMatchObject({ kind: "extremum", direction: text.startsWith("max") ? "maximise" : "minimise" });
  });

  test.each(rowsOf("Classes"))("%s of %s is %s", (text, levels, meaning) => {
    expect(parseTarget("class", text!, levels!.split(", "))).toMatchObject({ kind: "levels", levels: meaning!.split(" or ") });
  });

  test.each(rowsOf("What is refused"))("%s with data in %s is refused: %s", (text, unit, message) => {
    expect(() => parseTarget("gap", text!, parseUnit(unit!))).toThrow(InputError);
    expect(() => parseTarget("gap", text!, parseUnit(unit!))).toThrow(message!);
  });

  test("has as many examples as this test reads", () => {
    expect(["Numbers", "Extremes", "Classes", "What is refused"].map((s) => rowsOf(s).length)).toEqual([14, 2, 2, 12]);
  });
});

test.each([
  ["4..6", 4, 6], [".5 .. .75", 0.5, 0.75], ["1e3..1E4", 1000, 10000], ["4. .. 6.", 4, 6], ["-1 .. +1", -1, 1], ["  5eV+-0.2eV ", 4.8, 5.2], ["0.3 +- 0.1", 0.2, 0.4], ["\u00a04\u00a0..\u00a06\u202feV", 4, 6],
])("%s spans %f to %f", (text, low, high) => {
  expect(interval(text)).toMatchObject({ low, high });
});

test("a level that contains the separator is named whole", () => {
  expect(parseTarget("phase", "a|b", ["a|b", "a", "b"])).toMatchObject({ levels: ["a|b"] });
});

test("levels come in the data's order, each once", () => {
  expect(parseTarget("class", "AC|QC | AC", ["IC", "QC", "AC"])).toMatchObject({ levels: ["QC", "AC"] });
});

test.each([
  ["qc", /unknown class of class: "qc" — did you mean "QC"\? .*"IC", "QC", "AC"/], ["", /empty target of class.*"IC"/], ["maximise", /unknown class/], ["QC |", /unknown class of class: ""/],
])("class target %j is refused", (text, message) => {
  expect(() => parseTarget("class", text, ["IC", "QC", "AC"])).toThrow(message);
});

test.each([[5], [null], [undefined], [{}], [["> 3"]], [true]])("a target that is no text (%j) is an InputError with its path", (value) => {
  try {
    parseTarget("gap", value as unknown as string, eV);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).path).toBe("target.gap");
    expect((error as InputError).message).toContain("targets look like");
  }
});

test.each([">", ">=", ">= eV", "..", "4 ..", ".. 4", "4...6", "4 … 6", "5 +-", "+- 5", "> > 5", "> 5 6", ">= 1 000", "> 5 .. 6", "> NaN", "> Infinity", "5 6 .. 7", "> 3 eV and < 5 eV", "< 5 > 3", "5 eV +- 200 meV", "> 5 ()", "> 3 -", "> --3", "4 .. 6 | 8", "\u0000", "> 0x10", `> ${"9".repeat(400)}`, "<".repeat(5000), `> 3 ${"m".repeat(5000)}`, "5 ".repeat(20000)])(
  "%j is refused without a hang, in one line",
  (text) => {
    const message = (() => {
      try {
        return parseTarget("gap", text, eV) && "accepted";
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return (error as Error).message;
      }
    })();
    expect(message).not.toBe("accepted");
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(500);
  },
);

test("dimensionless data do not take a second number for a unit", () => {
  for (const text of ["> 5 6", ">= 1 000", "5 6 .. 7"]) expect(() => parseTarget("n", text, one)).toThrow(InputError);
});

test("any text is a target or an InputError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>=.+\-0-9 eVK|±≥]{0,24}$/)), (text) => {
      try {
        const target = parseTarget("gap", text, eV);
        return target.kind !== "interval" || target.low < target.high;
      } catch (error) {
        return error instanceof InputError;
      }
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test("formatTarget is read back as the same region", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(number, number, fc.constantFrom(">=", "<=", "<", ">", ".."), (a, b, sign) => {
      fc.pre(a < b);
      const first = interval(sign === ".." ? `${a} .. ${b} eV` : `${sign} ${a} eV`);
      const again = interval(formatTarget(first));
      return again.low === first.low && again.high === first.high && again.strict === first.strict;
    }),
    { seed: 3, numRuns: 500 },
  );
  for (const text of ["maximise", "minimise"]) expect(formatTarget(parseTarget("gap", text, eV))).toBe(text);
  expect(formatTarget(parseTarget("class", "AC | QC", ["QC", "AC"]))).toBe("QC | AC");
});
