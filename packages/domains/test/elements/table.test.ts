import { hash, parseUnit } from "@tatara/engine/base";
import { describe, expect, test } from "vitest";
import { elements } from "../../src/chem/elements.ts";
import { elementTable, elementValue, facts } from "../../src/elements/index.ts";

const COMPLETE = 94;
const { symbols, properties, values, imputed } = elementTable;
const d = properties.length;
const column = (name: string) => symbols.map((symbol) => elementValue(elementTable, symbol, name));

describe("the shipped table", () => {
  test("has 58 properties of every element in order of atomic number", () => {
    expect(d).toBe(58);
    expect(symbols).toEqual(elements.slice(1).map(({ symbol }) => symbol));
    expect(values.length).toBe(symbols.length * 58);
    expect(new Set(properties.map(({ name }) => name)).size).toBe(58);
  });

  test("names a readable unit, a meaning and a source for each property", () => {
    for (const { unit, about, source } of properties) {
      expect(() => parseUnit(unit)).not.toThrow();
      expect(about.length).toBeGreaterThan(5);
      expect(source.length).toBeGreaterThan(5);
    }
  });

  test("has no gap from H to Pu, and leaves later gaps open", () => {
    expect(symbols[COMPLETE - 1]).toBe("Pu");
    expect(values.slice(0, COMPLETE * d).every(Number.isFinite)).toBe(true);
    expect(values.slice(COMPLETE * d).some(Number.isNaN)).toBe(true);
    expect(imputed.slice(COMPLETE * d).every((flag) => flag === 0)).toBe(true);
  });

  test("imputes under a tenth of the values, and none of what defines an element", () => {
    const share = imputed.reduce((sum, flag) => sum + flag, 0) / (COMPLETE * d);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.1);
    for (const name of ["atomic_number", "atomic_weight", "period", "group", "num_valence", "first_ionization_energy", "melting_point"]) {
      const j = properties.findIndex((property) => property.name === name);
      expect(symbols.slice(0, COMPLETE).every((_, i) => imputed[i * d + j] === 0)).toBe(true);
    }
  });

  test("is named by its content", () => {
    expect(elementTable.id).toMatch(/^[0-9a-f]{64}$/);
    expect(elementTable.id).not.toBe(hash(""));
  });
});

describe("values agree with each other", () => {
  const within = (a: number, b: number, ratio: number) => Math.abs(Math.log(a / b)) < Math.log(ratio);

  test("electrons outside the core and empty places follow from the shells", () => {
    for (const kind of ["valence", "unfilled"]) {
      const total = column(`num_${kind}`);
      const parts = ["s", "p", "d", "f"].map((shell) => column(`num_${shell}_${kind}`));
      for (let i = 0; i < COMPLETE; i++) expect(parts.reduce((sum, part) => sum + part[i]!, 0)).toBe(total[i]);
    }
  });

  test.each([
    ["Al", { group: 13, period: 3, num_valence: 3, num_p_unfilled: 5 }],
    ["Pd", { group: 10, period: 5, num_valence: 10, num_d_unfilled: 0 }],
    ["Ga", { group: 13, num_d_valence: 10, num_valence: 13 }],
    ["Yb", { group: 3, num_f_valence: 14, period: 6 }],
    ["He", { group: 18, num_s_valence: 2, num_unfilled: 0 }],
    ["U", { group: 3, num_f_valence: 3, num_d_valence: 1 }],
  ])("%s stands where it should", (symbol, expected) => {
    for (const [name, value] of Object.entries(expected)) expect(elementValue(elementTable, symbol, name)).toBe(value);
  });

  test("a metal boils above its melting point, evaporates dearer than it melts, and has its weight over its volume as density", () => {
    // Yb: the packages' density is 6 % below weight over volume.
    for (const symbol of ["Li", "Mg", "Al", "Ti", "Fe", "Cu", "Zn", "Zr", "Pd", "Sn", "Yb", "W", "Pb", "U"]) {
      const value = (name: string) => elementValue(elementTable, symbol, name);
      expect(value("boiling_point")).toBeGreaterThan(value("melting_point"));
      expect(value("evaporation_enthalpy")).toBeGreaterThan(5 * value("fusion_enthalpy"));
      expect({ symbol, ok: within(value("density"), value("atomic_weight") / value("molar_volume"), 1.065) }).toEqual({ symbol, ok: true });
      expect({ symbol, ok: within(value("atomic_volume") * 0.602214, value("molar_volume"), 1.065) }).toEqual({ symbol, ok: true });
      expect({ symbol, ok: within(value("heat_capacity_molar"), value("heat_capacity_mass") * value("atomic_weight"), 1.05) }).toEqual({ symbol, ok: true });
    }
  });

  test("energies and radii order as the periodic table says", () => {
    const value = (symbol: string, name: string) => elementValue(elementTable, symbol, name);
    for (const name of ["en_pauling", "en_allen", "en_allred_rochow", "en_mulliken"]) expect(value("F", name)).toBeGreaterThan(value("Cs", name) * 3);
    for (const symbol of symbols.slice(1, COMPLETE)) expect(value(symbol, "second_ionization_energy")).toBeGreaterThan(value(symbol, "first_ionization_energy"));
    for (const symbol of symbols.slice(2, COMPLETE)) expect(value(symbol, "vdw_radius")).toBeGreaterThan(value(symbol, "covalent_radius_pyykko") * 0.9);
  });

  test("the properties that facts repeat are the same there", () => {
    for (const symbol of symbols.slice(0, COMPLETE)) {
      const { miedema, hhi } = facts.get(symbol)!;
      if (miedema !== undefined) expect([elementValue(elementTable, symbol, "miedema_phi"), elementValue(elementTable, symbol, "miedema_n_ws")]).toEqual([miedema.phi, miedema.nws]);
      if (hhi !== undefined) expect([elementValue(elementTable, symbol, "hhi_production"), elementValue(elementTable, symbol, "hhi_reserve")]).toEqual([hhi.production, hhi.reserve]);
    }
  });

  test("an unknown element or property is NaN", () => {
    expect(elementValue(elementTable, "Xx", "density")).toBeNaN();
    expect(elementValue(elementTable, "Fe", "flavour")).toBeNaN();
  });
});
