/*
 * Formulas of several parts: hydrates (`CuSO4·5H2O`, `CaSO4.0.5H2O`), double salts (`MgO*Al2O3`), and solid
 * solutions that begin with a coefficient (`0.7BiFeO3-0.3BaTiO3`, `(1-x)PbZrO3-xPbTiO3`). A point before water at the
 * end of a formula stands for a middle dot: CuSO4.5H2O is no sulfate with 4.5 oxygen atoms.
 */
import { amountHere, rest, skipSpace, type Reading } from "./amount.ts";
import { group } from "./group.ts";
import { problem } from "./problem.ts";
import { insert } from "./scan.ts";
import type { Amounts } from "../type.ts";

const COEFFICIENT = /^\s*(?:\d*\.?\d+(?:\/\d+)?|\([^A-Z()]*\)|\d*[a-zδε](?=[A-Z([]))\s*(?=[A-Z([])/;

export function formula(r: Reading): Amounts {
  const cuts = cutsOf(r);
  const z: number[] = [];
  const amounts: number[] = [];
  cuts.forEach((from, k) => {
    const part: Reading = { text: r.text, read: r.read, variables: r.variables, at: from, end: k + 1 < cuts.length ? cuts[k + 1]! - 1 : r.end };
    const times = coefficient(part, cuts.length === 1);
    const inside = group(part);
    if (inside.z.length === 0 && cuts.length > 1) throw problem(r.text, Math.max(0, from - 1), 1, "empty part", "a formula stands on each side of the dot");
    if (times > 0) inside.z.forEach((element, i) => insert(z, amounts, element, inside.amounts[i]! * times));
  });
  return { z, amounts };
}

/** Where each part begins. */
function cutsOf(r: Reading): readonly number[] {
  const body = rest(r);
  const water = /\.\s*(?=(?:\d+(?:\.\d+)?|\d*[a-z])?\s*H2O$)/.exec(body);
  const hydrate = water && !/(^|[^\d.])0$/.test(body.slice(0, water.index)) ? r.at + water.index : -1;
  const mixed = COEFFICIENT.test(body);
  const cuts = [r.at];
  let depth = 0;
  for (let i = r.at; i < r.end; i++) {
    const character = r.read[i]!;
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth > 0) continue;
    else if (character === "·" || character === "*" || i === hydrate || (character === "." && /^\s*[A-Z([]/.test(r.read.slice(i + 1, r.end)))) cuts.push(i + 1);
    else if (mixed && (character === "-" || character === "+") && (COEFFICIENT.test(r.read.slice(i + 1, r.end)) || /^\s*[A-Z([]/.test(r.read.slice(i + 1, r.end)))) cuts.push(i + 1);
  }
  return cuts;
}

/** How often a part is taken. Before a whole formula a number means nothing, or an isotope. */
function coefficient(r: Reading, alone: boolean): number {
  skipSpace(r);
  if (!COEFFICIENT.test(rest(r))) return 1;
  const start = r.at;
  const mass = /^\d+([A-Z][a-z]?)$/.exec(rest(r));
  if (alone && mass) throw problem(r.text, start, mass[0].length, "isotope", `a composition does not tell isotopes apart; write ${mass[1]}`);
  const times = amountHere(r) ?? 1;
  if (alone) throw problem(r.text, start, r.at - start, "number before the formula", "a composition is the same for any amount of it; leave the number out");
  return times;
}
