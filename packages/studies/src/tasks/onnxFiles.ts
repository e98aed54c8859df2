/*
 * The networks inside a model as files of their own: `model.onnx`, or one for each property. They give what the network learnt,
 * before the study's calibration, and logarithms where a property is learnt on a logarithmic scale.
 */
import { isSource, type ModelRecord } from "@tatara/engine/learn";
import { NEURAL } from "@tatara/neural";

export interface OnnxModel {
  readonly name: string;
  readonly file: Uint8Array;
}

const isRecord = (value: unknown): value is ModelRecord => typeof value === "object" && value !== null && "type" in value && "state" in value && "outputs" in value;

/** Records of networks within a record, in order. Those of its sources are passed over: they are others' models. */
export function networksIn(value: unknown): readonly ModelRecord[] {
  if (isRecord(value) && value.type === NEURAL) return [value];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([name, part]) => (name === "sources" ? [] : networksIn(part)));
}

/** Those that read descriptors alone: others cannot be asked without their sources. */
export const plainNetworksIn = (value: unknown): readonly ModelRecord[] => networksIn(value).filter(({ inputs }) => !inputs.some(isSource));

/** Letters, digits and hyphens of a property's name. */
const plain = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "") || "property";

export function onnxModels(record: ModelRecord): readonly OnnxModel[] {
  const found = networksIn(record);
  const names = found.map(({ outputs }) => plain(outputs.map(({ name }) => name).join("-")));
  return found.map(({ state }, i) => {
    const same = names.filter((name, k) => name === names[i] && k < i).length;
    return { name: found.length === 1 ? "model.onnx" : `model-${names[i]}${same > 0 ? `-${same + 1}` : ""}.onnx`, file: (state as { readonly file: Uint8Array }).file };
  });
}
