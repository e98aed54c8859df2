/* What a table of elements is, and what rules need to know of an element beside it. */

/** What one number of an element means. */
export interface ElementProperty {
  /** Name within its table: `melting_point`. */
  readonly name: string;
  /** As `parseUnit` reads it; `1` for a pure number, or where a user's table names none. */
  readonly unit: string;
  /** One phrase: what is meant, and for which state. Empty where a user's table says nothing. */
  readonly about: string;
  /** Publication or package that the values come from. */
  readonly source: string;
}

/** Elements × properties, row-major; NaN where unknown. */
export interface ElementTable {
  /** Content hash: descriptors depend on it. */
  readonly id: string;
  /** "H", "He", … in order of atomic number. */
  readonly symbols: readonly string[];
  readonly properties: readonly ElementProperty[];
  /** symbols.length × properties.length. */
  readonly values: Float64Array;
  /** Same shape: 1 where our imputation filled a gap. */
  readonly imputed: Uint8Array;
}

export interface OxidationState {
  readonly state: number;
  /** Structures of the ICSD in which the state was found, as counted by pymatgen; 0 for a common state without a count. */
  readonly count: number;
  /** Whether textbooks call it common. */
  readonly common: boolean;
}

/** One of Shannon's effective ionic radii. */
export interface ShannonRadius {
  readonly charge: number;
  readonly coordination: number;
  /** Where the coordination number alone does not tell. */
  readonly shape: "" | "square" | "pyramid";
  readonly spin: "" | "high" | "low";
  /** Ionic radius in Å; negative for a bare proton. The crystal radius is 0.14 Å larger for cations, smaller for anions. */
  readonly radius: number;
}

/** Parameters of Miedema's model of alloys. */
export interface MiedemaParameters {
  /** Adjusted work function φ* in V. */
  readonly phi: number;
  /** n_ws^(1/3), electron density at the boundary of the cell, in density units^(1/3). */
  readonly nws: number;
  /** V^(2/3) in cm²/mol^(2/3). */
  readonly v23: number;
  /** The element's factor of R/P, which counts between transition and other metals. */
  readonly rp: number;
  /** How far charge transfer changes the volume: 0.14 monovalent, 0.10 divalent, 0.07 trivalent and noble metals, 0.04 others. */
  readonly a: number;
  /** Transition metals here are those of the d and f blocks with Cu, Ag and Au, but not Zn, Cd and Hg. */
  readonly transition: boolean;
}

/** What rules and constraints need beside the table's properties; a member is absent where the fact is unknown. */
export interface ElementFacts {
  readonly symbol: string;
  /** The most frequent first. */
  readonly oxidationStates: readonly OxidationState[];
  /** By rising charge and coordination. */
  readonly shannon: readonly ShannonRadius[];
  readonly miedema?: MiedemaParameters;
  /** US dollars per kilogram of the traded form, and the year of that price. */
  readonly price?: { readonly usdPerKg: number; readonly year: number };
  /** Herfindahl-Hirschman indices by country, 0 to 10,000: over 2,500 is called concentrated. */
  readonly hhi?: { readonly production: number; readonly reserve: number };
  /** Electrons per atom for Hume-Rothery counting: by group; Raynor's negative values for late transition metals. */
  readonly electronsPerAtom?: number;
}
