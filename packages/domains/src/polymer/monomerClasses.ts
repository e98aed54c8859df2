/*
 * Monomer classes: which polymerisations a small compound can enter, told from counts of its functional groups.
 * A step-growth monomer has exactly the groups of its class and no other that would react with them; a
 * chain-growth monomer has exactly one group that opens. The idea of classes by SMARTS with inclusions and
 * exclusions is that of SMiPoly (Ohno et al., J. Chem. Inf. Model. 63, 5539 (2023), doi
 * 10.1021/acs.jcim.3c00329); the patterns here are ours. Reactivity ratios and side reactions are not judged.
 */
import type { Mol } from "@rdkit/rdkit";
import type { Catalog } from "@tatara/engine/base";
import { withMol } from "../chem/rdkit.ts";
import type { Rdkit } from "../chem/types.ts";

/** Pulls electrons from an aromatic ring, so that a halogen ortho or para to it can be displaced. */
const ACCEPTOR = "[$([SX4](=O)=O),$([CX3](=O)[#6]),$(C#N),$([NX3+](=O)[O-]),$(P=O)]";

/** One SMARTS per functional group; a compound has as many of them as there are matches. */
const GROUPS = {
  alcohol: "[OX2H1;$(O[CX4])]",
  phenol: "[OX2H1;$(Oc)]",
  thiol: "[SX2H1;$(S[CX4,c])]",
  acid: "[CX3;$(C(=O)([OX2H1])[#6])]",
  acylHalide: "[CX3;$(C(=O)([#6])[Cl,Br])]",
  ester: "[CX3;$(C(=O)([#6])O[$([CH3]),$([CH2][CH3])])]",
  amine: "[NX3;H2;$(N[#6]);!$(N[#6]=[O,S,N]);!$(NC#N)]",
  secondaryAmine: "[NX3;H1;$(N([CX4])[CX4])]",
  isocyanate: "[NX2;$(N(=C=[O,S])[#6])]",
  anhydride: "[#8X2;R;$([#8]1[#6](=O)[#6]~[#6][#6]1=O),$([#8]1[#6](=O)[#6]~[#6,#7]~[#6][#6]1=O)]",
  epoxide: "[OX2;r3]",
  oxetane: "[OX2;r4;$(O([CX4])[CX4])]",
  cyclicEther: "[OX2;$(O1[CH2][CH2][CH2][CH2]1),$(O1[CH2][CH2][CH2][CH2][CH2][CH2]1),$(O1[CH2][CH2]O[CH2]1),$(O1[CH2][CH2][CH2][CH2]O[CH2]1),$(O1[CH2]O[CH2]O[CH2]1)]",
  cyclicSulfide: "[SX2;$(S1[CX4][CX4]1),$(S1[CX4][CX4][CX4]1)]",
  lactone: "[CX3;$(C1(=O)O[CX4,c]~[#6]1),$(C1(=O)O[CX4,c]~[#6]~[*]~[*]1),$(C1(=O)O[CX4,c]~[#6]~[*]~[*]~[*]1),$(C1(=O)OCC(=O)OC1);!$(C([#8])[#8])]",
  thiolactone: "[CX3;R;$(C(=O)([#6;R])[SX2;R][CX4;R])]",
  lactam: "[CX3;R;$(C(=O)([CX4;R])[NX3;H1;R][CX4;R]);!$(C([N,O,S])[N,O,S])]",
  cyclicCarbonate: "[CX3;R;$(C1(=O)OCCCO1),$(C1(=O)OCCCCO1)]",
  carboxyanhydride: "[CX3;$(C1(=O)[NX3][CX4]C(=O)O1)]",
  oxazoline: "[CX3;$(C1(~[#6])=NCCO1)]",
  siloxaneRing: "[Si;R;$([Si]([#6])([#6])([O;R])[O;R])]",
  vinyl: "[CX3;H2,$(C([F,Cl])[F,Cl]),$([CH1][F,Cl])]=[CX3]",
  diene: "[CX3;!R;H2,H1]=[CX3;!R]-[CX3;!R]=[CX3;!R;H2]",
  strainedOlefin: "[CX3;$(C1=C[#6]~[*]~[#6]1)]=[CX3;$(C1=C[#6]~[*]~[#6]1)]",
  vinyleneCarbonate: "[cH]1[cH]oc(=O)o1",
  fumarate: "[CX3;H1;$(C[CX3](=O)[O,N])]=[CX3;H1;$(C[CX3](=O)[O,N]);!R]",
  metathesis: "[CX3;H1;$(C1=CCC1),$(C1=CCCC1),$(C1=CCCCCCC1),$(C1=CC2CCC1C2),$(C1=CC2CC1CC2)]=[CX3;H1]",
  carbonateSource: "[CX3;$(C(=O)([Cl,$(O[CH3]),$(O[CH2][CH3]),$(Oc)])[Cl,$(O[CH3]),$(O[CH2][CH3]),$(Oc)]);!R]",
  carbonDioxide: "[CX2](=O)=O",
  activatedHalide: `[F,Cl,Br;$([F,Cl,Br]c1[c,n]cc(${ACCEPTOR})c[c,n]1),$([F,Cl,Br]c1c(${ACCEPTOR})[c,n]c[c,n]c1),$([F,Cl,Br]c1c(${ACCEPTOR})cccc1),$([F]c1c(F)c(F)c(-c2c(F)c(F)c(F)c(F)c2F)c(F)c1F)]`,
  alkylHalide: "[Cl,Br,I;$([Cl,Br,I][CX4;H2])]",
  openParaPhenol: "[OX2H1;$(Oc1c([#6])c[cH1]cc1[#6])]",
} as const;

export type Group = keyof typeof GROUPS;
/** How many of each functional group a compound has. */
export type GroupCounts = Readonly<Record<Group, number>>;

/** Groups that react with one another under step-growth conditions; a monomer has its own and none besides. */
const STEP: readonly Group[] = ["alcohol", "phenol", "thiol", "acid", "acylHalide", "amine", "secondaryAmine", "isocyanate", "anhydride", "epoxide", "cyclicSulfide", "carboxyanhydride"];

export interface MonomerClass {
  readonly about: string;
  /** Whether a compound with these groups belongs to the class. */
  readonly admits: (n: GroupCounts) => boolean;
}

/** True when the step-growth groups other than `own` are absent. */
const none = (n: GroupCounts, ...own: readonly Group[]): boolean => STEP.every((group) => own.includes(group) || n[group] === 0);
const two = (about: string, group: Group, also: (n: GroupCounts) => boolean = () => true): MonomerClass => ({ about, admits: (n) => n[group] === 2 && none(n, group) && also(n) });
const one = (about: string, group: Group, also: (n: GroupCounts) => boolean = () => true): MonomerClass => ({ about, admits: (n) => n[group] === 1 && also(n) });

/** Every monomer class, in the order that `classify` lists them. */
export const monomerClasses: Catalog<MonomerClass> = {
  vinyl: one("one terminal or halogenated C=C, 1- or 1,1-substituted", "vinyl", (n) => n.diene === 0),
  vinylene: { about: "one 1,2-disubstituted C=C that is strained or electron-poor", admits: (n) => n.strainedOlefin + n.fumarate + n.vinyleneCarbonate === 1 && n.vinyl === 0 && n.acid === 0 },
  diene: one("a conjugated diene, polymerised 1,4", "diene"),
  cycloolefin: one("a strained ring olefin for metathesis", "metathesis", (n) => n.vinyl === 0),
  lactone: { about: "a lactone with 4, 6 or 7 ring atoms, or a lactide", admits: (n) => n.lactone >= 1 && n.lactone <= 2 && n.vinyl === 0 && none(n) },
  thiolactone: one("a thiolactone", "thiolactone", (n) => none(n)),
  lactam: one("a lactam with N–H", "lactam", (n) => n.vinyl === 0 && none(n)),
  epoxide: one("one oxirane", "epoxide", (n) => none(n, "epoxide")),
  diepoxide: two("two oxiranes", "epoxide"),
  cyclicEther: { about: "an oxetane, tetrahydrofuran, oxepane or cyclic formal", admits: (n) => (n.oxetane === 1 || n.cyclicEther >= 1) && n.oxetane <= 1 && n.vinyl === 0 && none(n) },
  cyclicSulfide: one("a thiirane or thietane", "cyclicSulfide", (n) => none(n, "cyclicSulfide")),
  oxazoline: one("a 2-oxazoline, opened to an N-acyl ethylenimine", "oxazoline", (n) => none(n)),
  cyclicCarbonate: one("a six- or seven-membered cyclic carbonate", "cyclicCarbonate", (n) => n.vinyl === 0 && none(n)),
  carboxyanhydride: one("an amino acid N-carboxyanhydride", "carboxyanhydride", (n) => none(n, "carboxyanhydride")),
  cyclosiloxane: { about: "a cyclic siloxane", admits: (n) => n.siloxaneRing >= 3 && none(n) },
  diol: { about: "two OH, alcoholic or phenolic", admits: (n) => n.alcohol + n.phenol === 2 && none(n, "alcohol", "phenol") },
  bisphenol: two("two phenolic OH", "phenol"),
  dithiol: two("two SH", "thiol"),
  diacid: two("two carboxylic acids", "acid"),
  diacylHalide: two("two acyl halides", "acylHalide"),
  diester: two("two methyl or ethyl esters, for transesterification", "ester", (n) => n.acid === 0 && n.vinyl === 0 && none(n)),
  diamine: two("two primary amines", "amine"),
  secondaryDiamine: two("two secondary amines", "secondaryAmine"),
  dianhydride: two("two cyclic anhydrides", "anhydride"),
  anhydride: one("one cyclic anhydride, for alternation with an epoxide", "anhydride", (n) => none(n, "anhydride") && n.vinyl === 0),
  diisocyanate: two("two isocyanates or isothiocyanates", "isocyanate"),
  carbonateSource: one("phosgene or an acyclic carbonate", "carbonateSource", (n) => none(n)),
  carbonDioxide: one("carbon dioxide", "carbonDioxide"),
  activatedDihalide: two("two aryl halides ortho or para to an acceptor", "activatedHalide", (n) => none(n)),
  dihalide: two("two primary alkyl or benzyl halides", "alkylHalide", (n) => none(n) && n.vinyl + n.oxetane === 0),
  hydroxyAcid: { about: "one OH and one carboxylic acid", admits: (n) => n.alcohol + n.phenol === 1 && n.acid === 1 && none(n, "alcohol", "phenol", "acid") },
  aminoAcid: { about: "one primary amine and one carboxylic acid", admits: (n) => n.amine === 1 && n.acid === 1 && none(n, "amine", "acid") },
  phenol: { about: "a 2,6-disubstituted phenol with a free para position, for oxidative coupling", admits: (n) => n.openParaPhenol === 1 && n.phenol === 1 && none(n, "phenol") && n.vinyl === 0 },
};

const queries = new WeakMap<Rdkit, ReadonlyMap<Group, Mol>>();

/** The compiled patterns of this RDKit instance; they live as long as it does. */
function queriesOf(rdkit: Rdkit): ReadonlyMap<Group, Mol> {
  let known = queries.get(rdkit);
  if (!known) queries.set(rdkit, (known = new Map(Object.entries(GROUPS).map(([group, smarts]) => [group as Group, rdkit.get_qmol(smarts)!]))));
  return known;
}

/** Count the functional groups of a compound. Throws InputError when the text is no structure. */
export function groupCounts(rdkit: Rdkit, smiles: string): GroupCounts {
  return withMol(rdkit, smiles, (mol) => {
    const counts: Partial<Record<Group, number>> = {};
    for (const [group, query] of queriesOf(rdkit)) counts[group] = matches(mol.get_substruct_matches(query));
    return counts as GroupCounts;
  });
}

/** RDKit answers "{}" for none, else a JSON array. */
const matches = (json: string): number => (json === "{}" ? 0 : (JSON.parse(json) as readonly unknown[]).length);

/** The classes of a monomer, by name; empty when no rule applies. Throws InputError when the text is no structure. */
export function classify(rdkit: Rdkit, smiles: string): readonly string[] {
  const counts = groupCounts(rdkit, smiles);
  return Object.entries(monomerClasses).flatMap(([name, { admits }]) => (admits(counts) ? [name] : []));
}
