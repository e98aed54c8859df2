/*
 * A learner that sees only the features that have to do with the target and do not repeat each other (relevance.ts). They
 * are chosen from the rows that it is fitted to, in every fold anew, so that no validation is misled by a choice that has
 * seen its rows. The model is the inner learner's: its inputs are the features that were kept.
 */
import { InputError } from "../base/errors.ts";
import { under } from "../base/context.ts";
import { fold } from "../base/key.ts";
import { canonicalOrder } from "./forest/bags.ts";
import { checkTargets, knownRows, takeColumns, takeRows, takeTarget } from "./inputs.ts";
import { joinColumns } from "./multi.ts";
import { relevantFeatures } from "./relevance.ts";
import type { Learner, Model } from "./types.ts";

export interface SelectedOptions {
  readonly learner: Learner;
  /** Most features to keep. */
  readonly features: number;
}

/** The learner. Throws InputError when no feature is to be kept. */
export function selected({ learner, features }: SelectedOptions): Learner {
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
        // Ties and samples are decided in an order that does not depend on that of the rows.
        const { order } = canonicalOrder(rows, own);
        const kept = known.length < 2 ? Int32Array.from({ length: x.cols }, (_, k) => k) : relevantFeatures(takeRows(rows, order), takeTarget(own, 0, order).columns[0], features).chosen.toSorted();
        models.push(await learner.fit(takeColumns(rows, kept.length > 0 ? kept : Int32Array.from({ length: x.cols }, (_, k) => k)), own, fold(key, y.columns[j].name), under(ctx, y.columns[j].name)));
      }
      return joinColumns(id, models);
    },
  };
}
