/*
 * The second way to coordinates, for structures that distance geometry cannot build: OpenChemLib's conformer generator
 * (torsions from crystal structures) and MMFF94. A hundred times slower, so it is a fallback. OpenChemLib keeps
 * the fragments that it has tried, and refuses a molecule again whose fragment it once failed to build.
 */
import type * as OpenChemLib from "openchemlib";
import { stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import type { Graph } from "../types.ts";
import { withPositions } from "./coordinates.ts";
import type { Geometry, NoGeometry } from "./coordinates.ts";
import { skeletonOf, unbuildable } from "./skeleton.ts";
import type { Skeleton } from "./skeleton.ts";

export type Ocl = typeof OpenChemLib;

/** Load OpenChemLib with its torsion and force field tables. */
export async function loadOpenChemLib(): Promise<Ocl> {
  const ocl = await import("openchemlib");
  ocl.Resources.registerFromNodejs();
  return ocl;
}

/** Coordinates relaxed by MMFF94 where it knows the atoms. Stereo is not handed over, so a conformer with another one is refused, after its mirror image. */
export function coordinatesFromTemplates(ocl: Ocl, graph: Graph, key: Key, { tries = 4 }: { readonly tries?: number } = {}): Geometry | NoGeometry {
  const reason = unbuildable(graph);
  if (reason) return { failure: reason };
  const rng = stream(key);
  let last: NoGeometry = { failure: "OpenChemLib found no conformer" };
  for (let attempt = 0; attempt < tries; attempt++) {
    const positions = conformer(ocl, skeletonOf(graph), graph, rng.below(2 ** 30));
    for (const candidate of positions ? [positions, positions.map((v) => -v)] : []) {
      const geometry = withPositions(graph, candidate);
      if (!("failure" in geometry)) return geometry;
      last = geometry;
    }
  }
  return last;
}

/** OpenChemLib adds the hydrogens itself, carrier by carrier as the skeleton does; where it adds others there is no conformer. */
function conformer(ocl: Ocl, { elements, heavy, bonds }: Skeleton, graph: Graph, seed: number): Float64Array | undefined {
  const molecule = new ocl.Molecule(elements.length, bonds.length);
  graph.atoms.forEach(({ z, charge }, i) => {
    molecule.addAtom(z);
    molecule.setAtomCharge(i, charge);
  });
  for (const { a, b, order } of bonds) if (a < heavy && b < heavy) molecule.setBondOrder(molecule.addBond(a, b), order);
  molecule.inventCoordinates();
  const built = new ocl.ConformerGenerator(seed).getOneConformerAsMolecule(molecule);
  if (!built || built.getAllAtoms() !== elements.length) return undefined;
  try {
    new ocl.ForceFieldMMFF94(built, ocl.ForceFieldMMFF94.MMFF94).minimise();
  } catch {
    // MMFF94 has no parameters for these atoms: the unrelaxed conformer is checked like any other.
  }
  return Float64Array.from(elements.flatMap((_, i) => [built.getAtomX(i), built.getAtomY(i), built.getAtomZ(i)]));
}
