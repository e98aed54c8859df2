/*
 * Enthalpy of mixing of two metals after Miedema: what charge transfer gains, (Δφ)², against what the mismatch of
 * electron densities costs, (Δn^(1/3))², at the area where unlike cells touch. F. R. de Boer, R. Boom, W. C. M.
 * Mattens, A. R. Miedema & A. K. Niessen, Cohesion in Metals (1988). For liquid and random solid alloys: the contact
 * area is that of random mixing, and elastic, structural and transformation terms are left out, as in the table of A. Takeuchi
 * & A. Inoue, Mater. Trans. 46 (2005) 2817, except that theirs keeps half a transformation energy for silicon (Al-Si
 * −19, here −2; Fe-Si −35, here −18) and seems to leave out R/P of copper (Al-Cu −1, here −8). Typical error: a few
 * kJ/mol. H, C and N have no parameters here.
 */
import { facts } from "./facts.ts";
import type { MiedemaParameters } from "./types.ts";

const Q_OVER_P = 9.4; // V² per density unit^(2/3)
/** P in kJ/(V² cm (density unit)^(1/3)), by the kinds of both. */
const P = { transition: 14.2, other: 10.7, mixed: 12.35 };
const LIQUID = 0.73; // R/P of liquid alloys relative to solid ones

/** Enthalpy of mixing in kJ per mole of atoms at the fraction x of `a`; NaN where an element has no parameters. */
export function mixingEnthalpy(a: string, b: string, x = 0.5): number {
  const [A, B] = [facts.get(a)?.miedema, facts.get(b)?.miedema];
  if (A === undefined || B === undefined) return Number.NaN;
  const [areaA, areaB] = contactAreas(A, B, x);
  if (areaA === 0 || areaB === 0) return 0;
  return (((2 * areaA * areaB) / (areaA + areaB)) * driving(A, B)) / (1 / A.nws + 1 / B.nws);
}

/** x V^(2/3) of each, volumes changed by charge transfer in proportion to the other's share of the surface. */
function contactAreas(A: MiedemaParameters, B: MiedemaParameters, x: number): readonly [number, number] {
  const difference = A.phi - B.phi;
  const plain = [x * A.v23, (1 - x) * B.v23] as const;
  const shareB = plain[1] / (plain[0] + plain[1]);
  return [plain[0] * (1 + A.a * shareB * difference), plain[1] * (1 - B.a * (1 - shareB) * difference)];
}

/** P [−(Δφ)² + (Q/P)(Δn^(1/3))² − R/P]. */
function driving(A: MiedemaParameters, B: MiedemaParameters): number {
  const p = A.transition === B.transition ? (A.transition ? P.transition : P.other) : P.mixed;
  const r = A.transition === B.transition ? 0 : LIQUID * A.rp * B.rp;
  return p * (-((A.phi - B.phi) ** 2) + Q_OVER_P * (A.nws - B.nws) ** 2 - r);
}
