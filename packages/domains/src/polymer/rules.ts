/*
 * Polymerisation rules: monomers in, repeat units out. A rule of one monomer turns it into a two-ended unit
 * (a vinyl opens, a ring opens, an amino acid loses water). A rule of two turns each into a two-ended half and
 * joins the halves: a diol without its hydrogens and a diacid without its OH make an ester link. The list follows
 * SMiPoly (Ohno et al., J. Chem. Inf. Model. 63, 5539 (2023)) and goes beyond it; the reaction SMARTS are ours.
 * Only linear polymers are made: a monomer with a third reactive group belongs to no step-growth class.
 * Two unsymmetrical halves can follow each other in two senses; both regular polymers are given.
 */
import type { Catalog } from "@tatara/engine/base";
import type { Rdkit } from "../chem/types.ts";
import { classify, type monomerClasses } from "./monomerClasses.ts";
import { join, readings, units } from "./reaction.ts";

type MonomerClassName = Extract<keyof typeof monomerClasses, string>;

/** What a monomer of one of these classes becomes: every step is applied once, in order. */
export interface Half {
  readonly classes: readonly MonomerClassName[];
  readonly steps: readonly string[];
}

export interface PolymerisationRule {
  readonly about: string;
  /** Name of the polymers it makes, as in `groups.class`, told from the linkage that is formed. */
  readonly class: string;
  /** One entry: a homopolymer rule. Two: a pair rule. */
  readonly halves: readonly [Half] | readonly [Half, Half];
}

/** One polymer that a rule makes. */
export interface Product {
  /** Repeat unit with two `*`; not canonical as a polymer, only as a text. */
  readonly polymer: string;
  /** Name in `rules`. */
  readonly rule: string;
  readonly class: string;
  /** One or two monomer texts, as given. */
  readonly monomers: readonly string[];
}

const twice = (step: string): readonly string[] => [step, step];
const half = (classes: readonly MonomerClassName[], ...steps: readonly string[]): Half => ({ classes, steps });

const OPEN_O = "[OX2H1;!$(OC=O):1][#6:2]>>*[O:1][#6:2]";
const OPEN_S = "[SX2H1:1][#6:2]>>*[S:1][#6:2]";
const OPEN_N = "[NX3;H2,$([NX3H1]([CX4])[CX4]):1][#6:2]>>*[N:1][#6:2]";
const DROP_N = "[NX3;H2][#6:1]>>*[#6:1]";
const ACYL = "[CX3:1](=[O:2])([#6:3])[OX2H1,Cl,Br,$(O[CH3]),$(O[CH2][CH3])]>>*[C:1](=[O:2])[#6:3]";
const ACID = "[CX3:1](=[O:2])([#6:3])[OX2H1]>>*[C:1](=[O:2])[#6:3]";
const OPEN_NCO = "[NX2:1]=[C:2]=[O,S:3]>>*[C:2](=[*:3])[N:1]";
const DROP_NCO = "[NX2](=C=O)[#6:1]>>*[#6:1]";
const IMIDE = "[#6:1](=[O:2])[#8;R][#6:3]=[O:4]>>[#6:1](=[O:2])N(*)[#6:3]=[O:4]";
const OXAZOLIDONE = "[CX4;H2,$([CX4;H1]1[CX4;H1]O1):1]1[CX4:2][O:3]1>>[C:1]1[N](*)C(=O)[O:3][C:2]1";
const ARYL = "[c:1][F,Cl,Br;$([F,Cl,Br]c1[c,n]cc([$([SX4](=O)=O),$([CX3](=O)[#6]),$(C#N),$([NX3+](=O)[O-]),$(P=O)])c[c,n]1),$([F,Cl,Br]c1c([$([SX4](=O)=O),$([CX3](=O)[#6]),$(C#N),$([NX3+](=O)[O-]),$(P=O)])[c,n]c[c,n]c1),$([F]c1c(F)c(F)c(-c)c(F)c1F)]>>*[c:1]";
const ALKYL = "[CX4;H2:1][Cl,Br,I]>>*[C:1]";
const CARBONYL = "[CX3;!R:1](=[O:2])([Cl,O])[Cl,O]>>*[C:1](=[O:2])*";
const EPOXIDE_OO = "[CX4;r3:1]1[CX4;r3:2][O;r3:3]1>>*O[C:1][C:2][O:3]*";
const RING_ANHYDRIDE = "[#6:1](=[O:2])[#8;R][#6:3]=[O:4]>>([#6:1](*)=[O:2].[#6:3](*)=[O:4])";

const diols = half(["diol"], ...twice(OPEN_O));
const bisphenols = half(["bisphenol"], ...twice(OPEN_O));
const dithiols = half(["dithiol"], ...twice(OPEN_S));
const diamines = half(["diamine", "secondaryDiamine"], ...twice(OPEN_N));
const diacids = half(["diacid", "diacylHalide", "diester"], ...twice(ACYL));
const diisocyanates = half(["diisocyanate"], ...twice(OPEN_NCO));
const activated = half(["activatedDihalide"], ...twice(ARYL));
const dihalides = half(["dihalide"], ...twice(ALKYL));

const homo = (name: string, about: string, classes: readonly MonomerClassName[], ...steps: readonly string[]): PolymerisationRule => ({ class: name, about, halves: [half(classes, ...steps)] });
const pair = (name: string, about: string, a: Half, b: Half): PolymerisationRule => ({ class: name, about, halves: [a, b] });

/** Every polymerisation rule, in the order in which `polymerise` applies them. */
export const rules: Catalog<PolymerisationRule> = {
  "vinyl-addition": homo("polyolefin", "chain growth of a 1- or 1,1-substituted vinyl", ["vinyl"], "[CX3;H2,$(C([F,Cl])[F,Cl]),$([CH1][F,Cl]):1]=[CX3:2]>>*[C:1][C:2]*"),
  "vinylene-addition": homo("polyolefin", "chain growth of a 1,2-disubstituted C=C", ["vinylene"], "[$([CX3]1=C[#6]~[*]~[#6]1),$([CH1](=[CH1;!R])C(=O)[O,N]);!$([CH2]):1]=[CX3:2]>>*[C:1][C:2]*"),
  "vinylene-carbonate-addition": homo("polyolefin", "chain growth of vinylene carbonate", ["vinylene"], "[cH:1]1[cH:2][o:3][c:4](=[O:5])[o:6]1>>*[C:1]1[C:2](*)[O:3][C:4](=[O:5])[O:6]1"),
  "diene-1,4": homo("polyolefin", "1,4-addition of a conjugated diene", ["diene"], "[CX3;!R;H2,H1:1]=[C;!R:2]-[C;!R:3]=[CX3;!R;H2:4]>>*[C:1][C:2]=[C:3][C:4]*"),
  metathesis: homo("polyolefin", "ring-opening metathesis of a strained olefin", ["cycloolefin"], "[CX3;H1;$(C1=CCC1),$(C1=CCCC1),$(C1=CCCCCCC1),$(C1=CC2CCC1C2),$(C1=CC2CC1CC2):1]=[CX3;H1:2]>>([C:1]=*.[C:2]=*)"),
  "lactone-opening": homo("polyester", "ring opening of a lactone", ["lactone"], "[CX3;R;!$(C([#8])[#8]):1](=[O:2])[O;R:3]>>([C:1](=[O:2])*.[O:3]*)"),
  "thiolactone-opening": homo("polythioester", "ring opening of a thiolactone", ["thiolactone"], "[CX3;R:1](=[O:2])[S;R:3]>>([C:1](=[O:2])*.[S:3]*)"),
  "lactam-opening": homo("polyamide", "ring opening of a lactam", ["lactam"], "[CX3;R:1](=[O:2])[NX3;H1;R:3]>>([C:1](=[O:2])*.[N:3]*)"),
  "carboxyanhydride-opening": homo("polyamide", "ring opening of an N-carboxyanhydride with loss of CO2", ["carboxyanhydride"], "[O;R]1C(=O)[NX3:1][CX4:2][C:3]1=[O:4]>>*[N:1][C:2][C:3](*)=[O:4]"),
  "epoxide-opening": homo("polyether", "ring opening of an oxirane", ["epoxide"], "[CX4;r3:1][O;r3:2]>>([C:1]*.[O:2]*)"),
  "cyclic-ether-opening": homo("polyether", "ring opening of an oxetane, oxolane, oxepane or formal", ["cyclicEther"], "[CX4;H2;R:1][OX2;R;!r3:2]>>([C:1]*.[O:2]*)"),
  "cyclic-sulfide-opening": homo("polysulfide", "ring opening of a thiirane or thietane", ["cyclicSulfide"], "[CX4;r3,r4:1][S;r3,r4:2]>>([C:1]*.[S:2]*)"),
  "oxazoline-opening": homo("polyoxazoline", "ring opening of a 2-oxazoline", ["oxazoline"], "[C:1]1=[N:2][C:3][C:4][O:5]1>>*[N:2]([C:1]=[O:5])[C:3][C:4]*"),
  "cyclic-carbonate-opening": homo("polycarbonate", "ring opening of a cyclic carbonate", ["cyclicCarbonate"], "[CX3;R:1](=[O:2])([O;R:4])[O;R:3]>>([C:1](=[O:2])([O:4])*.[O:3]*)"),
  "siloxane-opening": homo("polysiloxane", "ring opening of a cyclosiloxane", ["cyclosiloxane"], "[Si;R:1][O;R:2]>>([Si:1]*.[O:2]*)"),
  "hydroxy-acid-condensation": homo("polyester", "condensation of a hydroxy acid", ["hydroxyAcid"], OPEN_O, ACID),
  "amino-acid-condensation": homo("polyamide", "condensation of an amino acid", ["aminoAcid"], OPEN_N, ACID),
  "oxidative-coupling": homo("polyether", "oxidative coupling of a 2,6-disubstituted phenol", ["phenol"], "[OX2H1:1][c:2]1[c:3]([#6:8])[c:4][cH1:5][c:6][c:7]1[#6:9]>>*[O:1][c:2]1[c:3]([#6:8])[c:4][c:5](*)[c:6][c:7]1[#6:9]"),
  "diol-diacid": pair("polyester", "condensation of a diol with a diacid, its chloride or its ester", diols, diacids),
  "epoxide-anhydride": pair("polyester", "alternation of an oxirane with a cyclic anhydride", half(["epoxide"], EPOXIDE_OO), half(["anhydride"], RING_ANHYDRIDE)),
  "dithiol-diacid": pair("polythioester", "condensation of a dithiol with a diacid or its chloride", dithiols, half(["diacid", "diacylHalide"], ...twice(ACYL))),
  "diamine-diacid": pair("polyamide", "condensation of a diamine with a diacid, its chloride or its ester", diamines, diacids),
  "diamine-dianhydride": pair("polyimide", "condensation of a diamine with a dianhydride, closed to the imide", half(["diamine"], ...twice(DROP_N)), half(["dianhydride"], ...twice(IMIDE))),
  "diol-carbonate": pair("polycarbonate", "condensation of a diol with phosgene or a carbonate", diols, half(["carbonateSource"], CARBONYL)),
  "epoxide-carbon-dioxide": pair("polycarbonate", "alternation of an oxirane with carbon dioxide", half(["epoxide"], EPOXIDE_OO), half(["carbonDioxide"], "[C:1](=[O:2])=O>>*[C:1](=[O:2])*")),
  "diol-activated-dihalide": pair("polyether", "displacement of activated aryl halides by a diol", diols, activated),
  "bisphenol-dihalide": pair("polyether", "displacement of alkyl or benzyl halides by a bisphenol", bisphenols, dihalides),
  "dithiol-activated-dihalide": pair("polysulfide", "displacement of activated aryl halides by a dithiol", dithiols, activated),
  "dithiol-dihalide": pair("polysulfide", "displacement of alkyl or benzyl halides by a dithiol", dithiols, dihalides),
  "diol-diisocyanate": pair("polyurethane", "addition of a diol to a diisocyanate", diols, diisocyanates),
  "dithiol-diisocyanate": pair("polythiourethane", "addition of a dithiol to a diisocyanate", dithiols, diisocyanates),
  "diamine-diisocyanate": pair("polyurea", "addition of a diamine to a diisocyanate", diamines, diisocyanates),
  "diepoxide-diisocyanate": pair("polyoxazolidone", "addition of a bisoxirane to a diisocyanate, closed to the oxazolidone", half(["diisocyanate"], ...twice(DROP_NCO)), half(["diepoxide"], ...twice(OXAZOLIDONE))),
};

/** A monomer's unit, with every reading of it that begins at an end. */
interface Unit { readonly monomer: string; readonly text: string; readonly readings: readonly string[] }

/**
 * Every polymer that the rules make of the monomers alone and in pairs, rules in catalogue order, monomers in the
 * order given. A polymer may come more than once (adipic acid and its chloride). Throws InputError when a monomer
 * is no structure.
 */
export function* polymerise(rdkit: Rdkit, monomers: readonly string[]): Generator<Product, void, undefined> {
  const classes = monomers.map((monomer) => classify(rdkit, monomer));
  const unitsOf = memoised(rdkit, monomers, classes);
  for (const [rule, { class: name, halves: [a, b] }] of Object.entries(rules)) {
    if (b === undefined) for (const { text, monomer } of unitsOf(a)) yield { polymer: text, rule, class: name, monomers: [monomer] };
    else yield* pairs(unitsOf(a), unitsOf(b), { rule, class: name });
  }
}

function* pairs(first: readonly Unit[], second: readonly Unit[], of: { readonly rule: string; readonly class: string }): Generator<Product, void, undefined> {
  for (const a of first) for (const b of second) for (const reading of senses(a, b)) yield { polymer: join(a.readings[0]!, reading), ...of, monomers: [a.monomer, b.monomer] };
}

/** Turning one half round matters only when neither is symmetric. */
const senses = (a: Unit, b: Unit): readonly string[] => (a.readings.length === 1 ? b.readings.slice(0, 1) : b.readings);

function memoised(rdkit: Rdkit, monomers: readonly string[], classes: readonly (readonly string[])[]): (half: Half) => readonly Unit[] {
  const known = new Map<Half, readonly Unit[]>();
  return (half) => {
    let found = known.get(half);
    if (!found) known.set(half, (found = unitsOfHalf(rdkit, monomers.filter((_, i) => half.classes.some((name) => classes[i]!.includes(name))), half)));
    return found;
  };
}

function unitsOfHalf(rdkit: Rdkit, monomers: readonly string[], { steps }: Half): readonly Unit[] {
  return monomers.flatMap((monomer) => units(rdkit, steps, monomer).map((text) => ({ monomer, text, readings: readings(rdkit, text) })));
}
