/*
 * A molecular graph to SMILES text, from any root and with any order of neighbours: the source of re-rooted training
 * strings. Aromatic atoms stay in lower case, tetrahedral centres and double bonds keep their configuration, and the
 * bond of a ring is written where the ring opens. Not canonical: the same graph has many texts.
 */
import { InputError, permutation } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import type { Atom, Bond, Graph } from "../types.ts";
import { directions } from "./directions.ts";
import { invertsLonePair, isOdd } from "./stereo.ts";
import { AROMATIC, SYMBOLS } from "./symbols.ts";
import { ringText } from "./tokens.ts";
import { implicitHydrogens, isOrganic } from "./valence.ts";
import type { Walk } from "./walk.ts";
import { otherEnd, walk } from "./walk.ts";

export interface WriteOptions {
  /** Atom that the text starts with; default 0. */
  readonly root?: number;
  /** Draws the order of neighbours; without it and `order`, neighbours follow the order of the graph. */
  readonly key?: Key;
  /** One number per atom: neighbours with smaller ones are written first, the largest continues the main chain; at aromatic atoms, rings fused to theirs come last. */
  readonly order?: ArrayLike<number>;
}

/** SMILES of a graph; its components are joined by dots. Throws InputError when `root` is no atom. */
export function writeSmiles(graph: Graph, { root = 0, key, order }: WriteOptions = {}): string {
  const n = graph.atoms.length;
  if (n === 0) return "";
  if (!Number.isInteger(root) || root < 0 || root >= n) throw new InputError(`no such atom: ${root} — atoms are 0 to ${n - 1}`, { path: "root", value: root });
  const priority = order ?? (key === undefined ? Int32Array.from({ length: n }, (_, i) => i) : permutation(key, n));
  return spell(graph, walk(graph, root, priority));
}

function spell(graph: Graph, visit: Walk): string {
  const { sequence, entry, children, opens, closes } = visit;
  const marks = directions(graph, visit);
  const sums = bondSums(graph);
  const labels = new Map<number, number>();
  const taken = new Set<number>();
  const pending: number[] = []; // bonds still to be written, last first; −1 closes a branch
  let text = "";
  const write = (atom: number) => {
    text += atomText(graph, atom, { visit, sum: sums[atom]! });
    for (const bond of closes[atom]!) text += ringText(labels.get(bond)!);
    for (const bond of opens[atom]!) {
      let label = 1;
      while (taken.has(label)) label++;
      taken.add(label);
      labels.set(bond, label);
      text += bondText(graph, graph.bonds[bond]!, marks.get(bond)) + ringText(label);
    }
    for (const bond of closes[atom]!) taken.delete(labels.get(bond)!);
    children[atom]!.toReversed().forEach((bond, i) => {
      if (i > 0) pending.push(-1);
      pending.push(bond);
      if (i > 0) pending.push(-2);
    });
  };
  for (const start of sequence) {
    if (entry[start]! >= 0) continue;
    if (text !== "") text += ".";
    write(start);
    while (pending.length > 0) {
      const bond = pending.pop()!;
      if (bond === -1) text += ")";
      else if (bond === -2) text += "(";
      else {
        text += bondText(graph, graph.bonds[bond]!, marks.get(bond));
        write(entryAtom(graph.bonds[bond]!, visit));
      }
    }
  }
  return text;
}

const entryAtom = ({ a, b }: Bond, { rank }: Walk): number => (rank[a]! > rank[b]! ? a : b);

function bondText({ atoms }: Graph, { a, b, order, aromatic }: Bond, mark: string | undefined): string {
  const lower = atoms[a]!.aromatic && atoms[b]!.aromatic;
  if (aromatic) return lower ? (mark ?? "") : ":";
  if (order === 1) return mark ?? (lower ? "-" : "");
  return order === 2 ? "=" : order === 3 ? "#" : "$";
}

/** Sum of bond orders per atom as the valence model counts it: an aromatic bond is 1. */
function bondSums({ atoms, bonds }: Graph): Int32Array {
  const sums = new Int32Array(atoms.length);
  for (const { a, b, order, aromatic } of bonds) {
    sums[a]! += aromatic ? 1 : order;
    sums[b]! += aromatic ? 1 : order;
  }
  return sums;
}

function atomText(graph: Graph, index: number, { visit, sum }: { visit: Walk; sum: number }): string {
  const atom = graph.atoms[index]!;
  const symbol = atom.aromatic && AROMATIC.has(SYMBOLS[atom.z]!.toLowerCase()) ? SYMBOLS[atom.z]!.toLowerCase() : SYMBOLS[atom.z]!;
  if (isPlain(atom, sum)) return symbol;
  const hydrogens = atom.hydrogens === 0 ? "" : atom.hydrogens === 1 ? "H" : `H${atom.hydrogens}`;
  const size = Math.abs(atom.charge);
  const charge = size === 0 ? "" : (atom.charge > 0 ? "+" : "-") + (size > 1 ? size : "");
  return `[${atom.isotope > 0 ? atom.isotope : ""}${symbol}${chirality(graph, index, visit)}${hydrogens}${charge}]`;
}

const isPlain = (atom: Atom, sum: number): boolean =>
  isOrganic(atom.z) && atom.charge === 0 && atom.isotope === 0 && atom.radicals === 0 && atom.stereo === undefined && (atom.z === 0 ? atom.hydrogens === 0 : atom.hydrogens === implicitHydrogens(atom.z, atom.aromatic, sum));

function chirality(graph: Graph, index: number, { entry, children, opens, closes }: Walk): string {
  const { stereo, hydrogens } = graph.atoms[index]!;
  if (stereo === undefined) return "";
  const ahead = entry[index]! < 0 ? [] : [otherEnd(graph.bonds[entry[index]!]!, index)];
  const rings = [...closes[index]!, ...opens[index]!];
  const rest = [...rings, ...children[index]!].map((bond) => otherEnd(graph.bonds[bond]!, index));
  const implicit = stereo.order.includes(-1) ? [-1] : [];
  if (hydrogens > 0) return isOdd(stereo.order, [...ahead, ...implicit, ...rest]) === stereo.ccw ? "@@" : "@";
  const unsaturated = graph.bonds.some(({ a, b, order }) => (a === index || b === index) && order > 1);
  const inverted = implicit.length > 0 && invertsLonePair(rings.length, unsaturated);
  return (isOdd(stereo.order, [...ahead, ...rest, ...implicit]) !== inverted) === stereo.ccw ? "@@" : "@";
}
