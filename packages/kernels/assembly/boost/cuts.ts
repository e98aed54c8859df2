/* The cuts of a node from its histogram, and the best of them. */
import { BINS, COUNT_BITS, COUNT_MASK, denseCount, gradientUnit, hessianUnit, slotAt, sparseStart, wide } from "./cells";
import { binCount, category, denseList, l2, leftOut, minHessian, minLeaf, missing, monotone, ranked, ranks, sparseAt, sparseList } from "./state";

/** The node: its sums as words, and as numbers, gradients in units. */
let nodeFirst: i64 = 0;
let nodeSecond: i64 = 0;
let nodeG: f64 = 0;
let nodeH: f64 = 0;
let nodeRows: i32 = 0;

export let bestScore: f64 = 0;
export let bestFeature: i32 = -1;
export let bestCut: i32 = 0;
export let bestMissing: i32 = 0;
/** Sums of the left side of the best cut. */
export let bestFirst: i64 = 0;
export let bestSecond: i64 = 0;
/** Bins to the left of the best cut, where its feature is a category. */
export let set0: u64 = 0;
export let set1: u64 = 0;
export let set2: u64 = 0;
export let set3: u64 = 0;

/** A gain below this part of the worth is rounding. */
const ROUNDING: f64 = 1e-12;
/** Rows' worth of zero gradient that every category is given when categories are put in order, so that rare ones do not lead (Ke et al. 2017). */
const SMOOTH: f64 = 10;

// @ts-ignore: decorator
@inline
function gradientOf(first: i64): f64 {
  return <f64>(wide ? first : first >> COUNT_BITS);
}
// @ts-ignore: decorator
@inline
function rowsOf(first: i64, second: i64): i32 {
  return <i32>((wide ? second : first) & COUNT_MASK);
}
// @ts-ignore: decorator
@inline
function hessianOf(first: i64, second: i64): f64 {
  return (wide ? <f64>(second >> COUNT_BITS) : <f64>(first & COUNT_MASK)) * hessianUnit;
}
// @ts-ignore: decorator
@inline
function word(h: usize, bin: i32): i64 {
  return load<i64>(h + (<usize>bin << (wide ? 4 : 3)));
}
// @ts-ignore: decorator
@inline
function word2(h: usize, bin: i32): i64 {
  return wide ? load<i64>(h + (<usize>bin << 4), 8) : 0;
}

/** Weigh one cut by Σ over sides of G² / (H + l2), Chen & Guestrin (2016), eq. 7; true when it is the best so far. */
// @ts-ignore: decorator
@inline
function offer(f: i32, cut: i32, missingLeft: i32, first: i64, second: i64): bool {
  const rows = rowsOf(first, second);
  if (rows < minLeaf || nodeRows - rows < minLeaf) return false;
  const h = hessianOf(first, second), rest = nodeH - h;
  if (h < minHessian || rest < minHessian) return false;
  const g = gradientOf(first), other = nodeG - g;
  const hl = h + l2, hr = nodeH + 2 * l2 - hl;
  const scale = hl * hr;
  const score = g * g * hr + other * other * hl;
  if (!(score > bestScore * scale)) return false;
  const direction = <i32>load<i8>(monotone + f);
  // The left side's value is −g / hl; it must not be above the right side's where predictions may not fall.
  if (direction != 0 && <f64>direction * (other * hl - g * hr) > 0) return false;
  bestScore = score / scale;
  bestFeature = f;
  bestCut = cut;
  // A value missing only at prediction time follows the larger side.
  bestMissing = missingLeft >= 0 ? missingLeft : i32(rows + rows >= nodeRows);
  bestFirst = first;
  bestSecond = second;
  return true;
}

// Two cuts are weighed in one go, since hardly any beats the best: see `offer` for the same one by one.

/** Bits of 2⁵²: or-ed with a whole number below it they are that number plus 2⁵². */
const HIGH: i64 = 0x4330000000000000;
const TWO52: f64 = 4503599627370496;
const SIGN: i64 = i64.MIN_VALUE;

/** Signed words shifted by COUNT_BITS, as numbers. */
// @ts-ignore: decorator
@inline
function shifted(words: v128): v128 {
  return f64x2.sub(v128.or(i64x2.shr_u(v128.xor(words, i64x2.splat(SIGN)), COUNT_BITS), i64x2.splat(HIGH)), f64x2.splat(TWO52 + 549755813888));
}

/** Words from 0 to 2⁵² as numbers. */
// @ts-ignore: decorator
@inline
function positive(words: v128): v128 {
  return f64x2.sub(v128.or(words, i64x2.splat(HIGH)), f64x2.splat(TWO52));
}

/** Words between ±2⁵¹ as numbers. */
// @ts-ignore: decorator
@inline
function signed(words: v128): v128 {
  return f64x2.sub(i64x2.add(words, i64x2.splat(0x4338000000000000)), f64x2.splat(6755399441055744));
}

/** Whether a cut with gradient g and Hessian (plus l2) hl to its left beats the best. */
// @ts-ignore: decorator
@inline
function promising(g: v128, hl: v128, allG: v128, allH: v128, best: v128): bool {
  const hr = f64x2.sub(allH, hl), other = f64x2.sub(allG, g);
  const score = f64x2.add(f64x2.mul(f64x2.mul(g, g), hr), f64x2.mul(f64x2.mul(other, other), hl));
  return v128.any_true(f64x2.gt(score, f64x2.mul(best, f64x2.mul(hl, hr))));
}

/** Every cut after the bins `from` …; what is on the left already comes in `first` and `second`. */
function scan(f: i32, h: usize, from: i32, bins: i32, missingLeft: i32, first: i64, second: i64): void {
  let b = from;
  // Cuts that leave too few rows on the left are not worth a look.
  for (; b < bins && rowsOf(first + word(h, b), second + word2(h, b)) < minLeaf; b++) {
    first += word(h, b);
    second += word2(h, b);
  }
  if (wide) scanWide(f, h, b, bins, missingLeft, i64x2.replace_lane(i64x2.splat(first), 1, second));
  else scanNarrow(f, h, b, bins, missingLeft, i64x2.splat(first));
}

function scanNarrow(f: i32, h: usize, b: i32, bins: i32, missingLeft: i32, left: v128): void {
  const most = <i64>(nodeRows - minLeaf);
  const allG = f64x2.splat(nodeG), allH = f64x2.splat(nodeH + 2 * l2), unit = f64x2.splat(hessianUnit), lambda = f64x2.splat(l2);
  let best = f64x2.splat(bestScore);
  for (; b + 1 < bins && (i64x2.extract_lane(left, 0) & COUNT_MASK) <= most; b += 2) {
    const cells = v128.load(h + (<usize>b << 3));
    left = i64x2.add(i64x2.add(left, cells), v128.shuffle<i64>(i64x2.splat(0), cells, 0, 2));
    if (promising(shifted(left), f64x2.add(f64x2.mul(positive(v128.and(left, i64x2.splat(COUNT_MASK))), unit), lambda), allG, allH, best)) {
      offer(f, b, missingLeft, i64x2.extract_lane(left, 0), 0);
      offer(f, b + 1, missingLeft, i64x2.extract_lane(left, 1), 0);
      best = f64x2.splat(bestScore);
    }
    left = v128.shuffle<i64>(left, left, 1, 1);
  }
  if (b < bins) offer(f, b, missingLeft, i64x2.extract_lane(left, 0) + word(h, b), 0);
}

function scanWide(f: i32, h: usize, b: i32, bins: i32, missingLeft: i32, left: v128): void {
  const most = <i64>(nodeRows - minLeaf);
  const allG = f64x2.splat(nodeG), allH = f64x2.splat(nodeH + 2 * l2), unit = f64x2.splat(hessianUnit), lambda = f64x2.splat(l2);
  let best = f64x2.splat(bestScore);
  for (; b + 1 < bins && (i64x2.extract_lane(left, 1) & COUNT_MASK) <= most; b += 2) {
    const p = i64x2.add(left, v128.load(h + (<usize>b << 4)));
    left = i64x2.add(p, v128.load(h + (<usize>b << 4), 16));
    if (promising(signed(v128.shuffle<i64>(p, left, 0, 2)), f64x2.add(f64x2.mul(positive(i64x2.shr_u(v128.shuffle<i64>(p, left, 1, 3), COUNT_BITS)), unit), lambda), allG, allH, best)) {
      offer(f, b, missingLeft, i64x2.extract_lane(p, 0), i64x2.extract_lane(p, 1));
      offer(f, b + 1, missingLeft, i64x2.extract_lane(left, 0), i64x2.extract_lane(left, 1));
      best = f64x2.splat(bestScore);
    }
  }
  if (b < bins) offer(f, b, missingLeft, i64x2.extract_lane(left, 0) + word(h, b), i64x2.extract_lane(left, 1) + word2(h, b));
}

function ordered(f: i32, h: usize, bins: i32): void {
  const hasMissing = load<u8>(missing + f) != 0 && rowsOf(word(h, 0), word2(h, 0)) > 0;
  if (!hasMissing) {
    scan(f, h, 0, bins, -1, 0, 0);
    return;
  }
  scan(f, h, 1, bins, 0, 0, 0);
  offer(f, 0, 1, word(h, 0), word2(h, 0));
  scan(f, h, 1, bins, 1, word(h, 0), word2(h, 0));
}

// @ts-ignore: decorator
@inline
function addToSet(b: i32): void {
  const bit = (<u64>1) << (b & 63);
  if (b < 64) set0 |= bit;
  else if (b < 128) set1 |= bit;
  else if (b < 192) set2 |= bit;
  else set3 |= bit;
}

/** Categories in the order of their gradients, then every cut of that order: the best of all subsets (Fisher 1958) but for the smoothing. */
function categories(f: i32, h: usize, bins: i32): void {
  let count = 0;
  for (let b = 0; b < bins; b++) {
    const w = word(h, b), w2 = word2(h, b);
    if (rowsOf(w, w2) == 0) continue;
    const rank = gradientOf(w) / (hessianOf(w, w2) + SMOOTH * nodeH / <f64>nodeRows);
    let at = count;
    for (; at > 0 && load<f64>(ranks + (<usize>(at - 1) << 3)) > rank; at--) {
      store<f64>(ranks + (<usize>at << 3), load<f64>(ranks + (<usize>(at - 1) << 3)));
      store<i32>(ranked + (<usize>at << 2), load<i32>(ranked + (<usize>(at - 1) << 2)));
    }
    store<f64>(ranks + (<usize>at << 3), rank);
    store<i32>(ranked + (<usize>at << 2), b);
    count++;
  }
  let first: i64 = 0, second: i64 = 0, found = -1;
  for (let i = 0; i < count - 1; i++) {
    const b = load<i32>(ranked + (<usize>i << 2));
    first += word(h, b);
    second += word2(h, b);
    if (offer(f, 0, -1, first, second)) found = i;
  }
  if (found < 0) return;
  // Categories that the node lacks follow the larger side, as unknown ones do.
  const absent: u64 = bestMissing != 0 ? ~(<u64>0) : 0;
  set0 = absent;
  set1 = absent;
  set2 = absent;
  set3 = absent;
  for (let i = 0; i < count; i++) {
    const b = load<i32>(ranked + (<usize>i << 2));
    removeFromSet(b);
    if (i <= found) addToSet(b);
  }
}

// @ts-ignore: decorator
@inline
function removeFromSet(b: i32): void {
  const mask = ~((<u64>1) << (b & 63));
  if (b < 64) set0 &= mask;
  else if (b < 128) set1 &= mask;
  else if (b < 192) set2 &= mask;
  else set3 &= mask;
}

/** Look for the best cut of a node of these sums; its gain, or 0 where none gains. */
export function search(slot: i32, first: i64, second: i64, sparse: i32): f64 {
  nodeFirst = first;
  nodeSecond = second;
  nodeG = gradientOf(first);
  nodeH = hessianOf(first, second);
  nodeRows = rowsOf(first, second);
  const worth = (nodeG * nodeG) / (nodeH + l2);
  bestScore = worth + ROUNDING * worth;
  bestFeature = -1;
  const size: usize = wide ? 16 : 8;
  const start = slotAt(slot);
  for (let k = 0; k < denseCount; k++) {
    const f = load<i32>(denseList + (k << 2));
    tryFeature(f, start + <usize>k * BINS * size);
  }
  const others = sparseStart(start, size);
  for (let k = 0; k < sparse; k++) {
    const f = load<i32>(sparseList + (k << 2));
    const h = others + <usize>load<i32>(sparseAt + (f << 2)) * size;
    putLeftOut(f, h);
    tryFeature(f, h);
    clearLeftOut(f, h);
  }
  return bestFeature < 0 ? 0 : (bestScore - worth) * gradientUnit * gradientUnit;
}

// @ts-ignore: decorator
@inline
function tryFeature(f: i32, h: usize): void {
  const bins = load<i32>(binCount + (f << 2));
  if (load<u8>(category + f) != 0) categories(f, h, bins);
  else ordered(f, h, bins);
}

/** The bin that entries leave out is the node minus the others; it is zero again afterwards, so that histograms can be subtracted. */
function putLeftOut(f: i32, h: usize): void {
  const bins = load<i32>(binCount + (f << 2));
  let first = nodeFirst, second = nodeSecond;
  for (let b = 0; b < bins; b++) {
    first -= word(h, b);
    second -= word2(h, b);
  }
  const at = h + (<usize>load<i32>(leftOut + (f << 2)) << (wide ? 4 : 3));
  store<i64>(at, first);
  if (wide) store<i64>(at, second, 8);
}

function clearLeftOut(f: i32, h: usize): void {
  const at = h + (<usize>load<i32>(leftOut + (f << 2)) << (wide ? 4 : 3));
  store<i64>(at, 0);
  if (wide) store<i64>(at, 0, 8);
}
