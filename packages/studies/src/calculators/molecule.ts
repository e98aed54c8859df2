/* The calculator `xtb`: GFN2-xTB quantities of one molecule at its optimised geometry. */
import { graphOf, readMol } from "@tatara/domains/chem";
import type { Graph, Rdkit } from "@tatara/domains/chem";
import type { Context, Key } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";
import { cached } from "./cache.ts";
import { relaxedPoint } from "./relaxed.ts";
import type { RelaxOptions } from "./relaxed.ts";
import { isFailure } from "./types.ts";
import type { Calculated, Calculator, Failure } from "./types.ts";
import { cubicAngstrom, debye, electronvolt } from "./units.ts";
import { versionOnce } from "./version.ts";

export interface XtbOptions extends Partial<RelaxOptions> {
  readonly rdkit: Rdkit;
  /** Directory for results; nothing is kept without it. */
  readonly cache?: string;
}

const quantities: readonly Feature[] = [
  { name: "gap", unit: electronvolt, about: "HOMO-LUMO orbital gap (GFN2-xTB)" },
  { name: "homo", unit: electronvolt, about: "energy of the highest occupied orbital (GFN2-xTB)" },
  { name: "lumo", unit: electronvolt, about: "energy of the lowest empty orbital (GFN2-xTB)" },
  { name: "dipole", unit: debye, about: "dipole moment (GFN2-xTB); of a charged structure, about the origin of its coordinates" },
  { name: "polarizability", unit: cubicAngstrom, about: "static polarizability, a sum over atoms (D4)" },
  { name: "energy", unit: electronvolt, about: "total energy (GFN2-xTB)" },
];

/** GFN2-xTB of the molecule as written; its charge and unpaired electrons are those of the text. */
export function xtb({ rdkit, cache, command = "xtb", level = "normal", limit = 60 }: XtbOptions): Calculator {
  const version = versionOnce(command);
  const compute = async (graph: Graph, key: Key, by: string, ctx: Context): Promise<Calculated | Failure> => {
    const result = await relaxedPoint(graph, { command, level, limit }, key, ctx);
    if (isFailure(result)) return result;
    const { gap, homo, lumo, dipole, energy, polarizabilities } = result.point;
    return { values: { gap, homo, lumo, dipole, polarizability: polarizabilities.reduce((a, b) => a + b, 0), energy }, by };
  };
  return {
    id: "xtb",
    quantities,
    version: version.get,
    async calculate(structure, key, ctx) {
      const read = graphFrom(rdkit, structure);
      if ("failure" in read) return read;
      const by = await version.orFailure(ctx);
      if (typeof by !== "string") return by;
      return cached(cache, { calculator: "xtb", version: by, settings: { level }, structure: read.canonical, key }, () => compute(read.graph, key, by, ctx));
    },
  };
}

/** The graph of a text in canonical order, so that the same molecule gives the same numbers however it is written. */
export function graphFrom(rdkit: Rdkit, text: string): { readonly graph: Graph; readonly canonical: string } | Failure {
  const first = readMol(rdkit, text);
  if ("reason" in first) return { failure: first.reason, kind: "structure" };
  const canonical = first.mol.get_smiles();
  first.mol.delete();
  const again = readMol(rdkit, canonical);
  if ("reason" in again) return { failure: again.reason, kind: "structure" };
  try {
    const graph = graphOf(again.mol);
    return canonical.includes(".") ? { failure: "more than one fragment — a structure is one molecule", kind: "structure" } : { graph, canonical };
  } finally {
    again.mol.delete();
  }
}
