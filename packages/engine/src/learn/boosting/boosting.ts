/*
 * Gradient boosting of decision trees on histograms: Friedman (2001), doi 10.1214/aos/1013203451; trees grown best first
 * on binned features as in LightGBM, Ke et al. (2017), and scikit-learn. Numbers by the squared, absolute, Huber or
 * quantile loss, classes by the logistic one; categories, missing values and monotone features are understood.
 *
 * The number of rounds is the one of least loss on inner folds (groups kept together), whose chains are kept and
 * averaged: each has stopped where it should, and their mean errs less than one chain on all rows. Rows that a chain has
 * not seen tell how wrong it is: a second boosting, of the logarithm of the expected size of the error, makes the spread
 * of each row, and the tail is that of a Student-t. Class probabilities are calibrated on the same rows.
 */
import { booster } from "@tatara/kernels";
import { InputError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import { type Context, under } from "../../base/context.ts";
import { withoutCodes } from "../../data/graphRows.ts";
import { trainingRows } from "../../data/splits.ts";
import type { CategoryColumn, Feature, NumberColumn, Table, Targets } from "../../data/types.ts";
import { calibrateCategory } from "../classCalibration.ts";
import { canonicalOrder, rowWords } from "../forest/bags.ts";
import { type Binning, binColumns, binCounts, learnBins } from "../forest/bins.ts";
import { shares } from "../forest/grow.ts";
import { innerFolds } from "../innerFolds.ts";
import { checkTargets, knownRows, takeRows, takeTarget } from "../inputs.ts";
import { joinColumns } from "../multi.ts";
import { type OptionCheck, checked, least, oneOf, option, positive, share, whole } from "../options.ts";
import { standardise } from "../standardise.ts";
import type { Learner } from "../types.ts";
import { type Chain, type ChainSettings, type Ground, type Stopped, stopEarly } from "./chain.ts";
import { type Known, type Loss, absolute, huber, logistic, multinomial, quantile, spreading, squared } from "./losses.ts";
import { type BoostingModel, type NumberBoosting, LOCATION, boostingModel, halfDistance, probabilitiesOf, scorerOf, withColumn } from "./model.ts";
import { fitLaw } from "./law.ts";

export interface BoostingOptions {
  /** Of numbers. `quantile` makes the median, and the spread from the 5 % and 95 % quantiles. Default `squared`. */
  readonly loss?: "squared" | "absolute" | "huber" | "quantile";
  /** Errors beyond it count linearly in the Huber loss, in standard deviations of the target. Default 0.5. */
  readonly delta?: number;
  /** Part of each tree's step that is taken. Default 0.1. */
  readonly shrinkage?: number;
  /** Most rounds. Default 1000; it stops early. */
  readonly rounds?: number;
  /** Rounds without progress on the inner folds after which it stops. Default 30. */
  readonly patience?: number;
  /** Most leaves of a tree. Default 16, and 31 from 2000 rows on. */
  readonly leaves?: number;
  /** Default 64. */
  readonly maxDepth?: number;
  /** Least number of training rows in a leaf. Default 5. */
  readonly minLeaf?: number;
  /** Least sum of Hessians in a leaf. Default 0.001. */
  readonly minHessian?: number;
  /** Ridge on the steps of leaves. Default 5. */
  readonly l2?: number;
  /** Part, in (0, 1], of the rows that each tree sees. Default 0.7. */
  readonly rowShare?: number;
  /** Part, in (0, 1], of the features that each tree sees. Default 0.3. */
  readonly featureShare?: number;
  /** Features by name along which predictions only rise, or only fall, all else being equal. */
  readonly monotone?: Readonly<Record<string, "rising" | "falling">>;
  /** `balanced` learns as if the classes were equally common, and takes the prior back afterwards. Default `none`. */
  readonly classWeight?: "none" | "balanced";
}

/** Rounds that a chain takes, roughly, before it stops. */
const USUAL_ROUNDS = 300;

/** Seconds that one fit takes, roughly, on one core: by rows, by rows and features, and by leaves and bins of features, as measured in bench/boosting.bench.ts. */
export function boostingSeconds(n: number, d: number, { rounds = 1000, leaves = leavesFor(n), shrinkage = 0.1, featureShare = 0.3, loss }: BoostingOptions = {}): number {
  // Counts are mostly zero: many features cost what few dense ones do.
  const dense = Math.min(d, 60 + d / 8) * (featureShare / 0.3);
  const trees = foldsFor(n) * Math.min(rounds, (USUAL_ROUNDS * 0.1) / shrinkage) * (loss === "quantile" ? 3 : 1);
  return trees * (n * 2.5e-7 + n * dense * 1.2e-9 + leaves * dense * Math.min(n, 256) * 1.5e-9);
}

/** Bytes at its peak beside the table: rows in order, bins twice, histograms. */
export const boostingBytes = (n: number, d: number, { leaves = leavesFor(n) }: BoostingOptions = {}): number => 10 * n * d + 60 * n + (leaves + 1) * d * 256 * 16;

interface Settings extends ChainSettings {
  readonly leaves: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly minHessian: number;
}

export interface BoostingLearner extends Learner {
  fit(x: Table, y: Targets, key: Key, ctx: Context): Promise<BoostingModel>;
}

/** The learner. Throws InputError on an option that it does not know, or that is out of its range. */
export function boosting(options: BoostingOptions = {}): BoostingLearner {
  checked("boosting", options, OPTIONS);
  const settings = settingsOf(options);
  const id = `boosting(${describe(options)})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 4,
    needed: Object.keys(options.monotone ?? {}),
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const models: BoostingModel[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitColumn({ id, options, settings }, x, y, j, fold(key, y.columns[j].name), under(ctx, y.columns[j].name)));
      return models.length === 1 ? models[0] : joinImportant(id, models);
    },
  };
}

const describe = (options: BoostingOptions): string =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "object" ? Object.entries(value).map(([f, way]) => `${f} ${way}`).join(" ") : value}`)
    .join(", ");

const settingsOf = ({ shrinkage = 0.1, rounds = 1000, patience = 30, leaves = leavesFor(0), maxDepth = 64, minLeaf = 5, minHessian = 1e-3, l2 = 5, rowShare = 0.7, featureShare = 0.3 }: BoostingOptions): Omit<Settings, "monotone"> => ({ shrinkage, rounds, patience, leaves, maxDepth, minLeaf, minHessian, l2, rowShare, featureShare });

/** Histograms of so many leaves lie in memory together. */
const MOST_LEAVES = 1024;
const ways = option("rising or falling for each of some features: { feature: rising }", (value) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((way) => way === "rising" || way === "falling"));

const OPTIONS: Readonly<Record<keyof BoostingOptions, OptionCheck>> = {
  loss: oneOf("squared", "absolute", "huber", "quantile"), delta: positive, shrinkage: share, rounds: whole(1), patience: whole(1), leaves: whole(1, MOST_LEAVES), maxDepth: whole(1), minLeaf: whole(1),
  minHessian: least(0), l2: least(0), rowShare: share, featureShare: share, monotone: ways, classWeight: oneOf("none", "balanced"),
};

/** Models of several properties side by side. */
function joinImportant(id: string, models: readonly BoostingModel[]): BoostingModel {
  const importance = () => {
    const parts = models.map((model) => model.importance());
    return parts[0].map((_, j) => parts.reduce((sum, part) => sum + part[j], 0) / parts.length);
  };
  return { ...joinColumns(id, models), importance };
}

interface Work {
  readonly id: string;
  readonly options: BoostingOptions;
  readonly settings: Omit<Settings, "monotone">;
}

/** Known rows in canonical order, binned. */
interface Rows {
  readonly x: Table;
  readonly y: Targets;
  readonly words: Uint32Array;
  readonly weights: Float64Array;
  readonly binning: Binning;
  /** Inner folds. */
  readonly parts: readonly { readonly train: Int32Array; readonly test: Int32Array }[];
}

async function fitColumn(work: Work, table: Table, y: Targets, column: number, key: Key, ctx: Context): Promise<BoostingModel> {
  const name = y.columns[column].name;
  const x = withoutCodes(table);
  const known = knownRows(y, column);
  if (known.length < 2) throw new InputError(`too few values of "${name}": ${known.length} — boosting needs at least 2`, { path: name, value: known.length });
  const [bagKey, foldKey, fitKey] = split(key, 3);
  const targets = takeTarget(y, column, known);
  const whole = known.length === x.rows ? x : takeRows(x, known);
  const { order, names } = canonicalOrder(whole, targets);
  const own = takeRows(whole, order);
  const ownY = { ...takeTarget(targets, 0, order), names };
  const folds = innerFolds(foldKey, own, ownY, foldsFor(known.length));
  const rows: Rows = { x: own, y: ownY, words: rowWords(bagKey, names, ownY.groups), weights: meanOne(ownY.weights, own.rows), binning: learnBins(own), parts: folds.test.map((test, f) => ({ test, train: trainingRows(folds, f) })) };
  const target = ownY.columns[0];
  const sized = { ...work, settings: { ...work.settings, leaves: work.options.leaves ?? leavesFor(own.rows) } };
  return target.kind === "number" ? fitNumber(sized, rows, target, fitKey, ctx) : fitCategory(sized, rows, target, fitKey, ctx);
}

/** Inner folds: chains on many rows need fewer others to agree with. Ten against five took 2 to 3 % off the errors on some hundred rows. */
const foldsFor = (rows: number): number => (rows <= 1000 ? 10 : rows <= 5000 ? 5 : 3);

/** From so many rows on, trees have more leaves. */
const MANY_ROWS = 2000;
const leavesFor = (rows: number): number => (rows < MANY_ROWS ? 16 : 31);

function meanOne(weights: Float64Array | undefined, rows: number): Float64Array {
  if (weights === undefined || weights.every((w) => w === weights[0])) return new Float64Array(rows).fill(1);
  const mean = weights.reduce((a, b) => a + b, 0) / rows;
  return weights.map((w) => w / mean);
}

/** Throws InputError unless the features are there and have an order. */
export function checkMonotone(monotone: NonNullable<BoostingOptions["monotone"]>, features: readonly Feature[]): void {
  for (const name of Object.keys(monotone)) {
    const feature = features.find((f) => f.name === name);
    if (!feature) throw new InputError(`unknown feature: "${name}" — monotone names a feature of the table, such as ${features.slice(0, 3).map((f) => f.name).join(", ")}`, { path: "learn.options.monotone", value: name });
    if (feature.kind === "category") throw new InputError(`monotone category: "${name}" — categories have no order`, { path: "learn.options.monotone", value: name });
  }
}

/** What monotone features are called among the binned ones. */
function directions(monotone: NonNullable<BoostingOptions["monotone"]>, features: readonly Feature[], binning: Binning): Int8Array {
  checkMonotone(monotone, features);
  return Int8Array.from(binning.features, (j) => ({ rising: 1, falling: -1, none: 0 })[Object.hasOwn(monotone, features[j].name) ? monotone[features[j].name] : "none"]);
}

/** A ground to boost on. */
function groundOf({ options, settings }: Work, { x, words }: Pick<Rows, "x" | "words">, binning: Binning, loss: Loss, known: Known): Ground {
  const features = binning.features.length;
  const monotone = loss === spreading ? new Int8Array(features) : directions(options.monotone ?? {}, x.features, binning);
  const { leaves, maxDepth, minLeaf, minHessian, l2 } = settings;
  const table = { rows: x.rows, features, bins: binColumns(binning, x), binCount: binCounts(binning), missing: binning.missing, ...(binning.category && { category: binning.category }) };
  return { booster: booster(table, { maxLeaves: leaves, maxDepth, minLeaf, minHessian, l2, monotone }), loss, known, features, words, settings: { ...settings, monotone } };
}

const lossOf = ({ loss = "squared", delta = 0.5 }: BoostingOptions): Loss => ({ squared, absolute, huber: huber(delta), quantile: absolute })[loss];

async function fitNumber(work: Work, rows: Rows, column: NumberColumn, key: Key, ctx: Context): Promise<BoostingModel> {
  const { weights, binning, parts, x } = rows;
  const { shift, scale, values } = standardise(column.name, column.values, weights);
  const known: Known = { target: values, weights };
  const ground = groundOf(work, rows, binning, lossOf(work.options), known);
  const location = await stopEarly(ground, parts, fold(key, "location"), under(ctx, "location"));
  const { spread, error } = work.options.loss === "quantile" ? await byQuantiles(ground, rows, key, ctx) : await byErrors(work, rows, values, location, key, ctx);
  const seen = Int32Array.from(values.keys()).filter((i) => Number.isFinite(error[i]));
  const law = fitLaw(Float64Array.from(seen, (i) => (values[i] - location.outside[i]) / error[i]), Float64Array.from(seen, (i) => weights[i]));
  const state: NumberBoosting = { kind: "number", binning, shift, scale, location: scorerOf(location.chains, 1, binning), spread, law, importance: importanceOf(location.chains, binning, x.cols) };
  return boostingModel(work.id, x.features, { kind: "number", name: column.name, unit: column.unit }, state);
}

/** How the spread is told, and the expected error of each row by chains that have not seen it. */
interface Spread {
  readonly spread: NumberBoosting["spread"];
  readonly error: Float64Array;
}

/** How the spread is boosted: errors are noisy, and what they show, they show early and in few leaves. */
const SPREAD = { shrinkage: 0.1, patience: 20, leaves: 8, l2: 5 };
const SPREAD_MIN_LEAF = 20;

async function byErrors(work: Work, { x, words, weights, parts }: Rows, values: Float64Array, location: Stopped, key: Key, ctx: Context): Promise<Spread> {
  const errors = values.map((v, i) => v - location.outside[i]);
  const all = Int32Array.from({ length: x.cols }, (_, j) => j);
  const own = withColumn(x, all, location.outside, LOCATION);
  const binning = learnBins(own);
  const minLeaf = Math.max(work.settings.minLeaf, SPREAD_MIN_LEAF);
  const ground = groundOf({ ...work, settings: { ...work.settings, ...SPREAD, minLeaf } }, { x: own, words }, binning, spreading, { target: errors, weights });
  const stopped = await stopEarly(ground, parts, fold(key, "spread"), under(ctx, "spread"));
  return { spread: { kind: "errors", scorer: scorerOf(stopped.chains, 1, binning), binning }, error: stopped.outside.map(Math.exp) };
}

/** Between these quantiles lie nine in ten. */
const [LOW, HIGH] = [0.05, 0.95];

async function byQuantiles(ground: Ground, { binning, parts }: Rows, key: Key, ctx: Context): Promise<Spread> {
  const at = (p: number) => stopEarly({ ...ground, loss: quantile(p) }, parts, fold(key, `quantile ${p}`), under(ctx, `${100 * p} % quantile`));
  const [low, high] = [await at(LOW), await at(HIGH)];
  return { spread: { kind: "quantiles", low: scorerOf(low.chains, 1, binning), high: scorerOf(high.chains, 1, binning) }, error: halfDistance(low.outside, high.outside) };
}

/** Gain of each input over some chains, summing to one. */
function importanceOf(chains: readonly Chain[], { features }: Binning, cols: number): Float64Array {
  const gains = new Float64Array(features.length);
  for (const { steps } of chains) for (const { tree } of steps) tree.feature.forEach((f, node) => f >= 0 && (gains[f] += tree.gain[node]));
  return shares(gains, features, cols);
}

/** Fewest rows that a calibration is fitted to. */
const FEWEST_CALIBRATION_ROWS = 20;

async function fitCategory(work: Work, rows: Rows, column: CategoryColumn, key: Key, ctx: Context): Promise<BoostingModel> {
  const { x, binning, parts } = rows;
  const classes = column.levels.length;
  if (classes < 2) throw new InputError(`one class only: "${column.name}" has the levels ${column.levels.join(", ")} — at least 2 are needed`, { path: column.name });
  const { weights, prior } = work.options.classWeight === "balanced" ? balanced(rows.weights, column.codes, classes) : { weights: rows.weights, prior: new Float64Array(classes) };
  const loss = classes === 2 ? logistic : multinomial(classes);
  const stopped = await stopEarly(groundOf(work, rows, binning, loss, { target: column.codes, weights }), parts, key, ctx);
  const score = scorerOf(stopped.chains, loss.width, binning);
  const probability = probabilitiesOf(stopped.outside, classes, prior);
  const { slope, shift } = x.rows < FEWEST_CALIBRATION_ROWS ? { slope: 1, shift: new Float64Array(classes) } : calibrateCategory({ kind: "category", name: column.name, levels: column.levels, probability, rows: Int32Array.from(column.codes.keys()), codes: column.codes, fold: foldNumbers(parts, x.rows) });
  return boostingModel(work.id, x.features, { kind: "category", name: column.name, levels: column.levels }, { kind: "category", binning, score, prior, calibration: { slope, shift }, importance: importanceOf(stopped.chains, binning, x.cols) });
}

function foldNumbers(parts: Rows["parts"], rows: number): Int32Array {
  const out = new Int32Array(rows);
  parts.forEach(({ test }, f) => test.forEach((i) => (out[i] = f)));
  return out;
}

/** Every class that occurs gets the same total weight; `prior` is the logarithm of what that took from it. */
function balanced(weights: Float64Array, codes: Int32Array, classes: number): { readonly weights: Float64Array; readonly prior: Float64Array } {
  const totals = new Float64Array(classes);
  codes.forEach((k, i) => (totals[k] += weights[i]));
  const present = totals.filter((t) => t > 0).length;
  const factor = totals.map((t) => (t > 0 ? weights.length / (present * t) : 1));
  return { weights: weights.map((w, i) => w * factor[codes[i]]), prior: factor.map((f) => -Math.log(f)) };
}
