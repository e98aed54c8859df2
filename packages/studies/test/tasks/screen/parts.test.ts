/* The parts of a screening that are mathematics: systems, grids, what is asked, what is found, what is proposed. */
import { describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { gridDistance, gridIndex } from "@tatara/engine/numeric";
import type { Output } from "@tatara/engine/learn";
import type { Mixtures, MixtureAnswers } from "@tatara/studies/executors";
import { checkStudy, parseStudy, type ScreenStudy } from "@tatara/studies/schema";
import { nextAlloys } from "../../../src/tasks/screen/alloys.ts";
import { explore } from "../../../src/tasks/screen/explore.ts";
import { belongs, labelling } from "../../../src/tasks/screen/labels.ts";
import { distanceOf, indexed, type Phase } from "../../../src/tasks/screen/phases.ts";
import { APART, summarise, TRIALS } from "../../../src/tasks/screen/summarise.ts";
import { amountsAt, formulaOf, latticeOf, percentOf, systemsOf } from "../../../src/tasks/screen/systems.ts";
import { alloysText, regionsText, systemsText } from "../../../src/tasks/screen/tables.ts";

const PARTS = ["Al", "Cu", "Fe", "Mg", "Ni", "Si", "Zn"];

function screenOf(screen: Readonly<Record<string, unknown>>): ScreenStudy["screen"] {
  const text = JSON.stringify({ study: "screen", domain: "composition", data: { table: "t.csv", properties: { phase: { kind: "class" } } }, target: { phase: "QC" }, screen });
  return (checkStudy(parseStudy(text, "study.json")) as ScreenStudy).screen;
}

const names = (systems: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) => systemsOf(screenOf({ systems, ...more }), PARTS).map((s) => s.name);

describe("systems", () => {
  test("one element of each list, no element with itself, no system twice", () => {
    expect(names({ each: [["Al"], ["Cu", "Fe"], ["Fe", "Si"]] })).toEqual(["Al-Cu-Fe", "Al-Cu-Si", "Al-Fe-Si"]);
    expect(names({ each: [["Al"], ["Cu", "Fe"], ["Cu", "Fe"]] })).toEqual(["Al-Cu-Fe"]);
    expect(names({ each: [["Al"], ["Cu"]] })).toEqual(["Al-Cu"]);
  });

  test("every choice of some elements, and systems by name", () => {
    expect(names({ choose: 2, of: ["Al", "Cu", "Fe"] })).toEqual(["Al-Cu", "Al-Fe", "Cu-Fe"]);
    expect(names({ choose: 3, of: PARTS })).toHaveLength(35);
    expect(names({ list: ["Al-Cu-Fe", "Mg - Zn"] })).toEqual(["Al-Cu-Fe", "Mg-Zn"]);
  });

  test("a slice fixes the share of an element", () => {
    const screen = screenOf({ systems: { list: ["Al-Cu-Fe-Si"] }, slice: { Al: "60 at.%" } });
    const [system] = systemsOf(screen, PARTS);
    const lattice = latticeOf(screen, system!.free.length);
    expect(lattice.grid.points).toBe(861);
    expect(formulaOf(system!.parts, amountsAt(system!, lattice, gridIndex(lattice.grid, [20, 15, 5])))).toBe("Al60Cu20Fe15Si5");
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["an unknown element", { systems: { each: [["Al"], ["Cuu", "Fe"]] } }, 'unknown element: "Cuu" — did you mean "Cu"?'],
    ["an element twice in a list", { systems: { each: [["Al"], ["Cu", "Cu"]] } }, 'element named twice: "Cu" in list 2 of screen.systems.each — name it once'],
    ["an element twice in a system", { systems: { list: ["Al-Al-Cu"] } }, 'element named twice: "Al" in Al-Al-Cu — name it once'],
    ["a system of one", { systems: { list: ["Al"] } }, 'no system: "Al" — a system has at least two elements'],
    ["no two different elements", { systems: { each: [["Al"], ["Al"]] } }, "no system: the lists have no two different elements to offer"],
    ["too few to choose from", { systems: { choose: 3, of: ["Al", "Cu"] } }, "too few elements: 2 in screen.systems.of — choose: 3 needs at least as many"],
    ["four that vary", { systems: { list: ["Al-Cu-Fe-Si"] } }, 'too many elements: Al-Cu-Fe-Si has 4 that vary — up to 3 can be gone over; fix the others with screen.slice, such as { Al: "60 at.%" }'],
    ["a slice through what is not there", { systems: { list: ["Al-Cu-Fe"] }, slice: { Si: "5 at.%" } }, "slice through a system without it: Al-Cu-Fe has no Si"],
    ["a slice that leaves one", { systems: { list: ["Al-Cu"] }, slice: { Al: "5 at.%" } }, "nothing left to vary: Al-Cu"],
  ])("%s is refused", (_, screen, message) => {
    expect(() => systemsOf(screenOf(screen), PARTS)).toThrow(message);
  });

  const three = { systems: { list: ["Al-Cu-Fe"] } };
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["a coarse step that does not divide 100", { coarse: "3 at.%" }, "step that does not divide 100 at.%: screen.coarse is 3 at.% — 2.94118 at.% or 3.0303 at.% would"],
    ["a coarse step that is no multiple of the fine one", { coarse: "5 at.%", fine: "2 at.%" }, "steps that do not fit: screen.coarse 5 at.% is 2.5 times screen.fine 2 at.%"],
    ["a coarse step finer than the fine one", { coarse: "0.5 at.%" }, "steps that do not fit: screen.coarse 0.5 at.% is 0.5 times screen.fine 1 at.%"],
    ["a step without a unit", { coarse: 5 }, 'not a share: screen.coarse is "5" — write a share such as "5 at.%"'],
    ["no step", { fine: "0 at.%" }, "no step: screen.fine is 0"],
    ["a slice of everything", { slice: { Al: "100 at.%" } }, "nothing left to vary: screen.slice takes 100 at.%"],
    ["a step that does not divide a slice", { slice: { Al: "63 at.%" } }, "step that does not divide 37 at.%: screen.coarse is 5 at.% — 4.625 at.% or 5.28571 at.% would"],
    ["no room for all elements", { least: "40 at.%" }, "no room: 3 elements of at least 40 at.% in 100 at.%"],
  ])("%s is refused", (_, screen, message) => {
    expect(() => latticeOf(screenOf({ ...three, ...screen }), 3)).toThrow(message);
  });

  test("steps may be as fine as a quarter of a percent, without dust in the formulas", () => {
    const screen = screenOf({ ...three, coarse: "5 at.%", fine: "0.1 at.%" });
    const lattice = latticeOf(screen, 3);
    expect([lattice.grid.divisions, lattice.ratio, lattice.least]).toEqual([1000, 50, 20]);
    expect(formulaOf(PARTS, amountsAt(systemsOf(screen, PARTS)[0]!, lattice, gridIndex(lattice.grid, [997, 3, 0])))).toBe("Al99.7Cu0.3");
    expect(percentOf("x", "2.5 %")).toBe(2.5);
  });
});

const OUTPUTS: readonly Output[] = [{ kind: "category", name: "phase", levels: ["AC", "OTHERS", "QC"] }];
const both = labelling([{ kind: "levels", property: "phase", levels: ["AC", "QC"], text: "QC | AC" }], OUTPUTS);
const three = screenOf({ systems: { list: ["Al-Cu-Fe"] } });
const [system] = systemsOf(three, PARTS) as [ReturnType<typeof systemsOf>[number]];
const lattice = latticeOf(three, 3);
const centre = gridIndex(lattice.grid, [63, 25, 12]);

/** A round hill of the class QC at Al63Cu25Fe12, six percent of atoms wide; nothing with more than 95 % of one element is allowed. */
const hill = {
  asked: 0,
  ask: async ({ amounts, judge }: Mixtures): Promise<MixtureAnswers> => {
    const n = amounts.length / 3;
    hill.asked += n;
    const probability = Float32Array.from({ length: n }, (_, i) => {
      const [al, cu, fe] = [amounts[3 * i]!, amounts[3 * i + 1]!, amounts[3 * i + 2]!];
      const d = (Math.abs(al - 63) + Math.abs(cu - 25) + Math.abs(fe - 12)) / 2;
      return Math.max(al, cu, fe) > 95 ? Number.NaN : Math.max(0, 0.95 - 0.07 * d);
    });
    return { probability, width: 3, values: Float32Array.from({ length: 3 * n }, (_, i) => [0, 1 - probability[(i / 3) | 0]!, probability[(i / 3) | 0]!][i % 3]!), ...(judge ? { inside: Uint8Array.from({ length: n }, (_, i) => (amounts[3 * i]! > 60 ? 1 : 0)), growth: Float32Array.from({ length: n }, (_, i) => (amounts[3 * i]! > 60 ? 1 : 2)) } : {}) };
  },
};

const phase = (text: string, label: string, shares: Readonly<Record<string, number>>): Phase => ({ text, label, hit: label !== "OTHERS", parts: Object.keys(shares), amounts: Object.values(shares) });
const phases = indexed([phase("AlCu", "OTHERS", { Al: 50, Cu: 50 }), phase("Al65Cu20Fe15", "QC", { Al: 65, Cu: 20, Fe: 15 }), phase("Mg2Zn11", "AC", { Mg: 15, Zn: 85 })]);

describe("a point", () => {
  test("is its likeliest class, where that is looked for", () => {
    expect(both.kinds.map((k) => k.name)).toEqual(["AC", "QC", "AC | QC"]);
    expect([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.3, 0.6]].map((p) => both.of(p[0]! + p[2]!, p, 0))).toEqual([0, 3, 1]);
    expect(both.of(Number.NaN, [], 0)).toBe(-1);
    expect([belongs(both, 2, 3, 0.55), belongs(both, 1, 3, 0.55), belongs(both, 1, 1, 0.4)]).toEqual([true, false, true]);
  });

  test("meets a number's bound where that is likelier than not", () => {
    const labels = labelling([{ kind: "interval", property: "Tc", low: 30, high: Infinity, unit: OUTPUTS as never, text: ">= 30" }], [{ kind: "number", name: "Tc", unit: OUTPUTS as never }]);
    expect(labels.kinds).toEqual([{ name: "Tc", column: -1 }]);
    expect([labels.of(0.6, [], 0), labels.of(0.4, [], 0)]).toEqual([0, 1]);
  });
});

describe("a system", () => {
  const seen = () => explore(system, { lattice, labels: both, refine: 0.2, crew: hill }, quiet);

  test("is asked coarsely everywhere, finely on the hill and around it, and nowhere twice", async () => {
    hill.asked = 0;
    const { points, probability } = await seen();
    expect(hill.asked).toBe(points.length);
    expect(points.length).toBeLessThan(1200);
    const known = new Set(points);
    for (let i = 0; i < lattice.grid.points; i++) {
      const d = gridDistance(lattice.grid, i, centre);
      if (d <= 10 - 1e-9 && 0.95 - 0.07 * d >= 0.2) expect(known.has(i)).toBe(true);
    }
    expect(probability[points.indexOf(centre)]).toBeCloseTo(0.95, 6);
    expect(points.every((p, i) => i === 0 || p > points[i - 1]!)).toBe(true);
  });

  test("comes to its trials, its regions and its score", async () => {
    const summary = await summarise(system, await seen(), { lattice, labels: both, phases, crew: hill }, quiet);
    const [best] = summary.trials;
    expect(best).toMatchObject({ formula: "Al63Cu25Fe12", amounts: [63, 25, 12], probability: 0.95, inside: true, nearestHit: { text: "Al65Cu20Fe15", label: "QC", distance: 5 } });
    expect(summary.trials).toHaveLength(TRIALS);
    for (const [i, a] of summary.trials.entries()) for (const b of summary.trials.slice(0, i)) expect(distanceOf({ parts: system.parts, amounts: a.amounts }, { parts: system.parts, amounts: b.amounts })).toBeGreaterThanOrEqual(APART);
    expect(summary.score).toBeCloseTo(summary.trials.reduce((sum, t) => sum + t.probability / (t.inside ? 1 : 2), 0), 4);
    // 0.95 − 0.07 d ≥ 0.5: the hexagon of radius 6 has 127 points.
    const { regions } = summary;
    expect(regions.map((r) => [r.kind, r.points])).toEqual([["QC", 127], ["AC | QC", 127]]);
    expect(regions[0]).toMatchObject({ centre: "Al63Cu25Fe12", low: [57, 19, 6], high: [69, 31, 18], max: 0.95, best: "Al63Cu25Fe12" });
    expect(summary.area).toBe(127 / 5151);
    expect([summary.known, summary.knownHits]).toEqual([2, 1]);
  });

  test("stands in tables that can be read", async () => {
    const summary = await summarise(system, await seen(), { lattice, labels: both, phases, crew: hill }, quiet);
    expect(systemsText([summary]).split("\n")[1]).toMatch(/^1,Al-Cu-Fe,\d\.\d+,0\.95,Al63Cu25Fe12,0\.0246\d+,QC,Al63Cu25Fe12,[\d.]+,Al65Cu20Fe15,QC,5,Al65Cu20Fe15,QC,5,2,1,\d+$/);
    expect(regionsText([summary]).split("\n")[1]).toContain('Al63Cu25Fe12,"Al 57 .. 69, Cu 19 .. 31, Fe 6 .. 18",');
  });
});

describe("phases", () => {
  test("distances are atoms to exchange; only what shares an element has one", () => {
    expect(distanceOf({ parts: ["Al", "Cu"], amounts: [50, 50] }, { parts: ["Cu", "Zn"], amounts: [20, 80] })).toBe(80);
    expect(phases.nearest(["Mg", "Si"], [50, 50])).toMatchObject({ any: { phase: { text: "Mg2Zn11" }, distance: 85 }, hit: { phase: { text: "Mg2Zn11" } } });
    expect(phases.nearest(["Ni", "Si"], [50, 50])).toEqual({});
    expect(phases.within(["Al", "Cu", "Ni"]).map((p) => p.text)).toEqual(["AlCu"]);
  });
});

describe("the next alloys", () => {
  const mixing = { parts: PARTS, descriptors: [], mix: (parts: readonly string[]) => parts, shares: () => [], price: () => 3.456 };

  test("differ, are new, and say why", async () => {
    const summary = await summarise(system, await explore(system, { lattice, labels: both, refine: 0.2, crew: hill }, quiet), { lattice, labels: both, phases: indexed([]), crew: hill }, quiet);
    const other = { ...summary, name: "Al-Cu-Ni", parts: ["Al", "Cu", "Ni"], trials: summary.trials.map((t) => ({ ...t, probability: 0.5, worth: 0.5 })) };
    const alloys = nextAlloys([summary, other], { most: 3, kinds: both.kinds, outputs: OUTPUTS, mixing });
    expect(alloys.slice(0, 2).map((a) => a.system)).toEqual(["Al-Cu-Fe", "Al-Cu-Ni"]);
    expect(new Set(alloys.map((a) => a.formula)).size).toBe(3);
    expect(alloys[0]!.gain).toBe(0.95);
    expect(alloys[0]!.reason).toBe("95 % likely to meet the target: QC 95 %; in a region of 2.5 % of Al-Cu-Fe around Al63Cu25Fe12; nothing known in Al-Cu-Fe, no known phase shares an element; inside the model's domain; raw materials 3.5 USD/kg");
    expect(alloysText(alloys, OUTPUTS).split("\n")[0]).toBe("rank,alloy,system,probability,gain,p_AC,p_OTHERS,p_QC,in_domain,nearest_known,nearest_known_is,known_distance_at_percent,nearest_hit,nearest_hit_is,hit_distance_at_percent,price_usd_per_kg,reason");
  });

  test("a system with a known hit, and places near one, are worth less", async () => {
    const at = async (known: readonly Phase[]) => nextAlloys([await summarise(system, await explore(system, { lattice, labels: both, refine: 0.2, crew: hill }, quiet), { lattice, labels: both, phases: indexed(known), crew: hill }, quiet)], { most: 1, kinds: both.kinds, outputs: OUTPUTS, mixing })[0]!;
    const far = await at([phase("Al20Cu20Fe60", "QC", { Al: 20, Cu: 20, Fe: 60 })]);
    expect(far.gain).toBeCloseTo(0.95 / 2, 6);
    const near = await at([phase("Al63Cu25Fe12", "QC", { Al: 63, Cu: 25, Fe: 12 })]);
    expect(near.formula).not.toBe("Al63Cu25Fe12");
    expect(near.reason).toContain("1 known hit in Al-Cu-Fe, nearest known hit Al63Cu25Fe12 (QC)");
  });
});
