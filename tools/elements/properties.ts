/* The 58 properties of the shipped table: name, unit, meaning, source, and how each is read. */
import type { ElementProperty } from "../../packages/domains/src/elements/types.ts";
import { groupOf, periodOf, unfilled, valence } from "./electrons.ts";
import type { Shell } from "./electrons.ts";
import type { IonFacts } from "./ions.ts";
import { aseLattices, aseList, csvColumn, fact, freeAtomC6, ionisation, matterviz, pymatgen, sourceOf, uff } from "./readers.ts";
import type { Values } from "./readers.ts";
import type { Sources } from "./sources.ts";

export interface Made extends ElementProperty {
  readonly of: Values;
  /** Imputed as a logarithm: positive, and ratios matter rather than differences. */
  readonly log: boolean;
}

const WEBELEMENTS = "pymatgen's table after WebElements (M. Winter)";
const ASHCROFT = "N. W. Ashcroft & N. D. Mermin, Solid State Physics (1976), in ASE";
const CONFIGURATION = "NIST ground-state configurations, in pymatgen; electrons outside the noble-gas core";
const NIST = "A. Kramida et al., NIST Atomic Spectra Database, in pymatgen";

export function properties(sources: Sources, symbols: readonly string[], ions: IonFacts): readonly Made[] {
  const made: Made[] = [];
  const add = (log: boolean) => (name: string, unit: string, about: string, source: string, of: Values) => made.push({ name, unit, about, source, of, log });
  const [linear, log] = [add(false), add(true)];
  const table = (field: string, factor = 1) => pymatgen(sources, field, factor);
  const z = (symbol: string) => symbols.indexOf(symbol) + 1;

  linear("atomic_number", "1", "nuclear charge", "definition", z);
  linear("atomic_weight", "g/mol", "standard atomic weight; the longest-lived isotope's mass where there is none", "IUPAC, J. Meija et al., Pure Appl. Chem. 88 (2016) 265, in ASE", aseList(sources.text.ase, "atomic_masses_iupac2016", symbols));
  linear("period", "1", "row of the periodic table", "definition", (symbol) => periodOf(z(symbol)));
  linear("group", "1", "column of the periodic table, 1 to 18; lanthanides and actinides 3", "definition", (symbol) => groupOf(z(symbol)));
  linear("mendeleev_number", "1", "place in Pettifor's one-dimensional ordering of the elements", "D. G. Pettifor, Solid State Commun. 51 (1984) 31, in pymatgen", table("Mendeleev no"));
  addCounts(linear, sources);
  addRadii(linear, sources, symbols, ions);
  addVolumes(log, sources, symbols);
  addElectronegativities(linear, sources);
  addAtomic(linear, log, sources, symbols);
  addThermal(linear, log, sources);
  addSolid(linear, log, sources, symbols);
  return made;
}

type Add = (name: string, unit: string, about: string, source: string, of: Values) => void;

function addCounts(add: Add, sources: Sources): void {
  const shells: readonly Shell[] = ["s", "p", "d", "f"];
  const of = (symbol: string) => valence(sources, symbol);
  for (const shell of shells) add(`num_${shell}_valence`, "1", `${shell} electrons outside the noble-gas core`, CONFIGURATION, (symbol) => of(symbol)[shell]);
  add("num_valence", "1", "electrons outside the noble-gas core", CONFIGURATION, (symbol) => shells.reduce((sum, shell) => sum + of(symbol)[shell], 0));
  for (const shell of shells) add(`num_${shell}_unfilled`, "1", `empty places in the ${shell} shell, 0 where it is empty altogether`, CONFIGURATION, (symbol) => unfilled(of(symbol), shell));
  add("num_unfilled", "1", "empty places in the shells that are partly filled", CONFIGURATION, (symbol) => shells.reduce((sum, shell) => sum + unfilled(of(symbol), shell), 0));
}

function addRadii(add: Add, sources: Sources, symbols: readonly string[], ions: IonFacts): void {
  const table = (field: string) => pymatgen(sources, field, 100);
  const scaled =
    (values: Values, factor: number): Values =>
    (symbol) =>
      values(symbol) * factor;
  const pyykko = sourceOf("covalent-radii");
  add("atomic_radius_slater", "pm", "empirical atomic radius from bond lengths in crystals", "J. C. Slater, J. Chem. Phys. 41 (1964) 3199, in pymatgen", table("Atomic radius"));
  add("atomic_radius_clementi", "pm", "radius of the greatest density of the outermost orbital, calculated", "E. Clementi, D. L. Raimondi & W. P. Reinhardt, J. Chem. Phys. 47 (1967) 1300, in pymatgen", table("Atomic radius calculated"));
  add("atomic_radius_rahm", "pm", "radius where the calculated electron density falls to 0.001 e/bohr^3", sourceOf("atomic-radius-rahm"), fact("atomic-radius-rahm", "radius"));
  add("covalent_radius_cordero", "pm", "covalent radius from crystal structures", "B. Cordero et al., Dalton Trans. (2008) 2832, in ASE", scaled(aseList(sources.text.ase, "covalent_radii", symbols), 100));
  add("covalent_radius_pyykko", "pm", "covalent radius of a single bond", pyykko, fact("covalent-radii", "single"));
  add("covalent_radius_pyykko_double", "pm", "covalent radius of a double bond", pyykko, fact("covalent-radii", "double"));
  add("covalent_radius_pyykko_triple", "pm", "covalent radius of a triple bond", pyykko, fact("covalent-radii", "triple"));
  add("metallic_radius", "pm", "half the distance between neighbours in the metal", WEBELEMENTS, table("Metallic radius"));
  add("ionic_radius", "pm", "Shannon's ionic radius of the charge most frequent in crystals, sixfold (or nearest) coordination, high spin", "R. D. Shannon, Acta Cryst. A32 (1976) 751, charge by its occurrence in the ICSD, both in pymatgen", (symbol) => ions.radiusOfCommonIon(symbol) * 100);
  add("vdw_radius", "pm", "van der Waals radius", "CRC Handbook of Chemistry and Physics, in pymatgen", table("Van der waals radius"));
  add("vdw_radius_alvarez", "pm", "van der Waals radius from distances in crystals", "S. Alvarez, Dalton Trans. 42 (2013) 8617, in ASE", scaled(aseList(sources.text.alvarez, "vdw_radii", symbols), 100));
  add("vdw_radius_uff", "pm", "distance of least van der Waals energy in the universal force field", "A. K. Rappé et al., J. Am. Chem. Soc. 114 (1992) 10024, in Open Babel", scaled(uff(sources.text.uff, 3), 100));
}

/** Atoms in the conventional cell over its volume in units of a³·(c/a), for the structures without a basis to look up. */
const CELL: Readonly<Record<string, { readonly atoms: number; readonly volume: number }>> = {
  sc: { atoms: 1, volume: 1 },
  bcc: { atoms: 2, volume: 1 },
  fcc: { atoms: 4, volume: 1 },
  diamond: { atoms: 8, volume: 1 },
  hcp: { atoms: 2, volume: Math.sqrt(3) / 2 },
};
const NOT_CLOSE_PACKED = new Set(["Se", "Te"]); // hexagonal with three atoms, which ASE files under hcp

function addVolumes(add: Add, sources: Sources, symbols: readonly string[]): void {
  const lattice = aseLattices(sources.text.ase, symbols);
  const molar = pymatgen(sources, "Molar volume");
  const solid = pymatgen(sources, "Density of solid", 1e-3);
  const weight = aseList(sources.text.ase, "atomic_masses_iupac2016", symbols);
  add("atomic_volume", "Å^3", "volume per atom of the element's crystal, from its lattice", ASHCROFT, (symbol) => {
    const found = lattice(symbol);
    const cell = found === undefined || NOT_CLOSE_PACKED.has(symbol) ? undefined : CELL[found.symmetry];
    return cell === undefined ? Number.NaN : (cell.volume * found!.a ** 3 * found!.ratio) / cell.atoms;
  });
  add("molar_volume", "cm^3/mol", "volume of a mole of atoms in the condensed phase", WEBELEMENTS, molar);
  add("lattice_constant", "Å", "lattice constant a of the element's crystal", ASHCROFT, (symbol) => lattice(symbol)?.a ?? Number.NaN);
  add("density", "g/cm^3", "density of the solid; of the condensed phase, weight over molar volume, where that is not tabulated", WEBELEMENTS, (symbol) => (Number.isNaN(solid(symbol)) ? weight(symbol) / molar(symbol) : solid(symbol)));
}

function addElectronegativities(add: Add, sources: Sources): void {
  const typed = sourceOf("electronegativity");
  const [ionise, attach] = [ionisation(sources, 1), pymatgen(sources, "Electron affinity")];
  add("en_pauling", "1", "electronegativity after Pauling", WEBELEMENTS, pymatgen(sources, "X"));
  add("en_allen", "1", "electronegativity after Allen: mean energy of the valence electrons", typed, fact("electronegativity", "allen"));
  add("en_allred_rochow", "1", "electronegativity after Allred and Rochow: force on an electron at the covalent radius", typed, fact("electronegativity", "allred_rochow"));
  add("en_mulliken", "eV", "electronegativity after Mulliken: mean of ionisation energy and electron affinity", "from first_ionization_energy and electron_affinity", (symbol) => (ionise(symbol) + attach(symbol)) / 2);
  add("en_uff", "eV", "electronegativity of charge equilibration in the universal force field", "A. K. Rappé et al., J. Am. Chem. Soc. 114 (1992) 10024, in Open Babel", uff(sources.text.uff, 9));
  add("miedema_phi", "V", "Miedema's adjusted work function", sourceOf("miedema"), fact("miedema", "phi"));
  add("miedema_n_ws", "1", "cube root of Miedema's electron density at the cell boundary, in density units", sourceOf("miedema"), fact("miedema", "n_ws13"));
}

function addAtomic(linear: Add, log: Add, sources: Sources, symbols: readonly string[]): void {
  log("first_ionization_energy", "eV", "energy to remove the first electron", NIST, ionisation(sources, 1));
  log("second_ionization_energy", "eV", "energy to remove the second electron", NIST, ionisation(sources, 2));
  linear("electron_affinity", "eV", "energy gained by taking up an electron; negative where the anion is unstable", "Wikipedia's electron affinity data page (after C. Ning & Y. Lu, J. Phys. Chem. Ref. Data 51 (2022) 021502 and others), in pymatgen", pymatgen(sources, "Electron affinity"));
  log("dipole_polarizability", "bohr^3", "static dipole polarisability of the free atom", sourceOf("dipole-polarizability"), fact("dipole-polarizability", "polarizability"));
  log("c6_coefficient", "hartree bohr^6", "dispersion coefficient of two free atoms", "S. Grimme et al., J. Chem. Phys. 132 (2010) 154104 (DFT-D3), in cp2k-data", freeAtomC6(sources.text.dftd3, symbols));
  linear("magnetic_moment", "muB", "magnetic moment of the free atom in its ground state", "WebElements (M. Winter), in ASE", aseList(sources.text.ase, "ground_state_magnetic_moments", symbols));
}

function addThermal(linear: Add, log: Add, sources: Sources): void {
  const typed = sourceOf("enthalpies");
  log("melting_point", "K", "melting point", WEBELEMENTS, pymatgen(sources, "Melting point"));
  log("boiling_point", "K", "boiling or sublimation point at 1 atm", WEBELEMENTS, pymatgen(sources, "Boiling point"));
  log("fusion_enthalpy", "kJ/mol", "enthalpy of fusion per mole of atoms", typed, fact("enthalpies", "fusion"));
  log("evaporation_enthalpy", "kJ/mol", "enthalpy of evaporation per mole of atoms", typed, fact("enthalpies", "evaporation"));
  linear("heat_of_formation", "kJ/mol", "enthalpy of formation of the gaseous atom at 298.15 K", typed, fact("enthalpies", "formation"));
  log("heat_capacity_molar", "J/(mol K)", "molar heat capacity at 298 K and constant pressure, of the molecule where the element is a molecular gas", "Wikipedia (Periodic-Table-JSON), in matterviz", matterviz(sources, "molar_heat"));
  log("heat_capacity_mass", "J/(g K)", "specific heat capacity at 298 K and constant pressure", "periodic table data set of R. Bradshaw (gist), in matterviz", matterviz(sources, "specific_heat"));
  log("thermal_conductivity", "W/(m K)", "thermal conductivity near 300 K", WEBELEMENTS, pymatgen(sources, "Thermal conductivity"));
  log("thermal_expansion", "1/K", "coefficient of linear thermal expansion", WEBELEMENTS, pymatgen(sources, "Coefficient of linear thermal expansion", 1e-6));
}

function addSolid(linear: Add, log: Add, sources: Sources, symbols: readonly string[]): void {
  const gaultois = "M. W. Gaultois et al., Chem. Mater. 25 (2013) 2911, in pymatgen";
  const hhi = (column: string): Values => {
    const cell = csvColumn(sources.text.hhi.replace("#element", "element"), column);
    return (symbol) => (symbols.includes(symbol) ? Number(cell(symbol) ?? Number.NaN) : Number.NaN);
  };
  log("bulk_modulus", "GPa", "bulk modulus", WEBELEMENTS, pymatgen(sources, "Bulk modulus"));
  log("sound_velocity", "m/s", "velocity of sound", WEBELEMENTS, pymatgen(sources, "Velocity of sound"));
  linear("band_gap", "eV", "band gap of the element's solid, 0 for metals", sourceOf("band-gap"), fact("band-gap", "gap"));
  linear("hhi_production", "1", "Herfindahl-Hirschman index of production by country, 0 to 10,000", gaultois, hhi("HHI_production"));
  linear("hhi_reserve", "1", "Herfindahl-Hirschman index of reserves by country, 0 to 10,000", gaultois, hhi("HHI_reserve"));
}
