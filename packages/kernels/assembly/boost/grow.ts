/* Growing best first: part the leaf that gains most, count the smaller child, subtract for the larger one. */
import { cells, columns, category, leafOf, leaves, maxDepth, maxLeaves, minLeaf, missing, n, nodeCut, nodeFeature, nodeGain, nodeLeft, nodeMissing, nodeSet, order, spare } from "./state";
import { COUNT_MASK, fill, subtract, wide } from "./cells";
import { bestCut, bestFeature, bestFirst, bestMissing, bestSecond, search, set0, set1, set2, set3 } from "./cuts";

/** One open leaf. */
@unmanaged
class Leaf {
  gain: f64;
  first: i64;
  second: i64;
  leftFirst: i64;
  leftSecond: i64;
  set0: u64;
  set1: u64;
  set2: u64;
  set3: u64;
  node: i32;
  from: i32;
  to: i32;
  depth: i32;
  slot: i32;
  feature: i32;
  cut: i32;
  missingLeft: i32;
}

// @ts-ignore: decorator
@inline
function leafAt(i: i32): Leaf {
  return changetype<Leaf>(leaves + <usize>i * offsetof<Leaf>());
}

let sparse: i32 = 0;
/** Slots not in use lie at the end of the leaves' memory. */
let free: usize = 0;
let freeCount: i32 = 0;

function takeSlot(): i32 {
  freeCount--;
  return load<i32>(free + (freeCount << 2));
}
function giveSlot(slot: i32): void {
  store<i32>(free + (freeCount << 2), slot);
  freeCount++;
}

// @ts-ignore: decorator
@inline
function rowsOf(first: i64, second: i64): i32 {
  return <i32>((wide ? second : first) & COUNT_MASK);
}

// @ts-ignore: decorator
@inline
function divisible(leaf: Leaf): bool {
  return leaf.to - leaf.from >= 2 * minLeaf && leaf.depth < maxDepth;
}

/** Find the best cut of a leaf whose histogram lies in its slot. */
function examine(leaf: Leaf): void {
  leaf.gain = search(leaf.slot, leaf.first, leaf.second, sparse);
  leaf.feature = bestFeature;
  leaf.cut = bestCut;
  leaf.missingLeft = bestMissing;
  leaf.leftFirst = bestFirst;
  leaf.leftSecond = bestSecond;
  leaf.set0 = set0;
  leaf.set1 = set1;
  leaf.set2 = set2;
  leaf.set3 = set3;
  if (leaf.gain > 0) return;
  giveSlot(leaf.slot);
  leaf.slot = -1;
}

function open(i: i32, node: i32, from: i32, to: i32, depth: i32, first: i64, second: i64): Leaf {
  const leaf = leafAt(i);
  leaf.gain = 0;
  leaf.first = first;
  leaf.second = second;
  leaf.node = node;
  leaf.from = from;
  leaf.to = to;
  leaf.depth = depth;
  leaf.slot = -1;
  leaf.feature = -1;
  store<i32>(nodeFeature + (node << 2), -1);
  store<i32>(nodeCut + (node << 2), 0);
  store<i32>(nodeMissing + (node << 2), 0);
  store<i32>(nodeLeft + (node << 2), -1);
  store<f64>(nodeGain + (node << 3), 0);
  return leaf;
}

// @ts-ignore: decorator
@inline
function goesLeft(node: i32, f: i32, bin: i32): bool {
  if (load<u8>(category + f) != 0) return ((load<u32>(nodeSet + (<usize>node << 5) + (<usize>(bin >> 5) << 2)) >> (bin & 31)) & 1) != 0;
  return bin == 0 && load<u8>(missing + f) != 0 ? load<i32>(nodeMissing + (node << 2)) != 0 : bin <= load<i32>(nodeCut + (node << 2));
}

/** Move the rows that go left to the front, keeping both sides' order; how many there are. */
function partition(leaf: Leaf): i32 {
  const column = columns + <usize>leaf.feature * n;
  let left = leaf.from;
  let right = spare;
  for (let i = leaf.from; i < leaf.to; i++) {
    const r = load<i32>(order + (<usize>i << 2));
    const goes = i32(goesLeft(leaf.node, leaf.feature, load<u8>(column + r)));
    store<i32>(order + (<usize>left << 2), r);
    store<i32>(right, r);
    left += goes;
    right += <usize>(1 - goes) << 2;
  }
  memory.copy(order + (<usize>left << 2), spare, right - spare);
  return left;
}

function writeCut(leaf: Leaf, left: i32): void {
  const node = leaf.node;
  store<i32>(nodeFeature + (node << 2), leaf.feature);
  store<i32>(nodeCut + (node << 2), leaf.cut);
  store<i32>(nodeMissing + (node << 2), leaf.missingLeft);
  store<i32>(nodeLeft + (node << 2), left);
  store<f64>(nodeGain + (node << 3), leaf.gain);
  if (load<u8>(category + leaf.feature) == 0) return;
  const set = nodeSet + (<usize>node << 5);
  store<u64>(set, leaf.set0);
  store<u64>(set, leaf.set1, 8);
  store<u64>(set, leaf.set2, 16);
  store<u64>(set, leaf.set3, 24);
}

/** Histograms and best cuts of two children, of which the left one takes its parent's place among the leaves. */
function examineBoth(a: Leaf, b: Leaf, slot: i32): void {
  const lesser = a.to - a.from <= b.to - b.from ? a : b;
  const greater = lesser == a ? b : a;
  if (!divisible(greater)) {
    giveSlot(slot);
    return;
  }
  lesser.slot = takeSlot();
  greater.slot = slot;
  fill(lesser.slot, lesser.from, lesser.to - lesser.from);
  subtract(slot, lesser.slot);
  examine(greater);
  if (divisible(lesser)) examine(lesser);
  else {
    giveSlot(lesser.slot);
    lesser.slot = -1;
  }
}

/** Grow one tree on the first `rows` rows of `order`; the number of its nodes. Other rows are led to their leaves. */
export function grow(rows: i32, sparseFeatures: i32): i32 {
  sparse = sparseFeatures;
  free = leaves + <usize>(maxLeaves + 1) * offsetof<Leaf>();
  freeCount = 0;
  for (let s = maxLeaves; s >= 0; s--) giveSlot(s);
  let first: i64 = 0, second: i64 = 0;
  for (let i = 0; i < rows; i++) {
    const r = <usize>load<i32>(order + (<usize>i << 2));
    first += load<i64>(cells + (r << (wide ? 4 : 3)));
    if (wide) second += load<i64>(cells + (r << 4), 8);
  }
  const root = open(0, 0, 0, rows, 0, first, second);
  if (maxLeaves > 1 && divisible(root)) {
    root.slot = takeSlot();
    fill(root.slot, 0, rows);
    examine(root);
  }
  let count = 1, nodes = 1;
  while (count < maxLeaves) {
    let best = 0;
    for (let i = 1; i < count; i++) if (leafAt(i).gain > leafAt(best).gain) best = i;
    const leaf = leafAt(best);
    if (!(leaf.gain > 0)) break;
    writeCut(leaf, nodes);
    const middle = partition(leaf);
    const slot = leaf.slot, depth = leaf.depth + 1, from = leaf.from, to = leaf.to;
    const leftFirst = leaf.leftFirst, leftSecond = leaf.leftSecond;
    const rightFirst = leaf.first - leftFirst, rightSecond = leaf.second - leftSecond;
    const a = open(best, nodes, from, middle, depth, leftFirst, leftSecond);
    const b = open(count, nodes + 1, middle, to, depth, rightFirst, rightSecond);
    count++;
    nodes += 2;
    if (count < maxLeaves) examineBoth(a, b, slot);
    else giveSlot(slot);
  }
  label(count);
  return nodes;
}

/** Write every row's leaf: those of the tree by their places, the others by their way down. */
function label(count: i32): void {
  memory.fill(leafOf, 255, <usize>n << 2);
  for (let i = 0; i < count; i++) {
    const leaf = leafAt(i);
    for (let k = leaf.from; k < leaf.to; k++) store<i32>(leafOf + (<usize>load<i32>(order + (<usize>k << 2)) << 2), leaf.node);
  }
  for (let r = 0; r < n; r++) {
    if (load<i32>(leafOf + (<usize>r << 2)) >= 0) continue;
    let node = 0;
    for (;;) {
      const f = load<i32>(nodeFeature + (node << 2));
      if (f < 0) break;
      const left = load<i32>(nodeLeft + (node << 2));
      node = goesLeft(node, f, <i32>load<u8>(columns + <usize>f * n + r)) ? left : left + 1;
    }
    store<i32>(leafOf + (<usize>r << 2), node);
  }
}
