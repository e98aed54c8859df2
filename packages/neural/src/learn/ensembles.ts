/*
 * From rows to a fitted ensemble, whatever kind of network its members are: usable rows in an order of their own, rows held
 * out, the members, the networks of the widths, and how far their laws are to be trusted.
 */
import { type Context, InputError, type Key, fold, split, under } from "@tatara/engine/base";
import { type Targets, type Table, selectTargets } from "@tatara/engine/data";
import { type Model, type Output, calibrateCategory, canonicalOrder, checkTargets, joinColumns, knownRows, takeRows, takeTarget } from "@tatara/engine/learn";
import { type Law, type Prepared, headOffsets, headsWidth, prepareTargets, probabilitiesOf, sdOf, sharedSd } from "./heads.ts";
import { holdOuts } from "./holdOut.ts";
import type { NeuralHost } from "./host.ts";
import { type Batching, type MemberSettings, type MemberTask, type MemberValues, type RowInput, type TrainedMembers, trainMembers } from "./members.ts";
import { type NeuralModel, neuralModel } from "./model.ts";
import type { Manifest, NetworkKind, Trust } from "./types.ts";

/** What a kind of network makes of the training rows. */
export interface Setting<A> {
  readonly kind: NetworkKind<A>;
  readonly name: string;
  readonly architecture: A;
  /** Features that predictions need. */
  readonly inputs: Manifest["inputs"];
  /** Prepared rows. */
  readonly rows: Readonly<Record<string, RowInput>>;
  readonly batching?: Batching;
  readonly settings: MemberSettings;
  /** What is different for networks of the widths, when the members learn means alone. */
  readonly widths?: Partial<MemberSettings>;
}

export interface EnsembleTask<A> {
  readonly host: NeuralHost;
  readonly id: string;
  readonly x: Table;
  readonly y: Targets;
  readonly balanced: boolean;
  /** Called with the usable rows, and how many numbers the heads take. */
  readonly set: (x: Table, y: Targets, width: number) => Setting<A>;
  /** First values of the members. */
  readonly from?: readonly MemberValues[];
}

/** One network for all columns: rows with a value in any of them. */
export async function fitEnsemble<A>({ host, id, x: table, y: targets, balanced, set, from }: EnsembleTask<A>, key: Key, ctx: Context): Promise<NeuralModel> {
  const [holdKey, memberKey, widthKey] = split(key, 3);
  const { x, y, names } = usableRows(table, targets);
  const prepared = prepareTargets(y, balanced);
  const { kind, name, architecture, inputs, rows, batching, settings, widths } = set(x, y, headsWidth(prepared.heads));
  const heldOut = holdOuts(holdKey, x, y.groups, names, settings.members);
  const task: MemberTask = { backend: await host.backend(), network: (scope, tensors) => kind.network(architecture, scope, tensors).outputs, inputs: rows, ...(batching && { batching }), rows: x.rows, prepared, heldOut, settings };
  const first = await trainMembers({ ...task, ...(from && { from }) }, memberKey, ctx);
  const second = settings.objective === "means" ? await trainWidths(task, first, widths ?? {}, widthKey, under(ctx, "errors")) : undefined;
  const law: LawOf = { law: settings.law, outOfFold: first.outOfFold, heldOut, ...(second && { widths: second }) };
  const outputs = y.columns.map((column): Output => (column.kind === "number" ? { kind: "number", name: column.name, unit: column.unit } : { kind: "category", name: column.name, levels: column.levels }));
  const trust = y.columns.map((_, j) => trustOf(prepared, j, law, y));
  const manifest: Manifest<A> = {
    format: 1, kind: name, id, inputs, outputs, heads: prepared.heads, law: settings.law, trust, members: settings.members,
    ...(second && { widths: { members: second.trained.members.length, scales: second.scales } }),
    architecture, trained: { rows: x.rows, epochs: first.epochs },
  };
  return neuralModel(host, kind, manifest, [...first.members, ...(second?.trained.members ?? [])]);
}

/** Rows with a value in any column, in an order that depends on their names and contents alone. */
function usableRows(table: Table, targets: Targets): { readonly x: Table; readonly y: Targets; readonly names: readonly string[] } {
  const [{ name }] = targets.columns;
  const known = [...new Set(targets.columns.flatMap((_, j) => Array.from(knownRows(targets, j))))].sort((i, j) => i - j);
  if (known.length < 2) throw new InputError(`too few values of "${name}": ${known.length} — a network needs at least 2`, { path: name, value: known.length });
  const own = Int32Array.from(known);
  const [x, y] = [takeRows(table, own), selectTargets(targets, own)];
  const { order, names } = canonicalOrder(x, y);
  return { x: takeRows(x, order), y: selectTargets(y, order), names };
}

/** Each column by itself, or all in one network. */
export async function fitColumns<A>(task: EnsembleTask<A> & { readonly joint: boolean }, key: Key, ctx: Context): Promise<Model> {
  const { id, x, y, joint } = task;
  checkTargets(x, y);
  if (joint) return fitEnsemble(task, key, ctx);
  const all = Int32Array.from({ length: y.rows }, (_, i) => i);
  const models: Model[] = [];
  for (const [j, column] of y.columns.entries()) models.push(await fitEnsemble({ ...task, y: takeTarget(y, j, all) }, fold(key, column.name), y.columns.length === 1 ? ctx : under(ctx, column.name)));
  return models.length === 1 ? models[0] : joinColumns(id, models);
}

interface Widths {
  readonly trained: TrainedMembers;
  /** Unit of each head's widths: a usual error; one for classes. */
  readonly scales: readonly number[];
}

/** Networks that learn how large the errors of the members are on rows that these have not seen; each begins as the member that has not seen the rows that stop it. */
async function trainWidths(task: MemberTask, first: TrainedMembers, widths: Partial<MemberSettings>, key: Key, ctx: Context): Promise<Widths> {
  const { prepared, heldOut, settings } = task;
  // Without such rows, or without numbers, there is nothing to learn.
  if (heldOut.length === 0 || prepared.heads.every((head) => head.kind === "category")) return { trained: { ...first, members: [] }, scales: prepared.heads.map(() => 1) };
  const { errors, scales } = errorsOf(prepared, first.outOfFold);
  const trained = await trainMembers({ ...task, prepared: errors, settings: { ...settings, members: heldOut.length, ...widths, objective: "widths" }, from: heldOut.map((_, k) => first.members[k]) }, key, ctx);
  return { trained, scales };
}

/** Errors on rows not seen, in units of their root mean square; without extreme ones. */
function errorsOf({ heads, values, weights }: Prepared, outOfFold: Float32Array): { readonly errors: Prepared; readonly scales: readonly number[] } {
  const m = heads.length;
  const offsets = headOffsets(heads);
  const width = headsWidth(heads);
  const out: Prepared = { heads, values: new Float32Array(values.length), weights: new Float32Array(values.length) };
  const scales = heads.map((head, j) => {
    if (head.kind === "category") return 1;
    let [sum, total] = [0, 0];
    for (let at = j, i = 0; at < values.length; at += m, i++) {
      const error = values[at] - outOfFold[i * width + offsets[j]];
      if (!(weights[at] > 0) || !Number.isFinite(error)) continue;
      out.values[at] = error;
      out.weights[at] = weights[at];
      sum += weights[at] * error * error;
      total += weights[at];
    }
    const scale = total > 0 && sum > 0 ? Math.sqrt(sum / total) : 1;
    for (let at = j; at < values.length; at += m) out.values[at] = Math.min(Math.max(out.values[at] / scale, -EXTREME), EXTREME);
    return scale;
  });
  return { errors: out, scales };
}

/** Errors beyond this many times the usual one count as this. */
const EXTREME = 6;
/** Rows that no member has left out teach nothing about trust. */
const FEWEST = 20;
/** Squares of scores above this count as this: a single wild row does not widen all others. */
const WILD = 25;

interface LawOf {
  readonly law: Law;
  readonly outOfFold: Float32Array;
  readonly heldOut: readonly Int32Array[];
  readonly widths?: Widths;
}

function trustOf({ heads, values, weights }: Prepared, j: number, { outOfFold, heldOut, law, widths }: LawOf, y: Targets): Trust {
  const head = heads[j];
  const width = headsWidth(heads);
  const offset = headOffsets(heads)[j];
  const usable = Array.from({ length: y.rows }, (_, i) => i).filter((i) => weights[i * heads.length + j] > 0 && Number.isFinite(outOfFold[i * width + offset]));
  if (head.kind === "number") {
    if (usable.length < FEWEST) return { kind: "number", factor: 1 };
    const sd = (i: number): number => (widths === undefined ? sdOf(law, outOfFold[i * width + offset + 1]) : widths.scales[j] * sharedSd(law, widths.trained.members.length === 0 ? [] : [widths.trained.outOfFold[i * width + offset + 1]]));
    let [sum, total] = [0, 0];
    for (const i of usable) {
      const w = weights[i * heads.length + j];
      const score = (values[i * heads.length + j] - outOfFold[i * width + offset]) / sd(i);
      if (!Number.isFinite(score)) continue;
      total += w;
      sum += w * Math.min(score * score, WILD);
    }
    return { kind: "number", factor: total > 0 && sum > 0 ? Math.sqrt(sum / total) : 1 };
  }
  const column = y.columns[j];
  if (usable.length < FEWEST || column.kind === "number") return { kind: "category", slope: 1, shift: Array.from({ length: head.levels }, () => 0) };
  const part = new Int32Array(y.rows).fill(-1);
  heldOut.forEach((rows, f) => rows.forEach((i) => (part[i] = f)));
  const probability = Float64Array.from(usable.flatMap((i) => Array.from(probabilitiesOf(head, outOfFold, i * width + offset))));
  const { slope, shift } = calibrateCategory({ kind: "category", name: column.name, levels: column.levels, rows: Int32Array.from(usable), fold: Int32Array.from(usable, (i) => part[i]), codes: Int32Array.from(usable, (i) => column.codes[i]), probability });
  return { kind: "category", slope, shift: Array.from(shift) };
}
