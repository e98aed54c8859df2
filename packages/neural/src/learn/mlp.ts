/*
 * Ensembles of multilayer perceptrons: dense layers on prepared features, with a learnt factor on each feature, so that
 * unimportant ones can be turned down (Holzmüller, Grinsztajn & Steinwart 2024, arXiv 2407.04491). Members differ by their first
 * values, their batches, and the rows that stop them (Lakshminarayanan, Pritzel & Blundell 2017, arXiv 1612.01474).
 */
import type { Context, Key } from "@tatara/engine/base";
import type { Table, Targets } from "@tatara/engine/data";
import { type Learner, alignColumns } from "@tatara/engine/learn";
import { fill, glorot, he } from "../layers/initialise.ts";
import { batchNorm, dense, dropout, gelu, layerNorm, silu } from "../layers/layers.ts";
import type { Scope } from "../layers/types.ts";
import * as op from "../tensor/ops.ts";
import type { Tensor } from "../tensor/types.ts";
import { type Setting, fitColumns } from "./ensembles.ts";
import type { NeuralHost } from "./host.ts";
import { type EnsembleOptions, describeOptions, ensembleSettings } from "./options.ts";
import { type Preparation, fitPreparation, prepareRows, preparedTensor, preparedWidth } from "./preparation.ts";
import type { NetworkKind, Traced } from "./types.ts";

export const ACTIVATIONS = { relu: op.relu, silu, gelu, tanh: op.tanh } as const;
export const NORMS = { none: (_: Scope, x: Tensor): Tensor => x, layer: (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x), batch: (scope: Scope, x: Tensor): Tensor => batchNorm(scope, x) } as const;

export interface MlpOptions extends EnsembleOptions {
  /** Units of the hidden layers. Default two layers of 128, of 256 from 2,000 rows on. */
  readonly hidden?: readonly number[];
  /** Default `silu`. */
  readonly activation?: keyof typeof ACTIVATIONS;
  /** Default `none`. */
  readonly norm?: keyof typeof NORMS;
}

/** Plain data: what the network is built from. */
export interface MlpArchitecture {
  readonly preparation: Preparation;
  readonly hidden: readonly number[];
  readonly activation: keyof typeof ACTIVATIONS;
  readonly norm: keyof typeof NORMS;
  readonly dropout: number;
  /** Numbers that the heads take. */
  readonly outputs: number;
}

function network({ hidden, activation, norm, dropout: rate, outputs }: MlpArchitecture, scope: Scope, { z }: Readonly<Record<string, Tensor>>): Traced {
  const width = z.shape[1];
  const layers: Tensor[] = [];
  let h = op.mul(z, scope.parameter("importance", [width], fill(1), { decay: false }));
  hidden.forEach((units, l) => {
    const own = scope.at(`hidden${l + 1}`);
    const before = NORMS[norm](own.at("norm"), dense(own, h, units, { initialiser: he }));
    layers.push(before);
    h = dropout(own, ACTIVATIONS[activation](before), rate);
  });
  return { outputs: dense(scope.at("heads"), h, outputs, { initialiser: glorot }), hidden: layers };
}

export const mlpKind: NetworkKind<MlpArchitecture> = {
  declare: ({ inputs }, rows) => ({ x: op.input("x", [rows, inputs.length]) }),
  prepare: ({ preparation }, { x }) => ({ z: preparedTensor(preparation, x) }),
  network,
  feeds: ({ inputs }, x, { from, to }) => {
    const places = alignColumns(x, inputs);
    const values = new Float32Array((to - from) * places.length);
    for (let i = from; i < to; i++) for (let j = 0; j < places.length; j++) values[(i - from) * places.length + j] = x.data[i * x.cols + places[j]];
    return { x: { values, width: places.length } };
  },
};

/** What is usual for a number of rows. */
export const usualMlp = (rows: number): Required<Pick<MlpOptions, "hidden" | "batch" | "epochs" | "rate">> => ({
  hidden: rows < 2000 ? [128, 128] : [256, 256],
  batch: rows < 500 ? 32 : rows < 2500 ? 64 : rows < 8000 ? 128 : 256,
  epochs: Math.round(Math.min(400, Math.max(40, 200_000 / rows))),
  rate: 2e-3,
});

/** The learner. */
export function mlp(host: NeuralHost, options: MlpOptions = {}): Learner {
  const { joint = false, classWeight = "none" } = options;
  const id = `mlp(${describeOptions({ members: 5, ...options })})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 5,
    ...(joint && { joint }),
    fit: (x: Table, y: Targets, key: Key, ctx: Context) => fitColumns({ host, id, x, y, joint, balanced: classWeight === "balanced", set: (rows, _, outputs) => settingOf(rows, outputs, options) }, key, ctx),
  };
}

function settingOf(x: Table, outputs: number, options: MlpOptions): Setting<MlpArchitecture> {
  const usual = usualMlp(x.rows);
  const { hidden = usual.hidden, activation = "silu", norm = "none", dropout: rate = 0.1 } = options;
  const preparation = fitPreparation(x);
  return {
    kind: mlpKind,
    name: "mlp",
    architecture: { preparation, hidden, activation, norm, dropout: rate, outputs },
    inputs: preparation.inputs,
    rows: mlpRows(preparation, x),
    ...ensembleSettings(options, { ...usual, members: 5, cost: "absolute", weightDecay: 0.01, averaging: 0.8 }),
  };
}

/** Prepared rows as the network takes them. */
export const mlpRows = (preparation: Preparation, x: Table): Setting<MlpArchitecture>["rows"] => ({ z: { width: [preparedWidth(preparation)], dtype: "f32", values: prepareRows(preparation, x, alignColumns(x, preparation.inputs)) } });
