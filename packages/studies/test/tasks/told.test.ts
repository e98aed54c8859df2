/* What a run tells when it ends: on the screen, to programs, and in its report. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { loadStudy, runStudy } from "@tatara/studies/tasks";
import { attempt, fitText, newFolder, tableOf, tableWith } from "../badInput/bench.ts";

describe("a stack", () => {
  test("tells its parts with their weights in the last lines, in --json and in the report", async () => {
    const { summary, error } = await attempt(fitText(["model: linear", "model: stack, splits: [], options: { members: [{ learner: linear }, { learner: extra-trees, options: { trees: 20 } }] }"]), tableOf());
    expect(error).toBeUndefined();
    const [{ parts }] = summary!.results["properties"] as readonly [{ readonly parts: readonly { readonly learner: string; readonly weight: number }[] }];
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const line = summary!.lines.find((text) => text.includes("made of"));
    expect(line).toMatch(/^ {2}made of \d+ % (linear|extra-trees)\(/);
    expect(await readFile(join(summary!.path, "report.html"), "utf8")).toContain(`The stack is made of ${line!.replace("  made of ", "")}.`);
  });
});

test("accuracy stands beside the share of the commonest class, on the screen, in --json and in the report", async () => {
  const { summary } = await attempt(fitText(["{ y: {} }", "{ y: { kind: class } }"], ["model: linear", "model: forest, splits: []"]), tableWith((i) => (i % 10 === 0 ? "rare" : "usual")));
  expect(summary!.lines.find((line) => line.startsWith("y: "))).toMatch(/^y: forest, accuracy \d+ % \(the commonest class alone: 90 %\), log loss/);
  expect(summary!.results["properties"]).toMatchObject([{ commonest: 0.9 }]);
  const page = await readFile(join(summary!.path, "report.html"), "utf8");
  expect(page).toContain("accuracy of y, out of fold; the commonest class alone: 90 %");
  expect(page).toContain(">commonest class</abbr>");
});

describe("a study that learns from a source of its own materials", () => {
  let folder = "";
  const run = async (name: string, text: string) => {
    await writeFile(join(folder, `${name}.yaml`), text);
    return runStudy(await loadStudy(join(folder, `${name}.yaml`)), { out: join(folder, name), verify: false, say: () => {} }, quiet);
  };
  const from = (learn: string, properties = "{ y: {} }") => fitText(["{ y: {} }", properties], ["model: linear", `${learn}, splits: []`], ["workers: 1", "transfer: { sources: { s: source/model.json } }\nworkers: 1"]);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(join(folder, "t.csv"), tableWith((i) => `${i % 7},${i % 2 === 0 ? "a" : "b"}`, "smiles,y,c"));
    await run("source", fitText());
  }, 60_000);

  test.each([
    ["beside", "model: linear", "{ y: {} }", "the sources stand beside the descriptors that linear sees — leave learn.model out to compare the ways with none at all"],
    ["classes", "model: forest", "{ c: { kind: class } }", "the sources stand beside the descriptors that forest sees, as ways are compared for numbers only"],
    ["one", "model: transfer, options: { method: augmented }", "{ y: {} }", "the sources are used in one way, augmented — leave learn.model out to compare the ways with none at all"],
    ["none", "model: transfer, options: { methods: [none] }", "{ y: {} }", "of the ways to use the sources only none was tried"],
    ["two", "model: transfer, options: { methods: [augmented], repeats: 1, folds: 2 }", "{ y: {} }", undefined],
  ])("%s: says whether anything was compared, and that the source knows the materials, on the screen, to programs and in the report", { timeout: 60_000 }, async (name, learn, properties, uncompared) => {
    const { lines, results, path } = await run(name, from(learn, properties));
    const told = [...(uncompared === undefined ? [] : [`nothing was compared: ${uncompared}; whether the sources help is not known`]), expect.stringContaining("s learnt from 20 of these 20 materials") as string];
    expect(results["warnings"]).toEqual(told);
    const page = await readFile(join(path, "report.html"), "utf8");
    for (const text of results["warnings"] as readonly string[]) {
      expect(lines).toContain(`warning: ${text}`);
      expect(page).toContain(`<li>${text}</li>`);
    }
    expect(lines.some((line) => line.includes(": transfer by"))).toBe(uncompared === undefined);
    expect(page.includes("How transfer was chosen")).toBe(uncompared === undefined);
  });
});

test("a bad option of a learner inside another one is told with its line, its path and what would be right", async () => {
  const { error } = await attempt(fitText(["model: linear", "model: stack, options: { members: [{ learner: linear }, { learner: forest, options: { trees: many } }] }"]), tableOf());
  expect(error!.message).toMatch(/study\.yaml:5:\d+: bad option of forest: trees = "many" — a whole number ≥ 1 \(options\.members\.1\.options\.trees\)$/);
});
