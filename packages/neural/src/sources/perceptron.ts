/*
 * Multilayer perceptrons as sources of transfer: trained once on plentiful data, then frozen. What is transferred are the linear
 * outputs of the hidden layers, before the activation (Yamada et al., ACS Cent. Sci. 5, 1717 (2019)). Training runs as one ONNX
 * graph; the frozen network is evaluated here in double precision, row by row, so that a row's features depend on that row alone
 * and are the same wherever the model is read back.
 */
import { type Context, InputError, type Key, one, permutation, split } from "@tatara/engine/base";
import { type Feature, type Table, standardScaler } from "@tatara/engine/data";
import { type ExtractorRecord, type ExtractorReviver, type FeatureExtractor, SOURCE } from "@tatara/engine/learn";
import { dense, leakyRelu } from "../layers/layers.ts";
import { average, squaredError } from "../layers/losses.ts";
import type { Layout, Scope } from "../layers/types.ts";
import type { Backend } from "../runtime/types.ts";
import * as op from "../tensor/ops.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/types.ts";
import { cosine } from "../train/schedule.ts";
import { train } from "../train/train.ts";
import { compileTrainer } from "../train/trainer.ts";
import type { TrainingState } from "../train/types.ts";

/** One affine layer, row-major: out = in · weight + bias. */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** A frozen network of one output: plain data. */
export interface Perceptron {
  readonly inputs: readonly Feature[];
  /** Standardisation of the inputs; what is missing stands at the centre. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  /** Hidden layers, then the output. Leaky rectifiers between them. */
  readonly layers: readonly DenseLayer[];
  /** target = shift + unit · output. */
  readonly shift: number;
  readonly unit: number;
}

export interface PerceptronOptions {
  readonly x: Table;
  readonly y: Float64Array;
  /** Units of each hidden layer. */
  readonly widths: readonly number[];
  /** Default 200. */
  readonly epochs?: number;
  /** Rows of a batch. Default 32. */
  readonly batch?: number;
  /** Largest learning rate of a cosine schedule. Default 1e-3. */
  readonly rate?: number;
  /** Decoupled weight decay. Default 1e-2. */
  readonly decay?: number;
  /** Start from this network instead of from chance: fine-tuning. Same inputs and widths. */
  readonly from?: Perceptron;
  /** Hidden layers that stay as they are, counted from the input. Default 0. */
  readonly freeze?: number;
}

const SLOPE = 0.01;

const network = (scope: Scope, x: Tensor, widths: readonly number[]): Tensor => dense(scope.at("output"), widths.reduce((h, width, l) => leakyRelu(dense(scope.at(`hidden${l}`), h, width), SLOPE), x), 1);

/** Train a network on all rows. Throws InputError when sizes differ or the target is constant. */
export async function trainPerceptron({ x, y, widths, epochs = 200, batch = 32, rate = 1e-3, decay = 1e-2, from, freeze = 0 }: PerceptronOptions, backend: Backend, key: Key, ctx: Context): Promise<Perceptron> {
  if (y.length !== x.rows) throw new InputError(`table and target differ: ${x.rows} and ${y.length} rows — one value for each row`);
  const { centre, scale } = from ?? standardScaler(x);
  const shift = y.reduce((a, b) => a + b, 0) / y.length;
  const unit = Math.sqrt(y.reduce((s, v) => s + (v - shift) ** 2, 0) / y.length);
  if (!(unit > 0)) throw new InputError(`constant target: every value is ${y[0]} — a network needs values that differ`, { value: y[0] });
  const size = Math.min(batch, x.rows);
  const steps = Math.floor(x.rows / size);
  const trainer = await compileTrainer(backend, {
    each: { rows: { shape: [size], dtype: "i32" } },
    shared: { x: { shape: [x.rows, x.cols] }, y: { shape: [x.rows, 1] } },
    loss: (scope, { rows, x: table, y: targets }) => average(squaredError(network(scope, op.gather(table, rows), widths), op.gather(targets, rows))),
    optimiser: { weightDecay: decay },
    frozen: Array.from({ length: freeze }, (_, l) => `hidden${l}.`),
  });
  try {
    const [first, run] = split(key, 2);
    const start = trainer.initial(first);
    const { state } = await train(
      {
        trainer,
        shapes: { rows: [size] },
        shared: { x: Float32Array.from(standardised({ inputs: x.features, centre, scale }, x)), y: Float32Array.from(y, (v) => (v - shift) / unit) },
        batches: (k) => ({ steps, each: { rows: permutation(k, x.rows).subarray(0, steps * size) } }),
        epochs,
        schedule: cosine(rate),
        stepsPerEpoch: steps,
        ...(from && { from: { epoch: 0, state: { ...start, parameters: parametersOf(from, trainer.layout, start) }, best: { epoch: 0, loss: Number.POSITIVE_INFINITY, state: start }, history: [] } }),
      },
      run,
      ctx,
    );
    return { inputs: x.features, centre, scale, layers: layersOf(trainer.layout, state, widths.length), shift, unit };
  } finally {
    await trainer.dispose();
  }
}

const nameOf = (l: number, hidden: number): string => (l < hidden ? `hidden${l}` : "output");

function layersOf({ parameters }: Layout, state: TrainingState, hidden: number): readonly DenseLayer[] {
  const values = (name: string) => {
    const { offset, shape } = parameters.find((part) => part.name === name)!;
    return { shape, data: Float64Array.from(state.parameters.subarray(offset, offset + sizeOf(shape))) };
  };
  return Array.from({ length: hidden + 1 }, (_, l) => {
    const weight = values(`${nameOf(l, hidden)}.weight`);
    return { inputs: weight.shape[0], units: weight.shape[1], weight: weight.data, bias: values(`${nameOf(l, hidden)}.bias`).data };
  });
}

/** The hidden layers of another network, and an output drawn anew: the new property need not follow the old one's sign. */
function parametersOf({ layers }: Perceptron, { parameters }: Layout, { parameters: drawn }: TrainingState): Float32Array {
  const out = drawn.slice();
  for (const { name, offset, shape } of parameters) {
    const [layer, part] = name.split(".");
    if (layer === "output") continue;
    const values = layers[Number(layer.slice("hidden".length))]?.[part as "weight" | "bias"];
    if (values === undefined || values.length !== sizeOf(shape)) throw new InputError(`another network: ${name} has ${sizeOf(shape)} numbers, the one to start from ${values?.length ?? 0} — same inputs and widths`, { path: name });
    out.set(values, offset);
  }
  return out;
}

/** rows × inputs. */
function standardised({ inputs, centre, scale }: Pick<Perceptron, "inputs" | "centre" | "scale">, x: Table): Float64Array {
  const place = new Map(x.features.map(({ name }, j) => [name, j]));
  const columns = inputs.map(({ name }) => {
    const at = place.get(name);
    if (at === undefined) throw new InputError(`missing feature: "${name}" — the network was trained on ${inputs.length} features, and the table has ${x.features.length}`, { path: name });
    return at;
  });
  const out = new Float64Array(x.rows * inputs.length);
  for (let i = 0; i < x.rows; i++)
    columns.forEach((j, k) => {
      const v = x.data[i * x.cols + j];
      if (Number.isFinite(v)) out[i * inputs.length + k] = (v - centre[k]) / scale[k];
    });
  return out;
}

/** Linear outputs of every layer, rows × units each; the last is the network's answer, standardised. */
function forward(network: Perceptron, x: Table): readonly Float64Array[] {
  let h = standardised(network, x);
  return network.layers.map(({ inputs, units, weight, bias }) => {
    const z = new Float64Array(x.rows * units);
    for (let i = 0; i < x.rows; i++) {
      z.set(bias, i * units);
      for (let k = 0; k < inputs; k++) {
        const v = h[i * inputs + k];
        if (v === 0) continue;
        for (let j = 0; j < units; j++) z[i * units + j] += v * weight[k * units + j];
      }
    }
    h = z.map((v) => Math.max(v, SLOPE * v));
    return z;
  });
}

/** The network's answers, in the target's unit. */
export const predictPerceptron = (network: Perceptron, x: Table): Float64Array => forward(network, x).at(-1)!.map((v) => network.shift + network.unit * v);

/** Hidden layers (1 is the first) of a frozen network as source columns. Throws InputError for a layer that it has not. */
export function hiddenLayers(name: string, network: Perceptron, wanted: readonly number[]): FeatureExtractor {
  const most = network.layers.length - 1;
  for (const l of wanted) if (!(Number.isSafeInteger(l) && l >= 1 && l <= most)) throw new InputError(`no such hidden layer of ${name}: ${l} — there are 1 … ${most}`, { path: "layers", value: l });
  const outputs = wanted.flatMap((l) => Array.from({ length: network.layers[l - 1].units }, (_, u): Feature => ({ name: `${name}: layer ${l} unit ${u + 1}`, unit: one, about: `unit ${u + 1} of hidden layer ${l} of ${name}`, block: `${SOURCE}${name}` })));
  return {
    id: name,
    inputs: network.inputs,
    outputs,
    extract: async (x) => {
      const layers = forward(network, x);
      const data = new Float64Array(x.rows * outputs.length);
      for (let i = 0; i < x.rows; i++) {
        let at = i * outputs.length;
        for (const l of wanted) {
          const { units } = network.layers[l - 1];
          data.set(layers[l - 1].subarray(i * units, (i + 1) * units), at);
          at += units;
        }
      }
      return { rows: x.rows, cols: outputs.length, data, features: outputs };
    },
    toRecord: (): ExtractorRecord => ({ type: "hidden-layers", id: name, inputs: network.inputs, outputs, state: { network, layers: wanted } }),
  };
}

/** Reads `hidden-layers` back. */
export const reviveHiddenLayers: ExtractorReviver = ({ id, state }) => {
  const { network, layers } = state as { readonly network: Perceptron; readonly layers: readonly number[] };
  return hiddenLayers(id, network, layers);
};
