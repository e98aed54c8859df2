/*
 * The training loop: epochs of steps in calls of about a quarter of a second, so that it can be stopped; early stopping on
 * rows held out; a checkpoint after every epoch. How many steps share a call changes no result.
 */
import { type Context, type Key, NumericalError, fold, pause } from "@tatara/engine/base";
import type { Feeds, Values } from "../runtime/types.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Shape } from "../tensor/types.ts";
import type { Schedule } from "./schedule.ts";
import type { Trainer, TrainingState } from "./types.ts";

/** The batches of one epoch: the inputs of each step one after another. */
export interface Epoch {
  readonly steps: number;
  readonly each: Feeds;
}

export interface TrainOptions {
  readonly trainer: Trainer;
  /** Shapes of one step's inputs. */
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly shared: Feeds;
  /** The batches of an epoch, from a key of its own. */
  readonly batches: (key: Key, epoch: number) => Epoch;
  readonly epochs: number;
  readonly schedule: Schedule;
  /** Steps in an epoch, for the schedule. */
  readonly stepsPerEpoch: number;
  /** Loss on rows held out, after each epoch; the best parameters are kept. */
  readonly evaluate?: (state: TrainingState) => Promise<number>;
  /** Epochs without improvement after which training ends. Default never. */
  readonly patience?: number;
  /** Go on from where it was. */
  readonly from?: TrainProgress;
}

/** Plain data: the state of the loop itself. */
export interface TrainProgress {
  readonly epoch: number;
  readonly state: TrainingState;
  readonly best: { readonly epoch: number; readonly loss: number; readonly state: TrainingState };
  readonly history: readonly EpochLoss[];
}

export interface EpochLoss {
  readonly epoch: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** On rows held out; NaN without any. */
  readonly heldOut: number;
}

export interface Trained {
  /** The parameters that did best on rows held out, or the last ones. */
  readonly state: TrainingState;
  readonly history: readonly EpochLoss[];
}

/** Length of one call in milliseconds, in which nothing can be stopped. */
const CALL_MS = 250;

/** Throws NumericalError when the loss is no number any more. */
export async function train({ trainer, shapes, shared, batches, epochs, schedule, stepsPerEpoch, evaluate, patience = Number.POSITIVE_INFINITY, from }: TrainOptions, key: Key, ctx: Context): Promise<Trained> {
  const start = from?.state ?? trainer.initial(fold(key, "initial"));
  let progress: TrainProgress = from ?? { epoch: 0, state: start, best: { epoch: 0, loss: Number.POSITIVE_INFINITY, state: start }, history: [] };
  let perCall = 1;
  while (progress.epoch < epochs && progress.epoch - progress.best.epoch < patience) {
    const { epoch } = progress;
    const { steps, each } = batches(fold(fold(key, "batches"), epoch), epoch);
    let state = progress.state;
    let sum = 0;
    for (let at = 0; at < steps; ) {
      await pause(ctx);
      const count = Math.min(perCall, steps - at);
      const rates = Float32Array.from({ length: count }, (_, i) => schedule(state.step + i, epochs * stepsPerEpoch));
      const began = ctx.now();
      const { state: next, losses } = await trainer.run(state, { count, each: part(each, shapes, at, count), rates }, shared, fold(key, "steps"));
      const took = ctx.now() - began;
      if (losses.some((l) => !Number.isFinite(l))) throw new NumericalError(`training diverged: loss ${losses.find((l) => !Number.isFinite(l))} at step ${state.step} — a smaller learning rate, or targets without infinities`, { step: state.step, rate: rates[0] });
      perCall = Math.max(1, Math.min(4 * perCall, Math.floor((perCall * CALL_MS) / Math.max(took, 0.1))));
      sum += losses.reduce((a, b) => a + b, 0);
      state = next;
      at += count;
    }
    const heldOut = evaluate === undefined ? Number.NaN : await evaluate(state);
    const better = evaluate === undefined || heldOut < progress.best.loss;
    progress = { epoch: epoch + 1, state, best: better ? { epoch: epoch + 1, loss: heldOut, state } : progress.best, history: [...progress.history, { epoch: epoch + 1, loss: sum / steps, heldOut }] };
    ctx.report({ stage: "train", done: epoch + 1, total: epochs, note: `loss ${(sum / steps).toPrecision(3)}${evaluate === undefined ? "" : `, held out ${heldOut.toPrecision(3)}`}` });
    await ctx.keep({ step: epoch + 1, state: progress });
  }
  return { state: progress.best.state, history: progress.history };
}

const part = (each: Feeds, shapes: Readonly<Record<string, Shape>>, at: number, count: number): Feeds =>
  Object.fromEntries(
    Object.entries(each).map(([name, values]): [string, Values] => {
      const size = sizeOf(shapes[name]);
      return [name, values.subarray(at * size, (at + count) * size)];
    }),
  );
