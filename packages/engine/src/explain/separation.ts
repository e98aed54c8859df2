/* Counting what a yes or no separates. */
import { InputError } from "../base/errors.ts";
import type { Labels, NegativeSubset, Separation } from "./types.ts";

export interface SeparationOptions {
  /** Weight of each row; one by default. */
  readonly weights?: Float64Array;
  readonly subsets?: readonly NegativeSubset[];
}

/** Compare yes (1) and no (0) with labels; rows labelled neither are left out. */
export function separationOf(said: ArrayLike<number>, labels: Labels, { weights, subsets = [] }: SeparationOptions = {}): Separation {
  if (said.length !== labels.length) throw new InputError(`answers: ${said.length} — there are ${labels.length} labels`);
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) if (labels[i] >= 0) sum[2 * labels[i] + said[i]] += weights === undefined ? 1 : weights[i];
  const [negativesOut, negativesIn, positivesOut, positivesIn] = sum;
  const [positives, negatives] = [positivesOut + positivesIn, negativesOut + negativesIn];
  return {
    positives,
    negatives,
    support: positivesIn + negativesIn,
    precision: positivesIn / (positivesIn + negativesIn),
    recall: positivesIn / positives,
    falsePositiveRate: negativesIn / negatives,
    subsets: subsets.map(({ name, weights: part }) => {
      const { negatives, falsePositiveRate } = separationOf(said, labels, { weights: weights === undefined ? part : part.map((w, i) => w * weights[i]) });
      return { name, negatives, falsePositiveRate };
    }),
  };
}
