/*
 * Scoring predictions against targets: the joint log probability that every property lies in its region.
 *
 * Maximise and minimise become regions with a threshold, P(Y ≥ threshold) or P(Y ≤ threshold), so that
 * they combine with other targets as probabilities. The sampler raises the threshold (see likelihood.ts)
 * and the last one is the one that probabilities in a report refer to.
 */
import { InputError } from "../base/errors.ts";
import { convert } from "../base/unit.ts";
import { jointLogMass } from "../prob/joint.ts";
import type { Region } from "../prob/joint.ts";
import { marginalOf } from "../prob/predictive.ts";
import type { Predictive } from "../prob/types.ts";
import type { Objective, Target, Thresholds } from "./types.ts";

/** Regions in the units of the predictive's marginals. Throws InputError for an extremal target without a threshold. */
function regions(p: Predictive, targets: readonly Target[], thresholds: Thresholds): Region[] {
  return targets.map((target): Region => {
    const { property } = target;
    if (target.kind === "levels") return { property, levels: target.levels };
    const marginal = marginalOf(p, property);
    if (marginal.kind !== "number") throw new InputError(`interval for a class: ${property} — its target names classes`, { path: `target.${property}` });
    const [low, high] = target.kind === "interval" ? [target.low, target.high] : beyond(target, thresholds);
    return { property, low: convert(low, target.unit, marginal.unit), high: convert(high, target.unit, marginal.unit) };
  });
}

function beyond({ property, direction }: Extract<Target, { kind: "extremum" }>, thresholds: Thresholds): [number, number] {
  if (!Object.hasOwn(thresholds, property)) throw new InputError(`no threshold for ${property}: ${direction} — the sampler's final thresholds are needed to score it`, { path: `target.${property}` });
  const at = thresholds[property]!;
  return direction === "maximise" ? [at, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, at];
}

/**
 * Joint log P(all targets) per row; errors of several properties correlate as the predictive says.
 * `thresholds` are those of maximised and minimised properties, in the data's unit.
 */
export function regionObjective(targets: readonly Target[], thresholds: Thresholds = {}): Objective {
  if (targets.length === 0) throw new InputError("no target: {} — name at least one property", { path: "target" });
  const properties = targets.map((t) => t.property);
  const twice = properties.find((p, i) => properties.indexOf(p) !== i);
  if (twice !== undefined) throw new InputError(`two targets for ${twice} — write one, such as a range`, { path: `target.${twice}` });
  return { properties, targets, logScore: (p) => jointLogMass(p, regions(p, targets, thresholds)) };
}
