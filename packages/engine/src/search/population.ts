/*
 * Populations: drawn from the prior by rejection, and copied by resampling.
 */
import type { Context } from "../base/context.ts";
import { InputError } from "../base/errors.ts";
import { fold } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Batches } from "../generate/types.ts";
import { commonest, count, emptyTally } from "./tally.ts";
import type { Population } from "./types.ts";

/** Particles without likelihoods, and what it took to find them. */
export interface Drawn<T> {
  readonly particles: readonly T[];
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  /** Draws made up to and with the last one used. */
  readonly draws: number;
  /** Log of the estimated share of the prior that is sound and meets the constraints. */
  readonly logShare: number;
}

export interface DrawOptions<T> {
  readonly batches: Batches<T>;
  /** Particles wanted, p. */
  readonly size: number;
  /** Batches of p draws to make at most. */
  readonly rounds: number;
}

/**
 * The first p sound states of the prior, or all that `rounds` batches of draws gave. The share of sound
 * states is (p − 1)/(draws − 1), unbiased under this stopping rule (Haldane 1945, doi 10.1093/biomet/33.3.222).
 * Throws InputError with the commonest reasons when there is none.
 */
export async function drawSound<T>(key: Key, { batches, size, rounds }: DrawOptions<T>, ctx: Context): Promise<Drawn<T>> {
  const particles: T[] = [];
  const keys: string[] = [];
  const texts: string[] = [];
  const tally = emptyTally();
  let draws = 0;
  for (let round = 0; round < rounds && keys.length < size; round++) {
    const states = await batches.sample(fold(key, round), size, ctx);
    const judged = await batches.evaluate(states, ctx);
    for (let i = 0; i < size && keys.length < size; i++) {
      draws++;
      const { key: name, text, reasons } = judged[i]!;
      if (name === null || text === null) count(tally, "prior", "refused", reasons);
      else {
        particles.push(states[i]!);
        keys.push(name);
        texts.push(text);
      }
    }
  }
  if (keys.length === 0) throw nothingSound(draws, commonest(tally.reasons));
  const full = keys.length === size && size > 1;
  return { particles, keys, texts, draws, logShare: full ? Math.log((size - 1) / (draws - 1)) : Math.log(keys.length / draws) };
}

function nothingSound(draws: number, reasons: readonly (readonly [string, number])[]): InputError {
  const why = reasons.slice(0, 3).map(([reason, n]) => `${n} × "${reason}"`);
  return new InputError(`no draw from the prior is sound and meets the constraints: 0 of ${draws}${why.length > 0 ? ` (${why.join(", ")})` : ""} — loosen the constraints or widen the prior's corpus`, { path: "constraints" });
}

/** The population of the given ancestors, in their order. */
export function take<T>({ particles, keys, texts, logPrior, scores }: Population<T>, ancestors: ArrayLike<number>): Population<T> {
  const levels = scores.length / particles.length;
  const order = Array.from(ancestors);
  return {
    particles: order.map((i) => particles[i]!),
    keys: order.map((i) => keys[i]!),
    texts: order.map((i) => texts[i]!),
    logPrior: Float64Array.from(order, (i) => logPrior[i]!),
    scores: Float64Array.from({ length: order.length * levels }, (_, j) => scores[order[Math.floor(j / levels)]! * levels + (j % levels)]!),
  };
}

/** Repeat k ≤ p drawn particles evenly until there are p. */
export const repeatTo = (k: number, size: number): Int32Array => Int32Array.from({ length: size }, (_, i) => (k === size ? i : i % k));
