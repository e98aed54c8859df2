import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { smallMultiples, ternary, ternaryGrid, type TernaryContent, type TernaryPhase } from "../../src/index.ts";
import { classesOver, nearData, spread, uneven } from "./fixture.ts";

const corners = ["Al", "Cu", "Fe"] as const;
const grid = ternaryGrid(0.1);
const phases: readonly TernaryPhase[] = [
  { name: "i-Al63Cu24Fe13", kind: "QC icosahedral", at: [63, 24, 13], about: "icosahedral" },
  { name: "λ-Al13Fe4", kind: "crystal", at: [13, 0, 4] },
  { name: "θ-Al2Cu", kind: "crystal", at: [2, 1, 0] },
];
const content: TernaryContent = { corners, points: grid, classes: classesOver(grid), phases };

const figures: Readonly<Record<string, string>> = {
  classes: ternary({ ...content, title: "Al-Cu-Fe", contours: [0.5], applicable: nearData(grid), candidates: [{ at: [0.6, 0.27, 0.13], about: "likely, and far from what is known" }], stereogram: "icosahedral", hover: 12 }),
  quantity: ternary({ corners, points: uneven(), quantity: { name: "thermal_conductivity", unit: "W/(m K)", values: spread(uneven()) }, stereogram: "decagonal", hover: 0 }),
  zoom: ternary({ ...content, from: [0.5, 0, 0], hover: 6 }),
  rules: ternary({ corners, points: grid, rules: [{ name: "Al ≥ 60 at.%", halfPlanes: [{ weights: [1, 0, 0], least: 0.6 }] }, { name: "round", holds: Array.from(grid.a, (a, i) => Math.hypot(a - 0.4, grid.b[i]! - 0.3) < 0.2) }], lines: [{ name: "e/a = 1.86", weights: [3, 1, -2], value: 1.86 }], hover: 0 }),
  hull: ternary({ corners, energies: { unit: "eV/atom", phases: [{ at: [2 / 3, 1 / 3, 0], energy: -0.15, name: "Al2Cu" }, { at: [0.5, 0, 0.5], energy: -0.33, name: "AlFe" }, { at: [0.625, 0.25, 0.125], energy: -0.16, name: "i-Al5Cu2Fe" }] } }),
  smallMultiples: smallMultiples({ about: "Three systems", title: "Best systems", columns: 2, systems: ["Fe", "Ru", "Os"].map((x, i) => ({ ...content, contours: [0.5], corners: ["Al", "Cu", x] as const, title: `Al-Cu-${x}`, score: `0.9${i}`, phases: i === 0 ? phases : [] })) }),
};

test.each(Object.entries(figures))("%s draws the same text for the same data", (_, svg) => expect(svg.replaceAll("><", ">\n<")).toMatchSnapshot());

test.each(Object.entries(figures))("%s is a standalone figure with a name for those who cannot see it", (_, svg) => {
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 [\d.]+ [\d.]+" width="[\d.]+" height="[\d.]+" role="img"[^>]*><title>[^<]+<\/title>/);
  expect(svg).not.toMatch(/ id=|href|<style|<script|NaN|Infinity|undefined/);
});

test.each(Object.entries(figures))("every element of %s that opens closes", (_, svg) => {
  const open: string[] = [];
  for (const [, slash, tag, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/g)) {
    if (slash) expect(open.pop()).toBe(tag);
    else if (!self) open.push(tag!);
  }
  expect(open).toEqual([]);
});

test("a tooltip tells composition, probabilities and whether the model knows the region", () => {
  expect(figures["classes"]).toMatch(/<title>Al \d+, Cu \d+, Fe \d+ at\.%\np\(QC\) = 0\.\d+\np\(AC\) [=<] 0\.\d+\np\(OTHERS\) = 0\.\d+/);
  expect(figures["classes"]).toContain("outside the domain of applicability</title>");
  expect(figures["classes"]).toContain("<title>candidate 1\nAl 60, Cu 27, Fe 13 at.%\nlikely, and far from what is known</title>");
  expect(figures["hull"]).toContain("above the hull</title>");
});

test("what lies outside of a zoomed view is not drawn", () => {
  const zoomed = ternary({ corners, from: [0.7, 0, 0], phases });
  expect(zoomed).toContain("Al 76.5, Cu 0, Fe 23.5 at.%");
  expect(zoomed).not.toContain("Al 63, Cu 24, Fe 13 at.%");
});

test("the size follows from what there is to see, not from the number of points", () => {
  const of = (step: number) => {
    const points = ternaryGrid(step);
    return ternary({ corners, points, classes: classesOver(points), applicable: nearData(points) }).length;
  };
  expect(of(0.0025)).toBeLessThan(1.6 * of(0.02));
  expect(of(0.0025)).toBeLessThan(150_000);
});

test("one triangle per system, one legend", () => {
  expect(figures["smallMultiples"]!.match(/>Al-Cu-\w+</g)).toEqual([">Al-Cu-Fe<", ">Al-Cu-Ru<", ">Al-Cu-Os<"]);
  expect(figures["smallMultiples"]!.match(/>OTHERS</g)?.length).toBe(1);
  expect(smallMultiples({ about: "none", systems: [] })).toContain("no values to show");
});

describe("hostile input", () => {
  const any = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1, 1e308, -1e308, 5e-324), fc.double({ min: 0, max: 1, noNaN: true }));
  const many = fc.array(any, { maxLength: 25 });

  test("no number whatever gets NaN or Infinity into a figure", () => {
    fc.assert(
      fc.property(many, many, many, any, (a, b, v, c) => {
        const n = Math.min(a.length, b.length, v.length);
        const points = { a: a.slice(0, n), b: b.slice(0, n) };
        const values = v.slice(0, n);
        const at = [c, v[0] ?? 0, 0.2] as const;
        const svg = ternary({ corners, points, classes: [{ name: "x", probability: values }], quantity: { name: "q", unit: "1", values }, applicable: values, rules: [{ name: "r", halfPlanes: [{ weights: at, least: c }] }, { name: "s", holds: values }], lines: [{ name: "l", weights: at, value: c }], phases: [{ name: "p", kind: "k", at }], candidates: [{ at }], contours: [c] });
        expect(svg.replaceAll(/<title>[^<]*<\/title>/g, "")).not.toMatch(/NaN|Infinity|undefined|null/);
        expect(svg.startsWith("<svg")).toBe(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test("names are text, never markup", () => {
    const evil = `<script>alert("1")</script>&'`;
    const svg = ternary({ title: evil, corners: [evil, evil, evil], points: grid, classes: [{ name: evil, probability: grid.a }], quantity: { name: evil, unit: evil, values: grid.b }, phases: [{ name: evil, kind: evil, at: [1, 1, 1], about: evil }], candidates: [{ at: [1, 2, 3], about: evil }], rules: [{ name: evil, holds: grid.a }], lines: [{ name: evil, weights: [1, 0, 0], value: 0.5 }], energies: { unit: evil, phases: [{ at: [0.5, 0.5, 0], energy: -1, name: evil }] } });
    expect(svg).not.toMatch(/<script|alert\("|&'/);
    expect(svg).toContain("&lt;");
  });
});
