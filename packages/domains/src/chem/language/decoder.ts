/*
 * The next-token distribution of the guarded n-gram, and the walk along it that sampling and scoring share. The
 * n-gram proposes tokens with weights, the guard strikes out those that leave no way to a complete structure, and the
 * rest is renormalised. If nothing is left, shorter contexts are asked, then tables with fewer open rings, then those
 * of the other branch flag, then the pool of all tokens; where even that fails the string has run into a dead end and
 * stops there, incomplete. Every state thus has a distribution, and none can crash it.
 */
import type { Rng } from "@tatara/engine/base";
import { allows } from "./guard.ts";
import { ATOM, BRANCH, END, RETURN, RING_CLOSE, RING_OPEN, tableState } from "./kinds.ts";
import type { Partial } from "./partial.ts";
import { MAX_OPEN, clear, partial, push } from "./partial.ts";
import type { Tables } from "./tables.ts";
import { findChild } from "./trie.ts";

export interface Decoder {
  restart(): void;
  /** Read a token; it must have positive weight. */
  push(id: number): void;
  /** log p(id | what has been read); −∞ for tokens that are not offered. */
  logTerm(id: number): number;
  /** Whether the guard allows the token, however unlikely. */
  admits(id: number): boolean;
  /** Draw the next token, STOP included; −1 in a dead end. */
  draw(rng: Rng): number;
}

/** `guarded: false` strikes out nothing but what cannot be spelt; it shows what the guard is worth. */
export function decoder(tables: Tables, { guarded = true }: { guarded?: boolean } = {}): Decoder {
  const { limits, vocabulary, kinds, trie, order, smoothing, fallbacks, pool, stop } = tables;
  const capacity = limits.room + 2;
  const state = partial(kinds, capacity);
  const admits = guarded ? (id: number) => allows(state, id, limits) : (id: number) => spellable(state, id, limits.room);
  const verdicts = verdictCache(tables, admits);
  // The contracted history: position i holds a token and where the past goes on.
  const token = new Int32Array(capacity + 1);
  const back = new Int32Array(capacity + 1);
  const opened = new Int32Array(capacity + 1);
  let head = 0;
  let depthOpen = 0;
  const ids = new Int32Array(vocabulary.length);
  const weights = new Float64Array(vocabulary.length);
  let count = 0;
  let total = 0;
  let fresh = false;
  const path = new Int32Array(order + 1);

  const restart = () => {
    clear(state);
    token[0] = vocabulary.length;
    back[0] = -1;
    head = depthOpen = 0;
    fresh = false;
  };
  const advance = (id: number) => {
    push(state, id);
    token[++head] = id;
    back[head] = head - 1;
    if (kinds.kind[id] === BRANCH) opened[depthOpen++] = head;
    else if (kinds.kind[id] === RETURN && depthOpen > 0) back[head] = opened[--depthOpen]! + 1;
    fresh = false;
  };
  const offer = (id: number, weight: number) => {
    if (!verdicts.admits(id)) return;
    ids[count] = id;
    weights[count++] = weight;
    total += weight;
  };
  /** Nodes of the contexts seen, shortest first, into `path`; returns the longest one's length. */
  const follow = (root: number) => {
    path[0] = root;
    let length = 0;
    for (let at = head; at >= 0 && length < order; at = back[at]!) {
      const child = findChild(trie, path[length]!, token[at]!);
      if (child < 0) break;
      path[++length] = child;
    }
    return length;
  };
  const backOff = (roots: readonly number[]) => {
    for (let r = 0; r < roots.length; r++) {
      for (let length = follow(roots[r]!); length >= 0; length--) {
        const node = path[length]!;
        const end = trie.firstEntry[node]! + trie.entries[node]!;
        for (let e = trie.firstEntry[node]!; e < end; e++) offer(trie.next[e]!, trie.weight[e]!);
        if (count > 0) return;
      }
    }
  };
  const mixture = new Float64Array(vocabulary.length);
  /** Interpolated Kneser–Ney: p(w | c) = max(n(c w) − D, 0) / n(c) + D · types(c) / n(c) · p(w | shorter c). */
  const interpolate = (roots: readonly number[]) => {
    mixture.fill(0);
    let rest = 1;
    for (let length = roots.length > 0 ? follow(roots[0]!) : -1; length >= 0; length--) {
      const node = path[length]!;
      const first = trie.firstEntry[node]!;
      const end = first + trie.entries[node]!;
      let sum = 0;
      for (let e = first; e < end; e++) sum += trie.weight[e]!;
      const cut = trie.discounts[length]!;
      for (let e = first; e < end; e++) mixture[trie.next[e]!]! += (rest * Math.max(0, trie.weight[e]! - cut)) / sum;
      rest *= (cut * trie.entries[node]!) / sum;
    }
    for (let id = 0; id < mixture.length; id++) offer(id, mixture[id]! + rest * pool[id]!);
  };
  /** Fill `ids` and `weights` with what may follow. */
  const next = () => {
    if (fresh) return;
    fresh = true;
    verdicts.renew();
    count = total = 0;
    const roots = fallbacks[tableState(state.rings, state.stars < limits.stars, state.branches > 0)]!;
    if (smoothing === "kneser-ney") interpolate(roots);
    else backOff(roots);
    if (count === 0) for (let id = 0; id < pool.length; id++) offer(id, pool[id]!);
  };

  restart();
  return {
    restart,
    push: advance,
    admits,
    logTerm(id) {
      next();
      for (let i = 0; i < count; i++) if (ids[i] === id) return Math.log(weights[i]! / total);
      return Number.NEGATIVE_INFINITY;
    },
    draw(rng) {
      next();
      if (count === 0) return -1;
      let left = rng.uniform() * total;
      for (let i = 0; i < count; i++) {
        left -= weights[i]!;
        if (left < 0) return ids[i]!;
      }
      return count > 0 ? ids[count - 1]! : stop;
    },
  };
}

/** Without the guard: a ring closes only if it is open, a branch likewise, and the length is bounded. */
function spellable(state: Partial, id: number, room: number): boolean {
  const { kind, ring } = state.kinds;
  if (kind[id] === END) return true;
  if (state.length >= room) return false;
  if (kind[id] === RING_CLOSE) return ring[id]! < state.rings && state.at >= 0;
  if (kind[id] === RETURN) return state.branches > 0;
  if (kind[id] === RING_OPEN && state.rings >= MAX_OPEN) return false;
  return kind[id] === ATOM || state.at >= 0;
}

/** The guard's answer per class of tokens, asked once per position. */
function verdictCache({ classes }: Tables, admits: (id: number) => boolean): { admits(id: number): boolean; renew(): void } {
  const answered = new Int32Array(classes.length);
  const answer = new Uint8Array(classes.length);
  let stamp = 0;
  return {
    admits(id) {
      const group = classes[id]!;
      if (answered[group] !== stamp) {
        answered[group] = stamp;
        answer[group] = admits(id) ? 1 : 0;
      }
      return answer[group] === 1;
    },
    renew: () => void stamp++,
  };
}
