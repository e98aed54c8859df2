/*
 * Groupings of compositions for splits and reports: the chemical system, and the class by which chemists and
 * metallurgists would file the material. The class is read off the elements alone; a composition has no structure.
 */
import type { Catalog } from "@tatara/engine/base";
import { atomicNumber } from "../chem/elements.ts";
import { HALOGENS, isMetal, METALLOIDS, NOBLE_GASES, NONMETALS, rank, symbolOf } from "./symbols.ts";
import type { Composition } from "./type.ts";

/** Symbols in alphabetical order joined by hyphens: `Al-Cu-Fe`. */
export const systemOf = ({ z }: Pick<Composition, "z">): string => z.map(symbolOf).sort().join("-");

const [H, C, N, O] = ["H", "C", "N", "O"].map((symbol) => atomicNumber(symbol)!) as [number, number, number, number];

/** What a compound is called after its most electronegative element. */
const BINARY: Readonly<Record<string, string>> = { F: "fluoride", Cl: "chloride", Br: "bromide", I: "iodide", O: "oxide", S: "sulfide", Se: "selenide", Te: "telluride", N: "nitride", P: "phosphide", As: "arsenide", Sb: "antimonide", C: "carbide", Si: "silicide", Ge: "germanide", B: "boride", H: "hydride" };
/** Salts of oxygen acids by their central atom, with the least oxygen for each of it. */
const OXYANIONS: readonly (readonly [symbol: string, oxygen: number, name: string])[] = [["S", 3, "sulfate"], ["P", 3, "phosphate"], ["C", 2.5, "carbonate"], ["N", 2.5, "nitrate"], ["Se", 3, "selenate"], ["As", 3, "arsenate"], ["Si", 2, "silicate"], ["B", 1.5, "borate"]];

/** Above this share one metal is the base of an alloy. */
const BASE = 0.5;
/** Whole-number ratios up to this many atoms are taken for a compound of two metals, or of more. */
const COMPOUND = { two: 60, more: 16 };
/** Metalloids whose compounds with metals keep their name at any ratio. */
const ANIONS: ReadonlySet<number> = new Set(["As", "Sb", "Te"].map((symbol) => atomicNumber(symbol)!));
/** Elements, and the least and largest share of each, of an alloy without a base (Yeh et al. 2004, doi 10.1002/adem.200300567). */
const HIGH_ENTROPY = { elements: 5, low: 0.05, high: 0.35 };

/** oxide, sulfate, chloride, intermetallic, Al-based alloy, high-entropy alloy, … */
export function classOf(s: Composition): string {
  if (s.z.length === 1) return "element";
  return s.z.every((z) => !NONMETALS.has(z)) ? classOfMetals(s) : classOfCompound(s);
}

function classOfMetals({ z, fractions, reduced }: Composition): string {
  if (!z.some(isMetal)) return "metalloids";
  const { elements, low, high } = HIGH_ENTROPY;
  if (z.length >= elements && fractions.every((w) => w >= low - 1e-9 && w <= high + 1e-9)) return "high-entropy alloy";
  const [anion] = z.filter((one) => METALLOIDS.has(one)).toSorted((a, b) => rank[a]! - rank[b]!);
  const atoms = reduced.reduce((a, b) => a + b, 0);
  const compound = atoms <= (z.length === 2 ? COMPOUND.two : COMPOUND.more);
  if (anion !== undefined && (compound || ANIONS.has(anion)) && fractions[z.indexOf(anion)]! >= 0.2) return BINARY[symbolOf(anion)]!;
  if (compound) return "intermetallic";
  const base = z.find((_, i) => fractions[i]! >= BASE);
  return base === undefined ? "alloy" : `${symbolOf(base)}-based alloy`;
}

function classOfCompound(s: Composition): string {
  const { z } = s;
  if (z.some((one) => NOBLE_GASES.has(one))) return "noble-gas compound";
  const metals = z.some((one) => isMetal(one) || METALLOIDS.has(one));
  if (!metals) return z.includes(C) && (z.includes(H) || z.length > 2) ? "organic" : z.includes(N) && z.includes(H) && z.length > 2 ? "ammonium salt" : "molecular";
  if (z.includes(C) && z.includes(H) && share(s, C) > share(s, O) / 3) return "metal-organic";
  if (z.includes(O)) return classOfOxide(s);
  const halogen = z.find((one) => HALOGENS.has(one));
  if (halogen !== undefined) return BINARY[symbolOf(halogen)] ?? "halide";
  const anion = z.toSorted((a, b) => rank[a]! - rank[b]!).find((one) => one !== H && Object.hasOwn(BINARY, symbolOf(one)));
  // A trace of carbon or nitrogen makes steel, not a carbide.
  if (anion !== undefined && share(s, anion) < 0.05) return classOfMetals({ ...s, z: s.z.filter((one) => !NONMETALS.has(one)), fractions: s.fractions.filter((_, i) => !NONMETALS.has(s.z[i]!)), reduced: [COMPOUND.two + 1] });
  return anion === undefined || (anion !== H && share(s, H) > 2 * share(s, anion)) ? "hydride" : BINARY[symbolOf(anion)]!;
}

function classOfOxide(s: Composition): string {
  for (const [symbol, oxygen, name] of OXYANIONS) {
    const centre = share(s, atomicNumber(symbol)!);
    if (s.z.length > 2 && centre > 0 && share(s, O) >= oxygen * centre - 1e-9) return name;
  }
  const halogen = s.z.find((one) => HALOGENS.has(one));
  if (halogen !== undefined) return `oxy${BINARY[symbolOf(halogen)] ?? "halide"}`;
  if (s.z.includes(H)) return share(s, H) >= share(s, O) * 0.5 ? "hydroxide or hydrate" : "oxide";
  return s.z.some((one) => one !== O && NONMETALS.has(one)) ? "oxychalcogenide or oxynitride" : "oxide";
}

const share = ({ z, fractions }: Composition, element: number): number => fractions[z.indexOf(element)] ?? 0;

export const compositionGroups: Catalog<(s: Composition) => string> = { system: systemOf, class: classOf };
