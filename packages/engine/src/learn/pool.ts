/*
 * A pool of different learners: each is fitted to all rows, perhaps on some blocks of the features only, and the
 * pool predicts the mixture of their distributions in equal parts (the linear opinion pool, Stone 1961,
 * doi 10.1214/aoms/1177704873). Learners that err differently gain by it; one that is much worse than the others
 * spoils it. Parts are not fitted: with few rows of a rare class, fitted parts are noise. A mixture of calibrated
 * probabilities is less sharp than the data allow (Ranjan & Gneiting 2010, doi 10.1111/j.1467-9868.2009.00726.x);
 * the calibration on out-of-fold predictions that follows in a study (fitted.ts) puts that right.
 */
import { InputError } from "../base/errors.ts";
import { pause, under } from "../base/context.ts";
import { type Key, fold } from "../base/key.ts";
import type { Table } from "../data/types.ts";
import { checkTargets, takeColumns } from "./inputs.ts";
import { mixedModel } from "./mixed.ts";
import type { Learner, Model } from "./types.ts";

export interface PoolMember {
  readonly learner: Learner;
  /** Blocks of features that it sees; all by default. */
  readonly blocks?: readonly string[];
}

export interface PoolOptions {
  /** At least one. */
  readonly members: readonly PoolMember[];
}

const described = ({ learner, blocks }: PoolMember): string => (blocks ? `${learner.id} on ${blocks.join("+")}` : learner.id);

/** The learner. Members are fitted one after another with keys of their own. */
export function pool({ members }: PoolOptions): Learner {
  if (members.length === 0) throw new InputError("a pool without members — name at least one learner", { path: "learn.options.members", value: 0 });
  for (const { blocks } of members) if (blocks?.length === 0) throw new InputError("a pool's member sees no block — leave blocks out for all features", { path: "learn.options.members", value: blocks });
  const id = `pool(${members.map(described).join(", ")})`;
  return {
    id,
    acceptsMissing: members.every(({ learner }) => learner.acceptsMissing),
    complexity: Math.max(...members.map(({ learner }) => learner.complexity)) + 1,
    needed: members.flatMap(({ learner }) => learner.needed ?? []),
    fit: async (x, y, key: Key, ctx) => {
      checkTargets(x, y);
      const models: Model[] = [];
      for (const [k, { learner, blocks }] of members.entries()) {
        await pause(ctx);
        models.push(await learner.fit(blocks ? ofBlocks(x, blocks) : x, y, fold(key, k), under(ctx, `member ${k + 1} of ${members.length}`)));
        ctx.report({ stage: "fit members", done: k + 1, total: members.length });
      }
      return mixedModel("pool", id, models);
    },
  };
}

/** The columns of some blocks. Throws InputError when the table lacks one. */
function ofBlocks(x: Table, blocks: readonly string[]): Table {
  for (const block of blocks) {
    if (x.features.some((feature) => feature.block === block)) continue;
    const known = [...new Set(x.features.map((feature) => feature.block ?? "(none)"))];
    throw new InputError(`unknown block of features: "${block}" — the table has ${known.join(", ")}`, { path: "learn.options.members", value: block });
  }
  return takeColumns(x, Int32Array.from(x.features.keys()).filter((j) => blocks.includes(x.features[j].block ?? "")));
}
