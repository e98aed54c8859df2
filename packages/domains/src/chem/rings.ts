/*
 * A smallest set of smallest rings (a minimum cycle basis). Bonds that are bridges are peeled off first; in each
 * remaining block the smallest ring through every bond usually is a basis already; where it is not (cages),
 * Horton's candidates are reduced by elimination over GF(2): J. D. Horton, SIAM J. Comput. 16 (1987) 358.
 * Among rings of equal size the choice is arbitrary, as in every SSSR; sizes and membership are not.
 */

interface Edge {
  readonly a: number;
  readonly b: number;
}

interface Cycle {
  readonly atoms: readonly number[];
  readonly bonds: readonly number[];
}

interface Ends {
  readonly atom: number;
  readonly bond: number;
}

/**
 * Rings as atom and as bond lists, shortest first. `around` lists each atom's neighbours with their edges;
 * self-loops and parallel edges do not occur in a sanitised graph.
 */
export function ringsOf(edges: readonly Edge[], around: readonly (readonly Ends[])[]): { readonly rings: readonly (readonly number[])[]; readonly ringBonds: readonly (readonly number[])[] } {
  const cycles = blocksOf(around, edges.length).flatMap((block) => basisOf(block, edges, around));
  if (cycles.length > 1) cycles.sort((p, q) => p.atoms.length - q.atoms.length);
  return { rings: cycles.map(({ atoms }) => atoms), ringBonds: cycles.map(({ bonds }) => bonds) };
}

/** Bonds of each biconnected block with a ring in it (Tarjan's low-link, without recursion). */
function blocksOf(around: readonly (readonly Ends[])[], bonds: number): readonly (readonly number[])[] {
  const n = around.length;
  // One allocation: visiting order + 1, low link, next neighbour, bond of entry, parent + 1, and bonds used.
  const work = new Int32Array(5 * n + bonds);
  const [LOW, NEXT, ENTRY, PARENT, USED] = [n, 2 * n, 3 * n, 4 * n, 5 * n];
  const blocks: number[][] = [];
  const pending: number[] = [];
  let clock = 1;
  for (let root = 0; root < n; root++) {
    if (work[root] !== 0) continue;
    work[root] = work[LOW + root] = clock++;
    for (let at = root; at !== -1; ) {
      const ends = around[at]![work[NEXT + at]!++];
      if (ends === undefined) {
        const up = work[PARENT + at]! - 1;
        if (up !== -1) {
          if (work[LOW + at]! < work[LOW + up]!) work[LOW + up] = work[LOW + at]!;
          if (work[LOW + at]! >= work[up]!) closeBlock(pending, work[ENTRY + at]!, blocks);
        }
        at = up;
      } else if (work[USED + ends.bond] === 0) {
        work[USED + ends.bond] = 1;
        pending.push(ends.bond);
        if (work[ends.atom] === 0) {
          work[ends.atom] = work[LOW + ends.atom] = clock++;
          work[PARENT + ends.atom] = at + 1;
          work[ENTRY + ends.atom] = ends.bond;
          at = ends.atom;
        } else if (work[ends.atom]! < work[LOW + at]!) work[LOW + at] = work[ends.atom]!;
      }
    }
  }
  return blocks;
}

function closeBlock(pending: number[], entry: number, blocks: number[][]): void {
  if (pending.at(-1) === entry) pending.pop(); // a bridge
  else blocks.push(pending.splice(pending.lastIndexOf(entry)));
}

function basisOf(block: readonly number[], edges: readonly Edge[], around: readonly (readonly Ends[])[]): readonly Cycle[] {
  const alone = loneRing(block, edges);
  if (alone) return [alone];
  const atoms = [...new Set(block.flatMap((bond) => [edges[bond]!.a, edges[bond]!.b]))];
  const wanted = block.length - atoms.length + 1;
  const inside = new Set(block);
  const within = new Map(atoms.map((atom) => [atom, around[atom]!.filter(({ bond }) => inside.has(bond))]));
  const quick = independent(block.map((bond) => smallestThrough(bond, edges, within)), block, wanted);
  return quick.length === wanted ? quick : independent(horton(atoms, block, edges, within), block, wanted);
}

/** The block as one ring, if it is one: as many atoms as bonds. Most blocks are. */
function loneRing(block: readonly number[], edges: readonly Edge[]): Cycle | undefined {
  const pending = [...block];
  const bonds = [pending.pop()!];
  const { a: start, b } = edges[bonds[0]!]!;
  const atoms = [start];
  for (let at = b; at !== start; ) {
    atoms.push(at);
    let found = -1;
    for (let i = 0; i < pending.length; i++) {
      const { a: p, b: q } = edges[pending[i]!]!;
      if (p !== at && q !== at) continue;
      if (found !== -1) return undefined; // a third bond: rings are fused here
      found = i;
    }
    const [bond] = pending.splice(found, 1) as [number];
    bonds.push(bond);
    at = edges[bond]!.a === at ? edges[bond]!.b : edges[bond]!.a;
  }
  return pending.length === 0 ? { atoms, bonds } : undefined;
}

type Within = ReadonlyMap<number, readonly Ends[]>;

/** A shortest ring through one bond: a shortest way round from its one end to the other. */
function smallestThrough(bond: number, edges: readonly Edge[], within: Within): Cycle {
  const { a, b } = edges[bond]!;
  const came = treeFrom(a, within, bond, b);
  const atoms = [b];
  const bonds = [bond];
  while (atoms.at(-1) !== a) {
    const step = came.get(atoms.at(-1)!)!;
    bonds.push(step.bond);
    atoms.push(step.atom);
  }
  return { atoms, bonds };
}

/** Breadth-first tree: for each atom the step back towards the root. Stops at `until`. */
function treeFrom(root: number, within: Within, without = -1, until = -1): Map<number, Ends> {
  const came = new Map<number, Ends>([[root, { atom: -1, bond: -1 }]]);
  const queue = [root];
  for (let at = 0; at < queue.length; at++) {
    for (const { atom, bond } of within.get(queue[at]!)!) {
      if (bond === without || came.has(atom)) continue;
      came.set(atom, { atom: queue[at]!, bond });
      if (atom === until) return came;
      queue.push(atom);
    }
  }
  return came;
}

/** Horton's candidates: for every atom v and bond xy, the shortest paths v…x and v…y closed by xy, where disjoint. */
function horton(atoms: readonly number[], block: readonly number[], edges: readonly Edge[], within: Within): readonly Cycle[] {
  const cycles: Cycle[] = [];
  for (const root of atoms) {
    const came = treeFrom(root, within);
    for (const bond of block) {
      const [left, right] = [pathTo(edges[bond]!.a, came), pathTo(edges[bond]!.b, came)];
      if (left.bonds.includes(bond) || right.bonds.includes(bond)) continue;
      if (left.atoms.some((atom) => atom !== root && right.atoms.includes(atom))) continue;
      cycles.push({ atoms: [...left.atoms, ...right.atoms.slice(0, -1).toReversed()], bonds: [bond, ...left.bonds, ...right.bonds] });
    }
  }
  return cycles;
}

function pathTo(atom: number, came: ReadonlyMap<number, Ends>): { readonly atoms: readonly number[]; readonly bonds: readonly number[] } {
  const atoms: number[] = [];
  const bonds: number[] = [];
  for (let at = atom; ; ) {
    atoms.push(at);
    const step = came.get(at)!;
    if (step.atom === -1) return { atoms, bonds };
    bonds.push(step.bond);
    at = step.atom;
  }
}

/** Shortest first, keep the cycles that are no sum of kept ones, until there are `wanted`. */
function independent(candidates: readonly Cycle[], block: readonly number[], wanted: number): readonly Cycle[] {
  const position = new Map(block.map((bond, i) => [bond, i]));
  const pivots = new Map<number, Uint8Array>();
  const kept: Cycle[] = [];
  for (const cycle of candidates.toSorted((p, q) => p.atoms.length - q.atoms.length)) {
    const row = new Uint8Array(block.length);
    for (const bond of cycle.bonds) row[position.get(bond)!] = 1;
    if (!reduces(row, pivots)) continue;
    kept.push(cycle);
    if (kept.length === wanted) break;
  }
  return kept;
}

/** Gaussian elimination of one row over GF(2); whether anything was left, which then becomes a pivot. */
function reduces(row: Uint8Array, pivots: Map<number, Uint8Array>): boolean {
  for (let i = 0; i < row.length; i++) {
    if (row[i] === 0) continue;
    const pivot = pivots.get(i);
    if (!pivot) {
      pivots.set(i, row);
      return true;
    }
    for (let j = i; j < row.length; j++) row[j]! ^= pivot[j]!;
  }
  return false;
}
