/*
 * Small changes of a monomer that leave its reactive groups alone: applied to the two-ended unit that the monomer
 * becomes, where the groups are already open ends and atoms beside them are not touched. Every edit is a change that
 * a chemist would look up a neighbouring catalogue number for: a substituent, a ring, a linker, a thioether.
 */
const FREE = "!$([#6]~[#0])";
/** Not beside an open end and not doubly bonded. */
const CH2 = `[CX4;H2;!R;${FREE}`;
/** Saturated carbon without a heteroatom: beside another heteroatom it would become an acetal or the like. */
const PLAIN = "[CX4;!$([CX4][!#6;!#1])";

const substituents = ["F", "Cl", "Br", "C", "OC", "SC", "C#N", "C(F)(F)F", "c2ccccc2", "Sc2ccccc2"];
const rings = ["c2ccccc2", "c2ccc3ccccc3c2", "c2cccc3ccccc23", "C2CCCCC2", "c2cccs2", "c2ccc(-c3ccccc3)cc2", "c2ccc(SC)cc2", "c2c(F)c(F)c(F)c(F)c2F", "c2ccc3sc4ccccc4c3c2"];
const arylenes = ["-c2ccc(-[*:2])cc2", "-c2cccc(-[*:2])c2", "-c2ccc3cc(-[*:2])ccc3c2", "-c2ccc(-c3ccc(-[*:2])cc3)cc2", "-c2ccc(-[*:2])s2", "-C2CCC(-[*:2])CC2", "-c2ccc(Sc3ccc(-[*:2])cc3)cc2", "-c2ccc(-[*:2])c(F)c2", "-c2ccc(-[*:2])c(C)c2"];
const bridges = ["S", "O", "C", "C(C)(C)", "C(C(F)(F)F)(C(F)(F)F)", "S(=O)(=O)", "C(=O)", "C2(CCCCC2)", "C2(c3ccccc3-c3ccccc32)"];

const PHENYL = "[*:1]-[cX3]1[cH][cH][cH][cH][cH]1";
const PHENYLENE = "[*:1]-[c]1[cH][cH][c](-[*:2])[cH][cH]1";
const BRIDGE = `[c:1]-[$([CX4;!R]),$([SX2]),$([OX2]),$([SX4](=O)=O),$([CX3;!R]=O)]-[c:2]`;

/** Reaction SMARTS of one reactant. */
export const EDITS: readonly string[] = [
  ...substituents.map((group) => `[cH:1]>>[c:1]${group}`),
  "[c:1]-[F,Cl,Br,I]>>[c:1]", "[c:1]-[CH3]>>[c:1]", "[c:1]-[O,S;X2]-[CH3]>>[c:1]", "[c:1]-[F,Cl,Br]>>[c:1]SC", "[c:1]-[O;X2]-[CH3:2]>>[c:1]S[C:2]",
  ...rings.map((ring) => `${PHENYL}>>[*:1]-${ring}`),
  "[*:1]-[CX4;H1]1[CH2][CH2][CH2][CH2][CH2]1>>[*:1]-c1ccccc1", "[*:1]-c1ccc2ccccc2c1>>[*:1]-c1ccccc1",
  ...arylenes.map((arylene) => `${PHENYLENE}>>[*:1]${arylene}`),
  ...bridges.map((bridge) => `${BRIDGE}>>[c:1]${bridge}[c:2]`),
  `${CH2}:1]>>[C:1]C`, `${CH2}:1]>>[C:1](C)C`, `${CH2}:1]>>[C:1](F)F`, `${CH2}:1]>>[C:1]c1ccccc1`,
  `${CH2}:1]-[CX4;H2;!R:2]>>[C:1]C[C:2]`, `[CX4:1]-${CH2}]-[CX4:2]>>[C:1][C:2]`,
  `${PLAIN}:1]-${CH2}]-${PLAIN}:2]>>[C:1]S[C:2]`, `${PLAIN}:1]-${CH2}]-${PLAIN}:2]>>[C:1]O[C:2]`, "[CX4:1]-[OX2;!R]-[CX4:2]>>[C:1]S[C:2]", "[CX4:1]-[SX2;!R]-[CX4:2]>>[C:1]S(=O)(=O)[C:2]",
  "[CX4:1]-[CH3]>>[C:1]C(F)(F)F", "[CX4,OX2,SX2:1]-[CH3]>>[*:1]CC", "[CX4,OX2,SX2:1]-[CH2]-[CH3]>>[*:1]C", "[CX4,OX2,SX2:1]-[CH3]>>[*:1]c1ccccc1", "[CX4,OX2,SX2:1]-[CH3]>>[*:1]Cc1ccccc1", "[OX2:1]-[CH3]>>[*:1]CCSC", "[OX2:1]-[CH2]-[CH3]>>[*:1]CC(F)(F)F",
];
