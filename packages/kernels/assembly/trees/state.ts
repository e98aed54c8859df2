/* What one grower holds, as addresses in linear memory that the caller lays out: the table, the task, work space, the tree. */

/** First byte that the caller may use. */
export function heapStart(): usize {
  return (__heap_base + 63) & ~63;
}

export let n: i32 = 0;
export let d: i32 = 0;
/** d × n bins, one feature after another. */
export let columns: usize = 0;
/** The dense features' bins once more, n × denseCount: a small node's rows then fit the cache. */
export let byRow: usize = 0;
/** Place of each feature in the dense list (i32). */
export let placeOf: usize = 0;
/** Features kept by columns alone: their number and list (i32). */
export let denseCount: i32 = 0;
export let dense: usize = 0;
/** Compressed rows of the others: offsets (n + 1, i32) and entries (feature << 8 | bin, i32). */
export let offsets: usize = 0;
export let entries: usize = 0;
/** Per feature (i32): where its bins start in the sparse histogram, how many it has, which is left out. */
export let base: usize = 0;
export let binCount: usize = 0;
export let leftOut: usize = 0;
/** Per feature (u8): 1 where bin 0 stands for a missing value. */
export let missing: usize = 0;

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

/** 0 for regression, else the number of classes. */
export let classes: i32 = 0;
/** f64 per bin and node: 2 for regression, one per class otherwise. */
export let width: i32 = 2;
/** Per row: the value (f64), or the class (i32). */
export let target: usize = 0;
export let weights: usize = 0;
export let share: f64 = 1;
export let minLeaf: i32 = 1;
export let maxDepth: i32 = 0;
export let randomCuts: bool = false;
/** Classes: judge cuts by entropy instead of the Gini impurity. */
export let entropy: bool = false;

export function setTask(k: i32, values: usize, w: usize, featureShare: f64, leaf: i32, depth: i32, random: bool, byEntropy: bool): void {
  classes = k;
  width = k == 0 ? 2 : k;
  target = values;
  weights = w;
  share = featureShare;
  minLeaf = leaf;
  maxDepth = depth;
  randomCuts = random;
  entropy = byEntropy;
}

/** Rows in the bag, grouped by node; a second buffer for partitions. */
export let order: usize = 0;
export let spare: usize = 0;
/** Per place in the present node: (w, w y) or (w, class). */
export let pairs: usize = 0;
/** Histogram of one dense feature: 256 × width f64 and 256 counts (i32). */
export let hist: usize = 0;
export let counts: usize = 0;
/** The same for all sparse features. */
export let sparseHist: usize = 0;
export let sparseCounts: usize = 0;
/** Node that last touched a feature (i32). */
export let stamp: usize = 0;
/** Features that vary or may vary in the node (i32). */
export let candidates: usize = 0;
/** Occupied bins of the feature at hand (i32). */
export let occupied: usize = 0;
/** Totals of the node and of the left side, `width` f64 each, and the statistics of the best split. */
export let total: usize = 0;
export let side: usize = 0;
/** Open nodes: node, from, to, depth (i32) and hash (i64): 24 bytes each. */
export let stack: usize = 0;
/** Eight words (u32) that say which bins are occupied. */
export let mask: usize = 0;

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

/** Per node: feature or −1 (i32), cut (i32: bin ≤ cut goes left), missing goes left (i32), left child (i32), sums (width f64). */
export let nodeFeature: usize = 0;
export let nodeCut: usize = 0;
export let nodeMissing: usize = 0;
export let nodeLeft: usize = 0;
export let nodeSums: usize = 0;
/** Per row: its leaf (i32). */
export let leafOf: usize = 0;
/** Per feature: gain so far (f64). */
export let gains: usize = 0;

export function setTree(f: usize, c: usize, m: usize, l: usize, s: usize, leaf: usize, g: usize): void {
  nodeFeature = f;
  nodeCut = c;
  nodeMissing = m;
  nodeLeft = l;
  nodeSums = s;
  leafOf = leaf;
  gains = g;
}
