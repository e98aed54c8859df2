/*
 * Matchings of conjugated systems: which bonds of an aromatic ring system can be double at once. Edmonds' blossom
 * algorithm (Canad. J. Math. 17, 449, 1965), with atoms that must be covered and atoms that may be: covering sets
 * form a matroid, so that covering one needed atom after another never has to be undone.
 */

/** Neighbours of an atom in `neighbours` start at STRIDE × its index. */
export const STRIDE = 4;
export const NEVER = 0;
export const MUST = 1;
export const MAY = 2;

/** Atoms of a conjugated system, by index into shared arrays. `mate` is written: the partner of each atom, or −1. */
export interface PiSystem {
  /** Row-major, STRIDE per atom. */
  readonly neighbours: Int32Array;
  /** Neighbours in use, per atom. */
  readonly degree: Uint8Array;
  /** NEVER, MUST or MAY take part in a double bond, per atom. */
  readonly need: Uint8Array;
  readonly mate: Int32Array;
}

const scratch = { size: 0, parent: new Int32Array(0), base: new Int32Array(0), outer: new Uint8Array(0), mark: new Int32Array(0), flower: new Uint8Array(0), queue: new Int32Array(0), stamp: 0 };

function reserve(size: number): void {
  if (scratch.size >= size) return;
  scratch.size = size * 2;
  for (const name of ["parent", "base", "mark", "queue"] as const) scratch[name] = new Int32Array(scratch.size);
  for (const name of ["outer", "flower"] as const) scratch[name] = new Uint8Array(scratch.size);
}

/** Whether a matching covers every MUST atom among `atoms[0 .. count)`, a union of connected components; writes it to `mate`. */
export function cover(system: PiSystem, atoms: Int32Array, count: number): boolean {
  reserve(system.degree.length);
  const { neighbours, degree, need, mate } = system;
  for (let i = 0; i < count; i++) mate[atoms[i]!] = -1;
  for (let i = 0; i < count; i++) {
    const a = atoms[i]!;
    if (need[a] !== MUST || mate[a] !== -1) continue;
    for (let j = 0; j < degree[a]!; j++) {
      const b = neighbours[a * STRIDE + j]!;
      if (need[b] === MUST && mate[b] === -1) {
        mate[a] = b;
        mate[b] = a;
        break;
      }
    }
  }
  for (let i = 0; i < count; i++) if (need[atoms[i]!] === MUST && mate[atoms[i]!] === -1 && !augment(system, atoms, count, atoms[i]!)) return false;
  return true;
}

/** One alternating search from an uncovered atom; ends at an uncovered atom, or at a covered one that need not be. */
function augment(system: PiSystem, atoms: Int32Array, count: number, root: number): boolean {
  const { neighbours, degree, need, mate } = system;
  const { parent, base, outer, queue } = scratch;
  for (let i = 0; i < count; i++) {
    parent[atoms[i]!] = -1;
    base[atoms[i]!] = atoms[i]!;
    outer[atoms[i]!] = 0;
  }
  outer[root] = 1;
  let tail = 1;
  queue[0] = root;
  for (let head = 0; head < tail; head++) {
    const v = queue[head]!;
    for (let j = 0; j < degree[v]!; j++) {
      const w = neighbours[v * STRIDE + j]!;
      if (need[w] === NEVER || base[v] === base[w] || mate[v] === w) continue;
      if (w === root || (mate[w] !== -1 && parent[mate[w]!] !== -1)) {
        tail = contract(system, atoms, count, v, w, tail);
        for (let i = 0; i < count; i++) if (outer[atoms[i]!] === 1 && atoms[i] !== root && need[atoms[i]!] === MAY && released(system, atoms[i]!)) return true;
      } else if (parent[w] === -1) {
        parent[w] = v;
        const next = mate[w]!;
        if (next === -1) {
          flip(mate, parent, w);
          return true;
        }
        if (need[next] === MAY && released(system, next)) return true;
        if (outer[next] === 0) {
          outer[next] = 1;
          queue[tail++] = next;
        }
      }
    }
  }
  return false;
}

/** Uncover an atom that need not be covered, shifting the matching along its path to the root. */
function released({ mate }: PiSystem, atom: number): boolean {
  const freed = mate[atom]!;
  if (freed === -1 || scratch.parent[freed] === -1) return false;
  mate[atom] = -1;
  flip(mate, scratch.parent, freed);
  return true;
}

function flip(mate: Int32Array, parent: Int32Array, end: number): void {
  for (let w = end; w !== -1; ) {
    const v = parent[w]!;
    const next = mate[v]!;
    mate[w] = v;
    mate[v] = w;
    w = next;
  }
}

function contract({ mate }: PiSystem, atoms: Int32Array, count: number, v: number, w: number, tail: number): number {
  const { base, outer, flower, queue } = scratch;
  const top = ancestor(mate, v, w);
  for (let i = 0; i < count; i++) flower[atoms[i]!] = 0;
  markPath(mate, v, top, w);
  markPath(mate, w, top, v);
  for (let i = 0; i < count; i++) {
    const a = atoms[i]!;
    if (flower[base[a]!] === 0) continue;
    base[a] = top;
    if (outer[a] === 0) {
      outer[a] = 1;
      queue[tail++] = a;
    }
  }
  return tail;
}

function ancestor(mate: Int32Array, v: number, w: number): number {
  const { base, mark, parent } = scratch;
  const stamp = ++scratch.stamp;
  for (let a = v; ; a = parent[mate[a]!]!) {
    a = base[a]!;
    mark[a] = stamp;
    if (mate[a] === -1) break;
  }
  for (let a = w; ; a = parent[mate[a]!]!) {
    a = base[a]!;
    if (mark[a] === stamp) return a;
  }
}

function markPath(mate: Int32Array, from: number, top: number, child: number): void {
  const { base, flower, parent } = scratch;
  for (let v = from; base[v] !== top; v = parent[mate[v]!]!) {
    flower[base[v]!] = 1;
    flower[base[mate[v]!]!] = 1;
    parent[v] = child;
    child = mate[v]!;
  }
}
