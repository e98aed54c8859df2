/* What one instance works on. All addresses are handed in by the caller, who lays out the memory. */

/** First byte that the caller may use. */
export function heapStart(): usize {
  return (__heap_base + 63) & ~63;
}

export let n: i32 = 0;
/** Bins of all features, one feature after another (u8). */
export let columns: usize = 0;
/** Compressed rows of the sparse features: offsets (n + 1, i32), and entries (i32): the cell that a value counts in. */
export let offsets: usize = 0;
export let entries: usize = 0;
/** Cells of the sparse features together. */
export let sparseCells: i32 = 0;
/** Per feature: how many bins (i32), the first sparse cell or −1 when dense (i32), the bin left out of the entries (i32). */
export let binCount: usize = 0;
export let sparseAt: usize = 0;
export let leftOut: usize = 0;
/** Per feature (u8): 1 where bin 0 stands for a missing value; 1 where bins are categories without an order. */
export let missing: usize = 0;
export let category: usize = 0;
/** Per feature (i8): 1 where predictions must not fall as it rises, −1 where they must not rise, else 0. */
export let monotone: usize = 0;

export function setTable(rows: i32, bins: usize, off: usize, ent: usize, cells: i32, bc: usize, sa: usize, lo: usize, miss: usize, cat: usize, mono: usize): void {
  n = rows;
  columns = bins;
  offsets = off;
  entries = ent;
  sparseCells = cells;
  binCount = bc;
  sparseAt = sa;
  leftOut = lo;
  missing = miss;
  category = cat;
  monotone = mono;
}

export let maxLeaves: i32 = 31;
export let maxDepth: i32 = 64;
export let minLeaf: i32 = 1;
export let minHessian: f64 = 0;
export let l2: f64 = 0;

export function setTask(leaves: i32, depth: i32, least: i32, hessian: f64, lambda: f64): void {
  maxLeaves = leaves;
  maxDepth = depth;
  minLeaf = least;
  minHessian = hessian;
  l2 = lambda;
}

/** Per row: gradient and Hessian (f64), as the caller writes them. */
export let gradients: usize = 0;
export let hessians: usize = 0;
/** Per row: the same as cells; then those of the rows of the node at hand, side by side. */
export let cells: usize = 0;
export let gathered: usize = 0;
/** Rows of the tree, grouped by node (i32); a second buffer for partitions. */
export let order: usize = 0;
export let spare: usize = 0;
/** The features to search: dense ones (i32 list), then sparse ones (i32 list). */
export let denseList: usize = 0;
export let sparseList: usize = 0;
/** Bins of the dense features to search, eight features side by side for each row: blocks × n × 8. */
export let blocks: usize = 0;
/** Histograms: one slot for each open leaf and one to spare. */
export let slots: usize = 0;
/** Bins of a category feature in the order of their gradients: bin (i32), and what they are ordered by (f64). */
export let ranked: usize = 0;
export let ranks: usize = 0;
/** Open leaves, RECORD bytes each. */
export let leaves: usize = 0;

export function setWork(g: usize, h: usize, c: usize, ga: usize, o: usize, s: usize, dl: usize, sl: usize, b: usize, sls: usize, rd: usize, rs: usize, lv: usize): void {
  gradients = g;
  hessians = h;
  cells = c;
  gathered = ga;
  order = o;
  spare = s;
  denseList = dl;
  sparseList = sl;
  blocks = b;
  slots = sls;
  ranked = rd;
  ranks = rs;
  leaves = lv;
}

/** Per node: feature or −1, last bin to the left, missing to the left, left child (i32 each), gain (f64), bins to the left of a category cut (8 × u32). */
export let nodeFeature: usize = 0;
export let nodeCut: usize = 0;
export let nodeMissing: usize = 0;
export let nodeLeft: usize = 0;
export let nodeGain: usize = 0;
export let nodeSet: usize = 0;
/** Per row: its leaf (i32). */
export let leafOf: usize = 0;

export function setTree(f: usize, c: usize, m: usize, l: usize, g: usize, s: usize, leaf: usize): void {
  nodeFeature = f;
  nodeCut = c;
  nodeMissing = m;
  nodeLeft = l;
  nodeGain = g;
  nodeSet = s;
  leafOf = leaf;
}
