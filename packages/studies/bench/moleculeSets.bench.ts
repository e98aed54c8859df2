/*
 * Solubility (ESOL), hydration free energy (FreeSolv) and lipophilicity of molecules by message passing on graphs with
 * descriptors beside them, by extra-trees on fingerprints and the same descriptors, and by both in equal parts, on the same random
 * and scaffold splits, 80 / 10 / 10.
 *
 *   node packages/studies/bench/moleculeSets.bench.ts [--set esol,freesolv,lipophilicity] [--splits 10] [--scaffolds 3]
 *     [--options '{"epochs":30}'] [--seed n] [--log results.jsonl]
 *
 * The tenth for validation calibrates (factor and tails, as in a study) and nothing else; message passing stops by rows held out
 * of its eight tenths. A log keeps what was done: the same command goes on where it was, and prints all of it.
 * Scaffold splits are those of chemprop ("balanced"): scaffolds larger than half of a tenth go to training first, the others in
 * random order to training, validation and test, each as long as it has room.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadRdkit, molecule } from "@tatara/domains";
import { fold, InputError, key, one, type Key } from "@tatara/engine/base";
import { selectFeatures, selectTableRows, selectTargets, type Table, type Targets } from "@tatara/engine/data";
import { chooseDescriptors, describeTexts } from "@tatara/engine/generate";
import { applyCalibration, calibrateNumber, keyedOrder, LEVEL, type Learner } from "@tatara/engine/learn";
import { coverage, intervalWidth, meanAbsoluteError, miscalibrationArea, mixtureMarginal, negativeLogLikelihood, normalisedCalibrationError, rootMeanSquaredError, type NumericMarginal } from "@tatara/engine/prob";
import { readCsv } from "@tatara/studies/tables";
import { recipes } from "../src/catalogue/learners.ts";
import { realData, talkative } from "./common.ts";

const { values } = parseArgs({ options: { set: { type: "string", default: "esol,freesolv,lipophilicity" }, splits: { type: "string", default: "10" }, scaffolds: { type: "string", default: "3" }, options: { type: "string", default: "{}" }, seed: { type: "string", default: "1" }, log: { type: "string" } } });

const SETS: Readonly<Record<string, { readonly path: string; readonly structure: string; readonly property: string; readonly unit: string }>> = {
  esol: { path: "mol-esol/esol_train.csv", structure: "smiles", property: "measured log solubility in mols per litre", unit: "log10 mol/L" },
  freesolv: { path: "mol-freesolv/freesolv.csv", structure: "smiles", property: "exp_hydration_free_energy", unit: "kcal/mol" },
  lipophilicity: { path: "mol-lipophilicity/lipophilicity.csv", structure: "smiles", property: "exp", unit: "log D" },
};

interface Loaded {
  readonly x: Table;
  readonly y: Targets;
  readonly names: readonly string[];
  readonly scaffolds: readonly string[];
}

async function load(set: string): Promise<Loaded> {
  const { path, structure, property } = SETS[set]!;
  const raw = await readCsv(realData(path));
  const [at, value] = [structure, property].map((name) => raw.header.indexOf(name)) as [number, number];
  const domain = molecule(await loadRdkit());
  const descriptors = chooseDescriptors(domain, ["graph", "ecfp", "physchem"]);
  const measured = new Map<string, number[]>();
  let refused = 0;
  for (const row of raw.rows) {
    try {
      const s = domain.codec.parse(row[at]!);
      if (descriptors.some((d) => d.refuses?.(s) !== undefined)) throw new InputError("too large");
      measured.set(domain.codec.key(s), [...(measured.get(domain.codec.key(s)) ?? []), Number(row[value])]);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused++;
    }
  }
  const names = [...measured.keys()];
  console.log(`\n${set}: ${names.length} molecules from ${raw.rows.length} rows, ${refused} refused`);
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  return {
    x: describeTexts(domain, descriptors, names),
    y: { rows: names.length, columns: [{ kind: "number", name: property, unit: one, values: Float64Array.from(measured.values(), mean) }], names },
    names,
    scaffolds: names.map((name) => domain.groups.scaffold!(domain.codec.parse(name))),
  };
}

interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

function randomSplit(at: Key, { names }: Loaded): Split {
  const order = keyedOrder(at, names);
  const tenth = Math.round(names.length / 10);
  return { train: order.slice(2 * tenth).sort(), validation: order.slice(tenth, 2 * tenth).sort(), test: order.slice(0, tenth).sort() };
}

function scaffoldSplit(at: Key, { names, scaffolds }: Loaded): Split {
  const groups = new Map<string, number[]>();
  scaffolds.forEach((scaffold, i) => groups.set(scaffold, [...(groups.get(scaffold) ?? []), i]));
  const tenth = names.length / 10;
  const labels = [...groups.keys()];
  const drawn = Array.from(keyedOrder(at, labels), (i) => groups.get(labels[i]!)!);
  const [train, validation, test]: [number[], number[], number[]] = [[], [], []];
  for (const rows of [...drawn.filter((g) => g.length > tenth / 2), ...drawn.filter((g) => g.length <= tenth / 2)])
    (train.length + rows.length <= 8 * tenth ? train : validation.length + rows.length <= tenth ? validation : test).push(...rows);
  const sorted = (rows: readonly number[]) => Int32Array.from(rows).sort();
  return { train: sorted(train), validation: sorted(validation), test: sorted(test) };
}

interface Result {
  readonly set: string;
  readonly split: string;
  readonly learner: string;
  readonly options: string;
  readonly rows: number;
  readonly rmse: number;
  readonly mae: number;
  readonly coverage: number;
  readonly width: number;
  readonly nll: number;
  readonly ence: number;
  readonly area: number;
  readonly seconds: number;
}

const LEARNERS: Readonly<Record<string, { readonly blocks: readonly string[]; readonly make: () => Learner }>> = {
  "extra-trees": { blocks: ["ecfp", "physchem"], make: () => recipes["extra-trees"]!.make({}) },
  "message-passing": { blocks: ["graph", "physchem"], make: () => recipes["message-passing"]!.make(JSON.parse(values.options) as Record<string, unknown>) },
};
const POOL = "both in equal parts";

const lawOf = async (learner: Learner, x: Table, y: Targets, rows: Int32Array, at: Key, asked: readonly Int32Array[]): Promise<readonly NumericMarginal[]> => {
  const model = await learner.fit(selectTableRows(x, rows), selectTargets(y, rows), at, talkative());
  const laws: NumericMarginal[] = [];
  for (const part of asked) laws.push((await model.predict(selectTableRows(x, part), talkative())).marginals[0] as NumericMarginal);
  return laws;
};

function mixed(laws: readonly NumericMarginal[]): NumericMarginal {
  const rows = laws[0]!.mean.length;
  const beside = (of: (law: NumericMarginal) => Float64Array) => ({ rows, cols: laws.length, data: Float64Array.from({ length: rows * laws.length }, (_, at) => of(laws[at % laws.length]!)[Math.floor(at / laws.length)]!) });
  return mixtureMarginal({ name: laws[0]!.name, unit: laws[0]!.unit, means: beside((law) => law.mean), sds: beside((law) => law.sd) });
}

function judge(y: Targets, { validation, test }: Split, [held, law]: readonly NumericMarginal[]): Omit<Result, "set" | "split" | "learner" | "options" | "seconds"> {
  const measured = (rows: Int32Array) => Float64Array.from(rows, (i) => (y.columns[0] as { readonly values: Float64Array }).values[i]!);
  const calibration = calibrateNumber({ kind: "number", name: law!.name, unit: law!.unit, rows: validation, fold: new Int32Array(validation.length), y: measured(validation), mean: held!.mean, sd: held!.sd });
  const calibrated = applyCalibration(law!, calibration);
  const wanted = measured(test);
  return {
    rows: test.length, rmse: rootMeanSquaredError(wanted, law!.mean), mae: meanAbsoluteError(wanted, law!.mean), coverage: coverage(wanted, calibrated, LEVEL), width: intervalWidth(calibrated, LEVEL),
    nll: negativeLogLikelihood(wanted, calibrated), ence: normalisedCalibrationError(wanted, calibrated.mean, calibrated.sd), area: miscalibrationArea(calibrated.cdf(wanted)),
  };
}

const done: Result[] = values.log !== undefined && existsSync(values.log) ? readFileSync(values.log, "utf8").trim().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Result) : [];
const known = (set: string, split: string, learner: string) => done.find((r) => r.set === set && r.split === split && r.learner === learner && r.options === values.options);

function keep(result: Result): void {
  done.push(result);
  if (values.log !== undefined) appendFileSync(values.log, `${JSON.stringify(result)}\n`);
  console.log(`  ${result.split.padEnd(12)} ${result.learner.padEnd(20)} RMSE ${result.rmse.toFixed(3)}  coverage ${(100 * result.coverage).toFixed(0)} %  NLL ${result.nll.toFixed(2)}  ${result.seconds.toFixed(0)} s`);
}

async function runSplit(set: string, name: string, split: Split, { x, y }: Loaded, at: Key): Promise<void> {
  if (known(set, name, POOL) !== undefined) return;
  const laws: (readonly NumericMarginal[])[] = [];
  for (const [learner, { blocks, make }] of Object.entries(LEARNERS)) {
    const own = selectFeatures(x, x.features.filter(({ block = "" }) => blocks.includes(block)).map((f) => f.name));
    const began = performance.now();
    laws.push(await lawOf(make(), own, y, split.train, fold(at, learner), [split.validation, split.test]));
    const result: Result = { set, split: name, learner, options: values.options, ...judge(y, split, laws.at(-1)!), seconds: (performance.now() - began) / 1000 };
    if (known(set, name, learner) === undefined) keep(result);
  }
  keep({ set, split: name, learner: POOL, options: values.options, ...judge(y, split, [0, 1].map((k) => mixed(laws.map((pair) => pair[k]!)))), seconds: 0 });
}

const average = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
const deviation = (v: readonly number[]): number => Math.sqrt(v.reduce((s, a) => s + (a - average(v)) ** 2, 0) / Math.max(1, v.length - 1));

function summary(set: string, kind: string): void {
  const own = done.filter((r) => r.set === set && r.split.startsWith(kind) && r.options === values.options);
  if (own.length === 0) return;
  const names = [...Object.keys(LEARNERS), POOL];
  console.log(`\n| ${set}, ${kind} (${SETS[set]!.unit}) | splits | RMSE | MAE | 90 % band | width | NLL | ENCE | area | against extra-trees |`);
  console.log("|---|---|---|---|---|---|---|---|---|---|");
  for (const name of names) {
    const rows = own.filter((r) => r.learner === name);
    const of = (field: "rmse" | "mae" | "coverage" | "width" | "nll" | "ence" | "area") => rows.map((r) => r[field]);
    const paired = rows.flatMap((r) => {
      const base = own.find((b) => b.learner === names[0] && b.split === r.split);
      return base === undefined ? [] : [r.rmse - base.rmse];
    });
    const against = name === names[0] ? "" : `${average(paired).toFixed(3)} ± ${(deviation(paired) / Math.sqrt(paired.length)).toFixed(3)}, better in ${paired.filter((d) => d < 0).length} of ${paired.length}`;
    console.log(`| ${name} | ${rows.length} | ${average(of("rmse")).toFixed(3)} ± ${deviation(of("rmse")).toFixed(3)} | ${average(of("mae")).toFixed(3)} | ${(100 * average(of("coverage"))).toFixed(1)} % | ${average(of("width")).toFixed(2)} | ${average(of("nll")).toFixed(3)} | ${average(of("ence")).toFixed(3)} | ${average(of("area")).toFixed(3)} | ${against} |`);
  }
}

for (const set of values.set.split(",")) {
  const loaded = await load(set);
  const root = fold(key(Number(values.seed)), set);
  for (let s = 0; s < Number(values.splits); s++) await runSplit(set, `random ${s}`, randomSplit(fold(fold(root, "random"), s), loaded), loaded, fold(fold(root, "fit random"), s));
  for (let s = 0; s < Number(values.scaffolds); s++) await runSplit(set, `scaffold ${s}`, scaffoldSplit(fold(fold(root, "scaffold"), s), loaded), loaded, fold(fold(root, "fit scaffold"), s));
  for (const kind of ["random", "scaffold"]) summary(set, kind);
}
