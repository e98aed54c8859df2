/* Transfer in studies: finished models as sources, from the study's text to predictions without them. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { key, quiet, stream } from "@tatara/engine/base";
import { loadStudy, predictTable, resumeRun, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { fitText, newFolder, place, tableOf } from "../badInput/bench.ts";

const PAIRS = [["Bi", "Te"], ["Sb", "Te"], ["Sn", "Se"], ["Bi", "Se"], ["Pb", "S"]] as const;
/** A made-up law that few rows do not show: it bends and turns with the share. */
const law = (pair: number, x: number) => Math.sin(7 * x + pair) + 0.5 * pair * x;

function rows(seed: number, n: number, write: (value: number, noise: number) => string): string[] {
  const rng = stream(key(seed));
  return Array.from({ length: n }, (_, i) => {
    const [a, b] = [1 + rng.below(60), 1 + rng.below(60)];
    const pair = PAIRS[i % PAIRS.length]!;
    return `${pair[0]}${a}${pair[1]}${b},${write(law(i % PAIRS.length, a / (a + b)), rng.normal())}`;
  });
}

const SOURCE = `study: fit
domain: composition
data: { table: many.csv, properties: { simulated: { unit: eV, scale: log } } }
represent: [fractions]
learn: { model: extra-trees, folds: 3, split: random, splits: [] }
workers: 1
`;
const TARGET = `study: invert
domain: composition
data: { table: few.csv, properties: { gap: { unit: eV } } }
represent: [fractions]
transfer: { sources: { md: md/model.json } }
learn: { folds: 3, split: random, splits: [] }
target: { gap: ">= 3 eV" }
generate: { particles: 20, evaluations: 200 }
workers: 1
`;
const host = { verify: false, say: () => {} };

describe("a design whose property learns from a finished model", () => {
  let folder = "";
  let summary: RunSummary;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await newFolder();
    await writeFile(at("many.csv"), `formula,simulated\n${rows(1, 400, (v) => String(Math.exp(v))).join("\n")}\n`);
    await writeFile(at("few.csv"), `formula,gap\n${rows(2, 24, (v, noise) => String(2 + 0.8 * v + 0.05 * noise)).join("\n")}\n`);
    await writeFile(at("source.yaml"), SOURCE);
    await writeFile(at("target.yaml"), TARGET);
    await runStudy(await loadStudy(at("source.yaml")), { out: at("md"), ...host }, quiet);
    summary = await runStudy(await loadStudy(at("target.yaml")), { out: at("out"), ...host }, quiet);
    // The run holds all it needs.
    await rm(at("md"), { recursive: true });
  }, 120_000);

  test("it says which ways were taken and what they gain, on the screen, in the report and in validation.json", async () => {
    expect(summary.lines.join("\n")).toMatch(/^gap: transfer by .*; root mean squared error 0\.\d+ without transfer, 0\.\d+ by the best way \(.+\)$/m);
    const { transfer } = JSON.parse(await readFile(at("out/validation.json"), "utf8")) as { transfer: readonly { property: string; warning: string; scores: readonly { method: string; rmse: number; weight: number }[] }[] };
    expect(transfer).toHaveLength(1);
    expect(transfer[0]).toMatchObject({ property: "gap", warning: "" });
    const none = transfer[0]!.scores.find(({ method }) => method === "none")!;
    expect(Math.min(...transfer[0]!.scores.map(({ rmse }) => rmse))).toBeLessThan(0.7 * none.rmse);
    const html = await readFile(at("out/report.html"), "utf8");
    expect(html).toContain("How transfer was chosen");
    expect(html).toContain("difference to none");
  });

  test("its model predicts new materials from descriptors alone, the source being inside", async () => {
    await writeFile(at("new.csv"), `formula,truth\n${rows(3, 60, (v) => String(2 + 0.8 * v)).join("\n")}\n`);
    const { text } = await predictTable(at("out/model.json"), at("new.csv"), {}, quiet);
    const table = parse<Record<string, string>>(text, { columns: true });
    const error = Math.sqrt(table.reduce((s, r) => s + (Number(r["gap_mean"]) - Number(r["truth"])) ** 2, 0) / table.length);
    const spread = Math.sqrt(table.reduce((s, r) => s + (Number(r["truth"]) - 2.4) ** 2, 0) / table.length);
    expect(error).toBeLessThan(0.5 * spread);
  });

  test("conformal intervals hold for new materials too, whose sources are asked once for all folds", { timeout: 60_000 }, async () => {
    const truth = `formula,truth\n${rows(3, 60, (v, noise) => String(2 + 0.8 * v + 0.05 * noise)).join("\n")}\n`;
    await writeFile(at("noisy.csv"), truth);
    for (const [name, learn] of [["chosen", "folds: 3"], ["named", "model: linear, folds: 3"], ["few", "model: linear, select: { features: 3 }, folds: 3"]] as const) {
      await writeFile(at(`${name}.yaml`), TARGET.replace("study: invert", "study: fit").replace(/target: .*\ngenerate: .*\n/, "").replace("md/model.json", "out/source-1.json").replace("folds: 3", `${learn}, intervals: {}`));
      await runStudy(await loadStudy(at(`${name}.yaml`)), { out: at(name), ...host }, quiet);
      const { text } = await predictTable(at(`${name}/model.json`), at("noisy.csv"), {}, quiet);
      const table = parse<Record<string, string>>(text, { columns: true });
      const inside = table.filter((row) => Number(row["gap_conformal_lower"]) <= Number(row["truth"]) && Number(row["truth"]) <= Number(row["gap_conformal_upper"])).length;
      expect(inside / table.length, name).toBeGreaterThan(0.7);
      expect(table.every((row) => Number.isFinite(Number(row["gap_conformal_upper"])) && row["gap_conformal_upper"] !== ""), name).toBe(true);
    }
  });

  test("resumed, it tells the same; its study names the copy of the source", async () => {
    expect(await readFile(at("out/study.yaml"), "utf8")).toContain("md: source-1.json");
    const again = await resumeRun(at("out"), host, quiet);
    expect(again.lines).toEqual(summary.lines);
  });
});

describe("what cannot be transferred is told before the work", () => {
  test.each([
    ["learn: { model: linear", "learn: { model: transfer", "nothing to transfer from: learn.model is transfer — name finished models in transfer.sources"],
    ["workers: 1", "transfer: { sources: { md: nowhere/model.json } }\nworkers: 1", "nowhere/model.json — name the model.json of a run"],
    ["workers: 1", "transfer: { sources: { md: foreign.onnx } }\nworkers: 1", "foreign.onnx — it is an ONNX file, which does not say from what its inputs are computed; name the model.json of a run"],
    ["workers: 1", "transfer: { sources: {} }\nworkers: 1", "name at least one source"],
    ["workers: 1", "transfer: { source: x }\nworkers: 1", "transfer"],
  ])("%s → %s", async (from, to, message) => {
    const { folder, study } = await place(fitText([from, to]), tableOf());
    await writeFile(join(folder, "foreign.onnx"), Uint8Array.of(8, 8, 18, 7, 112, 121, 116, 111, 114, 99, 104));
    await expect(loadStudy(study)).rejects.toThrow(message);
  });
});

describe("sources of another kind of material", () => {
  const molecules = ["CCO", "CCCO", "CCCCO", "CC(C)O", "CCN", "CCCN", "CCCCN", "c1ccccc1", "Cc1ccccc1", "CCc1ccccc1", "CC(=O)O", "CCC(=O)O", "CCOC", "CCOCC", "CCCl", "CCCCl", "CC#N", "CCC#N"];
  const polymers = molecules.slice(0, 6).concat(molecules.slice(10)).map((text) => `*CC(*)${text}`);
  const study = (kind: string, domain: string, table: string, more = "") => `study: ${kind}\ndomain: ${domain}\ndata: { table: ${table}, structure: smiles, properties: { y: { unit: eV } } }\nrepresent: [physchem]\nlearn: { model: linear, folds: 3, split: random, splits: [] }\nworkers: 1\n${more}`;

  test("a model of molecules is a source of polymers, and that is said; one of compositions is refused by what it reads", async () => {
    const folder = await newFolder();
    const at = (name: string) => join(folder, name);
    const csv = (texts: readonly string[]) => `smiles,y\n${texts.map((text, i) => `${text},${text.length + 0.1 * (i % 3)}`).join("\n")}\n`;
    await writeFile(at("molecules.csv"), csv(molecules));
    await writeFile(at("polymers.csv"), csv(polymers));
    await writeFile(at("source.yaml"), study("fit", "molecule", "molecules.csv"));
    await writeFile(at("target.yaml"), study("fit", "polymer", "polymers.csv", "transfer: { sources: { small: small/model.json } }\n"));
    await runStudy(await loadStudy(at("source.yaml")), { out: at("small"), ...host }, quiet);
    const said: string[] = [];
    const { lines } = await runStudy(await loadStudy(at("target.yaml")), { out: at("out"), verify: false, say: (text) => said.push(text) }, quiet);
    expect(said).toContain("note: the source small was learnt from domain: molecule; it is asked about the descriptors of domain: polymer");
    expect(lines[1]).toMatch(/^y: linear/);
    await writeFile(at("formulas.csv"), `formula,y\n${rows(1, 20, String).join("\n")}\n`);
    await writeFile(at("wrong.yaml"), study("fit", "composition", "formulas.csv", "transfer: { sources: { small: small/model.json } }\n").replace("structure: smiles, ", "").replace("physchem", "fractions"));
    await expect(loadStudy(at("wrong.yaml"))).rejects.toThrow("another domain: molecule — the source small/model.json reads the descriptor physchem, which domain: composition does not have");
  });
});
