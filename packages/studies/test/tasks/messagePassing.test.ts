/* Message passing from a study: fitted, predicted from, designed with, and asked for without what it reads. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quiet } from "@tatara/engine/base";
import { loadStudy, predictTable, runStudy, soundStudy } from "@tatara/studies/tasks";
import { fitText, invertText, place, tableOf } from "../badInput/bench.ts";

const LONG = `C${"C".repeat(130)}`;
const TINY = "{ members: 2, hidden: 8, epochs: 2 }";
const learner = (model = `message-passing, options: ${TINY}`): readonly [readonly [string, string], readonly [string, string]] => [["represent: [physchem]", "represent: [graph, physchem]"], ["model: linear", `model: ${model}`]];
const start = async (text: string, table: string) => {
  const { folder, study } = await place(text, table);
  const out = join(folder, "out");
  const summary = await runStudy(await loadStudy(study), { out, verify: false, say: () => {} }, quiet);
  return { folder, out, summary };
};

test("a fit leaves a model that predicts new rows, and refuses a structure that is too large", async () => {
  const { folder, out } = await start(fitText(...learner()), tableOf([`${LONG},3`]));
  expect(await readFile(join(out, "rejected.csv"), "utf8")).toContain("too large for the descriptor graph: 131 atoms — at most 128 fit into a packed graph");
  await writeFile(join(folder, "new.csv"), `smiles\nCCCCCO\n[Na+].CC(=O)[O-]\n[Xe]\n${LONG}\n`);
  const { text } = await predictTable(join(out, "model.json"), join(folder, "new.csv"), { workers: "1" }, quiet);
  const rows = text.trim().split("\n").slice(1).map((line) => line.split(","));
  expect(rows.slice(0, 3).every(([, mean, sd]) => Number.isFinite(Number(mean)) && Number(sd) > 0)).toBe(true);
  expect(rows[3]!.at(-1)).toContain("too large for the descriptor graph");
});

test("the same study gives the same model, however many workers there are", async () => {
  const means = await Promise.all(["1", "2"].map(async (workers) => {
    const { folder, out } = await start(fitText(...learner(), ["workers: 1", `workers: ${workers}`]), tableOf());
    await writeFile(join(folder, "new.csv"), "smiles\nCCCCCO\nCC(=O)C\n");
    return (await predictTable(join(out, "model.json"), join(folder, "new.csv"), { workers }, quiet)).text;
  }));
  expect(means[1]).toBe(means[0]);
});

test("design works with message passing in a pool", async () => {
  const pool = `pool, options: { members: [{ learner: message-passing, options: ${TINY} }, { learner: extra-trees, options: { trees: 5 }, blocks: [physchem] }] }`;
  const { summary } = await start(invertText(...learner(pool)), tableOf());
  expect(summary.lines.join("\n")).toMatch(/different materials evaluated/);
});

test.each<[string, string, RegExp]>([
  ["no graph", fitText(["model: linear", "model: message-passing"]), /study\.yaml:4:1: no graph for message-passing: physchem — it needs the descriptor graph too/],
  ["no graph in a pool", fitText(["model: linear", "model: pool, options: { members: [{ learner: message-passing }, { learner: linear }] }"]), /no graph for pool: physchem/],
  ["nothing but a graph", fitText(["represent: [physchem]", "represent: [graph]"]), /nothing for linear to read: graph — only message-passing reads packed graphs/],
  ["an option that there is not", fitText(...learner("message-passing, options: { hiden: 3 }")), /unknown option of message-passing: "hiden" — did you mean "hidden"\?/],
  ["a share out of range", fitText(...learner("message-passing, options: { dropout: 1 }")), /bad option of message-passing: dropout = 1/],
  ["a kind of material without graphs", fitText(["domain: molecule", "domain: composition"], ["represent: [physchem]", "represent: [fractions]"], ["model: linear", "model: message-passing"]), /no graph for message-passing: composition has no descriptor that packs graphs/],
])("%s is told before anything is read", async (_, text, message) => {
  const { study } = await place(text, tableOf());
  await expect(soundStudy(study)).rejects.toThrow(message);
});
