/*
 * Multi-task Gaussian process regression: several columns at once, each row measured for some of them, so that a column with few
 * values is helped by those with many. Three structures (coregional.ts): one kernel for all tasks with their covariance learnt
 * (`intrinsic`), a kernel for each of as many processes (`linear`), and `autoregressive`, where the columns are fidelities from low to
 * high and each is a multiple of those below plus something of its own (Kennedy & O'Hagan 2000, doi 10.1093/biomet/87.1.1).
 *
 * It is a joint learner: in a cross-validation it sees the other columns of its training rows, also of rows whose target is missing,
 * and nothing of the rows that are left out.
 */
import { InputError, UnsupportedError } from "../../base/errors.ts";
import { split } from "../../base/key.ts";
import { under, type Context } from "../../base/context.ts";
import type { NumberColumn, Table, Targets } from "../../data/types.ts";
import { normalMarginal } from "../../prob/marginal.ts";
import { type Design, type Encoded, encode, fitDesign, takeEncoded } from "../design.ts";
import { checkTargets, keyedOrder, rowNames, takeNumbers, takeRows } from "../inputs.ts";
import { standardise } from "../standardise.ts";
import type { Learner, Model, ModelRecord, Output, Reviver } from "../types.ts";
import type { Conditioned, Structure } from "./coregional.ts";
import { positionsOf } from "./coregional.ts";
import { type CoregionalData, type CoregionalSettings, conditionData, fitCoregional, steadyCondition, taskPredictor } from "./coregionalFit.ts";
import type { Smoothness } from "./kernel.ts";

export interface MultiTaskOptions {
  /** Default `intrinsic`. */
  readonly structure?: "intrinsic" | "linear" | "autoregressive";
  /** Names of the columns from low to high fidelity, for `autoregressive`; their order in the targets by default. */
  readonly order?: readonly string[];
  readonly combine?: "sum" | "product";
  readonly smoothness?: Smoothness;
  /** Most measured values that the hyper-parameters are fitted on. Default 400. */
  readonly subset?: number;
  /** Default 2: tasks that go together, and tasks that go against each other. */
  readonly restarts?: number;
  readonly iterations?: number;
}

/** Measured values of all columns together. */
export const MULTI_TASK_MOST = 3000;

/** Seconds of a fit of n values, roughly, on one core. */
export function multiTaskSeconds(n: number, d: number, { subset = 400, restarts = 2, iterations = 30 }: MultiTaskOptions = {}): number {
  const gradient = (m: number) => (m * m * m * 2 + m * m * (8 * Math.min(d, 100) + 300)) * 1.5e-10;
  return 1.4 * iterations * gradient(Math.min(n, subset)) + restarts * 20 * gradient(Math.min(n, subset, 240)) + (n * n * n * 0.4 + n * n * 300) * 0.8e-10;
}

/** The learner; classes among the columns are passed over. */
export function multiTaskGp(options: MultiTaskOptions = {}): Learner {
  const { structure = "intrinsic", order = [], combine = "sum", smoothness = "5/2", subset = 400, restarts = 2, iterations = 30 } = options;
  const id = `multi-task-gp(${structure})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 3,
    joint: true,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const tasks = tasksOf(y, order);
      const { data, design, scales } = observe(x, y, tasks, { combine, smoothness, kind: structure });
      const [sample, starts] = split(key, 2);
      const theta = await fitCoregional(data.observations, keyedOrder(sample, data.names), { subset, restarts: tasks.length > 1 ? restarts : 1, iterations } satisfies CoregionalSettings, starts, under(ctx, id));
      const { theta: steady, fitted } = steadyCondition(data.observations, theta);
      return multiTaskModel(id, { design, data: data.observations, theta: steady, tasks: scales }, fitted);
    },
  };
}

/** Numeric columns with at least two values, in order of fidelity. */
export function tasksOf(y: Targets, order: readonly string[]): readonly NumberColumn[] {
  const numeric = y.columns.filter((column): column is NumberColumn => column.kind === "number");
  if (numeric.length === 0) throw new UnsupportedError(`a multi-task Gaussian process cannot predict classes: "${y.columns[0].name}" — use forest or extra-trees`);
  const unknown = order.find((name) => !numeric.some((column) => column.name === name));
  if (unknown !== undefined) throw new InputError(`unknown column: "${unknown}" — the numeric columns are ${numeric.map(({ name }) => name).join(", ")}`, { path: "learn.options.order", value: unknown });
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sorted = numeric.toSorted((a, b) => rank(a.name) - rank(b.name));
  for (const column of sorted) {
    const known = countKnown(y, column);
    if (known < 2) throw new InputError(`too few values of "${column.name}": ${known} — a Gaussian process needs at least 2`, { path: column.name, value: known });
  }
  return sorted;
}

const isKnown = (y: Targets, { values }: NumberColumn, i: number): boolean => Number.isFinite(values[i]) && (y.weights === undefined || y.weights[i] > 0);
const countKnown = (y: Targets, column: NumberColumn): number => column.values.reduce((s, _, i) => s + (isKnown(y, column, i) ? 1 : 0), 0);

export interface TaskScale {
  readonly output: Output & { readonly kind: "number" };
  readonly shift: number;
  readonly scale: number;
}

/** All measured values of the tasks, one observation each. */
function observe(x: Table, y: Targets, tasks: readonly NumberColumn[], { combine, smoothness, kind }: { readonly combine: "sum" | "product"; readonly smoothness: Smoothness; readonly kind: NonNullable<MultiTaskOptions["structure"]> }) {
  const used = Int32Array.from(Array.from({ length: y.rows }, (_, i) => i).filter((i) => tasks.some((column) => isKnown(y, column, i))));
  const table = takeRows(x, used);
  const weightsOf = (rows: Int32Array) => (y.weights ? takeNumbers(y.weights, rows) : new Float64Array(rows.length).fill(1));
  const rowName = rowNames(table, y.names && Array.from(used, (i) => y.names![i]));
  const design = fitDesign(table, weightsOf(used));
  if (design.real.length + design.sets.length === 0) throw new InputError(`no feature varies: ${x.cols} constant columns — describe the rows by features that differ`, { path: "represent" });
  const encoded = encode(design, table);
  const parts = tasks.map((column, t) => {
    const at = Int32Array.from(Array.from(used.keys()).filter((i) => isKnown(y, column, used[i])));
    const rows = Int32Array.from(at, (i) => used[i]);
    const weights = weightsOf(rows);
    const { shift, scale, values } = standardise(column.name, takeNumbers(column.values, rows), weights);
    const known = Float64Array.from(rows, (i) => (column.sd && column.sd[i] > 0 ? (column.sd[i] / scale) ** 2 : 0));
    return { t, at, weights, values, known, names: Array.from(at, (i) => `${rowName[i]} ${column.name}`), scale: { output: { kind: "number", name: column.name, unit: column.unit }, shift, scale } satisfies TaskScale };
  });
  const n = parts.reduce((s, { at }) => s + at.length, 0);
  if (n > MULTI_TASK_MOST) throw new UnsupportedError(`too many values for a multi-task Gaussian process: ${n} in ${tasks.length} columns — at most ${MULTI_TASK_MOST}; use the recursive one, or learn columns by themselves`);
  const rows = Int32Array.from(parts.flatMap(({ at }) => Array.from(at)));
  const task = Int32Array.from(parts.flatMap(({ t, at }) => Array.from(at, () => t)));
  const { real, sets } = takeEncoded(encoded, rows, design.real.length);
  const joined = (of: (part: (typeof parts)[number]) => Float64Array) => Float64Array.from(parts.flatMap((part) => Array.from(of(part))));
  const observations: CoregionalData = {
    shape: { combine, smoothness, sets: design.sets.length, d: design.real.length },
    structure: structureOf(kind, tasks.length),
    real,
    sets,
    y: joined(({ values }) => values),
    known: joined(({ known }) => known),
    weights: joined(({ weights }) => weights),
    task,
    basis: indicators(task, tasks.length),
  };
  return { design, scales: parts.map(({ scale }) => scale), data: { observations, names: parts.flatMap(({ names }) => names) } };
}

/** A constant for each task. */
const indicators = (task: Int32Array, tasks: number): Float64Array => Float64Array.from({ length: task.length * tasks }, (_, p) => (task[Math.floor(p / tasks)] === p % tasks ? 1 : 0));

function structureOf(kind: NonNullable<MultiTaskOptions["structure"]>, tasks: number): Structure {
  const all = Array.from({ length: tasks }, (_, t) => t);
  // Lower triangular loads: the Cholesky factor of the tasks' covariance, or fidelities that build on those below.
  const latents = all.map((q) => ({ kernel: kind === "intrinsic" ? 0 : q, tasks: kind === "linear" ? all : all.slice(q) }));
  return { tasks, kernels: kind === "intrinsic" ? 1 : tasks, latents };
}

/** Everything that determines a fitted model. */
export interface MultiTaskState {
  readonly design: Design;
  readonly data: CoregionalData;
  readonly theta: Float64Array;
  readonly tasks: readonly TaskScale[];
}

/** Median variance of a new measurement of a task, standardised: the noise, and what was stated of the old ones. */
export function newNoise({ shape, structure, known, task }: CoregionalData, theta: Float64Array, t: number): number {
  const own = known.filter((_, i) => task[i] === t).sort();
  return Math.exp(theta[positionsOf(shape, structure).noise + t]) + own[own.length >> 1];
}

function multiTaskModel(id: string, state: MultiTaskState, fitted: Conditioned = conditionData(state.data, state.theta)): Model {
  const { design, data, theta, tasks } = state;
  const predictor = taskPredictor(data, theta, fitted);
  const outputs = tasks.map(({ output }) => output);
  const answer = async (encoded: Encoded, t: number, ctx: Context) => {
    const { output, shift, scale } = tasks[t];
    const { mean, variance } = await predictor(encoded, t, indicators(new Int32Array(encoded.rows).fill(t), tasks.length), ctx);
    const noise = newNoise(data, theta, t);
    return normalMarginal({ name: output.name, unit: output.unit, mean: mean.map((m) => shift + scale * m), sd: variance.map((v) => scale * Math.sqrt(v + noise)) });
  };
  return {
    id,
    inputs: design.inputs,
    outputs,
    predict: async (x, ctx) => {
      const encoded = encode(design, x);
      const marginals = [];
      for (let t = 0; t < tasks.length; t++) marginals.push(await answer(encoded, t, ctx));
      return { rows: x.rows, marginals };
    },
    toRecord: (): ModelRecord => ({ type: "multi-task-gp", id, inputs: design.inputs, outputs, state }),
  };
}

/** Reads `multi-task-gp` back. */
export const reviveMultiTask: Reviver = (record) => multiTaskModel(record.id, record.state as MultiTaskState);

