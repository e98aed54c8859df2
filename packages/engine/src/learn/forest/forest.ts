/*
 * Random forests, Breiman (2001), doi 10.1023/A:1010933404324, and extremely randomised trees, Geurts, Ernst &
 * Wehenkel (2006), doi 10.1007/s10994-006-6226-1, for numbers and classes, on features binned to 256 levels.
 *
 * Extra trees leave out a fifth of the rows of every tree, not none as in the paper: the rows left out tell how
 * wrong the forest is. Numbers are predicted as Student-t (see spread.ts), classes by the trees' mean probability,
 * calibrated on out-of-bag rows. Rows are put in the order of their names first, so that reordering them
 * reorders the predictions and changes nothing else.
 */
import { InputError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import { type Context, under } from "../../base/context.ts";
import { withoutCodes } from "../../data/graphRows.ts";
import type { CategoryColumn, NumberColumn, Table, Targets } from "../../data/types.ts";
import { calibrateCategory } from "../classCalibration.ts";
import { checkTargets, knownRows, takeRows, takeTarget } from "../inputs.ts";
import { type OptionCheck, checked, oneOf, part, share, whole } from "../options.ts";
import { standardise } from "../standardise.ts";
import type { Learner } from "../types.ts";
import { canonicalOrder, rowWords } from "./bags.ts";
import { type Grown, type GrowSettings, type Training, errorsAround, growTrees, leafErrors, outOfBag } from "./grow.ts";
import { type CategoryForest, type ForestModel, type NumberForest, forestModel, joinForests } from "./model.ts";
import { fitSpread } from "./spread.ts";

export interface ForestOptions {
  /** Default 200. */
  readonly trees?: number;
  /** Part, in (0, 1], of the features that vary in a node to search there. Default for numbers 1/3 (forest) or 1 (extra-trees), for classes 1/√features, at least 0.05. */
  readonly featureShare?: number;
  /** Least number of different training rows in a leaf. Default 1, and 2 for extra-trees on numbers. */
  readonly minLeaf?: number;
  /** Default 64. */
  readonly maxDepth?: number;
  /** `balanced` grows the trees as if the classes were equally common; probabilities are still calibrated to how common they are. Default `none`. */
  readonly classWeight?: "none" | "balanced";
  /** What a cut lowers when classes are learnt. Entropy weighs rare classes more than the Gini impurity does. Default `gini`. */
  readonly criterion?: "gini" | "entropy";
  /** Part, in (0, 1), of the rows that each tree sees, drawn without replacement. Default 0.8 for extra-trees; a forest draws a bootstrap. The rows left out calibrate, so that not all can be seen. */
  readonly rowShare?: number;
}

export interface ForestLearner extends Learner {
  fit(x: Table, y: Targets, key: Key, ctx: Context): Promise<ForestModel>;
}

type Kind = "forest" | "extra-trees";

/** Random forest: bootstrap rows, the best cut of some features. */
export const forest = (options: ForestOptions = {}): ForestLearner => learner("forest", options);

/** Extremely randomised trees: four fifths of the rows, the best of some features' random cuts. */
export const extraTrees = (options: ForestOptions = {}): ForestLearner => learner("extra-trees", options);

/** Seconds that one fit takes, roughly, on one core: to cut the features into bins, and to grow the trees. */
export const forestSeconds = (n: number, d: number, { trees = 200 }: ForestOptions = {}): number => 0.005 + n * d * 1e-7 + trees * (5e-5 + n * Math.log2(n + 2) * Math.min(d, 100 + d / 12) * 2.8e-9);

function learner(kind: Kind, options: ForestOptions): ForestLearner {
  checked(kind, options, OPTIONS);
  const { trees = 200, featureShare, minLeaf, classWeight, criterion, rowShare } = options;
  const id = `${kind}(${[`trees=${trees}`, ...(featureShare ? [`features=${featureShare}`] : []), ...(minLeaf ? [`leaf=${minLeaf}`] : []), ...(classWeight === "balanced" ? ["balanced"] : []), ...(criterion === "entropy" ? ["entropy"] : []), ...(rowShare ? [`rows=${rowShare}`] : [])].join(", ")})`;
  return {
    id,
    acceptsMissing: true,
    complexity: kind === "forest" ? 3 : 2,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const keys = columnKeys(key, y);
      const models: ForestModel[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitColumn({ id, kind, x, y, column: j, options }, keys[j], under(ctx, y.columns[j].name)));
      return models.length === 1 ? models[0] : joinForests(id, models);
    },
  };
}

/** Keyed by the column's name: a property's model does not depend on the others beside it. */
const columnKeys = (key: Key, y: Targets): readonly Key[] => y.columns.map((column) => fold(key, column.name));

const OPTIONS: Readonly<Record<keyof ForestOptions, OptionCheck>> = { trees: whole(1), featureShare: share, minLeaf: whole(1), maxDepth: whole(1), classWeight: oneOf("none", "balanced"), criterion: oneOf("gini", "entropy"), rowShare: part };

interface Work {
  readonly id: string;
  readonly kind: Kind;
  readonly x: Table;
  readonly y: Targets;
  readonly column: number;
  readonly options: ForestOptions;
}

async function fitColumn(work: Work, key: Key, ctx: Context): Promise<ForestModel> {
  const { y, column } = work;
  const x = withoutCodes(work.x);
  const name = y.columns[column].name;
  const known = knownRows(y, column);
  if (known.length < 2) throw new InputError(`too few values of "${name}": ${known.length} — a forest needs at least 2`, { path: name, value: known.length });
  const [table, targets] = [takeRows(x, known), takeTarget(y, column, known)];
  const { order, names } = canonicalOrder(table, targets);
  const rows = { x: takeRows(table, order), y: takeTarget(targets, 0, order), names };
  const target = rows.y.columns[0];
  return target.kind === "number" ? fitNumber(work, rows, target, key, ctx) : fitCategory(work, rows, target, key, ctx);
}

/** Known rows in canonical order. */
interface Rows {
  readonly x: Table;
  readonly y: Targets;
  readonly names: readonly string[];
}

/** The share of features searched that is usual for each kind. */
const FEATURE_SHARE = { forest: 1 / 3, "extra-trees": 1 } as const;
/** Part of the rows that each extra tree sees. */
const SUBSAMPLE = 0.8;

function settingsOf({ kind, options }: Work, classes: number, cols: number): GrowSettings {
  const { trees = 200, minLeaf = kind === "extra-trees" && classes === 0 ? 2 : 1, maxDepth = 64, featureShare, criterion = "gini", rowShare } = options;
  const usual = classes > 0 ? Math.max(0.05, 1 / Math.sqrt(Math.max(cols, 1))) : FEATURE_SHARE[kind];
  return {
    trees, minLeaf, maxDepth, featureShare: featureShare ?? usual, randomCuts: kind === "extra-trees", criterion,
    bagging: kind === "forest" && rowShare === undefined ? { kind: "bootstrap" } : { kind: "subsample", share: rowShare ?? SUBSAMPLE },
  };
}

function meanOne(weights: Float64Array | undefined, rows: number): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1);
  const mean = weights.reduce((a, b) => a + b, 0) / rows;
  return weights.map((w) => w / mean);
}

function trainingOf({ x, y, names }: Rows, target: Float64Array | Int32Array, classes: number, key: Key): Training {
  return { x, target, classes, weights: meanOne(y.weights, x.rows), words: rowWords(key, names, y.groups) };
}

async function fitNumber(work: Work, rows: Rows, column: NumberColumn, key: Key, ctx: Context): Promise<ForestModel> {
  const [bagKey, treeKey] = split(key, 2);
  const { shift, scale, values } = standardise(column.name, column.values, meanOne(rows.y.weights, rows.x.rows));
  const training = trainingOf(rows, values, 0, bagKey);
  const grown = await growTrees(training, settingsOf(work, 0, rows.x.cols), treeKey, ctx);
  const state: NumberForest = { kind: "number", ...common(grown), shift, scale, ...uncertainty(grown, training, values) };
  return forestModel(work.id, rows.x.features, { kind: "number", name: column.name, unit: column.unit }, state);
}

const common = ({ binning, trees, importance }: Grown) => ({ binning, trees, importance });

/** Everything that out-of-bag errors teach about the spread. */
function uncertainty(grown: Grown, { weights }: Training, values: Float64Array): Pick<NumberForest, "leafErrors" | "usualError" | "spread"> {
  const { mean, disagreement } = outOfBag(grown, values.length);
  const errors = values.map((v, i) => v - mean[i]);
  const perLeaf = leafErrors(grown, errors, weights);
  const around = errorsAround(grown, perLeaf, values.length);
  const usable = Int32Array.from(values.keys()).filter((i) => Number.isFinite(errors[i]) && Number.isFinite(around[i]));
  const take = (from: Float64Array) => Float64Array.from(usable, (i) => from[i]);
  const spread = fitSpread({ mean: take(mean), disagreement: take(disagreement), error: take(around) }, take(errors), take(weights));
  const known = Array.from(usable, (i) => Math.abs(errors[i]));
  // Without any out-of-bag error the target's own spread (one, standardised) is all there is.
  return { leafErrors: perLeaf, usualError: known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : 1, spread };
}

async function fitCategory(work: Work, rows: Rows, column: CategoryColumn, key: Key, ctx: Context): Promise<ForestModel> {
  const [bagKey, treeKey, foldKey] = split(key, 3);
  const classes = column.levels.length;
  if (classes < 2) throw new InputError(`one class only: "${column.name}" has the levels ${column.levels.join(", ")} — at least 2 are needed`, { path: column.name });
  const plain = trainingOf(rows, column.codes, classes, bagKey);
  const training = work.options.classWeight === "balanced" ? { ...plain, weights: balanced(plain.weights, column.codes, classes) } : plain;
  const grown = await growTrees(training, settingsOf(work, classes, rows.x.cols), treeKey, ctx);
  const state: CategoryForest = { kind: "category", ...common(grown), calibration: calibration(grown, rows, column, foldKey) };
  return forestModel(work.id, rows.x.features, { kind: "category", name: column.name, levels: column.levels }, state);
}

/** Every class that occurs gets the same total weight. */
function balanced(weights: Float64Array, codes: Int32Array, classes: number): Float64Array {
  const totals = new Float64Array(classes);
  codes.forEach((k, i) => (totals[k] += weights[i]));
  const present = totals.filter((t) => t > 0).length;
  return weights.map((w, i) => (w * weights.length) / (present * totals[codes[i]]));
}

/** Rows and parts that the choice of a calibration rests on. */
const CALIBRATION_ROWS = 20_000;
const CALIBRATION_FOLDS = 4;
const FEWEST_CALIBRATION_ROWS = 20;

function calibration(grown: Grown, { names }: Rows, { name, levels, codes }: CategoryColumn, key: Key): CategoryForest["calibration"] {
  const { mean, seen } = outOfBag(grown, codes.length);
  const draw = names.map((text, i) => fold(fold(key, text), i).lo);
  const usable = Array.from(codes.keys()).filter((i) => seen[i] > 0).sort((i, j) => draw[i] - draw[j] || i - j).slice(0, CALIBRATION_ROWS);
  const width = levels.length;
  if (usable.length < FEWEST_CALIBRATION_ROWS) return { slope: 1, shift: new Float64Array(width) };
  const probability = new Float64Array(usable.length * width);
  usable.forEach((i, r) => probability.set(mean.subarray(i * width, (i + 1) * width), r * width));
  const { slope, shift } = calibrateCategory({
    kind: "category", name, levels, probability, rows: Int32Array.from(usable), codes: Int32Array.from(usable, (i) => codes[i]), fold: Int32Array.from(usable, (_, r) => r % CALIBRATION_FOLDS),
  });
  return { slope, shift };
}
