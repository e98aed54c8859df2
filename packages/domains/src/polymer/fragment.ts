/*
 * A stretch of a chain as text, with `*` where it was cut. The writer is plain and not canonical: bracket atoms,
 * Kekulé bonds, stereochemistry; RDKit makes it canonical. It starts at a `*`, so that every stereocentre has a
 * bond before it.
 */
import { elements } from "../chem/elements.ts";
import type { Chain, Corner, Cut, Side } from "./chain.ts";

/** One step from an atom: over its side `side` of bond `bond` to atom `to` (−1 and −2 are the `*` before and after). */
interface Step { readonly to: number; readonly bond: number; readonly side: Side }

interface Tree {
  readonly chain: Chain;
  readonly steps: ReadonlyMap<number, readonly Step[]>;
  /** Children and ring closures of each atom, in the order in which they are written. */
  readonly children: ReadonlyMap<number, readonly Step[]>;
  readonly closures: ReadonlyMap<number, readonly Step[]>;
  readonly parent: ReadonlyMap<number, Side>;
  /** By slopeKey: +1 where the bond's atom b lies above its atom a, −1 below; only beside configured double bonds. */
  readonly slopes: ReadonlyMap<number, number>;
  readonly digits: (string | undefined)[];
  readonly open: Map<number, string>;
}

const BEFORE = -1;
const AFTER = -2;
const BONDS = ["", "", "=", "#", "$"] as const;

export interface FragmentOptions {
  /** What is written for the `*` before and after. */
  readonly labels?: readonly [string, string];
  /** One number per atom: neighbours of smaller colour are written first. */
  readonly colours?: ArrayLike<number>;
}

/** The text of the stretch from the far side of cut `first` over `count` segments. */
export function fragmentText(chain: Chain, first: number, count: number, { labels = ["*", "*"], colours }: FragmentOptions = {}): string {
  const entry = chain.cuts[first]!;
  const exit = chain.cuts[(first + count) % chain.cuts.length]!;
  const steps = stretch(chain, first, count, entry, exit);
  if (colours) for (const all of steps.values()) all.sort((p, q) => colourOf(p, colours) - colourOf(q, colours));
  const tree = grow(chain, steps, entry);
  const bond = BONDS[chain.bonds[entry.bond]!.order]!;
  return `${labels[0]}${bond || slope(tree, slopeKey(BEFORE, entry.bond), 1 - (sideAt(chain, entry, "to") % 2))}${write(tree, entry.to, labels[1])}`;
}

const colourOf = ({ to }: Step, colours: ArrayLike<number>): number => (to < 0 ? Number.POSITIVE_INFINITY : colours[to]!);

const sideAt = ({ bonds }: Chain, { bond, from, to }: Cut, at: "from" | "to"): Side => {
  const { a, b } = bonds[bond]!;
  if (a === b || (a === from && b === to)) return 2 * bond + (at === "from" ? 0 : 1);
  return 2 * bond + (at === "from" ? 1 : 0);
};

/** Steps between the atoms of the stretch, the cut bonds leading to `*`. */
function stretch(chain: Chain, first: number, count: number, entry: Cut, exit: Cut): Map<number, Step[]> {
  const inside = (atom: number) => (chain.segment[atom]! - first + chain.cuts.length) % chain.cuts.length < count;
  const steps = new Map<number, Step[]>();
  const add = (at: number, step: Step) => {
    const known = steps.get(at);
    if (known) known.push(step);
    else steps.set(at, [step]);
  };
  chain.bonds.forEach(({ a, b }, bond) => {
    if (bond === entry.bond || bond === exit.bond || !inside(a) || !inside(b)) return;
    add(a, { to: b, bond, side: 2 * bond });
    add(b, { to: a, bond, side: 2 * bond + 1 });
  });
  add(entry.to, { to: BEFORE, bond: entry.bond, side: sideAt(chain, entry, "to") });
  add(exit.from, { to: AFTER, bond: exit.bond, side: sideAt(chain, exit, "from") });
  return steps;
}

function grow(chain: Chain, steps: ReadonlyMap<number, readonly Step[]>, entry: Cut): Tree {
  const [children, closures, parent] = [new Map<number, Step[]>(), new Map<number, Step[]>(), new Map<number, Side>()];
  const used = new Set<number>();
  const visit = (atom: number, from: Side) => {
    parent.set(atom, from);
    children.set(atom, []);
    for (const step of steps.get(atom)!) {
      if (step.side === from || used.has(step.bond)) continue;
      used.add(step.bond);
      if (step.to !== AFTER && parent.has(step.to)) close(closures, atom, step);
      else {
        children.get(atom)!.push(step);
        if (step.to !== AFTER) visit(step.to, step.side ^ 1);
      }
    }
  };
  visit(entry.to, sideAt(chain, entry, "to"));
  return { chain, steps, children, closures, parent, slopes: slopesOf(chain, steps), digits: [], open: new Map() };
}

/** A ring closure is written at both of its atoms. */
function close(closures: Map<number, Step[]>, atom: number, step: Step): void {
  closures.set(atom, [...(closures.get(atom) ?? []), step]);
  closures.set(step.to, [...(closures.get(step.to) ?? []), { to: atom, bond: step.bond, side: step.side ^ 1 }]);
}

function write(tree: Tree, atom: number, end: string): string {
  const closures = (tree.closures.get(atom) ?? []).map((step) => closure(tree, step));
  const parts = tree.children.get(atom)!.map((step) => bondText(tree, step) + (step.to === AFTER ? end : write(tree, step.to, end)));
  const last = parts.pop() ?? "";
  return atomText(tree, atom) + closures.join("") + parts.map((part) => `(${part})`).join("") + last;
}

function closure(tree: Tree, step: Step): string {
  const open = tree.open.get(step.bond);
  if (open !== undefined) {
    tree.digits[tree.digits.indexOf(open)] = undefined;
    return open;
  }
  const free = tree.digits.indexOf(undefined);
  const place = free === -1 ? tree.digits.length : free;
  const digit = place < 9 ? String(place + 1) : `%${place + 1}`;
  tree.digits[place] = digit;
  tree.open.set(step.bond, digit);
  return bondText(tree, step) + digit;
}

const bondText = (tree: Tree, { bond, side }: Step): string => BONDS[tree.chain.bonds[bond]!.order]! || slope(tree, bond, side % 2);

/** `/` when the next atom lies above this one; `side` 0 walks the bond from a to b. */
function slope({ slopes }: Tree, key: number, side: number): string {
  const up = slopes.get(key);
  if (up === undefined) return "";
  return (side === 0 ? up : -up) > 0 ? "/" : "\\";
}

function atomText(tree: Tree, atom: number): string {
  const { z, charge, hydrogens, isotope } = tree.chain.atoms[atom]!;
  const corner = tree.chain.corners[atom];
  const chirality = corner ? handedness(tree, atom, corner) : "";
  const count = hydrogens === 0 ? "" : hydrogens === 1 ? "H" : `H${hydrogens}`;
  const sign = charge === 0 ? "" : `${charge > 0 ? "+" : "-"}${Math.abs(charge) === 1 ? "" : Math.abs(charge)}`;
  return `[${isotope || ""}${elements[z]!.symbol}${chirality}${count}${sign}]`;
}

/** `@` when, seen from the bond before, the others run counter-clockwise as they are written. */
function handedness({ parent, closures, children }: Tree, atom: number, { order, ccw }: Corner): string {
  const written = [parent.get(atom)!, ...(order.includes(-1) ? [-1] : []), ...(closures.get(atom) ?? []).map(({ side }) => side), ...children.get(atom)!.map(({ side }) => side)];
  const places = order.map((side) => written.indexOf(side));
  let swaps = 0;
  for (let i = 0; i < places.length; i++) for (let j = 0; j < i; j++) if (places[j]! > places[i]!) swaps++;
  return (swaps % 2 === 0) === ccw ? "@" : "@@";
}

/** Slopes of the single bonds beside configured double bonds, spread along conjugation so that shared bonds agree. */
function slopesOf(chain: Chain, steps: ReadonlyMap<number, readonly Step[]>): ReadonlyMap<number, number> {
  const slopes = new Map<number, number>();
  const inner = new Set([...steps.values()].flatMap((all) => all.flatMap(({ bond, to }) => (to >= 0 ? [bond] : []))));
  const pending = chain.planes.flatMap((plane, bond) => (plane && inner.has(bond) ? [bond] : []));
  const marked = ({ to, bond }: Step) => slopes.has(slopeKey(to, bond));
  while (pending.length > 0) {
    const next = Math.max(0, pending.findIndex((bond) => [chain.bonds[bond]!.a, chain.bonds[bond]!.b].some((end) => steps.get(end)!.some(marked))));
    place(chain, steps, pending.splice(next, 1)[0]!, slopes);
  }
  return slopes;
}

/** The same bond cut at both ends of a stretch has two slopes: that of the `*` before is filed apart. */
const slopeKey = (to: number, bond: number): number => (to === BEFORE ? -1 - bond : bond);

/** Give the single bonds at both ends of a double bond the slopes that its configuration asks for. */
function place(chain: Chain, steps: ReadonlyMap<number, readonly Step[]>, bond: number, slopes: Map<number, number>): void {
  const { sideA, sideB, cis } = chain.planes[bond]!;
  const { a, b } = chain.bonds[bond]!;
  /** Whether the substituent on `side` lies above its double-bond atom, +1 or −1, told from any marked bond there. */
  const upOf = (end: number, side: Side): number | undefined => {
    const known = steps.get(end)!.find((step) => step.bond !== bond && slopes.has(slopeKey(step.to, step.bond)));
    if (!known) return undefined;
    const up = slopes.get(slopeKey(known.to, known.bond))! * (known.side % 2 === 0 ? 1 : -1);
    return known.side === side ? up : -up;
  };
  // Both substituents of an end are marked: a neighbouring double bond may need the one that this does not name.
  const mark = (end: number, side: Side, up: number) => {
    for (const step of steps.get(end)!) if (step.bond !== bond) slopes.set(slopeKey(step.to, step.bond), (step.side === side ? up : -up) * (step.side % 2 === 0 ? 1 : -1));
  };
  const [oldA, oldB] = [upOf(a, sideA), upOf(b, sideB)];
  const upA = oldA ?? (oldB ?? 1) * (cis ? 1 : -1);
  if (oldA === undefined) mark(a, sideA, upA);
  if (oldB === undefined) mark(b, sideB, cis ? upA : -upA);
}
