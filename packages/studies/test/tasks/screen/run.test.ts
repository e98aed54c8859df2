/* A screening as a user runs it: on a small table with a rule in it, in threads, stopped and resumed, with a finished model. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { quiet, type Context } from "@tatara/engine/base";
import { forecast, loadStudy, renderReport, resumeRun, runStudy } from "@tatara/studies/tasks";

const METALS = ["Cu", "Fe", "Ni", "Co"];
const OTHERS = ["Si", "Mg", "Zn"];
const TABLES = ["systems.csv", "regions.csv", "alloys.csv", "screen.json"];

/** Alloys of aluminium: those with 55 to 75 at.% of it and two transition metals are of the class that is looked for. */
function table(): string {
  const rows: string[] = [];
  for (const [i, a] of METALS.entries())
    for (const b of [...METALS.slice(i + 1), ...OTHERS])
      // Nothing is known of Al-Fe-Co.
      for (const al of a === "Fe" && b === "Co" ? [] : [20, 40, 57, 62, 66, 71, 85])
        for (const share of [0.3, 0.6]) {
          const first = Math.round((100 - al) * share);
          rows.push(`Al${al}${a}${first}${b}${100 - al - first},${["Al", a, b].toSorted().join("-")},${al > 55 && al < 75 && METALS.includes(b) ? "QC" : "OTHERS"}`);
        }
  return `formula,system,label\n${rows.join("\n")}\n`;
}

const STUDY = `study: screen
domain: composition
data: { table: t.csv, group: system, properties: { phase: { column: label, kind: class } } }
learn: { model: forest, options: { trees: 30 }, split: group, folds: 3 }
target: { phase: QC }
screen:
  systems: { each: [[Al], [Cu, Fe, Ni, Co], [Fe, Ni, Co, Si]] }
  coarse: 10 at.%
  fine: 2 at.%
  alloys: 4
workers: 2
`;

let folder: string;
const at = (...path: readonly string[]) => join(folder, ...path);
const host = { verify: false, say: () => {} };

async function study(name: string, ...edits: readonly (readonly [string, string])[]): Promise<string> {
  const text = edits.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the study has no ${from}`);
    return now.replace(from, to);
  }, STUDY);
  await writeFile(at(name), text);
  return at(name);
}

const run = async (file: string, out: string, overrides: readonly string[] = [], ctx: Context = quiet) => runStudy(await loadStudy(file, overrides), { out: at(out), ...host }, ctx);
const texts = (run: string) => Promise.all(TABLES.map((name) => readFile(at(run, name), "utf8")));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tatara-screen-"));
  await writeFile(at("t.csv"), table());
});

describe("a screening", () => {
  test("ranks systems by the rule of its table, proposes alloys, and tells it all", { timeout: 120_000 }, async () => {
    const summary = await run(await study("s.yaml"), "whole");
    const { screen } = summary.results as { screen: { systems: number; best: { system: string }[]; alloys: { system: string; reason: string }[] } };
    expect(screen.systems).toBe(10);
    expect(screen.best.slice(0, 6).map((s) => s.system).toSorted()).toEqual(["Al-Co-Ni", "Al-Cu-Co", "Al-Cu-Fe", "Al-Cu-Ni", "Al-Fe-Co", "Al-Fe-Ni"].map((s) => (s === "Al-Co-Ni" ? "Al-Ni-Co" : s)).toSorted());
    // Where a hit is known already, another is worth half.
    expect(screen.alloys[0]).toMatchObject({ system: "Al-Fe-Co", reason: expect.stringContaining("nothing known in Al-Fe-Co") as string });
    expect(summary.lines.join("\n")).toMatch(/10 systems, \d+ materials predicted\n\d+ systems with a region of QC/);
    const html = await readFile(summary.report!, "utf8");
    for (const part of ['id="alloys"', 'id="systems"', "Al<sub>", "systems gone over", "Ternary diagrams of the 10 best systems"]) expect(html).toContain(part);
    for (const part of ["d-Al-Ni-Co", "phases of the literature", "Al<tspan"]) expect(html, part).toContain(part);
    expect((await readdir(at("whole", "diagrams"))).filter((name) => name.startsWith("Al-Ni-Co"))).toEqual(["Al-Ni-Co.png", "Al-Ni-Co.svg"]);
    expect(Array.from((await readFile(at("whole", "diagrams", "Al-Ni-Co.png"))).subarray(1, 4))).toEqual([0x50, 0x4e, 0x47]);
    const before = html;
    await renderReport(at("whole"), quiet);
    expect(await readFile(summary.report!, "utf8")).toBe(before);
    expect((await readFile(at("whole", "systems.csv"), "utf8")).split("\n")).toHaveLength(12);
  });

  test("marks the phases of the user's own table, or none, and names the row that is no material", { timeout: 120_000 }, async () => {
    await writeFile(at("phases.csv"), "formula,name,kind\nAl62Cu20Fe18,my phase,mine\n");
    const few = ["each: [[Al], [Cu, Fe, Ni, Co], [Fe, Ni, Co, Si]]", "list: [Al-Cu-Fe]"] as const;
    const own = await run(await study("own.yaml", few, ["alloys: 4", "alloys: 4\n  phases: phases.csv"]), "own");
    const html = await readFile(own.report!, "utf8");
    expect(html).toContain("my phase");
    expect(html).not.toContain("φ-Al");
    const none = await run(await study("none.yaml", few, ["alloys: 4", "alloys: 4\n  phases: none"]), "none");
    expect(await readFile(none.report!, "utf8")).not.toMatch(/my phase|phases of the literature, with names/);
    await writeFile(at("phases.csv"), "formula\nAl62Cu20Fe18\nAl62Xx\n");
    await expect(run(at("own.yaml"), "bad")).rejects.toThrow(/phases\.csv, row 3: .*Xx/);
    await expect(loadStudy(await study("lost.yaml", few, ["alloys: 4", "alloys: 4\n  phases: known-phase"]))).rejects.toThrow(/no such table of phases: "known-phase" — did you mean "known-phases"/);
  });

  test("is the same to the last bit with one worker, and stopped and resumed", { timeout: 240_000 }, async () => {
    const file = await study("fine.yaml", ["coarse: 10 at.%\n  fine: 2 at.%", "coarse: 1 at.%\n  fine: 1 at.%"]);
    await run(file, "two");
    const whole = await texts("two");
    await run(file, "one", ["workers=1"]);
    expect(await texts("one")).toEqual(whole);

    const stop = new AbortController();
    const gone = new Error("stopped");
    const until: Context = { ...quiet, signal: stop.signal, report: (p) => void (p.stage === "screen" && p.done >= 5 && stop.abort(gone)) };
    await expect(run(file, "stopped", [], until)).rejects.toBe(gone);
    const kept = (await readdir(at("stopped", "points"))).filter((name) => name.endsWith(".json"));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan((await readdir(at("two", "points"))).filter((name) => name.endsWith(".json")).length);
    await expect(readFile(at("stopped", "systems.csv"))).rejects.toThrow(/ENOENT/);
    await resumeRun(at("stopped"), { ...host, workers: "1" }, quiet);
    expect(await texts("stopped")).toEqual(whole);
    for (const name of await readdir(at("two", "points"))) expect(await readFile(at("stopped", "points", name))).toEqual(await readFile(at("two", "points", name)));
  });

  test("with a finished model is that of the run that learnt it, which may then be gone", { timeout: 120_000 }, async () => {
    const file = await study("fit.yaml");
    await run(file, "learnt");
    const whole = await texts("learnt");
    const data = /data:.*\nlearn:.*\n/.exec(STUDY)![0];
    const finished = await study("model.yaml", [data, "model: learnt/model.json\n"]);
    const stages: string[] = [];
    await run(finished, "again", [], { ...quiet, report: ({ stage }) => void stages.push(stage) });
    expect(stages.filter((stage) => /learn|fit/.test(stage))).toEqual([]);
    expect(await texts("again")).toEqual(whole);
    await rm(at("learnt"), { recursive: true });
    await resumeRun(at("again"), host, quiet);
    expect(await texts("again")).toEqual(whole);
  });

  test("goes over binaries, slices and numbers too", { timeout: 120_000 }, async () => {
    await run(await study("two.yaml", ["{ each: [[Al], [Cu, Fe, Ni, Co], [Fe, Ni, Co, Si]] }", "{ choose: 2, of: [Al, Cu, Fe] }"]), "binaries");
    expect((await readFile(at("binaries", "systems.csv"), "utf8")).match(/^\d,[A-Z][a-z]-[A-Z][a-z],/gm)).toHaveLength(3);
    await run(await study("four.yaml", ["{ each: [[Al], [Cu, Fe, Ni, Co], [Fe, Ni, Co, Si]] }", '{ list: [Al-Cu-Fe-Si] }\n  slice: { Al: "60 at.%" }'], ["workers: 2", "workers: 1\nconstraints: { forbid: [Pb], fraction: { Si: \"<= 10 at.%\" } }"]), "slice");
    const alloys = (await readFile(at("slice", "alloys.csv"), "utf8")).trim().split("\n").slice(1).map((line) => line.split(",")[1]!);
    expect(alloys.length).toBeGreaterThan(0);
    for (const alloy of alloys) expect(alloy).toMatch(/^Al60Cu[\d.]+Fe[\d.]+Si(10|[2468])$/);
    const rows = table().trim().split("\n").slice(1).map((line) => `${line.split(",")[0]},${Number(/Al(\d+)/.exec(line)![1])}`);
    await writeFile(at("n.csv"), `formula,share\n${rows.join("\n")}\n`);
    await run(await study("numbers.yaml", ["t.csv, group: system, properties: { phase: { column: label, kind: class } }", "n.csv, properties: { share: {} }"], ["split: group", "split: random"], ["phase: QC", 'share: ">= 80"'], ["{ each: [[Al], [Cu, Fe, Ni, Co], [Fe, Ni, Co, Si]] }", "{ list: [Al-Cu-Fe] }"]), "numbers");
    expect((await readFile(at("numbers", "alloys.csv"), "utf8")).split("\n")[1]).toMatch(/^1,Al(8\d|9\d)Cu[\d.]+Fe[\d.]+,Al-Cu-Fe,.*\(share \d+\.?\d* ± [\d.]+\)/);
  });

  test("is forecast by check: systems, points and a time", async () => {
    const { lines, seconds } = await forecast(await loadStudy(await study("f.yaml", ["workers: 2", "constraints: { forbid: [Si] }\nworkers: 2"])), { ...quiet, now: () => performance.now() });
    expect(lines.join("\n")).toMatch(/screen about \d+ s: 6 systems of 3 elements \(4 more are forbidden\), 66 points on the grid of each, about \d+ with refinement: \d+ in all at \d+ µs a point, 2 workers/);
    expect(seconds).toBeGreaterThan(0);
  });

  test("warns of features that depend on how a formula is written", async () => {
    const { lines } = await forecast(await loadStudy(await study("w.yaml", ["target:", "represent: [statistics]\ntarget:"])), { ...quiet, now: () => performance.now() });
    expect(lines.join("\n")).toMatch(/warning: 5\d of the 290 features jump between neighbouring points of a diagram, such as sum:\w+/);
  });
});

describe("a bad screening is refused with its line", () => {
  const SYSTEMS = "{ each: [[Al], [Cu, Fe, Ni, Co], [Fe, Ni, Co, Si]] }";
  test.each<[string, readonly (readonly [string, string])[], RegExp]>([
    ["an unknown element", [["[Al]", "[Alu]"]], /bad\.yaml:7:22: unknown element: "Alu" — did you mean "Al"\?/],
    ["an element twice in one system", [[SYSTEMS, "{ list: [Al-Cu-Fe, Al-Al-Cu] }"]], /bad\.yaml:7:31: element named twice: "Al" in Al-Al-Cu/],
    ["no systems", [[SYSTEMS, "{}"]], /bad\.yaml:7:3: no systems — say one of each: /],
    ["systems in two ways", [[SYSTEMS, "{ list: [Al-Cu-Fe], each: [[Al], [Cu]] }"]], /systems in 2 ways: each, list/],
    ["choose without of", [[SYSTEMS, "{ choose: 3 }"]], /missing field: screen\.systems\.of/],
    ["systems of two sizes", [[SYSTEMS, "{ list: [Al-Cu-Fe, Al-Cu] }"]], /systems of different sizes: Al-Cu-Fe and Al-Cu/],
    ["a step that does not divide", [["coarse: 10 at.%", "coarse: 7 at.%"], ["fine: 2", "fine: 1"]], /bad\.yaml:8:3: step that does not divide 100 at\.%: screen\.coarse is 7 at\.% — 6\.66667 at\.% or 7\.14286 at\.% would/],
    ["a misspelt field", [["coarse:", "corse:"]], /bad\.yaml:8:3: unknown field: "screen\.corse" — did you mean "coarse"\?/],
    ["a target of a property that is not learnt", [["phase: QC", "fase: QC"]], /bad\.yaml:5:11: unknown property: "fase" — did you mean "phase"\?/],
    ["an extremal target", [["phase: { column: label, kind: class }", "y: {}"], ["phase: QC", "y: maximise"]], /no region: target of y is "maximise" — a screening needs a bound, such as ">= 10"/],
    ["an unknown constraint", [["workers: 2", "constraints: { forbidden: [Pb] }"]], /unknown constraint: "forbidden" — did you mean "forbid"\?/],
    ["constraints that leave nothing", [["workers: 2", "constraints: { forbid: [Al] }"]], /no system left: constraints forbid everything in all 10, such as Al-Cu-Fe/],
    ["a domain without parts", [["domain: composition", "domain: polymer"], ["group: system, ", ""], ["split: group", "split: random"]], /nothing to mix: domain "polymer"/],
    ["neither data nor model", [[/data:.*\nlearn:.*\n/.exec(STUDY)![0], ""]], /missing field: data — where the measurements are; or model/],
    ["a model that is not there", [["learn: {", "model: no.json\nlearn: {"], [/data:.*\n/.exec(STUDY)![0], ""]], /bad\.yaml:3:1: (learn beside a finished model|no such model)/],
  ])("%s", async (_, edits, message) => {
    await expect(loadStudy(await study("bad.yaml", ...edits))).rejects.toThrow(message);
  });

  test("a class that does not occur is told before anything is learnt", async () => {
    const loaded = await loadStudy(await study("class.yaml", ["phase: QC", "phase: QX | AC"]));
    await expect(forecast(loaded, quiet)).rejects.toThrow(/unknown class of phase: "QX" — did you mean "QC"\?/);
    await expect(runStudy(loaded, { out: at("class"), ...host }, quiet)).rejects.toThrow(/unknown class of phase: "QX"/);
    await expect(readdir(at("class"))).rejects.toThrow(/ENOENT/);
    await expect(forecast(await loadStudy(await study("class.yaml", ["phase: QC", 'phase: "QC | OTHERS"'])), quiet)).rejects.toThrow(/target of everything/);
  });

  test("a class that the model does not know, and fields that belong to it", { timeout: 60_000 }, async () => {
    await run(await study("m.yaml"), "m");
    const data = /data:.*\nlearn:.*\n/.exec(STUDY)![0];
    await expect(loadStudy(await study("bad.yaml", [data, "model: m/model.json\n"], ["phase: QC", "phase: AC"]))).rejects.toThrow(/bad\.yaml:4:11: unknown class of phase: "AC"/);
    await expect(loadStudy(await study("bad.yaml", [data, "model: m/model.json\n"], ["phase: QC", "Tc: '>= 3'"]))).rejects.toThrow(/unknown property of the model: "Tc" — there is phase/);
    await expect(loadStudy(await study("bad.yaml", [data, "model: m/model.json\nrepresent: [fractions]\n"]))).rejects.toThrow(/represent beside a finished model: m\/model\.json/);
    await expect(loadStudy(await study("bad.yaml", [data, "model: nowhere/model.json\n"]))).rejects.toThrow(/bad\.yaml:3:1: no such model: .*nowhere\/model\.json/);
  });
});
