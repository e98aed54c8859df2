/* Descriptors that learning quasicrystals needs: statistics without sums, and the parts of an alloy. */
import { expect, test } from "vitest";
import { compositionCodec, compositionDescriptors } from "@tatara/domains/composition";
import { elementTable, facts, mixingEnthalpy } from "@tatara/domains/elements";

const catalog = compositionDescriptors(elementTable);
const value = (property: string, symbol: string): number => elementTable.values[elementTable.symbols.indexOf(symbol) * elementTable.properties.length + elementTable.properties.findIndex(({ name }) => name === property)]!;

/** The numbers of one descriptor by name, without its prefix. */
function numbersOf(id: string, formula: string): ReadonlyMap<string, number> {
  const { features, write } = catalog[id]!;
  const row = new Float64Array(features.length).fill(-1e9);
  write(compositionCodec.parse(formula), row);
  return new Map(features.map(({ name }, j) => [name.replace(/^constituents:/, ""), row[j]!]));
}

test("the statistics without sums are the others' numbers, and do not see how the formula was written", () => {
  const all = numbersOf("statistics", "Al65Cu20Fe15");
  const some = numbersOf("fraction-statistics", "Al65Cu20Fe15");
  expect([...some.keys()].some((name) => name.startsWith("sum:"))).toBe(false);
  expect(some.size).toBe((all.size * 4) / 5);
  for (const [name, v] of some) expect(v).toBe(all.get(name));
  expect(numbersOf("fraction-statistics", "Al13Cu4Fe3")).toEqual(some);
});

test("every number of the parts is written, and missing only where the part is", () => {
  for (const formula of ["Al65Cu20Fe15", "Zn60Mg30Y10", "Cd5.7Yb", "Fe"]) {
    const numbers = numbersOf("constituents", formula);
    expect([...numbers.values()]).not.toContain(-1e9);
    expect([...numbers].filter(([name, v]) => Number.isNaN(v) && !name.includes("metals_") && !name.includes("itinerant"))).toEqual([]);
  }
  expect(new Set(catalog["constituents"]!.features.map(({ name }) => name)).size).toBe(catalog["constituents"]!.features.length);
});

test("the parts of Zn60Mg30Y10 by hand", () => {
  const numbers = numbersOf("constituents", "Zn60Mg30Y10");
  const radius = (symbol: string) => value("metallic_radius", symbol);
  const wanted: Readonly<Record<string, number>> = {
    second_share: 0.3,
    third_share: 0.1,
    first_radius: radius("Zn"),
    second_phi: value("miedema_phi", "Mg"),
    step_radius: radius("Zn") - radius("Mg"),
    most_electropositive_share: 0.1,
    most_electropositive_atomic_number: 39,
    most_electronegative_share: 0.6,
    smallest_share: 0.6,
    largest_share: 0.1,
    radius_ratio: radius("Y") / radius("Zn"),
    alkaline_share: 0.3,
    rare_earth_share: 0.1,
    zinc_share: 0.6,
    copper_share: 0,
    electropositive_metals_share: 0.4,
    electropositive_metals_radius: 0.75 * radius("Mg") + 0.25 * radius("Y"),
    mean_itinerant: 0.6 * facts.get("Zn")!.electronsPerAtom! + 0.3 * facts.get("Mg")!.electronsPerAtom! + 0.1 * facts.get("Y")!.electronsPerAtom!,
    unlike_pair_enthalpy: mixingEnthalpy("Zn", "Y"),
    least_pair_enthalpy: Math.min(mixingEnthalpy("Zn", "Y"), mixingEnthalpy("Zn", "Mg"), mixingEnthalpy("Mg", "Y")),
  };
  for (const [name, v] of Object.entries(wanted)) expect(numbers.get(name), name).toBeCloseTo(v, 9);
  expect(numbers.get("transition_metals_radius")).toBeNaN();
});

test("one element has no pairs, no second part, and atoms of one size", () => {
  const numbers = numbersOf("constituents", "Fe");
  for (const name of ["second_share", "spread_radius", "step_radius", "larger_share", "least_pair_enthalpy", "greatest_pair_enthalpy", "pair_enthalpy_spread"]) expect(numbers.get(name), name).toBe(0);
  expect(numbers.get("larger_ratio")).toBe(1);
});

test("lanthanides are rare earths", () => {
  expect(numbersOf("constituents", "Zn57Mg34Ho9").get("rare_earth_share")).toBeCloseTo(0.09, 9);
});
