/* What a kind of material tells the language: how to read it as text, and which texts are its own. */
import type { Graph } from "../types.ts";

/** A plain adapter; `molecule` has no attachment points, `polymer` exactly two. */
export interface Grammar<S> {
  /** Name of the kind of material; priors refuse tables of another one. */
  readonly id: string;
  /** Canonical SMILES as RDKit writes it: aromatic atoms in lower case, attachment points as plain `*`. */
  textOf(s: S): string;
  /** Number of attachment points `*`, each held by one single bond. */
  readonly attachments: number;
  /** Whether several components joined by dots are one material. */
  readonly components: boolean;
  /** Where re-rooted strings start: anywhere, or at attachment points only. */
  readonly roots: "any" | "attachments";
}

/** Atoms at which re-rooted strings of a graph may start; all of them where it has no attachment points. */
export function rootsOf(graph: Graph, roots: Grammar<unknown>["roots"]): readonly number[] {
  const all = graph.atoms.map((_, i) => i);
  if (roots === "any") return all;
  const stars = all.filter((i) => graph.atoms[i]!.z === 0);
  return stars.length > 0 ? stars : all;
}
