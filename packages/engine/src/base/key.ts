/*
 * Counter-based random keys. A key is a seed for one purpose: split it per purpose, fold an index or a
 * name into it per item, and open a stream from it inside one function. Because every draw is a pure
 * function of (key, counter), neither the order of evaluation nor the number of workers changes a result.
 *
 * The generator is Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror & Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC11, doi 10.1145/2063384.2063405; the published test vectors are in test/base.
 */

/** A seed for one purpose: two unsigned 32-bit words. Split it or fold a name into it; never use it twice. */
export interface Key {
  readonly hi: number;
  readonly lo: number;
}

/** A mutable stream opened from a key. Lives inside one function; never stored, never returned. */
export interface Rng {
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in 0 .. n − 1, without modulo bias. */
  below(n: number): number;
}

const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Threefry-2x32-20: encrypt the counter words (c0, c1) under the key words (k0, k1) into `out`. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = (PARITY ^ k0 ^ k1) | 0;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round & 7]!;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if ((round & 3) === 3) {
      const s = (round >> 2) + 1;
      x0 = (x0 + (s % 3 === 0 ? k0 : s % 3 === 1 ? k1 : k2)) | 0;
      x1 = (x1 + ((s + 1) % 3 === 0 ? k0 : (s + 1) % 3 === 1 ? k1 : k2) + s) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
}

/** The key of a user's seed: any safe integer. */
export const key = (seed: number): Key => ({ hi: Math.floor(seed / 2 ** 32) >>> 0, lo: seed >>> 0 });

/** A child key for item `datum`: an index, or a name that is hashed (FNV-1a) first. */
export function fold(k: Key, datum: number | string): Key {
  const out = new Uint32Array(2);
  if (typeof datum === "number") threefry2x32(k.hi, k.lo, Math.floor(datum / 2 ** 32) >>> 0, datum >>> 0, out);
  else threefry2x32(k.hi, k.lo, 0x80000000 | (datum.length & 0x7fffffff), fnv1a(datum), out);
  return { hi: out[0]!, lo: out[1]! };
}

/** n independent child keys, for n purposes. */
export const split = (k: Key, n: number): readonly Key[] => Array.from({ length: n }, (_, i) => fold(k, i));

function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Open the stream of a key. */
export function stream(k: Key): Rng {
  const block = new Uint32Array(2);
  let counter = 0;
  let spare = Number.NaN;
  const next = () => threefry2x32(k.hi, k.lo, 1, counter++, block);
  const uniform = () => {
    next();
    return ((block[0]! >>> 5) * 0x4000000 + (block[1]! >>> 6)) / 2 ** 53;
  };
  return {
    uniform,
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      // Box and Muller (1958); 1 − u keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below(n) {
      const limit = 2 ** 32 - (2 ** 32 % n);
      do next();
      while (block[0]! >= limit);
      return block[0]! % n;
    },
  };
}

/** A uniformly random permutation of 0 .. n − 1 (Fisher and Yates). */
export function permutation(k: Key, n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const rng = stream(k);
  for (let i = n - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}
