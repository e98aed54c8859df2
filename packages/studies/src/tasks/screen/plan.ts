/* What a screening will go over: its systems and their grid, checked against the domain. */
import { InputError, lookUp } from "@tatara/engine/base";
import type { Domain, Mixing } from "@tatara/engine/generate";
import { coarsePoints, countsAt, simplexGrid } from "@tatara/engine/numeric";
import type { ScreenStudy } from "../../schema/study.ts";
import { amountsAt, latticeOf, systemsOf, type Lattice, type System } from "./systems.ts";

export interface ScreenPlan {
  readonly systems: readonly System[];
  readonly lattice: Lattice;
  /** Points of each system on the coarse grid. */
  readonly coarse: number;
  /** Systems left out because constraints forbid every material with something of all their elements. */
  readonly forbidden: number;
}

/** Throws InputError when the domain has no parts to mix, a name is unknown, or a step does not divide. */
export function screenPlan({ screen, constraints }: Pick<ScreenStudy, "screen" | "constraints">, { id, mixing, constraints: catalogue }: Domain<unknown>): ScreenPlan {
  if (!mixing) throw new InputError(`nothing to mix: domain "${id}" — a screening goes over mixtures of elements; say domain: composition`, { path: "domain", value: id });
  const systems = systemsOf(screen, mixing.parts);
  const sizes = [...new Set(systems.map((s) => s.free.length))];
  if (sizes.length > 1) throw new InputError(`systems of different sizes: ${systems.find((s) => s.free.length === sizes[0])!.name} and ${systems.find((s) => s.free.length === sizes[1])!.name} — one screening has one grid; make two studies`, { path: "screen.systems", value: sizes });
  const lattice = latticeOf(screen, sizes[0]!);
  const conditions = Object.entries(constraints).map(([name, value]) => lookUp("constraint", name, catalogue, "constraints").make(value));
  const allowed = conditions.length === 0 ? systems : systems.filter((system) => isOpen(system, lattice, mixing, (material) => conditions.every((broken) => broken(material) === undefined)));
  if (allowed.length === 0) throw new InputError(`no system left: constraints forbid everything in all ${systems.length}, such as ${systems[0]!.name} — loosen them`, { path: "constraints", value: constraints });
  return { systems: allowed, lattice, coarse: simplexGrid(sizes[0]!, lattice.grid.divisions / lattice.ratio).points, forbidden: systems.length - allowed.length };
}

/** Whether some material of the coarse grid with something of every element may be made; on a grid without such, any. */
function isOpen(system: System, lattice: Lattice, mixing: Mixing<unknown>, allowed: (material: unknown) => boolean): boolean {
  const coarse = coarsePoints(lattice.grid, lattice.ratio);
  const inner = coarse.filter((point) => countsAt(lattice.grid, point).every((n) => n >= lattice.least));
  return (inner.length > 0 ? inner : coarse).some((point) => allowed(mixing.mix(system.parts, amountsAt(system, lattice, point))));
}
