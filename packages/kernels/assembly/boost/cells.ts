/* Gradients and Hessians as whole numbers, the bins of the features to search side by side, and histograms of them. */
import { binCount, blocks, cells, columns, denseList, entries, gathered, gradients, hessians, n, offsets, order, slots, sparseCells } from "./state";

/** Features of a block, and cells that each has in a histogram. */
export const WIDTH: i32 = 8;
export const BINS: i32 = 256;
/** Low bits of a word that count rows. */
export const COUNT_BITS: i32 = 24;
export const COUNT_MASK: i64 = (1 << 24) - 1;

/** Whether a cell has two words. */
export let wide: bool = false;
/** What one unit of a rounded gradient or Hessian is worth; with one word a row's Hessian is `hessianUnit`. */
export let gradientUnit: f64 = 1;
export let hessianUnit: f64 = 1;
export let denseCount: i32 = 0;
/** Cells of one histogram. */
export let slotCells: i32 = 0;

// @ts-ignore: decorator
@inline
export function slotAt(slot: i32): usize {
  return slots + <usize>slot * <usize>slotCells * (wide ? 16 : 8);
}

/** Round the gradients of all rows, and lay out the bins of `dense` features unless they lie there from the tree before. */
export function prepare(two: bool, gUnit: f64, hUnit: f64, dense: i32, packAnew: bool): void {
  wide = two;
  gradientUnit = gUnit;
  hessianUnit = hUnit;
  denseCount = dense;
  slotCells = ((dense + WIDTH - 1) / WIDTH) * WIDTH * BINS + sparseCells;
  const perG = 1 / gUnit, perH = 1 / hUnit;
  for (let r = 0; r < n; r++) {
    const g = <i64>nearest(load<f64>(gradients + (<usize>r << 3)) * perG);
    if (two) {
      store<i64>(cells + (<usize>r << 4), g);
      store<i64>(cells + (<usize>r << 4), (<i64>nearest(load<f64>(hessians + (<usize>r << 3)) * perH) << COUNT_BITS) | 1, 8);
    } else store<i64>(cells + (<usize>r << 3), (g << COUNT_BITS) | 1);
  }
  if (packAnew) pack();
}

function pack(): void {
  for (let first = 0; first < denseCount; first += WIDTH) {
    const block = blocks + <usize>first * n;
    for (let k = 0; k < WIDTH; k++) {
      const known = first + k < denseCount;
      const column = known ? columns + <usize>load<i32>(denseList + ((first + k) << 2)) * n : 0;
      for (let r = 0; r < n; r++) store<u8>(block + (<usize>r << 3) + k, known ? load<u8>(column + r) : 0);
    }
  }
}

/** Set the cells in use to zero. */
function empty(h: usize, size: usize): void {
  for (let k = 0; k < denseCount; k++) memory.fill(h + <usize>k * BINS * size, 0, <usize>load<i32>(binCount + (load<i32>(denseList + (k << 2)) << 2)) * size);
  // Places of a block without a feature count in their bin 0, which nobody reads.
  memory.fill(sparseStart(h, size), 0, <usize>sparseCells * size);
}

// @ts-ignore: decorator
@inline
export function sparseStart(h: usize, size: usize): usize {
  return h + <usize>(slotCells - sparseCells) * size;
}

// @ts-ignore: decorator
@inline
function addNarrow(h: usize, bin: usize, cell: i64): void {
  const at = h + (bin << 3);
  store<i64>(at, load<i64>(at) + cell);
}

// @ts-ignore: decorator
@inline
function addWide(h: usize, bin: usize, cell: v128): void {
  const at = h + (bin << 4);
  v128.store(at, i64x2.add(v128.load(at), cell));
}

/** Histogram of the rows from … in a slot. */
export function fill(slot: i32, from: i32, rows: i32): void {
  const size: usize = wide ? 16 : 8;
  const h = slotAt(slot);
  empty(h, size);
  const list = order + (<usize>from << 2);
  if (wide) for (let i: usize = 0; i < <usize>rows; i++) v128.store(gathered + (i << 4), v128.load(cells + (<usize>load<i32>(list + (i << 2)) << 4)));
  else for (let i: usize = 0; i < <usize>rows; i++) store<i64>(gathered + (i << 3), load<i64>(cells + (<usize>load<i32>(list + (i << 2)) << 3)));
  for (let first = 0; first < denseCount; first += WIDTH) {
    const block = blocks + <usize>first * n;
    const base = h + <usize>first * BINS * size;
    if (wide) fillWide(block, base, list, rows);
    else fillNarrow(block, base, list, rows);
  }
  if (sparseCells > 0) fillSparse(sparseStart(h, size), list, rows);
}

function fillNarrow(block: usize, h: usize, list: usize, rows: i32): void {
  const end = list + (<usize>rows << 2);
  let g = gathered;
  for (; list < end; list += 4, g += 8) {
    const at = block + (<usize>load<u32>(list) << 3);
    const cell = load<i64>(g);
    addNarrow(h, load<u8>(at), cell);
    addNarrow(h + 2048, load<u8>(at, 1), cell);
    addNarrow(h + 4096, load<u8>(at, 2), cell);
    addNarrow(h + 6144, load<u8>(at, 3), cell);
    addNarrow(h + 8192, load<u8>(at, 4), cell);
    addNarrow(h + 10240, load<u8>(at, 5), cell);
    addNarrow(h + 12288, load<u8>(at, 6), cell);
    addNarrow(h + 14336, load<u8>(at, 7), cell);
  }
}

function fillWide(block: usize, h: usize, list: usize, rows: i32): void {
  const end = list + (<usize>rows << 2);
  let g = gathered;
  for (; list < end; list += 4, g += 16) {
    const at = block + (<usize>load<u32>(list) << 3);
    const cell = v128.load(g);
    addWide(h, load<u8>(at), cell);
    addWide(h + 4096, load<u8>(at, 1), cell);
    addWide(h + 8192, load<u8>(at, 2), cell);
    addWide(h + 12288, load<u8>(at, 3), cell);
    addWide(h + 16384, load<u8>(at, 4), cell);
    addWide(h + 20480, load<u8>(at, 5), cell);
    addWide(h + 24576, load<u8>(at, 6), cell);
    addWide(h + 28672, load<u8>(at, 7), cell);
  }
}

/** Values other than a feature's commonest count in their cells; the commonest is the node minus the others. */
function fillSparse(h: usize, list: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    const r = <usize>load<i32>(list + (<usize>i << 2));
    const end = load<i32>(offsets + ((r + 1) << 2));
    if (wide) {
      const cell = v128.load(gathered + (<usize>i << 4));
      for (let e = load<i32>(offsets + (r << 2)); e < end; e++) addWide(h, <usize>load<i32>(entries + (<usize>e << 2)), cell);
    } else {
      const cell = load<i64>(gathered + (<usize>i << 3));
      for (let e = load<i32>(offsets + (r << 2)); e < end; e++) addNarrow(h, <usize>load<i32>(entries + (<usize>e << 2)), cell);
    }
  }
}

/** Take the histogram of one child out of its parent's: what remains is the other child's. */
export function subtract(parent: i32, child: i32): void {
  const size: usize = wide ? 16 : 8;
  const p = slotAt(parent), c = slotAt(child);
  for (let k = 0; k < denseCount; k++) {
    const start = <usize>k * BINS * size;
    minus(p + start, c + start, <usize>load<i32>(binCount + (load<i32>(denseList + (k << 2)) << 2)) * size);
  }
  minus(sparseStart(p, size), sparseStart(c, size), <usize>sparseCells * size);
}

/** The last of an odd number of words goes alone. */
// @ts-ignore: decorator
@inline
function minus(p: usize, c: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(p + at, i64x2.sub(v128.load(p + at), v128.load(c + at)));
  if (at < bytes) store<i64>(p + at, load<i64>(p + at) - load<i64>(c + at));
}
