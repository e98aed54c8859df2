/*
 * The hidden layers of a fitted network, before their activation, as features of other materials: what shotgun transfer puts into
 * simple learners (Yamada et al., ACS Cent. Sci. 5, 1717 (2019)).
 */
import { InputError, one } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";
import { type ExtractorRecord, type ExtractorReviver, type FeatureExtractor, type ModelRecord, SOURCE } from "@tatara/engine/learn";
import { hiddenName } from "./file.ts";
import { type NeuralModel, NEURAL } from "./model.ts";

export interface NetworkLayersOptions {
  /** Last hidden layers that are taken. Default 2, or as many as there are. */
  readonly layers?: number;
  /** Members whose layers are taken, side by side. Default 1: members tell much the same. */
  readonly members?: number;
}

/** Type of the records. */
export const NETWORK_LAYERS = "network-layers";

/** The last hidden layers of a network as a source. Throws InputError for layers or members that it does not have. */
export function networkLayers(id: string, model: NeuralModel, { layers = 2, members = 1 }: NetworkLayersOptions = {}): FeatureExtractor {
  const all = model.hidden;
  const taken = Math.min(layers, all.length);
  if (!(Number.isSafeInteger(members) && members >= 1 && members <= model.manifest.members)) throw new InputError(`no such members of ${id}: ${members} — there are 1 … ${model.manifest.members}`, { path: "members", value: members });
  if (!(Number.isSafeInteger(taken) && taken >= 1)) throw new InputError(`no such hidden layers of ${id}: ${layers} — there are ${all.length}`, { path: "layers", value: layers });
  const first = all.length - taken;
  const widths = all.slice(first).map((units) => units * members);
  const outputs = widths.flatMap((width, l) => Array.from({ length: width }, (_, u): Feature => ({ name: `${id}: layer ${first + l + 1} unit ${u + 1}`, unit: one, about: `unit ${u + 1} of hidden layer ${first + l + 1} of ${id}`, block: `${SOURCE}${id}` })));
  return {
    id,
    inputs: model.inputs,
    outputs,
    extract: async (x, ctx) => {
      const names = widths.map((_, l) => hiddenName(first + l));
      const told = await model.outputsOf(x, names, ctx);
      const data = new Float64Array(x.rows * outputs.length);
      let left = 0;
      names.forEach((name, l) => {
        // All members stand side by side; the first ones are taken.
        const stride = all[first + l] * model.manifest.members;
        for (let i = 0; i < x.rows; i++) for (let u = 0; u < widths[l]; u++) data[i * outputs.length + left + u] = told[name][i * stride + u];
        left += widths[l];
      });
      return { rows: x.rows, cols: outputs.length, data, features: outputs };
    },
    toRecord: (): ExtractorRecord => ({ type: NETWORK_LAYERS, id, inputs: model.inputs, outputs, state: { model: model.toRecord(), layers: taken, members } }),
  };
}

/** Reads `network-layers` back. Throws InputError when the model in it is no network. */
export const reviveNetworkLayers: ExtractorReviver = ({ id, state }, revive) => {
  const { model, ...options } = state as { readonly model: ModelRecord } & Required<NetworkLayersOptions>;
  if (model.type !== NEURAL) throw new InputError(`no network: a model of type "${model.type}" has no hidden layers — "${NEURAL}" has`, { path: "model", value: model.type });
  return networkLayers(id, revive(model) as NeuralModel, options);
};
