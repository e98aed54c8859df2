/*
 * A batch to try next: each pick in turn is the candidate with the largest gain, the probability that it is a hit which
 * nothing known and no earlier pick has made already. A hit counts as made to the degree that the other is alike, and an
 * earlier pick as far as it is likely to be a hit itself:
 *
 *   gain(x | batch) = P(x) · (1 − found(x)) · Π_b (1 − P(b) · alike(x, b))
 *
 * Greedy, as for submodular functions (Nemhauser, Wolsey & Fisher 1978, doi 10.1007/BF01588971). It asks for different
 * new hits, not for information about the model.
 */

export interface FindCandidate<A> {
  readonly item: A;
  /** That it is a hit, in [0, 1]. */
  readonly probability: number;
  /** How much of it is known already, in [0, 1]: 1 for a known hit. */
  readonly found: number;
}

export interface Find<A> extends FindCandidate<A> {
  /** Place in the list given. */
  readonly index: number;
  /** The gain when it was picked. */
  readonly gain: number;
}

/** At most `most` picks in their order; of equal gains the first. Ends before where nothing more is to be gained. */
export function newFinds<A>(candidates: readonly FindCandidate<A>[], alike: (a: A, b: A) => number, most: number): readonly Find<A>[] {
  const gains = candidates.map(({ probability, found }) => probability * (1 - found));
  const picked: Find<A>[] = [];
  while (picked.length < most) {
    let best = -1;
    gains.forEach((gain, i) => {
      if (gain > 0 && (best < 0 || gain > gains[best]!)) best = i;
    });
    if (best < 0) break;
    const chosen = candidates[best]!;
    picked.push({ ...chosen, index: best, gain: gains[best]! });
    candidates.forEach(({ item }, i) => (gains[i]! *= 1 - chosen.probability * alike(item, chosen.item)));
    gains[best] = 0;
  }
  return picked;
}
