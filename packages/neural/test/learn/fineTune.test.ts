import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { InputError, key, one, quiet, stream } from "@tatara/engine/base";
import { decode, encode } from "@tatara/engine/base";
import type { NumberColumn, Table, Targets } from "@tatara/engine/data";
import { type Model, type ModelRecord, takeRows } from "@tatara/engine/learn";
import type { NumericMarginal } from "@tatara/engine/prob";
import { checkLearner } from "@tatara/engine/testing";
import { attention } from "../../src/learn/attention/attention.ts";
import { layoutOfKind } from "../../src/learn/file.ts";
import { type FineTuneOptions, fineTune, fineTuner } from "../../src/learn/fineTune.ts";
import { neuralHost } from "../../src/learn/host.ts";
import { kinds } from "../../src/learn/kinds.ts";
import { type MlpArchitecture, type MlpOptions, mlp, mlpKind } from "../../src/learn/mlp.ts";
import { type NeuralModel, reviveNeural } from "../../src/learn/model.ts";
import { fineTuneRecipe } from "../../src/learn/recipes.ts";
import { ortBackend } from "../../src/runtime/ort.ts";
import { sizeOf } from "../../src/tensor/shape.ts";

const host = neuralHost(async () => ortBackend(ort));
const revive = reviveNeural(host, kinds);
const small: MlpOptions = { members: 2, hidden: [64, 64], epochs: 120, rate: 4e-3 };
const COLS = 5;

function table(rows: number, seed: number): Table {
  const rng = stream(key(seed));
  return { rows, cols: COLS, data: Float64Array.from({ length: rows * COLS }, () => rng.normal()), features: Array.from({ length: COLS }, (_, j) => ({ name: `x${j}`, unit: one, about: "" })) };
}
/** What both tasks have in common bends; the second is a line in it. */
const inner = (x: Table, i: number): number => Math.sin(2 * x.data[i * COLS]) + x.data[i * COLS + 1] * x.data[i * COLS + 2];
const column = (x: Table, name: string, of: (inner: number) => number): NumberColumn => ({ kind: "number", name, unit: one, values: Float64Array.from({ length: x.rows }, (_, i) => of(inner(x, i))) });
const targets = (c: NumberColumn): Targets => ({ rows: c.values.length, columns: [c] });
const number = async (model: Model, x: Table) => (await model.predict(x, quiet)).marginals[0] as NumericMarginal;
const rmse = (a: Float64Array, b: Float64Array): number => Math.sqrt(a.reduce((s, v, i) => s + (v - b[i]) ** 2, 0) / a.length);

const [many, few, fresh] = [table(600, 1), table(30, 2), table(300, 3)];
const source = mlp(host, small).fit(many, targets(column(many, "simulated", (v) => v)), key(1), quiet) as Promise<NeuralModel>;
const measured = targets(column(few, "measured", (v) => 5 - 3 * v));
const truth = column(fresh, "measured", (v) => 5 - 3 * v).values;
const tuned = async (options: FineTuneOptions = {}): Promise<NeuralModel> => fineTune(host, await source, few, measured, { epochs: 200, ...options }, key(2), quiet);

/** Parameters and running statistics of a layer of each member. */
function partsOf({ manifest, inputs, values }: NeuralModel, start: string): readonly (readonly number[])[] {
  const { parameters, buffers } = layoutOfKind(mlpKind, { architecture: manifest.architecture as MlpArchitecture, inputs });
  const own = (parts: typeof parameters, all: Float32Array): number[] => parts.filter(({ name }) => name.startsWith(start)).flatMap(({ offset, shape }) => [...all.subarray(offset, offset + sizeOf(shape))]);
  return values().slice(0, manifest.members).map((one) => [...own(parameters, one.parameters), ...own(buffers, one.buffers)]);
}

test("30 rows learn more from a network that knows the other task than alone", async () => {
  const alone = await number(await mlp(host, small).fit(few, measured, key(2), quiet), fresh);
  for (const freeze of [0, 1, 2]) {
    const own = await number(await tuned({ freeze }), fresh);
    expect(rmse(own.mean, truth)).toBeLessThan(0.6 * rmse(alone.mean, truth));
  }
});

describe("frozen layers", () => {
  test("stay to the last bit, and the others move", async () => {
    const [before, after] = [await source, await tuned({ freeze: 1 })];
    expect(partsOf(after, "hidden1.")).toEqual(partsOf(before, "hidden1."));
    expect(partsOf(after, "importance")).toEqual(partsOf(before, "importance"));
    expect(partsOf(after, "hidden2.")).not.toEqual(partsOf(before, "hidden2."));
    expect(partsOf(await tuned(), "hidden1.")).not.toEqual(partsOf(before, "hidden1."));
  });

  test("stay with their running statistics", async () => {
    const before = (await mlp(host, { ...small, epochs: 20, norm: "batch" }).fit(many, targets(column(many, "simulated", (v) => v)), key(1), quiet)) as NeuralModel;
    const after = await fineTune(host, before, few, measured, { epochs: 20, freeze: 1 }, key(2), quiet);
    expect(partsOf(after, "hidden1.")).toEqual(partsOf(before, "hidden1."));
    expect(partsOf(after, "hidden2.")).not.toEqual(partsOf(before, "hidden2."));
  });

  test("of a member that has left out a row are those of the same member of the source", async () => {
    expect(new Set(partsOf(await tuned({ freeze: 2 }), "hidden2.").map(String)).size).toBe(2);
  });
});

test("the model is one of mlp: its record reads back to the same bits, and it can be tuned again", async () => {
  const model = await tuned({ freeze: 1 });
  const back = revive(decode(encode(model.toRecord())) as ModelRecord);
  expect((await number(back, fresh)).sd).toEqual((await number(model, fresh)).sd);
  expect(model.id).toMatch(/^fine-tune\(freeze=1, epochs=200; mlp\(members=2/);
  const again = await fineTune(host, back, few, measured, { freeze: 2, epochs: 5 }, key(3), quiet);
  expect(partsOf(again, "hidden1.")).toEqual(partsOf(model, "hidden1."));
});

test("classes can be learnt from a network of numbers", async () => {
  const codes = Int32Array.from({ length: few.rows }, (_, i) => (inner(few, i) > 0 ? 1 : 0));
  const model = await fineTune(host, await source, few, { rows: few.rows, columns: [{ kind: "category", name: "sign", levels: ["-", "+"], codes }] }, { freeze: 2 }, key(2), quiet);
  const marginal = (await model.predict(fresh, quiet)).marginals[0];
  if (marginal.kind !== "category") throw new Error("a class is wanted");
  const right = Array.from({ length: fresh.rows }, (_, i) => marginal.probability.data[2 * i + 1] > 0.5 === inner(fresh, i) > 0).filter(Boolean).length;
  expect(right / fresh.rows).toBeGreaterThan(0.85);
});

describe("the learner keeps the contract", () => {
  const kit = table(80, 9);
  const names = Array.from({ length: 15 }, (_, j) => `f${j}`);
  const wide: Table = { rows: kit.rows, cols: 15, data: Float64Array.from({ length: 80 * 15 }, (_, at) => kit.data[at % kit.data.length] * (1 + (at % 3))), features: names.map((name) => ({ name, unit: one, about: "" })) };
  const first = mlp(host, { ...small, hidden: [12], epochs: 20 }).fit(wide, targets({ kind: "number", name: "s", unit: one, values: Float64Array.from({ length: 80 }, (_, i) => wide.data[i * 15] + wide.data[i * 15 + 12]) }), key(1), quiet) as Promise<NeuralModel>;
  const learner = { id: "fine-tune", acceptsMissing: true, complexity: 5, fit: async (...at: Parameters<ReturnType<typeof mlp>["fit"]>) => fineTuner(host, await first, { epochs: 30, freeze: 0 }).fit(...at) };
  const skip = [{ check: "a whole weight is a number of copies", reason: "rows are drawn into batches, and a heavy row is one row" }];
  for (const claim of checkLearner({ learner, revive, skip })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});

describe("what cannot be fine-tuned is told", () => {
  test.each([
    ["more frozen layers than there are", () => tuned({ freeze: 3 }), "cannot freeze 3 layers: the network has 2 — from 0 to all of them"],
    ["a network of another kind", async () => {
      const shares: Table = { ...few, data: few.data.map(Math.abs), features: few.features.map((f) => ({ ...f, block: "parts" })) };
      const other = (await attention(host, { block: "parts", vectors: new Map() }, { members: 1, width: 8, layers: 1, heads: 1, epochs: 1 }).fit(shares, measured, key(1), quiet)) as NeuralModel;
      return fineTune(host, other, shares, measured, {}, key(1), quiet);
    }, "cannot fine-tune: a network of kind attention — perceptrons can be"],
    ["a table without the source's features", async () => fineTune(host, await source, { ...few, features: few.features.map((f, j) => ({ ...f, name: `z${j}` })) }, measured, {}, key(1), quiet), "x0"],
    ["no network at all", () => fineTuneRecipe(host, kinds).make({ source: "md" }).fit(few, measured, key(1), quiet), "nothing to fine-tune: no network was given"],
    ["a constant target", async () => fineTune(host, await source, few, targets({ ...column(few, "y", () => 1) }), {}, key(1), quiet), "constant target"],
  ])("%s", async (_, run, message) => {
    const error = await run().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(message);
  });

  test.each([
    [{ freeze: -1 }, /^bad option of fine-tune: freeze = -1/],
    [{ members: 3 }, /^unknown option of fine-tune: "members"/],
    [{ network: "x" }, /^bad option of fine-tune: network/],
    [{ network: new Uint8Array(3) }, /^not an ONNX file: 3 bytes/],
  ])("option %j", (options, message) => {
    expect(() => fineTuneRecipe(host, kinds).make(options)).toThrow(message);
  });
});

test("rows of a batch do not matter to each other", async () => {
  const model = await tuned({ freeze: 1 });
  const all = await number(model, fresh);
  const alone = await number(model, takeRows(fresh, Int32Array.of(17)));
  expect([alone.mean[0], alone.sd[0]]).toEqual([all.mean[17], all.sd[17]]);
});
