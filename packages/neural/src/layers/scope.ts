/*
 * Scopes for the three ways to trace a network: to find its parameters, to train it with all of them in one flat vector, and to
 * predict with their values in the graph.
 */
import { InputError, fold, key, type Key } from "@tatara/engine/base";
import * as op from "../tensor/ops.ts";
import { sameShape, shapeText, sizeOf } from "../tensor/shape.ts";
import type { Shape, Tensor } from "../tensor/types.ts";
import type { Initialiser, Layout, Part, ParameterOptions, Scope } from "./types.ts";

/** What the ways differ in; names are whole. */
interface Host {
  readonly training: boolean;
  parameter(name: string, shape: Shape, initialiser: Initialiser, options: ParameterOptions): Tensor;
  buffer(name: string, shape: Shape, value: number): Tensor;
  update(name: string, next: Tensor): void;
  uniform(name: string, shape: Shape): Tensor;
}

const scopeOf = (host: Host, prefix = ""): Scope => ({
  training: host.training,
  parameter: (name, shape, initialiser, options = {}) => host.parameter(prefix + name, shape, initialiser, options),
  buffer: (name, shape, value) => host.buffer(prefix + name, shape, value),
  update: (name, next) => host.update(prefix + name, next),
  uniform: (name, shape) => host.uniform(prefix + name, shape),
  at: (name) => scopeOf(host, `${prefix}${name}.`),
});

interface Declared extends Part {
  readonly initialiser: Initialiser;
}

/** The parameters and buffers that a network asks for, in the order in which it does. `trace` runs it once for training. */
export function layoutOf(trace: (scope: Scope) => unknown): Layout {
  const parameters = new Map<string, Declared>();
  const buffers = new Map<string, Declared & { readonly value: number }>();
  let [size, bufferSize] = [0, 0];
  const stand = (name: string, shape: Shape): Tensor => op.input(`layout:${name}`, shape);
  trace(
    scopeOf({
      training: true,
      parameter: (name, shape, initialiser, { decay = shape.length > 1 }) => {
        const known = parameters.get(name);
        if (known !== undefined && !sameShape(known.shape, shape)) throw new InputError(`two shapes for one parameter: "${name}" is ${shapeText(known.shape)} and ${shapeText(shape)} — shared parameters have one shape`, { path: name });
        if (known === undefined) {
          parameters.set(name, { name, shape, offset: size, decay, initialiser });
          size += sizeOf(shape);
        }
        return stand(name, shape);
      },
      buffer: (name, shape, value) => {
        if (!buffers.has(name)) {
          buffers.set(name, { name, shape, offset: bufferSize, decay: false, value, initialiser: () => new Float32Array(sizeOf(shape)).fill(value) });
          bufferSize += sizeOf(shape);
        }
        return stand(name, shape);
      },
      update: () => {},
      uniform: stand,
    }),
  );
  const plain = ({ name, shape, offset, decay }: Declared): Part => ({ name, shape, offset, decay });
  return {
    parameters: Array.from(parameters.values(), plain),
    size,
    buffers: Array.from(buffers.values(), plain),
    bufferSize,
    initial: (at: Key) => {
      const filled = (parts: Iterable<Declared>, length: number) => {
        const out = new Float32Array(length);
        for (const { name, shape, offset, initialiser } of parts) out.set(initialiser(shape, fold(at, name)), offset);
        return out;
      };
      return { parameters: filled(parameters.values(), size), buffers: filled(buffers.values(), bufferSize) };
    },
  };
}

const found = (parts: readonly Part[], name: string, shape: Shape): Part => {
  const part = parts.find((p) => p.name === name);
  if (part === undefined || !sameShape(part.shape, shape)) throw new InputError(`no such parameter: "${name}" of ${shapeText(shape)} — the layout is of another network`, { path: name });
  return part;
};

export interface TrainingTrace {
  readonly scope: Scope;
  /** The parameters asked for, by name, as tensors of the flat vector. */
  readonly used: ReadonlyMap<string, Tensor>;
  readonly updates: ReadonlyMap<string, Tensor>;
}

/** A scope whose parameters are parts of flat inputs; random numbers follow from the step's key. */
export function trainingScope(layout: Layout, flat: { readonly parameters: Tensor; readonly buffers?: Tensor; readonly key: Tensor }): TrainingTrace {
  const used = new Map<string, Tensor>();
  const updates = new Map<string, Tensor>();
  const buffers = new Map<string, Tensor>();
  const partOf = (vector: Tensor, { offset, shape }: Part): Tensor => op.reshape(op.slice(vector, { axis: 0, from: offset, to: offset + sizeOf(shape) }), shape);
  const shared = (known: Map<string, Tensor>, name: string, make: () => Tensor): Tensor => {
    const tensor = known.get(name) ?? make();
    known.set(name, tensor);
    return tensor;
  };
  const scope = scopeOf({
    training: true,
    parameter: (name, shape) => shared(used, name, () => partOf(flat.parameters, found(layout.parameters, name, shape))),
    buffer: (name, shape) => shared(buffers, name, () => partOf(flat.buffers!, found(layout.buffers, name, shape))),
    update: (name, next) => updates.set(name, next),
    uniform: (name, shape) => {
      const site = fold(key(0), name);
      return op.uniform(op.add(flat.key, op.constant([site.hi | 0, site.lo | 0], [2], "i32")), shape);
    },
  });
  return { scope, used, updates };
}

/** A scope for prediction with parameters that are fed: rows held out are looked at while the parameters move. */
export function fedScope(layout: Layout, flat: { readonly parameters: Tensor; readonly buffers?: Tensor }): Scope {
  const { scope } = trainingScope(layout, { ...flat, key: op.constant([0, 0], [2], "i32") });
  return predicting(scope);
}

const predicting = (scope: Scope): Scope => ({ ...scope, training: false, update: () => {}, uniform: noChance, at: (name) => predicting(scope.at(name)) });

const noChance = (name: string): never => {
  throw new InputError(`chance outside training: "${name}" — a prediction draws nothing`, { path: name });
};

/** A scope with the values themselves in the graph, for prediction. In a file they have their names after `prefix`. */
export function fixedScope(layout: Layout, values: { readonly parameters: Float32Array; readonly buffers: Float32Array }, prefix = ""): Scope {
  const known = new Map<string, Tensor>();
  const read = (vector: Float32Array, part: Part): Tensor => {
    const tensor = known.get(part.name) ?? op.constant(vector.subarray(part.offset, part.offset + sizeOf(part.shape)), part.shape, "f32", prefix + part.name);
    known.set(part.name, tensor);
    return tensor;
  };
  return scopeOf({
    training: false,
    parameter: (name, shape) => read(values.parameters, found(layout.parameters, name, shape)),
    buffer: (name, shape) => read(values.buffers, found(layout.buffers, name, shape)),
    update: () => {},
    uniform: noChance,
  });
}
