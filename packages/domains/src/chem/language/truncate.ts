/*
 * Truncate and regrow: delete 1 … K tokens from the end, K the smaller of `deepest` and the length, each number
 * alike likely, and let the guarded n-gram finish the string. The factor of Metropolis and Hastings is exact, because
 * every shared prefix is counted as a way from one string to the other:
 *
 *   q(to | from) = Σ_k P(delete |from| − k tokens | from) · p(to after k | first k), over prefixes k that both share.
 */
import { InputError, stream } from "@tatara/engine/base";
import type { Prior, Proposal } from "@tatara/engine/generate";
import type { LanguagePrior } from "./prior.ts";

/** Throws InputError when the prior is no language model. */
export function asLanguage(prior: Prior<string>, proposal: string): LanguagePrior {
  if ("logTerms" in prior && "regrow" in prior) return prior as LanguagePrior;
  throw new InputError(`wrong prior for ${proposal}: ${prior.id} — it regrows strings from the language model, ngram`, { path: "generate.prior", value: prior.id });
}

/** Exact. A state that the prior cannot produce is returned unchanged. `deepest` is K, at least 1. */
export function truncateRegrow(prior: LanguagePrior, deepest: number): Proposal<string> {
  return {
    id: "truncate-regrow",
    exact: true,
    propose(key, from) {
      const old = prior.encode(from);
      if (old === undefined || old.length === 0) return { to: from, logRatio: 0 };
      const oldTerms = prior.logTerms(old);
      if (oldTerms.at(-1) === Number.NEGATIVE_INFINITY) return { to: from, logRatio: 0 };
      const rng = stream(key);
      const deleted = 1 + rng.below(Math.min(deepest, old.length));
      const grown = prior.regrow(rng, old.subarray(0, old.length - deleted));
      const to = prior.decode(grown);
      if (to === from) return { to, logRatio: 0 };
      const newTerms = prior.logTerms(grown);
      if (newTerms.at(-1) === Number.NEGATIVE_INFINITY) return { to: from, logRatio: 0 }; // a dead end: no string at all
      const shared = sharedPrefix(old, grown);
      return { to, logRatio: logWay(newTerms, oldTerms, { shared, deepest }) - logWay(oldTerms, newTerms, { shared, deepest }) };
    },
  };
}

function sharedPrefix(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let k = 0;
  while (k < a.length && k < b.length && a[k] === b[k]) k++;
  return k;
}

/** log q(to | from), from the terms of both strings' densities; −∞ when no shared prefix is within reach. */
function logWay(from: Float64Array, to: Float64Array, { shared, deepest }: { shared: number; deepest: number }): number {
  const length = from.length - 1;
  const reach = Math.min(deepest, length);
  // log p(to after k | first k), summed from the end backwards.
  let suffix = 0;
  let logSum = Number.NEGATIVE_INFINITY;
  for (let k = to.length - 1; k >= 0; k--) {
    suffix += to[k]!;
    if (k <= shared && k < length && k >= length - reach) logSum = logAdd(logSum, suffix);
  }
  return logSum - Math.log(reach);
}

function logAdd(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}
