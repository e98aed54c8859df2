/*
 * SMILES text to a molecular graph without a toolkit: much faster than sanitising with RDKit, and meant
 * for text that RDKit wrote or will check. Lower-case atoms are kekulised; implicit hydrogens follow the standard
 * valence model; plain hydrogen atoms are folded into their neighbours, as RDKit does. Not done: perception of
 * aromaticity in Kekulé text, removal of stereo marks that distinguish nothing, and valence checks.
 */
import { InputError } from "@tatara/engine/base";
import type { Atom, Bond, Graph } from "../types.ts";
import type { Skeleton } from "./read.ts";
import { readSkeleton } from "./read.ts";
import { MAY, MUST, NEVER, STRIDE, cover } from "./matching.ts";
import { bondStereo, tetrahedral } from "./stereo.ts";
import { foldHydrogens } from "./hydrogens.ts";
import { implicitHydrogens, radicals, valences } from "./valence.ts";

const ORDERS: Readonly<Record<string, number>> = { "=": 2, "#": 3, $: 4 };

/** Throws InputError when the text is no SMILES or its aromatic atoms have no Kekulé structure. The empty text is the empty graph. */
export function parseSmiles(text: string): Graph {
  const skeleton = readSkeleton(text);
  const aromatic = aromaticLinks(skeleton);
  const orders = skeleton.links.map(({ symbol }) => ORDERS[symbol] ?? 1);
  const sigma = new Int32Array(skeleton.atoms.length);
  skeleton.links.forEach(({ a, b }, i) => {
    sigma[a]! += orders[i]!;
    sigma[b]! += orders[i]!;
  });
  const hydrogens = skeleton.atoms.map((atom, i) => (atom.hydrogens >= 0 ? atom.hydrogens : implicitHydrogens(atom.z, atom.aromatic, sigma[i]!)));
  kekulise(text, { skeleton, aromatic, orders, sigma, hydrogens });
  const atoms = skeleton.atoms.map(
    ({ z, charge, isotope, aromatic: lower, hydrogens: written, chirality }, i): Atom => ({
      z,
      charge,
      hydrogens: hydrogens[i]!,
      isotope,
      aromatic: lower,
      radicals: written < 0 ? 0 : radicals(z, charge, sigma[i]! + hydrogens[i]!),
      ...tetrahedral(skeleton, i, chirality, hydrogens[i]!, orders),
    }),
  );
  const bonds = skeleton.links.map(({ a, b }, i): Bond => ({ a, b, order: orders[i]!, aromatic: aromatic[i]! }));
  return foldHydrogens(bondStereo({ atoms, bonds }, skeleton.links));
}

const UNSAID: ReadonlySet<string> = new Set(["", "/", "\\"]);

/** Which links are aromatic: `:`, or no symbol but a direction between two lower-case atoms of one ring (`=c1\s/c(=C\C)…`). */
function aromaticLinks({ atoms, links, parents }: Skeleton): boolean[] {
  const between = links.map(({ a, b, symbol }) => symbol === ":" || (UNSAID.has(symbol) && atoms[a]!.aromatic && atoms[b]!.aromatic));
  if (!between.includes(true)) return between;
  const isBridge = bridges(links, parents);
  return between.map((yes, i) => yes && (links[i]!.symbol === ":" || !isBridge(i)));
}

/** A tree link is a bridge when no ring bond leaves the atoms below it, which the text keeps in one interval. */
function bridges(links: Skeleton["links"], parents: readonly number[]): (link: number) => boolean {
  const n = parents.length;
  const low = Int32Array.from({ length: n }, (_, i) => i);
  const high = low.slice();
  const end = low.slice();
  for (const { a, b } of links) {
    if (parents[b] === a) continue;
    low[b] = Math.min(low[b]!, a);
    high[a] = Math.max(high[a]!, b);
  }
  for (let i = n - 1; i >= 0; i--) {
    const p = parents[i]!;
    if (p < 0) continue;
    low[p] = Math.min(low[p]!, low[i]!);
    high[p] = Math.max(high[p]!, high[i]!);
    end[p] = Math.max(end[p]!, end[i]!);
  }
  return (link) => {
    const { a, b } = links[link]!;
    return parents[b] === a && low[b]! >= b && high[b]! <= end[b]!;
  };
}

interface Orders {
  readonly skeleton: Skeleton;
  readonly aromatic: readonly boolean[];
  /** Rewritten: double bonds of the Kekulé structure. */
  readonly orders: number[];
  readonly sigma: Int32Array;
  readonly hydrogens: readonly number[];
}

/** Give aromatic bonds their orders in place; `sigma` becomes the sum of bond orders. */
function kekulise(text: string, { skeleton: { atoms, links }, aromatic, orders, sigma, hydrogens }: Orders): void {
  if (!atoms.some((atom) => atom.aromatic) && !aromatic.includes(true)) return;
  const n = atoms.length;
  const system = { neighbours: new Int32Array(n * STRIDE), degree: new Uint8Array(n), need: new Uint8Array(n), mate: new Int32Array(n).fill(-1) };
  links.forEach(({ a, b }, i) => {
    if (!aromatic[i]) return;
    if (system.degree[a]! >= STRIDE || system.degree[b]! >= STRIDE) throw unkekulised(text);
    system.neighbours[a * STRIDE + system.degree[a]!++] = b;
    system.neighbours[b * STRIDE + system.degree[b]!++] = a;
  });
  const members = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (system.degree[i] === 0 && atoms[i]!.aromatic) throw new InputError(`aromatic atom outside a ring: atom ${i + 1} of "${text}" — lower case is for ring members`, { value: text });
    if (system.degree[i] === 0) continue;
    members[count++] = i;
    system.need[i] = piNeed(atoms[i]!.z, atoms[i]!.charge, sigma[i]! + hydrogens[i]!);
  }
  if (!cover(system, members, count)) throw unkekulised(text);
  links.forEach(({ a, b }, i) => {
    if (!aromatic[i] || system.mate[a] !== b) return;
    orders[i] = 2;
    sigma[a]!++;
    sigma[b]!++;
  });
}

const unkekulised = (text: string) => new InputError(`no Kekulé structure: "${text}" — alternating double bonds must fit the lower-case atoms`, { value: text });

/** Whether an aromatic atom with `total` σ bonds and hydrogens takes part in a double bond of the ring. */
export function piNeed(z: number, charge: number, total: number): number {
  const list = valences(z, charge);
  if (list === undefined) return MAY;
  const fitting = list.findIndex((valence) => valence >= total);
  if (fitting < 0 || list[fitting] === total) return NEVER;
  return fitting === 0 && list[0]! - total === 1 ? MUST : MAY;
}
