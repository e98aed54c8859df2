/* Element symbols by atomic number, as SMILES spells them; `*` is number 0. */

const TEXT =
  "* H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe " +
  "Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg " +
  "Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og";

/** Symbol of each atomic number, 0 (`*`) to 118. */
export const SYMBOLS: readonly string[] = TEXT.split(" ");

/** Atomic number of each symbol. */
export const NUMBERS: ReadonlyMap<string, number> = new Map(SYMBOLS.map((symbol, z) => [symbol, z]));

/** Symbols that may stand in lower case, as members of an aromatic ring. */
export const AROMATIC: ReadonlySet<string> = new Set(["b", "c", "n", "o", "p", "s", "se", "te", "as", "si"]);
