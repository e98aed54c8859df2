/* Fitted networks as models: predictions, records, and reading them back. The record holds the ONNX file and nothing else. */
import { type Context, InputError, pause } from "@tatara/engine/base";
import type { Table } from "@tatara/engine/data";
import { type Model, type ModelRecord, type Output, calibrateProbabilities } from "@tatara/engine/learn";
import { type Marginal, categoricalMarginal, mixtureMarginal } from "@tatara/engine/prob";
import { type OnnxFile, readOnnx } from "../onnx/read.ts";
import { MEMBERS, isHidden, layoutOfKind, programOf, readManifest, readMembers, writeNetwork } from "./file.ts";
import { headOffsets, headsWidth, probabilitiesOf, sdOf, sharedSd } from "./heads.ts";
import type { NeuralHost, Runnable } from "./host.ts";
import type { MemberValues } from "./members.ts";
import type { Manifest, NetworkKind } from "./types.ts";

/** Kinds of networks by name. */
export type Kinds = Readonly<Record<string, NetworkKind<never>>>;

export interface NeuralModel extends Model {
  readonly manifest: Manifest;
  /** The ONNX file. */
  readonly file: Uint8Array;
  /** Some of the file's outputs for the rows of a table, one row after another. */
  outputsOf(x: Table, names: readonly string[], ctx: Context): Promise<Readonly<Record<string, Float32Array>>>;
  /** Units of each hidden layer of a member. */
  readonly hidden: readonly number[];
  /** Parameters of the networks: of the means, then of the widths. */
  values(): readonly MemberValues[];
}

/** Type of the records of all neural models. */
export const NEURAL = "neural";

/** A model from what was trained. */
export const neuralModel = <A>(host: NeuralHost, kind: NetworkKind<A>, manifest: Manifest<A>, values: readonly MemberValues[]): NeuralModel => modelOf(host, kind, manifest, writeNetwork(kind, manifest, values));

/** A model from its file. Throws InputError when the file is not ours. */
export function openNetwork(host: NeuralHost, kinds: Kinds, file: Uint8Array): NeuralModel {
  const manifest = readManifest(readOnnx(file));
  const kind = Object.hasOwn(kinds, manifest.kind) ? kinds[manifest.kind] : undefined;
  if (kind === undefined) throw new InputError(`unknown kind of network: "${manifest.kind}" — there are ${Object.keys(kinds).join(", ")}`, { path: "model", value: manifest.kind });
  return modelOf(host, kind as NetworkKind<unknown>, manifest, file);
}

/** From the widths of the file's outputs, where all members stand side by side. */
const hiddenUnits = ({ outputs }: OnnxFile, members: number): readonly number[] => outputs.flatMap(({ name, shape }) => (isHidden(name) ? [Number(shape[1]) / members] : []));

/** Rows that are run together. */
const BLOCK = 256;

function modelOf<A>(host: NeuralHost, kind: NetworkKind<A>, manifest: Manifest<A>, file: Uint8Array): NeuralModel {
  const { id, inputs, outputs } = manifest;
  let known: readonly MemberValues[] | undefined;
  const values = (): readonly MemberValues[] => (known ??= readMembers(layoutOfKind(kind, manifest), readOnnx(file), manifest as Manifest));
  const runnable: Runnable = { file, program: (rows) => programOf(kind, manifest, values(), rows) };
  const outputsOf = async (x: Table, names: readonly string[], ctx: Context): Promise<Readonly<Record<string, Float32Array>>> => {
    const parts: Record<string, Float32Array[]> = Object.fromEntries(names.map((name) => [name, []]));
    for (let from = 0; from < x.rows; from += BLOCK) {
      await pause(ctx);
      const to = Math.min(from + BLOCK, x.rows);
      const told = await host.run(runnable, kind.feeds(manifest, x, { from, to }), to - from, names);
      for (const name of names) parts[name].push(Float32Array.from(told[name]));
    }
    return Object.fromEntries(names.map((name) => [name, joined(parts[name])]));
  };
  return {
    id,
    inputs,
    outputs,
    manifest: manifest as Manifest,
    file,
    hidden: hiddenUnits(readOnnx(file), manifest.members),
    values,
    outputsOf,
    predict: async (x, ctx) => {
      kind.feeds(manifest, x, { from: 0, to: 0 });
      const all = (await outputsOf(x, [MEMBERS], ctx))[MEMBERS];
      return { rows: x.rows, marginals: outputs.map((output, j) => marginalOf(manifest, output, j, all, x.rows)) };
    },
    toRecord: (): ModelRecord => ({ type: NEURAL, id, inputs, outputs, state: { file } }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The law of one property from the members' outputs, n × (members · headsWidth). */
function marginalOf({ heads, law, trust, members, widths }: Manifest, output: Output, j: number, all: Float32Array, rows: number): Marginal {
  const head = heads[j];
  const own = trust[j];
  const width = headsWidth(heads);
  const offset = headOffsets(heads)[j];
  const networks = members + (widths?.members ?? 0);
  const at = (i: number, k: number): number => (i * networks + k) * width + offset;
  if (head.kind === "category" && output.kind === "category" && own.kind === "category") {
    const p = new Float64Array(rows * head.levels);
    for (let i = 0; i < rows; i++) for (let k = 0; k < members; k++) probabilitiesOf(head, all, at(i, k)).forEach((v, l) => (p[i * head.levels + l] += v / members));
    const data = calibrateProbabilities(p, head.levels, { slope: own.slope, shift: Float64Array.from(own.shift) });
    return categoricalMarginal({ name: output.name, levels: output.levels, probability: { rows, cols: head.levels, data } });
  }
  if (head.kind === "number" && output.kind === "number" && own.kind === "number") {
    const beside = (of: (i: number, k: number) => number) => ({ rows, cols: members, data: Float64Array.from({ length: rows * members }, (_, c) => of(Math.floor(c / members), c % members)) });
    const shared = widths && Float64Array.from({ length: rows }, (_, i) => widths.scales[j] * sharedSd(law, Array.from({ length: widths.members }, (_, k) => all[at(i, members + k) + 1])));
    const sds = beside((i, k) => head.scale * own.factor * (shared?.[i] ?? sdOf(law, all[at(i, k) + 1])));
    return mixtureMarginal({ name: output.name, unit: output.unit, means: beside((i, k) => head.shift + head.scale * all[at(i, k)]), sds });
  }
  throw new InputError(`damaged model: a head of ${head.kind} for the output "${output.name}" of ${output.kind} — take the file anew`, { path: output.name });
}

/** Reads `neural` back. */
export function reviveNeural(host: NeuralHost, kinds: Kinds) {
  return (record: ModelRecord): NeuralModel => {
    const { file } = record.state as { readonly file: Uint8Array };
    return openNetwork(host, kinds, file);
  };
}

