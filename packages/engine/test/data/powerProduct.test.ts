import { expect, test } from "vitest";
import { parseUnit } from "../../src/base/unit.ts";
import { evaluateProduct, powerProduct, type Sources } from "../../src/data/powerProduct.ts";

const units = { seebeck: parseUnit("µV/K"), conductivity: parseUnit("S/m"), kappa: parseUnit("W/(m K)"), "heat capacity": parseUnit("J/(mol K)"), Tm: parseUnit("degC"), length: parseUnit("cm") };
const formula = (text: string, unit = "1", more: Sources["formulas"] = {}) => powerProduct("x", { units, formulas: { ...more, x: { text, unit: parseUnit(unit) } } });
const value = (text: string, unit: string, parts: Readonly<Record<string, number>>) => evaluateProduct(formula(text, unit), 1, (name) => [parts[name]!])[0]!;

test("the figure of merit of a thermoelectric in the units that tables use", () => {
  // (200e-6 V/K)² · 1e5 S/m · 300 K / 1.2 W/(m K) = 1
  expect(value("seebeck^2 * conductivity * 300 K / kappa", "1", { seebeck: 200, conductivity: 1e5, kappa: 1.2 })).toBeCloseTo(1, 12);
});

test.each([
  ["seebeck² · conductivity", "W/(m K^2)", 4e-3],
  ["seebeck**2*conductivity", "mW/(m K^2)", 4],
  ["(seebeck * seebeck) * (conductivity)", "W/(m K^2)", 4e-3],
  ["1 / (kappa / conductivity / seebeck^2) * 300 K", "1", 1],
  ["2.5 * length^(3/2) / length^0.5", "m", 2.5 * 0.03],
  ["kappa / (1.38e-23 [J/K])", "1/(m s)", 1.2 / 1.38e-23],
  ['"heat capacity" * 2 [mol/kg]', "J/(kg K)", 50],
])("%s in %s", (text, unit, expected) => {
  expect(value(text, unit, { seebeck: -200, conductivity: 1e5, kappa: 1.2, length: 3, "heat capacity": 25 })).toBeCloseTo(expected, 10 - Math.ceil(Math.log10(expected)));
});

test("a part that cancels is no part", () => {
  expect(formula("kappa * length / length", "W/(m K)").parts).toEqual([{ property: "kappa", power: 1 }]);
});

test("formulas of formulas come down to what is learnt", () => {
  const power = { text: "seebeck^2 * conductivity", unit: parseUnit("µW/(cm K^2)") };
  const { factor, parts } = formula("power_factor * 300 K / kappa", "1", { power_factor: power });
  expect(parts).toEqual([{ property: "seebeck", power: 2 }, { property: "conductivity", power: 1 }, { property: "kappa", power: -1 }]);
  expect(factor).toBeCloseTo(300e-12, 24);
});

test.each([
  ["seebek^2 * conductivity", "1", 'unknown property in the formula of x: "seebek"'],
  ["seebeck^2 * conductivity / kappa", "1", "comes to K^-1, its unit 1 is a pure number — seebeck^2 in"],
  ["seebeck^2 * conductivity * 300 Kk / kappa", "1", 'term "300 Kk" in the formula of x: unknown unit: "Kk"'],
  ["seebeck^2 * conductivity * 27 degC / kappa", "1", "zero point in the formula of x: 27 degC"],
  ["Tm * kappa", "W/m", 'term "Tm" in the formula of x: in degC, which has a zero point'],
  ["2 kappa", "W/(m K)", "to multiply by the property kappa, write *"],
  ["seebeck + kappa", "1", "sums are not offered"],
  ["seebeck - kappa", "1", "sums are not offered"],
  ["seebeck^", "1", "at its end"],
  ["(seebeck", "1", "at its end"],
  ["", "1", "at its end"],
  ["seebeck * ", "1", "at its end"],
  ["300 K", "K", "formula without a property"],
  ["0 * kappa", "W/(m K)", "number in the formula of x: 0"],
  ["kappa^(1/0)", "1", "power in the formula of x"],
  ["length", "degC", "a product has no zero point"],
  ["log(kappa)", "1", 'unknown property in the formula of x: "log"'],
  ["x * kappa", "1", "formula in a ring: x → x"],
])("%s (%s) is refused: %s", (text, unit, message) => {
  expect(() => formula(text, unit)).toThrow(message);
});

test("two formulas of each other are a ring", () => {
  const other = { text: "x / kappa", unit: parseUnit("1") };
  expect(() => formula("y * kappa", "1", { y: other })).toThrow("formula in a ring: x → y → x");
});
