/*
 * Amounts in a formula: numbers, fractions such as 1/2, and sums over variables such as 2-x, 7-δ, 1-x-y, x/2.
 * A bare sum goes on only where a variable follows the sign, so that `Fe-18Cr` and `SO4-2` are not taken for one.
 */
import { problem } from "./problem.ts";

/** Where a formula is being read. `text` is quoted in errors; `read` is the same with look-alike characters made plain. */
export interface Reading {
  readonly text: string;
  readonly read: string;
  readonly end: number;
  readonly variables: ReadonlyMap<string, number>;
  at: number;
}

const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]\d+)?/y;
const VARIABLE = /[a-zδε](?![a-z])/y;
const LARGEST = 1e9;

export const rest = (r: Reading): string => r.read.slice(r.at, r.end);

export function skipSpace(r: Reading): void {
  while (r.at < r.end && /\s/.test(r.read[r.at]!)) r.at++;
}

function match(r: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = 0;
  const found = pattern.exec(rest(r))?.[0];
  if (found === undefined) return undefined;
  r.at += found.length;
  return found;
}

const take = (r: Reading, character: string): boolean => r.at < r.end && r.read[r.at] === character && ++r.at > 0;

/** The amount that stands here; undefined when none does. 0 only where variables make it so. */
export function amountHere(r: Reading): number | undefined {
  const before = r.at;
  skipSpace(r);
  const start = r.at;
  const inside = bracketed(r);
  const value = inside === undefined ? sum(r, false) : inside;
  if (value === undefined) {
    r.at = before;
    return undefined;
  }
  return checked(r, start, value);
}

/** A sum in brackets, such as `(1-x)`: brackets in which no symbol begins. */
function bracketed(r: Reading): number | undefined {
  const found = /^\(([^A-Z()[\]]*)\)/.exec(rest(r));
  if (!found) return undefined;
  if (/^\s*(?:s|l|g|aq|cr|am|sol|liq)\s*$/.test(found[1]!)) throw problem(r.text, r.at, found[0].length, "label of a phase", "a composition has no phase; leave it out");
  if (found[1]!.trim() === "") throw problem(r.text, r.at, found[0].length, "empty brackets", "leave them out, or write what they hold");
  r.at++;
  const value = sum(r, true);
  skipSpace(r);
  if (value === undefined || !take(r, ")")) throw problem(r.text, r.at, 1, "not an amount", "write a number, or a sum such as 1-x");
  return value;
}

function sum(r: Reading, inBrackets: boolean): number | undefined {
  let total = product(r);
  if (total === undefined) return undefined;
  for (;;) {
    const before = r.at;
    if (inBrackets) skipSpace(r);
    const sign = match(r, /[+-]/y);
    if (sign === undefined) break;
    if (inBrackets) skipSpace(r);
    if (!inBrackets && !/^(?:\d*\.?\d+)?[a-zδε](?![a-z])/.test(rest(r))) {
      r.at = before;
      break;
    }
    const next = product(r);
    if (next === undefined) throw problem(r.text, r.at, 1, "not an amount", "write a number, or a sum such as 1-x");
    total = Number((sign === "+" ? total + next : total - next).toPrecision(13)); // 2 - 0.15 is 1.85
  }
  return total;
}

/** A number, a variable, or their product; either over a number. */
function product(r: Reading): number | undefined {
  const digits = match(r, NUMBER);
  let value = digits === undefined ? undefined : Number(digits);
  if (digits !== undefined && /^,\d/.test(rest(r))) throw problem(r.text, r.at, 1, "decimal comma", "write a point, as in Al0.65Cu0.35");
  if (value !== undefined && take(r, "/")) value /= divisor(r);
  const name = match(r, VARIABLE);
  if (name !== undefined) {
    value = (value ?? 1) * valueOf(r, name);
    if (take(r, "/")) value /= divisor(r);
  }
  return value;
}

function divisor(r: Reading): number {
  const value = Number(match(r, NUMBER) ?? Number.NaN);
  if (value > 0) return value;
  throw problem(r.text, r.at, 1, "not a fraction", "write two numbers, as in Fe1/2");
}

function valueOf(r: Reading, name: string): number {
  const value = r.variables.get(name) ?? (name === "d" ? r.variables.get("δ") : undefined);
  if (value !== undefined) return value;
  const vacant = name === "δ" || name === "ε" || name === "d";
  throw problem(r.text, r.at - 1, 1, vacant ? "unknown deviation from stoichiometry" : "variable without a value", vacant ? `say how much, as in "${sample(r)}, ${name}=0.1", or write the amount itself` : `say it after the formula, as in "${sample(r)}, ${name}=0.15"`);
}

const sample = (r: Reading): string => (r.end > 40 ? "…" : r.text.slice(0, r.end).trim());

function checked(r: Reading, start: number, value: number): number {
  const written = r.text.slice(start, r.at);
  if (value > LARGEST || Number.isNaN(value)) throw problem(r.text, start, written.length, "amount too large", `amounts go up to ${LARGEST}`);
  if (value < 0) throw problem(r.text, start, written.length, "negative amount", `it comes to ${value}; amounts are positive`);
  if (value === 0 && !/[a-zδε]/.test(r.read.slice(start, r.at).replace(/e[-+]\d/, ""))) throw problem(r.text, start, written.length, "zero amount", "leave the element out, or write its amount");
  return value;
}
