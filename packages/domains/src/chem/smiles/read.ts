/*
 * SMILES symbols to a skeleton: atoms as written, bonds with their symbols, and the order of neighbours around each
 * atom, which is what chirality marks refer to. Branches are followed with a stack, so that long text is no danger.
 */
import { InputError } from "@tatara/engine/base";
import type { AtomToken } from "./atom.ts";
import { readAtom } from "./atom.ts";
import { isBond, ringLabel, tokenise } from "./tokens.ts";

/** A bond as written: `symbol` reads from a to b and is "" where none stood. Ring bonds run from the opening atom. */
export interface Link {
  readonly a: number;
  readonly b: number;
  readonly symbol: string;
}

export interface Skeleton {
  readonly atoms: readonly AtomToken[];
  readonly links: readonly Link[];
  /** Neighbours of each atom in the order of the text; for an atom that starts a component the list has no predecessor. */
  readonly around: readonly (readonly number[])[];
  /** The atom before each atom, −1 at the start of a component. */
  readonly parents: readonly number[];
  /** Ring labels written on each atom. */
  readonly rings: readonly number[];
}

interface OpenRing {
  readonly atom: number;
  readonly symbol: string;
  readonly slot: number;
}

/** Throws InputError for unbalanced branches, unclosed or contradictory rings, and dangling bonds. */
export function readSkeleton(text: string): Skeleton {
  const wrong = (what: string, right: string) => new InputError(`${what}: "${text.length > 80 ? `${text.slice(0, 80)}…` : text}" — ${right}`, { value: text });
  const atoms: AtomToken[] = [];
  const links: Link[] = [];
  const around: number[][] = [];
  const parents: number[] = [];
  const rings: number[] = [];
  const branches: number[] = [];
  const open = new Map<number, OpenRing>();
  let at = -1;
  let symbol = "";
  let last = "";
  for (const token of tokenise(text)) {
    const label = ringLabel(token);
    if (isBond(token)) {
      if (symbol !== "" || at < 0) throw wrong("misplaced bond", "a bond symbol stands between two atoms");
      symbol = token;
    } else if (label >= 0) {
      if (at < 0 || last === "(") throw wrong("misplaced ring label", "ring labels follow an atom");
      const opening = open.get(label);
      if (opening === undefined) {
        open.set(label, { atom: at, symbol, slot: around[at]!.length });
        around[at]!.push(-1);
      } else {
        const joined = joinSymbols(opening.symbol, symbol);
        if (joined === undefined) throw wrong(`contradictory bonds of ring ${label}`, "both ends of a ring bond say the same");
        if (opening.atom === at || around[at]!.includes(opening.atom)) throw wrong(`ring ${label} joins atoms already bonded`, "a ring has at least three atoms");
        open.delete(label);
        around[opening.atom]![opening.slot] = at;
        around[at]!.push(opening.atom);
        links.push({ a: opening.atom, b: at, symbol: joined });
        rings[opening.atom]!++;
        rings[at]!++;
      }
      symbol = "";
    } else if (token === "(" || token === ")" || token === ".") {
      if (symbol !== "" || at < 0 || last === "(") throw wrong(`misplaced "${token}"`, "it follows an atom or a closed branch");
      if (token === "(") branches.push(at);
      else if (token === ".") at = -1;
      else if (branches.length === 0) throw wrong("unbalanced branch", 'every ")" has its "("');
      else at = branches.pop()!;
    } else {
      const next = atoms.length;
      atoms.push(readAtom(token));
      around.push(at < 0 ? [] : [at]);
      parents.push(at);
      rings.push(0);
      if (at >= 0) {
        around[at]!.push(next);
        links.push({ a: at, b: next, symbol });
      }
      at = next;
      symbol = "";
    }
    last = token;
  }
  if (symbol !== "") throw wrong("dangling bond", "a bond symbol stands between two atoms");
  if (branches.length > 0) throw wrong("unclosed branch", 'every "(" has its ")"');
  if (open.size > 0) throw wrong(`unclosed ring ${[...open.keys()].join(", ")}`, "every ring label stands twice");
  if (atoms.length > 0 && at < 0) throw wrong('misplaced "."', "an atom follows");
  return { atoms, links, around, parents, rings };
}

const FLIPPED: Readonly<Record<string, string>> = { "/": "\\", "\\": "/" };

/** The same bond symbol read from the other end. */
const flipSymbol = (symbol: string): string => FLIPPED[symbol] ?? symbol;

/** The symbol of a ring bond, read from its opening; undefined when its ends contradict each other. */
export function joinSymbols(opening: string, closing: string): string | undefined {
  const other = flipSymbol(closing);
  if (opening === "" || opening === other) return other;
  return other === "" ? opening : undefined;
}
