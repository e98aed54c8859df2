/* The cuts of one feature in one node, from its histogram, and the best split offered so far. */
import { below } from "./chance";
import { classes, entropy, minLeaf, missing, occupied, randomCuts, side, total, width } from "./state";

export let bestScore: f64 = 0;
export let bestFeature: i32 = -1;
export let bestCut: i32 = 0;
export let bestMissing: i32 = 0;
export let nodeRows: i32 = 0;
export let nodeWeight: f64 = 0;

/** Zero `count` numbers. A loop: calling out for a few bytes costs more than the bytes. */
// @ts-ignore: decorator
@inline
export function clear(at: usize, count: i32): void {
  if (count == 2) {
    v128.store(at, f64x2.splat(0));
    return;
  }
  for (let k = 0; k < count; k++) store<f64>(at + (k << 3), 0);
}

/** Scores closer than this are equal and the first wins: equal partitions are summed in different orders by different features. */
const TIE: f64 = 1 + 1e-10;

// @ts-ignore: decorator
@inline
function times(v: f64): f64 {
  return v > 0 ? v * Math.log(v) : 0;
}

/** Σ over classes of s log s − w log w, with w log(classes) added so that no set of rows is worth less than nothing. */
export function information(sums: usize, w: f64): f64 {
  let sum = w * Math.log(<f64>classes) - times(w);
  for (let k = 0; k < classes; k++) sum += times(load<f64>(sums + (k << 3)));
  return sum;
}

/** Both sides' worth by entropy. */
function scoreEntropy(w: f64): f64 {
  const rest = nodeWeight - w;
  let sum = nodeWeight * Math.log(<f64>classes) - times(w) - times(rest);
  for (let k = 0; k < classes; k++) {
    const l = load<f64>(side + (k << 3));
    sum += times(l) + times(load<f64>(total + (k << 3)) - l);
  }
  return sum;
}

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
  if (entropy) return scoreEntropy(w);
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
export function tryCuts(f: i32, h: usize, c: usize, count: i32): bool {
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

// What `scan` does for the commonest case, regression without missing values, in registers and clearing as it goes.

/** Take one occupied bin to the left and weigh the cut after it: s²/w + t²/r > best, multiplied out. */
// @ts-ignore: decorator
@inline
export function sweep(f: i32, b: i32, w: f64, s: f64, rows: i32): void {
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
