/*
 * Networks are functions from a scope and tensors to tensors. The scope hands out parameters by name, so the same
 * function is traced for training, for prediction and for a saved file.
 */
import type { Key } from "@tatara/engine/base";
import type { Shape, Tensor } from "../tensor/types.ts";

/** First values of a parameter. */
export type Initialiser = (shape: Shape, key: Key) => Float32Array;

export interface ParameterOptions {
  /** Whether weight decay applies. Default true for tensors with two axes and more. */
  readonly decay?: boolean;
}

export interface Scope {
  /** Whether the network is being trained: dropout drops, batch norm looks at its batch. */
  readonly training: boolean;
  /** What gradients move. A name stands for one tensor; asked for twice, it is shared. */
  parameter(name: string, shape: Shape, initialiser: Initialiser, options?: ParameterOptions): Tensor;
  /** What is followed without gradients, such as running means. */
  buffer(name: string, shape: Shape, value: number): Tensor;
  /** The value that a buffer has after this step. */
  update(name: string, next: Tensor): void;
  /** Uniform numbers in [0, 1), new ones at every step; the same in every run with the same key. Throws outside training. */
  uniform(name: string, shape: Shape): Tensor;
  /** The same scope with a prefix before every name. */
  at(name: string): Scope;
}

/** One named part of the flat vector of parameters, or of buffers. */
export interface Part {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly decay: boolean;
}

/** Where every parameter and buffer lies. */
export interface Layout {
  readonly parameters: readonly Part[];
  readonly size: number;
  readonly buffers: readonly Part[];
  readonly bufferSize: number;
  /** First values: of a key the parameters, and the buffers. */
  initial(key: Key): { readonly parameters: Float32Array; readonly buffers: Float32Array };
}
