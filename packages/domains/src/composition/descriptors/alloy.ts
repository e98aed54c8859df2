/* What metallurgists compute of an alloy before they cast it; see ../rules.ts. */
import { one, parseUnit, type Unit } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { allenSpread, electronegativitySpread, electronsPerAtom, idealDensity, mean, meanMeltingPoint, mixingEnthalpy, mixingEntropy, omega, sizeMismatch, valenceElectrons } from "../rules.ts";
import { shipped } from "../shipped.ts";
import { isMetal } from "../symbols.ts";
import type { Composition } from "../type.ts";

const range = ({ z }: Composition, property: string): number => Math.max(...z.map((one) => shipped(property, one))) - Math.min(...z.map((one) => shipped(property, one)));

const QUANTITIES: readonly (readonly [name: string, unit: string, about: string, of: (s: Composition) => number])[] = [
  ["elements", "1", "number of elements", ({ z }) => z.length],
  ["electrons_per_atom", "1", "itinerant electrons per atom, e/a (Raynor)", electronsPerAtom],
  ["valence_electrons", "1", "valence electrons per atom with d electrons, VEC", valenceElectrons],
  ["size_mismatch", "%", "spread of the metallic radii, delta", sizeMismatch],
  ["radius_range", "pm", "largest less smallest metallic radius", (s) => range(s, "metallic_radius")],
  ["electronegativity_spread", "1", "spread of Pauling electronegativities", electronegativitySpread],
  ["allen_spread", "1", "spread of Allen electronegativities", allenSpread],
  ["electronegativity_range", "1", "largest less smallest Pauling electronegativity", (s) => range(s, "en_pauling")],
  ["mixing_entropy", "J/(mol K)", "ideal entropy of mixing", mixingEntropy],
  ["mixing_enthalpy", "kJ/mol", "enthalpy of mixing after Miedema", mixingEnthalpy],
  ["omega", "1", "mean melting point times entropy over enthalpy of mixing", omega],
  ["melting_point", "K", "mean melting point", meanMeltingPoint],
  ["density", "g/cm^3", "density of an ideal mixture", idealDensity],
  ["bulk_modulus", "GPa", "mean bulk modulus", (s) => mean(s, (z) => shipped("bulk_modulus", z))],
  ["largest_fraction", "1", "share of the commonest element", ({ fractions }) => Math.max(...fractions)],
  ["metal_fraction", "1", "share of the atoms that are metals", (s) => mean(s, (z) => Number(isMetal(z)))],
];

/** Element values are those of the shipped table and facts, whatever table a user brings. */
export function alloy(): Descriptor<Composition> {
  const unitOf = (unit: string): Unit => (unit === "1" ? one : parseUnit(unit));
  return {
    id: "alloy",
    about: `${QUANTITIES.length} numbers of alloy design: electron counts, size and electronegativity mismatch, mixing entropy and enthalpy (Hume-Rothery, Miedema)`,
    features: QUANTITIES.map(([name, unit, about]) => ({ name: `alloy:${name}`, unit: unitOf(unit), about, block: "alloy" })),
    write: (s, row) => QUANTITIES.forEach(([, , , of], i) => (row[i] = finite(of(s)))),
  };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
