/*
 * Bagged ensembles of any learner: each member is fitted to a bootstrap of the rows, and the ensemble predicts the
 * mixture of its members, whose variance is the members' mean variance plus the variance of their means (the law
 * of total variance). Breiman (1996), doi 10.1007/BF00058655; Lakshminarayanan, Pritzel & Blundell (2017) for the
 * mixture. How often a member sees a row is Poisson(1) and keyed by the row's name; rows of a group go together.
 */
import { InputError } from "../base/errors.ts";
import { pause, under } from "../base/context.ts";
import { type Key, fold, split } from "../base/key.ts";
import type { Table, Targets } from "../data/types.ts";
import { bagOf, canonicalOrder, rowWords } from "./forest/bags.ts";
import { checkTargets, takeRows, takeTargets } from "./inputs.ts";
import { mixedModel } from "./mixed.ts";
import type { Learner, Model } from "./types.ts";

export interface EnsembleOptions {
  /** What each member is. */
  readonly learner: Learner;
  /** Members; default 10. */
  readonly size?: number;
}

/** The learner. Members are fitted one after another with keys of their own. */
export function ensemble({ learner, size = 10 }: EnsembleOptions): Learner {
  if (!(Number.isSafeInteger(size) && size >= 1)) throw new InputError(`bad size of an ensemble: ${size} — a whole number ≥ 1`, { path: "learn.size", value: size });
  const id = `ensemble(${size} × ${learner.id})`;
  return {
    id,
    acceptsMissing: learner.acceptsMissing,
    complexity: learner.complexity + 1,
    needed: learner.needed ?? [],
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const [bagKey, fitKey] = split(key, 2);
      const bags = bagsOf(x, y, bagKey);
      const members: Model[] = [];
      for (let k = 0; k < size; k++) {
        await pause(ctx);
        const { x: xk, y: yk } = bags(k);
        members.push(await learner.fit(xk, yk, fold(fitKey, k), under(ctx, `member ${k + 1} of ${size}`)));
        ctx.report({ stage: "fit members", done: k + 1, total: size });
      }
      return mixedModel("ensemble", id, members);
    },
  };
}

/** The rows of member k: those drawn, their weights multiplied by how often. */
function bagsOf(x: Table, y: Targets, key: Key): (member: number) => { readonly x: Table; readonly y: Targets } {
  const { order, names } = canonicalOrder(x, y);
  const words = rowWords(key, names, y.groups && Int32Array.from(order, (i) => y.groups![i]));
  return (member) => {
    const counts = bagOf(words, member, { kind: "bootstrap" });
    const drawn = order.filter((_, i) => counts[i] > 0);
    const times = counts.filter((c) => c > 0);
    const weights = times.map((c, i) => c * (y.weights ? y.weights[drawn[i]] : 1));
    return { x: takeRows(x, drawn), y: { ...takeTargets(y, drawn), weights, names: names.filter((_, i) => counts[i] > 0) } };
  };
}
