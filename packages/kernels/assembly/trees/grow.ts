/* Growing: gather a node's rows, search the best split, part the rows, and lead those out of the bag to their leaves. */
import { below, mix, reseed } from "./chance";
import { bestCut, bestFeature, bestMissing, bestScore, clear, information, nodeRows, nodeWeight } from "./cuts";
import { tryDense } from "./dense";
import { fillSparse, trySparse } from "./sparse";
import { base, candidates, classes, columns, d, dense, denseCount, entropy, gains, leafOf, maxDepth, minLeaf, missing, n, nodeCut, nodeFeature, nodeLeft, nodeMissing, nodeSums, order, pairs, share, spare, stack, stamp, target, total, weights, width } from "./state";

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
  if (entropy) return information(total, nodeWeight);
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
    reseed(hash);
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
