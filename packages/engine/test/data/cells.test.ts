import fc from "fast-check";
import { expect, test } from "vitest";
import { categoryCells, decimalMark, isMissing, numberCells, parseHeader, parseNumberCell } from "../../src/data/tableColumns.ts";

test.each([
  ["1.5", 1.5], [" +.5 ", 0.5], ["1.", 1], ["-1e-3", -1e-3], ["−5", -5], ["1E5", 1e5], ["1,234,567", 1234567], ["1,234.5", 1234.5], ["-12,345.", -12345], ["0", 0],
])("%j is %f", (text, value) => {
  expect(parseNumberCell(text)).toEqual({ value });
});

test.each(["", " ", "n/a", "NA", "nan", "NaN", "-", "null", "None", "#N/A", "?", "."])("%j is missing", (text) => {
  expect(parseNumberCell(text)).toEqual({ value: Number.NaN });
  expect(isMissing(text)).toBe(true);
});

test.each([
  ["<5", "a bound"], ["≥ 3", "a bound"], ["~7", "a bound"], ["12±1", "uncertainty"], ["12 +/- 1", "uncertainty"], ["12.3(4)", "uncertainty"], ["3-5", "a range"], ["3 – 5", "a range"], ["1..2", "a range"], ["1,234", "ambiguous"],
  ["12,5", "decimal comma in a column with decimal points"], ["5 eV", "text after the number"], ["300K", "text after the number"], ["5%", "text after the number"], ["0x10", "text after the number"], ["1 234", "digits in groups"], ["1'234", "digits in groups"],
  ["inf", "not a finite number"], ["-Infinity", "not a finite number"], ["1e999", "too large for a number"], ["-1e150", "too large to compute with"], ["abc", "not a number"], ["1_000", "not a number"], ["١", "not a number"], ["--5", "not a number"], ["1.2.3", "not a number"], ["1,23,456", "not a number"], ["true", "not a number"],
])("%j is refused: %s", (text, reason) => {
  expect(parseNumberCell(text)).toEqual({ reason: expect.stringContaining(reason) });
});

test("a column with decimal commas is read so, and its points are refused as ambiguous or foreign", () => {
  const { values, refused, decimal } = numberCells(["1,5", "2,25", "1.234,5", "1.234.567", "1.234", "3", "n/a", "-0,5e2"]);
  expect(decimal).toBe(",");
  expect(values).toEqual(Float64Array.of(1.5, 2.25, 1234.5, 1234567, Number.NaN, 3, Number.NaN, -50));
  expect(refused).toEqual([{ row: 4, text: "1.234", reason: expect.stringContaining("decimal point in a column with decimal commas") }]);
});

test("commas that may be thousands separators never decide the decimal mark", () => {
  expect(decimalMark(["1,234", "5,678"])).toBe(".");
  expect(numberCells(["1,234", "0.5"]).refused.map(({ row }) => row)).toEqual([0]);
  expect(decimalMark(["1.5", "2.5", "3,5"])).toBe(".");
  expect(decimalMark([])).toBe(".");
});

test("every number whose square does not overflow is read back exactly from its own text", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -9e149, max: 9e149 }), (value) => {
      expect(parseNumberCell(String(value))).toEqual({ value: value + 0 === 0 ? Number(String(value)) : value });
      expect(parseNumberCell(String(value).replace(".", ","), ",")).toEqual({ value: value + 0 === 0 ? Number(String(value)) : value });
    }),
  );
});

test("any text is a finite number, missing, or refused with a reason", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789.,eE+- ()<%±") })), fc.constantFrom("." as const, "," as const), (text, decimal) => {
      const cell = parseNumberCell(text, decimal);
      if ("value" in cell) expect(Number.isFinite(cell.value) || isMissing(text)).toBe(true);
      else expect(cell.reason.length).toBeGreaterThan(5);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["Tg [K]", "Tg", "K"], ["gap (eV)", "gap", "eV"], ["gap / eV", "gap", "eV"], ["k (W/(m K))", "k", "W/(m K)"], ["yield (crude) (%)", "yield (crude)", "%"], ["Tg [oC]", "Tg", "oC"], ["rho[g/cm3]", "rho", "g/cm3"],
])("the header %j names %j in %j", (header, name, symbol) => {
  expect(parseHeader(header)).toMatchObject({ name, unit: { symbol } });
});

test.each(["x", "yield (crude)", "TC (W/mK)", "(eV)", "[K]", "a) b)", "", "A/B", "n (", "ratio a/b"])("the header %j names no unit", (header) => {
  expect(parseHeader(header).unit).toBeUndefined();
  expect(parseHeader(header).name).toBe(header);
});

test("a unit in a header that can be read in two ways is explained", () => {
  expect(parseHeader("TC (W/mK)").problem).toContain("ambiguous unit");
});

test("categories are trimmed texts, null where missing", () => {
  expect(categoryCells([" a", "n/a", "b c ", ""])).toEqual(["a", null, "b c", null]);
});
