/*
 * The answer of a design run: distinct materials, likeliest first.
 */
import { InputError } from "../base/errors.ts";

/** A material with the probability that it has all the properties asked for. */
export interface Shortlisted {
  /** 1 for the best. */
  readonly rank: number;
  readonly key: string;
  readonly text: string;
  /** log of the calibrated joint probability. */
  readonly logProbability: number;
  readonly probability: number;
}

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Each material once, best first, ties by key; so the order of the input does not matter. Throws InputError on lengths that differ and on NaN. */
export function shortlist(materials: readonly { readonly key: string; readonly text: string }[], logProbability: Float64Array): Shortlisted[] {
  if (materials.length !== logProbability.length) throw new InputError(`log probabilities: ${logProbability.length} — there are ${materials.length} materials`);
  const first = new Map<string, { key: string; text: string; logProbability: number }>();
  materials.forEach(({ key, text }, i) => {
    if (Number.isNaN(logProbability[i]!)) throw new InputError(`log probability of ${text}: NaN — a number up to 0`, { value: text });
    if (!first.has(key)) first.set(key, { key, text, logProbability: logProbability[i]! });
  });
  return [...first.values()]
    .toSorted((a, b) => (a.logProbability === b.logProbability ? before(a.key, b.key) : b.logProbability > a.logProbability ? 1 : -1))
    .map(({ key, text, logProbability: log }, i) => ({ rank: i + 1, key, text, logProbability: log, probability: Math.exp(log) }));
}

/** How many of the candidates should truly lie in the target, if the probabilities are right. */
export const expectedHits = (candidates: readonly { readonly probability: number }[]): number => candidates.reduce((sum, c) => sum + c.probability, 0);
