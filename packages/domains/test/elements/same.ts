/* Which of our properties mean what a column of XenonPy's table means, and how well they must agree. */
import { elementTable, elementValue } from "../../src/elements/index.ts";
import type { ElementTable } from "../../src/elements/index.ts";

/** XenonPy's table where the shared data are, beside the repository. */
export const XENONPY = new URL("../../../../../shared/data/inorg-elements/xenonpy_elements_completed.csv", import.meta.url);

/** Ours, XenonPy's name for the same quantity, and the least correlation over sourced values of ours. */
export const SAME: readonly (readonly [string, string, number])[] = [
  ...["atomic_number", "atomic_weight", "bulk_modulus", "covalent_radius_pyykko", "covalent_radius_pyykko_double", "covalent_radius_pyykko_triple", "hhi_production>hhi_p", "heat_capacity_mass", "mendeleev_number", "molar_volume", "period", "thermal_conductivity", "sound_velocity", "vdw_radius_uff"].map((names) => [...both(names), 0.9999] as const),
  ...["num_unfilled", "num_valence>num_valance", ...["s", "p", "d", "f"].flatMap((shell) => [`num_${shell}_valence`, `num_${shell}_unfilled`])].map((names) => [...both(names), 0.9999] as const),
  ...["atomic_radius_rahm", "covalent_radius_cordero", "density", "melting_point", "first_ionization_energy>first_ion_en", "vdw_radius", "vdw_radius_alvarez", "lattice_constant", "dipole_polarizability", "boiling_point", "fusion_enthalpy", "evaporation_enthalpy>evaporation_heat", "band_gap>gs_bandgap"].map((names) => [...both(names), 0.99] as const),
  ["heat_of_formation", "heat_of_formation", 0.985], // XenonPy imputed the noble gases, whose value is 0 by definition
  ["atomic_volume", "gs_volume_per", 0.98], // calculated at 0 K there, measured here
  ["atomic_radius_slater", "covalent_radius_slater", 0.97], // Pb 180 here, 143 there
  ["hhi_reserve", "hhi_r", 0.97], // Se 1900 here, 6000 there
  ["en_allen", "en_allen", 0.97], // in eV there, with imputed lanthanides
  ["en_pauling", "en_pauling", 0.97], // W 2.36 here, 1.7 there
  ["heat_capacity_molar", "heat_capacity_molar", 0.96],
  ["c6_coefficient", "c6_gb", 0.92], // DFT-D3 here, Gould & Bučko there
];

function both(names: string): readonly [string, string] {
  const [ours, theirs = ours] = names.split(">") as [string, string?];
  return [ours, theirs!];
}

export function correlation(pairs: readonly (readonly [string, number, number])[]): number {
  const mean = (at: 1 | 2) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [a, b] = [mean(1), mean(2)];
  const sum = (f: (x: number, y: number) => number) => pairs.reduce((total, [, x, y]) => total + f(x - a, y - b), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

/** Symbol, our value and theirs, where ours is not imputed. */
export function sourcedPairs(reference: ElementTable, ours: string, theirs: string): (readonly [string, number, number])[] {
  const j = elementTable.properties.findIndex(({ name }) => name === ours);
  const sourced = reference.symbols.filter((_, i) => elementTable.imputed[i * elementTable.properties.length + j] === 0);
  return sourced.map((symbol) => [symbol, elementValue(elementTable, symbol, ours), elementValue(reference, symbol, theirs)] as const);
}
