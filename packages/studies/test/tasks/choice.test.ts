/* What auto tries for which data, within its budget: networks last, on descriptors that they can read, and where they train fast enough. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { key, one, quiet, stream } from "@tatara/engine/base";
import type { Table, Targets } from "@tatara/engine/data";
import { forecast, loadStudy, runStudy } from "@tatara/studies/tasks";
import { recipes } from "../../src/catalogue/learners.ts";
import { learnForecast } from "../../src/tasks/learnForecast.ts";
import { newFolder } from "../badInput/bench.ts";

const text = (represent: string, learn: string) => `study: fit
domain: composition
data: { table: t.csv, properties: { y: { unit: eV } } }
represent: [${represent}]
learn: { split: random, folds: 2, splits: [], ${learn} }
workers: 1
`;

function table(rows: number): string {
  const rng = stream(key(5));
  const lines = Array.from({ length: rows }, (_, i) => {
    const [a, b] = [1 + rng.below(9), 1 + rng.below(9)];
    return `${["Bi", "Zn", "Sn"][i % 3]}${a}${["Te", "S", "Se"][i % 3]}${b},${(a / (a + b) + 0.05 * rng.normal()).toFixed(4)}`;
  });
  return `${["formula,y (eV)", ...new Set(lines)].join("\n")}\n`;
}

async function placed(represent: string, learn: string, rows = 24) {
  const folder = await newFolder();
  await writeFile(join(folder, "study.yaml"), text(represent, learn));
  await writeFile(join(folder, "t.csv"), table(rows));
  return loadStudy(join(folder, "study.yaml"));
}

interface Line {
  readonly learner: string;
  readonly rmse: number | null;
  readonly note: string;
}

async function selectionOf(represent: string, learn: string): Promise<readonly Line[]> {
  const out = join(await newFolder(), "out");
  await runStudy(await placed(represent, learn), { out, verify: false, say: () => {} }, quiet);
  return (JSON.parse(await readFile(join(out, "validation.json"), "utf8")) as { readonly selection: readonly { readonly candidates: readonly Line[] }[] }).selection[0]!.candidates;
}

const shortOf = (lines: readonly Line[], name: string) => lines.find(({ learner }) => learner === name)!;

describe("auto", () => {
  test("tries networks with what its budget leaves, and says why it does not try others", { timeout: 60_000 }, async () => {
    const lines = await selectionOf("fraction-statistics", "model: auto, budget: 12");
    expect(shortOf(lines, "mlp").rmse).toBeGreaterThan(0);
    expect(shortOf(lines, "attention").note).toBe("needs the descriptor fractions");
    expect(shortOf(lines, "message-passing").note).toBe("needs packed graphs: the descriptor graph");
    expect((await selectionOf("fraction-statistics", "model: auto, budget: 2")).find(({ learner }) => learner === "mlp")!.note).toMatch(/^forecast to take \d+ s, more than the \d s left of the budget$/);
  });

  test("is forecast with the same learners as it tries", async () => {
    const { lines } = await forecast(await placed("fraction-statistics", "model: auto, budget: 12"), quiet);
    expect(lines.join("\n")).toMatch(/mlp \d\.\d s; what is left.*not for these data: attention, message-passing$/m);
  });

  test("leaves networks out where onnxruntime is missing", async () => {
    const { study, domain } = await placed("fractions", "model: auto");
    const size = { rows: 24, features: domain.descriptors["fractions"]!.features, cols: 80, properties: 1, transferred: false };
    expect(learnForecast(study, { ...size, networks: true }).names).toEqual(expect.arrayContaining(["mlp", "attention"]));
    const without = learnForecast(study, { ...size, networks: false });
    expect(without.names).toEqual(["linear", "gp", "extra-trees", "forest", "boosting"]);
    expect(without.lines[0]).toMatch(/no networks, which train too slowly without onnxruntime$/);
  });
});

test("the options of networks are searched", { timeout: 60_000 }, async () => {
  const rng = stream(key(1));
  const x: Table = { rows: 40, cols: 2, data: Float64Array.from({ length: 80 }, () => rng.normal()), features: ["a", "b"].map((name) => ({ name, unit: one, about: name })) };
  const y: Targets = { rows: 40, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: 40 }, (_, i) => x.data[2 * i]! - x.data[2 * i + 1]!) }] };
  const tuned = recipes["tuned"]!.make({ learner: "mlp", options: { members: 1, epochs: 30 }, seconds: 4 });
  const { state } = (await tuned.fit(x, y, key(2), quiet)).toRecord() as { readonly state: { readonly trials: readonly { readonly options: Readonly<Record<string, unknown>>; readonly loss: number }[] } };
  expect(new Set(state.trials.map(({ options }) => options["rate"])).size).toBeGreaterThan(2);
  for (const { options } of state.trials) expect(options).toMatchObject({ members: 1, epochs: 30 });
});

test("features are chosen for a network that reads shares, which stay whole", { timeout: 60_000 }, async () => {
  const lines = await selectionOf("fractions, fraction-statistics", "model: attention, options: { members: 1, epochs: 5 }, select: { features: 4 }");
  expect(shortOf(lines, "attention (4 features)").rmse).toBeGreaterThan(0);
});
