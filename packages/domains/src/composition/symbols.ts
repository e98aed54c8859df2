/*
 * The order in which formulas name elements: electropositive first, as IUPAC's element sequence has it
 * (Nomenclature of Inorganic Chemistry, Recommendations 2005, Table VI), read from its far end.
 */
import { atomicNumber, elements } from "../chem/elements.ts";

const SEQUENCE =
  "F Cl Br I At Ts O S Se Te Po Lv H N P As Sb Bi Mc C Si Ge Sn Pb Fl B Al Ga In Tl Nh Zn Cd Hg Cn Cu Ag Au Rg Ni Pd Pt Ds Co Rh Ir Mt Fe Ru Os Hs Mn Tc Re Bh Cr Mo W Sg V Nb Ta Db Ti Zr Hf Rf Sc Y " +
  "Lu Yb Tm Er Ho Dy Tb Gd Eu Sm Pm Nd Pr Ce La Lr No Md Fm Es Cf Bk Cm Am Pu Np U Pa Th Ac Be Mg Ca Sr Ba Ra Li Na K Rb Cs Fr He Ne Ar Kr Xe Rn Og";

/** rank[z]: 0 for the most electronegative element, fluorine; larger is named earlier. */
export const rank: readonly number[] = (() => {
  const place = Array.from({ length: elements.length }, () => -1);
  SEQUENCE.split(" ").forEach((symbol, i) => (place[atomicNumber(symbol)!] = i));
  return place;
})();

/** The last element with a name. */
export const LAST_Z = elements.length - 1;

export const symbolOf = (z: number): string => elements[z]!.symbol;

const setOf = (symbols: string): ReadonlySet<number> => new Set(symbols.split(" ").map((symbol) => atomicNumber(symbol)!));

/** Elements that are no metals and no metalloids. */
export const NONMETALS = setOf("H He C N O F Ne P S Cl Ar Se Br Kr I Xe At Rn Ts Og");
/** Elements between metals and nonmetals. */
export const METALLOIDS = setOf("B Si Ge As Sb Te");
export const HALOGENS = setOf("F Cl Br I At Ts");
export const NOBLE_GASES = setOf("He Ne Ar Kr Xe Rn Og");

export const isMetal = (z: number): boolean => !NONMETALS.has(z) && !METALLOIDS.has(z);

/** Metals and metalloids only: what is mixed in a crucible rather than written as a compound. */
export const isAlloy = (z: readonly number[]): boolean => z.every((one) => !NONMETALS.has(one)) && z.some(isMetal);
