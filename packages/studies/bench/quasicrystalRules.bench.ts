/*
 * A handful of intervals that tell quasicrystals from ordinary crystals, by our own table of elements: ten folds of whole
 * chemical systems, dealt anew for several seeds; recall and what is let through out of fold, of all others and of those
 * that could be taken for one; which conditions return when systems are drawn anew; and, on the first seed's folds, how
 * far the rules say what a forest and the pool of `quasicrystals.bench.ts` say. Approximants count on neither side.
 * These are our own summaries of public data.
 * Run: node packages/studies/bench/quasicrystalRules.bench.ts [--seeds 5] [--price 3] [--bootstraps 50] [--workers 2] [--no-model]
 */
import { parseArgs } from "node:util";
import { composition } from "@tatara/domains/composition";
import { fold, key } from "@tatara/engine/base";
import { groupFolds, selectFeatures, type Folds, type Table, type Targets } from "@tatara/engine/data";
import { fidelityOf, formatRule, mineIntervals, type CrossValidatedRules, type Labels, type NegativeSubset } from "@tatara/engine/explain";
import { chooseDescriptors, joinFeatures } from "@tatara/engine/generate";
import { calibrateCategory, crossValidate, nestedProbabilities, type LearnerSpec } from "@tatara/engine/learn";
import type { Bootstrapped } from "@tatara/engine/prob";
import { openLearning, shareTable } from "@tatara/studies/executors";
import { hypermaterialRows, talkative } from "./common.ts";

const { values: flags } = parseArgs({ options: { seeds: { type: "string", default: "5" }, price: { type: "string", default: "3" }, bootstraps: { type: "string", default: "50" }, workers: { type: "string", default: "2" }, "no-model": { type: "boolean", default: false } } });
const [SEEDS, PRICE, BOOTSTRAPS, WORKERS] = [flags.seeds, flags.price, flags.bootstraps, flags.workers].map(Number) as [number, number, number, number];
const FOLDS = 10;
const AIM = { recall: 0.84, falsePositiveRate: 0.022, conditions: 5 };

const rows = hypermaterialRows();
const n = rows.length;
const systems = rows.map((r) => r.system);
const domain = composition();
const materials = rows.map(({ formula }) => domain.codec.parse(formula));

function describe(ids: readonly string[], without: RegExp): Table {
  const descriptors = chooseDescriptors(domain, ids);
  const features = joinFeatures(descriptors);
  const data = new Float64Array(n * features.length);
  let at = 0;
  for (const material of materials) for (const { write, features: own } of descriptors) write(material, data.subarray(at, (at += own.length)));
  return selectFeatures({ rows: n, cols: features.length, data, features }, features.map((f) => f.name).filter((name) => !without.test(name)));
}

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(0);
const { descriptors, without } = domain.readable!;
const x = describe(descriptors, new RegExp(without.map((pattern) => pattern.replaceAll("*", ".*")).join("|") || "^$"));
const words = new Map(x.features.map((f) => [f.name, f.about.split(/[:;] /)[0]!]));
const label = (name: string) => words.get(name)!;
const labels: Labels = Int8Array.from(rows, (r) => (r.label === "QC" ? 1 : r.label === "AC" ? -1 : 0));
const count = (wanted: number) => labels.reduce((sum, l) => sum + (l === wanted ? 1 : 0), 0);

const classes = materials.map((material) => domain.groups["class"]!(material));
const common = [...new Set(classes)].filter((name) => classes.filter((c, i) => c === name && labels[i] === 1).length >= 0.05 * count(1));
const kin: NegativeSubset = { name: "kin", weights: Float64Array.from(classes, (name, i) => (labels[i] === 0 && common.includes(name) ? 1 : 0)) };
console.log(`${n} compositions, ${count(1)} QC, ${count(-1)} AC aside, ${count(0)} others, of which ${kin.weights.reduce((a, b) => a + b, 0)} of the classes that QC are of (${common.join(", ")}); ${x.cols} features`);

const percent = (v: number, decimals = 1): string => `${(100 * v).toFixed(decimals)} %`;
const interval = ({ estimate, low, high }: Bootstrapped, write: (v: number) => string): string => `${write(estimate)} [${write(low)}, ${write(high)}]`;

const folds = Array.from({ length: SEEDS }, (_, seed) => groupFolds(key(seed + 1), systems, { folds: FOLDS }));
const found: CrossValidatedRules[] = [];
for (const [s, own] of folds.entries()) {
  const from = performance.now();
  const mined = await mineIntervals(key(s + 1), x, labels, { most: AIM.conditions, aim: { price: PRICE }, folds: own, groups: systems, bootstraps: s === 0 ? BOOTSTRAPS : 0, subsets: [kin] }, talkative());
  const { best, crossValidated, stability, alternatives } = mined;
  const { separation, recall, falsePositiveRate, rules } = crossValidated!;
  found.push(crossValidated!);
  if (s === 0) {
    console.log(`\nthe rule, mined from all rows:\n  ${formatRule(best.rule, { label }).replaceAll(" and ", "\n  and ")}`);
    console.log(`  on the rows it was mined from (too good): recall ${percent(best.training.recall)}, ${percent(best.training.falsePositiveRate, 2)} let through`);
    for (const a of alternatives) console.log(`  or: ${formatRule(a.rule)} (${percent(a.training.recall)}, ${percent(a.training.falsePositiveRate, 2)})`);
    if (stability) {
      console.log(`  stability over ${stability.bootstraps} bootstraps of systems: the same feature / one of its group / nearly the same rows; ${percent(stability.overlap, 0)} of the rows covered are shared`);
      for (const c of stability.conditions) console.log(`    ${label(c.condition.feature).padEnd(60)} ${percent(c.feature, 0)} / ${percent(c.group, 0)} / ${percent(c.similar, 0)}`);
      console.log(`    most used: ${stability.features.slice(0, 8).map((f) => `${f.feature} ${percent(f.share, 0)}`).join(", ")}`);
    }
    console.log("\nout of fold, ten folds of systems:");
  }
  console.log(`  seed ${s + 1}: recall ${interval(recall!, percent)}, let through ${interval(falsePositiveRate!, (v) => percent(v, 2))}, of kin ${percent(separation.subsets[0]!.falsePositiveRate)}; precision ${percent(separation.precision)}; at most ${Math.max(...rules.map((r) => r.conditions.length))} conditions; ${((performance.now() - from) / 1000).toFixed(0)} s`);
}
const mean = (of: (f: CrossValidatedRules) => number) => found.reduce((sum, f) => sum + of(f), 0) / found.length;
const [recall, passed] = [mean((f) => f.separation.recall), mean((f) => f.separation.falsePositiveRate)];
const good = found.filter((f) => f.separation.recall >= AIM.recall && f.separation.falsePositiveRate <= AIM.falsePositiveRate).length;
console.log(`  mean of ${SEEDS} seeds: recall ${percent(recall)}, let through ${percent(passed, 2)}; aim ${percent(AIM.recall, 0)} at ${percent(AIM.falsePositiveRate)}: ${recall >= AIM.recall && passed <= AIM.falsePositiveRate ? "met" : "missed"} in the mean, by ${good} of ${SEEDS} seeds`);

const LEVELS = ["QC", "AC", "OTHERS"];
const entropy = { trees: 200, criterion: "entropy" };
const MODELS: readonly { readonly name: string; readonly blocks: readonly string[]; readonly learner: LearnerSpec }[] = [
  { name: "forest", blocks: ["fraction-statistics", "alloy"], learner: { name: "forest", options: { trees: 200 } } },
  {
    name: "pool",
    blocks: ["fraction-statistics", "alloy", "constituents"],
    learner: {
      name: "pool",
      options: {
        members: [
          { learner: "extra-trees", options: { ...entropy, featureShare: 1, rowShare: 0.95 }, blocks: ["alloy", "constituents"] },
          { learner: "extra-trees", options: { ...entropy, featureShare: 0.6, rowShare: 0.95 } },
          { learner: "forest", options: { ...entropy, featureShare: 0.2, rowShare: 0.9 } },
        ],
      },
    },
  },
];

/** Out-of-fold, calibrated probability of QC in the rules' own folds. */
async function believed(table: Table, learner: LearnerSpec, own: Folds): Promise<Float64Array> {
  const groupOf = new Map([...new Set(systems)].map((system, g) => [system, g]));
  const y: Targets = { rows: n, columns: [{ kind: "category", name: "label", levels: LEVELS, codes: Int32Array.from(rows, (r) => LEVELS.indexOf(r.label)) }], groups: Int32Array.from(systems, (system) => groupOf.get(system)!), names: rows.map(({ formula }, i) => `${formula} ${i}`) };
  const crew = openLearning(table, WORKERS);
  const oof = await crossValidate({ learner, x: table, y, column: 0, folds: own }, crew.run, key(7), talkative());
  await crew.close();
  if (oof.kind !== "category") throw new Error("a class was asked for");
  const p = nestedProbabilities(oof, calibrateCategory(oof).method);
  const out = new Float64Array(n);
  oof.rows.forEach((row, i) => (out[row] = p[i * LEVELS.length]!));
  return out;
}

if (!flags["no-model"]) {
  const kept = Array.from(labels.keys()).filter((i) => labels[i]! >= 0);
  const odds = (PRICE * count(1)) / count(0);
  const cut = odds / (1 + odds);
  console.log(`\nfidelity, out of fold in the folds of seed 1, bootstrap over systems; for the same aim a model says yes from P(QC) = ${cut.toFixed(3)} on`);
  for (const { name, blocks, learner } of MODELS) {
    const p = await believed(shareTable(describe(blocks, /^$/)), learner, folds[0]!);
    const { fidelity, explained, accuracy, model } = fidelityOf(fold(key(3), name), { said: kept.map((i) => found[0]!.said[i]!), model: Int8Array.from(kept, (i) => (p[i]! >= cut ? 1 : 0)), probability: Float64Array.from(kept, (i) => p[i]!), truth: Int8Array.from(kept, (i) => labels[i]!), groups: kept.map((i) => systems[i]!) });
    const two = (v: number) => v.toFixed(2);
    console.log(`  ${name}: agreement ${percent(fidelity.agreement.estimate)}, kappa ${interval(fidelity.kappa, two)}, of the model's yes found ${interval(fidelity.recall, percent)}, variance of its probability explained ${interval(explained!, percent)}`);
    console.log(`    truth: rules recall ${interval(accuracy.recall, percent)} precision ${interval(accuracy.precision, percent)}; the model recall ${interval(model.recall, percent)} precision ${interval(model.precision, percent)} let through ${percent(model.falsePositiveRate.estimate, 2)}`);
  }
}
console.log(`${seconds()} s in all`);
