import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../src/base/errors.ts";
import { checkSameDimension, convert, convertAll, convertDifference, formatUnit, one, parseUnit, sameDimension } from "../../src/base/unit.ts";

const SPELLINGS = [
  ["1", "dimensionless"], ["eV", "electronvolt"], ["W/m/K", "W/(m K)", "W/(m·K)", "W m^-1 K^-1", "W.m-1.K-1", "W m⁻¹ K⁻¹"], ["g/cm^3", "g/cm3", "g cm⁻³", "g/cm**3", "kg/L", "g/mL"],
  ["1/K", "K^-1", "K⁻¹", "1/degC"], ["degC", "°C", "℃", "oC", "deg C", "celsius"], ["degF", "°F"], ["debye", "D", "Debye"], ["A^3", "Å^3", "Å³", "angstrom^3"], ["nm", "10 angstrom"],
  ["um", "µm", "μm", "micron"], ["GPa", "1000 MPa", "kN/mm^2"], ["J/(kg K)", "J/kg/K"], ["hartree", "Eh", "Ha"], ["S/cm", "1/(Ω cm)", "1/(ohm cm)"], ["mol/L", "M", "kmol/m^3"], ["h", "60 min"], ["day", "24 h", "d"],
  ["MPa m^0.5", "MPa m^(1/2)"], ["kcal/mol", "4.184 kJ/mol"], ["m^2/s", "m2/s"], ["%", "percent", "10^-2"], ["cm^2/(V s)", "cm2/V/s"], ["cm-1", "1/cm"], ["g/mol", "kg/kmol"],
] as const satisfies readonly (readonly string[])[];

test.each(SPELLINGS.map((spellings) => ({ spellings })))("spellings of one unit are one unit: $spellings", ({ spellings }) => {
  const first = parseUnit(spellings[0]!);
  for (const text of spellings) {
    const unit = parseUnit(text);
    expect(sameDimension(unit, first)).toBe(true);
    expect(Math.abs(unit.scale / first.scale - 1)).toBeLessThan(1e-14);
    expect(unit.symbol).toBe(text.normalize("NFC"));
  }
});

test.each([
  ["", "empty unit"], ["ev", "did you mean eV?"], ["furlong", "unknown unit"], ["a.u.", "ambiguous unit"], ["A^2", "ambiguous unit"], ["W/m K", "ambiguous unit"], ["W/mK", "ambiguous unit"], ["g//cm", "unreadable unit"],
  ["(m", "unreadable unit"], ["m)", "unreadable unit"], ["m^", "unreadable unit"], ["K/", "unreadable unit"], ["kkg", "unknown unit"], ["__proto__", "unreadable unit"], ["constructor", "unknown unit"], ["m".repeat(101), "101 characters"], ["1e400 m", "out of range"], ["0 m", "out of range"],
])("%j is refused: %s", (text, reason) => {
  expect(() => parseUnit(text)).toThrow(InputError);
  expect(() => parseUnit(text)).toThrow(reason);
});

test.each([
  [1, "g/cm^3", "kg/m^3", 1000], [25, "degC", "K", 298.15], [298.15, "K", "degC", 25], [32, "degF", "degC", 0], [212, "°F", "K", 373.15], [1, "hartree", "eV", 27.211386245988], [1, "bohr^3", "A^3", 0.1481847115],
  [1, "debye", "C m", 3.33564095198e-30], [1, "kcal/mol", "kJ/mol", 4.184], [0.24, "W/m/K", "mW/(m K)", 240], [1, "atm", "bar", 1.01325], [5, "%", "1", 0.05], [1, "Barrer", "mol/(m s Pa)", 3.3463989e-16], [1, "cm-1", "1/m", 100],
])("%f %s is %s: %f", (value, from, to, wanted) => {
  expect(Math.abs(convert(value, parseUnit(from), parseUnit(to)) - wanted)).toBeLessThanOrEqual(1e-9 * Math.abs(wanted) + 1e-12);
});

const units = SPELLINGS.flat().map(parseUnit);

test("conversion there and back is the identity, and refuses mixed dimensions by naming both units", () => {
  fc.assert(
    fc.property(fc.constantFrom(...units), fc.constantFrom(...units), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (a, b, value) => {
      if (sameDimension(a, b)) {
        // Numbers below the smallest normal one lose digits in any product.
        const slack = Number.MIN_VALUE * 2 ** 60 + 1e-12 * (Math.abs(value) + (Math.abs(a.offset) + Math.abs(b.offset)) / a.scale);
        expect(Math.abs(convert(convert(value, a, b), b, a) - value)).toBeLessThanOrEqual(slack);
        expect(convertAll(Float64Array.of(value, Number.NaN), a, b)).toEqual(Float64Array.of(convert(value, a, b), Number.NaN));
      } else {
        expect(() => convert(value, a, b)).toThrow(InputError);
        expect(() => checkSameDimension(a, b)).toThrow(`${a.symbol} against ${b.symbol}`);
      }
    }),
  );
});

test("the printed form is read back as the same unit", () => {
  for (const unit of units) {
    const back = parseUnit(formatUnit(unit));
    expect([back.dimension, back.scale, back.offset]).toEqual([unit.dimension, unit.scale, unit.offset]);
  }
  expect(["g/cm^3", "A^3", "degC", "W m^-1 K^-1", "1e-6 K-1", "MPa m^0.5", "10^-6/K"].map((text) => formatUnit(parseUnit(text)))).toEqual(["g/cm³", "Å³", "°C", "W m⁻¹ K⁻¹", "1e-6 K⁻¹", "MPa m^0.5", "10^-6/K"]);
});

test("differences are converted without the zero point", () => {
  expect(convertDifference(10, parseUnit("degC"), parseUnit("K"))).toBe(10);
  expect(convertDifference(9, parseUnit("degF"), parseUnit("degC"))).toBeCloseTo(5, 12);
});

test("energies per particle and per mole do not mix, and the message gives the factor", () => {
  expect(() => convert(1, parseUnit("eV"), parseUnit("kJ/mol"))).toThrow(/kJ\/mol is per mole and eV per particle; 1 eV corresponds to 96\.48533 kJ\/mol/);
  expect(() => convert(1, parseUnit("kcal/mol"), parseUnit("hartree"))).toThrow(/1 kcal\/mol corresponds to 0\.00159360/);
});

test("percentages of different things do not mix, and C beside a temperature is explained", () => {
  expect(() => convert(1, parseUnit("wt%"), parseUnit("mol%"))).toThrow("percentages are of different things");
  expect(convert(5, parseUnit("wt. %"), one)).toBe(0.05);
  expect(() => convert(20, parseUnit("C"), parseUnit("K"))).toThrow("degrees Celsius are written degC");
});

test("any text gives a unit or an InputError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom(..."mKgs/ ^()123-.*%°CeVÅ") })), (text) => {
      try {
        expect(parseUnit(text).scale).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 500 },
  );
});
