/*
 * The domain of applicability: how far a row lies from the training rows, and from which distance on the model's
 * errors are known to grow.
 *
 * The score is the largest of up to three parts, scaled so that 1 is the edge of what is usual: the distance to the
 * k nearest training rows on count blocks, and that on real features, both divided by the 95 % value of the
 * training rows' leave-one-out distances; and the excess of the model's own standard deviation over its out-of-fold
 * median, divided by that of the 95 % value (or a quarter of the median: a spread that hardly varies says nothing). Out-of-fold errors, each in units of its property's median, are regressed on the score
 * under the constraint that they do not fall (isotonic regression). The threshold stands where the expected error
 * first exceeds twice that of the inner half of the rows, though never inside the 95 % leave-one-out range.
 * Without such growth it stands at the 99 % value of the scores seen, where the evidence ends.
 *
 * More than 4,000 training rows are represented by a keyed sample of 4,000.
 */
import type { Key } from "../base/key.ts";
import { type Context, pause } from "../base/context.ts";
import { type Steps, isotonic, stepAt } from "../numeric/isotonic.ts";
import { nearestRank } from "../numeric/quantile.ts";
import type { Predictive } from "../prob/types.ts";
import type { Table } from "../data/types.ts";
import { type Design, type Encoded, encode, fitDesign, takeEncoded } from "./design.ts";
import { alignColumns, keyedOrder, rowNames } from "./inputs.ts";
import { type Nearness, nearestTo } from "./neighbours.ts";
import type { OutOfFold } from "./outOfFold.ts";
import type { Applicability } from "./types.ts";

/** Neighbours averaged. */
const NEAREST = 5;
/** Most training rows that distances are measured to. */
const REFERENCES = 4000;
/** The flag goes up where errors are expected to be so many times those of the inner half. */
const GROWTH = 2;
/** Share of a row's features that may be missing. */
const MISSING = 0.5;

/** Everything that determines the domain; plain data. */
export interface DomainState {
  readonly design: Design;
  readonly reference: Encoded;
  readonly k: number;
  /** 95 % distances; NaN where there is no such part. Median and scale of each numeric property's sd. */
  readonly edge: { readonly set: number; readonly real: number; readonly sd: Readonly<Record<string, { readonly median: number; readonly scale: number }>> };
  readonly threshold: number;
  /** Whether errors were seen to grow `GROWTH`-fold at the threshold; otherwise it is where the evidence ends. */
  readonly evidence: boolean;
  /** Expected error at a score, relative to that of the inner half. */
  readonly growth: Steps;
}

export interface ApplicabilityDomain {
  readonly state: DomainState;
  /** Score rows; `predictive` is the model's answer for the same rows. */
  assess(x: Table, predictive: Predictive, ctx: Context): Promise<Applicability>;
  /** How much wider a prediction is to be taken: 1 inside; outside, how much larger errors were so far away, at least `GROWTH`. */
  stretch(applicability: Applicability): Float64Array;
}

/** What the threshold was placed on: out-of-fold score and relative error of each row. */
export interface DomainPoints {
  readonly row: Int32Array;
  readonly score: Float64Array;
  readonly error: Float64Array;
}

interface Training {
  readonly x: Table;
  readonly names?: readonly string[];
  /** Out-of-fold predictions of every property. */
  readonly properties: readonly OutOfFold[];
}

/** Calibrate the domain on out-of-fold predictions. `x` holds the training rows that these refer to. */
export async function fitDomain({ x, names, properties }: Training, key: Key, ctx: Context): Promise<{ readonly domain: ApplicabilityDomain; readonly points: DomainPoints }> {
  const design = fitDesign(x);
  const all = encode(design, x);
  const order = x.rows > REFERENCES ? keyedOrder(key, rowNames(x, names)).slice(0, REFERENCES).sort() : Int32Array.from({ length: x.rows }, (_, i) => i);
  const reference = x.rows > REFERENCES ? takeEncoded(all, order, design.real.length) : all;
  const k = Math.min(NEAREST, order.length - 1);
  const nearest = nearestTo(design, reference);
  await pause(ctx);
  const alone = nearest(reference, k, (i, j) => i !== j);
  const edge = { set: edgeOf(alone.map((a) => a.set)), real: edgeOf(alone.map((a) => a.real)), sd: Object.fromEntries(properties.flatMap((p) => (p.kind === "number" ? [[p.name, spreadOf(p.sd)]] : []))) };
  const fold = foldOf(properties, x.rows);
  await pause(ctx);
  const outside = nearest(reference, k, (i, j) => fold[order[i]] < 0 ? i !== j : fold[order[i]] !== fold[order[j]]);
  const errors = relativeErrors(properties, x.rows);
  const sds = relativeSds(properties, edge.sd, x.rows);
  const scored = Array.from(order.keys()).filter((i) => fold[order[i]] >= 0 && Number.isFinite(errors[order[i]]));
  const scores = Float64Array.from(scored, (i) => scoreOf(outside[i], edge, sds[order[i]]));
  const usual = alone.map((a) => scoreOf(a, edge, 0));
  const error = Float64Array.from(scored, (i) => errors[order[i]]);
  const rule = placeThreshold(scores, error, Float64Array.from(usual));
  return { domain: applicabilityDomain({ design, reference, k, edge, ...rule }), points: { row: Int32Array.from(scored, (i) => order[i]), score: scores, error } };
}

/** 95 % value, kept positive: identical rows have distance zero. */
const edgeOf = (values: ArrayLike<number>): number => {
  const edge = nearestRank(values, 0.95);
  return edge > 0 ? edge : Math.max(nearestRank(values, 1), 1e-9);
};

function spreadOf(sd: Float64Array): { readonly median: number; readonly scale: number } {
  const median = nearestRank(sd, 0.5);
  return { median, scale: Math.max(nearestRank(sd, 0.95) - median, median / 4) };
}

function foldOf(properties: readonly OutOfFold[], rows: number): Int32Array {
  const fold = new Int32Array(rows).fill(-1);
  for (const p of properties) p.rows.forEach((row, i) => (fold[row] = p.fold[i]));
  return fold;
}

/** Error of each row in units of the median, averaged over the properties known there; NaN where none is. */
function relativeErrors(properties: readonly OutOfFold[], rows: number): Float64Array {
  const sum = new Float64Array(rows);
  const count = new Float64Array(rows);
  for (const p of properties) {
    const error = p.kind === "number" ? p.y.map((v, i) => Math.abs(v - p.mean[i])) : Float64Array.from(p.codes, (code, i) => 1 - p.probability[i * p.levels.length + code]);
    const unit = nearestRank(error, 0.5) || nearestRank(error, 1) || 1;
    p.rows.forEach((row, i) => {
      sum[row] += error[i] / unit;
      count[row]++;
    });
  }
  return sum.map((s, i) => s / count[i]);
}

function relativeSds(properties: readonly OutOfFold[], edge: DomainState["edge"]["sd"], rows: number): Float64Array {
  const out = new Float64Array(rows);
  for (const p of properties) if (p.kind === "number") p.rows.forEach((row, i) => (out[row] = Math.max(out[row], excess(p.sd[i], edge[p.name]))));
  return out;
}

const excess = (sd: number, { median, scale }: { readonly median: number; readonly scale: number }): number => (sd - median) / scale;

const scoreOf = ({ set, real }: Nearness, edge: DomainState["edge"], sd: number): number => Math.max(Number.isNaN(set) ? 0 : set / edge.set, Number.isNaN(real) ? 0 : real / edge.real, sd);

/** Fewest out-of-fold rows that a level of the error curve rests on. */
const FEWEST = 10;

function placeThreshold(scores: Float64Array, errors: Float64Array, usual: Float64Array): Pick<DomainState, "threshold" | "evidence" | "growth"> {
  const middle = nearestRank(scores, 0.5);
  const inner = errors.filter((_, i) => scores[i] <= middle);
  const base = inner.reduce((a, b) => a + b, 0) / inner.length || 1;
  const growth = isotonic(scores, errors.map((e) => e / base), Math.max(FEWEST, Math.ceil(scores.length / 20)));
  const crossing = growth.level.findIndex((level) => level >= GROWTH);
  if (crossing > 0) return { threshold: Math.max(growth.start[crossing], nearestRank(usual, 0.95)), evidence: true, growth };
  return { threshold: Math.max(nearestRank(usual, 0.99), nearestRank(scores, 0.99) || 0), evidence: false, growth };
}

/** A domain from its state. */
export function applicabilityDomain(state: DomainState): ApplicabilityDomain {
  const nearest = nearestTo(state.design, state.reference);
  return {
    state,
    stretch: ({ score, inside }) => score.map((s, i) => (inside[i] === 1 ? 1 : Math.max(GROWTH, stepAt(state.growth, s)))),
    assess: async (x, predictive, ctx) => {
      const encoded = encode(state.design, x);
      const missing = missingShare(x, state.design);
      const score = new Float64Array(x.rows);
      const inside = new Uint8Array(x.rows);
      const reasons: string[] = [];
      for (let from = 0; from < x.rows; from += CHUNK) {
        await pause(ctx);
        const rows = Int32Array.from({ length: Math.min(CHUNK, x.rows - from) }, (_, i) => from + i);
        const parts = nearest(takeEncoded(encoded, rows, state.design.real.length), state.k);
        rows.forEach((row, i) => {
          const sd = worstSd(predictive, state.edge.sd, row);
          score[row] = scoreOf(parts[i], state.edge, sd.part);
          inside[row] = score[row] <= state.threshold && missing[row] <= MISSING ? 1 : 0;
          reasons.push(inside[row] ? "" : reason(state, parts[i], sd, score[row], missing[row]));
        });
      }
      return { score, inside, reasons };
    },
  };
}

const CHUNK = 1024;

function missingShare(x: Table, design: Design): Float64Array {
  const columns = alignColumns(x, design.inputs);
  const out = new Float64Array(x.rows);
  for (let i = 0; i < x.rows; i++) for (const j of columns) if (!Number.isFinite(x.data[i * x.cols + j])) out[i] += 1 / columns.length;
  return out;
}

interface WorstSd {
  readonly property: string;
  /** Part of the score. */
  readonly part: number;
  /** Times the median. */
  readonly ratio: number;
}

function worstSd(predictive: Predictive, edge: DomainState["edge"]["sd"], row: number): WorstSd {
  let worst: WorstSd = { property: "", part: 0, ratio: 1 };
  for (const marginal of predictive.marginals) {
    if (marginal.kind !== "number" || !Object.hasOwn(edge, marginal.name)) continue;
    const sd = (marginal.log ?? marginal).sd[row];
    const part = excess(sd, edge[marginal.name]);
    if (part > worst.part) worst = { property: marginal.name, part, ratio: sd / edge[marginal.name].median };
  }
  return worst;
}

/** Why a row is outside, in words. */
function reason(state: DomainState, part: Nearness, sd: WorstSd, score: number, missing: number): string {
  if (missing > MISSING) return `${Math.round(missing * 100)} % of the features are missing`;
  const level = stepAt(state.growth, score);
  const growth = state.evidence ? `errors there were ${level.toFixed(1)} times larger in validation` : "validation saw nothing so far away";
  return `${cause(state, part, sd)}; ${growth}`;
}

function cause({ edge }: DomainState, { set, real, similarity }: Nearness, sd: WorstSd): string {
  const parts = [Number.isNaN(set) ? 0 : set / edge.set, Number.isNaN(real) ? 0 : real / edge.real, sd.part];
  const worst = parts.indexOf(Math.max(...parts));
  if (worst === 0) return `nearest training rows have similarity ${(1 - set).toFixed(2)} on average, the nearest ${similarity.toFixed(2)}`;
  if (worst === 1) return `real features lie ${parts[1].toFixed(1)} times as far from the nearest training rows as is usual`;
  return `the model's own uncertainty of ${sd.property} is ${sd.ratio.toFixed(1)} times the usual`;
}
