/* Bad input, the same for every kind of network: a clear refusal, or a sane fit. */
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { InputError, key, one, quiet, stream } from "@tatara/engine/base";
import { type GraphLayout, type NumberColumn, type Table, type Targets, graphFeatures, joinTables, packGraph, selectTableRows } from "@tatara/engine/data";
import type { Learner, Model } from "@tatara/engine/learn";
import type { CategoricalMarginal, NumericMarginal } from "@tatara/engine/prob";
import { attention } from "../../src/learn/attention/attention.ts";
import { fineTuner } from "../../src/learn/fineTune.ts";
import { messagePassing } from "../../src/learn/graph/messagePassing.ts";
import { neuralHost } from "../../src/learn/host.ts";
import { kinds } from "../../src/learn/kinds.ts";
import { mlp } from "../../src/learn/mlp.ts";
import { type NeuralModel, openNetwork } from "../../src/learn/model.ts";
import { writeProgram } from "../../src/onnx/write.ts";
import { ortBackend } from "../../src/runtime/ort.ts";
import * as op from "../../src/tensor/ops.ts";

const host = neuralHost(async () => ortBackend(ort));
const ROWS = 60;
const SHARES = 4;
const LAYOUT: GraphLayout = { block: "graph", nodes: 5, edges: 4, nodeFields: [{ name: "kind", levels: 3 }], edgeFields: [{ name: "kind", levels: 2 }] };

/** Shares of four parts, three numbers, and a chain of nodes: something for every network. */
function table(rows: number, seed: number): Table {
  const rng = stream(key(seed));
  const plain = Array.from({ length: SHARES + 3 }, (_, j) => ({ name: j < SHARES ? `share:${j}` : `x${j - SHARES}`, unit: one, about: "", block: j < SHARES ? "shares" : "numbers" }));
  const data = new Float64Array(rows * plain.length);
  const features = graphFeatures(LAYOUT);
  const graphs = new Float64Array(rows * features.length);
  for (let i = 0; i < rows; i++) {
    const shares = Array.from({ length: SHARES }, () => rng.uniform());
    const total = shares.reduce((a, b) => a + b, 0);
    for (let j = 0; j < plain.length; j++) data[i * plain.length + j] = j < SHARES ? shares[j] / total : rng.normal();
    const n = 2 + rng.below(4);
    packGraph(LAYOUT, { nodes: Int32Array.from({ length: n }, () => rng.below(3)), from: Int32Array.from({ length: n - 1 }, (_, e) => e), to: Int32Array.from({ length: n - 1 }, (_, e) => e + 1), edges: new Int32Array(n - 1) }, graphs.subarray(i * features.length, (i + 1) * features.length));
  }
  return joinTables({ rows, cols: plain.length, data, features: plain }, { rows, cols: features.length, data: graphs, features });
}

const [x, fresh] = [table(ROWS, 1), table(20, 2)];
const at = (t: Table, name: string): number => t.features.findIndex((f) => f.name === name);
const valueAt = (t: Table, i: number): number => 3 * t.data[i * t.cols + at(t, "share:0")] + t.data[i * t.cols + at(t, "x0")];
const number = (of: (i: number) => number, rows = ROWS): Targets => ({ rows, columns: [{ kind: "number", name: "y", unit: one, values: Float64Array.from({ length: rows }, (_, i) => of(i)) } satisfies NumberColumn] });
const classes = (of: (i: number) => number): Targets => ({ rows: ROWS, columns: [{ kind: "category", name: "c", levels: ["a", "b", "never"], codes: Int32Array.from({ length: ROWS }, (_, i) => of(i)) }] });
const y = number((i) => valueAt(x, i));

const small = { members: 2, epochs: 8 };
const source = mlp(host, { ...small, hidden: [8] }).fit(x, y, key(9), quiet) as Promise<NeuralModel>;
const LEARNERS: readonly (readonly [string, Learner])[] = [
  ["mlp", mlp(host, { ...small, hidden: [8] })],
  ["mlp of all properties at once", mlp(host, { ...small, hidden: [8], joint: true })],
  ["attention", attention(host, { block: "shares", vectors: new Map() }, { ...small, width: 8, layers: 1, heads: 2 })],
  ["message-passing", messagePassing(host, { ...small, hidden: 8, depth: 2 })],
  ["fine-tune", { id: "fine-tune", acceptsMissing: true, complexity: 5, fit: async (...task) => fineTuner(host, await source, { epochs: 8 }).fit(...task) }],
];

/** With some numbers replaced; packed graphs are left as they are. */
const changed = (t: Table, change: (v: number, row: number, column: number) => number): Table => ({ ...t, data: t.data.map((v, p) => (t.features[p % t.cols].kind === "code" ? v : change(v, Math.floor(p / t.cols), p % t.cols))) });
const answers = async (model: Model, t: Table): Promise<NumericMarginal> => (await model.predict(t, quiet)).marginals[0] as NumericMarginal;
async function expectSane(model: Model, t: Table): Promise<NumericMarginal> {
  const m = await answers(model, t);
  expect(m.mean.every(Number.isFinite) && m.sd.every((s) => s > 0 && Number.isFinite(s))).toBe(true);
  return m;
}

describe.each(LEARNERS)("%s", (_, learner) => {
  const fit = (t: Table, targets: Targets): Promise<Model> => learner.fit(t, targets, key(3), quiet);

  test.each([
    ["a constant target", () => fit(x, number(() => 5)), /^constant target: every value of "y" is 5/],
    ["one class", () => fit(x, classes(() => 1)), /^one class only: every value of "c"/],
    ["targets of 1e300", () => fit(x, number((i) => 1e300 * (i % 3))), /^target too large: "y"/],
    ["targets of 1e-300", () => fit(x, number((i) => 1e-300 * (i % 3))), /"y".* — (choose|a)/],
    ["one value", () => fit(x, number((i) => (i === 0 ? 1 : Number.NaN))), /^too few values of "y": 1/],
    ["no value", () => fit(x, number(() => Number.NaN)), /"y"/],
    ["fewer targets than rows", () => fit(x, number((i) => i, ROWS - 1)), /59/],
  ])("%s is told", async (__, run, message) => {
    const error = await run().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  test("gaps and infinities among the features are learnt with and predicted from", async () => {
    const holes = changed(x, (v, i, j) => ((i + j) % 7 === 0 ? Number.NaN : (i + j) % 23 === 0 ? Number.POSITIVE_INFINITY : (i + j) % 29 === 0 ? -1e300 : v));
    const model = await fit(holes, y);
    await expectSane(model, fresh);
    await expectSane(model, changed(fresh, () => Number.NaN));
    await expectSane(model, changed(fresh, () => 1e300));
  });

  test("two identical columns and a constant one are no harm", async () => {
    const twice: Table = { ...x, features: x.features.map((f) => f), data: x.data.slice() };
    for (let i = 0; i < twice.rows; i++) {
      twice.data[i * twice.cols + at(x, "x1")] = twice.data[i * twice.cols + at(x, "x0")];
      twice.data[i * twice.cols + at(x, "x2")] = 7;
    }
    await expectSane(await fit(twice, y), fresh);
  });

  test("rows that are all alike still give a law about their values", async () => {
    const same = selectTableRows(x, Int32Array.from({ length: ROWS }, (__, i) => (i < ROWS / 2 ? 0 : 1)));
    const m = await expectSane(await fit(same, number((i) => (i < ROWS / 2 ? 1 : 3) + 0.1 * (i % 5))), fresh);
    m.mean.forEach((v) => expect(Math.abs(v - 2)).toBeLessThan(20));
  });

  test("an infinite target counts as none", async () => {
    const gap = (v: number): Targets => number((i) => (i === 7 ? v : valueAt(x, i)));
    expect((await answers(await fit(x, gap(Number.POSITIVE_INFINITY)), fresh)).mean).toEqual((await answers(await fit(x, gap(Number.NaN)), fresh)).mean);
  });

  test("two rows are learnt, and a class that no row has is not impossible", async () => {
    await expectSane(await fit(selectTableRows(x, Int32Array.of(0, 1)), number((i) => i, 2)), fresh);
    const { probability } = (await (await fit(x, classes((i) => i % 2))).predict(fresh, quiet)).marginals[0] as CategoricalMarginal;
    for (let i = 0; i < fresh.rows; i++) {
      const p = probability.data.subarray(3 * i, 3 * i + 3);
      expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      expect(p.every((v) => v >= 0 && v <= 1)).toBe(true);
    }
  });

  test("a target of tiny spread around a large number keeps its place", async () => {
    const m = await expectSane(await fit(x, number((i) => 1e6 + 1e-3 * valueAt(x, i))), fresh);
    m.mean.forEach((v) => expect(Math.abs(v - 1e6)).toBeLessThan(1));
  });
});

describe("files that are no models of ours", () => {
  const foreign = writeProgram({ outputs: { y: op.matmul(op.input("x", [2, 3]), op.constant([1, 2, 3, 4, 5, 6], [3, 2])) } });
  test("a foreign but valid ONNX file runs in onnxruntime, and is refused with what its inputs are", async () => {
    const session = await ort.InferenceSession.create(foreign, { logSeverityLevel: 3 });
    expect((await session.run({ x: new ort.Tensor("float32", [1, 0, 0, 0, 1, 0], [2, 3]) }))["y"].data).toEqual(Float32Array.of(1, 2, 3, 4));
    await session.release();
    expect(() => openNetwork(host, kinds, foreign)).toThrow(/^an ONNX file of another program .*its inputs are x \[2, 3\]/);
  });

  const garbage = (seed: number, length: number): Uint8Array => {
    const rng = stream(key(seed));
    return Uint8Array.from({ length }, () => rng.below(256));
  };
  test.each(Array.from({ length: 40 }, (_, s) => [s]))("garbage bytes %i are told as such, not as a fault of the program", (seed) => {
    expect(() => openNetwork(host, kinds, garbage(seed, 1 + 40 * seed))).toThrow(InputError);
  });

  test("our own file has the same parameters as a Buffer, whose slices are no copies", async () => {
    const { file, values } = await source;
    expect(openNetwork(host, kinds, Buffer.from(file)).values()).toEqual(values());
  });

  test("our own file, cut off or with flipped bytes, is refused or still predicts numbers", async () => {
    const { file } = await source;
    for (const length of [10, 1000, file.length >> 1, file.length - 1]) expect(() => openNetwork(host, kinds, file.subarray(0, length)).values()).toThrow(InputError);
    for (let seed = 0; seed < 400; seed++) {
      const broken = file.slice();
      const rng = stream(key(100 + seed));
      for (let k = 0; k < 5; k++) broken[rng.below(broken.length)] ^= 1 << rng.below(8);
      try {
        const { rows } = await openNetwork(host, kinds, broken).predict(fresh, quiet);
        expect(rows).toBe(fresh.rows);
      } catch (error) {
        expect((error as Error).name).toMatch(/^(InputError|UnsupportedError|NumericalError)$/);
      }
    }
  });
});
