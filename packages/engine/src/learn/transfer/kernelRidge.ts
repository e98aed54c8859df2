/*
 * Kernel ridge regression as a learner: one similarity on all columns (kernelSpace.ts), λ by exact leave-one-out errors.
 * A linear smoother at each λ, which is what lets transfer by (τ, ρ) share its fits.
 */
import type { Context } from "../../base/context.ts";
import { pause } from "../../base/context.ts";
import { InputError } from "../../base/errors.ts";
import type { Table } from "../../data/types.ts";
import { joinColumns } from "../multi.ts";
import { standardise } from "../standardise.ts";
import type { Learner, Model } from "../types.ts";
import { gram, kernelSpace } from "./kernelSpace.ts";
import { kernelModel } from "./kernelModel.ts";
import { type Chosen, chooseLambda, lambdaGrid, leaveOneOutErrors, leaveOneOutVariances, processVariance, ridge } from "./ridge.ts";
import { type TrainingRows, trainingRows } from "./rows.ts";
import type { Smoother } from "./types.ts";

/** One factor for each λ is what it costs. */
export const KERNEL_MOST_ROWS = 2000;
export const KERNEL_LEAST_ROWS = 3;

/** Seconds of a fit, roughly, on one core: a factor and an inverse for each λ. */
export const kernelSeconds = (n: number, d: number): number => lambdaGrid(n).length * n * n * n * 1.5e-10 + n * n * d * 5e-10 + 0.001;

/** Degrees of freedom of a model of n rows: one goes to the constant; fewer than three have no variance to speak of. */
export const freedom = (n: number): number => Math.max(3, n - 1);

const who = "kernel ridge";

/** The learner; numeric targets only. */
export function kernelRidge(): Smoother {
  const id = "kernel-ridge";
  const fit: Learner["fit"] = async (x, y, _key, ctx) => {
    const models: Model[] = [];
    for (let j = 0; j < y.columns.length; j++) models.push(await fitRows(id, trainingRows(x, y, j, { who, least: KERNEL_LEAST_ROWS, most: KERNEL_MOST_ROWS }), ctx));
    return joinColumns(id, models);
  };
  return { id, acceptsMissing: true, complexity: 2, fit, leaveOneOut };
}

async function fitRows(id: string, rows: TrainingRows, ctx: Context): Promise<Model> {
  await pause(ctx);
  const { shift, scale, values } = standardise(rows.output.name, rows.values, rows.weights);
  const space = kernelSpace(rows.table, rows.weights);
  if (space.design.real.length + space.design.sets.length === 0) throw new InputError(`no feature varies: ${rows.table.cols} constant columns — describe the rows by features that differ`, { path: "represent" });
  const chosen: Chosen = chooseLambda(gram(space), values, rows.weights);
  const parts = [{ space, share: 1, scaled: false }];
  return kernelModel(id, rows.output, { parts, lambda: chosen.lambda, weights: rows.weights, y: values, shift, unit: scale, variance: processVariance(chosen), df: freedom(values.length) }, chosen.fitted);
}

async function leaveOneOut(x: Table, weights: Float64Array, targets: readonly Float64Array[], ctx: Context): Promise<readonly (readonly Float64Array[])[]> {
  const c = gram(kernelSpace(x, weights));
  const out: (readonly Float64Array[])[] = [];
  for (const lambda of lambdaGrid(x.rows)) {
    await pause(ctx);
    const fitted = ridge(c, targets[0], weights, lambda);
    const variances = leaveOneOutVariances(fitted);
    out.push(targets.map((y) => leaveOneOutErrors(fitted, variances, y).map((e, i) => y[i] - e)));
  }
  return out;
}
