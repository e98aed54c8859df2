/*
 * Where a calculation starts: conformers by distance geometry, relaxed by GFN-FF, lowest energy first.
 * OpenChemLib's conformers stand in when distance geometry or GFN-FF fails on every seed.
 */
import { coordinates, coordinatesFromTemplates, loadOpenChemLib } from "@tatara/domains/chem/geometry";
import type { Geometry, NoGeometry } from "@tatara/domains/chem/geometry";
import type { Graph } from "@tatara/domains/chem";
import { fold } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import { optimise, XtbFailure } from "./xtb.ts";

/** Distinct starts tried for each structure. */
export const CONFORMERS = 3;

export interface ConformerOptions {
  readonly command: string;
  readonly graph: Graph;
  readonly key: Key;
  readonly signal: AbortSignal;
}

/** Relaxed conformers, lowest GFN-FF energy first; throws XtbFailure with the last reason when there is none. */
export async function relaxedConformers({ command, graph, key, signal }: ConformerOptions): Promise<readonly Geometry[]> {
  const reasons: string[] = [];
  const relaxed: { readonly geometry: Geometry; readonly energy: number }[] = [];
  for (let seed = 0; seed < CONFORMERS; seed++) {
    const start = coordinates(graph, fold(key, seed));
    await keep(start, (geometry) => optimise(command, geometry, "gfnff", "normal", signal));
    if (isRigid(graph) && relaxed.length > 0) break;
  }
  if (relaxed.length > 0) return relaxed.toSorted((a, b) => a.energy - b.energy).map(({ geometry }) => geometry);
  const fallback = coordinatesFromTemplates(await loadOpenChemLib(), graph, fold(key, "templates"));
  if ("failure" in fallback) throw new XtbFailure([...reasons, fallback.failure].at(0));
  return [fallback];

  async function keep(start: Geometry | NoGeometry, relax: (geometry: Geometry) => Promise<{ readonly geometry: Geometry; readonly energy: number }>): Promise<void> {
    if ("failure" in start) return void reasons.push(start.failure);
    try {
      relaxed.push(await relax(start));
    } catch (error) {
      if (!(error instanceof XtbFailure)) throw error;
      reasons.push(error.message);
    }
  }
}

/** Too small to have conformers: at most three heavy atoms. */
const isRigid = (graph: Graph): boolean => graph.atoms.length <= 3;
