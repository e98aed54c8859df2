/*
 * What every learner promises: predictions that follow rows, names and units, depend on neither order nor batch,
 * survive being stored, and treat missing targets and weights as they should.
 */
import type { Context } from "../base/context.ts";
import { quiet } from "../base/context.ts";
import { decode, encode } from "../base/encoding.ts";
import { InputError } from "../base/errors.ts";
import { type Key, fold, key, permutation, stream } from "../base/key.ts";
import { one } from "../base/unit.ts";
import { type FlatGraph, type GraphLayout, graphFeatures, packGraph, withoutCodes } from "../data/graphRows.ts";
import { joinTables } from "../data/table.ts";
import type { CategoryColumn, NumberColumn, Table, Targets } from "../data/types.ts";
import { takeRows } from "../learn/inputs.ts";
import type { Learner, Model, ModelRecord } from "../learn/types.ts";
import type { Marginal } from "../prob/types.ts";
import { ensure, thrownBy, withGaps } from "./claims.ts";
import type { Claim, Gap } from "./types.ts";

export interface LearnerCheck {
  readonly learner: Learner;
  /** Reads the learner's records back. */
  readonly revive: (record: ModelRecord) => Model;
  /** What it is asked to predict. Default `number`. */
  readonly kind?: "number" | "category";
  /** The block of the last feature; a learner that transfers wants `source:…`. Default `reals`, like those before it. */
  readonly lastBlock?: string;
  /** Whether it reads packed graphs: then the example has them, and the target depends on them. Default false. */
  readonly graphs?: boolean;
  /** Training rows. Default 60. */
  readonly rows?: number;
  /** Largest relative difference where rounding may differ. Default 1e-5. */
  readonly tolerance?: number;
  readonly skip?: readonly Gap[];
}

interface Data {
  readonly x: Table;
  readonly y: Targets;
}

const COUNTS = 12;
const REALS = 3;

const GRAPHS: GraphLayout = { block: "graph", nodes: 8, edges: 8, nodeFields: [{ name: "kind", levels: 3 }, { name: "mark", levels: 2 }], edgeFields: [{ name: "kind", levels: 2 }] };

/** A random tree, now and then with a ring, and how many of its nodes are of the last kind. */
function exampleGraph(k: Key): { readonly graph: FlatGraph; readonly count: number } {
  const rng = stream(k);
  const n = 1 + rng.below(GRAPHS.nodes);
  const ring = n > 2 && rng.below(2) === 1;
  const to = Int32Array.from({ length: n - 1 + Number(ring) }, (_, e) => (e < n - 1 ? e + 1 : n - 1));
  const from = to.map((end, e) => (e < n - 1 ? rng.below(end) : 0));
  const nodes = Int32Array.from({ length: 2 * n }, (_, at) => rng.below(GRAPHS.nodeFields[at % 2].levels));
  return { graph: { nodes, from, to, edges: Int32Array.from(to, () => rng.below(2)) }, count: nodes.filter((level, at) => at % 2 === 0 && level === 2).length };
}

/** The data with a packed graph beside the features of each row, and its count in the target where it is `told`. */
function withGraphs({ x, y }: Data, k: Key, told: boolean): Data {
  const features = graphFeatures(GRAPHS);
  const counts = new Float64Array(x.rows);
  const data = new Float64Array(x.rows * features.length);
  for (let i = 0; i < x.rows; i++) {
    const { graph, count } = exampleGraph(fold(k, i));
    counts[i] = count;
    packGraph(GRAPHS, graph, data.subarray(i * features.length, (i + 1) * features.length));
  }
  const columns = y.columns.map((c) => (told && c.kind === "number" ? { ...c, values: c.values.map((v, i) => v + counts[i]) } : c));
  return { x: joinTables(x, { rows: x.rows, cols: features.length, data, features }), y: { ...y, columns } };
}

/** Rows of counts and real features with a smooth noisy target, or three classes cut from it. */
function example(rows: number, kind: "number" | "category", lastBlock: string, k: Key): Data {
  const rng = stream(k);
  const cols = COUNTS + REALS;
  const data = new Float64Array(rows * cols);
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) data[i * cols + j] = j < COUNTS ? rng.below(4) * rng.below(2) : rng.normal();
    const at = i * cols;
    values[i] = 0.8 * data[at] - 0.5 * data[at + 1] + 1.5 * data[at + COUNTS] + Math.sin(data[at + COUNTS + 1]) + 0.2 * rng.normal();
  }
  const features = Array.from({ length: cols }, (_, j) => ({ name: `f${j}`, unit: one, about: "a feature", block: j < COUNTS ? "counts" : j < cols - 1 ? "reals" : lastBlock, kind: j < COUNTS ? ("count" as const) : ("real" as const) }));
  const column: NumberColumn | CategoryColumn =
    kind === "number" ? { kind, name: "y", unit: one, values } : { kind, name: "y", levels: ["low", "middle", "high"], codes: Int32Array.from(values, (v) => (v < -0.5 ? 0 : v < 1 ? 1 : 2)) };
  return { x: { rows, cols, data, features }, y: { rows, columns: [column], names: Array.from({ length: rows }, (_, i) => `row ${i}`) } };
}

interface Bench {
  readonly learner: Learner;
  readonly revive: (record: ModelRecord) => Model;
  readonly train: Data;
  readonly fresh: Table;
  readonly kind: "number" | "category";
  readonly tolerance: number;
}

const fit = ({ learner }: Bench, { x, y }: Data, ctx: Context = quiet): Promise<Model> => learner.fit(x, y, key(5), ctx);

/** All numbers of a prediction, row by row: mean and sd, or the probabilities. */
async function answers(model: Model, x: Table): Promise<readonly Float64Array[]> {
  const marginal: Marginal = (await model.predict(x, quiet)).marginals[0];
  if (marginal.kind === "number") return Array.from(marginal.mean, (m, i) => Float64Array.of(m, marginal.sd[i]));
  const { cols, data } = marginal.probability;
  return Array.from({ length: x.rows }, (_, i) => data.slice(i * cols, (i + 1) * cols));
}

function expectClose(found: readonly Float64Array[], wanted: readonly Float64Array[], tolerance: number): void {
  const size = Math.max(1e-300, ...wanted.flatMap((row) => Array.from(row, Math.abs)));
  wanted.forEach((row, i) =>
    row.forEach((w, k) => {
      ensure(Math.abs(found[i][k] - w) <= tolerance * size, () => `row ${i}: ${found[i][k]} — ${w} within ${tolerance} of ${size} is wanted`);
    }),
  );
}

const takeData = ({ x, y }: Data, rows: Int32Array): Data => ({ x: takeRows(x, rows), y: { ...takeTargets(y, rows), rows: rows.length } });

function takeTargets(y: Targets, rows: Int32Array): Targets {
  const columns = y.columns.map((c) => (c.kind === "number" ? { ...c, values: Float64Array.from(rows, (i) => c.values[i]) } : { ...c, codes: Int32Array.from(rows, (i) => c.codes[i]) }));
  return { rows: rows.length, columns, ...(y.names && { names: Array.from(rows, (i) => y.names![i]) }), ...(y.weights && { weights: Float64Array.from(rows, (i) => y.weights![i]) }) };
}

const numeric = (y: Targets, change: (v: number) => number): Targets => ({ ...y, columns: y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.map(change) } : c)) });

async function meanSd(model: Model, x: Table): Promise<number> {
  const marginal = (await model.predict(x, quiet)).marginals[0];
  return marginal.kind === "number" ? marginal.sd.reduce((a, b) => a + b, 0) / x.rows : Number.NaN;
}

/** The checks by name; each throws an Error that says what is wrong. */
const CHECKS: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  "the same key gives the same model": async (bench) => expectClose(await answers(await fit(bench, bench.train), bench.fresh), await answers(await fit(bench, bench.train), bench.fresh), 0),
  "predictions are finite, spreads positive, probabilities sum to one": async (bench) => {
    for (const row of await answers(await fit(bench, bench.train), bench.fresh)) {
      const sum = row.reduce((a, b) => a + b, 0);
      ensure(Number.isFinite(sum) && (bench.kind === "number" ? row[1] > 0 : Math.abs(sum - 1) <= 1e-9), () => `prediction is no distribution: ${Array.from(row).join(", ")}`);
    }
  },
  "permuting rows permutes predictions": async (bench) => {
    const order = permutation(key(8), bench.fresh.rows);
    const model = await fit(bench, bench.train);
    const straight = await answers(model, bench.fresh);
    expectClose(await answers(model, takeRows(bench.fresh, order)), Array.from(order, (i) => straight[i]), 0);
  },
  "a row's answer does not depend on its batch": async (bench) => {
    const model = await fit(bench, bench.train);
    const together = await answers(model, bench.fresh);
    for (const i of [0, 7, bench.fresh.rows - 1]) expectClose(await answers(model, takeRows(bench.fresh, Int32Array.of(i))), [together[i]], 0);
  },
  "permuting training rows changes nothing": async (bench) => {
    const order = permutation(key(9), bench.train.x.rows);
    expectClose(await answers(await fit(bench, takeData(bench.train, order)), bench.fresh), await answers(await fit(bench, bench.train), bench.fresh), bench.tolerance);
  },
  "another unit gives the same prediction in that unit": async (bench) => {
    const scaled = await answers(await fit(bench, { ...bench.train, y: numeric(bench.train.y, (v) => 40 * v + 300) }), bench.fresh);
    const plain = await answers(await fit(bench, bench.train), bench.fresh);
    expectClose(scaled.map(([m, s]) => Float64Array.of((m - 300) / 40, s / 40)), plain, bench.tolerance);
  },
  "a record read back predicts the same bits": async (bench) => {
    const model = await fit(bench, bench.train);
    expectClose(await answers(bench.revive(decode(encode(model.toRecord())) as ModelRecord), bench.fresh), await answers(model, bench.fresh), 0);
  },
  "features are found by name": async (bench) => {
    const model = await fit(bench, bench.train);
    expectClose(await answers(model, shuffled(bench.fresh)), await answers(model, bench.fresh), 0);
  },
  "a table without a needed feature is refused": async (bench) => {
    const { rows, cols, data, features } = bench.fresh;
    const less: Table = { rows, cols: cols - 1, features: features.slice(1), data: data.filter((_, p) => p % cols !== 0) };
    const model = await fit(bench, bench.train);
    const thrown = await thrownBy(() => model.predict(less, quiet), () => "nothing was thrown — an InputError is wanted");
    ensure(thrown instanceof InputError, () => `thrown was ${String(thrown)} — an InputError is wanted`);
  },
  "rows without a target are left out": async (bench) => {
    const half = Int32Array.from({ length: bench.train.x.rows / 2 }, (_, i) => 2 * i);
    const columns = bench.train.y.columns.map((c) => (c.kind === "number" ? { ...c, values: c.values.map((v, i) => (i % 2 ? Number.NaN : v)) } : { ...c, codes: c.codes.map((v, i) => (i % 2 ? -1 : v)) }));
    expectClose(await answers(await fit(bench, { ...bench.train, y: { ...bench.train.y, columns } }), bench.fresh), await answers(await fit(bench, takeData(bench.train, half)), bench.fresh), bench.tolerance);
  },
  "a whole weight is a number of copies": async (bench) => {
    const copies = bench.train.y.names!.map((_, i) => (i % 5 === 0 ? 2 : 1));
    const repeated = Int32Array.from(copies.flatMap((c, i) => Array.from({ length: c }, () => i)));
    const weighted = { ...bench.train, y: { ...bench.train.y, weights: Float64Array.from(copies) } };
    expectClose(await answers(await fit(bench, takeData(bench.train, repeated)), bench.fresh), await answers(await fit(bench, weighted), bench.fresh), bench.tolerance);
  },
  "a row of weight zero is left out": async (bench) => {
    const half = Int32Array.from({ length: bench.train.x.rows / 2 }, (_, i) => 2 * i);
    const weights = Float64Array.from({ length: bench.train.x.rows }, (_, i) => 1 - (i % 2));
    expectClose(await answers(await fit(bench, { ...bench.train, y: { ...bench.train.y, weights } }), bench.fresh), await answers(await fit(bench, takeData(bench.train, half)), bench.fresh), bench.tolerance);
  },
  "repeated measurements shrink the spread": async (bench) => {
    const twice = Int32Array.from({ length: 2 * bench.train.x.rows }, (_, i) => i >> 1);
    const data = takeData(bench.train, twice);
    const renamed = { ...data, y: { ...data.y, names: data.y.names!.map((name, i) => `${name} ${i % 2}`) } };
    const [before, after] = [await meanSd(await fit(bench, bench.train), bench.fresh), await meanSd(await fit(bench, renamed), bench.fresh)];
    ensure(after < before, () => `mean sd went from ${before} to ${after} — it falls when every row is measured twice`);
  },
  "packed graphs beside its features change nothing": async (bench) => {
    const fresh: Data = { x: bench.fresh, y: { rows: bench.fresh.rows, columns: [] } };
    const model = await fit(bench, withGraphs(bench.train, key(21), false));
    ensure(model.inputs.every(({ kind }) => kind !== "code"), () => "the model needs packed graphs — it does not read them");
    expectClose(await answers(model, withGraphs(fresh, key(22), false).x), await answers(await fit(bench, bench.train), bench.fresh), 0);
  },
  "packed graphs are read, and needed": async (bench) => {
    const model = await fit(bench, bench.train);
    const other = withGraphs({ x: withoutCodes(bench.fresh), y: { rows: bench.fresh.rows, columns: [] } }, key(23), false).x;
    const [before, after] = [await answers(model, bench.fresh), await answers(model, other)];
    ensure(before.some((row, i) => row[0] !== after[i][0]), () => "other graphs give the same answers — they are read");
    const thrown = await thrownBy(() => fit(bench, { ...bench.train, x: withoutCodes(bench.train.x) }), () => "a table without graphs was learnt — an InputError is wanted");
    ensure(thrown instanceof InputError && thrown.message.includes("needs the descriptor graph"), () => `thrown was ${String(thrown)} — an InputError that names the descriptor is wanted`);
  },
  "a row without a graph gets an answer": async (bench) => {
    const { cols, features, data } = bench.fresh;
    const bare: Table = { ...bench.fresh, data: data.map((v, at) => (at < cols && features[at % cols].kind === "code" ? Number.NaN : v)) };
    const [first, ...others] = await answers(await fit(bench, bench.train), bare);
    ensure(first.every(Number.isFinite), () => `the answer is ${Array.from(first).join(", ")} — finite numbers are wanted`);
    expectClose(others, (await answers(await fit(bench, bench.train), bench.fresh)).slice(1), 0);
  },
  "an aborted context stops the fit": async (bench) => {
    const reason = new Error("stopped by the check");
    const thrown = await thrownBy(() => fit(bench, bench.train, { ...quiet, signal: AbortSignal.abort(reason) }), () => "the fit went on — it throws the signal's reason");
    ensure(thrown === reason, () => `thrown was ${String(thrown)} — the signal's reason is wanted`);
  },
};

/** Claims about learners that read packed graphs. */
const OF_GRAPHS: ReadonlySet<string> = new Set(["packed graphs are read, and needed", "a row without a graph gets an answer"]);
/** The claim of those that do not read graphs. */
const WITHOUT_GRAPHS = "packed graphs beside its features change nothing";

/** Claims about units and spreads, which classes do not have. */
const OF_NUMBERS: ReadonlySet<string> = new Set(["another unit gives the same prediction in that unit", "repeated measurements shrink the spread"]);

/** Columns in another order, and one more among them. */
function shuffled({ rows, cols, data, features }: Table): Table {
  const order = [...permutation(key(3), cols)];
  const out = new Float64Array(rows * (cols + 1));
  for (let i = 0; i < rows; i++) order.forEach((j, k) => (out[i * (cols + 1) + k] = data[i * cols + j]));
  return { rows, cols: cols + 1, data: out, features: [...order.map((j) => features[j]), { name: "unrelated", unit: one, about: "not an input" }] };
}

/** The claims of the contract for one learner. Throws InputError for a gap that names no claim. */
export function checkLearner({ learner, revive, kind = "number", lastBlock = "reals", graphs = false, rows = 60, tolerance = 1e-5, skip = [] }: LearnerCheck): readonly Claim[] {
  const data = (n: number, k: Key): Data => (graphs ? withGraphs(example(n, kind, lastBlock, k), fold(k, "graphs"), true) : example(n, kind, lastBlock, k));
  const bench: Bench = { learner, revive, kind, tolerance, train: data(rows, key(1)), fresh: data(23, key(2)).x };
  return withGaps(
    Object.entries(CHECKS)
      .filter(([name]) => (kind === "number" || !OF_NUMBERS.has(name)) && (graphs ? name !== WITHOUT_GRAPHS : !OF_GRAPHS.has(name)))
      .map(([name, run]): Claim => ({ name, check: () => run(bench) })),
    skip,
  );
}
