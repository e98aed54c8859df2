/* Compositions as mixtures of elements. */
import { describe, expect, test } from "vitest";
import { composition, type Composition } from "@tatara/domains";

const domain = composition();
const mixing = domain.mixing!;

describe("mixing", () => {
  test.each<[readonly string[], readonly number[], string]>([
    [["Al", "Cu", "Fe"], [65, 20, 15], "Al65Cu20Fe15"],
    [["Fe", "Cu", "Al"], [0.15, 0.2, 0.65], "Al65Cu20Fe15"],
    [["Al", "Cu", "Fe"], [50, 25, 25], "Al2CuFe"],
    [["Al", "Cu", "Fe"], [62.25, 25.5, 12.25], "Al62.25Cu25.5Fe12.25"],
    [["Al", "Cu", "Fe"], [80, 0, 20], "Al4Fe"],
  ])("%j in amounts %j are %s", (parts, amounts, formula) => {
    const made = mixing.mix(parts, amounts);
    expect(domain.codec.key(made)).toBe(domain.codec.key(domain.codec.parse(formula)));
  });

  test("shares lead back to the same composition", () => {
    for (const formula of ["Fe2O3", "La1.85Sr0.15CuO4", "Zn58Mg40Tm2"]) {
      const s = domain.codec.parse(formula);
      const shares = mixing.shares(s);
      expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(mixing.mix(shares.map(([part]) => part), shares.map(([, share]) => share)).formula).toBe(s.formula);
    }
  });

  test("nothing, and what is no element, cannot be mixed; the parts are the table's", () => {
    expect(() => mixing.mix(["Al", "Cu"], [0, 0])).toThrow("nothing to mix: no amount of Al, Cu — at least one is positive");
    expect(() => mixing.mix(["Al", "Xx"], [1, 1])).toThrow('unknown element: "Xx"');
    expect(mixing.parts.slice(0, 3)).toEqual(["H", "He", "Li"]);
    expect(mixing.price!(domain.codec.parse("Al"))).toBeGreaterThan(0.5);
  });
});

describe("fraction-statistics", () => {
  const write = (name: string, s: Composition) => {
    const descriptor = domain.descriptors[name]!;
    const row = new Float64Array(descriptor.features.length);
    descriptor.write(s, row);
    return new Map(descriptor.features.map((f, j) => [f.name, row[j]!]));
  };

  test("are the statistics without the sums", () => {
    const s = domain.codec.parse("Al65Cu20Fe15");
    const all = write("statistics", s);
    const own = write("fraction-statistics", s);
    expect(own.size).toBe(232);
    for (const [name, value] of own) expect(value).toBe(all.get(name));
    expect([...own.keys()].some((name) => name.startsWith("sum:"))).toBe(false);
  });

  test("do not jump where a formula gets short, as sums do", () => {
    const [here, beside] = ["Al2CuFe", "Al50.5Cu24.5Fe25"].map((formula) => domain.codec.parse(formula)) as [Composition, Composition];
    const [a, b] = [write("fraction-statistics", here), write("fraction-statistics", beside)];
    for (const [name, value] of a) expect(Math.abs(b.get(name)! - value)).toBeLessThanOrEqual(0.05 * Math.abs(value) + 1e-9);
    expect(write("statistics", beside).get("sum:atomic_number")! / write("statistics", here).get("sum:atomic_number")!).toBeGreaterThan(20);
  });
});
