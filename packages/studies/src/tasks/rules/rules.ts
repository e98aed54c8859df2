/*
 * `study: rules`: a model, or data, put into a few conditions that a reader can check. Intervals, RuleFit and a tree are
 * mined in the folds in which the model was validated, and the inverse route asks the model what its hits share. Each
 * finished part is kept in the run directory, so that a run that was stopped goes on and ends the same.
 */
import { fold, hash, key, type Context } from "@tatara/engine/base";
import type { Table } from "@tatara/engine/data";
import type { Aim, Labels, MinedRules } from "@tatara/engine/explain";
import { openCrew } from "../../executors/crew.ts";
import type { RunDirectory } from "../../runs/directory.ts";
import type { Recorder } from "../../runs/recorder.ts";
import type { RulesStudy } from "../../schema/study.ts";
import type { StageOne } from "../learn.ts";
import { wantedWords } from "../targets.ts";
import type { LoadedStudy, RunHost } from "../types.ts";
import { believed, type Believed } from "./believed.ts";
import { drawnSystems, type DrawnSystem } from "./diagrams.ts";
import { fittedRules, grownTree, intervalRules, type Explaining, type FittedRules, type GrownTree } from "./explainers.ts";
import { describeSpoken, spokenFeatures, spokenOf } from "./features.ts";
import { compare, type Comparison, type RuleSet } from "./fidelity.ts";
import { rowGroups } from "./groups.ts";
import { inverseRoute, type Inverse } from "./inverse.ts";
import { aimOf, cutOf, labelRows, saidFrom, type Labelled } from "./labels.ts";
import { realisticNegatives, type RealisticSubset } from "./negatives.ts";
import { rulesJson, rulesText } from "./tables.ts";
import { singleConditions, type SingleCondition } from "./conditions.ts";

export interface Ruled extends Labelled {
  /** The target in words. */
  readonly wanted: string;
  readonly aim: Aim;
  readonly of: "data" | "model";
  /** Real rows in the words of rules. */
  readonly x: Table;
  readonly probability: Float64Array;
  readonly outOfFold: boolean;
  readonly subsets: readonly RealisticSubset[];
  readonly intervals: MinedRules;
  /** The best rule's conditions, each alone and left out. */
  readonly conditions: readonly SingleCondition[];
  readonly fitted?: FittedRules;
  readonly tree?: GrownTree;
  readonly inverse?: Inverse;
  readonly comparison: Comparison;
  readonly systems: readonly DrawnSystem[];
  /** Canonical text of each row. */
  readonly rowNames: readonly string[];
  readonly warnings: readonly string[];
}

export const INTERVALS = "intervals";
export const RULE_FIT = "RuleFit";
export const TREE = "tree";
export const RELATIONS = "relations";

export async function findRules(loaded: LoadedStudy & { readonly study: RulesStudy }, one: StageOne, dir: RunDirectory, recorder: Recorder, host: RunHost, ctx: Context): Promise<Ruled> {
  const { study, domain, setup } = loaded;
  const { measurements } = one;
  const root = fold(key(study.seed), "rules");
  const labelled = labelRows(study, measurements.targets.columns);
  const names = spokenFeatures(study, domain).map(({ name }) => name);
  const aim = aimOf(study.rules);
  const crew = await openCrew({ ...setup, descriptors: spokenOf(study, domain).descriptors }, { workers: study.workers });
  try {
    const x = await recorder.stage("put into words", ctx, (c) => describeSpoken(crew, measurements.texts, names, c));
    const groups = await rowGroups(fold(root, "groups"), study, measurements, one.x, crew, ctx);
    const known = await believed(fold(root, "folds"), { one, targets: labelled.targets, groups, folds: study.learn.folds }, ctx);
    const subsets = await recorder.stage("find realistic negatives", ctx, (c) => realisticNegatives({ texts: measurements.texts, labels: labelled.labels, probability: known.probability, domain, crew }, c));
    const cut = cutOf(aim, known.probability, labelled.labels);
    const labels = study.rules.of === "data" ? labelled.labels : modelLabels(known, labelled.labels, cut);
    const explaining: Explaining = { x, labels, aim, folds: known.folds, groups, subsets, options: study.rules };
    const done = keeping(dir, recorder, ctx);
    const intervals = await done("mine intervals", (c) => intervalRules(fold(root, "intervals"), explaining, c));
    const tree = study.rules.tree > 0 ? await done("grow a tree", (c) => grownTree(explaining, c)) : undefined;
    const fitted = study.rules.rule_fit > 0 ? await done("fit rules", (c) => fittedRules(fold(root, "fit"), explaining, c)) : undefined;
    const inverse = study.rules.relations.samples > 0 ? await done("sample", (c) => inverseRoute(fold(root, "inverse"), { loaded, one, targets: labelled.targets, x, labels: labelled.labels, subsets, dir }, c)) : undefined;
    const sets = setsOf({ intervals, tree, fitted, inverse }, x.rows);
    const comparison = await done("compare", () => Promise.resolve(compare(fold(root, "compare"), { sets, truth: labelled.labels, probability: known.probability, cut, groups })));
    const systems = await done("draw", (c) => drawnSystems({ loaded, one, targets: labelled.targets, labels: labelled.labels, rule: intervals.best.rule }, c));
    const warnings = warningsOf({ known, inverse });
    warnings.forEach(host.say);
    const ruled: Ruled = { ...labelled, wanted: wantedWords(labelled.targets), aim, of: study.rules.of, x, probability: known.probability, outOfFold: known.outOfFold, subsets, intervals, conditions: singleConditions(intervals.best.rule, x, labelled.labels, subsets), ...(fitted && { fitted }), ...(tree && { tree }), ...(inverse && { inverse }), comparison, systems, rowNames: measurements.texts, warnings };
    await dir.write("rules.json", rulesJson(loaded, ruled, setup.elements === undefined ? null : hash(setup.elements)));
    await dir.write("rules.csv", rulesText(ruled));
    await recorder.note({ rules: { positives: ruled.positives, negatives: ruled.negatives, features: x.cols, conditions: intervals.best.rule.conditions.length } });
    return ruled;
  } finally {
    await crew.close();
  }
}

/** Run a part as a stage and keep its result, or read the one that is kept. */
const keeping = (dir: RunDirectory, recorder: Recorder, ctx: Context) => async <T>(name: string, work: (ctx: Context) => Promise<T>): Promise<T> => {
  const file = `checkpoint/${name.replaceAll(" ", "-")}.json`;
  const there = (await dir.load(file)) as { readonly result: T } | undefined;
  if (there !== undefined) return recorder.stage(name, ctx, () => Promise.resolve(there.result), true);
  return recorder.stage(name, ctx, async (c) => {
    await dir.save(file, { result: await work(c) });
    // What goes on is what was kept: a resumed run has nothing else.
    return ((await dir.load(file)) as { readonly result: T }).result;
  });
};

/** The model's yes and no where the truth counts on one side. */
function modelLabels({ probability }: Believed, truth: Labels, cut: number): Labels {
  return saidFrom(probability, cut).map((said, i) => (truth[i]! < 0 ? -1 : said));
}

function setsOf({ intervals, tree, fitted, inverse }: { readonly intervals: MinedRules; readonly tree: GrownTree | undefined; readonly fitted: FittedRules | undefined; readonly inverse: Inverse | undefined }, rows: number): readonly RuleSet[] {
  return [
    { name: INTERVALS, said: Int8Array.from(intervals.crossValidated?.said ?? new Uint8Array(rows)), outOfFold: true },
    ...(tree ? [{ name: TREE, said: tree.said, outOfFold: true }] : []),
    ...(fitted ? [{ name: RULE_FIT, said: fitted.said, outOfFold: true }] : []),
    ...(inverse && inverse.findings.length > 0 ? [{ name: RELATIONS, said: inverse.together, outOfFold: false }] : []),
  ];
}

const warningsOf = ({ known, inverse }: { readonly known: Believed; readonly inverse: Inverse | undefined }): readonly string[] => [
  ...(known.outOfFold ? [] : ["the model came without the record of its validation on these rows: fidelity is told of answers on rows that it may have seen"]),
  ...(inverse && !inverse.reached ? ["the budget of evaluations was spent before the target had its full weight: the samples lie between prior and posterior; more rules.relations.evaluations would help"] : []),
  ...(inverse && inverse.samples.distinct < FEW_DISTINCT ? [`only ${inverse.samples.distinct} different materials among the samples of the posterior: its relations may be those of a few families`] : []),
];

const FEW_DISTINCT = 100;

