/*
 * The two open ends of a repeat unit. Texts may mark an end as `*`, `[*]`, `[*:1]` or `[1*]`; labels are ignored.
 */
import { InputError } from "@tatara/engine/base";
import { graphOf, withMol } from "../chem/rdkit.ts";
import { shown } from "../chem/reasons.ts";
import type { Atom, Bond, Graph, Rdkit } from "../chem/types.ts";

/** A graph with exactly two `*`, each on one bond, both of one order. */
export interface OpenUnit {
  readonly graph: Graph;
  readonly stars: readonly [number, number];
  /** The atom that each `*` is bonded to. */
  readonly ends: readonly [number, number];
  readonly order: number;
}

/** Read a repeat unit. Throws InputError with the reason when the text is no structure or has other than two plain ends. */
export function readUnit(rdkit: Rdkit, text: string): OpenUnit {
  const graph = withMol(rdkit, text, graphOf);
  const unit = openUnit(graph);
  if (typeof unit !== "string") return unit;
  throw new InputError(`not a repeat unit: ${shown(text.trim())} — ${unit}`, { value: text });
}

/** The ends of a graph, or why it is no repeat unit. */
function openUnit(graph: Graph): OpenUnit | string {
  const stars = graph.atoms.flatMap(({ z }, i) => (z === 0 ? [i] : []));
  if (stars.length !== 2) return `${stars.length === 0 ? "no" : stars.length} open end${stars.length === 1 ? "" : "s"} (*), exactly two are right`;
  const bonds = stars.map((star) => graph.bonds.filter(({ a, b }) => a === star || b === star));
  const fault = stars.map((star, i) => endFault(graph.atoms[star]!, star, bonds[i]!)).find((reason) => reason !== undefined);
  if (fault !== undefined) return fault;
  const [first, second] = [bonds[0]![0]!, bonds[1]![0]!];
  const ends = [first.a + first.b - stars[0]!, second.a + second.b - stars[1]!] as const;
  if (ends[0] === stars[1]) return "the two * are bonded to each other, a unit lies between them";
  if (first.order !== second.order) return `its ends have bonds of order ${first.order} and ${second.order}, both must be of one order`;
  if (!connected(graph)) return "it is in several pieces, one is right";
  return { graph, stars: [stars[0]!, stars[1]!], ends, order: first.order };
}

function endFault(star: Atom, index: number, bonds: readonly Bond[]): string | undefined {
  if (bonds.length !== 1) return `the * at atom ${index + 1} has ${bonds.length} bonds, exactly one is right`;
  if (star.charge !== 0) return `the * at atom ${index + 1} is charged, an open end is neutral`;
  return star.hydrogens > 0 ? `the * at atom ${index + 1} carries hydrogen, an open end is bare` : undefined;
}

function connected({ atoms, bonds }: Graph): boolean {
  const group = atoms.map((_, i) => i);
  const root = (i: number): number => (group[i] === i ? i : (group[i] = root(group[i]!)));
  for (const { a, b } of bonds) group[root(a)] = root(b);
  return atoms.every((_, i) => root(i) === root(0));
}
