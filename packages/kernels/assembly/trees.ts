/*
 * Decision trees on binned features. One instance holds one binned table; `grow` makes one tree for one set of
 * row weights. A feature of few distinct values, mostly one of them, is stored a second time by rows without
 * that value: its histograms cost what its other entries cost, and the left-out bin is the node minus the rest.
 *
 * Regression keeps (Σ w, Σ w y) per bin and minimises the squared error; classification keeps Σ w per class and
 * minimises the Gini impurity: Breiman (2001), doi 10.1023/A:1010933404324. With `randomCuts` each feature drawn
 * gets one random threshold, uniform over the bins that the node spans: extremely randomised trees, Geurts,
 * Ernst & Wehenkel (2006), doi 10.1007/s10994-006-6226-1.
 */

/** First byte that the caller may use. */
export function heapStart(): usize {
  return (__heap_base + 63) & ~63;
}

// ── the table ─────────────────────────────────────────────────────────────
let n: i32 = 0;
let d: i32 = 0;
/** d × n bins, one feature after another. */
let columns: usize = 0;
/** The dense features' bins once more, n × denseCount: a small node's rows then fit the cache. */
let byRow: usize = 0;
/** Place of each feature in the dense list (i32). */
let placeOf: usize = 0;
/** Features kept by columns alone: their number and list (i32). */
let denseCount: i32 = 0;
let dense: usize = 0;
/** Compressed rows of the others: offsets (n + 1, i32) and entries (feature << 8 | bin, i32). */
let offsets: usize = 0;
let entries: usize = 0;
/** Per feature (i32): where its bins start in the sparse histogram, how many it has, which is left out. */
let base: usize = 0;
let binCount: usize = 0;
let leftOut: usize = 0;
/** Per feature (u8): 1 where bin 0 stands for a missing value. */
let missing: usize = 0;

export function setTable(rows: i32, features: i32, bins: usize, dc: i32, denseList: usize, off: usize, ent: usize, bs: usize, bc: usize, lo: usize, miss: usize, rowBins: usize, places: usize): void {
  n = rows;
  d = features;
  columns = bins;
  denseCount = dc;
  dense = denseList;
  offsets = off;
  entries = ent;
  base = bs;
  binCount = bc;
  leftOut = lo;
  missing = miss;
  byRow = rowBins;
  placeOf = places;
}

// ── the targets and options ───────────────────────────────────────────────
/** 0 for regression, else the number of classes. */
let classes: i32 = 0;
/** f64 per bin and node: 2 for regression, one per class otherwise. */
let width: i32 = 2;
/** Per row: the value (f64), or the class (i32). */
let target: usize = 0;
let weights: usize = 0;
let share: f64 = 1;
let minLeaf: i32 = 1;
let maxDepth: i32 = 0;
let randomCuts: bool = false;

export function setTask(k: i32, values: usize, w: usize, featureShare: f64, leaf: i32, depth: i32, random: bool): void {
  classes = k;
  width = k == 0 ? 2 : k;
  target = values;
  weights = w;
  share = featureShare;
  minLeaf = leaf;
  maxDepth = depth;
  randomCuts = random;
}

// ── work space ────────────────────────────────────────────────────────────
/** Rows in the bag, grouped by node; a second buffer for partitions. */
let order: usize = 0;
let spare: usize = 0;
/** Per place in the present node: (w, w y) or (w, class). */
let pairs: usize = 0;
/** Histogram of one dense feature: 256 × width f64 and 256 counts (i32). */
let hist: usize = 0;
let counts: usize = 0;
/** The same for all sparse features. */
let sparseHist: usize = 0;
let sparseCounts: usize = 0;
/** Node that last touched a feature (i32). */
let stamp: usize = 0;
/** Features that vary or may vary in the node (i32). */
let candidates: usize = 0;
/** Occupied bins of the feature at hand (i32). */
let occupied: usize = 0;
/** Totals of the node and of the left side, `width` f64 each, and the statistics of the best split. */
let total: usize = 0;
let side: usize = 0;
/** Open nodes: node, from, to, depth (i32) and hash (i64): 24 bytes each. */
let stack: usize = 0;
/** Eight words (u32) that say which bins are occupied. */
let mask: usize = 0;

export function setWork(o: usize, s: usize, p: usize, h: usize, c: usize, sh: usize, sc: usize, st: usize, ca: usize, oc: usize, to: usize, si: usize, sk: usize, ma: usize): void {
  order = o;
  spare = s;
  pairs = p;
  hist = h;
  counts = c;
  sparseHist = sh;
  sparseCounts = sc;
  stamp = st;
  candidates = ca;
  occupied = oc;
  total = to;
  side = si;
  stack = sk;
  mask = ma;
}

// ── the tree ──────────────────────────────────────────────────────────────
/** Per node: feature or −1 (i32), cut (i32: bin ≤ cut goes left), missing goes left (i32), left child (i32), sums (width f64). */
let nodeFeature: usize = 0;
let nodeCut: usize = 0;
let nodeMissing: usize = 0;
let nodeLeft: usize = 0;
let nodeSums: usize = 0;
/** Per row: its leaf (i32). */
let leafOf: usize = 0;
/** Per feature: gain so far (f64). */
let gains: usize = 0;

export function setTree(f: usize, c: usize, m: usize, l: usize, s: usize, leaf: usize, g: usize): void {
  nodeFeature = f;
  nodeCut = c;
  nodeMissing = m;
  nodeLeft = l;
  nodeSums = s;
  leafOf = leaf;
  gains = g;
}

// ── chance: SplitMix64 (Steele, Lea & Flood 2014) of (tree, path to the node, draw) ──
let state: u64 = 0;

// @ts-ignore: decorator
@inline
function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
// @ts-ignore: decorator
@inline
function below(count: i32): i32 {
  state += 0x9e3779b97f4a7c15;
  return <i32>(((mix(state) >> 32) * <u64>count) >> 32);
}

// ── the best split so far ─────────────────────────────────────────────────
let bestScore: f64 = 0;
let bestFeature: i32 = -1;
let bestCut: i32 = 0;
let bestMissing: i32 = 0;
let nodeRows: i32 = 0;
let nodeWeight: f64 = 0;

/** Zero `count` numbers. A loop: calling out for a few bytes costs more than the bytes. */
// @ts-ignore: decorator
@inline
function clear(at: usize, count: i32): void {
  if (count == 2) {
    v128.store(at, f64x2.splat(0));
    return;
  }
  for (let k = 0; k < count; k++) store<f64>(at + (k << 3), 0);
}

/** Scores closer than this are equal and the first wins: equal partitions are summed in different orders by different features. */
const TIE: f64 = 1 + 1e-10;

/** Σ over sides of Σ s² / w: larger is purer. `w` weighs the left side, whose sums lie in `side`. */
// @ts-ignore: decorator
@inline
function score(w: f64): f64 {
  const rest = nodeWeight - w;
  if (classes == 0) {
    const s = load<f64>(side, 8);
    const t = load<f64>(total, 8) - s;
    return (s * s * rest + t * t * w) / (w * rest);
  }
  let left: f64 = 0, right: f64 = 0;
  for (let k = 0; k < classes; k++) {
    const l = load<f64>(side + (k << 3));
    const r = load<f64>(total + (k << 3)) - l;
    left += l * l;
    right += r * r;
  }
  return (left * rest + right * w) / (w * rest);
}

// @ts-ignore: decorator
@inline
function offer(f: i32, cut: i32, missingLeft: i32, rows: i32, w: f64): void {
  if (rows < minLeaf || nodeRows - rows < minLeaf) return;
  const s = score(w);
  if (s > bestScore * TIE) {
    bestScore = s;
    bestFeature = f;
    bestCut = cut;
    // A value missing only at prediction time follows the heavier side.
    bestMissing = missingLeft >= 0 ? missingLeft : i32(w + w >= nodeWeight);
  }
}

/** Add a bin to the left side; the weight that it brings. */
// @ts-ignore: decorator
@inline
function enter(h: usize): f64 {
  if (classes == 0) {
    v128.store(side, f64x2.add(v128.load(side), v128.load(h)));
    return load<f64>(h);
  }
  let w: f64 = 0;
  for (let k = 0; k < classes; k++) {
    const v = load<f64>(h + (k << 3));
    w += v;
    store<f64>(side + (k << 3), load<f64>(side + (k << 3)) + v);
  }
  return w;
}

/** Every cut between occupied bins `from` … `count` − 1 of the list; `rows` rows of weight `w` are on the left already. */
function scan(f: i32, h: usize, c: usize, from: i32, count: i32, missingLeft: i32, rows: i32, w: f64): void {
  for (let i = from; i < count - 1; i++) {
    const b = load<i32>(occupied + (i << 2));
    rows += load<i32>(c + (b << 2));
    w += enter(h + <usize>(b * width) * 8);
    offer(f, b, missingLeft, rows, w);
  }
}

/** One random cut between the first and the last occupied bin. */
function scanOne(f: i32, h: usize, c: usize, from: i32, count: i32, missingLeft: i32, rows: i32, w: f64): void {
  const low = load<i32>(occupied + (from << 2));
  const high = load<i32>(occupied + ((count - 1) << 2));
  const cut = low + below(high - low);
  for (let i = from; i < count; i++) {
    const b = load<i32>(occupied + (i << 2));
    if (b > cut) break;
    rows += load<i32>(c + (b << 2));
    w += enter(h + <usize>(b * width) * 8);
  }
  offer(f, cut, missingLeft, rows, w);
}

/** Try the cuts of one feature whose occupied bins are listed, ascending; false when it does not vary. */
function tryCuts(f: i32, h: usize, c: usize, count: i32): bool {
  if (count < 2) return false;
  clear(side, width);
  const hasMissing = load<u8>(missing + f) != 0 && load<i32>(occupied) == 0;
  if (!hasMissing) {
    if (randomCuts) scanOne(f, h, c, 0, count, -1, 0, 0);
    else scan(f, h, c, 0, count, -1, 0, 0);
    return true;
  }
  // A cut between missing and known; else missing rows to the right, then to the left.
  if (count == 2 || (randomCuts && below(count) == 0)) {
    const w = enter(h);
    offer(f, 0, 1, load<i32>(c), w);
    return true;
  }
  if (randomCuts) {
    if (below(2) == 0) scanOne(f, h, c, 1, count, 0, 0, 0);
    else scanOne(f, h, c, 1, count, 1, load<i32>(c), enter(h));
    return true;
  }
  scan(f, h, c, 1, count, 0, 0, 0);
  const alone = load<i32>(c);
  clear(side, width);
  const w = enter(h);
  offer(f, 0, 1, alone, w);
  scan(f, h, c, 1, count, 1, alone, w);
  return true;
}

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
function tryDense(f: i32, from: i32, rows: i32): bool {
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

// What `scan` does for the commonest case, regression without missing values, in registers and clearing as it goes.

/** Take one occupied bin to the left and weigh the cut after it: s²/w + t²/r > best, multiplied out. */
// @ts-ignore: decorator
@inline
function sweep(f: i32, b: i32, w: f64, s: f64, rows: i32): void {
  if (rows < minLeaf || nodeRows - rows < minLeaf) return;
  const rest = nodeWeight - w;
  const t = load<f64>(total, 8) - s;
  const value = s * s * rest + t * t * w;
  const scale = w * rest;
  if (value > bestScore * scale * TIE) {
    bestScore = value / scale;
    bestFeature = f;
    bestCut = b;
    bestMissing = i32(w + w >= nodeWeight);
  }
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

/** Histograms of all sparse features in one pass over the node's rows; appends those touched to the candidates. */
function fillSparse(node: i32, from: i32, rows: i32, found: i32): i32 {
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
function trySparse(f: i32, rows: i32): bool {
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

/** Gather the node's rows beside each other and sum them; false when the target does not vary. */
function gather(from: i32, rows: i32): bool {
  clear(total, width);
  nodeWeight = 0;
  let varies = false;
  const first = load<i32>(order + (from << 2));
  for (let i = 0; i < rows; i++) {
    const r = load<i32>(order + ((from + i) << 2));
    const w = load<f64>(weights + (<usize>r << 3));
    const pair = pairs + (<usize>i << 4);
    store<f64>(pair, w);
    nodeWeight += w;
    if (classes == 0) {
      const y = load<f64>(target + (<usize>r << 3));
      varies = varies || y != load<f64>(target + (<usize>first << 3));
      store<f64>(pair, w * y, 8);
      v128.store(total, f64x2.add(v128.load(total), v128.load(pair)));
    } else {
      const k = load<i32>(target + (<usize>r << 2));
      varies = varies || k != load<i32>(target + (<usize>first << 2));
      store<i32>(pair, k, 8);
      store<f64>(total + (k << 3), load<f64>(total + (k << 3)) + w);
    }
  }
  return varies;
}

/** What the node is worth unsplit. */
function whole(): f64 {
  if (classes == 0) {
    const s = load<f64>(total, 8);
    return (s * s) / nodeWeight;
  }
  let squares: f64 = 0;
  for (let k = 0; k < classes; k++) squares += load<f64>(total + (k << 3)) * load<f64>(total + (k << 3));
  return squares / nodeWeight;
}

/** A gain below this part of the worth is rounding. */
const ROUNDING: f64 = 1e-12;

/** Draw features and keep the best split; the gain, or 0 when the node stays whole. */
function search(node: i32, from: i32, rows: i32): f64 {
  memory.copy(candidates, dense, denseCount << 2);
  const count = fillSparse(node, from, rows, denseCount);
  const wanted = max(1, <i32>Math.ceil(share * <f64>count));
  const worth = whole();
  bestScore = worth + ROUNDING * Math.abs(worth);
  bestFeature = -1;
  let tried = 0;
  for (let i = 0; i < count && tried < wanted; i++) {
    const j = i + below(count - i);
    const f = load<i32>(candidates + (j << 2));
    store<i32>(candidates + (j << 2), load<i32>(candidates + (i << 2)));
    store<i32>(candidates + (i << 2), f);
    if (load<i32>(base + (f << 2)) < 0 ? tryDense(f, from, rows) : trySparse(f, rows)) tried++;
  }
  return bestFeature < 0 ? 0 : bestScore - worth;
}

// @ts-ignore: decorator
@inline
function goesLeft(f: i32, bin: i32, cut: i32, missingLeft: i32): bool {
  return bin == 0 && load<u8>(missing + f) != 0 ? missingLeft != 0 : bin <= cut;
}

/** Move the rows that go left to the front, keeping both sides' order; how many there are. */
function partition(from: i32, rows: i32): i32 {
  const column = columns + <usize>bestFeature * n;
  let left = 0;
  let right = 0;
  for (let i = 0; i < rows; i++) {
    const r = load<i32>(order + ((from + i) << 2));
    if (goesLeft(bestFeature, load<u8>(column + r), bestCut, bestMissing)) {
      store<i32>(order + ((from + left) << 2), r);
      left++;
    } else {
      store<i32>(spare + (right << 2), r);
      right++;
    }
  }
  memory.copy(order + ((from + left) << 2), spare, right << 2);
  return left;
}

function push(at: i32, node: i32, from: i32, to: i32, depth: i32, hash: u64): void {
  const s = stack + <usize>at * 24;
  store<i32>(s, node);
  store<i32>(s, from, 4);
  store<i32>(s, to, 8);
  store<i32>(s, depth, 12);
  store<u64>(s, hash, 16);
}

/** Grow one tree on the rows of positive weight; the number of its nodes. Rows out of the bag are then led to their leaves. */
export function grow(seedHigh: i32, seedLow: i32): i32 {
  let rows = 0;
  for (let r = 0; r < n; r++) {
    if (!(load<f64>(weights + (<usize>r << 3)) > 0)) continue;
    store<i32>(order + (rows << 2), r);
    rows++;
  }
  memory.fill(stamp, 255, <usize>d << 2);
  push(0, 0, 0, rows, 0, mix(((<u64>(<u32>seedHigh)) << 32) | <u64>(<u32>seedLow)));
  let open = 1;
  let nodes = 1;
  while (open > 0) {
    open--;
    const s = stack + <usize>open * 24;
    const node = load<i32>(s), from = load<i32>(s, 4), to = load<i32>(s, 8), depth = load<i32>(s, 12);
    const hash = load<u64>(s, 16);
    state = hash;
    nodeRows = to - from;
    const varies = gather(from, nodeRows);
    memory.copy(nodeSums + <usize>(node * width) * 8, total, width << 3);
    store<i32>(nodeFeature + (node << 2), -1);
    store<i32>(nodeCut + (node << 2), 0);
    store<i32>(nodeMissing + (node << 2), 0);
    store<i32>(nodeLeft + (node << 2), -1);
    const gain = varies && nodeRows >= 2 * minLeaf && depth < maxDepth ? search(node, from, nodeRows) : 0;
    if (gain == 0) {
      for (let i = from; i < to; i++) store<i32>(leafOf + (load<i32>(order + (i << 2)) << 2), node);
      continue;
    }
    const middle = from + partition(from, nodeRows);
    store<i32>(nodeFeature + (node << 2), bestFeature);
    store<i32>(nodeCut + (node << 2), bestCut);
    store<i32>(nodeMissing + (node << 2), bestMissing);
    store<i32>(nodeLeft + (node << 2), nodes);
    store<f64>(gains + (bestFeature << 3), load<f64>(gains + (bestFeature << 3)) + gain);
    push(open, nodes + 1, middle, to, depth + 1, mix(hash + 2));
    push(open + 1, nodes, from, middle, depth + 1, mix(hash + 1));
    open += 2;
    nodes += 2;
  }
  route();
  return nodes;
}

function route(): void {
  for (let r = 0; r < n; r++) {
    if (load<f64>(weights + (<usize>r << 3)) > 0) continue;
    let node = 0;
    for (;;) {
      const f = load<i32>(nodeFeature + (node << 2));
      if (f < 0) break;
      const bin = <i32>load<u8>(columns + <usize>f * n + r);
      const left = load<i32>(nodeLeft + (node << 2));
      node = goesLeft(f, bin, load<i32>(nodeCut + (node << 2)), load<i32>(nodeMissing + (node << 2))) ? left : left + 1;
    }
    store<i32>(leafOf + (r << 2), node);
  }
}

// ── plain histograms, for callers that grow their trees themselves ────────
/** Σ value and Σ weight per (feature, bin): out is features × 256 × 2. `list` holds `count` rows; `packed` is n × (value, weight). */
export function histogramPairs(bins: usize, rows: i32, features: i32, list: usize, count: i32, packed: usize, out: usize): void {
  memory.fill(out, 0, <usize>features << 12);
  for (let f = 0; f < features; f++) {
    const column = bins + <usize>f * rows;
    const h0 = out + (<usize>f << 12);
    for (let i = 0; i < count; i++) {
      const r = load<i32>(list + (<usize>i << 2));
      const h = h0 + (<usize>load<u8>(column + r) << 4);
      v128.store(h, f64x2.add(v128.load(h), v128.load(packed + (<usize>r << 4))));
    }
  }
}

/** Σ weight per (feature, bin, class): out is features × 256 × k. */
export function histogramByClass(bins: usize, rows: i32, features: i32, list: usize, count: i32, codes: usize, w: usize, k: i32, out: usize): void {
  memory.fill(out, 0, <usize>features * 256 * k * 8);
  for (let f = 0; f < features; f++) {
    const column = bins + <usize>f * rows;
    const h0 = out + <usize>f * 256 * k * 8;
    for (let i = 0; i < count; i++) {
      const r = load<i32>(list + (<usize>i << 2));
      const h = h0 + (<usize>load<u8>(column + r) * k + load<i32>(codes + (<usize>r << 2))) * 8;
      store<f64>(h, load<f64>(h) + load<f64>(w + (<usize>r << 3)));
    }
  }
}
