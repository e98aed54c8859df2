/* Features stored by rows without their commonest value: all their histograms in one pass, and the cuts of each. */
import { below } from "./chance";
import { clear, sweep, tryCuts } from "./cuts";
import { base, binCount, candidates, classes, entries, leftOut, minLeaf, occupied, offsets, order, pairs, randomCuts, sparseCounts, sparseHist, stamp, total, width } from "./state";

/** Histograms of all sparse features in one pass over the node's rows; appends those touched to the candidates. */
export function fillSparse(node: i32, from: i32, rows: i32, found: i32): i32 {
  for (let i = 0; i < rows; i++) {
    const r = load<i32>(order + ((from + i) << 2));
    const pair = pairs + (<usize>i << 4);
    const end = load<i32>(offsets + ((r + 1) << 2));
    for (let e = load<i32>(offsets + (r << 2)); e < end; e++) {
      const entry = load<i32>(entries + (e << 2));
      const f = entry >> 8;
      const start = load<i32>(base + (f << 2));
      if (load<i32>(stamp + (f << 2)) != node) {
        store<i32>(stamp + (f << 2), node);
        store<i32>(candidates + (found << 2), f);
        found++;
        const bins = load<i32>(binCount + (f << 2));
        clear(sparseHist + <usize>(start * width) * 8, bins * width);
        for (let b = 0; b < bins; b++) store<i32>(sparseCounts + ((start + b) << 2), 0);
      }
      const b = start + (entry & 255);
      store<i32>(sparseCounts + (b << 2), load<i32>(sparseCounts + (b << 2)) + 1);
      if (classes == 0) {
        const h = sparseHist + (<usize>b << 4);
        v128.store(h, f64x2.add(v128.load(h), v128.load(pair)));
      } else {
        const h = sparseHist + <usize>(b * width + load<i32>(pair, 8)) * 8;
        store<f64>(h, load<f64>(h) + load<f64>(pair));
      }
    }
  }
  return found;
}

/** The same for regression, in registers. */
function sweepSparse(f: i32, h: usize, c: usize, bins: i32, gone: i32, rows: i32): bool {
  // The left-out bin is never counted into, so the counts are those of the others.
  let present = 0;
  for (let b = 0; b < bins; b++) present += load<i32>(c + (b << 2));
  const rest = rows - present;
  // One side of any cut lies within the others: too few of them make no leaf.
  if (rest > 0 && present < minLeaf) return true;
  let others = f64x2.splat(0);
  for (let b = 0; b < bins; b++) others = f64x2.add(others, v128.load(h + (<usize>b << 4)));
  const own = f64x2.sub(v128.load(total), others);
  let sums = f64x2.splat(0), before = 0, seen = 0;
  if (randomCuts) {
    let low = -1, high = 0;
    for (let b = 0; b < bins; b++) {
      if ((b == gone ? rest : load<i32>(c + (b << 2))) == 0) continue;
      if (low < 0) low = b;
      high = b;
    }
    if (low == high) return false;
    const cut = low + below(high - low);
    for (let b = low; b <= cut; b++) {
      if (b == gone && rest == 0) continue;
      before += b == gone ? rest : load<i32>(c + (b << 2));
      sums = f64x2.add(sums, b == gone ? own : v128.load(h + (<usize>b << 4)));
    }
    sweep(f, cut, f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), before);
    return true;
  }
  for (let b = 0; b < bins; b++) {
    const count = b == gone ? rest : load<i32>(c + (b << 2));
    if (count == 0) continue;
    sums = f64x2.add(sums, b == gone ? own : v128.load(h + (<usize>b << 4)));
    before += count;
    seen++;
    if (before < rows) sweep(f, b, f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1), before);
  }
  return seen > 1;
}

/** Cuts of a feature whose histogram `fillSparse` made: its left-out bin is the node minus the others. */
export function trySparse(f: i32, rows: i32): bool {
  const start = load<i32>(base + (f << 2));
  const bins = load<i32>(binCount + (f << 2));
  const gone = load<i32>(leftOut + (f << 2));
  const h = sparseHist + <usize>(start * width) * 8;
  const c = sparseCounts + (start << 2);
  if (classes == 0) return sweepSparse(f, h, c, bins, gone, rows);
  let rest = rows;
  const own = h + <usize>(gone * width) * 8;
  for (let k = 0; k < width; k++) store<f64>(own + (k << 3), load<f64>(total + (k << 3)));
  for (let b = 0; b < bins; b++) {
    if (b == gone || load<i32>(c + (b << 2)) == 0) continue;
    rest -= load<i32>(c + (b << 2));
    for (let k = 0; k < width; k++) store<f64>(own + (k << 3), load<f64>(own + (k << 3)) - load<f64>(h + <usize>(b * width + k) * 8));
  }
  store<i32>(c + (gone << 2), rest);
  let count = 0;
  for (let b = 0; b < bins; b++) {
    if (load<i32>(c + (b << 2)) == 0) continue;
    store<i32>(occupied + (count << 2), b);
    count++;
  }
  return tryCuts(f, h, c, count);
}
