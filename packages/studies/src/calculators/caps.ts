/*
 * Closing a repeat unit with caps that keep its linkages. What stands across the boundary from atom a is the other
 * end's atom b, so the cap on a is a copy of b with the linkage that b belongs to, and a methyl for everything beyond:
 *
 *   b plain carbon, or in an aromatic ring      CH3
 *   b oxygen, nitrogen, sulphur                 OCH3, NHCH3, SCH3; with an acyl on b, that acyl too: OC(=O)CH3
 *   b carbonyl, sulphonyl, phosphoryl           C(=O)CH3; beside a heteroatom C(=O)OCH3, C(=O)NHCH3, ...
 *   b nitrogen of a cyclic imide                the five-membered ring, as succinimide
 *
 * So an ester, amide, imide, urethane, urea, carbonate, ether, thioether or sulphone cut anywhere stays whole.
 */
import type { Atom, Bond, Graph } from "@tatara/domains/chem";

export interface Capped {
  readonly graph: Graph;
  /** Atoms 0 .. n − 1 of the graph that belong to the repeat unit, the others to caps. */
  readonly isUnit: readonly boolean[];
}

/** The unit with both `*` replaced by caps, or why that cannot be done. */
export function capped(unit: Graph): Capped | { readonly failure: string } {
  const stars = unit.atoms.flatMap((atom, i) => (atom.z === 0 ? [i] : []));
  if (stars.length !== 2) return { failure: `${stars.length} open ends — a repeat unit has two *` };
  const ends = stars.map((star) => unit.bonds.filter(({ a, b }) => a === star || b === star));
  if (ends.some((bonds) => bonds.length !== 1 || bonds[0]!.order !== 1)) return { failure: "an open end that is no single bond — each * hangs on one single bond" };
  const [first, second] = stars as [number, number];
  const roots = ends.map(([bond], e) => (bond!.a === stars[e] ? bond!.b : bond!.a)) as [number, number];
  if (roots.some((root) => unit.atoms[root]!.z === 0)) return { failure: "no atoms between the open ends" };
  const draft: Draft = { unit, atoms: [...unit.atoms], bonds: [...unit.bonds] };
  growCap(draft, first, roots[1], second);
  growCap(draft, second, roots[0], first);
  return { graph: { atoms: draft.atoms, bonds: draft.bonds }, isUnit: draft.atoms.map((_, i) => i < unit.atoms.length && !stars.includes(i)) };
}

interface Draft {
  readonly unit: Graph;
  readonly atoms: Atom[];
  readonly bonds: Bond[];
}

const plainAtom = (z: number, hydrogens: number, charge = 0): Atom => ({ z, charge, hydrogens, isotope: 0, aromatic: false, radicals: 0 });
const METHYL = plainAtom(6, 3);
const METHYLENE = plainAtom(6, 2);

/** Put a copy of atom `model` with its linkage in place of `star`; `beyond` is the other star, which `model` carries. */
function growCap(draft: Draft, star: number, model: number, beyond: number): void {
  const { unit, atoms, bonds } = draft;
  const copies = new Map<number, number>();
  const root = unit.atoms[model]!;
  const isImide = root.z === 7 && neighboursOf(unit, model).some(({ to }) => isAcylLike(unit, to));
  if ((root.aromatic && !isImide) || !(isHetero(root.z) || isAcylLike(unit, model))) {
    atoms[star] = METHYL;
    return;
  }
  atoms[star] = plainAtom(root.z, root.hydrogens, root.charge);
  copies.set(model, star);
  const queue = [model];
  const join = (a: number, b: number, order = 1) => bonds.push({ a, b, order, aromatic: false });
  for (let x = queue.shift(); x !== undefined; x = queue.shift()) {
    for (const { to: y, order } of neighboursOf(unit, x)) {
      if (y === beyond || copies.has(y)) continue;
      const atom = unit.atoms[y]!;
      const isLinkage = y !== star && (!atom.aromatic || isAcylLike(unit, y)) && (order > 1 || (isHetero(unit.atoms[x]!.z) && isAcylLike(unit, y)) || (isAcylLike(unit, x) && isHetero(atom.z)));
      const copy = atoms.push(isLinkage ? plainAtom(atom.z, atom.hydrogens, atom.charge) : METHYL) - 1;
      join(copies.get(x)!, copy, isLinkage ? order : 1);
      if (!isLinkage) continue;
      copies.set(y, copy);
      queue.push(y);
    }
  }
  closeImide(draft, model, copies);
}

/** Two methyls on the acyls of one nitrogen that stand for neighbouring ring atoms become the CH2-CH2 of succinimide. */
function closeImide({ unit, atoms, bonds }: Draft, model: number, copies: ReadonlyMap<number, number>): void {
  if (unit.atoms[model]!.z !== 7) return;
  const acyls = neighboursOf(unit, model).filter(({ to }) => copies.has(to) && unit.atoms[to]!.z === 6).map(({ to }) => to);
  if (acyls.length !== 2) return;
  const carbonsOf = (acyl: number) => neighboursOf(unit, acyl).filter(({ to }) => unit.atoms[to]!.z === 6).map(({ to }) => to);
  const [left, right] = acyls.map(carbonsOf) as [number[], number[]];
  if (!left.some((p) => right.some((q) => neighboursOf(unit, p).some(({ to }) => to === q)))) return;
  const methyls = acyls.map((acyl) => bonds.map(({ a, b }) => (a === copies.get(acyl) ? b : b === copies.get(acyl) ? a : -1)).find((n) => n >= 0 && atoms[n] === METHYL));
  const [p, q] = methyls;
  if (p === undefined || q === undefined) return;
  atoms[p] = METHYLENE;
  atoms[q] = METHYLENE;
  bonds.push({ a: p, b: q, order: 1, aromatic: false });
}

const isHetero = (z: number): boolean => [5, 7, 8, 14, 15, 16, 34].includes(z);

/** Carbon, sulphur or phosphorus with a double bond to O, S or N that is not part of an aromatic ring; the imide carbon of RDKit's aromatic `c(=O)n` is one. */
function isAcylLike(graph: Graph, x: number): boolean {
  return [6, 15, 16].includes(graph.atoms[x]!.z) && neighboursOf(graph, x).some(({ to, order, aromatic }) => order === 2 && !aromatic && [7, 8, 16].includes(graph.atoms[to]!.z));
}

const neighboursOf = (graph: Graph, x: number): { readonly to: number; readonly order: number; readonly aromatic: boolean }[] =>
  graph.bonds.flatMap(({ a, b, order, aromatic }) => (a === x ? [{ to: b, order, aromatic }] : b === x ? [{ to: a, order, aromatic }] : []));
