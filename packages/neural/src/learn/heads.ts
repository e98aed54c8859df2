/*
 * What a network says of its properties. A number is a normal law of the standardised value, by its mean and the logarithm of
 * its variance (Nix & Weigend 1994); a class is a logit for each level. One network may have many heads, and a row counts for
 * those whose value is known.
 *
 * Two ways to learn numbers. In stages: first the means, by their errors, then the widths, from the errors of the means on rows
 * that they had not seen. Jointly: the β-weighted likelihood of Seitzer, Tavakoli, Antic & Martius (2022, arXiv 2203.09168), in
 * which rows of large variance still teach the mean, or its Laplace counterpart. A network that fits its own rows nearly exactly
 * learns widths from them that are too small; stages do not depend on that. Classes are learnt by the cross entropy.
 */
import { InputError } from "@tatara/engine/base";
import type { Targets } from "@tatara/engine/data";
import { standardise } from "@tatara/engine/learn";
import { absoluteError, crossEntropy, laplaceLoss, normalLoss, squaredError } from "../layers/losses.ts";
import * as op from "../tensor/ops.ts";
import type { Tensor } from "../tensor/types.ts";

/** value = shift + scale · standardised value. */
export interface NumberHead {
  readonly kind: "number";
  readonly shift: number;
  readonly scale: number;
}

export interface ClassHead {
  readonly kind: "category";
  readonly levels: number;
  /** Weight of each level in training; probabilities are corrected for it. */
  readonly levelWeights: readonly number[];
}

export type Head = NumberHead | ClassHead;

/** Law of the errors of a number. */
export type Law = "normal" | "laplace";

export const headWidth = (head: Head): number => (head.kind === "number" ? 2 : head.levels);
export const headsWidth = (heads: readonly Head[]): number => heads.reduce((sum, head) => sum + headWidth(head), 0);
/** Where the numbers of each head begin. */
export const headOffsets = (heads: readonly Head[]): readonly number[] => heads.map((_, i) => headsWidth(heads.slice(0, i)));

/** Standardised targets and their weights, n × heads; a class is its number. A row without a value has weight zero. */
export interface Prepared {
  readonly heads: readonly Head[];
  readonly values: Float32Array;
  readonly weights: Float32Array;
}

/** Largest size of a target that 32 bits hold with room for its square. */
const LARGEST = 1e15;

/**
 * Throws InputError on targets that are constant, have one class, or are too large for 32 bits. `balanced` weighs the classes
 * as if they were equally common.
 */
export function prepareTargets(y: Targets, balanced: boolean): Prepared {
  const m = y.columns.length;
  const [values, weights] = [new Float32Array(y.rows * m), new Float32Array(y.rows * m)];
  const heads = y.columns.map((column, j): Head => {
    const isKnown = column.kind === "number" ? (i: number) => Number.isFinite(column.values[i]) : (i: number) => column.codes[i] >= 0;
    const rows = Array.from({ length: y.rows }, (_, i) => i).filter((i) => isKnown(i) && (y.weights === undefined || y.weights[i] > 0));
    if (rows.length < 2) throw new InputError(`too few values of "${column.name}": ${rows.length} — a network needs at least 2`, { path: column.name, value: rows.length });
    const own = Float64Array.from(rows, (i) => y.weights?.[i] ?? 1);
    const total = own.reduce((a, b) => a + b, 0);
    // A property known in few rows counts for more than its rows, and for less than one known in all.
    const factor = (rows.length / total) * Math.sqrt(y.rows / rows.length);
    const { head, standard, levelWeights } = column.kind === "number" ? ofNumber(column.name, Float64Array.from(rows, (i) => column.values[i]), own) : ofClasses(column.name, Int32Array.from(rows, (i) => column.codes[i]), own, column.levels.length, balanced);
    rows.forEach((i, k) => {
      values[i * m + j] = standard[k];
      weights[i * m + j] = own[k] * factor * (levelWeights?.[standard[k]] ?? 1);
    });
    return head;
  });
  return { heads, values, weights };
}

interface Standard {
  readonly head: Head;
  readonly standard: ArrayLike<number>;
  readonly levelWeights?: readonly number[];
}

function ofNumber(name: string, values: Float64Array, weights: Float64Array): Standard {
  const { shift, scale, values: standard } = standardise(name, values, weights);
  const size = Math.max(Math.abs(shift), scale);
  if (!(size < LARGEST && scale > 1 / LARGEST)) throw new InputError(`target of an unusual size: "${name}" is about ${size.toPrecision(2)} and spreads by ${scale.toPrecision(2)} — choose a unit in which it is between ${1 / LARGEST} and ${LARGEST}`, { path: name, value: size });
  return { head: { kind: "number", shift, scale }, standard };
}

function ofClasses(name: string, codes: Int32Array, weights: Float64Array, levels: number, balanced: boolean): Standard {
  const totals = new Float64Array(levels);
  codes.forEach((code, i) => (totals[code] += weights[i]));
  const present = totals.filter((t) => t > 0).length;
  if (present < 2) throw new InputError(`one class only: every value of "${name}" in ${codes.length} training rows is the same — a model needs at least 2 classes, each in more than one fold`, { path: name });
  const whole = totals.reduce((a, b) => a + b, 0);
  const levelWeights = Array.from(totals, (t) => (balanced && t > 0 ? whole / (present * t) : 1));
  return { head: { kind: "category", levels, levelWeights }, standard: codes, levelWeights };
}

/** Standard deviations of standardised values stay between e^-5 and e^5. */
const WIDEST = 10;
/** Logarithm of the variance (or of the scale) from what the network gives: straight near zero, and bounded. */
const bounded = (raw: Tensor): Tensor => op.mul(op.tanh(op.mul(raw, 1 / WIDEST)), WIDEST);

/** Of the outputs [b, headsWidth]: the mean of each number and the log of its variance (normal) or scale (Laplace), [b, 1] each. */
export function numberParts(outputs: Tensor, offset: number): { readonly mean: Tensor; readonly logWidth: Tensor } {
  const part = (from: number): Tensor => op.slice(outputs, { axis: 1, from, to: from + 1 });
  return { mean: part(offset), logWidth: bounded(part(offset + 1)) };
}

/** What a network is to learn: all at once, the means (and classes), or the widths alone: then the values are errors. */
export type Objective = "joint" | "means" | "widths";

/** What an error of a mean costs. */
export type Cost = "squared" | "absolute";

export interface LossOptions {
  readonly objective: Objective;
  readonly cost: Cost;
  readonly law: Law;
  /** 0 is the likelihood, 1 weighs all rows alike for the mean. */
  readonly beta: number;
}

/** Mean loss of a batch: outputs [b, headsWidth], values and weights [b, heads]. */
export function headsLoss(heads: readonly Head[], outputs: Tensor, values: Tensor, weights: Tensor, options: LossOptions): Tensor {
  const offsets = headOffsets(heads);
  const b = outputs.shape[0];
  const losses = heads.flatMap((head, j) => {
    const y = op.slice(values, { axis: 1, from: j, to: j + 1 });
    const w = op.slice(weights, { axis: 1, from: j, to: j + 1 });
    if (head.kind === "number") return [op.mul(numberLoss(numberParts(outputs, offsets[j]), y, options), w)];
    if (options.objective === "widths") return [];
    const logits = op.slice(outputs, { axis: 1, from: offsets[j], to: offsets[j] + head.levels });
    return [op.mul(op.reshape(crossEntropy(logits, op.cast(op.reshape(y, [b]), "i32")), [b, 1]), w)];
  });
  return op.mul(op.sum(op.total(losses)), 1 / (b * losses.length));
}

function numberLoss({ mean, logWidth }: ReturnType<typeof numberParts>, y: Tensor, { objective, cost, law, beta }: LossOptions): Tensor {
  if (objective === "means") return cost === "squared" ? squaredError(mean, y) : absoluteError(mean, y);
  const centre = objective === "widths" ? op.mul(op.detach(mean), 0) : mean;
  const loss = law === "normal" ? normalLoss(centre, logWidth, y) : laplaceLoss(centre, logWidth, y);
  return beta === 0 || objective === "widths" ? loss : op.mul(op.detach(op.exp(op.mul(logWidth, beta))), loss);
}

/** The variance of a Laplace law of scale 1 is 2. */
export const sdOf = (law: Law, raw: number): number => sharedSd(law, [raw]);

/** By the mean of the logarithms that several networks give; one, the spread of the values themselves, without any. */
export function sharedSd(law: Law, raws: readonly number[]): number {
  if (raws.length === 0) return 1;
  const logWidth = raws.reduce((sum, raw) => sum + WIDEST * Math.tanh(raw / WIDEST), 0) / raws.length;
  return law === "normal" ? Math.exp(logWidth / 2) : Math.SQRT2 * Math.exp(logWidth);
}

/** Logits less the weights that training gave the levels, as probabilities. */
export function probabilitiesOf({ levels, levelWeights }: ClassHead, logits: ArrayLike<number>, from: number): Float64Array {
  const own = Float64Array.from({ length: levels }, (_, k) => logits[from + k] - Math.log(levelWeights[k]));
  const top = own.reduce((a, b) => Math.max(a, b));
  const p = own.map((v) => Math.exp(v - top));
  const total = p.reduce((a, b) => a + b, 0);
  return p.map((v) => v / total);
}

/** What a row held out costs, in the terms of the objective. Heads whose value is not known cost nothing. */
export function heldOutLoss({ heads, values, weights }: Prepared, outputs: ArrayLike<number>, at: number, row: number, { objective, cost, law }: LossOptions): number {
  const offsets = headOffsets(heads);
  const width = headsWidth(heads);
  let loss = 0;
  heads.forEach((head, j) => {
    const w = weights[row * heads.length + j];
    if (w === 0 || (head.kind === "category" && objective === "widths")) return;
    const y = values[row * heads.length + j];
    const from = at * width + offsets[j];
    if (head.kind === "category") loss -= w * Math.log(Math.max(probabilitiesOf({ ...head, levelWeights: head.levelWeights.map(() => 1) }, outputs, from)[y], Number.MIN_VALUE));
    else if (objective === "means") loss += w * (cost === "squared" ? (y - outputs[from]) ** 2 : Math.abs(y - outputs[from]));
    else loss += w * surprise(Math.abs(y - (objective === "widths" ? 0 : outputs[from])), sdOf(law, outputs[from + 1]), law);
  });
  return loss;
}

/** −log density of an error, without the constant. */
function surprise(error: number, sd: number, law: Law): number {
  const score = error / sd;
  return Math.log(sd) + (law === "normal" ? (score * score) / 2 : Math.SQRT2 * score);
}
