/*
 * Studies to start from, written by `tatara init`.
 */

export interface Template {
  readonly about: string;
  /** File name → text. */
  readonly files: Readonly<Record<string, string>>;
}

const OPTICAL = `# Polymers with a high refractive index that stay transparent: a large HOMO-LUMO gap.
# Run it:  tatara run study.yaml        Recompute the best ones with xtb:  tatara run study.yaml --verify
study: invert
name: optical-polymers
domain: polymer
data:
  table: optical-polymers            # shipped with tatara; or the path of your own CSV file
  structure: smiles                  # column with the repeat units, two * each
  properties:
    refractive_index: { unit: "1" }
    gap: { unit: eV }
represent: [ecfp, physchem]          # descriptors, joined
learn: { model: auto, split: cluster, folds: 5, budget: 60 }   # forecast seconds of one core for trying learners; more tries more
target:                              # ">= 1.62", "< 3 eV", "4.0 .. 6.0 eV", "5 +- 0.2 eV", maximise, minimise
  refractive_index: ">= 1.62"
  gap: ">= 3.0 eV"
constraints:
  forbid: ["[N+](=O)[O-]"]           # SMARTS
  elements: [H, C, N, O, S, F]
  max_heavy_atoms: 40
generate: { prior: ngram, particles: 1000 }
`;

const MOLECULE_FIT = `# A model of a property of molecules, validated and calibrated; then: tatara predict runs/…/model.json new.csv
study: fit
domain: molecule
data:
  table: measurements.csv            # your own table, beside this file
  structure: smiles
  properties:
    log_solubility: { column: log_solubility, unit: "1" }   # a logarithm is a pure number
represent: [ecfp, physchem]
learn: { model: auto, split: scaffold, folds: 5 }
`;

const MOLECULE_DESIGN = `# Molecules with wanted properties, from your own measurements.
study: invert
domain: molecule
data:
  table: measurements.csv
  structure: smiles
  properties:
    E: { unit: kJ/mol }              # the column has the property's name…
    gap: { column: homo_lumo_gap, unit: eV }   # …or another one
represent: [ecfp, physchem]
learn: { model: auto, split: cluster, folds: 5 }
target: { E: "0 .. 200", gap: "< 3 eV" }
constraints: { max_heavy_atoms: 30, max_sa: 5 }
generate: { prior: ngram, particles: 1000 }
`;

const QUASICRYSTALS = `# Where new quasicrystals may be: whole ternary systems gone over with a model of known phases.
# The shipped phases are few, and typed from the literature; bring your own table for real work: the more ordinary alloys
# it holds beside the quasicrystals, the fewer false hopes.
study: screen
name: quasicrystals
domain: composition
data:
  table: known-phases                # shipped with tatara; or the path of your own CSV file
  group: system                      # rows of one chemical system are held out together
  properties:
    kind: { kind: class }            # QC icosahedral, QC decagonal (too few to learn from), AC (approximant), crystal
represent: [fraction-statistics, alloy, constituents]
learn: { model: extra-trees, options: { criterion: entropy }, split: group, folds: 10 }
target: { kind: QC icosahedral }
constraints: { forbid: [Cd, Hg, Tl, Pb] }
screen:
  systems: { each: [[Al, Zn], [Cu, Ni, Pd, Mg], [Fe, Co, Mn, Ru, Sc, Y]] }
  coarse: 5 at.%
  fine: 1 at.%
  refine: 0.5                        # probability from which on a point is looked at more finely
`;

const QUASICRYSTAL_RULES = `# What tells quasicrystals from approximants and ordinary phases of their systems, in conditions that can be checked.
# The shipped phases are few, and typed from the literature: bring your own table for rules that hold elsewhere.
study: rules
name: quasicrystal-rules
domain: composition
data:
  table: known-phases                # shipped with tatara; or the path of your own CSV file
  group: system                      # rows of one chemical system are held out together
  properties:
    kind: { kind: class }            # QC icosahedral, QC decagonal, AC (approximant), crystal
learn: { model: extra-trees, options: { criterion: entropy }, split: group, folds: 5 }
target: { kind: "QC icosahedral | QC decagonal" }
rules:
  most: 3                            # conditions
  neither: AC                        # approximants count on neither side
`;

const COMPOSITION_DESIGN = `# Compositions with a wanted property, from your own measurements.
study: invert
domain: composition
data:
  table: measurements.csv            # your own table, beside this file
  structure: formula                 # Ba2YCu3O7, La1.85Sr0.15CuO4, 0.7 PbO + 0.3 B2O3, Al 63 at.% …
  properties:
    gap: { column: band_gap, unit: eV }
represent: [statistics, ionic]
learn: { model: auto, split: group, folds: 5 }   # rows of one chemical system are held out together
target: { gap: "1.1 .. 1.6 eV" }
constraints:
  max_elements: 4
  forbid: [Pb, Cd, Hg, Tl, As]
  charge_neutral: true
  max_cost: 100                      # US dollars per kg of the elements
generate: { prior: known, particles: 1000 }
`;

export const templates: Readonly<Record<string, Template>> = {
  "optical-polymers": { about: "design polymers for optics, on the shipped data", files: { "study.yaml": OPTICAL } },
  "molecule-fit": { about: "learn a property of molecules from your own table", files: { "study.yaml": MOLECULE_FIT } },
  "molecule-design": { about: "design molecules from your own table", files: { "study.yaml": MOLECULE_DESIGN } },
  quasicrystals: { about: "go over ternary alloys for quasicrystals, on shipped phases", files: { "study.yaml": QUASICRYSTALS } },
  "quasicrystal-rules": { about: "say in a few conditions what makes a quasicrystal, on shipped phases", files: { "study.yaml": QUASICRYSTAL_RULES } },
  "composition-design": { about: "design inorganic compositions from your own table", files: { "study.yaml": COMPOSITION_DESIGN } },
};
