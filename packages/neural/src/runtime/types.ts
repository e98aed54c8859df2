/* Where programs run. A backend compiles a program once; the executable runs it as often as wanted. */
import type { Tensor } from "../tensor/types.ts";

/** Numbers of a tensor, row-major; indices and conditions too. */
export type Values = Float32Array | Float64Array | Int32Array;
export type Feeds = Readonly<Record<string, Values>>;

/** Outputs by name. What is fed is found in the graph: the tensors of the operation `input`. */
export interface Program {
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/**
 * A program that is repeated with what it returned. `state` holds what goes round: an input and its next value, by name.
 * Inputs named in `each` take another value at every step; all other inputs keep theirs.
 */
export interface LoopProgram {
  readonly state: Readonly<Record<string, { readonly input: Tensor; readonly next: Tensor }>>;
  readonly each: readonly Tensor[];
  /** Returned for each step. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

export interface Executable {
  /** `only` names the outputs that are wanted; all by default. */
  run(feeds: Feeds, only?: readonly string[]): Promise<Readonly<Record<string, Float64Array | Float32Array>>>;
  dispose(): Promise<void>;
}

export interface LoopExecutable {
  /**
   * Run `steps` steps from `state`. `each` holds the inputs of all steps one after another. The outputs hold those of all
   * steps one after another. The state after k + l steps is that after k and then l, to the last bit.
   */
  run(steps: number, task: { readonly state: Feeds; readonly each: Feeds; readonly shared: Feeds }): Promise<{ readonly state: Feeds; readonly outputs: Feeds }>;
  dispose(): Promise<void>;
}

export interface Backend {
  /** `onnxruntime`, `interpreter`. */
  readonly name: string;
  compile(program: Program): Promise<Executable>;
  compileLoop(program: LoopProgram): Promise<LoopExecutable>;
  /** Open an ONNX file; undefined where this backend cannot. Inputs and outputs by the names in the file. */
  open?(bytes: Uint8Array): Promise<Executable>;
}
