/*
 * The formulas of most tables — symbols and plain numbers — in one pass over the characters. Whatever is not that
 * simple, or not right, is left to the parser, which says why.
 */
import { elements } from "../../chem/elements.ts";
import type { Amounts } from "../type.ts";

const A = 65;
const LOWER = 96;
const ZERO = 48;
const POINT = 46;

/** byLetters[27 · first + second] = atomic number; second is 0 for symbols of one letter. */
const byLetters = (() => {
  const table = new Uint8Array(26 * 27);
  elements.forEach(({ symbol }, z) => {
    if (z > 0) table[27 * (symbol.charCodeAt(0) - A) + (symbol.length > 1 ? symbol.charCodeAt(1) - LOWER : 0)] = z;
  });
  return table;
})();

const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;
const isUpper = (code: number): boolean => code >= A && code < A + 26;
const isLower = (code: number): boolean => code > LOWER && code <= LOWER + 26;

/** Amounts in order of atomic number, or undefined when the text is anything but symbols and numbers. */
export function scan(text: string): Amounts | undefined {
  const z: number[] = [];
  const amounts: number[] = [];
  let points = 0;
  for (let at = 0; at < text.length; ) {
    const first = text.charCodeAt(at++);
    if (!isUpper(first)) return undefined;
    const second = text.charCodeAt(at);
    const element = byLetters[27 * (first - A) + (isLower(second) ? (at++, second - LOWER) : 0)]!;
    if (element === 0) return undefined;
    const start = at;
    while (isDigit(text.charCodeAt(at))) at++;
    if (at > start && text.charCodeAt(at) === POINT && isDigit(text.charCodeAt(at + 1))) {
      points++;
      at++;
      while (isDigit(text.charCodeAt(at))) at++;
    }
    const amount = start === at ? 1 : Number(text.slice(start, at));
    if (!(amount > 0 && amount < 1e9)) return undefined;
    insert(z, amounts, element, amount);
  }
  // CuSO4.5H2O: the point may stand before five waters.
  return z.length === 0 || (points > 0 && text.endsWith("H2O")) ? undefined : { z, amounts };
}

/** Add an amount at its place in order of atomic number. */
export function insert(z: number[], amounts: number[], element: number, amount: number): void {
  let i = z.length;
  while (i > 0 && z[i - 1]! > element) i--;
  if (i > 0 && z[i - 1] === element) amounts[i - 1]! += amount;
  else {
    z.splice(i, 0, element);
    amounts.splice(i, 0, amount);
  }
}
