/*
 * A learner that sees only the features that have to do with the target and do not repeat each other (relevance.ts). They
 * are chosen from the rows that it is fitted to, in every fold anew, so that no validation is misled by a choice that has
 * seen its rows. The model is the inner learner's: its inputs are the features that were kept.
 */
import { InputError } from "../base/errors.ts";
import { pause, under } from "../base/context.ts";
import { fold } from "../base/key.ts";
import { withoutCodes } from "../data/graphRows.ts";
import type { Table, Targets } from "../data/types.ts";
import { canonicalOrder } from "./forest/bags.ts";
import { checkTargets, knownRows, takeColumns, takeRows, takeTarget } from "./inputs.ts";
import { joinColumns } from "./multi.ts";
import { relevantFeatures } from "./relevance.ts";
import type { Learner, Model } from "./types.ts";

export interface SelectedOptions {
  readonly learner: Learner;
  /** Most features to keep, beside those that the learner needs. */
  readonly features: number;
  /** Blocks that the learner cannot do without: they stay whole, beside the features that are kept. */
  readonly blocks?: readonly string[];
}

/** The learner. Throws InputError when no feature is to be kept. */
export function selected({ learner, features, blocks = [] }: SelectedOptions): Learner {
  if (!(Number.isSafeInteger(features) && features >= 1)) throw new InputError(`bad number of features to keep: ${features} — a whole number ≥ 1`, { path: "learn.select.features", value: features });
  const id = `selected(${features} features, ${learner.id})`;
  return {
    id,
    acceptsMissing: learner.acceptsMissing,
    complexity: learner.complexity,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) {
        const known = knownRows(y, j);
        const own = takeTarget(y, j, known);
        const rows = takeRows(x, known);
        await pause(ctx);
        models.push(await learner.fit(takeColumns(rows, keptColumns(rows, own, features, { names: learner.needed, blocks })), own, fold(key, y.columns[j].name), under(ctx, y.columns[j].name)));
      }
      return joinColumns(id, models);
    },
  };
}

/** The features to keep, in the order of the table: all where none has to do with the target. Packed graphs stay, being one thing in many columns, and so does what the learner needs by name or as a whole block. */
function keptColumns(x: Table, y: Targets, count: number, needed: { readonly names?: readonly string[] | undefined; readonly blocks: readonly string[] }): Int32Array {
  const all = Int32Array.from(x.features.keys());
  if (x.rows < 2) return all;
  const plain = withoutCodes(x);
  // Ties and samples are decided in an order that does not depend on that of the rows.
  const { order } = canonicalOrder(plain, y);
  const { chosen } = relevantFeatures(takeRows(plain, order), takeTarget(y, 0, order).columns[0], count);
  const names = new Set([...(needed.names ?? []), ...Array.from(chosen, (j) => plain.features[j].name)]);
  return chosen.length === 0 ? all : all.filter((j) => x.features[j].kind === "code" || needed.blocks.includes(x.features[j].block ?? "") || names.has(x.features[j].name));
}
