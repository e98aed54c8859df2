/*
 * Tables of the n-gram as one tree per state (open branches yes or no, number of open rings): a node is a context,
 * its children extend the context one token into the past, and its entries count the tokens that followed. Built by
 * sorting the positions of a corpus, so that memory and time are linear in it and the result depends on nothing else.
 *
 * The past is the contracted history of Ikebata et al. (2017): once a branch closes, `( firstToken )` is all that
 * remains of it. Contexts whose longer forms would repeat the same distribution (seen once; for back-off, followed by
 * one token only) are not extended.
 */
import { BRANCH, RETURN, RING_CLOSE, RING_OPEN, tableState } from "./kinds.ts";
import type { Kinds } from "./kinds.ts";

export interface Trie {
  /** Root node of each `tableState`, or −1. */
  readonly roots: Int32Array;
  /** Per node: the context token by which it extends its parent, ascending among siblings. */
  readonly token: Uint16Array;
  readonly firstChild: Int32Array;
  readonly children: Uint16Array;
  readonly firstEntry: Int32Array;
  readonly entries: Uint16Array;
  /** Per entry. */
  readonly next: Uint16Array;
  readonly weight: Uint32Array;
  /** Absolute discount of each order 0 … n, for Kneser–Ney. */
  readonly discounts: Float64Array;
}

export interface TrieOptions {
  /** Longest context, in tokens. */
  readonly order: number;
  /** Count contexts of shorter orders by the number of different tokens before them (Kneser and Ney 1995). */
  readonly continuation: boolean;
  /** Attachment points of a complete string. */
  readonly stars: number;
}

/** Corpus positions with what precedes them. */
interface Positions {
  /** Tokens with a start marker before every string. */
  readonly tokens: Uint16Array;
  /** Where the contracted history goes on before a position, −1 at a start. */
  readonly back: Int32Array;
  /** State before the token that follows a position; 255 after a string's end. */
  readonly state: Uint8Array;
}

const NO_STATE = 255;
const SMALL = 24; // below this many positions, insertion beats counting

/** `vocabulary` is the number of tokens; its value as an id marks the start of a string. */
export function buildTrie(sequences: Uint16Array, stop: number, { kinds, vocabulary }: { kinds: Kinds; vocabulary: number }, options: TrieOptions): Trie {
  const positions = locate(sequences, { stop, start: vocabulary, kinds, stars: options.stars });
  const { order: events, starts } = byState(positions.state);
  const builder = treeBuilder(positions, events, { ...options, vocabulary });
  const roots = new Int32Array(starts.length - 1).fill(-1);
  for (let state = 0; state + 1 < starts.length; state++) if (starts[state + 1]! > starts[state]!) roots[state] = builder.grow(starts[state]!, starts[state + 1]!);
  return { roots, ...builder.finish() };
}

function locate(sequences: Uint16Array, { stop, start, kinds, stars }: { stop: number; start: number; kinds: Kinds; stars: number }): Positions {
  let strings = 0;
  for (const id of sequences) if (id === stop) strings++;
  const n = sequences.length + strings;
  const [tokens, back, state] = [new Uint16Array(n), new Int32Array(n), new Uint8Array(n)];
  const branches: number[] = [];
  let rings = 0;
  let seen = 0;
  let atStart = true;
  let at = 0;
  for (const id of sequences) {
    if (atStart) {
      tokens[at] = start;
      back[at] = -1;
      rings = branches.length = seen = 0;
      state[at++] = tableState(0, stars > 0, false);
      atStart = false;
    }
    tokens[at] = id;
    back[at] = at - 1;
    const kind = kinds.kind[id]!;
    if (kind === BRANCH) branches.push(at);
    else if (kind === RETURN) back[at] = branches.pop()! + 1;
    else if (kind === RING_OPEN) rings++;
    else if (kind === RING_CLOSE) rings--;
    seen += kinds.star[id]!;
    atStart = id === stop;
    state[at++] = atStart ? NO_STATE : tableState(rings, seen < stars, branches.length > 0);
  }
  return { tokens, back, state };
}

/** Positions that something follows, grouped by state. */
function byState(state: Uint8Array): { order: Int32Array; starts: Int32Array } {
  const sizes = new Int32Array(NO_STATE + 1);
  for (const s of state) sizes[s]!++;
  let last = NO_STATE - 1;
  while (last > 0 && sizes[last] === 0) last--;
  const starts = new Int32Array(last + 2);
  for (let s = 0; s <= last; s++) starts[s + 1] = starts[s]! + sizes[s]!;
  const fill = starts.slice();
  const order = new Int32Array(starts[last + 1]!);
  state.forEach((s, i) => {
    if (s !== NO_STATE) order[fill[s]!++] = i;
  });
  return { order, starts };
}

interface Builder {
  /** Adds the tree over events lo … hi − 1 and returns its root. */
  grow(lo: number, hi: number): number;
  finish(): Omit<Trie, "roots">;
}

function treeBuilder({ tokens, back }: Positions, events: Int32Array, { order, continuation, vocabulary }: TrieOptions & { vocabulary: number }): Builder {
  const node = { token: new Uint16Array(1024), firstChild: new Int32Array(1024), children: new Uint16Array(1024), firstEntry: new Int32Array(1024), entries: new Uint16Array(1024) };
  const entry = { next: new Uint16Array(1024), weight: new Uint32Array(1024) };
  let nodes = 0;
  let entries = 0;
  const past = events.slice(); // how far back each event's context has been read; −1 when exhausted
  const spare = [new Int32Array(events.length), new Int32Array(events.length)] as const;
  const tally = new Uint32Array(vocabulary);
  const mark = new Int32Array(vocabulary).fill(-1);
  const touched = new Uint16Array(vocabulary);
  const buckets = new Int32Array(vocabulary + 3);
  const ones = new Float64Array(order + 1);
  const twos = new Float64Array(order + 1);

  const addNode = (token: number) => {
    if (nodes === node.token.length) for (const name of ["token", "children", "entries", "firstChild", "firstEntry"] as const) node[name] = doubled(node[name]) as never;
    node.token[nodes] = token;
    return nodes++;
  };
  const addEntry = (next: number, weight: number) => {
    if (entries === entry.next.length) for (const name of ["next", "weight"] as const) entry[name] = doubled(entry[name]) as never;
    entry.next[entries] = next;
    entry.weight[entries++] = weight;
  };
  const note = (depth: number, weight: number) => {
    if (weight === 1) ones[depth]!++;
    else if (weight === 2) twos[depth]!++;
  };

  /** Tally what follows events lo … hi − 1 into `touched`, sorted; returns how many tokens. */
  const follow = (lo: number, hi: number) => {
    let count = 0;
    for (let i = lo; i < hi; i++) {
      const next = tokens[events[i]! + 1]!;
      if (tally[next]!++ === 0) touched[count++] = next;
    }
    if (count > SMALL) touched.subarray(0, count).sort();
    else
      for (let i = 1; i < count; i++) {
        const next = touched[i]!;
        let j = i - 1;
        for (; j >= 0 && touched[j]! > next; j--) touched[j + 1] = touched[j]!;
        touched[j + 1] = next;
      }
    return count;
  };
  const rankOf = (i: number) => (past[i]! < 0 ? 0 : tokens[past[i]!]! + 1);
  const sortByPast = (lo: number, hi: number) => {
    if (hi - lo <= SMALL) return insertionSort(lo, hi);
    buckets.fill(0);
    for (let i = lo; i < hi; i++) buckets[rankOf(i) + 1]!++;
    for (let b = 1; b < buckets.length; b++) buckets[b]! += buckets[b - 1]!;
    for (let i = lo; i < hi; i++) {
      const to = buckets[rankOf(i)]!++;
      spare[0][to] = events[i]!;
      spare[1][to] = past[i]!;
    }
    events.set(spare[0].subarray(0, hi - lo), lo);
    past.set(spare[1].subarray(0, hi - lo), lo);
  };
  const insertionSort = (lo: number, hi: number) => {
    for (let i = lo + 1; i < hi; i++) {
      const event = events[i]!;
      const before = past[i]!;
      const rank = rankOf(i);
      let j = i - 1;
      for (; j >= lo && rankOf(j) > rank; j--) {
        events[j + 1] = events[j]!;
        past[j + 1] = past[j]!;
      }
      events[j + 1] = event;
      past[j + 1] = before;
    }
  };
  /** Where the run of equal context tokens that begins at `lo` ends. */
  const runEnd = (lo: number, hi: number) => {
    const rank = rankOf(lo);
    let end = lo + 1;
    while (end < hi && rankOf(end) === rank) end++;
    return end;
  };

  const addLeaf = (at: number, next: number, depth: number) => {
    node.firstEntry[at] = entries;
    node.entries[at] = 1;
    node.children[at] = 0;
    note(depth, 1);
    addEntry(next, 1);
  };

  const stack: number[] = [];
  const settle = (at: number, lo: number, hi: number, depth: number) => {
    const count = follow(lo, hi);
    const isLeaf = depth === order || hi - lo === 1 || (!continuation && count === 1);
    if (!isLeaf) sortByPast(lo, hi);
    if (continuation && !isLeaf) countContinuations(lo, hi);
    node.firstEntry[at] = entries;
    node.entries[at] = count;
    for (let i = 0; i < count; i++) {
      const next = touched[i]!;
      note(depth, tally[next]!);
      addEntry(next, tally[next]!);
      tally[next] = 0;
    }
    node.children[at] = 0;
    if (isLeaf) return;
    node.firstChild[at] = nodes;
    let first = lo;
    while (first < hi && past[first]! < 0) first++;
    for (let i = first; i < hi; i = runEnd(i, hi)) {
      addNode(tokens[past[i]!]!);
      node.children[at]!++;
    }
    let child = node.firstChild[at]!;
    for (let i = first; i < hi; ) {
      const end = runEnd(i, hi);
      if (end - i === 1) addLeaf(child++, tokens[events[i]! + 1]!, depth + 1);
      else stack.push(child++, i, end, depth + 1);
      i = end;
    }
    for (let i = first; i < hi; i++) past[i] = back[past[i]!]!;
  };
  /** Replace the tallies by the number of different tokens before each continuation; a string's start counts as one. */
  const countContinuations = (lo: number, hi: number) => {
    for (let i = lo; i < hi; i++) tally[tokens[events[i]! + 1]!] = 0;
    for (let i = lo; i < hi; ) {
      const end = runEnd(i, hi);
      for (let j = i; j < end; j++) {
        const next = tokens[events[j]! + 1]!;
        if (mark[next] !== i) tally[next]!++;
        mark[next] = i;
      }
      i = end;
    }
    for (let i = lo; i < hi; i++) mark[tokens[events[i]! + 1]!] = -1;
  };

  return {
    grow(lo, hi) {
      const root = addNode(0);
      stack.push(root, lo, hi, 0);
      while (stack.length > 0) {
        const depth = stack.pop()!;
        const end = stack.pop()!;
        const begin = stack.pop()!;
        settle(stack.pop()!, begin, end, depth);
      }
      return root;
    },
    finish: () => ({
      token: node.token.slice(0, nodes),
      firstChild: node.firstChild.slice(0, nodes),
      children: node.children.slice(0, nodes),
      firstEntry: node.firstEntry.slice(0, nodes),
      entries: node.entries.slice(0, nodes),
      next: entry.next.slice(0, entries),
      weight: entry.weight.slice(0, entries),
      discounts: ones.map((n1, depth) => discount(n1, twos[depth]!)),
    }),
  };
}

const doubled = <A extends Uint16Array | Int32Array | Uint32Array>(array: A): A => {
  const bigger = new (array.constructor as new (n: number) => A)(array.length * 2);
  bigger.set(array);
  return bigger;
};

/** n1 / (n1 + 2 n2), kept off 0 and 1 so that every order leaves some mass to the shorter one and keeps some. */
const discount = (ones: number, twos: number): number => Math.min(0.95, Math.max(0.05, ones + twos === 0 ? 0.5 : ones / (ones + 2 * twos)));

/** The child of a node for a context token, or −1. */
export function findChild({ token, firstChild, children }: Trie, parent: number, wanted: number): number {
  let lo = firstChild[parent]!;
  let hi = lo + children[parent]! - 1;
  while (lo <= hi) {
    const middle = (lo + hi) >> 1;
    const found = token[middle]!;
    if (found === wanted) return middle;
    if (found < wanted) lo = middle + 1;
    else hi = middle - 1;
  }
  return -1;
}
