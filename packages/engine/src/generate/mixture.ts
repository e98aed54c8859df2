/*
 * Several proposals with weights, one drawn for each particle from the particle's own key.
 *
 * Because the weights do not depend on the state, each component may be Metropolis-corrected with its own
 * ratio: a mixture of kernels that each leave a distribution invariant leaves it invariant too
 * (Tierney 1994, doi 10.1214/aos/1176325750, section 2.4).
 */
import { InputError } from "../base/errors.ts";
import { fold, stream } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Prior, Proposal } from "./types.ts";

/** A proposal and its positive weight, relative to the others'. Default 1. */
export interface Weighted<T> {
  readonly proposal: Proposal<T>;
  readonly weight?: number;
}

/** What one proposal made of one particle. */
export interface Proposed<T> {
  readonly to: T;
  /** log q(from | to) − log q(to | from); absent when the proposal cannot say. */
  readonly logRatio?: number;
  /** log p(to) under the prior. */
  readonly logDensity?: number;
  /** Id of the proposal that was drawn. */
  readonly proposal: string;
}

/** Proposals with weights that sum to one. */
export interface Mixture<T> {
  readonly proposals: readonly Proposal<T>[];
  /** Running sums of the weights; the last is 1. */
  readonly cumulative: Float64Array;
}

/** Throws InputError when there is no proposal, a weight is not positive, or an id is repeated. */
export function mixture<T>(parts: readonly Weighted<T>[]): Mixture<T> {
  if (parts.length === 0) throw new InputError("no proposal: [] — a sampler needs at least one", { path: "generate.proposals", value: parts });
  const ids = parts.map((p) => p.proposal.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new InputError(`proposal named twice: "${twice}" — give it once, with the sum of the weights`, { path: "generate.proposals", value: ids });
  const cumulative = new Float64Array(parts.length);
  let sum = 0;
  parts.forEach(({ weight = 1, proposal }, i) => {
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) throw new InputError(`weight of proposal ${proposal.id}: ${weight} — weights are positive and finite`, { path: "generate.proposals", value: weight });
    cumulative[i] = sum += weight;
  });
  return { proposals: parts.map((p) => p.proposal), cumulative: cumulative.map((c, i) => (i === parts.length - 1 ? 1 : c / sum)) };
}

/** Draw a proposal, let it propose, and weigh what came under the prior. A pure function of key and state. */
export function proposeOne<T>({ proposals, cumulative }: Mixture<T>, prior: Prior<T>, key: Key, from: T): Proposed<T> {
  const u = stream(fold(key, "which")).uniform();
  const chosen = proposals[cumulative.findIndex((c) => u < c)]!;
  const { to, logRatio } = chosen.propose(fold(key, "change"), from);
  const logDensity = prior.logDensity(to);
  return logRatio === undefined ? { to, logDensity, proposal: chosen.id } : { to, logRatio, logDensity, proposal: chosen.id };
}
