/*
 * Fitting the hyper-parameters of a Gaussian process: several keyed starts on a small keyed subset, the best
 * of them refined on a larger one by L-BFGS on the log posterior.
 *
 * The prior on the logarithms is normal and weak. Its centre for length scales grows with √d, because squared
 * distances of standardised rows grow with d (Hvarfner, Hellsten & Nardi 2024, arXiv 2402.02229); it keeps a
 * hundred relevances from being read out of a few hundred rows.
 */
import { NumericalError } from "../../base/errors.ts";
import { type Key, fold, stream } from "../../base/key.ts";
import { type Context, pause } from "../../base/context.ts";
import { lbfgs } from "../../numeric/lbfgs.ts";
import { type Problem, evidence } from "./evidence.ts";
import type { Layout, Shape } from "./kernel.ts";

/** Centre and spread of the normal prior on each log hyper-parameter (of a standardised target). */
export interface Prior {
  readonly centre: Float64Array;
  readonly spread: Float64Array;
}

const SPREAD = { amplitude: 1.5, length: 1, noise: 1.5 };

/** The weak prior; its centre is also the first start. */
export function priorOf({ sets, d }: Shape, layout: Layout): Prior {
  const centre = new Float64Array(layout.size);
  const spread = new Float64Array(layout.size).fill(SPREAD.length);
  const parts = sets + (layout.amplitude >= 0 ? 1 : 0);
  for (let p = 0; p < layout.lengths; p++) {
    centre[p] = Math.log(1 / parts);
    spread[p] = SPREAD.amplitude;
  }
  for (let k = 0; k < d; k++) centre[layout.lengths + k] = 0.5 * Math.log(2 * d);
  centre[layout.noise] = Math.log(0.1);
  spread[layout.noise] = SPREAD.noise;
  return { centre, spread };
}

/** Minus the log posterior of the hyper-parameters, up to a constant. Not positive definite counts as impossible. */
function objective(problem: Problem, { centre, spread }: Prior): (theta: Float64Array) => { value: number; gradient: Float64Array } {
  return (theta) => {
    try {
      const { value, gradient } = evidence(problem, theta);
      let penalty = 0;
      const slope = gradient.map((g, p) => {
        const z = (theta[p] - centre[p]) / spread[p];
        penalty += 0.5 * z * z;
        return z / spread[p] - g;
      });
      return { value: penalty - value, gradient: slope };
    } catch (error) {
      if (error instanceof NumericalError) return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(theta.length) };
      throw error;
    }
  };
}

/** A start drawn from the prior, drawn closer by half so that none is absurd. */
function drawStart(key: Key, { centre, spread }: Prior): Float64Array {
  const rng = stream(key);
  return centre.map((c, p) => c + 0.5 * spread[p] * rng.normal());
}

export interface FitSettings {
  /** Starts on the small problem; the first is the centre of the prior. */
  readonly restarts: number;
  /** L-BFGS iterations on the small problem, and on the larger. */
  readonly scout: number;
  readonly refine: number;
}

/** The best log hyper-parameters found. */
export async function fitHyperparameters(
  { small, large, prior, settings }: { readonly small: Problem; readonly large: Problem; readonly prior: Prior; readonly settings: FitSettings },
  key: Key,
  ctx: Context,
): Promise<Float64Array> {
  let best = { x: prior.centre, value: Number.POSITIVE_INFINITY };
  for (let r = 0; r < settings.restarts; r++) {
    await pause(ctx);
    ctx.report({ stage: "fit hyper-parameters", done: r, total: settings.restarts + 1 });
    const start = r === 0 ? prior.centre : drawStart(fold(key, r), prior);
    const found = lbfgs(objective(small, prior), start, { iterations: settings.scout, tolerance: SCOUT_GAIN });
    if (found.value < best.value) best = found;
  }
  await pause(ctx);
  return lbfgs(objective(large, prior), best.x, { iterations: settings.refine, tolerance: REFINE_GAIN }).x;
}

/** Log-posterior gains below these change no prediction worth the time. */
const SCOUT_GAIN = 0.05;
const REFINE_GAIN = 0.02;
