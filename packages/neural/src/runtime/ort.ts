/*
 * Programs compiled to ONNX and run by ONNX Runtime. The host passes the runtime's module (onnxruntime-node or
 * onnxruntime-web), so that this package loads nothing by itself.
 */
import { InputError, UnsupportedError } from "@tatara/engine/base";
import type * as Ort from "onnxruntime-node";
import { inOrder } from "../tensor/gradient.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { DType, Shape, Tensor } from "../tensor/types.ts";
import { neededInputs } from "../onnx/emit.ts";
import { STEPS, nextOf, stacked, toldOf, writeLoop, writeProgram } from "../onnx/write.ts";
import type { Backend, Executable, Feeds, LoopExecutable, LoopProgram, Program, Values } from "./types.ts";

export type OrtModule = typeof Ort;

export interface OrtOptions {
  /** `cpu`, `webgpu`, `cuda`: execution providers in the order in which they are tried. Default cpu. */
  readonly devices?: readonly ("cpu" | "webgpu" | "cuda")[];
  /** Threads inside one operation. Default 1, with which results do not depend on the machine's size. */
  readonly threads?: number;
}

interface Spec {
  readonly shape: Shape;
  readonly dtype: DType;
}

export function ortBackend(ort: OrtModule, { devices = ["cpu"], threads = 1 }: OrtOptions = {}): Backend {
  const open = async (file: Uint8Array): Promise<Ort.InferenceSession> => {
    try {
      return await ort.InferenceSession.create(file, { executionProviders: [...devices], intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: "all", logSeverityLevel: 3 });
    } catch (cause) {
      throw new UnsupportedError(`onnxruntime refuses the graph: ${cause instanceof Error ? cause.message : String(cause)} — devices: ${devices.join(", ")}`, { cause });
    }
  };
  return {
    name: "onnxruntime",
    compile: async (program) => programOf(ort, await open(writeProgram(program)), program),
    compileLoop: async (program) => loopOf(ort, await open(writeLoop(program)), program),
    open: async (file) => fileOf(ort, await open(file)),
  };
}

/** Feed and fetch tensors of static shapes. */
function toTensor(ort: OrtModule, name: string, values: Values | undefined, { shape, dtype }: Spec): Ort.Tensor {
  if (values === undefined) throw new InputError(`nothing fed: "${name}" — the program needs [${shape.join(", ")}]`, { path: name });
  if (values.length !== sizeOf(shape)) throw new InputError(`feed of another size: "${name}" has ${values.length} numbers — [${shape.join(", ")}] holds ${sizeOf(shape)}`, { path: name });
  if (dtype === "f32") return new ort.Tensor("float32", values instanceof Float32Array ? values : Float32Array.from(values), shape);
  if (dtype === "i32") return new ort.Tensor("int32", values instanceof Int32Array ? values : Int32Array.from(values), shape);
  return new ort.Tensor("bool", Uint8Array.from(values), shape);
}

function fromTensor(t: Ort.Tensor): Float32Array | Int32Array {
  const data = t.data;
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  return Int32Array.from(data as ArrayLike<number>, Number);
}

const specsOf = (tensors: readonly Tensor[]): ReadonlyMap<string, Spec> =>
  new Map(inOrder(tensors, neededInputs).flatMap((t) => (t.op === "input" ? [[(t as Tensor<"input">).attributes.name, t] as const] : [])));

function programOf(ort: OrtModule, session: Ort.InferenceSession, { outputs }: Program): Executable {
  const specs = specsOf(Object.values(outputs));
  return {
    run: async (feeds, only = Object.keys(outputs)) => {
      const told = await session.run(Object.fromEntries(Array.from(specs, ([name, spec]) => [name, toTensor(ort, name, feeds[name], spec)])), only);
      return Object.fromEntries(only.map((name) => [name, fromTensor(told[name]) as Float32Array]));
    },
    dispose: () => session.release(),
  };
}

function loopOf(ort: OrtModule, session: Ort.InferenceSession, { state, each, outputs }: LoopProgram): LoopExecutable {
  const going = Object.entries(state);
  const own = new Set([...going.map(([, s]) => s.input), ...each].map((t) => (t as Tensor<"input">).attributes.name));
  const specs = specsOf([...going.map(([, { next }]) => next), ...Object.values(outputs)]);
  const shared = Array.from(specs).filter(([name]) => !own.has(name));
  return {
    run: async (steps, task) => {
      const stack = (t: Tensor): [string, Ort.Tensor] => {
        const { name } = (t as Tensor<"input">).attributes;
        return [stacked(name), toTensor(ort, name, task.each[name], { shape: [steps, ...t.shape], dtype: t.dtype })];
      };
      const feeds = Object.fromEntries([
        [STEPS, new ort.Tensor("int64", BigInt64Array.of(BigInt(steps)), [])],
        ...going.map(([name, { input }]) => [name, toTensor(ort, name, task.state[name], input)]),
        ...each.map(stack),
        ...shared.map(([name, spec]) => [name, toTensor(ort, name, task.shared[name], spec)]),
      ]) as Record<string, Ort.Tensor>;
      const told = await session.run(feeds);
      return {
        state: Object.fromEntries(going.map(([name]) => [name, fromTensor(told[nextOf(name)])])) as Feeds,
        outputs: Object.fromEntries(Object.keys(outputs).map((name) => [name, fromTensor(told[toldOf(name)])])) as Feeds,
      };
    },
    dispose: () => session.release(),
  };
}

/** A file of which only the names are known: inputs are matrices with as many columns as declared, rows by what is fed. */
function fileOf(ort: OrtModule, session: Ort.InferenceSession): Executable {
  const width = new Map(session.inputMetadata.map((m) => [m.name, m]));
  return {
    run: async (feeds, only = session.outputNames) => {
      const tensors = Object.fromEntries(
        session.inputNames.map((name) => {
          const meta = width.get(name);
          if (meta === undefined || !meta.isTensor) throw new UnsupportedError(`input is no tensor: "${name}" — matrices of numbers are fed`);
          const sizes = meta.shape.map((n) => (typeof n === "number" ? n : undefined));
          const known = sizes.reduce<number>((product, n) => product * (n ?? 1), 1);
          const values = feeds[name];
          if (values === undefined || values.length % known !== 0) throw new InputError(`feed does not fit: "${name}" has ${values?.length ?? 0} numbers — a multiple of ${known} is needed`, { path: name });
          const dtype: DType = meta.type === "int32" ? "i32" : meta.type === "bool" ? "bool" : "f32";
          return [name, toTensor(ort, name, values, { shape: sizes.map((n) => n ?? values.length / known), dtype })];
        }),
      );
      const told = await session.run(tensors, only);
      return Object.fromEntries(only.map((name) => [name, fromTensor(told[name]) as Float32Array]));
    },
    dispose: () => session.release(),
  };
}
