import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { fold, InputError, key, one, quiet, stream, type Context } from "@tatara/engine/base";
import { type FlatGraph, type GraphLayout, type Table, type Targets, graphFeatures, packGraph, selectTableRows } from "@tatara/engine/data";
import { fitModel, reviveFitted, revivers } from "@tatara/engine/learn";
import type { Model, ModelRecord } from "@tatara/engine/learn";
import { checkLearner } from "@tatara/engine/testing";
import { neuralHost } from "../../src/learn/host.ts";
import { graphKind } from "../../src/learn/graph/network.ts";
import { messagePassing } from "../../src/learn/graph/messagePassing.ts";
import { NEURAL, reviveNeural } from "../../src/learn/model.ts";
import { ortBackend } from "../../src/runtime/ort.ts";

const host = neuralHost(async () => ortBackend(ort));
const revive = reviveNeural(host, { "message-passing": graphKind as never });
const tiny = { members: 2, hidden: 8, epochs: 3, batch: 20 } as const;

const weighed = [
  { check: "a whole weight is a number of copies", reason: "copies are rows of their own in the batches and in what is held out" },
  { check: "repeated measurements shrink the spread", reason: "a network's spread is that of new rows, not of its parameters" },
];

describe.each([
  ["numbers", { learner: messagePassing(host, tiny) }],
  ["numbers by sums, with dropout, Laplace", { learner: messagePassing(host, { ...tiny, aggregation: "sum", dropout: 0.1, law: "laplace" }) }],
  ["classes", { learner: messagePassing(host, { ...tiny, classWeight: "balanced" }), kind: "category" as const }],
] as const)("message passing, %s", (_, options) => {
  for (const claim of checkLearner({ ...options, graphs: true, revive, tolerance: 2e-3, skip: "kind" in options ? weighed.slice(0, 1) : weighed })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});

const LAYOUT: GraphLayout = { block: "graph", nodes: 10, edges: 9, nodeFields: [{ name: "kind", levels: 3 }], edgeFields: [{ name: "kind", levels: 1 }] };

/** Chains whose value is the number of pairs of unlike neighbours: to be learnt by looking along bonds. */
function chains(rows: number, from = 0): { readonly x: Table; readonly y: Targets } {
  const features = graphFeatures(LAYOUT);
  const data = new Float64Array(rows * features.length);
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const rng = stream(fold(key(77), from + i));
    const n = 2 + rng.below(9);
    const nodes = Int32Array.from({ length: n }, () => rng.below(3));
    const graph: FlatGraph = { nodes, from: Int32Array.from({ length: n - 1 }, (_, k) => k), to: Int32Array.from({ length: n - 1 }, (_, k) => k + 1), edges: new Int32Array(n - 1) };
    for (let k = 1; k < n; k++) values[i] += Number(nodes[k] !== nodes[k - 1]);
    packGraph(LAYOUT, graph, data.subarray(i * features.length, (i + 1) * features.length));
  }
  return { x: { rows, cols: features.length, data, features }, y: { rows, columns: [{ kind: "number", name: "changes", unit: one, values }], names: Array.from({ length: rows }, (_, i) => `chain ${from + i}`) } };
}

const learner = messagePassing(host, { members: 3, hidden: 32, epochs: 60, aggregation: "sum", rate: 3e-3 });

test("what lies along bonds is learnt from graphs alone, and the spread is honest", async () => {
  const [train, fresh] = [chains(400), chains(200, 1000)];
  const model = await learner.fit(train.x, train.y, key(1), quiet);
  const law = (await model.predict(fresh.x, quiet)).marginals[0];
  if (law.kind !== "number") throw new TypeError("a number was learnt");
  const wanted = fresh.y.columns[0].kind === "number" ? fresh.y.columns[0].values : new Float64Array(0);
  const errors = wanted.map((v, i) => v - law.mean[i]);
  const sd = Math.sqrt(wanted.reduce((s, v) => s + (v - 3.3) ** 2, 0) / wanted.length);
  expect(Math.sqrt(errors.reduce((s, e) => s + e * e, 0) / errors.length)).toBeLessThan(0.25 * sd);
  expect(errors.filter((e, i) => Math.abs(e) < 1.645 * law.sd[i]).length / errors.length).toBeGreaterThan(0.8);
});

test("a row's answer is the same to the last bit in every batch, large or small", async () => {
  const train = chains(60);
  const model = await messagePassing(host, tiny).fit(train.x, train.y, key(1), quiet);
  const fresh = chains(600, 5000).x;
  const meansOf = async (x: Table): Promise<Float64Array> => {
    const law = (await model.predict(x, quiet)).marginals[0];
    return law.kind === "number" ? law.mean : new Float64Array(0);
  };
  const together = await meansOf(fresh);
  for (const rows of [[0], [599], [17, 3, 300], Array.from({ length: 290 }, (_, i) => 2 * i)]) expect(await meansOf(selectTableRows(fresh, rows))).toEqual(Float64Array.from(rows, (i) => together[i]));
});

test("a study's stage one takes it: folds, calibration, domain and record", async () => {
  const { x, y } = chains(80);
  const third = (f: number): Int32Array => Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => i % 3 === f);
  const reviver = (record: ModelRecord): Model => (record.type === NEURAL ? revive(record) : revivers[record.type](record, reviver));
  const { model, validation } = await fitModel({ table: x, targets: y, folds: { id: "thirds", test: [0, 1, 2].map(third) }, learner: messagePassing(host, tiny), recipes: {} }, reviver, key(3), quiet);
  expect(validation.properties[0].rows).toBe(80);
  const again = reviveFitted(model.toRecord(), reviver);
  const [a, b] = [await model.predict(x, quiet), await again.predict(x, quiet)].map((p) => p.marginals[0]);
  expect(a).toMatchObject({ kind: "number" });
  if (a.kind === "number" && b.kind === "number") expect(b.mean).toEqual(a.mean);
});

test("rows without a graph teach nothing", async () => {
  const { x, y } = chains(50);
  const features = x.features.length;
  const gaps: Table = { ...x, data: x.data.map((v, at) => (Math.floor(at / features) < 10 ? Number.NaN : v)) };
  const rest = Array.from({ length: 40 }, (_, i) => i + 10);
  const targets: Targets = { rows: 40, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.slice(10) } : c)), names: y.names!.slice(10) };
  const [a, b] = [await messagePassing(host, tiny).fit(gaps, y, key(1), quiet), await messagePassing(host, tiny).fit(selectTableRows(x, rest), targets, key(1), quiet)];
  expect((await a.predict(x, quiet)).marginals[0]).toMatchObject({ mean: ((await b.predict(x, quiet)).marginals[0] as { mean: Float64Array }).mean });
});

test("training can be stopped between two calls", async () => {
  const stop = new AbortController();
  const { x, y } = chains(200);
  const ctx: Context = { ...quiet, signal: stop.signal, report: ({ done }) => done === 2 && stop.abort(new Error("stopped")) };
  await expect(messagePassing(host, { ...tiny, epochs: 100_000 }).fit(x, y, key(1), ctx)).rejects.toThrow("stopped");
});

test.each([
  ["a constant target", (y: Targets): Targets => ({ ...y, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.fill(2) } : c)) }), /constant target/],
  ["a target of 1e300", (y: Targets): Targets => ({ ...y, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.map((v, i) => (i === 3 ? 1e300 : v)) } : c)) }), /target/],
  ["no value at all", (y: Targets): Targets => ({ ...y, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.fill(Number.NaN) } : c)) }), /too few values/],
])("%s is refused in words", async (_, change, message) => {
  const { x, y } = chains(30);
  const error = await messagePassing(host, tiny).fit(x, change(y), key(1), quiet).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(message);
});
