/* Features kept by columns: the histogram of one feature in one node, and its cuts. */
import { below } from "./chance";
import { clear, sweep, tryCuts } from "./cuts";
import { binCount, byRow, classes, columns, counts, denseCount, hist, mask, missing, n, occupied, order, pairs, placeOf, randomCuts, width } from "./state";

/** Nodes of fewer rows look for occupied bins in a bit mask, larger ones in the counts. */
const SMALL: i32 = 192;

/** Nodes of fewer rows read bins by row: their rows stay in the first-level cache while feature after feature passes. */
const BY_ROW: i32 = 1500;

// @ts-ignore: decorator
@inline
function mark(b: usize): void {
  const word = mask + ((b >> 5) << 2);
  store<u32>(word, load<u32>(word) | (1 << <i32>(b & 31)));
}

/** Histogram and cuts of one feature kept by columns. */
export function tryDense(f: i32, from: i32, rows: i32): bool {
  const small = rows < BY_ROW;
  const start = small ? byRow + load<i32>(placeOf + (f << 2)) : columns + <usize>f * n;
  const step: usize = small ? denseCount : 1;
  let at: usize = order + (from << 2);
  if (classes == 0 && randomCuts && load<u8>(missing + f) == 0) return tryRandom(f, start, step, at, rows);
  let pair = pairs;
  const end = pair + (<usize>rows << 4);
  if (classes == 0) {
    if (rows < SMALL) {
      for (; pair < end; pair += 16) {
        const b = <usize>load<u8>(start + load<u32>(at) * step);
        const h = hist + (b << 4);
        v128.store(h, f64x2.add(v128.load(h), v128.load(pair)));
        store<i32>(counts + (b << 2), load<i32>(counts + (b << 2)) + 1);
        mark(b);
        at += 4;
      }
    } else {
      for (; pair < end; pair += 16) {
        const b = <usize>load<u8>(start + load<u32>(at) * step);
        const h = hist + (b << 4);
        v128.store(h, f64x2.add(v128.load(h), v128.load(pair)));
        store<i32>(counts + (b << 2), load<i32>(counts + (b << 2)) + 1);
        at += 4;
      }
    }
  } else {
    for (; pair < end; pair += 16) {
      const b = <usize>load<u8>(start + load<u32>(at) * step);
      const h = hist + (b * width + load<i32>(pair, 8)) * 8;
      store<f64>(h, load<f64>(h) + load<f64>(pair));
      store<i32>(counts + (b << 2), load<i32>(counts + (b << 2)) + 1);
      if (rows < SMALL) mark(b);
      at += 4;
    }
  }
  if (classes == 0 && load<u8>(missing + f) == 0) return rows < SMALL ? sweepMasked(f) : sweepCounted(f, load<i32>(binCount + (f << 2)));
  const count = rows < SMALL ? listMasked() : listCounted(load<i32>(binCount + (f << 2)));
  const varies = tryCuts(f, hist, counts, count);
  for (let i = 0; i < count; i++) {
    const b = load<i32>(occupied + (i << 2));
    store<i32>(counts + (b << 2), 0);
    clear(hist + <usize>(b * width) * 8, width);
  }
  return varies;
}

/** One random cut without a histogram: the node's range of bins, then the sums below the cut. */
function tryRandom(f: i32, start: usize, step: usize, at: usize, rows: i32): bool {
  let low = 255, high = 0;
  for (let i = 0; i < rows; i++) {
    const b = <i32>load<u8>(start + load<u32>(at + (<usize>i << 2)) * step);
    low = min(low, b);
    high = max(high, b);
  }
  if (low == high) return false;
  const cut = low + below(high - low);
  let sums = f64x2.splat(0), count = 0;
  for (let i = 0; i < rows; i++) {
    const goes = i32(<i32>load<u8>(start + load<u32>(at + (<usize>i << 2)) * step) <= cut);
    count += goes;
    sums = f64x2.add(sums, v128.and(v128.load(pairs + (<usize>i << 4)), i64x2.splat(-(<i64>goes))));
  }
  sweep(f, cut, f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), count);
  return true;
}

function sweepMasked(f: i32): bool {
  let w: f64 = 0, s: f64 = 0, rows = 0, seen = 0;
  for (let word = 0; word < 4; word++) {
    let bits = load<u64>(mask + (word << 3));
    if (bits == 0) continue;
    store<u64>(mask + (word << 3), 0);
    do {
      const b = (word << 6) + <i32>ctz<u64>(bits);
      bits &= bits - 1;
      const h = hist + (<usize>b << 4);
      w += load<f64>(h);
      s += load<f64>(h, 8);
      rows += load<i32>(counts + (b << 2));
      v128.store(h, f64x2.splat(0));
      store<i32>(counts + (b << 2), 0);
      seen++;
      sweep(f, b, w, s, rows);
    } while (bits != 0);
  }
  return seen > 1;
}

function sweepCounted(f: i32, bins: i32): bool {
  let w: f64 = 0, s: f64 = 0, rows = 0, seen = 0;
  for (let b = 0; b < bins; b++) {
    const count = load<i32>(counts + (b << 2));
    if (count == 0) continue;
    const h = hist + (<usize>b << 4);
    w += load<f64>(h);
    s += load<f64>(h, 8);
    rows += count;
    v128.store(h, f64x2.splat(0));
    store<i32>(counts + (b << 2), 0);
    seen++;
    sweep(f, b, w, s, rows);
  }
  return seen > 1;
}

function listMasked(): i32 {
  let count = 0;
  for (let word = 0; word < 8; word++) {
    let bits = load<u32>(mask + (word << 2));
    store<u32>(mask + (word << 2), 0);
    while (bits != 0) {
      store<i32>(occupied + (count << 2), (word << 5) + ctz<i32>(bits));
      bits &= bits - 1;
      count++;
    }
  }
  return count;
}

function listCounted(bins: i32): i32 {
  let count = 0;
  for (let b = 0; b < bins; b++) {
    if (load<i32>(counts + (b << 2)) == 0) continue;
    store<i32>(occupied + (count << 2), b);
    count++;
  }
  return count;
}
