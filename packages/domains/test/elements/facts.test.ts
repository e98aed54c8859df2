import { describe, expect, test } from "vitest";
import { facts, mixingEnthalpy, shannonRadius } from "../../src/elements/index.ts";

const commonStates = (symbol: string) => facts.get(symbol)!.oxidationStates.filter(({ common }) => common).map(({ state }) => state);

describe("oxidation states", () => {
  test.each([
    ["Na", [1]],
    ["O", [-2]],
    ["Al", [3]],
    ["Ti", [4]],
    ["Fe", [3, 2]],
    ["Cu", [2]],
  ])("of %s, the most frequent first", (symbol, states) => {
    expect(commonStates(symbol)).toEqual(states);
  });

  test("are in order of their counts, and never 0", () => {
    for (const { oxidationStates } of facts.values()) {
      const counts = oxidationStates.map(({ count }) => count);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      expect(oxidationStates.every(({ state }) => state !== 0)).toBe(true);
    }
  });
});

describe("Shannon radii", () => {
  // R. D. Shannon, Acta Cryst. A32 (1976) 751, table 1: ions that perovskites are made of.
  test.each([
    ["O", -2, 6, 1.4],
    ["F", -1, 6, 1.33],
    ["Cl", -1, 6, 1.81],
    ["Br", -1, 6, 1.96],
    ["I", -1, 6, 2.2],
    ["Ca", 2, 12, 1.34],
    ["Sr", 2, 12, 1.44],
    ["Ba", 2, 12, 1.61],
    ["Pb", 2, 12, 1.49],
    ["K", 1, 12, 1.64],
    ["Cs", 1, 12, 1.88],
    ["La", 3, 12, 1.36],
    ["Ti", 4, 6, 0.605],
    ["Zr", 4, 6, 0.72],
    ["Nb", 5, 6, 0.64],
    ["Al", 3, 6, 0.535],
    ["Mn", 3, 6, 0.645],
    ["Fe", 3, 6, 0.645],
    ["Sn", 4, 6, 0.69],
  ])("of %s %i in coordination %i", (symbol, charge, coordination, radius) => {
    expect(shannonRadius(symbol, charge, coordination)).toMatchObject({ charge, coordination, radius });
  });

  test("of the nearest coordination where the one asked for is not tabulated", () => {
    expect(shannonRadius("Ti", 4, 12)).toMatchObject({ coordination: 8, radius: 0.74 });
    expect(shannonRadius("Ti", 7, 6)).toBeUndefined();
  });

  test("grow with coordination and shrink with charge", () => {
    expect(shannonRadius("Sr", 2, 12)!.radius).toBeGreaterThan(shannonRadius("Sr", 2, 6)!.radius);
    expect(shannonRadius("Mn", 4, 6)!.radius).toBeLessThan(shannonRadius("Mn", 3, 6)!.radius);
  });
});

describe("enthalpy of mixing", () => {
  // A. Takeuchi & A. Inoue, Mater. Trans. 46 (2005) 2817, in kJ/mol at equal parts, printed as whole numbers.
  test.each([
    ["Al", "Ni", -22],
    ["Fe", "Al", -11],
    ["Cu", "Zr", -23],
    ["Al", "Ti", -30],
    ["Cu", "Ni", 4],
    ["Fe", "Cu", 13],
    ["Ni", "Ti", -35],
    ["Al", "Zr", -44],
    ["Al", "Co", -19],
    ["Al", "Mn", -19],
    ["Al", "Pd", -46],
    ["Al", "La", -38],
    ["Al", "Mg", -2],
    ["Ni", "Zr", -49],
    ["Fe", "B", -26],
    ["Mg", "Zn", -4],
    ["Mg", "Y", -6],
    ["Ag", "Cu", 2],
    ["Au", "Cu", -9],
  ])("of %s and %s is as published", (a, b, published) => {
    expect(Math.abs(mixingEnthalpy(a, b) - published)).toBeLessThan(1);
    expect(mixingEnthalpy(b, a)).toBeCloseTo(mixingEnthalpy(a, b), 10);
  });

  test("vanishes at the ends and for an element with itself, and is NaN without parameters", () => {
    expect(mixingEnthalpy("Al", "Ni", 0)).toBe(0);
    expect(mixingEnthalpy("Al", "Ni", 1)).toBe(0);
    expect(mixingEnthalpy("Fe", "Fe")).toBeCloseTo(0, 12);
    expect(mixingEnthalpy("Al", "Xe")).toBeNaN();
  });
});

describe("electrons per atom", () => {
  const perAtom = (formula: Readonly<Record<string, number>>) => Object.entries(formula).reduce((sum, [symbol, x]) => sum + x * facts.get(symbol)!.electronsPerAtom!, 0);

  // A.-P. Tsai (2004): stable quasicrystals lie near 1.75 (Al-transition metal), 2.1 (Zn-Mg-rare earth) and 2.0 (Cd-Yb).
  test.each([
    ["Al65Cu20Fe15", { Al: 0.65, Cu: 0.2, Fe: 0.15 }, 1.75],
    ["Al65Cu20Ru15", { Al: 0.65, Cu: 0.2, Ru: 0.15 }, 1.75],
    ["Al70Pd20Mn10", { Al: 0.7, Pd: 0.2, Mn: 0.1 }, 1.75],
    ["Al70Pd20Re10", { Al: 0.7, Pd: 0.2, Re: 0.1 }, 1.75],
    ["Zn60Mg30Y10", { Zn: 0.6, Mg: 0.3, Y: 0.1 }, 2.1],
    ["Cd5.7Yb", { Cd: 5.7 / 6.7, Yb: 1 / 6.7 }, 2.0],
  ])("of the quasicrystal %s", (_, formula, published) => {
    expect(Math.abs(perAtom(formula) - published)).toBeLessThan(0.05);
  });

  test("are not made up where the choice is open", () => {
    expect(facts.get("V")!.electronsPerAtom).toBeUndefined();
  });
});

test("prices say their year, and rare metals cost more than common ones", () => {
  const price = (symbol: string) => facts.get(symbol)!.price!;
  expect(price("Fe").usdPerKg).toBeLessThan(price("Al").usdPerKg);
  expect(price("Rh").usdPerKg).toBeGreaterThan(1000 * price("Ni").usdPerKg);
  for (const { price: one } of facts.values()) if (one !== undefined) expect(one.year).toBeGreaterThan(1990);
});

test("supply risk is between 0 and 10,000, and high for rare earths", () => {
  for (const { hhi } of facts.values()) if (hhi !== undefined) for (const index of [hhi.production, hhi.reserve]) expect(index > 0 && index <= 10_000).toBe(true);
  expect(facts.get("Dy")!.hhi!.production).toBeGreaterThan(5000);
});
