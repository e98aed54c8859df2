/* The hidden layers of fitted networks as sources: the file's own numbers, row by row, and the same after a record or a file. */
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { InputError, key, one, quiet, stream } from "@tatara/engine/base";
import type { Table, Targets } from "@tatara/engine/data";
import { SOURCE, takeRows, type ExtractorRecord, type ModelRecord } from "@tatara/engine/learn";
import { NETWORK_LAYERS, networkLayers, reviveNetworkLayers, type NetworkLayersOptions } from "../../src/learn/extractor.ts";
import { layoutOfKind } from "../../src/learn/file.ts";
import { neuralHost } from "../../src/learn/host.ts";
import { kinds } from "../../src/learn/kinds.ts";
import { mlp } from "../../src/learn/mlp.ts";
import { type NeuralModel, openNetwork, reviveNeural } from "../../src/learn/model.ts";
import type { NetworkKind } from "../../src/learn/types.ts";
import { ortBackend } from "../../src/runtime/ort.ts";

const host = neuralHost(async () => ortBackend(ort));
const revive = reviveNeural(host, kinds);

function table(rows: number, seed: number): Table {
  const rng = stream(key(seed));
  return { rows, cols: 5, data: Float64Array.from({ length: rows * 5 }, () => rng.normal()), features: Array.from({ length: 5 }, (_, j) => ({ name: `x${j}`, unit: one, about: "" })) };
}
const x = table(200, 1);
const y: Targets = { rows: 200, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: 200 }, (_, i) => Math.sin(2 * x.data[5 * i]!) + x.data[5 * i + 1]! * x.data[5 * i + 2]!) }] };
const fitted = mlp(host, { members: 3, hidden: [16, 12, 8], epochs: 60, rate: 5e-3 }).fit(x, y, key(1), quiet) as Promise<NeuralModel>;
const fresh = table(300, 2);
const layersOf = async (options?: NetworkLayersOptions) => networkLayers("net", await fitted, options);

/** Hidden layers of one member as the file tells them, each n × units. */
async function toldBy(model: NeuralModel, rows: Table, member: number): Promise<readonly Float64Array[]> {
  const told = await model.outputsOf(rows, [1, 2, 3].map((l) => `hidden:${l}`), quiet);
  return model.hidden.map((units, l) => Float64Array.from({ length: rows.rows * units }, (_, at) => told[`hidden:${l + 1}`]![Math.floor(at / units) * units * model.manifest.members + member * units + (at % units)]!));
}

describe("the last hidden layers of a network", () => {
  test("are the last two of its first member where nothing else is said, in a block of the source's name", async () => {
    const extractor = await layersOf();
    expect((await fitted).hidden).toEqual([16, 12, 8]);
    expect(extractor.outputs.map(({ name }) => name)).toEqual([...Array.from({ length: 12 }, (_, u) => `net: layer 2 unit ${u + 1}`), ...Array.from({ length: 8 }, (_, u) => `net: layer 3 unit ${u + 1}`)]);
    expect(new Set(extractor.outputs.map(({ block }) => block))).toEqual(new Set([`${SOURCE}net`]));
    const told = await extractor.extract(fresh, quiet);
    const [, second, third] = await toldBy(await fitted, fresh, 0);
    for (const i of [0, 137, 299]) {
      expect(told.data.subarray(i * 20, i * 20 + 12)).toEqual(second!.subarray(i * 12, i * 12 + 12));
      expect(told.data.subarray(i * 20 + 12, i * 20 + 20)).toEqual(third!.subarray(i * 8, i * 8 + 8));
    }
  });

  test("before the activation: some units are well below what silu lets through", async () => {
    const { data } = await (await layersOf()).extract(fresh, quiet);
    expect(Math.min(...data)).toBeLessThan(-0.5);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  test("carry what the network knows: a linear map of its last layer, activated, is its answer", async () => {
    const model = await fitted;
    const [, , third] = await toldBy(model, fresh, 0);
    const layout = layoutOfKind(kinds["mlp"] as NetworkKind<unknown>, model.manifest);
    const part = (name: string) => model.values()[0]!.parameters.subarray(layout.parameters.find((one) => one.name === name)!.offset);
    const [weight, bias] = [part("heads.weight"), part("heads.bias")];
    const members = (await model.outputsOf(fresh, ["members"], quiet))["members"]!;
    const [stride, heads] = [members.length / fresh.rows, layout.parameters.find(({ name }) => name === "heads.weight")!.shape[1]!];
    const silu = (v: number) => v / (1 + Math.exp(-v));
    const answer = Float64Array.from({ length: fresh.rows }, (_, i) => third!.subarray(i * 8, i * 8 + 8).reduce((sum, v, u) => sum + silu(v) * weight[u * heads]!, bias[0]!));
    const error = Math.max(...answer.map((v, i) => Math.abs(v - members[i * stride]!)));
    expect(error).toBeLessThan(1e-4);
  });

  test("one member, or several side by side", async () => {
    const [one1, two] = [await layersOf({ layers: 1 }), await layersOf({ layers: 1, members: 2 })];
    expect([one1.outputs.length, two.outputs.length]).toEqual([8, 16]);
    const [a, b] = [await one1.extract(fresh, quiet), await two.extract(fresh, quiet)];
    const [, , other] = await toldBy(await fitted, fresh, 1);
    for (const i of [0, 250]) {
      expect(b.data.subarray(i * 16, i * 16 + 8)).toEqual(a.data.subarray(i * 8, i * 8 + 8));
      expect(b.data.subarray(i * 16 + 8, i * 16 + 16)).toEqual(other!.subarray(i * 8, i * 8 + 8));
    }
  });

  test("a row's numbers depend on that row alone, to the last bit", async () => {
    const extractor = await layersOf();
    const all = await extractor.extract(fresh, quiet);
    for (const rows of [[0], [299], [7, 7, 3], Array.from({ length: 290 }, (_, i) => 299 - i)]) {
      const some = await extractor.extract(takeRows(fresh, Int32Array.from(rows)), quiet);
      rows.forEach((row, i) => expect(some.data.subarray(i * 20, i * 20 + 20)).toEqual(all.data.subarray(row * 20, row * 20 + 20)));
    }
  });

  test("columns are found by name, whatever their order", async () => {
    const order = [4, 2, 0, 1, 3];
    const turned: Table = { ...fresh, features: order.map((j) => fresh.features[j]!), data: Float64Array.from({ length: fresh.rows * 5 }, (_, at) => fresh.data[Math.floor(at / 5) * 5 + order[at % 5]!]!) };
    const extractor = await layersOf();
    expect((await extractor.extract(turned, quiet)).data).toEqual((await extractor.extract(fresh, quiet)).data);
  });

  test("revived from the record, or read from the ONNX file, they say the same to the last bit", async () => {
    const extractor = await layersOf({ layers: 3, members: 2 });
    const { data } = await extractor.extract(fresh, quiet);
    const record = structuredClone(extractor.toRecord());
    expect(record.type).toBe(NETWORK_LAYERS);
    const again = reviveNetworkLayers(record, revive);
    expect(again.outputs).toEqual(extractor.outputs);
    expect((await again.extract(fresh, quiet)).data).toEqual(data);
    const fromFile = networkLayers("net", openNetwork(host, kinds, Uint8Array.from((await fitted).file)), { layers: 3, members: 2 });
    expect((await fromFile.extract(fresh, quiet)).data).toEqual(data);
  });

  test.each([
    [{ layers: 0 }, "no such hidden layers of net: 0 — there are 3"],
    [{ layers: 1.5 }, "no such hidden layers of net: 1.5 — there are 3"],
    [{ members: 4 }, "no such members of net: 4 — there are 1 … 3"],
    [{ members: 0 }, "no such members of net: 0 — there are 1 … 3"],
  ])("%j is refused", async (options, message) => {
    await expect(layersOf(options)).rejects.toThrow(message);
  });

  test("more layers than there are are all of them; a record of another model is refused", async () => {
    expect((await layersOf({ layers: 9 })).outputs).toHaveLength(36);
    const record = (await layersOf()).toRecord();
    const forest: ExtractorRecord = { ...record, state: { ...(record.state as object), model: { type: "forest", id: "forest", inputs: [], outputs: [], state: {} } satisfies ModelRecord } };
    expect(() => reviveNetworkLayers(forest, revive)).toThrow(InputError);
    expect(() => reviveNetworkLayers(forest, revive)).toThrow('a model of type "forest" has no hidden layers');
  });
});
