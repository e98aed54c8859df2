/*
 * Matbench v0.1 (Dunn et al., npj Comput. Mater. 6, 138, 2020) from formulas alone, on the official five folds.
 *
 *   node packages/studies/bench/matbench.bench.ts [--task steels,expt_gap] [--models gp,forest [--represent fractions+ionic]] [--seed n] [--workers n] [--fold 1] [--cache folder]
 *
 * A fold takes minutes: with `--cache`, `--fold` does one of them and leaves its work for the run that reports all.
 *
 * Every choice is made inside the training rows of a fold, by five inner folds that keep equal compositions together: the
 * scale of the target, the best of the candidates, and the weights of their blend. The official test rows are asked once,
 * at the end. The same list of candidates serves all tasks (matbench/candidates.ts); `--models` asks learners of the
 * catalogue by name instead. Bands are calibrated on inner out-of-fold errors. Paired differences to a plain forest are
 * over test rows, with a 95 % interval by bootstrap over compositions, so that equal ones are drawn together.
 */
import { parseArgs } from "node:util";
import { fold, key, type Context } from "@tatara/engine/base";
import type { CategoryOutOfFold, NumberOutOfFold } from "@tatara/engine/learn";
import { groupBootstrap } from "@tatara/engine/prob";
import { recipes } from "../src/catalogue/learners.ts";
import { openLearning } from "../src/executors/learning.ts";
import { processors } from "../src/executors/workers.ts";
import { talkative } from "./common.ts";
import { blendClasses, blendHurdles, blendNumbers } from "./matbench/blend.ts";
import { CLASSES, HEAP, HURDLES, named, NEEDED, NUMBERS, PLAIN, SCOUT, type Candidate } from "./matbench/candidates.ts";
import { fitCandidate, type ClassFit, type FoldWork, type NumberFit } from "./matbench/fold.ts";
import { SCALES, type Scale } from "./matbench/scales.ts";
import { classRows, classScores, joined, numberRows, numberScores, type ClassRows, type NumberRows } from "./matbench/score.ts";
import { readTask, REPRESENT, TASKS, type Task } from "./matbench/tasks.ts";

const { values } = parseArgs({ options: { task: { type: "string", default: "steels,expt_gap,expt_is_metal,jdft2d,phonons,log_gvrh,log_kvrh" }, models: { type: "string" }, represent: { type: "string", default: "fractions+ionic+constituents" }, seed: { type: "string", default: "1" }, workers: { type: "string" }, fold: { type: "string" }, cache: { type: "string" } } });
const seed = key(Number(values.seed));
const workers = values.workers === undefined ? processors() : Number(values.workers);
const ctx = talkative();

/** What stands in the table of a task: predictions of the test rows of every fold. */
type Answers<R> = Map<string, R[]>;
const add = <R>(answers: Answers<R>, name: string, rows: R): void => void answers.set(name, [...(answers.get(name) ?? []), rows]);

function candidatesOf({ kind, x }: Task): readonly Candidate[] {
  if (values.models !== undefined) {
    const names = values.models.split(",");
    for (const name of names) if (!Object.hasOwn(recipes, name)) throw new Error(`unknown learner: ${name} — there are ${Object.keys(recipes).join(", ")}`);
    return names.map((name) => named(name, values.represent));
  }
  return (kind === "class" ? CLASSES : NUMBERS).filter(({ most = Number.POSITIVE_INFINITY }) => x.rows <= most);
}

const innerError = ({ inner: { rows, mean } }: NumberFit, { backward }: Scale, y: Float64Array): number => mean.reduce((sum, l, i) => sum + Math.abs(backward(l) - y[rows[i]!]!), 0) / rows.length;

/** The scale of least inner absolute error, by one learner. */
async function chooseScale(work: FoldWork, context: Context): Promise<Scale> {
  const { task: { y }, train } = work;
  const known = Float64Array.from(train, (i) => y[i]!);
  let best: { readonly scale: Scale; readonly error: number } | undefined;
  for (const scale of SCALES.filter(({ fits }) => fits(known))) {
    const error = innerError(await fitCandidate<NumberOutOfFold>(work, SCOUT, scale, context), scale, y);
    if (best === undefined || error < best.error) best = { scale, error };
  }
  return best!.scale;
}

async function numberFold(work: FoldWork, candidates: readonly Candidate[], answers: Answers<NumberRows>, context: Context): Promise<string> {
  const { task, test } = work;
  const y = Float64Array.from(test, (i) => task.y[i]!);
  add(answers, PLAIN.name, numberRows(await fitCandidate<NumberOutOfFold>(work, PLAIN, SCALES[0], context), SCALES[0]!, y));
  const scale = await chooseScale(work, context);
  const fits: NumberFit[] = [];
  for (const candidate of candidates) fits.push(await fitCandidate<NumberOutOfFold>(work, candidate, scale, context));
  for (const fit of fits) add(answers, fit.name, numberRows(fit, scale, y));
  if (fits.length === 1) return scale.name;
  const errors = fits.map((fit) => innerError(fit, scale, task.y));
  const best = fits[errors.indexOf(Math.min(...errors))]!;
  add(answers, "best by inner folds", numberRows(best, scale, y));
  const blend = blendNumbers(fits);
  add(answers, "blend", numberRows(blend, scale, y));
  const two = values.models === undefined ? await hurdleFits(work, context) : [];
  for (const fit of two) add(answers, fit.name, numberRows(fit, SCALES[0]!, y));
  const said = `${scale.name} scale; best by inner folds: ${best.name}; blend ${weightsOf(fits, blend.weights)}`;
  if (two.length < 2) return said;
  const heaped = blendHurdles(two);
  add(answers, heaped.name, numberRows(heaped, SCALES[0]!, y));
  // The law of least inner error is the one to quote: blends of one part, or of two.
  const [one, other] = [innerError(blend, scale, task.y), innerError(heaped, SCALES[0]!, task.y)];
  add(answers, "chosen by inner folds", other < one ? numberRows(heaped, SCALES[0]!, y) : numberRows(blend, scale, y));
  return `${said}; inner MAE of the blends: one part ${one.toFixed(3)}, two ${other.toFixed(3)}; heap ${weightsOf(two, heaped.heap)}; above ${weightsOf(two, heaped.above)}`;
}

/** Where many rows share the least value. */
async function hurdleFits(work: FoldWork, context: Context): Promise<readonly NumberFit[]> {
  const { task: { y }, train } = work;
  const known = Float64Array.from(train, (i) => y[i]!);
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (known.filter((v) => v === least).length < HEAP * known.length) return [];
  const fits: NumberFit[] = [];
  for (const candidate of HURDLES.filter(({ most = Number.POSITIVE_INFINITY }) => train.length <= most)) fits.push(await fitCandidate<NumberOutOfFold>(work, candidate, SCALES[0], context));
  return fits;
}

async function classFold(work: FoldWork, candidates: readonly Candidate[], answers: Answers<ClassRows>, context: Context): Promise<string> {
  const y = Float64Array.from(work.test, (i) => work.task.y[i]!);
  add(answers, PLAIN.name, classRows(await fitCandidate<CategoryOutOfFold>(work, PLAIN, undefined, context), y));
  const fits: ClassFit[] = [];
  for (const candidate of candidates) fits.push(await fitCandidate<CategoryOutOfFold>(work, candidate, undefined, context));
  for (const fit of fits) add(answers, fit.name, classRows(fit, y));
  if (fits.length === 1) return "";
  const blend = blendClasses(fits);
  add(answers, "blend", classRows(blend, y));
  return `blend ${weightsOf(fits, blend.weights)}`;
}

const weightsOf = (fits: readonly { readonly name: string }[], weights: Float64Array): string => fits.map(({ name }, k) => `${name} ${weights[k]!.toFixed(2)}`).join(", ");

/** A row of numbers under their names. */
function table(rows: readonly (readonly [name: string, scores: Readonly<Record<string, number>>, note: string])[]): void {
  const heads = Object.keys(rows[0]![1]);
  console.log(`  ${"".padEnd(24)}${heads.map((h) => h.padStart(Math.max(11, h.length + 2))).join("")}   against the plain forest`);
  for (const [name, scores, note] of rows) console.log(`  ${name.padEnd(24)}${heads.map((h) => shown(scores[h]!).padStart(Math.max(11, h.length + 2))).join("")}   ${note}`);
}
const shown = (v: number): string => (Math.abs(v) >= 100 ? v.toFixed(1) : v.toPrecision(4));

/** Difference of the rows' losses to those of the plain forest; below zero is better. */
function paired(own: Float64Array, plain: Float64Array, groups: readonly string[], folds: readonly number[], unit: string): string {
  const difference = own.map((v, i) => v - plain[i]!);
  const { difference: found } = groupBootstrap(fold(seed, "paired"), groups, (w) => ({ difference: difference.reduce((sum, d, i) => sum + w[i]! * d, 0) / w.reduce((a, b) => a + b, 0) }));
  const better = [0, 1, 2, 3, 4].filter((f) => difference.filter((_, i) => folds[i] === f).reduce((a, b) => a + b, 0) < 0).length;
  return `${shown(found.estimate)} (${shown(found.low)} … ${shown(found.high)})${unit === "" ? "" : ` ${unit}`}, better in ${better} of 5 folds`;
}

function report<R extends Readonly<Record<keyof R, Float64Array>> & { readonly error: Float64Array; readonly loss: Float64Array }>(task: Task, answers: Answers<R>, scores: (parts: readonly R[]) => Readonly<Record<string, number>>, by: "error" | "loss"): void {
  const groups = task.folds.flatMap((rows) => rows.map((i) => task.keys[i]!));
  const folds = task.folds.flatMap((rows, f) => rows.map(() => f));
  const plain = joined(answers.get(PLAIN.name)!);
  table([...answers].map(([name, parts]) => [name, scores(parts), name === PLAIN.name ? "" : paired(joined(parts)[by], plain[by], groups, folds, by === "loss" ? "nats" : task.unit)] as const));
}

for (const name of values.task.split(",")) {
  if (!Object.hasOwn(TASKS, name)) throw new Error(`unknown task: ${name} — there are ${Object.keys(TASKS).join(", ")}`);
  const started = performance.now();
  const task = readTask(name, values.models === undefined ? REPRESENT : [...new Set([...values.represent.split("+"), ...NEEDED])]);
  console.log(`\n${name}: ${task.x.rows} rows of ${new Set(task.keys).size} compositions${task.unit === "" ? "" : `, ${task.unit}`}`);
  const crew = openLearning(task.x, workers);
  const candidates = candidatesOf(task);
  const numbers: Answers<NumberRows> = new Map();
  const classes: Answers<ClassRows> = new Map();
  for (const [f, rows] of task.folds.entries()) {
    if (values.fold !== undefined && Number(values.fold) !== f + 1) continue;
    const held = new Set(rows);
    const work: FoldWork = { task, train: Int32Array.from(task.y.keys()).filter((i) => !held.has(i)), test: Int32Array.from(rows), run: crew.run, key: fold(fold(seed, name), f), ...(values.cache === undefined ? {} : { cache: values.cache }) };
    console.log(`  fold ${f + 1}: ${task.kind === "number" ? await numberFold(work, candidates, numbers, ctx) : await classFold(work, candidates, classes, ctx)}`);
  }
  await crew.close();
  if (values.fold !== undefined) continue;
  if (task.kind === "number") report(task, numbers, numberScores, "error");
  else report(task, classes, classScores, "loss");
  console.log(`  others: ${Object.entries(task.board).map(([who, score]) => `${who} ${score}`).join(", ")}${task.target === undefined ? "" : `; aim ${task.target}`}; ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
process.exit(0);
