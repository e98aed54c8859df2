import { describe, expect, test } from "vitest";
import { convexHull, type Composition } from "../../src/index.ts";
import { formula, formulaWidth, runsOf } from "../../src/ternary/formula.ts";
import { overlap, placeLabels } from "../../src/ternary/labels.ts";

test.each([
  ["i-Al63Cu24Fe13", "i-Al[63]Cu[24]Fe[13]"],
  ["i-Al62.3Cu24.9", "i-Al[62.3]Cu[24.9]"],
  ["Mg32(Zn,Al)49", "Mg[32](Zn,Al)[49]"],
  ["2/1 approximant", "2/1 approximant"],
  ["λ", "λ"],
])("%s is set as %s", (text, set) => expect(runsOf(text).map((r) => (r.lower ? `[${r.text}]` : r.text)).join("")).toBe(set));

test("after lowered amounts the line goes on at its own height", () => {
  const lowered = [...formula(0, 0, "Al2Cu3X", 10).matchAll(/dy="([^"]+)"/g)].map(([, dy]) => Number(dy));
  expect(lowered.length).toBe(4);
  expect(lowered.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
  expect(formulaWidth("Al2Cu", 10)).toBeLessThan(formulaWidth("Al2Cu3", 10));
});

describe("labels", () => {
  const bounds = { left: 0, right: 400, top: 0, bottom: 400 };
  const cluster = Array.from({ length: 14 }, (_, i) => ({ x: 200 + 9 * Math.cos(i * 2.4) * Math.sqrt(i), y: 200 + 9 * Math.sin(i * 2.4) * Math.sqrt(i), radius: 5, width: 70, height: 14 }));
  const placed = placeLabels(cluster, { bounds, obstacles: [{ left: 0, right: 400, top: 0, bottom: 60 }], lines: [], markers: cluster });

  test("of fourteen crowded points overlap neither each other, nor obstacles, nor the border", () => {
    placed.forEach(({ box }, i) => {
      expect(box.left >= 0 && box.right <= 400 && box.top >= 60 && box.bottom <= 400).toBe(true);
      placed.slice(i + 1).forEach((other) => expect(overlap(box, other.box)).toBe(false));
    });
  });

  test("that moved away are tied to their points", () => {
    placed.forEach(({ box, leader }, i) => {
      const { x, y } = cluster[i]!;
      const gap = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
      if (gap > 16) expect(leader).toBeDefined();
    });
  });

  test("of lone points stand beside them", () => expect(placeLabels([cluster[0]!], { bounds, obstacles: [], lines: [], markers: [] })[0]).not.toHaveProperty("leader"));
});

describe("the hull of formation energies", () => {
  const phase = (name: string, at: Composition, energy: number) => ({ name, at, energy });
  const given = [phase("AB", [0.5, 0.5, 0], -1), phase("ABC", [1 / 3, 1 / 3, 1 / 3], -0.9), phase("A2B", [2 / 3, 1 / 3, 0], -0.5), phase("BC", [0, 0.5, 0.5], 0.2)];
  const { phases, above, tieLines, tieTriangles } = convexHull(given);
  const named = (i: number) => phases[i]!.name ?? "ABC"[phases[i]!.at.indexOf(1)]!;

  test("takes the pure components at 0", () => expect(phases.slice(4).map((p) => p.at)).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1]]));

  test("ties the stable phases", () => expect(tieLines.map((pair) => pair.map(named).sort().join("+")).sort()).toEqual(["A+AB", "A+ABC", "A+C", "AB+ABC", "AB+B", "ABC+B", "ABC+C", "B+C"].sort()));

  test("divides the triangle into tie triangles", () => expect(tieTriangles.map((three) => three.map(named).sort().join("+")).sort()).toEqual(["A+AB+ABC", "A+ABC+C", "AB+ABC+B", "ABC+B+C"].sort()));

  test("puts metastable phases above by what their decomposition gains", () => {
    expect(above.slice(0, 2)).toEqual([0, 0]);
    expect(above[2]).toBeCloseTo(-0.5 + 2 / 3, 12); // A2B → ⅔ AB + ⅓ A per atom
    expect(above[3]).toBeCloseTo(0.2, 12);
  });

  test("no tie line passes by a binary phase whose fractions are rounded", () => {
    for (const [a, b] of [[1 / 3, 2 / 3], [2 / 3, 1 / 3], [3 / 7, 4 / 7], [1 / 11, 10 / 11], [0.1, 0.9]] as const) {
      for (const at of [[a, b, 0], [0, a, b], [b, 0, a]] as const) {
        const hull = convexHull([phase("x", at, -1)]);
        expect(hull.tieTriangles.length).toBe(2);
        expect(hull.tieLines.length).toBe(5);
      }
    }
  });

  test("refuses what is no phase", () => expect(() => convexHull([phase("X", [0.5, 0.2, 0.2], 1)])).toThrow("not a phase: X at 0.5, 0.2, 0.2 with energy 1 — fractions ≥ 0 that add up to 1"));
});
