/*
 * The rules by which metallurgists judge an alloy, as numbers: electron counts, size and electronegativity mismatch,
 * entropy and enthalpy of mixing. All are averages over the atoms; NaN where an element's value is unknown.
 *
 * W. Hume-Rothery & G. V. Raynor, The Structure of Metals and Alloys (1954); Zhang et al., Adv. Eng. Mater. 10 (2008)
 * 534 (δ, ΔHmix, ΔSmix); Yang & Zhang, Mater. Chem. Phys. 132 (2012) 233 (Ω); Guo et al., J. Appl. Phys. 109 (2011)
 * 103505 (VEC); Takeuchi & Inoue, Mater. Trans. 46 (2005) 2817 (ΔHmix = Σ 4 H_ij w_i w_j at equal parts).
 */
import { facts } from "../elements/facts.ts";
import { mixingEnthalpy as pairEnthalpy } from "../elements/miedema.ts";
import { shipped } from "./shipped.ts";
import { symbolOf } from "./symbols.ts";
import type { Composition } from "./type.ts";

type Mix = Pick<Composition, "z" | "fractions">;

/** Gas constant in J/(mol K), exact since 2019. */
const R = 8.31446261815324;

/** Σ w f. */
export const mean = ({ z, fractions }: Mix, of: (z: number) => number): number => z.reduce((sum, one, i) => sum + fractions[i]! * of(one), 0);

const spread = (s: Mix, of: (z: number) => number): number => {
  const centre = mean(s, of);
  return Math.sqrt(mean(s, (z) => (of(z) - centre) ** 2));
};

/** Itinerant electrons per atom after Hume-Rothery and Raynor: e/a. */
export const electronsPerAtom = (s: Mix): number => mean(s, (z) => facts.get(symbolOf(z))?.electronsPerAtom ?? Number.NaN);

/** Valence electrons per atom, d electrons included: VEC. */
export const valenceElectrons = (s: Mix): number => mean(s, valence);

function valence(z: number): number {
  const group = shipped("group", z);
  return group > 12 ? group - 10 : group;
}

/** δ = 100 √(Σ w (1 − r / r̄)²) in % of the mean metallic radius. */
export function sizeMismatch(s: Mix): number {
  const radius = (z: number) => shipped("metallic_radius", z);
  return (100 * spread(s, radius)) / mean(s, radius);
}

/** √(Σ w (χ − χ̄)²) on Pauling's scale. */
export const electronegativitySpread = (s: Mix): number => spread(s, (z) => shipped("en_pauling", z));

/** The same on Allen's scale. */
export const allenSpread = (s: Mix): number => spread(s, (z) => shipped("en_allen", z));

/** Ideal entropy of mixing, −R Σ w ln w, in J/(mol K). */
export const mixingEntropy = ({ fractions }: Mix): number => -R * fractions.reduce((sum, w) => sum + w * Math.log(w), 0) + 0;

/** Enthalpy of mixing in kJ/mol of atoms from Miedema's pairs. */
export function mixingEnthalpy({ z, fractions }: Mix): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) for (let j = i + 1; j < z.length; j++) sum += 4 * fractions[i]! * fractions[j]! * pairOf(z[i]!, z[j]!);
  return sum;
}

const pairs = new Map<number, number>();

function pairOf(a: number, b: number): number {
  const name = a * 256 + b;
  let value = pairs.get(name);
  if (value === undefined) pairs.set(name, (value = pairEnthalpy(symbolOf(a), symbolOf(b))));
  return value;
}

/** Σ w Tm in K: what an ideal mixture would melt at. */
export const meanMeltingPoint = (s: Mix): number => mean(s, (z) => shipped("melting_point", z));

/** Ω = Tm ΔSmix / |ΔHmix|: above about 1.1 entropy wins. NaN for one element, or without any enthalpy. */
export function omega(s: Mix): number {
  const enthalpy = Math.abs(mixingEnthalpy(s)) * 1000;
  return s.z.length > 1 && enthalpy > 0 ? (meanMeltingPoint(s) * mixingEntropy(s)) / enthalpy : Number.NaN;
}

/** Density in g/cm³ of an ideal mixture: masses and atomic volumes add. */
export const idealDensity = (s: Mix): number => mean(s, (z) => shipped("atomic_weight", z)) / mean(s, (z) => shipped("molar_volume", z));

/** US dollars per kg of the elements as traded; NaN where a price is unknown. */
export function cost(s: Mix): number {
  const mass = mean(s, (z) => shipped("atomic_weight", z));
  return mean(s, (z) => shipped("atomic_weight", z) * (facts.get(symbolOf(z))?.price?.usdPerKg ?? Number.NaN)) / mass;
}

/** Concentration of supply, mean by mass of the Herfindahl-Hirschman indices of production: 0 to 10,000; NaN where one is unknown. */
export function supplyRisk(s: Mix): number {
  const mass = mean(s, (z) => shipped("atomic_weight", z));
  return mean(s, (z) => shipped("atomic_weight", z) * (facts.get(symbolOf(z))?.hhi?.production ?? Number.NaN)) / mass;
}

/** One rule and whether a composition keeps it. */
export interface Verdict {
  readonly rule: string;
  readonly value: number;
  readonly kept: boolean;
}

/** The conditions for a solid solution of several metals, as the papers above state them. */
export function solidSolutionRules(s: Mix): readonly Verdict[] {
  const verdict = (rule: string, value: number, kept: boolean): Verdict => ({ rule, value, kept });
  const [delta, w, h, chi] = [sizeMismatch(s), omega(s), mixingEnthalpy(s), electronegativitySpread(s)];
  return [
    verdict("size mismatch at most 6.6 %", delta, delta <= 6.6),
    verdict("omega at least 1.1", w, w >= 1.1),
    verdict("mixing enthalpy from -15 to 5 kJ/mol", h, h >= -15 && h <= 5),
    verdict("electronegativity spread at most 0.175", chi, chi <= 0.175),
  ];
}

/** Hume-Rothery's rules for a solute in a solvent: radii within 15 %, electronegativities within 0.4, valences alike. */
export function substitutes(solvent: number, solute: number): readonly Verdict[] {
  const radius = (z: number) => shipped("metallic_radius", z);
  const misfit = (100 * Math.abs(radius(solute) - radius(solvent))) / radius(solvent);
  const gap = Math.abs(shipped("en_pauling", solute) - shipped("en_pauling", solvent));
  const steps = Math.abs(valence(solute) - valence(solvent));
  return [
    { rule: "radii within 15 %", value: misfit, kept: misfit <= 15 },
    { rule: "electronegativities within 0.4", value: gap, kept: gap <= 0.4 },
    { rule: "valences alike", value: steps, kept: steps === 0 },
  ];
}

/** The electron compound that Hume-Rothery's counting expects near an e/a ratio; undefined in between. */
export function electronPhase(ea: number): "alpha" | "beta" | "gamma" | "epsilon" | undefined {
  const WINDOWS = [["alpha", 1, 1.4], ["beta", 1.45, 1.55], ["gamma", 1.58, 1.68], ["epsilon", 1.7, 1.85]] as const;
  return WINDOWS.find(([, low, high]) => ea >= low && ea <= high)?.[0];
}
