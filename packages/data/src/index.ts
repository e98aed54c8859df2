/*
 * The data sets that Tatara ships, each made by this project with a script in the repository; its card
 * tells how, with which limits, and under which licence. A set is one more entry here.
 */

export interface ShippedSet {
  readonly about: string;
  /** CSV file with a header line. */
  readonly table: URL;
  /** How it was made, its limits, units and licence; Markdown. */
  readonly card: URL;
  readonly domain: string;
  /** Column that holds the material. */
  readonly structure: string;
  /** Numeric columns with the unit of their values. */
  readonly columns: Readonly<Record<string, { readonly unit: string; readonly about: string }>>;
  /** Repeat noise by column, JSON: `sd` pooled over repeats with other conformer seeds, `sd90` below which nine in ten rows stay, `polymers` repeated. */
  readonly noise?: URL;
  /** The calculator that made the columns, and can recompute them for a new material. */
  readonly calculator?: string;
}

const at = (path: string) => new URL(`../${path}`, import.meta.url);

/** Known quasicrystals, approximants and their ordinary neighbours, typed with their sources: marked on maps, and a small table of classes to learn from. */
export const knownPhases = {
  id: "known-phases",
  about: "known quasicrystals, approximants and ordinary phases of their systems, typed with sources",
  table: at("known-phases/known-phases.csv"),
  card: at("known-phases/card.md"),
  domain: "composition",
  structure: "formula",
  columns: {},
} as const satisfies ShippedSet & { readonly id: string };

export const shippedSets: Readonly<Record<string, ShippedSet>> = {
  [knownPhases.id]: knownPhases,
  "optical-polymers": {
    about: "refractive index, HOMO-LUMO gap, polarizability and dipole of polymers by GFN2-xTB",
    table: at("optical-polymers/optical-polymers.csv"),
    card: at("optical-polymers/card.md"),
    domain: "polymer",
    structure: "smiles",
    columns: {
      refractive_index: { unit: "1", about: "refractive index at 589 nm by Lorentz-Lorenz from the GFN2-xTB polarizability and a van der Waals packing density" },
      gap: { unit: "eV", about: "GFN2-xTB HOMO-LUMO gap of the capped repeat unit; an orbital gap, to be read as a relative label" },
      polarizability: { unit: "angstrom^3", about: "static polarizability of the repeat unit, less its caps, as computed (a sum over atoms)" },
      dipole: { unit: "debye", about: "dipole moment of the capped repeat unit in one conformer" },
      vdw_volume: { unit: "angstrom^3", about: "van der Waals volume of the repeat unit, less its caps (Bondi radii)" },
    },
    noise: at("optical-polymers/noise.json"),
    calculator: "optical-polymer",
  },
};

/** Common monomers with their names, for polymerisation rules and monomer-level moves. */
export const monomers = {
  about: "common monomers, typed with their names",
  table: at("monomers/monomers.csv"),
  card: at("monomers/card.md"),
} as const;
