/*
 * What a step reports of itself.
 */
import type { Settings } from "./options.ts";
import type { Outcome } from "./moves.ts";
import type { Heated } from "./reweight.ts";
import { commonest, sortedTallies, total } from "./tally.ts";
import type { Climb, SmcInfo, SmcState } from "./types.ts";

const WITHHELD = "heuristic mode: proposals without a ratio are accepted, so the samples follow no known distribution";

/** Thresholds of a climb at a position, by property. */
export const thresholdsAt = ({ rises }: Climb, position: number): Record<string, number> =>
  Object.fromEntries(rises.map(({ property, from, to }) => [property, position === 1 ? to : from + (to - from) * position]));

/** Distinct materials of a population, best first by log L at the last level, ties by key. */
export function distinctMaterials<T>({ population, logWeights }: SmcState<T>): { key: string; text: string; logLikelihood: number }[] {
  const levels = population.scores.length / logWeights.length;
  const found = new Map<string, { key: string; text: string; logLikelihood: number }>();
  population.keys.forEach((key, i) => {
    if (!found.has(key)) found.set(key, { key, text: population.texts[i]!, logLikelihood: population.scores[i * levels + levels - 1]! });
  });
  return [...found.values()].toSorted((a, b) => (a.logLikelihood === b.logLikelihood ? (a.key < b.key ? -1 : 1) : b.logLikelihood > a.logLikelihood ? 1 : -1));
}

/** The diagnostics of a finished step. */
export async function report<T>(state: SmcState<T>, { ess, cess, resampled }: Heated<T>, outcome: Outcome<T>, { modes, size, mode, likelihood: { levels } }: Settings<T>): Promise<SmcInfo> {
  const distinct = distinctMaterials(state);
  const all = total(outcome.tally);
  const last = Float64Array.from({ length: size }, (_, i) => state.population.scores[i * levels + levels - 1]!).toSorted();
  return {
    step: state.step,
    beta: state.beta,
    thresholds: thresholdsAt(state.climb, state.position),
    ess,
    cess,
    resampled,
    moves: outcome.moves,
    acceptance: all.accepted / all.proposed,
    proposals: sortedTallies(outcome.tally),
    invalid: all.proposed === 0 ? 0 : all.refused / all.proposed,
    reasons: commonest(outcome.tally.reasons),
    distinct: distinct.length,
    unique: distinct.length / size,
    modes: modes === undefined ? null : await modes(distinct.map((d) => d.text)),
    bestLogLikelihood: last[size - 1]!,
    medianLogLikelihood: (last[(size - 1) >> 1]! + last[size >> 1]!) / 2,
    evaluations: state.evaluations,
    logEvidence: state.logEvidence,
    evidenceWithheld: mode === "heuristic" ? WITHHELD : "",
    stopped: state.stopped,
  };
}
