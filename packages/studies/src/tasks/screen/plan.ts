/* What a screening will go over: its systems and their grid, checked against the domain. */
import { InputError } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import { simplexGrid } from "@tatara/engine/numeric";
import type { ScreenStudy } from "../../schema/study.ts";
import { latticeOf, systemsOf, type Lattice, type System } from "./systems.ts";

export interface ScreenPlan {
  readonly systems: readonly System[];
  readonly lattice: Lattice;
  /** Points of each system on the coarse grid. */
  readonly coarse: number;
}

/** Throws InputError when the domain has no parts to mix, a name is unknown, or a step does not divide. */
export function screenPlan({ screen }: Pick<ScreenStudy, "screen">, { id, mixing }: Domain<unknown>): ScreenPlan {
  if (!mixing) throw new InputError(`nothing to mix: domain "${id}" — a screening goes over mixtures of elements; say domain: composition`, { path: "domain", value: id });
  const systems = systemsOf(screen, mixing.parts);
  const sizes = [...new Set(systems.map((s) => s.free.length))];
  if (sizes.length > 1) throw new InputError(`systems of different sizes: ${systems.find((s) => s.free.length === sizes[0])!.name} and ${systems.find((s) => s.free.length === sizes[1])!.name} — one screening has one grid; make two studies`, { path: "screen.systems", value: sizes });
  const lattice = latticeOf(screen, sizes[0]!);
  return { systems, lattice, coarse: simplexGrid(sizes[0]!, lattice.grid.divisions / lattice.ratio).points };
}
