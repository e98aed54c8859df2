/*
 * Gradient boosting: trees added one after another, each fitted to the slopes of the loss at the scores so far
 * (Friedman 2001; second order as in Chen & Guestrin 2016, doi 10.1145/2939672.2939785). Several chains on parts of the
 * rows run side by side, so that the number of rounds is the one of least loss on the rows that each does not see.
 */
import type { BoostedTree, Booster } from "@tatara/kernels";
import { type Context, pause } from "../../base/context.ts";
import { type Key, fold, stream } from "../../base/key.ts";
import { bagOf } from "../forest/bags.ts";
import { leafSteps } from "./leaves.ts";
import type { Known, Loss } from "./losses.ts";

/** How trees are added. */
export interface ChainSettings {
  /** Most rounds; a round is a tree for each score. */
  readonly rounds: number;
  /** Rounds without a lower loss on the rows outside after which it stops. */
  readonly patience: number;
  /** Part of each tree's step that is taken. */
  readonly shrinkage: number;
  /** Part of the rows, and of the features, that each tree sees. */
  readonly rowShare: number;
  readonly featureShare: number;
  readonly l2: number;
  /** Per binned feature: 1, −1 or 0; see `Booster`. */
  readonly monotone: Int8Array;
}

/** Everything that chains work on. */
export interface Ground {
  readonly booster: Booster;
  readonly loss: Loss;
  readonly known: Known;
  /** Number of binned features. */
  readonly features: number;
  /** Two words a row: what its draws are keyed by. */
  readonly words: Uint32Array;
  readonly settings: ChainSettings;
}

/** One tree with the step of each node (0 but in leaves), shrinkage multiplied in. */
export interface Step {
  readonly tree: Omit<BoostedTree, "leafOf">;
  readonly value: Float64Array;
}

export interface Chain {
  /** Scores before any tree. */
  readonly start: Float64Array;
  /** Round after round, in each a tree for each score. */
  readonly steps: readonly Step[];
}

interface Growing {
  readonly rows: Int32Array;
  readonly start: Float64Array;
  /** Of all rows, those outside too: rows × width. */
  readonly scores: Float64Array;
  readonly steps: Step[];
}

const begin = ({ loss, known }: Ground, rows: Int32Array): Growing => {
  const start = loss.start(known, rows);
  const scores = Float64Array.from({ length: known.weights.length * loss.width }, (_, at) => start[at % loss.width]);
  return { rows, start, scores, steps: [] };
};

/** The features that a tree may ask. */
function drawFeatures(key: Key, features: number, share: number): Int32Array | undefined {
  if (share >= 1) return undefined;
  const all = Int32Array.from({ length: features }, (_, f) => f);
  const wanted = Math.max(1, Math.ceil(share * features));
  const rng = stream(key);
  for (let i = 0; i < wanted; i++) {
    const j = i + rng.below(features - i);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, wanted).sort();
}

/** Add one tree for each score. */
function addRound(ground: Ground, growing: Growing, round: number, key: Key): void {
  const { booster, loss, known, features, words, settings } = ground;
  const { width } = loss;
  const bag = settings.rowShare < 1 ? bagOf(words, round, { kind: "subsample", share: settings.rowShare }) : undefined;
  const drawn = bag ? growing.rows.filter((i) => bag[i] > 0) : growing.rows;
  const rows = drawn.length > 0 ? drawn : growing.rows;
  const equal = loss.plainHessian && known.weights.every((w) => w === 1);
  const before = width > 1 ? growing.scores.slice() : growing.scores;
  for (let k = 0; k < width; k++) {
    loss.slopes(known, before, k, booster.gradient, booster.hessian);
    const chosen = drawFeatures(fold(fold(key, round), k), features, settings.featureShare);
    const { leafOf, ...tree } = booster.grow({ rows, ...(chosen && { features: chosen }), ...(equal && { equalHessian: 1 }) });
    const value = leafSteps({ tree, leafOf, rows, booster, loss, known, scores: before, settings });
    for (let i = 0, at = k; i < leafOf.length; i++, at += width) growing.scores[at] += value[leafOf[i]];
    growing.steps.push({ tree, value });
  }
}

const chainOf = ({ start, steps }: Growing, rounds: number, width: number): Chain => ({ start, steps: steps.slice(0, rounds * width) });

/** A chain of a given number of rounds on some rows. */
export async function growChain(ground: Ground, rows: Int32Array, rounds: number, key: Key, ctx: Context): Promise<Chain> {
  const growing = begin(ground, rows);
  for (let round = 0; round < rounds; round++) {
    await pause(ctx);
    addRound(ground, growing, round, key);
    ctx.report({ stage: "boost", done: round + 1, total: rounds });
  }
  return chainOf(growing, rounds, ground.loss.width);
}

export interface Stopped {
  /** Rounds of least loss on the rows outside; 0 when no tree helps. */
  readonly rounds: number;
  /** Scores of the rows that some chain has not seen, after these rounds: rows × width; NaN elsewhere. */
  readonly outside: Float64Array;
  /** One for each part, of these rounds. */
  readonly chains: readonly Chain[];
  /** Mean loss outside after each round, from none on. */
  readonly losses: readonly number[];
}

/** A lower loss counts when it is lower by this part: rounding is no progress. */
const PROGRESS = 1e-7;

/** Chains on the training rows of each part, side by side, until the loss on all their test rows no longer falls. */
export async function stopEarly(ground: Ground, parts: readonly { readonly train: Int32Array; readonly test: Int32Array }[], key: Key, ctx: Context): Promise<Stopped> {
  const { loss, known, settings } = ground;
  const { width } = loss;
  const growing = parts.map(({ train }) => begin(ground, train));
  const outside = new Float64Array(known.weights.length * width).fill(Number.NaN);
  const look = (): number => {
    let [sum, total] = [0, 0];
    parts.forEach(({ test }, p) => {
      for (const i of test) {
        sum += known.weights[i] * loss.value(known.target[i], growing[p].scores, i);
        total += known.weights[i];
      }
    });
    return sum / total;
  };
  const remember = () => parts.forEach(({ test }, p) => {
    for (const i of test) outside.set(growing[p].scores.subarray(i * width, (i + 1) * width), i * width);
  });
  const losses = [look()];
  remember();
  let best = 0;
  for (let round = 0; round < settings.rounds && round - best < settings.patience; round++) {
    for (const [p, one] of growing.entries()) {
      await pause(ctx);
      addRound(ground, one, round, fold(key, p));
    }
    losses.push(look());
    if (losses[round + 1] < losses[best] - PROGRESS * Math.abs(losses[best])) {
      best = round + 1;
      remember();
    }
    ctx.report({ stage: "boost", done: round + 1, total: settings.rounds });
  }
  return { rounds: best, outside, chains: growing.map((one) => chainOf(one, best, width)), losses };
}
