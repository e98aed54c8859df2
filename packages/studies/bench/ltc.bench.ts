/*
 * Lattice thermal conductivity of 45 crystals from networks of the scattering phase space of 320, after methods 7.4 (Minami et
 * al., NeurIPS 2023, section 5.2). Sources: networks with three hidden layers of equal width (50 … 99), trained on log SPS; the
 * ten best on rows held out are kept and trained again on all rows. Target: log conductivity from 40 rows, five are left out;
 * errors are root mean squared errors in W/(m K), after going back from the logarithm. The splits are paired: every method sees
 * the same ones, and each difference to `none` is told with its spread over splits. (In the published figures the splits are 10.)
 *
 * The ten networks' predictions (of log conductivity) are averaged; the mean error of single networks is told beside it.
 * Run: node packages/studies/bench/ltc.bench.ts [--splits 50] [--nets 100] [--keep 10]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import * as ort from "onnxruntime-node";
import { fold, key, one, permutation, quiet } from "@tatara/engine/base";
import type { Feature, Table, Targets } from "@tatara/engine/data";
import { SOURCE, affine, affineLinear, appendSources, augmented, kernelRidge, onSources, recipes, shotgun, tauRho, transferReports, withoutSources, type FeatureExtractor, type Learner, type Model } from "@tatara/engine/learn";
import { hiddenLayers, ortBackend, predictPerceptron, trainPerceptron, type Perceptron } from "@tatara/neural";
import { realData } from "./common.ts";

const { values: flags } = parseArgs({ options: { splits: { type: "string", default: "50" }, nets: { type: "string", default: "100" }, keep: { type: "string", default: "10" }, full: { type: "string", default: "yes" } } });
const [SPLITS, NETS, KEEP] = [flags.splits, flags.nets, flags.keep].map(Number);
const LEFT_OUT = 5;

const lines = (text: string): readonly string[][] => text.trim().split(/\r?\n/).slice(1).map((line) => line.split(","));
const descriptorText = gunzipSync(readFileSync(realData("tl-ltc-sps/xenonpy_290_descriptors.csv.gz"))).toString("utf8");
const names = descriptorText.split(/\r?\n/, 1)[0].split(",").slice(1);
const descriptors = new Map(lines(descriptorText).map(([id, ...values]) => [id, values.map(Number)]));
const crystals = lines(readFileSync(realData("tl-ltc-sps/ltc_sps.csv"), "utf8")).map((cells) => ({ id: cells[0], ltc: Number(cells.at(-2) || Number.NaN), sps: Number(cells.at(-1)) }));

/** Columns that differ between crystals, by more than rounding. */
const varying = names.map((_, j) => j).filter((j) => {
  const values = crystals.map(({ id }) => descriptors.get(id)![j]);
  return Math.max(...values) - Math.min(...values) > 1e-9 * Math.max(...values.map(Math.abs));
});
const features = varying.map((j): Feature => ({ name: names[j], unit: one, about: "", block: "xenonpy" }));
const tableOf = (rows: readonly (typeof crystals)[number][]): Table => ({ rows: rows.length, cols: features.length, features, data: Float64Array.from(rows.flatMap(({ id }) => varying.map((j) => descriptors.get(id)![j]))) });

const measured = crystals.filter(({ ltc }) => ltc > 0);
const all = tableOf(crystals);
const logSps = Float64Array.from(crystals, ({ sps }) => Math.log(sps));
const target = tableOf(measured);
console.log(`${crystals.length} crystals with SPS, ${measured.length} with conductivity, ${features.length} descriptors that vary`);

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const spread = (values: readonly number[]): number => Math.sqrt(values.reduce((s, v) => s + (v - average(values)) ** 2, 0) / (values.length - 1));
const rms = (errors: readonly number[]): number => Math.sqrt(average(errors.map((e) => e * e)));

const backend = ortBackend(ort);
const pick = (x: Table, rows: readonly number[]): Table => ({ ...x, rows: rows.length, data: Float64Array.from(rows.flatMap((i) => Array.from(x.data.subarray(i * x.cols, (i + 1) * x.cols)))) });

/** The best of many networks by their error on a fifth of the rows, trained again on all. */
async function sourceNetworks(): Promise<readonly Perceptron[]> {
  const ranked: { readonly net: number; readonly width: number; readonly error: number }[] = [];
  for (let net = 0; net < NETS; net++) {
    const k = fold(key(7), net);
    const width = 50 + (permutation(fold(k, "width"), 50)[0] ?? 0);
    const order = Array.from(permutation(fold(k, "held out"), all.rows));
    const [held, rest] = [order.slice(0, all.rows / 5), order.slice(all.rows / 5)];
    const network = await trainPerceptron({ x: pick(all, rest), y: Float64Array.from(rest, (i) => logSps[i]), widths: [width, width, width] }, backend, k, quiet);
    const said = predictPerceptron(network, pick(all, held));
    ranked.push({ net, width, error: rms(held.map((i, p) => logSps[i] - said[p])) });
  }
  ranked.sort((a, b) => a.error - b.error);
  const sd = spread(Array.from(logSps));
  console.log(`${NETS} networks of log SPS: error on rows held out ${ranked[0].error.toFixed(3)} … ${ranked.at(-1)!.error.toFixed(3)}, standard deviation ${sd.toFixed(3)}; the best ${KEEP} are kept`);
  const kept: Perceptron[] = [];
  for (const { net, width } of ranked.slice(0, KEEP)) kept.push(await trainPerceptron({ x: all, y: logSps, widths: [width, width, width] }, backend, fold(fold(key(7), net), "again"), quiet));
  return kept;
}

const meanOf = async (model: Model, x: Table): Promise<Float64Array> => {
  const [marginal] = (await model.predict(x, quiet)).marginals;
  if (marginal.kind !== "number") throw new Error("a number was asked for");
  return marginal.mean;
};

const started = performance.now();
const networks = await sourceNetworks();
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s for the sources`);
const y = Float64Array.from(measured, ({ ltc }) => Math.log(ltc));

/** What of each network a method sees, and what learns from it; `none` sees nothing of it. */
interface Method {
  readonly sources: (network: Perceptron, n: number) => FeatureExtractor;
  readonly learner: Learner;
}
const layer = (l: number): Method["sources"] => (network, n) => hiddenLayers(`network ${n}`, network, [l]);
/** The network's answer itself. */
const output: Method["sources"] = (network, n) => {
  const outputs: readonly Feature[] = [{ name: `network ${n}: log SPS`, unit: one, about: "", block: `${SOURCE}network ${n}` }];
  return { id: `network ${n}`, inputs: network.inputs, outputs, extract: async (x) => ({ rows: x.rows, cols: 1, data: predictPerceptron(network, x), features: outputs }), toRecord: () => ({ type: "output", id: `network ${n}`, inputs: network.inputs, outputs, state: network }) };
};

const METHODS: Readonly<Record<string, Method>> = {
  ...Object.fromEntries([1, 2, 3].map((l) => [`features of layer ${l}`, { sources: layer(l), learner: onSources(kernelRidge()) }])),
  ...Object.fromEntries([1, 2, 3].map((l) => [`augmented, layer ${l}`, { sources: layer(l), learner: augmented(kernelRidge()) }])),
  ...Object.fromEntries([1, 2, 3].map((l) => [`additive, layer ${l}`, { sources: layer(l), learner: affine({ variant: "additive" }) }])),
  ...(flags.full === "yes" ? Object.fromEntries([1, 2, 3].map((l) => [`affine, layer ${l}`, { sources: layer(l), learner: affine() }])) : {}),
  "affine, output": { sources: output, learner: affine() },
  "affine, linear, output": { sources: output, learner: affineLinear() },
  "tau-rho, output": { sources: output, learner: tauRho({ learner: kernelRidge() }) },
  "automatic, output": { sources: output, learner: recipes["transfer"]!.make({ repeats: 1, methods: ["none", "source", "augmented", "additive", "tau-rho"] }) },
};
const extracted = new Map<string, readonly Table[]>();
for (const [name, { sources }] of Object.entries(METHODS)) {
  const tables: Table[] = [];
  for (const [n, network] of networks.entries()) tables.push(await appendSources([sources(network, n)], target, quiet));
  extracted.set(name, tables);
}
const everything = await appendSources(networks.flatMap((network, n) => [2, 3].map((l) => ({ ...hiddenLayers(`network ${n} layer ${l}`, network, [l]) }))), target, quiet);
const needs = { ...recipes["kernel-ridge"]!.needs({}), mostRows: 1000 };
const shots = shotgun({ bases: [{ name: "kernel ridge", learner: kernelRidge(), needs }], top: 3 });

/** Of the conductivity, and of its natural logarithm: the former is ruled by a few crystals of high conductivity. */
const errors = new Map<string, number[]>();
const logErrors = new Map<string, number[]>();
const singles = new Map<string, number[]>();
const put = (into: Map<string, number[]>, name: string, value: number) => into.set(name, [...(into.get(name) ?? []), value]);

for (let split = 0; split < SPLITS; split++) {
  const order = Array.from(permutation(fold(key(11), split), measured.length));
  const [test, train] = [order.slice(0, LEFT_OUT), order.slice(LEFT_OUT)];
  const truth = test.map((i) => measured[i].ltc);
  const targets: Targets = { rows: train.length, names: train.map((i) => measured[i].id), columns: [{ kind: "number", name: "log conductivity", unit: one, values: Float64Array.from(train, (i) => y[i]) }] };
  const errorOf = (logs: ArrayLike<number>) => rms(truth.map((v, p) => v - Math.exp(logs[p])));
  const note = (name: string, said: ArrayLike<number>) => {
    put(errors, name, errorOf(said));
    put(logErrors, name, rms(truth.map((v, p) => Math.log(v) - said[p])));
  };
  const k = fold(key(13), split);
  const none = await withoutSources(kernelRidge()).fit(pick(target, train), targets, k, quiet);
  note("none (kernel ridge)", await meanOf(none, pick(target, test)));
  note("none (forest)", await meanOf(await recipes["forest"]!.make({}).fit(pick(target, train), targets, k, quiet), pick(target, test)));
  const ensemble = async (name: string, answers: (n: number) => Promise<Float64Array>) => {
    const said: Float64Array[] = [];
    for (let n = 0; n < networks.length; n++) {
      said.push(await answers(n));
      put(singles, name, errorOf(said[n]));
    }
    note(name, test.map((_, p) => average(said.map((s) => s[p]))));
  };
  const logs = Float64Array.from(train, (i) => y[i]);
  await ensemble("none (networks)", async (n) => predictPerceptron(await trainPerceptron({ x: pick(target, train), y: logs, widths: networks[n].layers.slice(0, 3).map(({ units }) => units), batch: 20 }, backend, fold(k, n), quiet), pick(target, test)));
  await ensemble("fine-tune, all layers", async (n) => predictPerceptron(await trainPerceptron({ x: pick(target, train), y: logs, widths: networks[n].layers.slice(0, 3).map(({ units }) => units), batch: 20, from: networks[n] }, backend, fold(k, n), quiet), pick(target, test)));
  await ensemble("fine-tune, last layers", async (n) => predictPerceptron(await trainPerceptron({ x: pick(target, train), y: logs, widths: networks[n].layers.slice(0, 3).map(({ units }) => units), batch: 20, from: networks[n], freeze: 2 }, backend, fold(k, n), quiet), pick(target, test)));
  for (const [name, { learner }] of Object.entries(METHODS)) await ensemble(name, async (n) => meanOf(await learner.fit(pick(extracted.get(name)![n], train), targets, fold(k, n), quiet), pick(extracted.get(name)![n], test)));
  const shot = await shots.fit(pick(everything, train), targets, k, quiet);
  if (transferReports(shot.toRecord()).length !== 1) throw new Error("a report was asked for");
  note("shotgun, best three", await meanOf(shot, pick(everything, test)));
}

console.log(`\n${SPLITS} splits of ${measured.length - LEFT_OUT} and ${LEFT_OUT}; differences are paired, to none (kernel ridge)`);
for (const [unit, of] of [["W/(m K)", errors], ["natural logarithm", logErrors]] as const) {
  const base = of.get("none (kernel ridge)")!;
  console.log(`\nroot mean squared error, ${unit}`);
  console.log(`${"".padEnd(24)} ${"mean".padStart(7)} ${"median".padStart(7)} ${"one net".padStart(8)}  difference ± its spread over splits (standard error)   better in`);
  for (const [name, values] of of) {
    const d = values.map((v, s) => v - base[s]);
    const median = values.toSorted((a, b) => a - b)[values.length >> 1];
    const single = of === errors && singles.has(name) ? average(singles.get(name)!).toFixed(2) : "";
    console.log(`${name.padEnd(24)} ${average(values).toFixed(3).padStart(7)} ${median.toFixed(3).padStart(7)} ${single.padStart(8)}  ${average(d).toFixed(3).padStart(7)} ± ${spread(d).toFixed(3).padStart(6)} (${(spread(d) / Math.sqrt(d.length)).toFixed(3).padStart(5)})  ${d.filter((v) => v < 0).length} of ${d.length}`);
  }
}
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s in all`);
process.exit(0);
