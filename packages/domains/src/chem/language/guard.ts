/*
 * The guard: which tokens keep a half-written molecule completable. It knows valences (with the bond order of the
 * token, hydrogens in brackets, and the bonds that open rings hold in reserve), rings (an open ring needs a place to
 * close: never on its own atom or a neighbour, at an atom with a free valence, inside the branch that opened it),
 * branches (never empty, never last), aromatic rings (aromatics.ts), attachment points, and the room left.
 *
 * What it does not know: ring strain, clashes of stereo marks, and chemistry beyond valence.
 */
import { canCloseBack, leavesNoneUncovered, mayBranch, mayClose, mayLeave, mayPass } from "./aromatics.ts";
import { ATOM, BRANCH, DOT, END, RETURN, RING_CLOSE, RING_OPEN, SUMS, reachable } from "./kinds.ts";
import type { Partial } from "./partial.ts";
import { AT_ATOM, AT_BRANCH, AT_RETURN, AT_START, MAX_OPEN, bondsAromatic, mayBeAromatic } from "./partial.ts";
import { MUST } from "../smiles/matching.ts";

export interface Limits {
  /** Attachment points `*`, each with one single bond. */
  readonly stars: number;
  /** Whether dots may join several components. */
  readonly components: boolean;
  /** Tokens at most, not counting the end. */
  readonly room: number;
}

/** Smallest aromatic ring. */
const AROMATIC_RING = 5;

/** Whether the token keeps the structure completable. */
export function allows(p: Partial, id: number, limits: Limits): boolean {
  const kind = p.kinds.kind[id]!;
  if (kind === END) return mayEnd(p) && p.stars === limits.stars;
  if (p.length >= limits.room) return false;
  switch (kind) {
    case ATOM:
      return allowsAtom(p, id, limits) && hasRoom(p, limits, { id, atom: 1 });
    case BRANCH:
      return allowsBranch(p) && hasRoom(p, limits, { branch: 1 });
    case RETURN:
      return p.branches > 0 && p.phase === AT_ATOM && p.rings === p.branchRings[p.branches - 1] && mayFinish(p, p.at, p.sum[p.at]!);
    case RING_OPEN:
      return allowsOpening(p, id) && hasRoom(p, limits, { ring: 1 });
    case RING_CLOSE:
      return allowsClosing(p, p.rings - 1 - p.kinds.ring[id]!, limits);
    case DOT:
      return limits.components && mayEnd(p);
    default:
      return false;
  }
}

const mayEnd = (p: Partial): boolean => p.phase === AT_ATOM && p.branches === 0 && p.rings === 0 && mayFinish(p, p.at, p.sum[p.at]!);

/** Whether an atom with `sum` can take that many single or aromatic bonds more, and end with them or later. */
function holds({ kinds: { finals, finalsMultiple } }: Partial, token: number, { sum, multiple, singles }: { sum: number; multiple: boolean; singles: number }): boolean {
  if (multiple) return finalsMultiple[token]! >>> (sum + singles) !== 0;
  return finals[token]! >>> (sum + singles) !== 0 || finalsMultiple[token]! >>> (sum + singles + 2) !== 0;
}

/** Whether atom `x` may end with `sum`, nothing aromatic following. */
function mayFinish(p: Partial, x: number, sum: number, multiple = p.multiple[x] === 1): boolean {
  const { finals, finalsMultiple, aromatic } = p.kinds;
  const token = p.token[x]!;
  const mask = multiple ? finalsMultiple[token]! : finals[token]!;
  return ((mask >>> sum) & 1) === 1 && (aromatic[token] === 0 || mayLeave(p, x, sum));
}

/**
 * An atom that can bond no further leaves growth to the branches below it: none of its branch's rings may be open
 * then, and outside branches nothing at all. `closing` is the ring that it closes, or −1.
 */
function mayBeTip(p: Partial, limits: Limits, { closing, stars }: { closing: number; stars: number }): boolean {
  if (p.branches === 0) return p.rings === (closing < 0 ? 0 : 1) && stars === limits.stars;
  const outer = p.branchRings[p.branches - 1]!;
  return p.rings - outer === (closing >= outer ? 1 : 0);
}

function allowsAtom(p: Partial, id: number, limits: Limits): boolean {
  const { kinds, at } = p;
  const star = kinds.star[id]!;
  if (p.stars + star > limits.stars) return false;
  if (p.phase === AT_START) return kinds.bonded[id] === 0 && growsFrom(p, id, { sum: 0, edge: false, multiple: false }, limits);
  const from = p.token[at]!;
  const order = kinds.order[id]!;
  const edge = bondsAromatic(kinds, id, from, id);
  if (kinds.colon[id] === 1 && !edge) return false;
  if (star === 1 && (order > 1 || kinds.plain[id] === 0 || kinds.star[from] === 1)) return false;
  const multiple = order > 1 && !edge;
  if (edge && !canCloseBack(p, at)) return false;
  return growsFrom(p, id, { sum: order, edge, multiple }, limits) && mayFollow(p, { id, order, edge, multiple });
}

/** Whether a new atom, bonded with `sum`, can be completed itself. */
function growsFrom(p: Partial, id: number, { sum, edge, multiple }: { sum: number; edge: boolean; multiple: boolean }, limits: Limits): boolean {
  const { kinds } = p;
  const ends = reachable(p.kinds, id, sum, multiple);
  if (ends === 0) return false;
  if (kinds.aromatic[id] === 1) return holds(p, id, { sum, multiple, singles: edge ? 1 : 2 });
  return ends >>> (sum + 1) !== 0 || mayBeTip(p, limits, { closing: -1, stars: p.stars + kinds.star[id]! });
}

/** Whether the present atom can give that bond: as its last, or as a branch with more to follow. */
function mayFollow(p: Partial, { id, order, edge, multiple }: { id: number; order: number; edge: boolean; multiple: boolean }): boolean {
  const { kinds, at } = p;
  const from = p.token[at]!;
  const sum = p.sum[at]! + order;
  const many = p.multiple[at] === 1 || multiple;
  if (p.phase === AT_BRANCH) return reachable(p.kinds, from, sum, many) >>> (sum + 1) !== 0 && (kinds.aromatic[from] === 0 || mayBranch(p, sum, many));
  if (!edge) return mayFinish(p, at, sum, many);
  if ((((many ? kinds.finalsMultiple : kinds.finals)[from]! >>> sum) & 1) === 0) return false;
  if (p.degree[at]! + p.openAromatic[at]! < 1) return false;
  // A double bond to the new atom settles the present one; otherwise the rest of the block must.
  if (kinds.pi[from * SUMS + sum] === MUST && needOfNew(p, id) !== 0) return true;
  return mayPass(p, at, sum);
}

const needOfNew = (p: Partial, id: number): number => (p.kinds.pi[id * SUMS + 2] === MUST || p.kinds.pi[id * SUMS + 3] === MUST ? 1 : 0);

function allowsBranch(p: Partial): boolean {
  if (p.phase !== AT_ATOM && p.phase !== AT_RETURN) return false;
  const { at } = p;
  const token = p.token[at]!;
  if (p.kinds.aromatic[token] === 1 && p.degree[at]! + p.openAromatic[at]! < 1) return false;
  const sum = p.sum[at]!;
  // Two single bonds are to come at least, or a multiple and a single one.
  const multiple = p.multiple[at] === 1;
  const fits = holds(p, token, { sum, multiple, singles: 2 }) || (!multiple && p.kinds.finalsMultiple[token]! >>> (sum + 3) !== 0);
  return fits && (p.kinds.aromatic[token] === 0 || mayBranch(p, sum + 1, multiple) || (!multiple && mayBranch(p, sum + 2, true)));
}

function allowsOpening(p: Partial, id: number): boolean {
  const { kinds, at } = p;
  if (p.phase !== AT_ATOM || p.rings >= MAX_OPEN) return false;
  const token = p.token[at]!;
  const order = kinds.order[id]!;
  const aromatic = kinds.aromatic[token] === 1;
  if (kinds.colon[id] === 1 && !aromatic) return false;
  const capable = aromatic && kinds.plain[id] === 1;
  const sum = p.sum[at]! + order;
  const multiple = p.multiple[at] === 1 || (order > 1 && !capable);
  if (!aromatic) return reachable(kinds, token, sum, multiple) >>> (sum + 1) !== 0;
  const lacking = 2 - p.degree[at]! - p.openAromatic[at]! - (capable ? 1 : 0);
  return reachable(kinds, token, sum, multiple) >>> (sum + 1) !== 0 && (lacking <= 0 || holds(p, token, { sum, multiple, singles: lacking })) && mayBranch(p, sum, multiple);
}

function allowsClosing(p: Partial, ring: number, limits: Limits): boolean {
  if (p.phase !== AT_ATOM || ring < 0) return false;
  const { kinds, at } = p;
  const opener = p.ringAtom[ring]!;
  if (opener === at || p.parent[at] === opener || isJoined(p, opener)) return false;
  const token = p.token[at]!;
  const bond = p.ringToken[ring]!;
  const aromatic = bondsAromatic(kinds, bond, p.token[opener]!, token);
  if (kinds.colon[bond] === 1 && !aromatic) return false;
  if (aromatic && (p.top[opener] !== p.top[at] || p.depth[at]! - p.depth[opener]! + 1 < AROMATIC_RING)) return false;
  const sum = p.sum[at]! + kinds.order[bond]!;
  const multiple = p.multiple[at] === 1 || (kinds.order[bond]! > 1 && !aromatic);
  const ends = reachable(p.kinds, token, sum, multiple);
  if (ends === 0) return false;
  const lacking = kinds.aromatic[token] === 1 ? 2 - p.degree[at]! - p.openAromatic[at]! - (aromatic ? 1 : 0) : 0;
  if (lacking > 0 && !holds(p, token, { sum, multiple, singles: lacking })) return false;
  const isTip = ends >>> (sum + 1) === 0;
  const mustGrow = !mayBeTip(p, limits, { closing: ring, stars: p.stars });
  if (isTip && mustGrow) return false;
  if (kinds.aromatic[p.token[opener]!] === 1 && !aromatic && mayBeAromatic(p, ring) && p.stacked[opener] === 0 && p.degree[opener]! + p.openAromatic[opener]! - 1 < 2) return false;
  if (!leavesNoneUncovered(p, ring, aromatic)) return false;
  return mayClose(p, ring, { sum, multiple, aromatic, isTip, mustGrow });
}

/** Whether the present atom already has a ring bond to `opener`. */
function isJoined(p: Partial, opener: number): boolean {
  for (let i = p.pairs - 1; i >= 0 && p.pairClose[i] === p.at; i--) if (p.pairOpen[i] === opener) return true;
  return false;
}

/** Whether enough tokens are left to finish after this one: an estimate from above, looked at only when room is short. */
function hasRoom(p: Partial, limits: Limits, { id = -1, atom = 0, branch = 0, ring = 0 }: { id?: number; atom?: number; branch?: number; ring?: number }): boolean {
  const left = limits.room - p.length - 1;
  const missing = limits.stars - p.stars;
  if (left > 8 + 3 * (p.branches + branch) + 9 * (p.rings + ring) + 3 * missing) return true;
  let cost = 3 * (p.branches + branch) - (p.phase === AT_BRANCH ? atom : 0) + 3 * missing + 6 * ring;
  const depth = p.at < 0 ? 0 : p.depth[p.at]! + atom;
  for (let i = 0; i < p.rings; i++) cost += 1 + Math.max(0, (mayBeAromatic(p, i) ? AROMATIC_RING : 3) - (depth - p.depth[p.ringAtom[i]!]! + 1));
  if (id >= 0) {
    cost -= 3 * p.kinds.star[id]!;
    const ends = reachable(p.kinds, id, p.phase === AT_START ? 0 : p.kinds.order[id]!, false);
    cost += 3 * (31 - Math.clz32(ends & -ends) - p.kinds.order[id]!) * (p.kinds.aromatic[id] === 1 ? 0 : 1);
  }
  return cost <= left;
}

