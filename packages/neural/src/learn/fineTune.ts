/*
 * Fine-tuning: a fitted network goes on learning from other rows, its first hidden layers frozen if wanted. What it was fed by stays:
 * the same features, prepared in the same way, so that the frozen layers see what they have learnt to see. The heads begin anew, since
 * the targets are others.
 */
import { type Context, InputError, type Key } from "@tatara/engine/base";
import type { Table, Targets } from "@tatara/engine/data";
import { sizeOf } from "../tensor/shape.ts";
import type { MlpArchitecture } from "./mlp.ts";
import { mlpKind, mlpRows, usualMlp } from "./mlp.ts";
import { fitEnsemble } from "./ensembles.ts";
import { layoutOfKind } from "./file.ts";
import type { NeuralHost } from "./host.ts";
import type { MemberValues } from "./members.ts";
import type { NeuralModel } from "./model.ts";
import { type EnsembleOptions, describeOptions, ensembleSettings } from "./options.ts";

export interface FineTuneOptions extends Omit<EnsembleOptions, "members" | "joint" | "dropout"> {
  /** Hidden layers, counted from the input, that stay to the last bit. Default 0. */
  readonly freeze?: number;
}

/** Rates of a network that knows something already. */
const GENTLE = 0.5;

/** A model of the targets that begins as the given one. Throws InputError for a network of another kind, and for more frozen layers than there are. */
export function fineTune(host: NeuralHost, source: NeuralModel, x: Table, y: Targets, options: FineTuneOptions, key: Key, ctx: Context): Promise<NeuralModel> {
  const { manifest } = source;
  if (manifest.kind !== "mlp") throw new InputError(`cannot fine-tune: a network of kind ${manifest.kind} — perceptrons can be`, { path: "model", value: manifest.kind });
  const { freeze = 0, classWeight = "none", ...rest } = options;
  const own = manifest.architecture as MlpArchitecture;
  if (!(Number.isSafeInteger(freeze) && freeze >= 0 && freeze <= own.hidden.length)) throw new InputError(`cannot freeze ${freeze} layers: the network has ${own.hidden.length} — from 0 to all of them`, { path: "freeze", value: freeze });
  const id = `fine-tuned(${[`${freeze} of ${own.hidden.length} layers frozen`, describeOptions(rest)].filter((part) => part !== "").join(", ")}; ${manifest.id})`;
  const frozen = freeze === 0 ? [] : ["importance", ...Array.from({ length: freeze }, (_, l) => `hidden${l + 1}.`)];
  const width = y.columns.reduce((sum, column) => sum + (column.kind === "number" ? 2 : column.levels.length), 0);
  const architecture: MlpArchitecture = { ...own, outputs: width };
  const usual = usualMlp(x.rows);
  return fitEnsemble(
    {
      host, id, x, y,
      balanced: classWeight === "balanced",
      from: source.values().slice(0, manifest.members).map((values) => withNewHeads(values, own, architecture, source)),
      set: (rows) => {
        const { settings, widths } = ensembleSettings({ ...rest, members: manifest.members }, { ...usual, rate: usual.rate * GENTLE, members: manifest.members, cost: "absolute", weightDecay: 0.01, averaging: 0.8 });
        return { kind: mlpKind, name: "mlp", architecture, inputs: source.inputs, rows: mlpRows(own.preparation, rows), settings: { ...settings, frozen }, widths };
      },
    },
    key,
    ctx,
  );
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
