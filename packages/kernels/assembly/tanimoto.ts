/*
 * Tanimoto (Jaccard) similarity of fingerprints: |a ∧ b| / |a ∨ b| on bits, Σ min / Σ max on counts.
 * Both are 1 for two empty fingerprints. Sums of integers are exact, so no order of summation matters.
 */

/** Rows of b that stay in the cache while all rows of a pass by. */
const BLOCK: usize = 64;

// @ts-ignore: decorator
@inline
function ratio(shared: f64, all: f64): f64 {
  return all > 0 ? shared / all : 1;
}

/** Number of set bits of each row of `words` 64-bit words. */
export function popcounts(x: usize, rows: usize, words: usize, out: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    let count: i64 = 0;
    for (let w: usize = 0; w < words; w++) count += popcnt(load<i64>(x + (i * words + w) * 8));
    store<f64>(out + i * 8, <f64>count);
  }
}

export function bits(a: usize, sizesA: usize, na: usize, b: usize, sizesB: usize, nb: usize, words: usize, out: usize): void {
  const stride = words * 8;
  for (let jb: usize = 0; jb < nb; jb += BLOCK) {
    const end = min(jb + BLOCK, nb);
    for (let i: usize = 0; i < na; i++) {
      const rowA = a + i * stride;
      const sizeA = load<f64>(sizesA + i * 8);
      for (let j = jb; j < end; j++) {
        const rowB = b + j * stride;
        let count: i64 = 0;
        for (let w: usize = 0; w < stride; w += 8) count += popcnt(load<i64>(rowA + w) & load<i64>(rowB + w));
        const shared = <f64>count;
        store<f64>(out + (i * nb + j) * 8, ratio(shared, sizeA + load<f64>(sizesB + j * 8) - shared));
      }
    }
  }
}

/** Horizontal sum of sixteen-bit lanes. */
// @ts-ignore: decorator
@inline
function total16(x: v128): i32 {
  const pairs = i32x4.extadd_pairwise_i16x8_u(x);
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) + i32x4.extract_lane(pairs, 2) + i32x4.extract_lane(pairs, 3);
}

/** 127 additions of at most 510 stay below 2^16. */
const FLUSH: usize = 127 * 16;

function sharedBytes(a: usize, b: usize, stride: usize): i32 {
  let sum = 0;
  for (let p: usize = 0; p < stride; p += FLUSH) {
    const end = min(p + FLUSH, stride);
    let acc = i16x8.splat(0);
    for (let q = p; q < end; q += 16) {
      acc = i16x8.add(acc, i16x8.extadd_pairwise_i8x16_u(i8x16.min_u(v128.load(a + q), v128.load(b + q))));
    }
    sum += total16(acc);
  }
  return sum;
}

/** Counts that fit a byte; `stride` bytes a row, a multiple of 16, zero-padded. */
export function bytes(a: usize, sumsA: usize, na: usize, b: usize, sumsB: usize, nb: usize, stride: usize, out: usize): void {
  for (let jb: usize = 0; jb < nb; jb += BLOCK) {
    const end = min(jb + BLOCK, nb);
    for (let i: usize = 0; i < na; i++) {
      const sumA = load<f64>(sumsA + i * 8);
      for (let j = jb; j < end; j++) {
        const shared = <f64>sharedBytes(a + i * stride, b + j * stride, stride);
        store<f64>(out + (i * nb + j) * 8, ratio(shared, sumA + load<f64>(sumsB + j * 8) - shared));
      }
    }
  }
}

/** Counts of any size as f64; `stride` numbers a row, a multiple of four, zero-padded. */
export function reals(a: usize, na: usize, b: usize, nb: usize, stride: usize, out: usize): void {
  for (let jb: usize = 0; jb < nb; jb += BLOCK) {
    const end = min(jb + BLOCK, nb);
    for (let i: usize = 0; i < na; i++) {
      for (let j = jb; j < end; j++) {
        const rowA = a + i * stride * 8;
        const rowB = b + j * stride * 8;
        let low0 = f64x2.splat(0), low1 = f64x2.splat(0), high0 = f64x2.splat(0), high1 = f64x2.splat(0);
        for (let p: usize = 0; p < stride * 8; p += 32) {
          const a0 = v128.load(rowA + p), b0 = v128.load(rowB + p);
          const a1 = v128.load(rowA + p, 16), b1 = v128.load(rowB + p, 16);
          low0 = f64x2.add(low0, f64x2.pmin(a0, b0));
          high0 = f64x2.add(high0, f64x2.pmax(a0, b0));
          low1 = f64x2.add(low1, f64x2.pmin(a1, b1));
          high1 = f64x2.add(high1, f64x2.pmax(a1, b1));
        }
        const low = f64x2.add(low0, low1), high = f64x2.add(high0, high1);
        const shared = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
        const all = f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1);
        store<f64>(out + (i * nb + j) * 8, ratio(shared, all));
      }
    }
  }
}
