/*
 * Affine model transformation as a learner: f_t = g₁(f_s) + g₂(f_s) · g₃(x), f_s being the source columns and x the others
 * (blockUpdates.ts). The additive variant (g₂ = 1) is one kernel ridge regression, and its penalties are chosen by exact
 * leave-one-out errors; those of the others by cross-validation, each descent starting where the last one ended.
 *
 * Given the scale, the blocks are the posterior mean of a Gaussian process of covariance K₁/l₁ + (1 + K₂b)(1 + K₂b)ᵀ ∘ K₃/l₃
 * and unit noise: that is where the spread of a prediction comes from. What is not known of b is not in it, so the spread
 * is widened to what cross-validation saw. Minami et al. 2023, arXiv 2210.09745.
 */
import { type Context, pause } from "../../base/context.ts";
import { type Key, fold, split, stream } from "../../base/key.ts";
import { trainingRows as rowsOutside } from "../../data/splits.ts";
import type { Folds } from "../../data/types.ts";
import { innerFolds } from "../innerFolds.ts";
import { takeNumbers } from "../inputs.ts";
import { joinColumns } from "../multi.ts";
import { standardise } from "../standardise.ts";
import type { Learner, Model } from "../types.ts";
import { type AffineBlocks, type AffineProblem, type AffineVariant, type Penalties, descend, objective, times } from "./blockUpdates.ts";
import { type KernelState, kernelModel, trainingCovariance } from "./kernelModel.ts";
import { freedom } from "./kernelRidge.ts";
import { gram, kernelSpace } from "./kernelSpace.ts";
import { leaveOneOutErrors, leaveOneOutVariances, logGrid, meanSquare, processVariance, ridge } from "./ridge.ts";
import { type TrainingRows, trainingRows } from "./rows.ts";
import { descriptorsOf, sourcesOf } from "./views.ts";

export interface AffineOptions {
  readonly variant?: AffineVariant;
  /** Random starts of the final descent, beside the additive solution. Default 3. */
  readonly restarts?: number;
  /** Folds that choose the penalties. Default 5. */
  readonly folds?: number;
}

export const AFFINE_MOST_ROWS = 500;
const LEAST_ROWS = 4;
/** Penalties that are tried, as in the paper: of the shift, and of scale and own part. */
const SHIFTS = logGrid(1e-3, 1, 4);
const OTHERS = logGrid(1e-2, 10, 4);
/** Of the additive variant, where each costs one factor. */
const FINE_SHIFTS = logGrid(1e-3, 10, 9);
const FINE_OTHERS = logGrid(1e-2, 100, 9);
/** Pairs of penalties of shift and own part that are compared under every penalty of the scale: the best ones of the additive model. */
const PAIRS = 6;
/** While penalties or starts are compared a descent may end early. */
const ROUGH = { most: 40, tolerance: 3e-3 };

/** Seconds of a fit, roughly, on one core. */
export function affineSeconds(n: number, { variant = "full", folds = 5, restarts = 3 }: AffineOptions = {}): number {
  const factor = n * n * n * 2e-10 + n * n * 5e-9 + 1e-5;
  const additive = FINE_SHIFTS.length * FINE_OTHERS.length * 2 * factor;
  if (variant === "additive") return additive;
  return additive + PAIRS * OTHERS.length * folds * 20 * 3 * factor + ((restarts + 1) * ROUGH.most + 300) * 3 * factor;
}

/** The learner; numeric targets only. */
export function affine({ variant = "full", restarts = 3, folds = 5 }: AffineOptions = {}): Learner {
  const id = `affine(${variant})`;
  return {
    id,
    acceptsMissing: true,
    complexity: variant === "additive" ? 3 : 4,
    fit: async (x, y, key, ctx) => {
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) {
        const rows = trainingRows(x, y, j, { who: id, least: LEAST_ROWS, most: AFFINE_MOST_ROWS });
        models.push(await fitRows({ id, variant, restarts, folds }, rows, fold(key, y.columns[j].name), ctx));
      }
      return joinColumns(id, models);
    },
  };
}

type Settings = Required<AffineOptions> & { readonly id: string };
type Data = Omit<AffineProblem, "penalties" | "variant">;

async function fitRows({ id, variant, restarts, folds }: Settings, rows: TrainingRows, key: Key, ctx: Context): Promise<Model> {
  const { weights, output, table, names } = rows;
  const { shift, scale: unit, values: y } = standardise(output.name, rows.values, weights);
  const spaces = [kernelSpace(sourcesOf(table), weights), kernelSpace(descriptorsOf(table), weights)];
  const data: Data = { y, weights, source: gram(spaces[0]), own: gram(spaces[1]) };
  const [dealing, starting] = split(key, 2);
  const choice = variant === "additive" ? await chooseAdditive(data, ctx) : await choosePenalties(data, variant, innerFolds(dealing, rows.table, rows.targets, folds), ctx);
  const { penalties } = choice;
  const problem: AffineProblem = { ...data, variant, penalties };
  const b = variant === "additive" ? undefined : (await bestStart(problem, names, restarts, starting, ctx)).b;
  const common: Omit<KernelState, "variance"> = {
    parts: [
      { space: spaces[0], share: variant === "no-shift" ? 0 : 1 / penalties.shift, scaled: false },
      { space: spaces[1], share: 1 / penalties.own, scaled: b !== undefined },
    ],
    ...(b && { scale: { part: 0, coefficients: b } }),
    lambda: 1,
    weights,
    y,
    shift,
    unit,
    df: freedom(y.length),
  };
  const fitted = ridge(trainingCovariance(common), y, weights, 1);
  const variances = leaveOneOutVariances(fitted);
  const errors = leaveOneOutErrors(fitted, variances, y);
  const widened = Math.max(1, choice.loss / meanSquare(errors, weights));
  return kernelModel(id, output, { ...common, variance: processVariance({ errors, variances }) * widened }, fitted);
}

interface Choice {
  readonly penalties: Penalties;
  /** Mean squared error, of a standardised target, of rows left out. */
  readonly loss: number;
}

const additiveCovariance = ({ source, own }: Pick<Data, "source" | "own">, { shift, own: l3 }: Penalties): Float64Array => source.map((v, p) => v / shift + own[p] / l3);

async function chooseAdditive(data: Data, ctx: Context): Promise<Choice> {
  let best: Choice | undefined;
  for (const shift of FINE_SHIFTS) {
    await pause(ctx);
    for (const own of FINE_OTHERS) {
      const penalties = { shift, own, scale: Number.POSITIVE_INFINITY };
      const fitted = ridge(additiveCovariance(data, penalties), data.y, data.weights, 1);
      const loss = meanSquare(leaveOneOutErrors(fitted, leaveOneOutVariances(fitted), data.y), data.weights);
      if (best === undefined || loss < best.loss) best = { penalties, loss };
    }
  }
  return best!;
}

/** What is left out of one fold, and what it is predicted from. */
interface Part {
  readonly train: Data;
  readonly test: Int32Array;
  /** test × train similarities. */
  readonly source: Float64Array;
  readonly own: Float64Array;
}

function partOf({ y, weights, source, own }: Data, train: Int32Array, test: Int32Array): Part {
  const n = y.length;
  const cut = (k: Float64Array, rows: Int32Array) => {
    const out = new Float64Array(rows.length * train.length);
    rows.forEach((i, p) => train.forEach((j, q) => (out[p * train.length + q] = k[i * n + j])));
    return out;
  };
  return { train: { y: takeNumbers(y, train), weights: takeNumbers(weights, train), source: cut(source, train), own: cut(own, train) }, test, source: cut(source, test), own: cut(own, test) };
}

function squaredErrors({ test, source, own }: Part, { y, weights }: Data, { constant, a, b, c }: AffineBlocks): number {
  const n = a.length;
  let total = 0;
  test.forEach((row, i) => {
    let [shift, scale, value] = [constant, 1, 0];
    for (let j = 0; j < n; j++) {
      shift += source[i * n + j] * a[j];
      scale += source[i * n + j] * b[j];
      value += own[i * n + j] * c[j];
    }
    total += weights[row] * (y[row] - shift - scale * value) ** 2;
  });
  return total;
}

/** Pairs of the paper's grid in the order of their leave-one-out errors at b = 0. */
function likelyPairs(data: Data, variant: AffineVariant): readonly Penalties[] {
  const pairs = (variant === "no-shift" ? [1] : SHIFTS).flatMap((shift) => OTHERS.map((own) => ({ shift, own, scale: Number.POSITIVE_INFINITY })));
  const losses = pairs.map((penalties) => {
    const fitted = ridge(variant === "no-shift" ? data.own.map((v) => v / penalties.own) : additiveCovariance(data, penalties), data.y, data.weights, 1);
    return meanSquare(leaveOneOutErrors(fitted, leaveOneOutVariances(fitted), data.y), data.weights);
  });
  return Array.from(pairs.keys()).toSorted((a, b) => losses[a] - losses[b]).slice(0, PAIRS).map((p) => pairs[p]);
}

/** By cross-validation over the grid of the paper, where the additive model is good. */
async function choosePenalties(data: Data, variant: AffineVariant, folds: Folds, ctx: Context): Promise<Choice> {
  const parts = folds.test.map((test, f) => partOf(data, rowsOutside(folds, f), test));
  const total = data.weights.reduce((s, w) => s + w, 0);
  let best: Choice | undefined;
  for (const { shift, own } of likelyPairs(data, variant)) {
    const losses = new Float64Array(OTHERS.length);
    for (const part of parts) {
      await pause(ctx);
      let blocks = additiveStart({ ...part.train, variant, penalties: { shift, own, scale: Number.POSITIVE_INFINITY } });
      for (let l = OTHERS.length - 1; l >= 0; l--) {
        blocks = descend({ ...part.train, variant, penalties: { shift, own, scale: OTHERS[l] } }, blocks, ROUGH).blocks;
        losses[l] += squaredErrors(part, data, blocks) / total;
      }
    }
    OTHERS.forEach((scale, l) => {
      if (best === undefined || losses[l] < best.loss) best = { penalties: { shift, own, scale }, loss: losses[l] };
    });
  }
  return best!;
}

/** The minimum at b = 0. */
export function additiveStart({ y, weights, source, own, penalties, variant }: AffineProblem): AffineBlocks {
  const n = y.length;
  const c = variant === "no-shift" ? own.map((v) => v / penalties.own) : additiveCovariance({ source, own }, penalties);
  const { alpha, constant } = ridge(c, y, weights, 1);
  return { constant, a: variant === "no-shift" ? new Float64Array(n) : alpha.map((v) => v / penalties.shift), b: new Float64Array(n), c: alpha.map((v) => v / penalties.own) };
}

/** The end of the descent from the lowest of the additive solution and the paper's random starts (drawn by the names of the rows), each some sweeps down. */
export async function bestStart(problem: AffineProblem, names: readonly string[], restarts: number, key: Key, ctx: Context): Promise<AffineBlocks> {
  let best = descend(problem, additiveStart(problem), ROUGH).blocks;
  for (let r = 0; r < restarts; r++) {
    await pause(ctx);
    const found = descend(problem, randomStart(problem, names, fold(key, r)), ROUGH).blocks;
    if (objective(problem, found) < objective(problem, best)) best = found;
  }
  await pause(ctx);
  return descend(problem, best).blocks;
}

function randomStart({ y, weights, source, variant, penalties }: AffineProblem, names: readonly string[], key: Key): AffineBlocks {
  const draws = names.map((name) => stream(fold(key, name)));
  const a = variant === "no-shift" ? new Float64Array(y.length) : ridge(source, y, weights, penalties.shift).alpha;
  return { constant: 0, a, b: Float64Array.from(draws, (rng) => rng.normal()), c: Float64Array.from(draws, (rng) => rng.normal()) };
}

/** What the blocks predict for the training rows. */
export const fittedValues = ({ source, own }: Pick<AffineProblem, "source" | "own">, { constant, a, b, c }: AffineBlocks): Float64Array => {
  const [ka, kb, kc] = [times(source, a), times(source, b), times(own, c)];
  return ka.map((v, i) => constant + v + (1 + kb[i]) * kc[i]);
};
