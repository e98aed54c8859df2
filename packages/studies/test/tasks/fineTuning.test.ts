/* Networks of finished runs that go on learning, from a study's text to predictions. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { key, quiet, stream } from "@tatara/engine/base";
import { loadStudy, predictTable, resumeRun, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { newFolder } from "../badInput/bench.ts";

const PAIRS = [["Bi", "Te"], ["Sb", "Te"], ["Sn", "Se"], ["Bi", "Se"], ["Pb", "S"]] as const;
const law = (pair: number, x: number) => Math.sin(7 * x + pair) + 0.5 * pair * x;

function rows(seed: number, n: number, write: (value: number) => string): string[] {
  const rng = stream(key(seed));
  return Array.from({ length: n }, (_, i) => {
    const [a, b] = [1 + rng.below(60), 1 + rng.below(60)];
    const pair = PAIRS[i % PAIRS.length]!;
    return `${pair[0]}${a}${pair[1]}${b},${write(law(i % PAIRS.length, a / (a + b)))}`;
  });
}

const study = (kind: string, table: string, property: string, learn: string, more = "") => `study: ${kind}
domain: composition
data: { table: ${table}, properties: { ${property} } }
represent: [fractions]
learn: { folds: 3, split: random, splits: [], ${learn} }
workers: 1
${more}`;
const host = { verify: false, say: () => {} };
const SOURCES = "transfer: { sources: { md: md/model.json } }\n";

let folder = "";
const at = (name: string) => join(folder, name);
const load = async (text: string) => {
  await writeFile(at("study.yaml"), text);
  return loadStudy(at("study.yaml"));
};
const rmse = async (run: string): Promise<number> => {
  const table = parse<Record<string, string>>((await predictTable(at(`${run}/model.json`), at("new.csv"), {}, quiet)).text, { columns: true });
  return Math.sqrt(table.reduce((s, r) => s + (Number(r["gap_mean"]) - Number(r["truth"])) ** 2, 0) / table.length);
};

beforeAll(async () => {
  folder = await newFolder();
  await writeFile(at("many.csv"), `formula,simulated,other\n${rows(1, 300, (v) => `${v},${v * v}`).join("\n")}\n`);
  await writeFile(at("few.csv"), `formula,gap\n${rows(2, 30, (v) => String(2 + 0.8 * v)).join("\n")}\n`);
  await writeFile(at("new.csv"), `formula,truth\n${rows(3, 60, (v) => String(2 + 0.8 * v)).join("\n")}\n`);
  await runStudy(await load(study("fit", "many.csv", "simulated: { unit: eV }", "model: mlp, options: { members: 2, hidden: [64, 64], epochs: 200 }")), { out: at("md"), ...host }, quiet);
  await runStudy(await load(study("fit", "many.csv", "simulated: { unit: eV }, other: { unit: eV }", "model: mlp, options: { members: 2, hidden: [8], epochs: 10 }")), { out: at("two"), ...host }, quiet);
  await runStudy(await load(study("fit", "many.csv", "simulated: { unit: eV }", "model: linear")), { out: at("line"), ...host }, quiet);
}, 240_000);

test("a network that goes on learning is compared with other ways of transfer, and takes part where it is better", async () => {
  const learn = "model: transfer, options: { methods: [none, difference], repeats: 1, folds: 3, members: [{ learner: fine-tune, options: { freeze: 1, epochs: 120 } }] }";
  await runStudy(await load(study("fit", "few.csv", "gap: { unit: eV }", learn, SOURCES)), { out: at("chosen"), ...host }, quiet);
  const { transfer } = JSON.parse(await readFile(at("chosen/validation.json"), "utf8")) as { readonly transfer: readonly { readonly scores: readonly { readonly method: string; readonly rmse: number; readonly weight: number }[] }[] };
  const { scores } = transfer[0]!;
  expect(scores.map(({ method }) => method)).toEqual(["none", "difference", "fine-tune"]);
  expect(scores[2]!.rmse).toBeLessThan(scores[0]!.rmse);
  expect(scores.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  expect(await rmse("chosen")).toBeLessThan(0.7 * scores[0]!.rmse);
}, 120_000);

describe("a network of another run goes on learning", () => {
  let summary: RunSummary;
  beforeAll(async () => {
    summary = await runStudy(await load(study("fit", "few.csv", "gap: { unit: eV }", "model: fine-tune, options: { source: md, freeze: 1, epochs: 120 }", SOURCES)), { out: at("tuned"), ...host }, quiet);
  }, 120_000);

  test("and predicts better than one that begins anew", async () => {
    await runStudy(await load(study("fit", "few.csv", "gap: { unit: eV }", "model: mlp, options: { members: 2, hidden: [64, 64], epochs: 200 }")), { out: at("alone"), ...host }, quiet);
    expect(await rmse("tuned")).toBeLessThan(0.7 * (await rmse("alone")));
    expect(summary.lines[1]).toMatch(/^gap: fine-tune/);
  }, 120_000);

  test("the run reads back to the same bits, and resumes from the copy of its source", async () => {
    const first = (await predictTable(at("tuned/model.json"), at("new.csv"), {}, quiet)).text;
    await rm(at("tuned/model.json"));
    await rm(at("tuned/validation.json"));
    expect(await readFile(at("tuned/study.yaml"), "utf8")).toContain("md: source-1.json");
    const again = await resumeRun(at("tuned"), host, quiet);
    expect(again.lines).toEqual(summary.lines);
    expect((await predictTable(at("tuned/model.json"), at("new.csv"), {}, quiet)).text).toBe(first);
  }, 120_000);

  test("as a member of a pool, and as a way of a study of curves", async () => {
    const pool = await runStudy(await load(study("fit", "few.csv", "gap: { unit: eV }", "model: pool, options: { members: [{ learner: fine-tune, options: { freeze: 2, epochs: 40 } }, { learner: forest }] }", SOURCES)), { out: at("pool"), ...host }, quiet);
    expect(pool.lines[1]).toMatch(/^gap: pool/);
    const curves = await runStudy(await load(study("curves", "few.csv", "gap: { unit: eV }", "model: linear", `${SOURCES}curves: { sizes: [8, 16], repeats: 2, without: [linear], with: [{ model: fine-tune, options: { freeze: 2, epochs: 20 } }] }\n`)), { out: at("curves"), ...host }, quiet);
    expect(curves.lines.join("\n")).toContain("fine-tune");
    expect(await readFile(at("curves/curves.csv"), "utf8")).toMatch(/fine-tune/);
  }, 120_000);
});

test.each([
  ["hurdle", "{ numbers: { learner: fine-tune, options: { freeze: 2, epochs: 5 } }, classes: { learner: forest } }"],
  ["stack", "{ folds: 2, members: [{ learner: linear }, { learner: pool, options: { members: [{ learner: fine-tune, options: { freeze: 2, epochs: 5 } }] } }] }"],
  ["selected", "{ learner: fine-tune, options: { freeze: 2, epochs: 5 }, features: 2 }"],
  ["ensemble", "{ learner: fine-tune, options: { freeze: 2, epochs: 5 }, size: 2 }"],
])("a network goes on learning inside a %s", async (model, options) => {
  const { lines } = await runStudy(await load(study("fit", "few.csv", "gap: { unit: eV }", `model: ${model}, options: ${options}`, SOURCES)), { out: at(`in-${model}`), ...host }, quiet);
  expect(lines[1]).toContain(model === "selected" ? "(2 features)" : model);
}, 120_000);

describe("what cannot be fine-tuned inside another learner is told before the work", () => {
  test.each([
    ["hurdle, options: { numbers: { learner: fine-tune } }", "", "nothing to fine-tune: there are no sources"],
    ["hurdle, options: { numbers: { learner: fine-tune, options: { source: nobody } } }", SOURCES, 'unknown source: "nobody" — there are md'],
    ["pool, options: { members: [{ learner: linear }, { learner: fine-tune, options: { freeze: 3 } }] }", SOURCES, "cannot freeze 3 layers: the network has 2"],
  ])("%s %s", async (learner, sources, message) => {
    await expect(load(study("fit", "few.csv", "gap: { unit: eV }", `model: ${learner}`, sources))).rejects.toThrow(message);
  });
});

describe("what cannot be fine-tuned is told before the work", () => {
  const two = "transfer: { sources: { md: two/model.json } }\n";
  test.each([
    ["options: {}", "", "nothing to transfer from: learn.model is fine-tune — name finished models in transfer.sources"],
    ["options: { source: nobody }", SOURCES, 'unknown source: "nobody" — there are md'],
    ["options: {}", "transfer: { sources: { md: md/model.json, two: two/model.json } }\n", "which source is to be fine-tuned? — name one in learn.options.source: md, two"],
    ["options: {}", two, "which network of the source md is to be fine-tuned? — name its property in learn.options.of: simulated, other"],
    ["options: { of: density }", two, 'unknown property of the source md: "density" — there are simulated, other'],
    ["options: {}", "transfer: { sources: { line: line/model.json } }\n", "no network to fine-tune in the source line: it is a model"],
    ["options: { freeze: 3 }", SOURCES, "cannot freeze 3 layers: the network has 2 — from 0 to all of them"],
    ["options: { freeze: 1.5 }", SOURCES, "bad option of fine-tune: freeze = 1.5"],
  ])("%s %s", async (options, sources, message) => {
    await expect(load(study("fit", "few.csv", "gap: { unit: eV }", `model: fine-tune, ${options}`, sources))).rejects.toThrow(message);
  });

  test("one of two networks by its property", async () => {
    const { lines } = await runStudy(await load(study("fit", "few.csv", "gap: { unit: eV }", "model: fine-tune, options: { of: other, epochs: 5 }", two)), { out: at("of"), ...host }, quiet);
    expect(lines[1]).toMatch(/^gap: fine-tune/);
  }, 60_000);
});
