/*
 * Detailed balance, tested on draws: with x from the prior p (cut to sound states), y proposed from x and
 * accepted with probability α, the flow of accepted moves is symmetric, so E[α (g(x) − g(y))] = 0 for every
 * function g. A wrong ratio shows in some g: its density, its size, or a hash bit.
 */
import { hash } from "../base/hash.ts";
import { fold } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Prior, Proposal } from "../generate/types.ts";
import { logAcceptance } from "../search/accept.ts";
import { ensure, text } from "./claims.ts";

export interface BalanceOptions<T> {
  readonly prior: Prior<T>;
  readonly proposal: Proposal<T>;
  /** States outside are given no probability. */
  readonly sound: (state: T) => boolean;
  /** Draws from the prior. */
  readonly draws: number;
}

// Seven functions, each a two-sided test: false alarms in about 5e-5 of runs, and keys are fixed.
const LIMIT = 4.5;
const HASH_BITS = 5;

/** Throws when accepted moves are not balanced, with the function that shows it; when none is accepted at all; or when a ratio is missing. */
export function ensureBalance<T>(key: Key, { prior, proposal, sound, draws }: BalanceOptions<T>): void {
  const functions: ((state: T) => number)[] = [(s) => prior.logDensity(s), (s) => text(s).length];
  for (let bit = 0; bit < HASH_BITS; bit++) functions.push((s) => Number.parseInt(hash(text(s))[bit]!, 16) & 1);
  const sums = functions.map(() => ({ sum: 0, squares: 0 }));
  let accepted = 0;
  let used = 0;
  for (let i = 0; i < draws; i++) {
    const from = prior.sample(fold(fold(key, "from"), i));
    if (!sound(from)) continue;
    used++;
    const { to, logRatio } = proposal.propose(fold(fold(key, "to"), i), from);
    ensure(logRatio !== undefined && !Number.isNaN(logRatio), () => `proposal ${proposal.id} calls itself exact, but its ratio from ${text(from)} to ${text(to)} is ${logRatio}`);
    if (text(to) === text(from) || !sound(to)) continue;
    const alpha = Math.min(1, Math.exp(logAcceptance({ logPrior: prior.logDensity(from), tempered: 0 }, { logPrior: prior.logDensity(to), tempered: 0 }, logRatio)));
    accepted += alpha;
    functions.forEach((g, j) => {
      const flow = alpha === 0 ? 0 : alpha * (g(from) - g(to));
      sums[j]!.sum += flow;
      sums[j]!.squares += flow * flow;
    });
  }
  ensure(accepted > 0, () => `proposal ${proposal.id} never moves: 0 accepted of ${used} draws`);
  sums.forEach(({ sum, squares }, j) => {
    const z = squares === 0 ? 0 : sum / Math.sqrt(squares);
    ensure(Math.abs(z) <= LIMIT, () => `proposal ${proposal.id} is not balanced: accepted moves shift ${["log p", "size"][j] ?? `hash bit ${j - 2}`} by ${z.toFixed(1)} standard errors over ${used} draws`);
  });
}
