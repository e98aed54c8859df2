/* What the guard has to know of each token, in typed arrays indexed by token id. */
import type { AtomToken } from "../smiles/atom.ts";
import { readAtom } from "../smiles/atom.ts";
import { MUST, NEVER } from "../smiles/matching.ts";
import { piNeed } from "../smiles/parse.ts";
import { implicitHydrogens, valences } from "../smiles/valence.ts";
import { RING } from "./spelling.ts";

export const ATOM = 0;
export const BRANCH = 1;
export const RETURN = 2;
export const RING_OPEN = 3;
export const RING_CLOSE = 4;
export const DOT = 5;
export const END = 6;

/** Bond sums run from 0 to SUMS − 1; larger ones do not occur. */
export const SUMS = 16;

/** One entry per token; `SUMS` entries per token in `pi`. */
export interface Kinds {
  readonly kind: Uint8Array;
  /** Order of the glued bond; 1 when unsaid. */
  readonly order: Uint8Array;
  /** Whether the glued bond becomes aromatic between two aromatic atoms: unsaid, `:` or a direction. */
  readonly plain: Uint8Array;
  /** Whether the glued bond is `:`. */
  readonly colon: Uint8Array;
  /** Whether any bond symbol is glued. */
  readonly bonded: Uint8Array;
  /** Which open ring a closing token closes. */
  readonly ring: Uint8Array;
  readonly aromatic: Uint8Array;
  /** Whether the atom is `*`. */
  readonly star: Uint8Array;
  /** Bit b set: the atom may end with bond sum b, all its bonds being single or aromatic … */
  readonly finals: Uint32Array;
  /** … or with a multiple bond among them. */
  readonly finalsMultiple: Uint32Array;
  /** Part in a π system of an aromatic atom with a bond sum: NEVER, MUST or MAY. */
  readonly pi: Uint8Array;
  /** The part it can still come to have, as FUTURE_… bits, ending with that sum or a larger one; index (2 × token + multiple) × SUMS + sum. */
  readonly future: Uint8Array;
  /** The same, ending with a larger sum. */
  readonly futureMore: Uint8Array;
}

/** An atom may come to need a double bond of its ring … */
export const FUTURE_IN = 1;
/** … or to do without. */
const FUTURE_OUT = 2;

/** Bond sums with which an atom may end once it has `sum`, as a bit mask. */
export function reachable({ finals, finalsMultiple }: Pick<Kinds, "finals" | "finalsMultiple">, token: number, sum: number, multiple: boolean): number {
  if (multiple) return (finalsMultiple[token]! >>> sum) << sum;
  // Without a multiple bond so far, sums that need one must leave room for it.
  return ((finals[token]! >>> sum) << sum) | ((finalsMultiple[token]! >>> (sum + 2)) << (sum + 2));
}

/**
 * The state that tables are kept for: open rings, whether inside a branch, and (our addition, for repeat units)
 * whether attachment points are still missing, so that strings learn when they may end.
 */
export const tableState = (rings: number, missing: boolean, inBranch: boolean): number => 4 * rings + (missing ? 2 : 0) + (inBranch ? 1 : 0);

const BONDS = "-=#$:/\\";

/** Throws InputError for tokens that are no SMILES atoms. */
export function describeTokens(vocabulary: readonly string[]): Kinds {
  const n = vocabulary.length;
  const bytes = () => new Uint8Array(n);
  const kinds: Kinds = { kind: bytes(), order: bytes().fill(1), plain: bytes(), colon: bytes(), bonded: bytes(), ring: bytes(), aromatic: bytes(), star: bytes(), finals: new Uint32Array(n), finalsMultiple: new Uint32Array(n), pi: new Uint8Array(n * SUMS), future: new Uint8Array(2 * n * SUMS), futureMore: new Uint8Array(2 * n * SUMS) };
  vocabulary.forEach((token, id) => describe(kinds, id, token));
  return kinds;
}

function describe(kinds: Kinds, id: number, token: string): void {
  const bond = BONDS.includes(token[0]!) ? token[0]! : "";
  const rest = token.slice(bond.length);
  kinds.bonded[id] = bond === "" ? 0 : 1;
  kinds.order[id] = bond === "=" ? 2 : bond === "#" ? 3 : bond === "$" ? 4 : 1;
  kinds.plain[id] = bond === "" || bond === ":" || bond === "/" || bond === "\\" ? 1 : 0;
  kinds.colon[id] = bond === ":" ? 1 : 0;
  const plain = ["(", ")", RING, "", ".", "!"].indexOf(rest);
  kinds.kind[id] = plain < 0 ? (/^\d/.test(rest) ? RING_CLOSE : ATOM) : plain + 1;
  if (kinds.kind[id] === RING_CLOSE) kinds.ring[id] = Number(rest);
  if (kinds.kind[id] === ATOM) describeAtom(kinds, id, readAtom(rest));
}

function describeAtom(kinds: Kinds, id: number, atom: AtomToken): void {
  kinds.aromatic[id] = atom.aromatic ? 1 : 0;
  kinds.star[id] = atom.z === 0 ? 1 : 0;
  kinds.finals[id] = bits(atom.aromatic ? aromaticSums(atom) : plainSums(atom));
  kinds.finalsMultiple[id] = atom.aromatic ? bits(valences(atom.z, atom.charge)?.map((v) => v - Math.max(0, atom.hydrogens)).filter((v) => v === 4) ?? []) : kinds.finals[id]!;
  for (let sum = 0; sum < SUMS; sum++) kinds.pi[id * SUMS + sum] = piOf(atom, sum);
  for (const multiple of [0, 1])
    for (let sum = 0; sum < SUMS; sum++) {
      const ends = reachable(kinds, id, sum, multiple === 1);
      kinds.future[(2 * id + multiple) * SUMS + sum] = futures(kinds, id, ends);
      kinds.futureMore[(2 * id + multiple) * SUMS + sum] = futures(kinds, id, ends & ~(1 << sum));
    }
}

function futures({ pi }: Kinds, id: number, ends: number): number {
  let bits = 0;
  for (let sum = 0; sum < SUMS; sum++) {
    if (((ends >>> sum) & 1) === 0) continue;
    const part = pi[id * SUMS + sum]!;
    bits |= (part === NEVER ? 0 : FUTURE_IN) | (part === MUST ? 0 : FUTURE_OUT);
  }
  return bits;
}

const bits = (sums: readonly number[]): number => sums.reduce((mask, sum) => mask | (1 << sum), 0);

function piOf(atom: AtomToken, sum: number): number {
  const hydrogens = atom.hydrogens >= 0 ? atom.hydrogens : implicitHydrogens(atom.z, true, sum);
  return piNeed(atom.z, atom.charge, sum + hydrogens);
}

/** Bond sums of an atom outside rings' π systems. Sulfur, phosphorus and iodine are not filled up to their higher valences with hydrogen. */
function plainSums({ z, charge, hydrogens }: AtomToken): readonly number[] {
  if (z === 0) return [1];
  const list = valences(z, charge);
  if (list === undefined) return [0, 1, 2, 3, 4, 5, 6, 7, 8];
  if (hydrogens >= 0) return list.map((v) => v - hydrogens).filter((v) => v >= 0);
  return [...Array.from({ length: list[0]! }, (_, i) => i), ...list];
}

/** Bond sums of a ring member without multiple bonds outside the ring: two or three neighbours, in or out of the π system. */
function aromaticSums(atom: AtomToken): readonly number[] {
  const [first] = valences(atom.z, atom.charge) ?? [];
  return [2, 3].filter((sum) => {
    const need = piOf(atom, sum);
    const total = sum + Math.max(0, atom.hydrogens);
    if (first === undefined) return true;
    return need === MUST || (need === NEVER && total === first && !(atom.charge > 0 && atom.z === 7));
  });
}
