/* Attention over the elements of formulas, from a study's text to predictions. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { key, quiet, stream } from "@tatara/engine/base";
import { loadStudy, predictTable, resumeRun, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { elementParts } from "../../src/catalogue/elementParts.ts";
import { newFolder } from "../badInput/bench.ts";

const SYMBOLS = ["Al", "Mg", "Fe", "Ni", "Cu", "Zn", "Ti"];
/** Pairs that meet matter, beside a mean over the elements. */
const law = (shares: readonly number[]): number => shares.reduce((sum, a, i) => sum + shares.reduce((s, b, j) => s + a * b * ((i % 3) + Math.cos(i * j)), 0), 0);

function rows(seed: number, n: number): string[] {
  const rng = stream(key(seed));
  return Array.from({ length: n }, () => {
    const counts = SYMBOLS.map((): number => (rng.below(2) === 1 ? 1 + rng.below(30) : 0));
    if (!counts.some((c) => c > 0)) counts[0] = 1;
    const total = counts.reduce((a, b) => a + b, 0);
    return `${counts.map((c, i) => (c > 0 ? `${SYMBOLS[i]}${c}` : "")).join("")},${(4 * law(counts.map((c) => c / total))).toFixed(4)}`;
  });
}

const text = (learn: string, represent = "fractions", domain = "composition") => `study: fit
domain: ${domain}
data: { table: t.csv, properties: { strength: { unit: MPa } } }
represent: [${represent}]
learn: { folds: 3, split: random, splits: [], ${learn} }
workers: 2
`;
const host = { verify: false, say: () => {} };
let folder = "";
const at = (name: string) => join(folder, name);
const load = async (study: string) => {
  await writeFile(at("study.yaml"), study);
  return loadStudy(at("study.yaml"));
};

beforeAll(async () => {
  folder = await newFolder();
  await writeFile(at("t.csv"), `formula,strength\n${rows(1, 150).join("\n")}\n`);
  await writeFile(at("new.csv"), `formula,truth\n${rows(2, 60).join("\n")}\n`);
});

describe("a run of attention", () => {
  let summary: RunSummary;
  beforeAll(async () => {
    summary = await runStudy(await load(text("model: attention, options: { members: 2, width: 32, layers: 1, epochs: 60, rate: 0.004 }", "fractions, fraction-statistics")), { out: at("out"), ...host }, quiet);
  }, 120_000);

  test("predicts what the elements do together", async () => {
    expect(summary.lines[1]).toMatch(/^strength: attention, R² 0\.[6-9]/);
    const table = parse<Record<string, string>>((await predictTable(at("out/model.json"), at("new.csv"), {}, quiet)).text, { columns: true });
    const truth = table.map((r) => Number(r["truth"]));
    const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
    const [error, spread] = [table.reduce((s, r, i) => s + (Number(r["strength_mean"]) - truth[i]!) ** 2, 0), truth.reduce((s, v) => s + (v - mean) ** 2, 0)];
    expect(error).toBeLessThan(0.4 * spread);
  });

  test("leaves an ONNX file that onnxruntime opens by itself, and resumes to the same bits", async () => {
    const session = await ort.InferenceSession.create(new Uint8Array(await readFile(at("out/model.onnx"))), { logSeverityLevel: 3 });
    expect([session.inputNames.toSorted(), session.outputNames.includes("mean:strength")]).toEqual([["part", "share", "x"], true]);
    await session.release();
    const first = (await predictTable(at("out/model.json"), at("new.csv"), {}, quiet)).text;
    await rm(at("out/model.json"));
    await rm(at("out/validation.json"));
    expect((await resumeRun(at("out"), host, quiet)).lines).toEqual(summary.lines);
    expect((await predictTable(at("out/model.json"), at("new.csv"), {}, quiet)).text).toBe(first);
  }, 120_000);
});

describe("what it needs is told before the work", () => {
  test.each([
    ["fraction-statistics", "composition", "no fractions for attention: fraction-statistics — it needs the descriptor fractions too"],
    ["physchem", "molecule", "no fractions for attention: molecule has no such descriptor — choose another learner"],
  ])("%s of %s", async (represent, domain, message) => {
    await expect(load(text("model: attention", represent, domain))).rejects.toThrow(message);
  });
  test("also within a pool", async () => {
    await expect(load(text("model: pool, options: { members: [{ learner: attention }] }", "fraction-statistics"))).rejects.toThrow("no fractions for pool");
  });
});

test("every element is known by the shipped table, each property on one scale", () => {
  const { block, vectors } = elementParts();
  expect(block).toBe("fractions");
  const [iron, nickel, neon] = ["Fe", "Ni", "Ne"].map((symbol) => vectors.get(`fraction:${symbol}`)!);
  const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((v, i) => v - b[i]!));
  expect(distance(iron!, nickel!)).toBeLessThan(0.5 * distance(iron!, neon!));
  for (const vector of vectors.values()) expect(vector.every((v) => Number.isFinite(v) && Math.abs(v) < 12)).toBe(true);
});
