/*
 * The sampler's likelihood of a set of targets: predict, then score.
 *
 * With intervals and classes alone, log L is the joint log probability, times a power. With maximised or
 * minimised properties, thresholds rise with the temperature: at first from the median of the prior
 * population's predicted means to their best tenth, and then, as long as the population still improves on
 * it, to the best tenth of what it has become. Not to the very best: a threshold that one material alone
 * reaches would leave nothing but that material. For the same reason the power sharpens the other targets
 * only: L = P(all targets) · P(other targets)^(power − 1). Only materials predicted to meet the other targets
 * move a threshold; while there are none, it waits at the worst tenth of all. Of several extremal properties
 * materials are ordered by their worst rank, so thresholds are reached together.
 */
import type { Context } from "../base/context.ts";
import { InputError } from "../base/errors.ts";
import { convert } from "../base/unit.ts";
import { marginalOf } from "../prob/predictive.ts";
import type { NumericMarginal, Predictive } from "../prob/types.ts";
import type { Climb, LogLikelihood, Rise, RisingLikelihood } from "../search/types.ts";
import { regionObjective } from "./objective.ts";
import type { Target, Thresholds } from "./types.ts";

/** Predictions for materials given as canonical texts; a row depends on its text alone. */
export type Predict = (texts: readonly string[], ctx: Context) => Promise<Predictive>;

export interface LikelihoodOptions {
  /** Thresholds at which a climb is scored; between them the sampler interpolates. At least 2, default 9. */
  readonly levels?: number;
  /** Climbs at most, the first included. Default 20. */
  readonly climbs?: number;
  /** Power of the probability of intervals and classes, at least 1. Default 1. */
  readonly power?: number;
}

type Extremum = Extract<Target, { kind: "extremum" }>;

// A rise that is small beside the model's own uncertainty says nothing about the materials.
const LEAST_RISE = 0.05;
/** Quantiles of the prior population at which a first climb begins, and at which it waits. */
const START = 0.5;
const WAIT = 0.1;
/** Quantile of the population at which a climb ends: a tenth of it is predicted to pass. */
const REACH = 0.9;

/** A likelihood for `smc`: plain without extremal targets, rising with them. */
export function regionLikelihood(targets: readonly Target[], predict: Predict, { levels = 9, climbs = 20, power = 1 }: LikelihoodOptions = {}): LogLikelihood | RisingLikelihood {
  const extrema = targets.filter((t): t is Extremum => t.kind === "extremum");
  if (extrema.length === 0) {
    const objective = regionObjective(targets);
    return async (texts, ctx) => objective.logScore(await predict(texts, ctx)).map((v) => power * v);
  }
  if (!(Number.isInteger(levels) && levels >= 2)) throw new InputError(`levels: ${levels} — a whole number, at least 2`, { path: "generate.levels", value: levels });
  const fixed = targets.filter((t) => t.kind !== "extremum");
  return {
    levels,
    async score(texts, climb, ctx) {
      const p = await predict(texts, ctx);
      const sharpened = fixed.length > 0 && power > 1 ? regionObjective(fixed).logScore(p).map((v) => (power - 1) * v) : new Float64Array(texts.length);
      const out = new Float64Array(texts.length * levels);
      for (let k = 0; k < levels; k++) regionObjective(targets, level(climb, k / (levels - 1))).logScore(p).forEach((v, i) => (out[i * levels + k] = v + sharpened[i]!));
      return out;
    },
    async climb(texts, previous, ctx) {
      if (previous !== null && previous.index + 1 >= climbs) return null;
      const distinct = [...new Set(texts)];
      return nextClimb(await predict(distinct, ctx), extrema, fixed, previous);
    },
  };
}

const level = ({ rises }: Climb, t: number): Thresholds => Object.fromEntries(rises.map(({ property, from, to }) => [property, t === 1 ? to : from + t * (to - from)]));

/** A property's predicted means, turned so that more is better, and its typical uncertainty. */
interface Oriented {
  readonly target: Extremum;
  readonly sign: 1 | -1;
  readonly values: Float64Array;
  readonly sd: number;
}

/** The order statistic that a share q < 1 of the values lies below. */
const above = (values: Float64Array, q: number): number => values.toSorted()[Math.floor(q * values.length)]!;

function oriented(p: Predictive, target: Extremum): Oriented {
  const marginal = marginalOf(p, target.property) as NumericMarginal;
  const sign = target.direction === "maximise" ? 1 : -1;
  const values = marginal.mean.map((v) => sign * convert(v, marginal.unit, target.unit));
  return { target, sign, values, sd: (above(marginal.sd, 0.5) * marginal.unit.scale) / target.unit.scale };
}

function nextClimb(p: Predictive, extrema: readonly Extremum[], fixed: readonly Target[], previous: Climb | null): Climb | null {
  const wishes = extrema.map((target) => oriented(p, target));
  const rows = eligible(p, fixed);
  const begin = (values: Float64Array) => (rows.length > 0 ? above(Float64Array.from(rows, (i) => values[i]!), START) : above(values, WAIT));
  const starts = wishes.map(({ target, sign, values }) => (previous === null ? begin(values) : sign * previous.rises.find((r) => r.property === target.property)!.to));
  const reached = reachedBy(wishes, rows);
  const ends = starts.map((start, j) => (reached === null ? start : Math.max(start, wishes[j]!.values[reached]!)));
  if (previous !== null && !wishes.some(({ sd }, j) => ends[j]! - starts[j]! > LEAST_RISE * sd)) return null;
  const rises = wishes.map(({ target, sign }, j): Rise => ({ property: target.property, from: sign * starts[j]!, to: sign * ends[j]! }));
  return { index: previous === null ? 0 : previous.index + 1, rises };
}

/** Rows predicted to meet the other targets: their means lie inside, their classes are likelier than not. */
function eligible(p: Predictive, fixed: readonly Target[]): number[] {
  const rows = Array.from({ length: p.rows }, (_, i) => i);
  return fixed.reduce((left, target) => {
    const inside = predictedInside(p, target);
    return left.filter((i) => inside(i));
  }, rows);
}

function predictedInside(p: Predictive, target: Target): (row: number) => boolean {
  const marginal = marginalOf(p, target.property);
  if (target.kind === "interval" && marginal.kind === "number") {
    const [low, high] = [target.low, target.high].map((bound) => convert(bound, target.unit, marginal.unit)) as [number, number];
    return (i) => marginal.mean[i]! >= low && marginal.mean[i]! <= high;
  }
  const logMass = regionObjective([target]).logScore(p);
  return (i) => logMass[i]! >= Math.log(0.5);
}

/** The row below whose worst rank over the properties a share `REACH` of the rows lie; null when no row is eligible. */
function reachedBy(wishes: readonly Oriented[], rows: readonly number[]): number | null {
  if (rows.length === 0) return null;
  const worst = new Map(rows.map((i) => [i, Number.POSITIVE_INFINITY]));
  for (const { values } of wishes) rows.toSorted((a, b) => values[a]! - values[b]! || a - b).forEach((i, rank) => worst.set(i, Math.min(worst.get(i)!, rank)));
  return rows.toSorted((a, b) => worst.get(a)! - worst.get(b)!)[Math.floor(REACH * (rows.length - 1))]!;
}
