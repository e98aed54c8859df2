/*
 * Networks on formulas beside extra-trees: one fit of each for an official fold of Matbench, with what each takes when nothing is
 * said. No choice is made and nothing is calibrated afterwards: the bands are those of the learners themselves.
 *
 *   node packages/studies/bench/networks.bench.ts [--task steels] [--folds 1,2] [--models trees,attention] [--options '{"epochs":30}'] [--seed n]
 */
import { parseArgs } from "node:util";
import { fold, key, one } from "@tatara/engine/base";
import { selectFeatures, selectTableRows, type Targets } from "@tatara/engine/data";
import { coverage, intervalWidth, meanAbsoluteError, negativeLogLikelihood, type NumericMarginal } from "@tatara/engine/prob";
import { recipes } from "../src/catalogue/learners.ts";
import { talkative } from "./common.ts";
import { readTask } from "./matbench/tasks.ts";

const CHEMISTRY = ["fractions", "ionic", "constituents"];
const MODELS: Readonly<Record<string, { readonly learner: string; readonly blocks: readonly string[] }>> = {
  trees: { learner: "extra-trees", blocks: CHEMISTRY },
  mlp: { learner: "mlp", blocks: CHEMISTRY },
  "mlp-fractions": { learner: "mlp", blocks: ["fractions"] },
  attention: { learner: "attention", blocks: ["fractions"] },
  "attention-chemistry": { learner: "attention", blocks: CHEMISTRY },
};

const { values } = parseArgs({ options: { task: { type: "string", default: "steels" }, folds: { type: "string", default: "1,2" }, models: { type: "string", default: Object.keys(MODELS).join() }, options: { type: "string", default: "{}" }, seed: { type: "string", default: "1" } } });
const names = values.models.split(",");
for (const name of names) if (!Object.hasOwn(MODELS, name)) throw new Error(`unknown model: ${name} — there are ${Object.keys(MODELS).join(", ")}`);
const average = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;

for (const name of values.task.split(",")) {
  const { x, y, folds, unit } = readTask(name, CHEMISTRY);
  console.log(`\n| ${name}, ${x.rows} rows, ${unit}, folds ${values.folds} | MAE | of each fold | NLL | 90 % band holds | width | seconds a fit |\n|---|---|---|---|---|---|---|`);
  for (const model of names) {
    const { learner, blocks } = MODELS[model]!;
    const own = selectFeatures(x, x.features.filter(({ block = "" }) => blocks.includes(block)).map((f) => f.name));
    const told: { readonly mae: number; readonly nll: number; readonly holds: number; readonly width: number; readonly seconds: number }[] = [];
    for (const f of values.folds.split(",").map(Number)) {
      const test = Int32Array.from(folds[f - 1]!);
      const out = new Set(test);
      const train = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => !out.has(i));
      const at = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => y[i]!);
      const targets: Targets = { rows: train.length, columns: [{ kind: "number", name: "y", unit: one, values: at(train) }] };
      const began = performance.now();
      const fitted = await recipes[learner]!.make(learner === "extra-trees" ? {} : (JSON.parse(values.options) as Record<string, unknown>)).fit(selectTableRows(own, train), targets, fold(key(Number(values.seed)), f), talkative());
      const law = (await fitted.predict(selectTableRows(own, test), talkative())).marginals[0] as NumericMarginal;
      const wanted = at(test);
      told.push({ mae: meanAbsoluteError(wanted, law.mean), nll: negativeLogLikelihood(wanted, law), holds: coverage(wanted, law, 0.9), width: intervalWidth(law, 0.9), seconds: (performance.now() - began) / 1000 });
    }
    const mean = (of: (one: (typeof told)[number]) => number): number => average(told.map(of));
    console.log(`| ${model} | ${mean((t) => t.mae).toPrecision(4)} | ${told.map(({ mae }) => mae.toPrecision(3)).join(", ")} | ${mean((t) => t.nll).toFixed(3)} | ${(100 * mean((t) => t.holds)).toFixed(1)} % | ${mean((t) => t.width).toPrecision(3)} | ${mean((t) => t.seconds).toFixed(0)} |`);
  }
}
