/*
 * Sources whose networks go on learning: a learner `fine-tune` names one of the study's sources, and is handed its ONNX file, so
 * that a job in a worker has all it needs.
 */
import { InputError } from "@tatara/engine/base";
import type { LearnerSpec, Options } from "@tatara/engine/learn";
import { readManifest, readOnnx } from "@tatara/neural";
import { plainNetworksIn } from "./onnxFiles.ts";
import type { LentSource } from "./sources.ts";

export const FINE_TUNE = "fine-tune";

/** The learner, with the network of its source; those that it is made of too. Throws InputError when there is no such network. */
export function withNetworks(spec: LearnerSpec, sources: readonly LentSource[], path = "learn.options"): LearnerSpec {
  const options = spec.options ?? {};
  if (spec.name === FINE_TUNE) return { ...spec, options: { ...options, network: networkOf(options, sources, path) } };
  const lent = lentIn(options, sources, path);
  return lent === options ? spec : { ...spec, options: lent };
}

/** Options as a study writes them, with networks in every learner that they name: `{ learner, options }`, at any depth. The same object where there is none. */
function lentIn<T>(value: T, sources: readonly LentSource[], path: string): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const { learner, options } = value as { readonly learner?: unknown; readonly options?: Options };
  const entries = Object.entries(value).map(([name, part]): [string, unknown] => [name, lentIn(part, sources, `${path}.${name}`)]);
  if (learner === FINE_TUNE) return { ...value, options: withNetworks({ name: FINE_TUNE, ...(options && { options }) }, sources, `${path}.options`).options };
  if (entries.every(([name, part]) => part === (value as Options)[name])) return value;
  return (Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries)) as T;
}

function networkOf({ source, of }: { readonly source?: unknown; readonly of?: unknown }, sources: readonly LentSource[], path: string): Uint8Array {
  const names = sources.map(({ name }) => name);
  if (sources.length === 0) throw new InputError("nothing to fine-tune: there are no sources — name a finished run of mlp in transfer.sources", { path });
  if (source === undefined && sources.length > 1) throw new InputError(`which source is to be fine-tuned? — name one in ${path}.source: ${names.join(", ")}`, { path });
  const own = source === undefined ? sources[0]! : sources.find(({ name }) => name === source);
  if (own === undefined) throw new InputError(`unknown source: "${String(source)}" — there are ${names.join(", ")}`, { path: `${path}.source`, value: source });
  const networks = plainNetworksIn(own.file.record).flatMap(({ outputs, state }) => {
    const { file } = state as { readonly file: Uint8Array };
    return readManifest(readOnnx(file)).kind === "mlp" ? [{ properties: outputs.map(({ name }) => name), file }] : [];
  });
  if (networks.length === 0) throw new InputError(`no network to fine-tune in the source ${own.name}: it is a model ${own.file.record.id} — a run of learn: { model: mlp } is needed`, { path: `${path}.source`, value: own.name });
  const there = [...new Set(networks.flatMap(({ properties }) => properties))];
  if (of === undefined && networks.length > 1) throw new InputError(`which network of the source ${own.name} is to be fine-tuned? — name its property in ${path}.of: ${there.join(", ")}`, { path });
  const found = of === undefined ? networks[0] : networks.find(({ properties }) => properties.includes(String(of)));
  if (found === undefined) throw new InputError(`unknown property of the source ${own.name}: "${String(of)}" — there are ${there.join(", ")}`, { path: `${path}.of`, value: of });
  return found.file;
}
