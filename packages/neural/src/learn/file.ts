/*
 * A fitted network as an ordinary ONNX file: raw features in, the properties out, in their units, for any number of
 * rows; everything between (preparation, all members, their mixture) in one graph of standard operators. Other programs read
 * `mean:…`, `sd:…` and `probability:…`. `members` holds the members' standardised outputs side by side, from which Tatara
 * computes in double precision, and `hidden:…` the hidden layers before their activation, which transfer learning uses.
 */
import { InputError, type Unit } from "@tatara/engine/base";
import type { Output } from "@tatara/engine/learn";
import { fixedScope, layoutOf } from "../layers/scope.ts";
import type { Layout } from "../layers/types.ts";
import type { OnnxFile } from "../onnx/read.ts";
import { BATCH, writeProgram } from "../onnx/write.ts";
import type { Program } from "../runtime/types.ts";
import * as op from "../tensor/ops.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/types.ts";
import { headOffsets, numberParts } from "./heads.ts";
import type { MemberValues } from "./members.ts";
import type { Manifest, NetworkKind, Traced, Trust } from "./types.ts";

/** Where the manifest stands in the file's metadata. */
const MANIFEST = "tatara";
export const MEMBERS = "members";
export const isHidden = (name: string): boolean => name.startsWith("hidden:");
export const hiddenName = (layer: number): string => `hidden:${layer + 1}`;

/** The parameters that a network of this architecture has. */
export const layoutOfKind = <A>(kind: NetworkKind<A>, manifest: Pick<Manifest<A>, "architecture" | "inputs">): Layout =>
  layoutOf((scope) => kind.network(manifest.architecture, scope, kind.prepare(manifest.architecture, kind.declare(manifest, BATCH))));

/** What stands before the names of a network's parameters: those of the means, then those of the widths. */
const prefixesOf = ({ members, widths }: Manifest): readonly string[] => [...Array.from({ length: members }, (_, k) => `member${k + 1}.`), ...Array.from({ length: widths?.members ?? 0 }, (_, k) => `width${k + 1}.`)];

/** The whole network for a number of rows. */
export function programOf<A>(kind: NetworkKind<A>, manifest: Manifest<A>, values: readonly MemberValues[], rows: number): Program {
  const layout = layoutOfKind(kind, manifest);
  const inputs = kind.prepare(manifest.architecture, kind.declare(manifest, rows));
  const prefixes = prefixesOf(manifest);
  const all = values.map((own, k) => kind.network(manifest.architecture, fixedScope(layout, own, prefixes[k]), inputs));
  const traced = all.slice(0, manifest.members);
  const laws = Object.assign({}, ...manifest.outputs.map((output, j) => lawOf(manifest, all, output, j))) as Record<string, Tensor>;
  const layers = traced[0].hidden.map((_, l): [string, Tensor] => [hiddenName(l), op.concat(traced.map(({ hidden }) => hidden[l]), 1)]);
  return { outputs: { ...laws, [MEMBERS]: op.concat(all.map(({ outputs }) => outputs), 1), ...Object.fromEntries(layers) } };
}

/** The file's outputs of one property. */
function lawOf({ heads, law, trust, members, widths }: Manifest, all: readonly Traced[], output: Output, j: number): Readonly<Record<string, Tensor>> {
  const head = heads[j];
  const offset = headOffsets(heads)[j];
  const average = (tensors: readonly Tensor[]): Tensor => op.mul(op.total(tensors), 1 / tensors.length);
  if (head.kind === "category") {
    const correction = op.constant(head.levelWeights.map(Math.log), [head.levels]);
    const p = average(all.slice(0, members).map(({ outputs }) => op.softmax(op.sub(op.slice(outputs, { axis: 1, from: offset, to: offset + head.levels }), correction))));
    return { [`probability:${output.name}`]: trusted(p, trust[j], head.levels) };
  }
  const parts = all.map(({ outputs }) => numberParts(outputs, offset));
  const means = parts.slice(0, members).map(({ mean }) => mean);
  const variance = (logWidth: Tensor): Tensor => (law === "normal" ? op.exp(logWidth) : op.mul(op.exp(op.mul(logWidth, 2)), 2));
  const apart = parts.slice(members).map(({ logWidth }) => logWidth);
  const own = widths === undefined ? average(parts.map(({ logWidth }) => variance(logWidth))) : op.mul(apart.length === 0 ? op.scalar(1) : variance(average(apart)), widths.scales[j] ** 2);
  const factor = trust[j].kind === "number" ? trust[j].factor : 1;
  const mean = average(means);
  const between = average(means.map((one) => op.square(op.sub(one, mean))));
  return { [`mean:${output.name}`]: op.add(op.mul(mean, head.scale), head.shift), [`sd:${output.name}`]: op.mul(op.sqrt(op.add(op.mul(own, factor * factor), between)), head.scale) };
}

/** As calibrateProbabilities of the engine has it: no class is impossible. */
function trusted(p: Tensor, trust: Trust, levels: number): Tensor {
  if (trust.kind !== "category") return p;
  return op.softmax(op.add(op.mul(op.log(op.add(op.mul(p, 1 - LEAST), LEAST / levels)), trust.slope), op.constant(trust.shift, [levels])));
}

const LEAST = 1e-3;

/** The file. */
export function writeNetwork<A>(kind: NetworkKind<A>, manifest: Manifest<A>, values: readonly MemberValues[]): Uint8Array {
  const { inputs, outputs, trained } = manifest;
  return writeProgram(programOf(kind, manifest, values, BATCH), {
    [MANIFEST]: JSON.stringify(manifest),
    model: `${manifest.id}, ${trained.rows} rows`,
    features: inputs.map(({ name, unit }) => (unit.symbol === "1" ? name : `${name} [${unit.symbol}]`)).join("; "),
    properties: outputs.map((output) => (output.kind === "number" ? `${output.name} [${output.unit.symbol}]` : `${output.name}: ${output.levels.join(", ")}`)).join("; "),
  });
}

/** Read what a file says of itself. Throws InputError when it is no ONNX file, or none of ours. */
export function readManifest(file: OnnxFile): Manifest {
  const text = file.metadata.get(MANIFEST);
  const about = `its inputs are ${file.inputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ") || "none"}`;
  if (text === undefined) throw new InputError(`an ONNX file of another program${file.producer === "" ? "" : ` (${file.producer})`}: it does not say what its numbers mean; ${about} — a model that Tatara has written is needed`, { path: "model" });
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch (cause) {
    throw new InputError(`damaged model: its metadata cannot be read; ${about} — take the file anew`, { path: "model", cause });
  }
  if (manifest?.format !== 1) throw new InputError(`model of a newer version: its format is not 1; ${about} — a newer Tatara reads it`, { path: "model" });
  if (!isWhole(manifest)) throw new InputError(`damaged model: its metadata lack something; ${about} — take the file anew`, { path: "model" });
  return manifest;
}

/** Whether there is all that every kind of network needs; a few flipped bytes may leave JSON that is none of ours. */
function isWhole({ kind, inputs, outputs, heads, trust, members }: Manifest): boolean {
  const lists = [inputs, outputs, heads, trust];
  if (typeof kind !== "string" || !lists.every(Array.isArray) || ![outputs.length, trust.length].every((n) => n === heads.length) || !Number.isSafeInteger(members)) return false;
  const isUnit = (unit: Unit | undefined): boolean => typeof unit?.symbol === "string" && Array.isArray(unit.dimension) && unit.dimension.every(Number.isFinite) && Number.isFinite(unit.scale) && Number.isFinite(unit.offset);
  return inputs.every((input) => typeof input?.name === "string" && isUnit(input.unit)) && outputs.every((output) => typeof output?.name === "string" && (output.kind === "number" ? isUnit(output.unit) : Array.isArray(output.levels)));
}

/** The members' parameters. Throws InputError when one is missing. */
export function readMembers(layout: Layout, file: OnnxFile, manifest: Manifest): readonly MemberValues[] {
  const arrays = file.arrays();
  return prefixesOf(manifest).map((prefix) => {
    const filled = (parts: Layout["parameters"], size: number): Float32Array => {
      const out = new Float32Array(size);
      for (const { name, shape, offset } of parts) {
        const array = arrays.get(prefix + name);
        if (array === undefined || array.values.length !== sizeOf(shape)) throw new InputError(`damaged model: it lacks ${prefix}${name} — take the file anew`, { path: name });
        out.set(array.values, offset);
      }
      return out;
    };
    return { parameters: filled(layout.parameters, layout.size), buffers: filled(layout.buffers, layout.bufferSize) };
  });
}

