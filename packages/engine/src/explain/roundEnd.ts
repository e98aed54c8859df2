/* Ends of intervals that a reader can remember: the shortest decimal that changes nothing. */

/** The decimal of fewest digits in (below, first], nearest to the middle of the gap; −∞ when below is −∞. */
export function lowEnd(below: number, first: number): number {
  if (below === Number.NEGATIVE_INFINITY) return below;
  return shortest(below, first, below + (first - below) / 2, (v) => v > below && v <= first) ?? first;
}

/** The decimal of fewest digits in [last, above), nearest to the middle of the gap; +∞ when above is +∞. */
export const highEnd = (last: number, above: number): number => 0 - lowEnd(0 - above, 0 - last);

/** Digits of a double. */
const MOST_DIGITS = 17;

function shortest(low: number, high: number, middle: number, inside: (v: number) => boolean): number | undefined {
  if (inside(0)) return 0;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const top = Math.floor(Math.log10(largest));
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const exponent = top - digits + 1;
    const centre = Math.round(middle / 10 ** exponent);
    const candidates = [centre, centre - 1, centre + 1].map((n) => Number(`${n}e${exponent}`)).filter(inside);
    if (candidates.length > 0) return candidates.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
  }
  return undefined;
}
