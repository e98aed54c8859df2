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
import { fitColumns } from "./ensembles.ts";
import type { Cost, Law } from "./heads.ts";
import type { NeuralHost } from "./host.ts";
import { type Preparation, fitPreparation, prepareRows, preparedTensor, preparedWidth } from "./preparation.ts";
import type { NetworkKind, Traced } from "./types.ts";

export const ACTIVATIONS = { relu: op.relu, silu, gelu, tanh: op.tanh } as const;
export const NORMS = { none: (_: Scope, x: Tensor): Tensor => x, layer: (scope: Scope, x: Tensor): Tensor => layerNorm(scope, x), batch: (scope: Scope, x: Tensor): Tensor => batchNorm(scope, x) } as const;

export interface MlpOptions {
  /** Networks. Default 5. */
  readonly members?: number;
  /** Units of the hidden layers. */
  readonly hidden?: readonly number[];
  readonly activation?: keyof typeof ACTIVATIONS;
  readonly norm?: keyof typeof NORMS;
  /** Share of the units that are dropped in training, in [0, 1). */
  readonly dropout?: number;
  /** Rows of a batch. */
  readonly batch?: number;
  /** Passes over the rows at most. */
  readonly epochs?: number;
  /** Passes without a gain on rows held out after which a member stops. */
  readonly patience?: number;
  /** Largest learning rate. */
  readonly rate?: number;
  readonly weightDecay?: number;
  /** `means`: means first, then widths from errors on rows held out; `joint`: both at once by the likelihood. Default `means`. */
  readonly objective?: "means" | "joint";
  /** What an error of a mean costs. Default `squared`. */
  readonly cost?: Cost;
  /** Law of a number's errors. */
  readonly law?: Law;
  /** From 0, the likelihood, to 1, all rows alike for the mean. */
  readonly beta?: number;
  /** `balanced` trains as if the classes were equally common and corrects the probabilities. Default `none`. */
  readonly classWeight?: "none" | "balanced";
  /** One network for all properties, which may be missing in some rows. Default false. */
  readonly joint?: boolean;
  readonly averaging?: number;
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
export function usualMlp(rows: number): Required<Pick<MlpOptions, "hidden" | "batch" | "epochs" | "rate">> {
  return { hidden: [256, 256], batch: rows < 500 ? 32 : rows < 2500 ? 64 : rows < 8000 ? 128 : 256, epochs: Math.round(Math.min(400, Math.max(60, 600_000 / rows))), rate: 2e-3 };
}

/** The learner. */
export function mlp(host: NeuralHost, options: MlpOptions = {}): Learner {
  const { members = 5, joint = false, classWeight = "none" } = options;
  const id = `mlp(${[`members=${members}`, ...Object.entries(options).filter(([name, value]) => name !== "members" && value !== undefined).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join("-") : String(value)}`)].join(", ")})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 5,
    ...(joint && { joint }),
    fit: (x: Table, y: Targets, key: Key, ctx: Context) =>
      fitColumns(
        {
          host, id, x, y, joint,
          balanced: classWeight === "balanced",
          set: (rows, _, outputs) => {
            const own = { ...usualMlp(rows.rows), ...options };
            const { activation = "silu", norm = "none", dropout: rate = 0.1, law = "normal", beta = 0.5, objective = "means", cost = "squared", weightDecay = 0.01, averaging = 0.8 } = options;
            const preparation = fitPreparation(rows);
            const width = preparedWidth(preparation);
            const architecture: MlpArchitecture = { preparation, hidden: own.hidden, activation, norm, dropout: rate, outputs };
            return {
              kind: mlpKind, name: "mlp", architecture, inputs: preparation.inputs,
              rows: { z: { width: [width], dtype: "f32", values: prepareRows(preparation, rows, alignColumns(rows, preparation.inputs)) } },
              settings: { members, batch: own.batch, epochs: own.epochs, patience: options.patience ?? Math.ceil(own.epochs / 4), rate: own.rate, weightDecay, averaging, objective, cost, law, beta },
              widths: { epochs: Math.ceil(own.epochs / 4), patience: Math.max(10, Math.ceil(own.epochs / 16)), rate: own.rate / 2 },
            };
          },
        },
        key,
        ctx,
      ),
  };
}
