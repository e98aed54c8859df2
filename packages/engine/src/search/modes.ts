/*
 * Clusters by leaders (Hartigan 1975, ch. 3): each item joins the first leader that it resembles enough,
 * else leads a cluster of its own. Depends on the order of items; samplers hand them best first.
 */

export interface LeaderOptions {
  /** Similarity at which an item belongs to a leader, in [0, 1]. Default 0.5. */
  readonly threshold?: number;
  /** Only the first so many items are looked at, because the cost grows as items × leaders. Default 200. */
  readonly most?: number;
}

/** Indices of the leaders, in order; their number is the number of modes. */
export function leaders<A>(items: readonly A[], similarity: (a: A, b: A) => number, { threshold = 0.5, most = 200 }: LeaderOptions = {}): number[] {
  const found: number[] = [];
  for (let i = 0; i < Math.min(items.length, most); i++) {
    if (!found.some((leader) => similarity(items[leader]!, items[i]!) >= threshold)) found.push(i);
  }
  return found;
}
