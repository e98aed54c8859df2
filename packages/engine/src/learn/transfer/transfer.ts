/*
 * Transfer with the method chosen by the data: every member is cross-validated on the same rows, several times over, against
 * the learner that sees no source; the best few are averaged, because with tens of rows the best of ten methods is best by
 * luck as often as by merit. What was compared is kept with the model, and so is a warning when transfer hurts.
 *
 * Weights are those of exponential weighting at the scale of what can be told apart, w ∝ exp(−D² / 2 s²) for a member worse by
 * D (mean squared error) than the best with standard error s of the paired difference: members that the data cannot tell
 * apart share alike, and one that is clearly worse gets nothing (Yang 2001 for combining; Buckland, Burnham & Augustin 1997).
 */
import { type Context, pause, under } from "../../base/context.ts";
import { InputError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import { trainingRows as rowsOutside } from "../../data/splits.ts";
import type { Feature, Table } from "../../data/types.ts";
import { studentMarginal } from "../../prob/marginal.ts";
import type { NumericMarginal } from "../../prob/types.ts";
import { innerFolds } from "../innerFolds.ts";
import { joinColumns } from "../multi.ts";
import type { LearnerNeeds } from "../select.ts";
import type { Learner, Model, ModelRecord, Reviver } from "../types.ts";
import type { Score } from "../validate.ts";
import { freedom } from "./kernelRidge.ts";
import { meanSquare } from "./ridge.ts";
import { type NumberOutput, type TrainingRows, takeTraining, trainingRows } from "./rows.ts";
import { sourcesOf } from "./views.ts";

export interface TransferMember {
  /** As the table of results names it; the one called `none` is what transfer is compared with. */
  readonly name: string;
  readonly learner: Learner;
  /** Most rows, and a forecast of the seconds of one fit; without it the member is always tried. */
  readonly needs?: Pick<LearnerNeeds, "mostRows" | "seconds">;
}

export interface TransferOptions {
  /** One of them is called `none`; a function makes them for the table at hand. */
  readonly members: readonly TransferMember[] | ((x: Table) => readonly TransferMember[]);
  /** The learner's name for reports. Default `transfer`. */
  readonly name?: string;
  /** Folds of each cross-validation. Default 5. */
  readonly folds?: number;
  /** Cross-validations with folds dealt anew. Default 2. */
  readonly repeats?: number;
  /** `average` those that cannot be told apart, or take the best few in equal parts. Default average. */
  readonly combine?: "average" | { readonly top: number };
  /** Members whose cross-validation is forecast to take longer (seconds) are not tried. Default `PATIENCE`. */
  readonly patience?: number;
}

/** One line of the table that tells how a method was chosen. */
export interface TransferScore {
  readonly method: string;
  /** Root mean squared error of rows left out, in the property's unit; null when it was not tried. */
  readonly rmse: Score;
  /** Mean squared error less that of `none`, and the standard error of the paired difference over rows. */
  readonly difference: Score;
  readonly se: Score;
  /** Its part in the prediction; zero when it is left out. */
  readonly weight: number;
  /** Why it was not tried; empty otherwise. */
  readonly note: string;
}

export interface TransferReport {
  readonly property: string;
  readonly rows: number;
  readonly scores: readonly TransferScore[];
  /** In a sentence; empty when transfer helps, or does no harm. */
  readonly warning: string;
}

export const NONE = "none";
/** Forecast seconds that cross-validating one member may take. */
export const PATIENCE = 300;
const LEAST_ROWS = 5;

/** The learner; numeric targets only. Its model tells what was compared: `transferReports`. */
export function transfer({ members, name = "transfer", folds = 5, repeats = 2, combine = "average", patience = PATIENCE }: TransferOptions): Learner {
  if (typeof members !== "function") checkMembers(members);
  const id = typeof members === "function" ? name : `${name}(${members.map((member) => member.name).join(", ")})`;
  return {
    id,
    acceptsMissing: true,
    complexity: 5,
    fit: async (x, y, key, ctx) => {
      sourcesOf(x);
      const own = typeof members === "function" ? members(x) : members;
      checkMembers(own);
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitRows({ id, members: own, folds, repeats, combine, patience }, trainingRows(x, y, j, { who: name, least: LEAST_ROWS }), fold(key, y.columns[j].name), ctx));
      return joinColumns(id, models);
    },
  };
}

function checkMembers(members: readonly TransferMember[]): void {
  const names = members.map(({ name }) => name);
  if (!names.includes(NONE)) throw new InputError(`nothing to compare transfer with: ${names.join(", ")} — one member is called "${NONE}"`, { path: "learn.options.methods" });
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`two members of transfer have one name: "${twice}" — names are different`, { path: "learn.options.methods", value: twice });
}

interface Settings extends Required<Omit<TransferOptions, "members" | "name">> {
  readonly id: string;
  readonly members: readonly TransferMember[];
}

async function fitRows(settings: Settings, rows: TrainingRows, key: Key, ctx: Context): Promise<Model> {
  const { combine, folds, repeats, patience } = settings;
  const [trying, last] = split(key, 2);
  const skipped = settings.members.flatMap(({ name, needs }) => {
    const note = needs && refusal(needs, rows.table, folds * repeats, patience);
    return note === undefined || name === NONE ? [] : [{ method: name, rmse: null, difference: null, se: null, weight: 0, note }];
  });
  const members = settings.members.filter(({ name }) => !skipped.some(({ method }) => method === name));
  const tried = await crossValidateMembers({ ...settings, members }, rows, trying, ctx);
  const { scores, weights } = compare(rows, tried, combine);
  const report: TransferReport = { property: rows.output.name, rows: rows.values.length, scores: [...scores, ...skipped], warning: warningOf(scores) };
  const parts: TransferPart[] = [];
  for (const [m, { name, learner }] of members.entries()) {
    if (weights[m] === 0) continue;
    await pause(ctx);
    parts.push({ name, weight: weights[m], model: await learner.fit(rows.table, rows.targets, fold(last, name), under(ctx, name)) });
  }
  const held = parts.map(({ name }) => tried.find((t) => t.name === name)!);
  return transferModel(settings.id, rows.output, { parts, report, factor: parts.length === 1 ? 1 : factorOf(rows, held, parts), df: freedom(rows.values.length) });
}

/** Why a member is not tried, if so. */
function refusal({ mostRows, seconds }: Pick<LearnerNeeds, "mostRows" | "seconds">, { rows, cols }: Table, fits: number, patience: number): string | undefined {
  if (rows > mostRows) return `takes at most ${mostRows} rows`;
  const forecast = fits * seconds(rows, cols);
  return forecast > patience ? `forecast to take ${Math.round(forecast)} s, more than ${patience} s` : undefined;
}

/** Out-of-fold predictions of one member, by repeat. */
interface Tried {
  readonly name: string;
  readonly complexity: number;
  readonly means: readonly Float64Array[];
  readonly sds: readonly Float64Array[];
  /** Squared error of each row, the mean over repeats. */
  readonly losses: Float64Array;
}

async function crossValidateMembers({ members, folds, repeats }: Settings, rows: TrainingRows, key: Key, ctx: Context): Promise<readonly Tried[]> {
  const dealt = Array.from({ length: repeats }, (_, r) => innerFolds(fold(key, r), rows.table, rows.targets, folds));
  const total = members.length * dealt.reduce((s, { test }) => s + test.length, 0);
  const out: Tried[] = [];
  let done = 0;
  for (const { name, learner } of members) {
    const means: Float64Array[] = [];
    const sds: Float64Array[] = [];
    for (const [r, part] of dealt.entries()) {
      const [mean, sd] = [new Float64Array(rows.values.length), new Float64Array(rows.values.length)];
      for (const [f, test] of part.test.entries()) {
        await pause(ctx);
        ctx.report({ stage: "compare transfer", done: done++, total, note: name });
        const train = takeTraining(rows, rowsOutside(part, f));
        const model = await learner.fit(train.table, train.targets, fold(fold(fold(key, name), r), f), { ...ctx, report: () => {} });
        const marginal = (await model.predict(takeTraining(rows, test).table, ctx)).marginals[0] as NumericMarginal;
        test.forEach((row, i) => {
          mean[row] = marginal.mean[i];
          sd[row] = marginal.sd[i];
        });
      }
      means.push(mean);
      sds.push(sd);
    }
    const losses = rows.values.map((y, i) => means.reduce((s, mean) => s + (y - mean[i]) ** 2, 0) / repeats);
    out.push({ name, complexity: learner.complexity, means, sds, losses });
  }
  return out;
}

const weighted = (values: Float64Array, weights: Float64Array): number => values.reduce((s, v, i) => s + weights[i] * v, 0) / weights.reduce((s, w) => s + w, 0);

/** Mean and standard error of a paired difference over rows. */
function paired(a: Float64Array, b: Float64Array, weights: Float64Array): { readonly difference: number; readonly se: number } {
  const d = a.map((v, i) => v - b[i]);
  const difference = weighted(d, weights);
  return { difference, se: Math.sqrt(weighted(d.map((v) => (v - difference) ** 2), weights) / Math.max(1, d.length - 1)) };
}

type Compared = TransferScore & { readonly rmse: number; readonly difference: number; readonly se: number };

function compare({ weights }: TrainingRows, tried: readonly Tried[], combine: Settings["combine"]): { readonly scores: readonly Compared[]; readonly weights: readonly number[] } {
  const losses = tried.map((t) => weighted(t.losses, weights));
  const best = losses.reduce((b, l, m) => (l < losses[b] ? m : b), 0);
  const none = tried.findIndex(({ name }) => name === NONE);
  const shares = combine === "average" ? averaging(tried, best, weights) : topOf(losses, combine.top);
  const scores = tried.map((t, m): Compared => ({ method: t.name, rmse: Math.sqrt(losses[m]), ...paired(t.losses, tried[none].losses, weights), weight: shares[m], note: "" }));
  return { scores, weights: shares };
}

/** Equal weights of the members of smallest loss; the earlier goes first among equals. */
function topOf(losses: readonly number[], top: number): readonly number[] {
  const order = Array.from(losses.keys()).toSorted((a, b) => losses[a] - losses[b]).slice(0, top);
  return losses.map((_, m) => (order.includes(m) ? 1 / order.length : 0));
}

/** Weights below this are noise, and each costs a fit. */
const LEAST_WEIGHT = 0.05;

function averaging(tried: readonly Tried[], best: number, weights: Float64Array): readonly number[] {
  const raw = tried.map((t, m) => {
    if (m === best) return 1;
    const { difference, se } = paired(t.losses, tried[best].losses, weights);
    return se > 0 ? Math.exp(-0.5 * (difference / se) ** 2) : difference === 0 ? 1 : 0;
  });
  const total = raw.reduce((a, b) => a + b, 0);
  const kept = raw.map((w) => (w / total >= LEAST_WEIGHT ? w : 0));
  const sum = kept.reduce((a, b) => a + b, 0);
  return kept.map((w) => w / sum);
}

function warningOf(scores: readonly Compared[]): string {
  const transfers = scores.filter(({ method }) => method !== NONE);
  if (transfers.length === 0) return "";
  const best = transfers.reduce((a, b) => (b.rmse < a.rmse ? b : a));
  if (best.difference <= 0) return "";
  const figures = `mean squared error higher by ${best.difference.toPrecision(3)} ± ${best.se.toPrecision(2)}`;
  return best.difference > best.se ? `transfer hurts: the best of it, ${best.method}, is worse than no transfer (${figures})` : `transfer does not help: the best of it, ${best.method}, is no better than no transfer (${figures})`;
}

export interface TransferPart {
  readonly name: string;
  readonly weight: number;
  readonly model: Model;
}

/** What the spread of the average is multiplied by, so that errors of rows left out match it. */
function factorOf({ values, weights }: TrainingRows, held: readonly Tried[], parts: readonly TransferPart[]): number {
  const repeats = held[0].means.length;
  let total = 0;
  for (let r = 0; r < repeats; r++) {
    const { location, scale } = average(held.map(({ means }) => means[r]), held.map(({ sds }) => sds[r]), parts);
    total += meanSquare(values.map((y, i) => (y - location[i]) / scale[i]), weights) / repeats;
  }
  return Math.sqrt(Math.max(total, Number.MIN_VALUE));
}

function average(means: readonly Float64Array[], sds: readonly Float64Array[], parts: readonly TransferPart[]): { readonly location: Float64Array; readonly scale: Float64Array } {
  const location = means[0].map((_, i) => parts.reduce((s, { weight }, p) => s + weight * means[p][i], 0));
  const scale = sds[0].map((_, i) => Math.sqrt(parts.reduce((s, { weight }, p) => s + weight * sds[p][i] ** 2, 0)));
  return { location, scale };
}

interface TransferState {
  readonly parts: readonly TransferPart[];
  readonly report: TransferReport;
  readonly factor: number;
  readonly df: number;
}

/** A model that tells how its method was chosen. */
export interface TransferModel extends Model {
  readonly report: TransferReport;
}

function transferModel(id: string, output: NumberOutput, { parts, report, factor, df }: TransferState): TransferModel {
  const inputs = [...new Map(parts.flatMap(({ model }) => model.inputs.map((f): [string, Feature] => [f.name, f]))).values()];
  return {
    id,
    inputs,
    outputs: [output],
    report,
    predict: async (x, ctx) => {
      if (parts.length === 1) return parts[0].model.predict(x, ctx);
      const laws: NumericMarginal[] = [];
      for (const { model } of parts) laws.push((await model.predict(x, ctx)).marginals[0] as NumericMarginal);
      const { location, scale } = average(laws.map(({ mean }) => mean), laws.map(({ sd }) => sd), parts);
      const toScale = factor * Math.sqrt((df - 2) / df); // sd of the t law to its scale
      return { rows: x.rows, marginals: [studentMarginal({ name: output.name, unit: output.unit, location, scale: scale.map((s) => s * toScale), df })] };
    },
    toRecord: (): ModelRecord => ({ type: "transfer", id, inputs, outputs: [output], state: { parts: parts.map(({ name, weight, model }) => ({ name, weight, record: model.toRecord() })), report, factor, df } }),
  };
}

/** Reads `transfer` back. */
export const reviveTransfer: Reviver = (record, revive) => {
  const { parts, ...rest } = record.state as Omit<TransferState, "parts"> & { readonly parts: readonly { readonly name: string; readonly weight: number; readonly record: ModelRecord }[] };
  return transferModel(record.id, record.outputs[0] as NumberOutput, { ...rest, parts: parts.map(({ name, weight, record: own }) => ({ name, weight, model: revive(own) })) });
};

/** What was compared, of every transfer model inside a record: the final fit of a study holds one for each property. Those of its sources are passed over. */
export function transferReports(record: unknown): readonly TransferReport[] {
  if (record === null || typeof record !== "object" || ArrayBuffer.isView(record)) return [];
  const { type, state } = record as { readonly type?: unknown; readonly state?: { readonly report?: TransferReport } };
  if (type === "transfer" && state?.report) return [state.report];
  return Object.entries(record).flatMap(([name, value]) => (name === "sources" ? [] : transferReports(value)));
}
