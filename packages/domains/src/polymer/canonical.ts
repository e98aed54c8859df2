/*
 * One text for one polymer, whatever the cut, the direction and the number of units written.
 *
 * 1. A unit whose ends are double bonds is cut anew at a single bond if it has one (poly(1,3-cyclopentenylene
 *    vinylene) `*=CC…C=*` and the like).
 * 2. Configurations that only say how one unit stands to the next (tacticity: both ways along the chain look alike)
 *    are dropped; true centres, as in poly(L-lactide), stay.
 * 3. The unit is reduced to its shortest period: colours propose one, equal texts of all its repeats confirm it.
 * 4. Of all places to cut, those of the lowest linkage rank are taken, of those the ones between the smallest
 *    colours, and of their texts (RDKit's canonical ones, unlabelled `*`) the smallest.
 * The ranks keep linkages whole and cut where a chemist would: between O, S or N and an acyl carbon first, so that
 * an ester unit reads `*O…C(*)=O`; then other heteroatom bonds; then C–C, sp3 before sp2; last heteroatom pairs.
 * Rings are never cut.
 */
import { InputError } from "@tatara/engine/base";
import { withMol } from "../chem/rdkit.ts";
import { shown } from "../chem/reasons.ts";
import type { Rdkit } from "../chem/types.ts";
import { chainOf, reversed, type Chain, type Cut, type Side } from "./chain.ts";
import { coloursOf } from "./colours.ts";
import { readUnit } from "./ends.ts";
import { fragmentText } from "./fragment.ts";

/** The canonical repeat unit of a text. Throws InputError with the reason when it is no repeat unit. */
export function canonicalText(rdkit: Rdkit, text: string): string {
  const chain = singlyCut(rdkit, chainOf(readUnit(rdkit, text)));
  const colours = coloursOf(chain);
  const atactic = withoutTacticity(chain, colours);
  const canon = memoised((fragment) => canonicalOf(rdkit, fragment, text));
  const period = periodOf(atactic, colours, canon);
  const plain = bothWays(atactic, colours, period);
  const texts = bestCuts(atactic, colours, period).map((first) => canon(plain(first)));
  return texts.reduce((least, other) => (other < least ? other : least));
}

const canonicalOf = (rdkit: Rdkit, fragment: string, text: string): string => {
  try {
    return withMol(rdkit, fragment, (mol) => mol.get_smiles());
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`cannot be cut at its main chain: ${shown(text.trim())} — ${cause.message}`, { value: text, cause });
  }
};

function memoised(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let made = known.get(text);
    if (made === undefined) known.set(text, (made = make(text)));
    return made;
  };
}

/**
 * The stretch from a cut on, read from the end that gives the smaller text: a chain that is its own mirror image then
 * has one text for both of its equal cuts, and RDKit is asked once.
 */
function bothWays(chain: Chain, colours: Int32Array, period: number): (first: number) => string {
  const back = reversed(chain);
  const n = chain.cuts.length;
  return (first) => {
    const [there, here] = [fragmentText(chain, first, period, { colours }), fragmentText(back, (2 * n - first - period) % n, period, { colours })];
    return there < here ? there : here;
  };
}

/** A chain written through a double bond is read again from a cut at a single one, since `=*` changes what RDKit sees. */
function singlyCut(rdkit: Rdkit, chain: Chain): Chain {
  const single = chain.cuts.findIndex(({ bond }) => chain.bonds[bond]!.order === 1);
  return single <= 0 ? chain : chainOf(readUnit(rdkit, fragmentText(chain, single, chain.cuts.length)));
}

/** Drop configurations at chain atoms that see the same chain both ways, and at double bonds with two equal substituents. */
function withoutTacticity(chain: Chain, colours: Int32Array): Chain {
  const inCuts = new Set(chain.cuts.flatMap(({ from, to }) => [from, to]));
  const beyond = (side: Side): number => colours[side % 2 === 0 ? chain.bonds[side >> 1]!.b : chain.bonds[side >> 1]!.a]!;
  const corners = chain.corners.map((corner, atom) => {
    if (!corner || !inCuts.has(atom) || chain.topology.atomInRing[atom] === 1) return corner;
    const seen = corner.order.filter((side) => side !== -1).map(beyond);
    return new Set(seen).size === seen.length ? corner : undefined;
  });
  const planes = chain.planes.map((plane, bond) => (plane && [chain.bonds[bond]!.a, chain.bonds[bond]!.b].every((end) => uneven(chain, colours, end, bond)) ? plane : undefined));
  return { ...chain, corners, planes };
}

/** Whether the substituents of a double-bond atom differ; one beside hydrogen does. */
function uneven({ topology: { neighbours, atomInRing } }: Chain, colours: Int32Array, end: number, double: number): boolean {
  const others = neighbours[end]!.filter(({ bond }) => bond !== double);
  return others.length < 2 || atomInRing[end] === 1 || colours[others[0]!.atom] !== colours[others[1]!.atom];
}

const LABELS = ["[1*]", "[2*]"] as const;

/** Number of segments in the shortest period. */
function periodOf(chain: Chain, colours: Int32Array, canon: (fragment: string) => string): number {
  const n = chain.cuts.length;
  const seen = chain.cuts.map(({ from, to, bond }) => `${colours[from]} ${colours[to]} ${chain.bonds[bond]!.order}`);
  for (let period = 1; period < n; period++) {
    if (n % period !== 0 || seen.some((mark, i) => mark !== seen[(i + period) % n])) continue;
    const first = canon(fragmentText(chain, 0, period, { labels: LABELS }));
    const repeats = Array.from({ length: n / period - 1 }, (_, i) => canon(fragmentText(chain, (i + 1) * period, period, { labels: LABELS })));
    if (repeats.every((text) => text === first)) return period;
  }
  return n;
}

/** The cuts of one period among which the text decides. */
function bestCuts(chain: Chain, colours: Int32Array, period: number): readonly number[] {
  const keys = chain.cuts.slice(0, period).map((cut) => {
    const [x, y] = [colours[cut.from]!, colours[cut.to]!];
    return [rankOf(chain, cut), Math.min(x, y), Math.max(x, y)] as const;
  });
  const least = keys.reduce((best, other) => (compare(other, best) < 0 ? other : best));
  return keys.flatMap((key, i) => (compare(key, least) === 0 ? [i] : []));
}

const compare = (p: readonly number[], q: readonly number[]): number => p.reduce((sign, value, i) => sign || value - q[i]!, 0);

/** Hydrogen, carbon, silicon and the halogens. */
const NOT_HETERO = new Set([1, 6, 9, 14, 17, 35, 53]);
const isHetero = (z: number): boolean => !NOT_HETERO.has(z);

/** How readily the chain is cut at a bond: lowest first. */
function rankOf(chain: Chain, { from, to, bond }: Cut): number {
  if (chain.bonds[bond]!.order !== 1) return 20;
  const [p, q] = [chain.atoms[from]!.z, chain.atoms[to]!.z];
  if (isHetero(p) !== isHetero(q)) return isHetero(p) ? heteroRank(chain, from, to) : heteroRank(chain, to, from);
  if (isHetero(p)) return isLinked(chain, from) || isLinked(chain, to) ? 8 : 13;
  return p === 6 && q === 6 ? 10 + Number(isFlat(chain, from)) + Number(isFlat(chain, to)) : 9;
}

const ACYL: Readonly<Record<number, number>> = { 8: 0, 16: 1, 7: 2 };
const PLAIN: Readonly<Record<number, number>> = { 8: 4, 16: 5, 7: 6 };

/** A heteroatom beside carbon or silicon. */
const heteroRank = (chain: Chain, hetero: number, other: number): number => {
  const z = chain.atoms[hetero]!.z;
  return isLinked(chain, other) && chain.atoms[other]!.z === 6 && !chain.atoms[other]!.aromatic ? (ACYL[z] ?? 3) : (PLAIN[z] ?? 7);
};

/** Doubly bonded to O or S outside a ring system's perception: an acyl carbon, a sulfonyl sulfur, a phosphoryl. */
const isLinked = ({ bonds, atoms, topology: { neighbours } }: Chain, atom: number): boolean =>
  neighbours[atom]!.some((next) => bonds[next.bond]!.order === 2 && !bonds[next.bond]!.aromatic && [8, 16].includes(atoms[next.atom]!.z));

const isFlat = ({ bonds, topology: { neighbours } }: Chain, atom: number): boolean => neighbours[atom]!.some(({ bond }) => bonds[bond]!.aromatic || bonds[bond]!.order > 1);
