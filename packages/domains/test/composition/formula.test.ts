/* Reading formulas: what is understood, what is refused and how it is told. */
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { InputError } from "@tatara/engine/base";
import { compositionCodec as codec, compositionOf, readFormula } from "@tatara/domains/composition";
import { linesOf } from "./tables.ts";

const formula = (text: string): string => codec.parse(text).formula;

describe("one composition, many writings", () => {
  test.each<[string, string, readonly string[]]>([
    ["whole numbers", "Fe2O3", ["Fe4O6", "O3Fe2", "Fe2 O3", "Fe₂O₃", "Fe0.4O0.6", "Fe40O60", '{"Fe": 2, "O": 3}', "{'O': 3.0, 'Fe': 2.0}", "(FeO1.5)2", "Fe2(O)3"]],
    ["hydrates", "CuH10SO9", ["CuSO4·5H2O", "CuSO4.5H2O", "CuSO4*5H2O", "CuSO4 • 5 H2O", "CuSO4(H2O)5"]],
    ["half a water", "Ca2H2S2O9", ["CaSO4.0.5H2O", "CaSO4·0.5H2O", "CaSO4·1/2H2O"]],
    ["atomic percent", "Al65Cu20Fe15", ["Al65Cu20Fe15", "Al-20Cu-15Fe (at.%)", "Al-20Cu-15Fe at%", "65Al-20Cu-15Fe at.%", "Al0.65Cu0.2Fe0.15", '{"Al":65,"Cu":20,"Fe":15}', "Al 65 Cu 20 Fe 15", "Al65-Cu20-Fe15", "Al65Cu20Fe15 [at. %]"]],
    ["doping", "Sr0.15La1.85CuO4", ["La2-xSrxCuO4, x=0.15", "La2-xSrxCuO4 (x=0.15)", "La2-xSrxCuO4 (x = 0.15)", "La2₋ₓSrₓCuO4; x=0.15", "La(2-x)Sr(x)CuO4 with x=0.15", "La1.85Sr0.15CuO4"]],
    ["a deviation from stoichiometry", "Ba2YCu3O6.9", ["YBa2Cu3O7-δ, δ=0.1", "YBa2Cu3O7-d (d=0.1)", "YBa2Cu3O6+x, x=0.9", "YBa2Cu3O6.9"]],
    ["two variables", "Ba2YCu3O6.9", ["YBa2Cu3-yFeyO7-δ (y=0, δ=0.1)"]],
    ["a solid solution", "Ba3Ti3Fe7Bi7O30", ["0.7BiFeO3-0.3BaTiO3", "(1-x)BiFeO3-xBaTiO3, x=0.3", "0.7BiFeO3 + 0.3BaTiO3"]],
    ["nested brackets", "Ca5P3HO13", ["Ca10(PO4)6(OH)2", "Ca10{[PO4]6(OH)2}"]],
    ["a double oxide", "MgAl2O4", ["MgO·Al2O3", "MgO.Al2O3", "MgO*Al2O3"]],
    ["fractions as text", "FeNi", ["Fe1/2Ni1/2", "Fe0.5Ni0.5"]],
    ["rounded thirds", "Ni2Al", ["Al0.333333Ni0.666667", "AlNi2"]],
  ])("%s", (_, canonical, writings) => {
    for (const text of writings) expect(formula(text), text).toBe(canonical);
    expect(formula(canonical)).toBe(canonical);
  });

  test("mass fractions become fractions of atoms", () => {
    const { z, fractions } = codec.parse("Fe-18Cr-8Ni wt.%");
    const moles = [18 / 51.996, 74 / 55.845, 8 / 58.693];
    const all = moles.reduce((a, b) => a + b, 0);
    expect(z).toEqual([24, 26, 28]);
    fractions.forEach((w, i) => expect(Math.abs(w - moles[i]! / all)).toBeLessThan(2e-6));
  });

  test("amounts stay as written until they are asked to be one composition", () => {
    expect(readFormula("Fe4O6")).toEqual({ z: [8, 26], amounts: [6, 4] });
  });

  test.each([["CuSO4", "CuSO4"], ["GaAs", "GaAs"], ["NH3", "NH3"], ["H2O", "H2O"], ["Bi2Te3", "Bi2Te3"], ["Al63.5Cu24Fe12.5", "Al63.5Cu24Fe12.5"], ["Mg17Al12", "Mg17Al12"]])("%s is written %s", (text, canonical) => expect(formula(text)).toBe(canonical));

  test("what rounds to the same fractions is one composition, whatever the scale", () => {
    const whole = fc.array(fc.tuple(fc.integer({ min: 1, max: 94 }), fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(whole, fc.constantFrom(2, 3, 0.1, 0.25, 1e-3, 1 / 3, Math.PI), (pairs, scale) => {
        const amounts = new Map(pairs);
        const z = [...amounts.keys()].sort((a, b) => a - b);
        const s = compositionOf({ z, amounts: z.map((one) => amounts.get(one)!) });
        expect(compositionOf({ z, amounts: z.map((one) => amounts.get(one)! * scale) })).toEqual(s);
        expect(codec.parse(s.formula)).toEqual(s);
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe("a bad formula is told with its place and the reason", () => {
  test.each<[string, string, RegExp]>([
    ["nothing", "", /no formula/],
    ["spaces", "   ", /no formula/],
    ["an unknown element", "Xx2O3", /unknown element: "Xx" at position 1 of »Xx«2O3 — did you mean Xe/],
    ["an unknown element in the middle", "Fe2Jo3", /unknown element: "Jo" at position 4 of Fe2»Jo«3 — did you mean Co/],
  ["a letter that begins no symbol", "Al65Qq35", /unknown element: "Qq" at position 5 of Al65»Qq«35 — no symbol of an element is like it/],
    ["all capitals", "NACL", /did you mean NaCl\?/],
    ["all small", "fe2o3", /symbols begin with a capital: did you mean Fe2O3\?/],
    ["a name", "hematite", /"hematite" at position 1/],
    ["a word after the formula", "Fe2O3 nanoparticles", /"nanoparticles" at position 7 of Fe2O3 »nanoparticles«/],
    ["a name in brackets", "Fe2O3 (hematite)", /"hematite" at position 8/],
    ["a mass number in front", "2H", /isotope: "2H"/],
    ["deuterium", "D2O", /isotope: "D" at position 1 .* write H/],
    ["a labelled atom", "[13C]O2", /isotope: "\[13C\]" at position 1/],
    ["a raised mass number", "^235UO2", /isotope: "\^235U"/],
    ["a superscript mass number", "²³⁵UO2", /isotope: "²³⁵"/],
    ["a charge", "Fe3+", /charge: "\+" at position 4 of Fe3»\+«/],
    ["a raised charge", "SO4^2-", /charge: "\^2-"/],
    ["a charged complex", "[Fe(CN)6]4-", /charge: "-" at position 11/],
    ["a superscript charge", "Fe³⁺", /charge: "³⁺"/],
    ["an unclosed bracket", "Ca(OH2", /unclosed bracket: "\(" at position 3 of Ca»\(«OH2 — a \) is missing/],
    ["a stray bracket", "Fe2O3)", /stray closing bracket: "\)" at position 6/],
    ["brackets that do not match", "Fe(O]3", /stray closing bracket: "\]" at position 5/],
    ["empty brackets", "Fe()2", /empty brackets/],
    ["an amount of zero", "Fe0O3", /zero amount: "0" at position 3/],
    ["a negative amount", "La2-xSrxCuO4, x=3", /negative amount: "2-x" at position 3 .* it comes to -1/],
    ["a negative number in a record", '{"Al": -1}', /negative amount: "Al"/],
    ["no number in a record", '{"Al": "much"}', /amount that is no number: "Al"/],
    ["a broken record", '{"Al": 65', /not a record of amounts/],
    ["an empty record", "{}", /no elements/],
    ["a variable without a value", "La2-xSrxCuO4", /variable without a value: "x" at position 5 .* say it after the formula/],
    ["delta without a value", "YBa2Cu3O7-δ", /unknown deviation from stoichiometry: "δ" at position 11/],
    ["some water", "CuSO4·nH2O", /variable without a value: "n"/],
    ["a range of x", "La2-xSrxCuO4, x=0.1-0.3", /range of compositions: "0\.1-0\.3" .* one row for each value/],
    ["an inequality of x", "La2-xSrxCuO4 (0≤x≤0.3)", /range of compositions/],
    ["a list of x", "La2-xSrxCuO4, x=0, 0.1", /several values of a variable: "0\.1"/],
    ["a range of amounts", "Al60-70Cu30", /range, or amounts before their elements: "-70"/],
    ["percent of nothing", "Al-20Cu-15Fe", /amounts without a unit/],
    ["a percent sign alone", "Al65%Cu35%", /percent of what/],
    ["a chemical system", "Al-Cu-Fe", /no amounts: "Al-Cu-Fe" .* chemical system/],
    ["percentages that do not sum", "Al65Cu20 at.%", /percentages that make no whole: .* they sum to 85/],
    ["no room for the balance", "Al-60Cu-50Fe at.%", /nothing left for the balance/],
    ["two balances", "Al-Cu-5Fe wt.%", /two elements without an amount: "Cu"/],
    ["a decimal comma", "Al0,65Cu0,35", /decimal comma: "," at position 4/],
    ["any metal", "MFe2O4", /placeholder: "M" at position 1/],
    ["any lanthanide", "LnFeO3", /placeholder: "Ln"/],
    ["a rare earth", "RE2O3", /placeholder: "RE"/],
    ["a phase", "α-Fe2O3", /label of a phase: "α-"/],
    ["a state of matter", "Fe2O3(s)", /label of a phase: "\(s\)"/],
    ["a number alone", "123", /number without an element: "123"/],
    ["a coefficient", "2H2O", /number before the formula: "2"/],
    ["half a hydrate", "CuSO4·", /empty part/],
    ["an emoji", "Fe2O3😀", /unexpected character: "😀" at position 6/],
    ["a control character", "Fe2\u0000O3", /unexpected character: "\\u0000" at position 4 of Fe2»␣«O3/],
    ["an enormous amount", "Fe9999999999999O", /amount too large/],
    ["a trace below the resolution", "Fe0.00000001Ni", /amount too small: Fe/],
    ["a novel", "Fe2O3 ".repeat(200), /formula of 1200 characters/],
    ["deep brackets", `${"(".repeat(60)}Fe${")".repeat(60)}`, /nested too deeply/],
  ])("%s", (_, text, message) => {
    const error: unknown = (() => {
      try {
        return codec.parse(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(InputError);
    const told = (error as InputError).message;
    expect(told).toMatch(message);
    expect(told).not.toMatch(/\n|undefined|\[object/);
    expect(told).toContain(" — ");
  });

  test("no text makes the reader fail in another way", () => {
    const pieces = fc.array(fc.constantFrom("Fe", "O", "H2O", "2", "0.5", "(", ")", "[", "]", "-", "+", ".", "·", "x", "δ", " ", ",", "=", "%", "at.%", "wt.%", "^", "²", "{", "}", '"', ":", "/", "e", "Xx", "😀", "−"), { maxLength: 14 });
    fc.assert(
      fc.property(pieces, (parts) => {
        try {
          const s = codec.parse(parts.join(""));
          expect(codec.parse(s.formula)).toEqual(s);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 4000, seed: 11 },
    );
  });
});

const CORPORA = ["qc-hypermaterials/qc_ac_train.csv", "inorg-matbench/expt_gap.csv", "inorg-matbench/steels_yield.csv", "inorg-superconductors/supercon_formula_tc.csv.gz", "inorg-thermoelectrics/estm.csv"];

test.skipIf(!linesOf(CORPORA[0]!)).each(CORPORA)("at least 99.5 %% of %s, beside the repository, is read, and every canonical text is final", (path) => {
  const lines = linesOf(path)!;
  let read = 0;
  for (const line of lines) {
    const text = path.startsWith("qc") ? /\}",([^,]*),/.exec(line)![1]! : line.split(",")[0]!;
    try {
      const s = codec.parse(text);
      read++;
      expect(codec.parse(s.formula), text).toEqual(s);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
    }
  }
  expect(read / lines.length).toBeGreaterThanOrEqual(0.995);
});
