/* Training: what goes round, and what a trainer does with it. */
import type { Key } from "@tatara/engine/base";
import type { Layout } from "../layers/types.ts";
import type { Feeds } from "../runtime/types.ts";

/** All that training needs to go on: plain data, to be stored and resumed from. */
export interface TrainingState {
  readonly parameters: Float32Array;
  /** Averages of the gradients and of their squares. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly buffers: Float32Array;
  /** Steps done. */
  readonly step: number;
}

/** Some steps in one call: the inputs of each, one after another, and their learning rates. */
export interface Steps {
  readonly count: number;
  readonly each: Feeds;
  readonly rates: Float32Array;
}

export interface Trainer {
  readonly layout: Layout;
  initial(key: Key): TrainingState;
  /** The state after the steps, and the loss of each. The key is that of the whole training: what is drawn depends on it and on the step's number. */
  run(state: TrainingState, steps: Steps, shared: Feeds, key: Key): Promise<{ readonly state: TrainingState; readonly losses: Float64Array }>;
  dispose(): Promise<void>;
}
