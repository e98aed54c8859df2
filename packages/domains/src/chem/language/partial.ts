/*
 * A molecule half written: what has been read of a token sequence, in typed arrays that are written over, never
 * allocated, while text is generated or scored. Atoms are numbered in order of writing; `parent` makes them a tree.
 */
import { STRIDE } from "../smiles/matching.ts";
import { ATOM, BRANCH, DOT, RETURN, RING_CLOSE, RING_OPEN } from "./kinds.ts";
import type { Kinds } from "./kinds.ts";

/** Rings open at once; more than any real text has, and within what toolkits read. */
export const MAX_OPEN = 40;

/** Before the first atom of a component. */
export const AT_START = 0;
/** After an atom or a ring token. */
export const AT_ATOM = 1;
/** After a closed branch: no more rings on this atom, and something must follow. */
export const AT_RETURN = 2;
/** After an opened branch: an atom must follow. */
export const AT_BRANCH = 3;

export interface Partial {
  readonly kinds: Kinds;
  /** Tokens read. */
  length: number;
  atoms: number;
  /** Atom that the next token belongs to, −1 at a start. */
  at: number;
  phase: number;
  stars: number;
  // Per atom.
  readonly token: Int32Array;
  /** Sum of bond orders, an aromatic bond being 1; open rings are included. */
  readonly sum: Int32Array;
  /** Whether a bond outside the π system is multiple. */
  readonly multiple: Uint8Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Whether the bond to the parent is aromatic. */
  readonly edge: Uint8Array;
  /** First atom of the chain of aromatic bonds that leads here: the block that an aromatic ring must lie in. */
  readonly top: Int32Array;
  /** Smallest depth that an aromatic ring bond reaches from this atom or those below it. */
  readonly low: Int32Array;
  /** Open branches at the atom. */
  readonly stacked: Uint8Array;
  /** Open rings at the atom that may yet become aromatic. */
  readonly openAromatic: Uint8Array;
  // Aromatic bonds, in the form that `cover` reads.
  readonly neighbours: Int32Array;
  readonly degree: Uint8Array;
  readonly need: Uint8Array;
  readonly mate: Int32Array;
  // Open branches.
  branches: number;
  readonly branchAtom: Int32Array;
  /** Rings open now that were opened before the branch was. */
  readonly branchRings: Int32Array;
  // Open rings, youngest last.
  rings: number;
  readonly ringAtom: Int32Array;
  readonly ringToken: Int32Array;
  // Ring bonds made: pairs (opener, closer).
  pairs: number;
  readonly pairOpen: Int32Array;
  readonly pairClose: Int32Array;
}

/** Room for `capacity` tokens. */
export function partial(kinds: Kinds, capacity: number): Partial {
  const ints = (n = capacity + 1) => new Int32Array(n);
  const bytes = () => new Uint8Array(capacity + 1);
  return {
    kinds, length: 0, atoms: 0, at: -1, phase: AT_START, stars: 0,
    token: ints(), sum: ints(), multiple: bytes(), parent: ints(), depth: ints(), edge: bytes(), top: ints(), low: ints(), stacked: bytes(), openAromatic: bytes(),
    neighbours: ints(STRIDE * (capacity + 1)), degree: bytes(), need: bytes(), mate: ints(),
    branches: 0, branchAtom: ints(), branchRings: ints(),
    rings: 0, ringAtom: ints(MAX_OPEN + 1), ringToken: ints(MAX_OPEN + 1),
    pairs: 0, pairOpen: ints(), pairClose: ints(),
  };
}

export function clear(p: Partial): void {
  p.length = p.atoms = p.stars = p.branches = p.rings = p.pairs = 0;
  p.at = -1;
  p.phase = AT_START;
}

/** Whether a glued bond between two atoms of these kinds is aromatic. */
export const bondsAromatic = ({ aromatic, plain }: Kinds, bond: number, a: number, b: number): boolean => plain[bond] === 1 && aromatic[a] === 1 && aromatic[b] === 1;

/** Whether an open ring can become an aromatic bond. */
export const mayBeAromatic = ({ kinds, ringAtom, ringToken, token }: Partial, ring: number): boolean => kinds.plain[ringToken[ring]!] === 1 && kinds.aromatic[token[ringAtom[ring]!]!] === 1;

/** Read one token. The guard must have allowed it. */
export function push(p: Partial, id: number): void {
  p.length++;
  switch (p.kinds.kind[id]) {
    case ATOM:
      return pushAtom(p, id);
    case BRANCH:
      p.branchAtom[p.branches] = p.at;
      p.branchRings[p.branches++] = p.rings;
      p.stacked[p.at]!++;
      p.phase = AT_BRANCH;
      return;
    case RETURN:
      p.at = p.branchAtom[--p.branches]!;
      p.stacked[p.at]!--;
      p.phase = AT_RETURN;
      return;
    case RING_OPEN:
      return openRing(p, id);
    case RING_CLOSE:
      return closeRing(p, p.rings - 1 - p.kinds.ring[id]!);
    case DOT:
      p.at = -1;
      p.phase = AT_START;
      return;
    default:
  }
}

function pushAtom(p: Partial, id: number): void {
  const { kinds, at } = p;
  const a = p.atoms++;
  p.token[a] = id;
  p.sum[a] = p.multiple[a] = p.edge[a] = p.stacked[a] = p.openAromatic[a] = p.degree[a] = 0;
  p.parent[a] = at;
  p.top[a] = a;
  p.depth[a] = at < 0 ? 0 : p.depth[at]! + 1;
  p.low[a] = p.depth[a]!;
  p.stars += kinds.star[id]!;
  if (at >= 0) {
    const aromatic = bondsAromatic(kinds, id, p.token[at]!, id);
    addBond(p, at, a, { order: kinds.order[id]!, aromatic });
    if (aromatic) {
      p.edge[a] = 1;
      p.top[a] = p.top[at]!;
    }
  }
  p.at = a;
  p.phase = AT_ATOM;
}

function addBond(p: Partial, a: number, b: number, { order, aromatic }: { order: number; aromatic: boolean }): void {
  p.sum[a]! += order;
  p.sum[b]! += order;
  if (aromatic) join(p, a, b);
  else if (order > 1) p.multiple[a] = p.multiple[b] = 1;
}

/** Note an aromatic bond for `cover`. */
export function join(p: Partial, a: number, b: number): void {
  p.neighbours[a * STRIDE + p.degree[a]!++] = b;
  p.neighbours[b * STRIDE + p.degree[b]!++] = a;
}

/** Take back the youngest aromatic bond of both atoms. */
export function part(p: Partial, a: number, b: number): void {
  p.degree[a]!--;
  p.degree[b]!--;
}

function openRing(p: Partial, id: number): void {
  const { at, rings, kinds } = p;
  p.ringAtom[rings] = at;
  p.ringToken[rings] = id;
  p.rings++;
  p.sum[at]! += kinds.order[id]!;
  if (mayBeAromatic(p, rings)) p.openAromatic[at]!++;
  else if (kinds.order[id]! > 1) p.multiple[at] = 1;
}

function closeRing(p: Partial, ring: number): void {
  const { at, kinds } = p;
  const opener = p.ringAtom[ring]!;
  const bond = p.ringToken[ring]!;
  if (mayBeAromatic(p, ring)) p.openAromatic[opener]!--;
  p.sum[at]! += kinds.order[bond]!;
  if (bondsAromatic(kinds, bond, p.token[opener]!, p.token[at]!)) {
    join(p, opener, at);
    for (let a = at; a !== opener && a >= 0; a = p.parent[a]!) p.low[a] = Math.min(p.low[a]!, p.depth[opener]!);
  } else if (kinds.order[bond]! > 1) p.multiple[at] = 1;
  p.pairOpen[p.pairs] = opener;
  p.pairClose[p.pairs++] = at;
  p.rings--;
  for (let b = p.branches - 1; b >= 0 && p.branchRings[b]! > ring; b--) p.branchRings[b]!--;
  for (let i = ring; i < p.rings; i++) {
    p.ringAtom[i] = p.ringAtom[i + 1]!;
    p.ringToken[i] = p.ringToken[i + 1]!;
  }
}
