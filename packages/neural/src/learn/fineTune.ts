/*
 * Fine-tuning: a fitted network goes on learning from other rows, its first hidden layers frozen if wanted. What it was fed by stays:
 * the same features, prepared in the same way, so that the frozen layers see what they have learnt to see. The heads begin anew, since
 * the targets are others, and learn by themselves first: heads that say nothing yet would bend the layers below (Kumar, Raghunathan, Jones,
 * Ma & Liang 2022, arXiv 2202.10054).
 */
import { type Context, InputError, type Key, fold, under } from "@tatara/engine/base";
import type { Table, Targets } from "@tatara/engine/data";
import { type Learner, type Model, checkTargets, joinColumns, takeTarget } from "@tatara/engine/learn";
import { sizeOf } from "../tensor/shape.ts";
import type { MlpArchitecture } from "./mlp.ts";
import { mlpKind, mlpRows, usualMlp } from "./mlp.ts";
import { type Setting, fitEnsemble } from "./ensembles.ts";
import { layoutOfKind } from "./file.ts";
import type { NeuralHost } from "./host.ts";
import type { MemberValues } from "./members.ts";
import type { NeuralModel } from "./model.ts";
import { type EnsembleOptions, describeOptions, ensembleSettings } from "./options.ts";

export interface FineTuneOptions extends Omit<EnsembleOptions, "members" | "joint" | "dropout"> {
  /** Hidden layers, counted from the input, that stay to the last bit. Default 0. */
  readonly freeze?: number;
}

/** The rate of layers that know something already, beside that of new ones. */
const GENTLE = 0.5;

/** A model of the targets that begins as the given one. Throws InputError for a network of another kind, and for more frozen layers than there are. */
export async function fineTune(host: NeuralHost, source: NeuralModel, x: Table, y: Targets, options: FineTuneOptions, key: Key, ctx: Context): Promise<NeuralModel> {
  const { manifest } = source;
  const { freeze = 0, ...rest } = options;
  const { members } = manifest;
  const own = tunable(source, freeze);
  const layers = own.hidden.length;
  const id = `fine-tune(${[`freeze=${freeze}`, describeOptions(rest)].filter((part) => part !== "").join(", ")}; ${manifest.id})`;
  const outputs = y.columns.reduce((sum, column) => sum + (column.kind === "number" ? 2 : column.levels.length), 0);
  const architecture: MlpArchitecture = { ...own, outputs };
  const usual = { ...usualMlp(x.rows), members, cost: "absolute", weightDecay: 0.01, averaging: 0.8 } as const;
  // By one key, so that a member leaves out the same rows each time.
  const stage = (from: readonly MemberValues[], frozen: number, pace: number, at: Context): Promise<NeuralModel> => {
    const { settings, widths } = ensembleSettings({ ...rest, members }, usual);
    const names = frozen === 0 ? [] : ["importance", ...Array.from({ length: frozen }, (_, l) => `hidden${l + 1}.`)];
    const set = (rows: Table): Setting<MlpArchitecture> => ({ kind: mlpKind, name: "mlp", architecture, inputs: source.inputs, rows: mlpRows(own.preparation, rows), settings: { ...settings, rate: pace * settings.rate, frozen: names }, widths });
    return fitEnsemble({ host, id, x, y, balanced: rest.classWeight === "balanced", from, set }, key, at);
  };
  const heads = await stage(source.values().slice(0, members).map((values) => withNewHeads(values, own, architecture, source)), layers, 1, under(ctx, "heads"));
  return freeze === layers ? heads : stage(heads.values().slice(0, members), freeze, GENTLE, ctx);
}

/** Throws InputError for a network of another kind, and for more frozen layers than there are. */
function tunable({ manifest: { kind, architecture } }: NeuralModel, freeze: number): MlpArchitecture {
  if (kind !== "mlp") throw new InputError(`cannot fine-tune: a network of kind ${kind} — perceptrons can be`, { path: "model", value: kind });
  const own = architecture as MlpArchitecture;
  const layers = own.hidden.length;
  if (!(Number.isSafeInteger(freeze) && freeze >= 0 && freeze <= layers)) throw new InputError(`cannot freeze ${freeze} layers: the network has ${layers} — from 0 to all of them`, { path: "learn.options.freeze", value: freeze });
  return own;
}

/** The same hidden layers; heads that say nothing yet. */
function withNewHeads({ parameters, buffers }: MemberValues, from: MlpArchitecture, to: MlpArchitecture, { inputs }: NeuralModel): MemberValues {
  const [before, after] = [from, to].map((architecture) => layoutOfKind(mlpKind, { architecture, inputs }));
  const out = new Float32Array(after.size);
  for (const { name, shape, offset } of after.parameters) {
    const part = before.parameters.find((p) => p.name === name);
    if (part !== undefined && !name.startsWith("heads.")) out.set(parameters.subarray(part.offset, part.offset + sizeOf(shape)), offset);
  }
  return { parameters: out, buffers };
}

/** A learner that fine-tunes a network; each column by itself. Throws InputError for what cannot be tuned; without a network, when it is to fit. */
export function fineTuner(host: NeuralHost, source: NeuralModel | undefined, options: FineTuneOptions = {}): Learner {
  const id = `fine-tune(${describeOptions({ freeze: 0, ...options })})`;
  if (source !== undefined) tunable(source, options.freeze ?? 0);
  return {
    id,
    acceptsMissing: true,
    complexity: 5,
    ...(source && { needed: source.inputs.map(({ name }) => name) }),
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      if (source === undefined) throw new InputError("nothing to fine-tune: no network was given — name a finished model of mlp in transfer.sources", { path: "learn.options.source" });
      const all = Int32Array.from({ length: y.rows }, (_, i) => i);
      const models: Model[] = [];
      for (const [j, column] of y.columns.entries()) models.push(await fineTune(host, source, x, takeTarget(y, j, all), options, fold(key, column.name), y.columns.length === 1 ? ctx : under(ctx, column.name)));
      return models.length === 1 ? models[0] : joinColumns(id, models);
    },
  };
}
