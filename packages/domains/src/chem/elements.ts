/*
 * The elements as chemistry code needs them: symbol, name, standard atomic weight.
 * Weights: IUPAC conventional values as rounded by RDKit's periodic table; the mass number of the longest-lived
 * isotope where no standard weight exists. Index = atomic number; 0 is the attachment point `*`.
 */

const TABLE =
  "* attachment 0;H hydrogen 1.008;He helium 4.003;Li lithium 6.941;Be beryllium 9.012;B boron 10.812;C carbon 12.011;N nitrogen 14.007;O oxygen 15.999;F fluorine 18.998;Ne neon 20.18;" +
  "Na sodium 22.99;Mg magnesium 24.305;Al aluminium 26.982;Si silicon 28.086;P phosphorus 30.974;S sulfur 32.067;Cl chlorine 35.453;Ar argon 39.948;K potassium 39.098;Ca calcium 40.078;" +
  "Sc scandium 44.956;Ti titanium 47.867;V vanadium 50.942;Cr chromium 51.996;Mn manganese 54.938;Fe iron 55.845;Co cobalt 58.933;Ni nickel 58.693;Cu copper 63.546;Zn zinc 65.39;" +
  "Ga gallium 69.723;Ge germanium 72.61;As arsenic 74.922;Se selenium 78.96;Br bromine 79.904;Kr krypton 83.8;Rb rubidium 85.468;Sr strontium 87.62;Y yttrium 88.906;Zr zirconium 91.224;" +
  "Nb niobium 92.906;Mo molybdenum 95.94;Tc technetium 98;Ru ruthenium 101.07;Rh rhodium 102.906;Pd palladium 106.42;Ag silver 107.868;Cd cadmium 112.412;In indium 114.818;Sn tin 118.711;" +
  "Sb antimony 121.76;Te tellurium 127.6;I iodine 126.904;Xe xenon 131.29;Cs caesium 132.905;Ba barium 137.328;La lanthanum 138.906;Ce cerium 140.116;Pr praseodymium 140.908;" +
  "Nd neodymium 144.24;Pm promethium 145;Sm samarium 150.36;Eu europium 151.964;Gd gadolinium 157.25;Tb terbium 158.925;Dy dysprosium 162.5;Ho holmium 164.93;Er erbium 167.26;" +
  "Tm thulium 168.934;Yb ytterbium 173.04;Lu lutetium 174.967;Hf hafnium 178.49;Ta tantalum 180.948;W tungsten 183.84;Re rhenium 186.207;Os osmium 190.23;Ir iridium 192.217;" +
  "Pt platinum 195.078;Au gold 196.967;Hg mercury 200.59;Tl thallium 204.383;Pb lead 207.2;Bi bismuth 208.98;Po polonium 209;At astatine 210;Rn radon 222;Fr francium 223;Ra radium 226;" +
  "Ac actinium 227;Th thorium 232.038;Pa protactinium 231.036;U uranium 238.029;Np neptunium 237;Pu plutonium 244;Am americium 243;Cm curium 247;Bk berkelium 247;Cf californium 251;" +
  "Es einsteinium 252;Fm fermium 257;Md mendelevium 258;No nobelium 259;Lr lawrencium 262;Rf rutherfordium 267;Db dubnium 268;Sg seaborgium 269;Bh bohrium 270;Hs hassium 269;" +
  "Mt meitnerium 278;Ds darmstadtium 281;Rg roentgenium 281;Cn copernicium 285;Nh nihonium 284;Fl flerovium 289;Mc moscovium 288;Lv livermorium 293;Ts tennessine 292;Og oganesson 294";

export interface Element {
  readonly symbol: string;
  /** English name, lower case: "carbon". */
  readonly name: string;
  /** Standard atomic weight in g/mol; 0 for `*`. */
  readonly weight: number;
}

/** elements[z] for z = 0 (`*`) to 118. */
export const elements: readonly Element[] = TABLE.split(";").map((row) => {
  const [symbol, name, weight] = row.split(" ") as [string, string, string];
  return { symbol, name, weight: Number(weight) };
});

const numbers = new Map(elements.map(({ symbol }, z) => [symbol, z]));

/** Atomic number of a symbol such as "Cl"; undefined when there is no such element. */
export const atomicNumber = (symbol: string): number | undefined => numbers.get(symbol);
