/*
 * Train the members of an ensemble: networks of one kind with first values and batches of their own (Lakshminarayanan,
 * Pritzel & Blundell 2017, arXiv 1612.01474), each stopped by rows held out from it. The parameters looked at are running
 * averages over epochs, which generalise better than the last ones (Izmailov et al. 2018, arXiv 1803.05407).
 */
import { type Context, type Key, NumericalError, fold, permutation, split, under } from "@tatara/engine/base";
import { fedScope } from "../layers/scope.ts";
import type { Layout, Scope } from "../layers/types.ts";
import type { Backend, Feeds, Values } from "../runtime/types.ts";
import * as op from "../tensor/ops.ts";
import type { DType, Shape, Tensor } from "../tensor/types.ts";
import { oneCycle } from "../train/schedule.ts";
import { train } from "../train/train.ts";
import { compileTrainer } from "../train/trainer.ts";
import type { Trainer, TrainingState } from "../train/types.ts";
import { type LossOptions, type Prepared, headsLoss, headsWidth, heldOutLoss } from "./heads.ts";

/** Numbers that the network is fed, one row after another; `width` has the sizes of one row. */
export interface RowInput {
  readonly width: Shape;
  readonly dtype: DType;
  readonly values: Values;
}

/**
 * Inputs that are no rows of a table but are made for each batch, such as the nodes of its graphs. Their sizes are fixed when a
 * program is compiled: those that the largest batch needs.
 */
export interface Batching {
  /** What the network gets in every batch. */
  readonly constants: Readonly<Record<string, Tensor>>;
  /** The rows so arranged that each `batch` of them need about as much room as the others. */
  arrange(rows: Int32Array, batch: number): Int32Array;
  /** Sizes that a batch needs. */
  sizes(rows: Int32Array): readonly number[];
  declare(sizes: readonly number[]): Readonly<Record<string, { readonly shape: Shape; readonly dtype: DType }>>;
  /** Inputs of one batch, filled up to the sizes. */
  feeds(rows: Int32Array, sizes: readonly number[]): Feeds;
}

/** From a batch of inputs by name to the heads' outputs [b, headsWidth]. */
export type Network = (scope: Scope, inputs: Readonly<Record<string, Tensor>>) => Tensor;

export interface MemberSettings extends LossOptions {
  readonly members: number;
  readonly batch: number;
  /** Passes over the rows. */
  readonly epochs: number;
  /** Epochs without a gain after which a member stops. */
  readonly patience: number;
  /** Largest learning rate. */
  readonly rate: number;
  readonly weightDecay: number;
  /** Share of the old average that stays after an epoch; 0 averages nothing. */
  readonly averaging: number;
  readonly frozen?: readonly string[];
}

export interface MemberTask {
  readonly backend: Backend;
  readonly network: Network;
  readonly inputs: Readonly<Record<string, RowInput>>;
  readonly batching?: Batching;
  readonly rows: number;
  readonly prepared: Prepared;
  /** Rows that each member does not see. */
  readonly heldOut: readonly Int32Array[];
  readonly settings: MemberSettings;
  /** First values of each member; drawn by default. */
  readonly from?: readonly MemberValues[];
}

export interface MemberValues {
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
}

export interface TrainedMembers {
  readonly layout: Layout;
  readonly members: readonly MemberValues[];
  /** Outputs for each row by the member that has not seen it, n × headsWidth; NaN where there is none. */
  readonly outOfFold: Float32Array;
  /** Epochs that each member took its parameters from. */
  readonly epochs: readonly number[];
}

const CLIP = 1;
/** Rows of an epoch at least: few rows are gone through several times between two looks at those held out. */
const EPOCH_STEPS = 8;

/** Train all members, one after another. Throws NumericalError when a loss is no number any more. */
export async function trainMembers(task: MemberTask, key: Key, ctx: Context): Promise<TrainedMembers> {
  const { rows, prepared, settings, heldOut } = task;
  const fewest = Math.min(...Array.from({ length: settings.members }, (_, k) => rows - (heldOut[k % Math.max(heldOut.length, 1)]?.length ?? 0)));
  const batch = Math.min(settings.batch, fewest);
  const plans = Array.from({ length: settings.members }, (_, k) => planOf(task, batch, heldOut.length === 0 ? Int32Array.of() : heldOut[k % heldOut.length], fold(key, k)));
  const sizes = task.batching === undefined ? [] : sizesOf(task.batching, batch, plans);
  const trainer = await compileMember(task, batch, sizes);
  const width = headsWidth(prepared.heads);
  const looker = await compileLook(task, trainer.layout, task.batching === undefined ? Math.max(1, ...heldOut.map((part) => part.length)) : batch, sizes);
  try {
    const outOfFold = new Float32Array(rows * width).fill(Number.NaN);
    const members: MemberValues[] = [];
    const epochs: number[] = [];
    for (let k = 0; k < settings.members; k++) {
      const { out } = plans[k];
      const { values, outputs, epoch } = await trainMember({ ...task, trainer, batch, sizes, plan: plans[k], look: looker.look, ...(task.from && { start: task.from[k] }) }, under(ctx, `member ${k + 1} of ${settings.members}`));
      members.push(values);
      epochs.push(epoch);
      out.forEach((row, i) => outOfFold.set(outputs.subarray(i * width, (i + 1) * width), row * width));
    }
    return { layout: trainer.layout, members, outOfFold, epochs };
  } finally {
    await trainer.dispose();
    await looker.dispose();
  }
}

const gathered = (inputs: Readonly<Record<string, Tensor>>, rows: Tensor): Readonly<Record<string, Tensor>> => Object.fromEntries(Object.entries(inputs).map(([name, table]) => [name, op.gather(table, rows)]));

const sharedOf = ({ inputs, rows, prepared: { heads, values, weights } }: MemberTask) => ({
  declared: { ...Object.fromEntries(Object.entries(inputs).map(([name, { width, dtype }]) => [name, { shape: [rows, ...width], dtype }])), targets: { shape: [rows, heads.length] }, weights: { shape: [rows, heads.length] } },
  feeds: { ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.values])), targets: values, weights },
});

/** What each step of training takes. */
const eachOf = ({ batching }: MemberTask, batch: number, sizes: readonly number[]) => ({ rows: { shape: [batch], dtype: "i32" as const }, ...batching?.declare(sizes) });

/** A step's inputs of these batches, one after another. */
function eachFeeds({ batching }: MemberTask, rows: Int32Array, batch: number, sizes: readonly number[]): Feeds {
  if (batching === undefined) return { rows };
  const parts = Array.from({ length: rows.length / batch }, (_, s) => batching.feeds(rows.subarray(s * batch, (s + 1) * batch), sizes));
  return { rows, ...Object.fromEntries(Object.keys(parts[0]).map((name) => [name, joined(parts.map((part) => part[name]))])) };
}

function joined(parts: readonly Values[]): Values {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = parts[0] instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function compileMember(task: MemberTask, batch: number, sizes: readonly number[]): Promise<Trainer> {
  const { backend, network, inputs, batching, prepared: { heads }, settings } = task;
  const { weightDecay, frozen } = settings;
  const made = batching?.declare(sizes) ?? {};
  return compileTrainer(backend, {
    each: eachOf(task, batch, sizes),
    shared: sharedOf(task).declared,
    loss: (scope, { rows, targets, weights, ...tables }) =>
      headsLoss(heads, network(scope, { ...gathered(pick(tables, inputs), rows), ...pick(tables, made), ...batching?.constants }), op.gather(targets, rows), op.gather(weights, rows), settings),
    optimiser: { weightDecay, clip: CLIP },
    ...(frozen && { frozen }),
  });
}

const pick = <T>(from: Readonly<Record<string, T>>, names: Readonly<Record<string, unknown>>): Readonly<Record<string, T>> => Object.fromEntries(Object.keys(names).map((name) => [name, from[name]]));

type Look = (values: MemberValues, rows: Int32Array) => Promise<Float32Array>;

/** Outputs for some rows while the parameters move. */
async function compileLook(task: MemberTask, layout: Layout, most: number, sizes: readonly number[]): Promise<{ readonly look: Look; readonly dispose: () => Promise<void> }> {
  const { backend, network, inputs, batching, rows, prepared: { heads } } = task;
  const width = headsWidth(heads);
  const tables = Object.fromEntries(Object.entries(inputs).map(([name, { width, dtype }]) => [name, op.input(name, [rows, ...width], dtype)]));
  const parameters = op.input("parameters", [layout.size]);
  const buffers = layout.bufferSize > 0 ? op.input("buffers", [layout.bufferSize]) : undefined;
  const scope = fedScope(layout, { parameters, ...(buffers && { buffers }) });
  const made = Object.fromEntries(Object.entries(batching?.declare(sizes) ?? {}).map(([name, { shape, dtype }]) => [name, op.input(name, shape, dtype)]));
  const outputs = network(scope, { ...gathered(tables, op.input("rows", [most], "i32")), ...made, ...batching?.constants });
  const compiled = await backend.compile({ outputs: { outputs } });
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.values]));
  return {
    look: async (values, wanted) => {
      const place = new Map(Array.from(wanted, (row, i) => [row, i]));
      const out = new Float32Array(wanted.length * width);
      const arranged = arrangedFor(task, wanted, most);
      for (let from = 0; from < arranged.length; from += most) {
        const at = arranged.subarray(from, from + most);
        const told = await compiled.run({ ...feeds, parameters: values.parameters, ...(buffers && { buffers: values.buffers }), ...eachFeeds(task, at, most, sizes) });
        at.forEach((row, i) => out.set(told["outputs"].subarray(i * width, (i + 1) * width), place.get(row)! * width));
      }
      return out;
    },
    dispose: () => compiled.dispose(),
  };
}

/** Rows in whole batches; the last one is filled up with the first row. */
function arrangedFor({ batching }: Pick<MemberTask, "batching">, rows: Int32Array, batch: number): Int32Array {
  const whole = new Int32Array(Math.ceil(rows.length / batch) * batch).fill(rows[0]);
  whole.set(rows);
  return batching === undefined ? whole : batching.arrange(whole, batch);
}

/** What a member goes through. */
interface Plan {
  readonly out: Int32Array;
  /** Passes over the rows between two looks at those held out. */
  readonly passes: number;
  readonly steps: number;
  readonly epochs: number;
  readonly patience: number;
  readonly key: Key;
  /** Rows of an epoch's batches. */
  order(epoch: number): Int32Array;
}

function planOf({ rows, settings, batching }: MemberTask, batch: number, out: Int32Array, key: Key): Plan {
  const seen = others(rows, out);
  const [trainKey, orderKey] = split(key, 2);
  const passes = Math.max(1, Math.ceil((EPOCH_STEPS * batch) / seen.length));
  const steps = Math.max(1, Math.floor((passes * seen.length) / batch));
  return {
    out,
    passes,
    steps,
    epochs: Math.max(1, Math.round(settings.epochs / passes)),
    patience: Math.max(3, Math.round(settings.patience / passes)),
    key: trainKey,
    order: (epoch) => {
      const drawn = batchesOf(fold(orderKey, epoch), seen, passes, steps * batch);
      return batching === undefined ? drawn : batching.arrange(drawn, batch);
    },
  };
}

/** The sizes that every batch of every member fits into. */
function sizesOf(batching: Batching, batch: number, plans: readonly Plan[]): readonly number[] {
  let largest: readonly number[] = [];
  const see = (rows: Int32Array): void => {
    for (let at = 0; at < rows.length; at += batch) largest = batching.sizes(rows.subarray(at, at + batch)).map((size, i) => Math.max(size, largest[i] ?? 0));
  };
  for (const { out, epochs, order } of plans) {
    for (let epoch = 0; epoch < epochs; epoch++) see(order(epoch));
    if (out.length > 0) see(arrangedFor({ batching }, out, batch));
  }
  return largest;
}

interface OneMember extends MemberTask {
  readonly trainer: Trainer;
  readonly batch: number;
  readonly sizes: readonly number[];
  readonly plan: Plan;
  readonly look: Look;
  readonly start?: MemberValues;
}

async function trainMember({ trainer, batch, sizes, plan: { out, passes, steps, epochs, patience, key, order }, look, start, ...task }: OneMember, ctx: Context): Promise<{ readonly values: MemberValues; readonly outputs: Float32Array; readonly epoch: number }> {
  const { prepared, settings } = task;
  const averaging = settings.averaging ** passes;
  let average: MemberValues | undefined;
  let best: { readonly loss: number; readonly values: MemberValues; readonly outputs: Float32Array; readonly epoch: number } | undefined;
  let epoch = 0;
  const evaluate = async (state: TrainingState): Promise<number> => {
    epoch++;
    average = averaged(average, state, averaging);
    if (out.length === 0) return -epoch;
    const outputs = await look(average, out);
    const loss = out.reduce((sum, row, i) => sum + heldOutLoss(prepared, outputs, i, row, settings), 0);
    if (!(loss >= (best?.loss ?? Number.POSITIVE_INFINITY)) && Number.isFinite(loss)) best = { loss, values: average, outputs, epoch };
    return loss;
  };
  const initial = trainer.initial(fold(key, "initial"));
  const state: TrainingState = start === undefined ? initial : { ...initial, parameters: start.parameters, buffers: start.buffers };
  await train(
    {
      trainer,
      shapes: Object.fromEntries(Object.entries(eachOf(task, batch, sizes)).map(([name, { shape }]) => [name, shape])),
      shared: sharedOf(task).feeds,
      batches: (_, at) => ({ steps, each: eachFeeds(task, order(at), batch, sizes) }),
      epochs,
      schedule: oneCycle(settings.rate, { rising: 0.1 }),
      stepsPerEpoch: steps,
      evaluate,
      patience,
      from: { epoch: 0, state, best: { epoch: 0, loss: Number.POSITIVE_INFINITY, state }, history: [] },
    },
    key,
    { ...ctx, keep: () => {} },
  );
  if (out.length === 0) return { values: average!, outputs: new Float32Array(0), epoch: epoch * passes };
  if (best === undefined) throw new NumericalError("training diverged: no epoch has a finite loss on rows held out — a smaller learning rate", { epochs: epoch });
  return { values: best.values, outputs: best.outputs, epoch: best.epoch * passes };
}

function others(rows: number, out: Int32Array): Int32Array {
  const left = new Set(out);
  return Int32Array.from({ length: rows }, (_, i) => i).filter((i) => !left.has(i));
}

/** Several passes in random order, as many rows as the batches take. */
function batchesOf(key: Key, seen: Int32Array, passes: number, count: number): Int32Array {
  const out = new Int32Array(passes * seen.length);
  for (let p = 0; p < passes; p++) out.set(permutation(fold(key, p), seen.length).map((i) => seen[i]), p * seen.length);
  return out.subarray(0, count);
}

const averaged = (before: MemberValues | undefined, { parameters, buffers }: MemberValues, share: number): MemberValues => {
  if (before === undefined || share === 0) return { parameters, buffers };
  const mix = (a: Float32Array, b: Float32Array): Float32Array => a.map((v, i) => share * v + (1 - share) * b[i]);
  return { parameters: mix(before.parameters, parameters), buffers: mix(before.buffers, buffers) };
};
