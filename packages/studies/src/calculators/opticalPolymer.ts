/*
 * The calculator `optical-polymer`: the pipeline that made the table optical-polymers. The canonical repeat unit is
 * closed by caps that keep its linkages, optimised, and its quantities computed by GFN2-xTB; polarizability and van
 * der Waals volume are the sums over the atoms of the unit, caps left out (xtb's polarizability is a sum over atoms),
 * and the refractive index follows by Lorentz-Lorenz with a calibrated scale and packing.
 *
 * Gap and dipole are those of the capped unit: labels for comparing polymers, not measurable quantities of a bulk.
 */
import { graphOf, readMol } from "@tatara/domains/chem";
import type { Graph, Rdkit } from "@tatara/domains/chem";
import { atomVolumes } from "@tatara/domains/chem/geometry";
import type { Geometry } from "@tatara/domains/chem/geometry";
import { one } from "@tatara/engine/base";
import type { Context, Key } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";
import { cached } from "./cache.ts";
import { refractiveIndex } from "./calibration.ts";
import { capped } from "./caps.ts";
import type { Capped } from "./caps.ts";
import { relaxedPoint } from "./relaxed.ts";
import type { RelaxOptions } from "./relaxed.ts";
import { isFailure } from "./types.ts";
import type { Calculated, Calculator, Failure } from "./types.ts";
import { cubicAngstrom, debye, electronvolt } from "./units.ts";
import { versionOnce } from "./version.ts";

export interface OpticalPolymerOptions extends Partial<RelaxOptions> {
  readonly rdkit: Rdkit;
  /** The canonical cut of a repeat unit: the polymer domain's canonical text. Throws on what is no repeat unit. */
  readonly canonical: (unit: string) => string;
  /** Directory for results; nothing is kept without it. */
  readonly cache?: string;
}

const quantities: readonly Feature[] = [
  { name: "refractive_index", unit: one, about: "refractive index by Lorentz-Lorenz, calibrated against measured n_D" },
  { name: "gap", unit: electronvolt, about: "HOMO-LUMO orbital gap of the capped unit (GFN2-xTB): a relative label" },
  { name: "polarizability", unit: cubicAngstrom, about: "static polarizability of the unit without caps, as computed (unscaled)" },
  { name: "dipole", unit: debye, about: "dipole moment of the capped unit (GFN2-xTB), of one conformer" },
  { name: "vdw_volume", unit: cubicAngstrom, about: "van der Waals volume of the unit without caps (Bondi radii)" },
];

/** Refractive index, gap, polarizability, dipole and volume of a polymer given by a repeat unit with two `*`. */
export function opticalPolymer({ rdkit, canonical, cache, command = "xtb", level = "loose", limit = 60 }: OpticalPolymerOptions): Calculator {
  const version = versionOnce(command);
  const settings = { level, revision: 1 };
  const compute = async (unit: Capped, key: Key, by: string, ctx: Context): Promise<Calculated | Failure> => {
    const result = await relaxedPoint(unit.graph, { command, level, limit }, key, ctx);
    if (isFailure(result)) return result;
    const { geometry, point } = result;
    const polarizability = sumOverUnit(unit, geometry, point.polarizabilities);
    const volume = sumOverUnit(unit, geometry, atomVolumes(geometry));
    return { values: { gap: point.gap, polarizability, dipole: point.dipole, vdw_volume: volume }, by };
  };
  return {
    id: "optical-polymer",
    quantities,
    version: version.get,
    async calculate(structure, key, ctx) {
      const unit = unitOf(rdkit, canonical, structure);
      if ("failure" in unit) return unit;
      const by = await version.orFailure(ctx);
      if (typeof by !== "string") return by;
      const name = { calculator: "optical-polymer", version: by, settings, structure: unit.text, key };
      return withIndex(await cached(cache, name, () => compute(unit, key, by, ctx)));
    },
  };
}

/** The index is added after the cache, so that a new calibration needs no new calculation. */
function withIndex(result: Calculated | Failure): Calculated | Failure {
  if (isFailure(result)) return result;
  const { polarizability, vdw_volume } = result.values as { polarizability: number; vdw_volume: number };
  return { ...result, values: { refractive_index: refractiveIndex(polarizability, vdw_volume), ...result.values } };
}

function unitOf(rdkit: Rdkit, canonical: (unit: string) => string, structure: string): (Capped & { readonly text: string }) | Failure {
  try {
    const text = canonical(structure);
    const unit = capped(graphIn(rdkit, text));
    return "failure" in unit ? { ...unit, kind: "structure" } : { ...unit, text };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error), kind: "structure" };
  }
}

function graphIn(rdkit: Rdkit, text: string): Graph {
  const read = readMol(rdkit, text);
  if ("reason" in read) throw new Error(read.reason);
  try {
    return graphOf(read.mol);
  } finally {
    read.mol.delete();
  }
}

/** The sum over the unit's atoms and their hydrogens. */
function sumOverUnit({ isUnit }: Capped, { heavy, bonds }: Geometry, values: ArrayLike<number>): number {
  let sum = 0;
  isUnit.forEach((belongs, i) => (sum += belongs ? values[i]! : 0));
  for (const [a, h] of bonds) if (h >= heavy && isUnit[a]) sum += values[h]!;
  return sum;
}
