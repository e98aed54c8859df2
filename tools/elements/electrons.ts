/* Counts that follow from the ground-state electron configuration and the place in the periodic table. */
import type { Sources } from "./sources.ts";

export type Shell = "s" | "p" | "d" | "f";
const CAPACITY: Readonly<Record<Shell, number>> = { s: 2, p: 6, d: 10, f: 14 };

/** Electrons outside the noble-gas core by shell: Ga is s2 p1 d10, Hf s2 d2 f14. */
export function valence({ periodicTable }: Sources, symbol: string): Readonly<Record<Shell, number>> {
  const counts = { s: 0, p: 0, d: 0, f: 0 };
  const text = String(periodicTable[symbol]!["Electronic structure"]);
  for (const [, shell, n] of text.matchAll(/\d([spdf])<sup>(\d+)<\/sup>/g)) counts[shell as Shell] += Number(n);
  return counts;
}

/** Places left in the shells that hold electrons; an empty shell counts 0. */
export const unfilled = (counts: Readonly<Record<Shell, number>>, shell: Shell): number => (counts[shell] === 0 ? 0 : CAPACITY[shell] - counts[shell]);

const PERIOD_ENDS = [2, 10, 18, 36, 54, 86, 118];
export const periodOf = (z: number): number => PERIOD_ENDS.findIndex((end) => z <= end) + 1;

/** Group 1 to 18; lanthanides and actinides are given 3. */
export function groupOf(z: number): number {
  const period = periodOf(z);
  if (z <= 2) return z === 1 ? 1 : 18;
  const fromLeft = z - PERIOD_ENDS[period - 2]!;
  const fromRight = 18 - (PERIOD_ENDS[period - 1]! - z);
  if (fromLeft <= 2) return fromLeft;
  return period >= 6 && fromRight < 4 ? 3 : fromRight;
}
