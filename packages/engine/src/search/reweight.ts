/*
 * The deterministic half of a step: go along the path, reweight, and resample where weights are uneven.
 */
import type { Key } from "../base/key.ts";
import { logSumExp } from "../numeric/logspace.ts";
import { conditionalSampleSize, effectiveSampleSize, systematicResampling } from "../prob/resampling.ts";
import type { Settings } from "./options.ts";
import { take } from "./population.ts";
import { increments, nextPosition, tempered } from "./tempering.ts";
import type { SmcState } from "./types.ts";

/** A state after reweighting and resampling, before its moves. */
export interface Heated<T> extends SmcState<T> {
  readonly ess: number;
  readonly cess: number;
  readonly resampled: boolean;
}

/** The fixed schedule's next position, or the one that conditional ESS allows. */
function advance<T>({ logWeights, population, climb, position }: SmcState<T>, { ess, likelihood, schedule }: Settings<T>): number {
  if (position === 1) return 1;
  if (schedule !== undefined && climb.index === 0) return schedule.find((s) => s > position)!;
  return nextPosition({ logWeights, scores: population.scores, levels: likelihood.levels, climbIndex: climb.index, position, ess });
}

/** Move the target on, reweight to it, and resample when the ESS has fallen below the limit. */
export function reweight<T>(key: Key, state: SmcState<T>, settings: Settings<T>): Heated<T> {
  const { population, climb, logWeights } = state;
  const { levels } = settings.likelihood;
  const p = logWeights.length;
  const position = advance(state, settings);
  const logIncrements = increments(tempered(population.scores, levels, climb.index, state.position), tempered(population.scores, levels, climb.index, position));
  const unnormalised = logWeights.map((w, i) => w + logIncrements[i]!);
  const logGain = logSumExp(unnormalised);
  const normalised = unnormalised.map((w) => w - logGain);
  const ess = effectiveSampleSize(normalised);
  const resampled = ess < settings.resampleBelow * p || settings.resampleBelow === 1;
  return {
    ...state,
    position,
    beta: climb.index === 0 ? position : 1,
    population: resampled ? take(population, systematicResampling(key, normalised)) : population,
    logWeights: resampled ? new Float64Array(p).fill(-Math.log(p)) : normalised,
    logEvidence: state.logEvidence === null ? null : state.logEvidence + logGain,
    ess,
    cess: conditionalSampleSize(logWeights, logIncrements),
    resampled,
  };
}
