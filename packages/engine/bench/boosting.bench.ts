/*
 * Boosting and forest beside scikit-learn and xgboost (Debian's python3-sklearn and python3-xgboost), one core each, on
 * bulk moduli of crystals from formulas alone (matbench log_kvrh, about 10,000 × 290); then boosting on 100,000 formulas.
 *
 *   node packages/engine/bench/boosting.bench.ts [--rounds 300] [--large] [--peers]
 *
 * The answer is checked: our error may not be larger than that of the peer of the same kind by more than two standard
 * errors of the paired difference. Times are of the processor, so that others on the machine disturb little.
 * --large does the 100,000 rows too, and a forest, and prints the peak memory; --peers lets xgboost do them as well.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { composition } from "@tatara/domains/composition";
import { booster } from "@tatara/kernels";
import { quiet } from "../src/base/context.ts";
import { key, permutation } from "../src/base/key.ts";
import { one } from "../src/base/unit.ts";
import type { Table } from "../src/data/types.ts";
import { chooseDescriptors, joinFeatures } from "../src/generate/describe.ts";
import { boosting } from "../src/learn/boosting/boosting.ts";
import { growChain } from "../src/learn/boosting/chain.ts";
import { squared } from "../src/learn/boosting/losses.ts";
import { scorerOf, scoresOf } from "../src/learn/boosting/model.ts";
import { binColumns, binCounts, learnBins } from "../src/learn/forest/bins.ts";
import { forest } from "../src/learn/forest/forest.ts";
import { takeNumbers, takeRows } from "../src/learn/inputs.ts";
import type { Learner } from "../src/learn/types.ts";

const { values: { rounds: roundsText, large, peers } } = parseArgs({ options: { rounds: { type: "string", default: "300" }, large: { type: "boolean", default: false }, peers: { type: "boolean", default: false } } });
const rounds = Number(roundsText);
const DATA = fileURLToPath(new URL("../../../../shared/data/inorg-matbench/", import.meta.url));
const PYTHON = "/usr/bin/python3";
const PEERS = fileURLToPath(new URL("peers.py", import.meta.url));

interface Split {
  readonly x: Table;
  readonly y: Float64Array;
  readonly test: Table;
  readonly truth: Float64Array;
}

/** Formulas described, all of their rows; of the compositions, one in `judged` is kept to judge by. */
function read(file: string, judged: number): Split {
  const domain = composition({});
  const bytes = readFileSync(join(DATA, file));
  const lines = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split(/\r?\n/).slice(1);
  const descriptors = chooseDescriptors(domain, domain.defaultDescriptors);
  const features = joinFeatures(descriptors);
  const rows = lines.map((line) => {
    const at = line.lastIndexOf(",");
    const material = domain.codec.parse(line.slice(0, at));
    return { material, composition: domain.codec.key(material), value: Number(line.slice(at + 1)) };
  });
  const data = new Float64Array(rows.length * features.length);
  rows.forEach(({ material }, i) => {
    let to = i * features.length;
    for (const descriptor of descriptors) descriptor.write(material, data.subarray(to, (to += descriptor.features.length)));
  });
  const all: Table = { rows: rows.length, cols: features.length, data, features };
  const values = Float64Array.from(rows, ({ value }) => value);
  const compositions = [...new Set(rows.map(({ composition: name }) => name))];
  const held = new Set(Array.from(permutation(key(1), compositions.length).filter((_, i) => i % judged === 0), (i) => compositions[i]));
  const order = permutation(key(2), rows.length);
  const [train, test] = [order.filter((i) => !held.has(rows[i].composition)), order.filter((i) => held.has(rows[i].composition))];
  return { x: takeRows(all, train), y: takeNumbers(values, train), test: takeRows(all, test), truth: takeNumbers(values, test) };
}

interface Run {
  readonly name: string;
  /** Processor and wall seconds of the fit. */
  readonly cpu: number;
  readonly wall: number;
  readonly mean: Float64Array;
}

async function timed(name: string, fit: () => Promise<(x: Table) => Promise<Float64Array>>, test: Table): Promise<Run> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const predict = await fit();
  const { user, system } = process.cpuUsage(cpu);
  const wall = (performance.now() - start) / 1000;
  return { name, cpu: (user + system) / 1e6, wall, mean: await predict(test) };
}

/** So many rounds on all rows and features, as the peers are asked for. */
const plain = ({ x, y, test }: Split): Promise<Run> =>
  timed("boosting, plain", async () => {
    const binning = learnBins(x);
    const features = binning.features.length;
    const table = { rows: x.rows, features, bins: binColumns(binning, x), binCount: binCounts(binning), missing: binning.missing };
    const settings = { rounds, patience: rounds, shrinkage: 0.1, rowShare: 1, featureShare: 1, l2: 0, monotone: new Int8Array(features) };
    const made = booster(table, { maxLeaves: 31, maxDepth: 64, minLeaf: 20, minHessian: 1e-3, l2: 0 });
    const chain = await growChain({ booster: made, loss: squared, known: { target: y, weights: new Float64Array(x.rows).fill(1) }, features, words: new Uint32Array(2 * x.rows), settings }, Int32Array.from(y.keys()), rounds, key(1), quiet);
    const scorer = scorerOf([chain], 1, binning);
    return (table) => scoresOf(scorer, binning, table, Int32Array.from({ length: table.cols }, (_, j) => j), quiet);
  }, test);

const learnt = (name: string, learner: Learner, { x, y, test }: Split): Promise<Run> =>
  timed(name, async () => {
    const model = await learner.fit(x, { rows: x.rows, columns: [{ kind: "number", name: "y", unit: one, values: y }] }, key(1), quiet);
    return async (table) => {
      const [marginal] = (await model.predict(table, quiet)).marginals;
      if (marginal.kind !== "number") throw new Error("a number was asked for");
      return marginal.mean;
    };
  }, test);

function writeSplit({ x, y, test }: Split): string {
  const folder = mkdtempSync(join(tmpdir(), "tatara-boosting-"));
  const bytes = (values: Float64Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  writeFileSync(join(folder, "train.f64"), bytes(x.data));
  writeFileSync(join(folder, "y.f64"), bytes(y));
  writeFileSync(join(folder, "test.f64"), bytes(test.data));
  writeFileSync(join(folder, "shape.json"), JSON.stringify({ rows: x.rows, cols: x.cols, rounds }));
  return folder;
}

function runPeers(folder: string, names: readonly string[]): readonly (Run & { readonly rss: number })[] {
  const out = execFileSync(PYTHON, [PEERS, folder, ...names], { encoding: "utf8", maxBuffer: 1e9, stdio: ["ignore", "pipe", "inherit"] });
  return out.trim().split("\n").map((line) => {
    const { peer, cpu, wall, rss, mean } = JSON.parse(line) as { peer: string; cpu: number; wall: number; rss: number; mean: number[] };
    return { name: peer, cpu, wall, rss, mean: Float64Array.from(mean) };
  });
}

const errors = ({ mean }: Run, truth: Float64Array) => truth.map((v, i) => Math.abs(v - mean[i]));
const average = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;

/** One line beside that of the peer of the same kind; throws when ours is clearly less accurate. */
function compare(ours: Run, theirs: Run, truth: Float64Array): void {
  const [a, b] = [errors(ours, truth), errors(theirs, truth)];
  const difference = a.map((v, i) => v - b[i]);
  const se = Math.sqrt(average(difference.map((d) => (d - average(difference)) ** 2)) / truth.length);
  console.log(`${ours.name.padEnd(28)} ${ours.cpu.toFixed(1).padStart(7)} s  MAE ${average(a).toFixed(4)}   ${theirs.name.padEnd(50)} ${theirs.cpu.toFixed(1).padStart(7)} s  MAE ${average(b).toFixed(4)}   time ratio ${(ours.cpu / theirs.cpu).toFixed(2)}, MAE ${average(difference) > 0 ? "+" : ""}${average(difference).toFixed(4)} ± ${se.toFixed(4)}`);
  if (average(difference) > 2 * se) throw new Error(`${ours.name} is less accurate than ${theirs.name}`);
}

if (!existsSync(DATA)) throw new Error(`no real data: ${DATA} — this bench reads inorg-matbench there`);
const split = read("elasticity_log10K_VRH.csv", 5);
console.log(`log10 bulk modulus: ${split.x.rows} training rows × ${split.x.cols}, ${split.test.rows} others; seconds of the processor; plain runs take ${rounds} rounds of 31 leaves`);
const found = runPeers(writeSplit(split), ["xgboost hist", "scikit-learn HistGradientBoosting", "scikit-learn HistGradientBoosting, stopped early", "scikit-learn RandomForest"]);
const simple = await plain(split);
compare(simple, found[0], split.truth);
compare(simple, found[1], split.truth);
compare(await learnt("boosting, as studies use it", boosting(), split), found[2], split.truth);
compare(await learnt("forest", forest(), split), found[3], split.truth);

if (large) {
  const many = read("mp_gap.csv.gz", 20);
  console.log(`band gaps: ${many.x.rows} training rows × ${many.x.cols}, ${many.test.rows} others`);
  const peer = peers ? runPeers(writeSplit(many), ["xgboost hist"]) : [];
  const quick = await plain(many);
  if (peer.length > 0) compare(quick, peer[0], many.truth);
  const whole = await learnt("boosting, as studies use it", boosting(), many);
  const trees = await learnt("forest", forest(), many);
  for (const run of [quick, whole, trees]) console.log(`${run.name.padEnd(28)} ${run.cpu.toFixed(1).padStart(7)} s  MAE ${average(errors(run, many.truth)).toFixed(4)}`);
  console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB, of which the table ${((many.x.data.byteLength + many.test.data.byteLength) / 2 ** 20).toFixed(0)}${peer.length > 0 ? `; xgboost ${peer[0].rss.toFixed(0)} MiB` : ""}`);
}
