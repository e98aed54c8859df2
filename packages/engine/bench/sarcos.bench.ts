/*
 * Transfer between the torques of a robot arm, after methods 7.4 (Minami et al., NeurIPS 2023, table 1): 21 positions,
 * velocities and accelerations describe a row, the true values of six torques are its source columns, the seventh is learnt
 * from n rows. Errors are root mean squared errors in torque units, means over repeats.
 *
 * The 4,449 rows are every tenth of one recording in time: neighbours are nearly copies. So whole stretches of 80 rows are
 * dealt to training or to test, ten rows at every border belong to neither (further apart, rows are as unlike as any two), and,
 * because the motion comes back, a test row within half a standard deviation of a row that may be trained on is left out too:
 * two rows at random are six apart, and one in twenty has such a twin.
 *
 * Run: node packages/engine/bench/sarcos.bench.ts [--n 10,50] [--repeats 20] [--torques 1,2,3,4,5,6,7] [--methods none,…]
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { parseArgs } from "node:util";
import { quiet } from "../src/base/context.ts";
import { fold, key, permutation, type Key } from "../src/base/key.ts";
import { one } from "../src/base/unit.ts";
import type { Feature, Table, Targets } from "../src/data/types.ts";
import { learners } from "../src/learn/catalogue.ts";
import { affine } from "../src/learn/transfer/affine.ts";
import { hypothesisOffset, hypothesisScale } from "../src/learn/transfer/hypothesis.ts";
import { kernelRidge } from "../src/learn/transfer/kernelRidge.ts";
import { tauRho } from "../src/learn/transfer/tauRho.ts";
import { transferReports } from "../src/learn/transfer/transfer.ts";
import { augmented, onSources, withoutSources } from "../src/learn/transfer/views.ts";
import type { Learner } from "../src/learn/types.ts";
import { rootMeanSquaredError } from "../src/prob/scoring.ts";

const path = fileURLToPath(new URL("../../../../shared/data/tl-sarcos/sarcos_4449.csv.gz", import.meta.url));
if (!existsSync(path)) {
  console.log("skipped: the real data are not here (tl-sarcos is looked for in ../shared/data beside the repository)");
  process.exit(0);
}
const { values: flags } = parseArgs({ options: { n: { type: "string", default: "10,50" }, repeats: { type: "string", default: "20" }, torques: { type: "string", default: "1,2,3,4,5,6,7" }, methods: { type: "string" }, seed: { type: "string", default: "1" } } });

const INPUTS = 21;
const TORQUES = 7;
const STRETCH = 80;
const BORDER = 5;
/** Distance in 21 standardised inputs below which two rows are near-copies. */
const NEAR = 0.5;

const rows = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n").slice(1).map((line) => Float64Array.from(line.split(","), Number));

const scales = Array.from({ length: INPUTS }, (_, j) => {
  const mean = rows.reduce((s, r) => s + r[j], 0) / rows.length;
  return Math.sqrt(rows.reduce((s, r) => s + (r[j] - mean) ** 2, 0) / rows.length);
});
const distance = (a: number, b: number) => Math.sqrt(scales.reduce((s, w, j) => s + ((rows[a][j] - rows[b][j]) / w) ** 2, 0));

interface Split {
  readonly candidates: readonly number[];
  readonly test: readonly number[];
  /** Test rows left out as near-copies of candidates. */
  readonly near: number;
}

function dealt(k: Key): Split {
  const stretches = Math.floor(rows.length / STRETCH);
  const order = permutation(k, stretches);
  const inner = (s: number) => Array.from({ length: STRETCH - 2 * BORDER }, (_, i) => s * STRETCH + BORDER + i);
  const dealtOut = Array.from(order);
  const candidates = dealtOut.slice(0, stretches >> 1).flatMap(inner);
  const rest = dealtOut.slice(stretches >> 1).flatMap(inner);
  const test = rest.filter((i) => !candidates.some((c) => distance(i, c) < NEAR));
  return { candidates, test, near: rest.length - test.length };
}

const feature = (name: string, block: string): Feature => ({ name, unit: one, about: "", block });
const names = [...Array.from({ length: INPUTS }, (_, j) => `x${j}`), ...Array.from({ length: TORQUES }, (_, t) => `torque ${t + 1}`)];

function taskOf(which: readonly number[], torque: number): { readonly x: Table; readonly y: Targets } {
  const columns = names.map((_, j) => j).filter((j) => j !== INPUTS + torque);
  const data = Float64Array.from(which.flatMap((i) => columns.map((j) => rows[i][j])));
  const x = { rows: which.length, cols: columns.length, data, features: columns.map((j) => feature(names[j], j < INPUTS ? "arm" : "source:torques")) };
  return { x, y: { rows: which.length, names: which.map((i) => `row ${i}`), columns: [{ kind: "number", name: "torque", unit: one, values: Float64Array.from(which, (i) => rows[i][INPUTS + torque]) }] } };
}

const METHODS: Readonly<Record<string, Learner>> = {
  none: withoutSources(kernelRidge()),
  source: onSources(kernelRidge()),
  augmented: augmented(kernelRidge()),
  "htl-offset": hypothesisOffset(),
  "htl-scale": hypothesisScale(),
  full: affine(),
  "no-shift": affine({ variant: "no-shift" }),
  additive: affine({ variant: "additive" }),
  "tau-rho": tauRho({ learner: kernelRidge() }),
  automatic: learners["transfer"]!({}),
};
const wanted = flags.methods?.split(",") ?? Object.keys(METHODS);
/** The eight of the published table; the automatic choice is held against the best of them. */
const PUBLISHED = new Set(["none", "source", "augmented", "htl-offset", "htl-scale", "full", "no-shift", "additive"]);

/** One split for each repeat, the same for all n and torques. */
const splits = Array.from({ length: Number(flags.repeats) }, (_, repeat) => dealt(fold(fold(key(Number(flags.seed)), repeat), "split")));
console.log(`${splits[0].candidates.length} rows to train on; ${average(splits.map(({ test }) => test.length)).toFixed(0)} to test, ${average(splits.map(({ near }) => near)).toFixed(0)} near-copies left out`);

for (const n of flags.n.split(",").map(Number)) {
  const sums = new Map<string, number[]>();
  const seconds = new Map<string, number>();
  const chosen = new Map<string, number>();
  let [inside, judged] = [0, 0];
  for (const torque of flags.torques.split(",").map((t) => Number(t) - 1)) {
    const errors = new Map(wanted.map((name) => [name, [] as number[]]));
    for (let repeat = 0; repeat < Number(flags.repeats); repeat++) {
      const k = fold(key(Number(flags.seed)), repeat);
      const { candidates, test } = splits[repeat];
      const order = permutation(fold(k, "rows"), candidates.length);
      const train = taskOf(Array.from(order.subarray(0, n), (i) => candidates[i]), torque);
      const truth = taskOf(test, torque);
      for (const name of wanted) {
        const start = performance.now();
        const model = await METHODS[name].fit(train.x, train.y, fold(k, name), quiet);
        seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - start) / 1000);
        const [marginal] = (await model.predict(truth.x, quiet)).marginals;
        const [column] = truth.y.columns;
        if (marginal.kind !== "number" || column.kind !== "number") throw new Error("a number was asked for");
        errors.get(name)!.push(rootMeanSquaredError(column.values, marginal.mean));
        if (name !== "automatic") continue;
        const [low, high] = [marginal.quantile(0.05), marginal.quantile(0.95)];
        inside += column.values.filter((v, i) => v >= low[i] && v <= high[i]).length;
        judged += column.values.length;
        for (const { method, weight } of transferReports(model.toRecord())[0].scores) chosen.set(method, (chosen.get(method) ?? 0) + weight);
      }
    }
    const means = wanted.map((name) => average(errors.get(name)!));
    sums.set(`torque ${torque + 1}`, means);
    const best = Math.min(...means.filter((_, m) => PUBLISHED.has(wanted[m])));
    sums.set(`torque ${torque + 1}`, [...means, best]);
  }
  console.log(`\nn = ${n}, ${flags.repeats} repeats`);
  console.log(["", ...wanted].map((w) => w.padStart(10)).join(" "));
  for (const [torque, means] of sums) console.log([torque, ...means.slice(0, -1).map((m) => m.toPrecision(4))].map((w) => w.padStart(10)).join(" "));
  console.log(["to best", ...wanted.map((_, m) => average([...sums.values()].map((means) => means[m] / means[wanted.length])).toFixed(3))].map((w) => w.padStart(10)).join(" "));
  const standing = wanted.map((name, m) => ({ name, ratio: average([...sums.values()].map((means) => means[m] / means[wanted.length])) }));
  const automatic = standing.find(({ name }) => name === "automatic");
  const single = standing.filter(({ name }) => name !== "automatic").reduce((a, b) => (b.ratio < a.ratio ? b : a));
  if (automatic) console.log(`best single method on average: ${single.name}, ${single.ratio.toFixed(3)}; the automatic choice stands at ${(automatic.ratio / single.ratio).toFixed(3)} of it`);
  console.log(["s a fit", ...wanted.map((w) => (seconds.get(w)! / sums.size / Number(flags.repeats)).toFixed(3))].map((w) => w.padStart(10)).join(" "));
  if (judged > 0) console.log(`automatic: coverage of its 90 % bands ${((100 * inside) / judged).toFixed(1)} %; mean weights ${[...chosen].map(([name, w]) => `${name} ${(w / sums.size / Number(flags.repeats)).toFixed(2)}`).join(", ")}`);
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
