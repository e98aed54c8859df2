/*
 * The guard's judgement of aromatic rings while they are being written: every lower-case atom must end in a ring of
 * aromatic bonds, and a Kekulé structure must remain possible. A block is a stretch of atoms joined by aromatic bonds;
 * what it lacks must be supplied before it is left, or by atoms whose branches are still open.
 */
import { MAY, MUST, NEVER, STRIDE, cover } from "../smiles/matching.ts";
import { FUTURE_IN, SUMS } from "./kinds.ts";
import type { Partial } from "./partial.ts";
import { join, mayBeAromatic, part } from "./partial.ts";

let members = new Int32Array(64);
let seen = new Int32Array(64);
let stamp = 0;

/** Whether a bond that extends the block at atom `x` can still become part of a ring: some ring of this block is open. */
export function canCloseBack(p: Partial, x: number): boolean {
  for (let ring = p.rings - 1; ring >= 0; ring--) if (mayBeAromatic(p, ring) && p.top[p.ringAtom[ring]!] === p.top[x]) return true;
  return false;
}

/** Whether the block of atom `x` may be left behind in this branch, `x` ending with bond sum `sum`. */
export function mayLeave(p: Partial, x: number, sum: number): boolean {
  if (!isCovered(p, x, p.atoms)) return false;
  const fork = p.branches > 0 ? p.branchAtom[p.branches - 1]! : -1;
  return hasKekule(p, x, { need: p.kinds.pi[p.token[x]! * SUMS + sum]!, below: fork < 0 ? -1 : p.depth[fork]!, closing: -1 });
}

/** Whether every aromatic bond from the last fork to `x` lies in a ring and every atom has two; bonds below depth `reach` are being covered now. */
function isCovered(p: Partial, x: number, reach: number): boolean {
  const fork = p.branches > 0 ? p.branchAtom[p.branches - 1]! : -1;
  for (let a = x; a !== fork && a >= 0; a = p.parent[a]!) {
    if (p.degree[a]! < 2) return false;
    if (p.edge[a] === 0) break;
    const above = p.depth[p.parent[a]!]!;
    if (p.low[a]! > above && reach > above) return false;
  }
  return true;
}

/** Whether atom `x` may be passed with bond sum `sum`, the block going on. */
export const mayPass = (p: Partial, x: number, sum: number): boolean => hasKekule(p, x, { need: p.kinds.pi[p.token[x]! * SUMS + sum]!, below: p.atoms, closing: -1 });

interface Closing {
  /** Bond sum of the present atom then, and whether one of its bonds is multiple. */
  readonly sum: number;
  readonly multiple: boolean;
  /** Whether the ring bond is aromatic. */
  readonly aromatic: boolean;
  /** Whether the atom can take no more bonds then … */
  readonly isTip: boolean;
  /** … or must, because it alone can supply what is still missing. */
  readonly mustGrow: boolean;
}

/** Whether the present atom may close open ring `ring`. */
export function mayClose(p: Partial, ring: number, closing: Closing): boolean {
  const opener = p.ringAtom[ring]!;
  const isAromatic = p.kinds.aromatic[p.token[p.at]!] === 1;
  if (closing.aromatic) {
    join(p, opener, p.at);
    const fine = settles(p, opener, closing);
    part(p, opener, p.at);
    return fine;
  }
  if (p.kinds.aromatic[p.token[opener]!] === 1 && mayBeAromatic(p, ring) && !hasKekule(p, opener, { need: UNSET, below: p.atoms, closing: opener })) return false;
  return !isAromatic || settles(p, opener, closing);
}

/** Whether the aromatic atom that closes a ring can go on as it must then. */
function settles(p: Partial, opener: number, { sum, multiple, aromatic, isTip, mustGrow }: Closing): boolean {
  if (isTip && !isCovered(p, p.at, aromatic ? p.depth[opener]! : p.atoms)) return false;
  const at = (2 * p.token[p.at]! + (multiple ? 1 : 0)) * SUMS + sum;
  return hasKekule(p, p.at, { need: needThen(p, (mustGrow ? p.kinds.futureMore : p.kinds.future)[at]!, p.kinds.futureMore[at] !== 0), below: p.atoms, closing: opener });
}

/** Whether the present atom may take part in the π system as it must once its bond sum is `sum` and more is to follow. */
export function mayBranch(p: Partial, sum: number, multiple: boolean): boolean {
  const bits = p.kinds.futureMore[(2 * p.token[p.at]! + (multiple ? 1 : 0)) * SUMS + sum]!;
  return (bits & FUTURE_IN) !== 0 || hasKekule(p, p.at, { need: NEVER, below: p.atoms, closing: -1 });
}

/** The part of the present atom in the π system that its `future` leaves it; a needed double bond may yet come from an atom that extends the block. */
function needThen(p: Partial, future: number, grows: boolean): number {
  if (future !== FUTURE_IN) return (future & FUTURE_IN) === 0 ? NEVER : MAY;
  return grows && canCloseBack(p, p.at) ? MAY : MUST;
}

/** The part follows from the atom's own state. */
const UNSET = -1;

interface Question {
  /** Part of the present atom in the π system. */
  readonly need: number;
  /** Open rings on atoms deeper than this can no longer become aromatic. */
  readonly below: number;
  /** Atom one of whose open rings is being closed, or −1. */
  readonly closing: number;
}

/** Whether double bonds can cover the finished atoms of the component of `x`; unfinished ones may be covered. */
function hasKekule(p: Partial, x: number, { need, below, closing }: Question): boolean {
  const count = component(p, x);
  for (let i = 0; i < count; i++) {
    const a = members[i]!;
    p.need[a] = a === x && need === NEVER ? NEVER : needNow(p, a, { need: a === x ? need : UNSET, below, closing });
  }
  return cover(p, members, count);
}

function needNow(p: Partial, a: number, { need, below, closing }: Question): number {
  const at = p.token[a]! * SUMS + p.sum[a]!;
  if (need === UNSET && p.stacked[a]! > 0) return (p.kinds.futureMore[at + (p.token[a]! + p.multiple[a]!) * SUMS]! & FUTURE_IN) === 0 ? NEVER : MAY;
  const fixed = need === UNSET ? p.kinds.pi[at]! : need;
  const openRings = p.openAromatic[a]! - (a === closing ? 1 : 0);
  return fixed !== NEVER && openRings > 0 && p.depth[a]! <= below ? MAY : fixed;
}

/** Collect the atoms joined to `x` by aromatic bonds into `members`. */
function component(p: Partial, x: number): number {
  if (seen.length < p.token.length) {
    seen = new Int32Array(p.token.length);
    members = new Int32Array(p.token.length);
  }
  stamp++;
  members[0] = x;
  seen[x] = stamp;
  let count = 1;
  for (let i = 0; i < count; i++) {
    const a = members[i]!;
    for (let j = 0; j < p.degree[a]!; j++) {
      const b = p.neighbours[a * STRIDE + j]!;
      if (seen[b] === stamp) continue;
      seen[b] = stamp;
      members[count++] = b;
    }
  }
  return count;
}

/** Whether, after open ring `ring` closes at the present atom, every aromatic bond on the way can still lie in a ring. */
export function leavesNoneUncovered(p: Partial, ring: number, aromatic: boolean): boolean {
  const reach = aromatic ? p.depth[p.ringAtom[ring]!]! : p.atoms;
  for (let a = p.at; a >= 0; a = p.parent[a]!) {
    if (p.edge[a] === 0) continue;
    const above = p.depth[p.parent[a]!]!;
    if (p.low[a]! <= above || reach <= above) continue;
    if (!opensAbove(p, { ring, top: p.top[a]!, above })) return false;
  }
  return true;
}

function opensAbove(p: Partial, { ring, top, above }: { ring: number; top: number; above: number }): boolean {
  for (let i = 0; i < p.rings; i++) {
    const opener = p.ringAtom[i]!;
    if (i !== ring && mayBeAromatic(p, i) && p.top[opener] === top && p.depth[opener]! <= above) return true;
  }
  return false;
}
