/*
 * A network, its loss and Adam as one graph. Parameters, moments and buffers travel as flat vectors through a Loop, so that
 * many steps run in one call.
 */
import { fold } from "@tatara/engine/base";
import { layoutOf, trainingScope } from "../layers/scope.ts";
import type { Layout, Scope } from "../layers/types.ts";
import type { Backend, Feeds, LoopProgram } from "../runtime/types.ts";
import { gradient } from "../tensor/gradient.ts";
import * as op from "../tensor/ops.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { DType, Shape, Tensor } from "../tensor/types.ts";
import type { Trainer } from "./types.ts";

export interface Declared {
  readonly shape: Shape;
  readonly dtype?: DType;
}

export interface AdamOptions {
  /** Decay of the average of gradients. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the average of their squares. Default 0.999. */
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled from the gradient (Loshchilov & Hutter 2019); 0 is plain Adam (Kingma & Ba 2015). Default 0. */
  readonly weightDecay?: number;
  /** Longest gradient: longer ones are shortened to it. Default none. */
  readonly clip?: number;
}

export interface TrainingProgram {
  /** Inputs that change with every step, such as the numbers of a batch's rows. */
  readonly each: Readonly<Record<string, Declared>>;
  /** Inputs that stay, such as the table. */
  readonly shared: Readonly<Record<string, Declared>>;
  /** The number to be made small, of one batch. */
  readonly loss: (scope: Scope, inputs: Readonly<Record<string, Tensor>>) => Tensor;
  readonly optimiser?: AdamOptions;
  /** Parameters and running statistics that stay as they are: by the beginnings of their names. */
  readonly frozen?: readonly string[];
}

const declare = (inputs: Readonly<Record<string, Declared>>): Readonly<Record<string, Tensor>> => Object.fromEntries(Object.entries(inputs).map(([name, { shape, dtype }]) => [name, op.input(name, shape, dtype)]));

/** Names of what goes round and of what each step gets beside its batch. */
const [RATE, CORRECTIONS, KEY] = ["adam:rate", "adam:corrections", "step:key"];

/** One step of Adam(W) on flat vectors. */
function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, clip }: AdamOptions, layout: Layout, now: { readonly parameters: Tensor; readonly first: Tensor; readonly second: Tensor }, raw: Tensor, given: { readonly rate: Tensor; readonly corrections: Tensor }) {
  const g = clip === undefined ? raw : op.mul(raw, op.minimum(op.div(clip, op.add(op.sqrt(op.sum(op.square(raw))), 1e-12)), 1));
  const first = op.add(op.mul(now.first, beta1), op.mul(g, 1 - beta1));
  const second = op.add(op.mul(now.second, beta2), op.mul(op.square(g), 1 - beta2));
  const correction = (i: number): Tensor => op.slice(given.corrections, { axis: 0, from: i, to: i + 1 });
  const step = op.div(op.mul(first, op.mul(correction(0), given.rate)), op.add(op.sqrt(op.mul(second, correction(1))), epsilon));
  const decayed = weightDecay === 0 ? now.parameters : op.mul(now.parameters, op.sub(1, op.mul(given.rate, decayMask(layout, weightDecay))));
  return { parameters: op.sub(decayed, step), first, second };
}

function decayMask({ parameters, size }: Layout, weightDecay: number): Tensor {
  const mask = new Float32Array(size);
  for (const { offset, shape, decay } of parameters) if (decay) mask.fill(weightDecay, offset, offset + sizeOf(shape));
  return op.constant(mask, [size]);
}

/** Trace, differentiate and compile. */
export async function compileTrainer(backend: Backend, { each, shared, loss, optimiser = {}, frozen = [] }: TrainingProgram): Promise<Trainer> {
  const inputs = { ...declare(each), ...declare(shared) };
  const layout = layoutOf((scope) => loss(scope, inputs));
  const now = { parameters: op.input("parameters", [layout.size]), first: op.input("first", [layout.size]), second: op.input("second", [layout.size]) };
  const buffers = layout.bufferSize > 0 ? op.input("buffers", [layout.bufferSize]) : undefined;
  const [rate, corrections, stepKey] = [op.input(RATE, [1]), op.input(CORRECTIONS, [2]), op.input(KEY, [2], "i32")];
  const { scope, used, updates } = trainingScope(layout, { parameters: now.parameters, key: stepKey, ...(buffers && { buffers }) });
  const value = loss(scope, inputs);
  const stays = (name: string): boolean => frozen.some((start) => name.startsWith(start));
  const moving = layout.parameters.filter(({ name }) => !stays(name));
  const gradients = new Map(gradient(value, moving.map(({ name }) => used.get(name)!)).map((g, i) => [moving[i].name, g]));
  const flat = op.concat(layout.parameters.map(({ name, shape }) => op.reshape(gradients.get(name) ?? op.filled(0, shape), [sizeOf(shape)])));
  const next = adam(optimiser, layout, now, flat, { rate, corrections });
  // Weight decay moves no frozen parameter either.
  const parameters = frozen.length === 0 ? next.parameters : op.concat(layout.parameters.map(({ name, offset, shape }) => op.slice(gradients.has(name) ? next.parameters : now.parameters, { axis: 0, from: offset, to: offset + sizeOf(shape) })));
  const program: LoopProgram = {
    state: {
      parameters: { input: now.parameters, next: parameters },
      first: { input: now.first, next: next.first },
      second: { input: now.second, next: next.second },
      ...(buffers && { buffers: { input: buffers, next: op.concat(layout.buffers.map((part) => op.reshape((stays(part.name) ? undefined : updates.get(part.name)) ?? op.slice(buffers, { axis: 0, from: part.offset, to: part.offset + sizeOf(part.shape) }), [sizeOf(part.shape)]))) } }),
    },
    each: [...Object.keys(each).map((name) => inputs[name]), rate, corrections, stepKey],
    outputs: { loss: value },
  };
  const compiled = await backend.compileLoop(program);
  const { beta1 = 0.9, beta2 = 0.999 } = optimiser;
  return {
    layout,
    initial: (key) => ({ ...layout.initial(key), first: new Float32Array(layout.size), second: new Float32Array(layout.size), step: 0 }),
    run: async (state, { count, each: batches, rates }, constants, key) => {
      const steps = Array.from({ length: count }, (_, i) => state.step + i);
      const given: Feeds = {
        [RATE]: rates,
        [CORRECTIONS]: Float32Array.from(steps.flatMap((t) => [1 / (1 - beta1 ** (t + 1)), 1 / (1 - beta2 ** (t + 1))])),
        [KEY]: Int32Array.from(steps.flatMap((t) => {
          const { hi, lo } = fold(key, t);
          return [hi | 0, lo | 0];
        })),
      };
      const { state: after, outputs } = await compiled.run(count, { state: { parameters: state.parameters, first: state.first, second: state.second, ...(buffers && { buffers: state.buffers }) }, each: { ...batches, ...given }, shared: constants });
      const vector = (name: string): Float32Array => Float32Array.from(after[name]);
      return {
        state: { parameters: vector("parameters"), first: vector("first"), second: vector("second"), buffers: buffers ? vector("buffers") : state.buffers, step: state.step + count },
        losses: Float64Array.from(outputs["loss"]),
      };
    },
    dispose: () => compiled.dispose(),
  };
}
