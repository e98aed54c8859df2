/*
 * A diverse subset: walk the list from the best, skip whatever resembles something already picked. The
 * high-score list of iQSPR (Ikebata et al. 2017, doi 10.1007/s10822-016-0008-z) with Tanimoto 0.8.
 */

export interface DiverseOptions {
  /** An item more similar than this to one already picked is skipped, in [0, 1]. Default 0.8. */
  readonly maxSimilarity?: number;
  /** Items to pick at most. Default all. */
  readonly most?: number;
}

/** The items picked, in the order given (best first). Deterministic; asks for at most items × picked similarities. */
export function diverseSubset<A>(items: readonly A[], similarity: (a: A, b: A) => number, { maxSimilarity = 0.8, most = Number.POSITIVE_INFINITY }: DiverseOptions = {}): A[] {
  const picked: A[] = [];
  for (const item of items) {
    if (picked.length >= most) break;
    if (picked.every((other) => similarity(other, item) <= maxSimilarity)) picked.push(item);
  }
  return picked;
}
