/*
 * The guard's judgement of aromatic rings while they are being written: every lower-case atom must end in a ring of
 * aromatic bonds, and a Kekulé structure must remain possible. A block is a stretch of atoms joined by aromatic bonds;
 * what it lacks must be supplied before it is left, or by atoms whose branches are still open.
 */
import { MAY, MUST, NEVER, STRIDE, cover } from "../smiles/matching.ts";
import { SUMS } from "./kinds.ts";
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
  const fork = p.branches > 0 ? p.branchAtom[p.branches - 1]! : -1;
  for (let a = x; a !== fork && a >= 0; a = p.parent[a]!) {
    if (p.degree[a]! < 2) return false;
    if (p.edge[a] === 0) break;
    if (p.low[a]! > p.depth[p.parent[a]!]!) return false;
  }
  return hasKekule(p, x, { need: p.kinds.pi[p.token[x]! * SUMS + sum]!, below: fork < 0 ? -1 : p.depth[fork]!, closing: -1 });
}

/** Whether atom `x` may be passed with bond sum `sum`, the block going on. */
export const mayPass = (p: Partial, x: number, sum: number): boolean => hasKekule(p, x, { need: p.kinds.pi[p.token[x]! * SUMS + sum]!, below: p.atoms, closing: -1 });

/** Whether the present atom may close open ring `ring` with an aromatic bond; `need` is its own part in the π system then. */
export function mayCloseAromatic(p: Partial, ring: number, need: number): boolean {
  const opener = p.ringAtom[ring]!;
  join(p, opener, p.at);
  const fine = hasKekule(p, p.at, { need, below: p.atoms, closing: opener });
  part(p, opener, p.at);
  return fine;
}

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
    const fixed = a === x ? need : p.kinds.pi[p.token[a]! * SUMS + p.sum[a]!]!;
    const openRings = p.openAromatic[a]! - (a === closing ? 1 : 0);
    const free = (a !== x && p.stacked[a]! > 0) || (fixed !== NEVER && openRings > 0 && p.depth[a]! <= below);
    p.need[a] = free ? MAY : fixed;
  }
  return cover(p, members, count);
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

/** Whether a lower-case atom can end in the π system, out of it, or both, given the bond sums it may still reach. */
export function needOf(p: Partial, x: number, sums: number): number {
  let must = false;
  let never = false;
  for (let sum = 0; sum < SUMS; sum++) {
    if (((sums >> sum) & 1) === 0) continue;
    const pi = p.kinds.pi[p.token[x]! * SUMS + sum]!;
    must ||= pi !== NEVER;
    never ||= pi !== MUST;
  }
  return must && never ? MAY : must ? MUST : NEVER;
}
