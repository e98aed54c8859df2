/*
 * The numbers behind `uniform`: a hash of key and position in two rounds of lowbias32 (Wellons 2018, "Prospecting for hash
 * functions"), which needs only 32-bit products, shifts and exclusive ors, so that a compiled graph computes the same bits.
 */

/** Odd, 2^32 / golden ratio: neighbouring positions start far apart. */
export const STEP = 0x9e3779b9;
/** Shift, multiply, shift, multiply, shift. */
export const ROUND = { shifts: [16, 15, 16], factors: [0x7feb352d, 0x846ca68b] } as const;
/** Bits of a uniform number: as many as f32 holds. */
export const BITS = 24;

function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> ROUND.shifts[0]), ROUND.factors[0]);
  h = Math.imul(h ^ (h >>> ROUND.shifts[1]), ROUND.factors[1]);
  return h ^ (h >>> ROUND.shifts[2]);
}

/** Uniform in [0, 1) at a position, under a key of two words. */
export const uniformAt = (k0: number, k1: number, position: number): number => (mix((mix((Math.imul(position, STEP) + k0) | 0) + k1) | 0) >>> (32 - BITS)) / 2 ** BITS;
