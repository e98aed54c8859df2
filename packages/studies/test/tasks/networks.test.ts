/* Networks in studies: learnt in worker threads, stored as ONNX files, used for design, and trained where onnxruntime cannot load. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { key, quiet, stream, type Context } from "@tatara/engine/base";
import { forecast, loadStudy, predictTable, resumeRun, runStudy, type RunSummary } from "@tatara/studies/tasks";
import { openNetworks } from "../../src/executors/networks.ts";
import { newFolder } from "../badInput/bench.ts";

const text = (model = "mlp", options = "{ members: 2, hidden: [16], epochs: 40 }", more = "") => `study: invert
domain: composition
data:
  table: t.csv
  properties: { gap: { unit: eV }, hardness: { unit: GPa } }
learn: { model: ${model}, split: random, folds: 3, options: ${options} }
represent: [fraction-statistics]
target: { gap: ">= 1.5 eV" }
generate: { particles: 60, evaluations: 300 }
workers: 2
seed: 3
${more}`;

function table(): string {
  const rng = stream(key(5));
  const lines = Array.from({ length: 80 }, (_, i) => {
    const [a, b] = [1 + rng.below(9), 1 + rng.below(9)];
    const pair = [["Bi", "Te"], ["Zn", "S"], ["Sn", "Se"], ["Ga", "As"]][i % 4]!;
    const x = a / (a + b);
    return `${pair[0]}${a}${pair[1]}${b},${(1 + x + 0.05 * rng.normal()).toFixed(4)},${i % 3 === 0 ? (3 - x + 0.1 * rng.normal()).toFixed(4) : ""}`;
  });
  return `${["formula,gap (eV),hardness (GPa)", ...lines].join("\n")}\n`;
}

async function place(study: string): Promise<{ readonly folder: string; readonly study: string }> {
  const folder = await newFolder();
  await writeFile(join(folder, "study.yaml"), study);
  await writeFile(join(folder, "t.csv"), table());
  return { folder, study: join(folder, "study.yaml") };
}

const run = async (study: string, out: string, say: (text: string) => void = () => {}, ctx: Context = quiet): Promise<RunSummary> => runStudy(await loadStudy(study), { out, verify: false, say }, ctx);
const rowsOf = (csv: string) => parse<Record<string, string>>(csv, { columns: true });

describe("a design by networks", () => {
  let folder = "";
  let summary: RunSummary;

  beforeAll(async () => {
    const placed = await place(text());
    folder = placed.folder;
    summary = await run(placed.study, join(folder, "out"));
  }, 120_000);

  test("ends with candidates", async () => {
    expect(rowsOf(await readFile(join(folder, "out", "candidates.csv"), "utf8")).length).toBeGreaterThan(5);
    expect(summary.lines.some((line) => line.startsWith("gap: mlp"))).toBe(true);
  });

  test("leaves one ONNX file for each network, which onnxruntime opens by itself", async () => {
    for (const [name, property] of [["model-gap.onnx", "gap"], ["model-hardness.onnx", "hardness"]] as const) {
      const session = await ort.InferenceSession.create(new Uint8Array(await readFile(join(folder, "out", name))), { logSeverityLevel: 3 });
      expect(session.outputNames).toContain(`mean:${property}`);
      await session.release();
    }
  });

  test("predicts the same in another process's words, and resumes to the same bits", async () => {
    const model = join(folder, "out", "model.json");
    const first = await predictTable(model, join(folder, "t.csv"), {}, quiet);
    const candidates = await readFile(join(folder, "out", "candidates.csv"), "utf8");
    await rm(join(folder, "out", "candidates.csv"));
    await resumeRun(join(folder, "out"), { verify: false, say: () => {} }, quiet);
    const again = await run(join(folder, "study.yaml"), join(folder, "again"));
    expect(again.lines.filter((line) => !line.includes(" s;"))).toEqual(summary.lines.filter((line) => !line.includes(" s;")));
    expect(await readFile(join(folder, "again", "candidates.csv"), "utf8")).toBe(candidates);
    expect((await predictTable(join(folder, "again", "model.json"), join(folder, "t.csv"), {}, quiet)).text).toBe(first.text);
  }, 120_000);
});

test("one network for all properties is one file", async () => {
  const { folder, study } = await place(text("mlp", "{ members: 2, hidden: [16], epochs: 20, joint: true }").replace("invert", "fit").replace(/target:.*\ngenerate:.*\n/, ""));
  await run(study, join(folder, "out"));
  expect(["model-gap-hardness.onnx", "model-gap-hardness-2.onnx"].map((name) => existsSync(join(folder, "out", name)))).toEqual([true, true]);
}, 120_000);

describe("one network for properties that are not all measured everywhere", () => {
  const symbols = ["Al", "Mg", "Fe", "Ni", "Cu", "Zn"];
  /** Both properties bend in the same way; one is known in few rows, and whether a third is met in some. */
  const inner = (shares: readonly number[]): number => shares.reduce((sum, a, i) => sum + Math.sin(2 * a * (i + 1)) + 2 * a * shares[(i + 1) % shares.length]!, 0);
  function mixtures(seed: number, n: number): readonly { readonly formula: string; readonly value: number }[] {
    const rng = stream(key(seed));
    return Array.from({ length: n }, () => {
      const counts = symbols.map((): number => 1 + rng.below(40));
      const total = counts.reduce((a, b) => a + b, 0);
      return { formula: counts.map((c, i) => `${symbols[i]}${c}`).join(""), value: inner(counts.map((c) => c / total)) };
    });
  }
  const study = (properties: string, joint: boolean) => `study: fit
domain: composition
data: { table: t.csv, properties: { ${properties} } }
learn: { model: mlp, split: random, splits: [], folds: 3, options: { members: 3, hidden: [32, 32], epochs: 150, rate: 0.005${joint ? ", joint: true" : ""} } }
represent: [fractions]
workers: 2
`;

  test("learns the rare one from the others, numbers and classes, and says nothing of a row that it was not asked to learn", async () => {
    const folder = await newFolder();
    const at = (name: string) => join(folder, name);
    const many = mixtures(1, 240);
    const middle = many.map(({ value }) => value).sort((a, b) => a - b)[120]!;
    await writeFile(at("t.csv"), `formula,common,rare,high\n${many.map(({ formula, value }, i) => `${formula},${i % 7 === 0 ? "" : value},${i % 12 === 0 ? 5 - 2 * value : ""},${i % 3 === 0 ? (value > middle ? "yes" : "no") : ""}`).join("\n")}\n`);
    const fresh = mixtures(2, 150);
    await writeFile(at("new.csv"), `formula\n${fresh.map(({ formula }) => formula).join("\n")}\n`);
    const fitted = async (name: string, properties: string, joint: boolean) => {
      await writeFile(at("study.yaml"), study(properties, joint));
      await run(at("study.yaml"), at(name));
      return rowsOf((await predictTable(at(`${name}/model.json`), at("new.csv"), {}, quiet)).text);
    };
    const error = (rows: readonly Record<string, string>[]) => Math.sqrt(rows.reduce((sum, row, i) => sum + (Number(row["rare_mean"]) - (5 - 2 * fresh[i]!.value)) ** 2, 0) / rows.length);
    const alone = await fitted("alone", "rare: { unit: eV }", false);
    const together = await fitted("together", "rare: { unit: eV }, common: { unit: GPa }, high: { kind: class }", true);
    expect(error(together)).toBeLessThan(0.8 * error(alone));
    const right = together.filter((row, i) => (Number(row["p_yes"]) > 0.5) === fresh[i]!.value > middle).length;
    expect(right / fresh.length).toBeGreaterThan(0.7);
    // Out of fold a row shows the network none of its values, so that the error told is that of new rows.
    const { properties } = JSON.parse(await readFile(at("together/validation.json"), "utf8")) as { properties: readonly { name: string; rmse: number }[] };
    expect(properties.find(({ name }) => name === "rare")!.rmse).toBeGreaterThan(0.4 * error(together));
  }, 120_000);
});

describe("where onnxruntime cannot load", () => {
  const broken = () => Promise.reject(new Error("libonnxruntime.so.1: cannot open shared object file\nRequire stack:\n- x"));

  test("the interpreter takes over and one line says why", async () => {
    const { backend, warning } = await openNetworks({ load: broken, environment: {} });
    expect(backend.name).toBe("interpreter");
    expect(warning).toBe("onnxruntime cannot be used (libonnxruntime.so.1: cannot open shared object file): networks are trained by the interpreter, many times slower");
  });

  test.each([
    [{}, "onnxruntime"],
    [{ TATARA_DEVICES: "cpu" }, "onnxruntime"],
    [{ TATARA_ONNXRUNTIME: "off" }, "interpreter"],
  ])("with %j networks run on %s", async (environment, name) => {
    expect((await openNetworks({ environment })).backend.name).toBe(name);
  });

  /** onnxruntime on a machine with some devices. */
  const machine = (there: readonly string[]) => async () => {
    const create = (file: Uint8Array, options: ort.InferenceSession.SessionOptions) => {
      const [asked] = options.executionProviders as readonly string[];
      return there.includes(asked!) ? ort.InferenceSession.create(file, { ...options, executionProviders: ["cpu"] }) : Promise.reject(new Error(asked === "webgpu" ? "/ort/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> status == Success was false. No supported adapters\n" : `${asked}: no supported adapters\n at dawn`));
    };
    return { ...ort, InferenceSession: { create } } as unknown as typeof ort;
  };

  test("devices are tried in order, and what is not there is told", async () => {
    const { backend, warning } = await openNetworks({ load: machine(["cpu"]), environment: { TATARA_DEVICES: "cuda, webgpu,cpu" } });
    expect(backend.name).toBe("onnxruntime");
    expect(warning).toBe("not available: cuda (cuda: no supported adapters), webgpu (No supported adapters) — networks run on cpu");
    expect((await openNetworks({ load: machine(["cpu", "webgpu"]), environment: { TATARA_DEVICES: "webgpu,cpu" } })).warning).toBeUndefined();
  });

  test("where no device that was asked for is there, nothing runs on another one in silence", async () => {
    const asked = openNetworks({ load: machine(["cpu"]), environment: { TATARA_DEVICES: "cuda" } });
    await expect(asked).rejects.toThrow(/^no device for networks: TATARA_DEVICES=cuda, not available: cuda \(.*no supported adapters\) — add cpu, which every machine has, or leave TATARA_DEVICES out$/);
  });

  test("a device that does not exist is refused", async () => {
    await expect(openNetworks({ environment: { TATARA_DEVICES: "cuda,gpu" } })).rejects.toThrow('unknown device: "gpu" — TATARA_DEVICES names cpu, webgpu, cuda');
  });
});

test("a forecast knows that networks take long, and options are checked before", async () => {
  const { study } = await place(text("mlp", "{}"));
  expect((await forecast(await loadStudy(study), { ...quiet, now: () => performance.now() })).lines.some((line) => /^learn about \d+ s \(mlp; 3 folds\)$/.test(line))).toBe(true);
  const bad = await place(text("mlp", "{ members: 0 }"));
  await expect(loadStudy(bad.study)).rejects.toThrow(/bad option of mlp: members = 0/);
});

test("a run is stopped within seconds while workers train", async () => {
  const { folder, study } = await place(text("mlp", "{ epochs: 100000, patience: 100000 }"));
  const stop = new AbortController();
  let began = 0;
  const ctx: Context = {
    ...quiet,
    signal: stop.signal,
    now: () => performance.now(),
    breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    report: ({ stage }) => {
      if (began > 0 || !stage.includes("validate")) return;
      began = performance.now();
      setTimeout(() => stop.abort(new Error("stopped")), 1500);
    },
  };
  await expect(run(study, join(folder, "out"), () => {}, ctx)).rejects.toThrow("stopped");
  // 1.5 s of training, and what a busy machine takes to end two threads.
  expect(performance.now() - began).toBeLessThan(15_000);
}, 60_000);
