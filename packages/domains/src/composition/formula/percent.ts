/*
 * Amounts in percent of atoms or of mass, and the notation of metallurgists, in which the amount may stand before the
 * element and the balance is left out: `Al-20Cu-15Fe (at.%)`, `Fe-18Cr-8Ni wt.%`, `Ti-6Al-4V wt.%`.
 */
import { shipped } from "../shipped.ts";
import type { Amounts } from "../type.ts";
import { rest, type Reading } from "./amount.ts";
import { problem } from "./problem.ts";
import { insert } from "./scan.ts";
import { symbolAt, unknownSymbol } from "./symbol.ts";
import type { Percent } from "./values.ts";

const NUM = String.raw`(?:\d+(?:\.\d+)?|\.\d+)`;
const TOKEN = new RegExp(String.raw`^\s*(${NUM})?\s*([A-Z][a-z]?)\s*(${NUM})?\s*$`);

/** Percentages are rounded: their sum may be off by this share of it. */
const SLACK = 0.011;

interface Token {
  readonly at: number;
  readonly length: number;
  readonly z: number;
  readonly amount: number | undefined;
  readonly leading: boolean;
}

/** Elements joined by hyphens; undefined when the formula is written otherwise. */
export function hyphenated(r: Reading, percent: Percent | undefined): Amounts | undefined {
  const body = rest(r);
  if (!body.includes("-")) return undefined;
  let at = r.at;
  const tokens: Token[] = [];
  for (const piece of body.split("-")) {
    const found = TOKEN.exec(piece);
    if (!found || (found[1] !== undefined && found[3] !== undefined)) return undefined;
    const place = at + piece.indexOf(found[2]!);
    const { z, length } = symbolAt(r.read, place);
    if (z === 0 || length !== found[2]!.length) throw unknownSymbol(r.text, place);
    const written = found[1] ?? found[3];
    tokens.push({ at: place, length, z, amount: written === undefined ? undefined : Number(written), leading: found[1] !== undefined });
    at += piece.length + 1;
  }
  return balanced(r, tokens, percent);
}

function balanced(r: Reading, tokens: readonly Token[], percent: Percent | undefined): Amounts {
  const open = tokens.filter(({ amount }) => amount === undefined);
  const whole = r.end - r.at;
  if (open.length === tokens.length) throw problem(r.text, r.at, whole, "no amounts", "this is a chemical system, not a composition; write how much of each, as in Al65Cu20Fe15");
  if (percent === undefined && (open.length > 0 || tokens.some(({ leading }) => leading))) throw problem(r.text, r.at, whole, "amounts without a unit", "say what the numbers count: at.% or wt.% at the end");
  if (open.length > 1) throw problem(r.text, open[1]!.at, open[1]!.length, "two elements without an amount", "only one can be the balance");
  const zero = tokens.find(({ amount }) => amount === 0);
  if (zero) throw problem(r.text, zero.at, zero.length, "zero amount", "leave the element out, or write its amount");
  const given = tokens.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  const left = Number((100 - given).toPrecision(12));
  if (open.length === 1 && !(left > 0)) throw problem(r.text, open[0]!.at, open[0]!.length, "nothing left for the balance", `the other amounts sum to ${given} %`);
  const z: number[] = [];
  const amounts: number[] = [];
  for (const token of tokens) insert(z, amounts, token.z, token.amount ?? left);
  return { z, amounts };
}

/** Percentages must make a whole; masses become amounts of atoms. */
export function inAtoms(r: Reading, { z, amounts }: Amounts, percent: Percent): Amounts {
  const sum = Number(amounts.reduce((a, b) => a + b, 0).toPrecision(12));
  if (Math.abs(sum - 100) > 100 * SLACK && Math.abs(sum - 1) > SLACK) throw problem(r.text, r.at, r.end - r.at, "percentages that make no whole", `they sum to ${sum}; all elements together make 100`);
  return percent === "atoms" ? { z, amounts } : { z, amounts: amounts.map((a, i) => Number((a / shipped("atomic_weight", z[i]!)).toPrecision(12))) };
}
