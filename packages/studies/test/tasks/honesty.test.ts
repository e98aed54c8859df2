/* What a study tells of its own honesty: several splits side by side, conformal intervals in validation, model and predictions. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "csv-parse/sync";
import { quiet } from "@tatara/engine/base";
import { loadStudy, predictTable, runStudy } from "@tatara/studies/tasks";
import { place } from "../badInput/bench.ts";

const ELEMENTS = ["Fe", "Ni", "Cu", "Al", "Mg", "Zn", "Ti"];
/** Oxides and chlorides of pairs of metals: a value that follows from the shares. */
const rows = ELEMENTS.flatMap((a, i) => ELEMENTS.slice(i + 1).flatMap((b, j) => [1, 2, 3].map((n) => ({ formula: `${a}${n}${b}${(n % 2) + 1}${(i + j + n) % 2 === 0 ? "O2" : "Cl2"}`, y: 1 + i + 0.5 * j + 0.3 * n, good: (i + j) % 2 === 0 ? "yes" : "no" }))));
const TABLE = `formula,y,good\n${rows.map((r) => `${r.formula},${r.y},${r.good}`).join("\n")}\n`;
const study = (learn: string) => `study: fit\ndomain: composition\ndata: { table: t.csv, properties: { y: {}, good: { kind: class } } }\nrepresent: [fractions]\nlearn: { model: forest, options: { trees: 20 }, folds: 3, split: random, ${learn} }\n`;

async function run(learn: string) {
  const { folder, study: file } = await place(study(learn), TABLE);
  const summary = await runStudy(await loadStudy(file), { out: join(folder, "out"), verify: false, say: () => {} }, quiet);
  return { folder, path: summary.path, validation: JSON.parse(await readFile(join(summary.path, "validation.json"), "utf8")) as { splits: readonly { split: string; property: string; own: boolean; scores: object | null; trials: readonly { name: string }[] }[]; conformal: readonly { property: string; promise: string; checks: readonly { group: string; rows: number; coverage: number }[] }[] } };
}

describe("splits side by side", () => {
  test("a study that names none has those that are cheap; the report shows them", async () => {
    const { path, validation } = await run("coverage: 0.9");
    expect(validation.splits.filter((s) => s.property === "y").map((s) => s.split)).toEqual(["random", "sorted", "element", "cluster"]);
    expect(validation.splits.find((s) => s.split === "element")!.trials.map((t) => t.name)).toEqual(expect.arrayContaining(["without Al", "without Fe"]));
    expect(validation.splits.find((s) => s.split === "sorted" && s.property === "good")!.scores).toBeNull();
    const page = await readFile(join(path, "report.html"), "utf8");
    expect(page).toContain("Interpolation and extrapolation of y");
    expect(page).toContain("materials with an element that was never seen");
  });

  test("none is done where none is wanted", async () => {
    const { path, validation } = await run("splits: []");
    expect(validation.splits.map((s) => [s.split, s.own])).toEqual([["random", true], ["random", true]]);
    expect(await readFile(join(path, "report.html"), "utf8")).not.toContain("Interpolation and extrapolation");
  });

  test.each([
    ["splits: [scaffold]", /learn\.splits\.0|unknown grouping: "scaffold"/],
    ["splits: [group]", undefined],
    ["splits: [elements]", /did you mean "element"/],
    ["intervals: { by: family }", /unknown grouping: "family"/],
    ["intervals: { method: jackknife }", /learn\.intervals\.method/],
  ])("%s", async (learn, message) => {
    const { study: file } = await place(study(learn), TABLE);
    if (message === undefined) await expect(loadStudy(file)).resolves.toBeDefined();
    else await expect(loadStudy(file)).rejects.toThrow(message);
  });
});

describe("conformal intervals", () => {
  test.each(["cv+", "split"])("%s: in validation, report and predictions; a class of materials that was never seen has an infinite interval and a reason", async (method) => {
    const { folder, path, validation } = await run(`splits: [], intervals: { method: "${method}", by: class }`);
    const [y] = validation.conformal;
    expect(y!.promise).toContain(method === "split" ? "Split conformal intervals hold at least 90 %" : "CV+ conformal intervals hold about 90 %");
    expect(y!.checks[0]).toMatchObject({ group: "", rows: rows.length });
    // 63 rows: four standard errors of a coverage of 90 %.
    expect(y!.checks[0]!.coverage).toBeGreaterThan(0.9 - 4 * Math.sqrt(0.09 / rows.length));
    expect(await readFile(join(path, "report.html"), "utf8")).toContain("Conformal intervals of y");
    const fresh = join(folder, "new.csv");
    await writeFile(fresh, "formula\nFeNiO2\nFeNiBr2\nnonsense!\n");
    const { text } = await predictTable(join(path, "model.json"), fresh, {}, quiet);
    const [known, unknown, bad] = parse<Record<string, string>>(text, { columns: true });
    expect(Number(known!["y_conformal_lower"])).toBeLessThan(Number(known!["y_conformal_upper"]));
    expect(["yes", "no", "yes | no", "no | yes", ""]).toContain(known!["good_set"]);
    expect([unknown!["y_conformal_lower"], unknown!["y_conformal_upper"]]).toEqual(["-Infinity", "Infinity"]);
    expect(unknown!["reason"]).toContain('0 held-out rows of the group "bromide": a 90 % interval needs 9');
    expect(unknown!["good_set"]!.split(" | ")).toHaveLength(2);
    expect(bad!["reason"]).not.toBe("");
  });
});
