/*
 * Domain work on whole batches, done in this thread: the reference against which the worker-thread
 * version must agree to the last bit. Item i of a batch draws from fold(key, i), wherever it is computed.
 */
import { pause } from "../base/context.ts";
import type { Context } from "../base/context.ts";
import { fold } from "../base/key.ts";
import { chooseDescriptors, describeTexts, joinFeatures, refusalsOf } from "./describe.ts";
import { evaluateState } from "./evaluate.ts";
import type { Constraint } from "./evaluate.ts";
import { mixture, proposeOne } from "./mixture.ts";
import type { Weighted } from "./mixture.ts";
import type { Batches, Domain, Prior } from "./types.ts";

export interface InlineOptions<S, T> {
  readonly prior: Prior<T>;
  /** May be empty when only `sample`, `evaluate` and `describe` are used. */
  readonly proposals?: readonly Weighted<T>[];
  readonly constraints?: readonly Constraint<S>[];
  /** Names of descriptors, joined in this order. Default: the domain's own choice. */
  readonly descriptors?: readonly string[];
  /** Items between two looks at the signal. No result depends on it. Default 64. */
  readonly chunk?: number;
}

/** Batches over a domain, in-process. Throws InputError for unknown descriptors and bad weights, before any work. */
export function inlineBatches<S, T>(domain: Domain<S, T>, { prior, proposals = [], constraints = [], descriptors = domain.defaultDescriptors, chunk = 64 }: InlineOptions<S, T>): Batches<T> {
  const moves = proposals.length > 0 ? mixture(proposals) : null;
  const chosen = chooseDescriptors(domain, descriptors);
  const features = joinFeatures(chosen);
  const conditions = [...constraints, ...refusalsOf(chosen)];
  const each = async <A, B>(items: readonly A[], ctx: Context, work: (item: A, i: number) => B): Promise<B[]> => {
    const out: B[] = [];
    for (const [i, item] of items.entries()) {
      if (i % chunk === 0) await pause(ctx);
      out.push(work(item, i));
    }
    return out;
  };
  return {
    sample: (key, n, ctx) => each(Array.from({ length: n }), ctx, (_, i) => prior.sample(fold(key, i))),
    propose: async (key, from, ctx) => {
      const drawn = moves ?? mixture(proposals);
      return each(from, ctx, (state, i) => proposeOne(drawn, prior, fold(key, i), state));
    },
    logDensity: async (states, ctx) => Float64Array.from(await each(states, ctx, (state) => prior.logDensity(state))),
    evaluate: (states, ctx) => each(states, ctx, (state) => evaluateState(domain, conditions, state)),
    async describe(texts, ctx) {
      const data = new Float64Array(texts.length * features.length);
      for (let at = 0; at < texts.length; at += chunk) {
        await pause(ctx);
        data.set(describeTexts(domain, chosen, texts.slice(at, at + chunk)).data, at * features.length);
      }
      return { rows: texts.length, cols: features.length, data, features };
    },
  };
}
