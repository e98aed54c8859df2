/* Elements and bracketed groups with their amounts: the body of every formula, read by recursive descent. */
import { insert } from "./scan.ts";
import { amountHere, rest, skipSpace, type Reading } from "./amount.ts";
import { problem } from "./problem.ts";
import { recased, symbolAt, unknownSymbol } from "./symbol.ts";
import type { Amounts } from "../type.ts";

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const DEEPEST = 20;

/** Read elements and groups up to `r.end`, or to the closing bracket. Throws InputError at the first thing that is none. */
export function group(r: Reading, opened?: { readonly at: number; readonly depth: number }): Amounts {
  const z: number[] = [];
  const amounts: number[] = [];
  for (;;) {
    skipSpace(r);
    const character = r.at < r.end ? r.read[r.at]! : "";
    if (character === "") {
      if (opened) throw problem(r.text, opened.at, 1, "unclosed bracket", `a ${CLOSERS[r.read[opened.at]!]} is missing`);
      return { z, amounts };
    }
    if (opened && character === CLOSERS[r.read[opened.at]!]) {
      if (z.length === 0) throw problem(r.text, opened.at, r.at + 1 - opened.at, "empty brackets", "leave them out, or write what they hold");
      return { z, amounts };
    }
    const part = member(r, character, opened?.depth ?? 0);
    const amount = amountHere(r) ?? 1;
    if (amount > 0) part.z.forEach((element, i) => insert(z, amounts, element, part.amounts[i]! * amount));
  }
}

/** One element, or one group in brackets, without its amount. */
function member(r: Reading, character: string, depth: number): Amounts {
  if (/[A-Z]/.test(character)) {
    const { z, length } = symbolAt(r.read, r.at);
    if (z === 0) throw unknownSymbol(r.text, r.at);
    r.at += length;
    return { z: [z], amounts: [1] };
  }
  if (!Object.hasOwn(CLOSERS, character)) throw stray(r, character);
  const isotope = /^[[(]\^?\d+[A-Z][a-z]?[\])]/.exec(rest(r))?.[0];
  if (isotope) throw problem(r.text, r.at, isotope.length, "isotope", `a composition does not tell isotopes apart; write ${isotope.replaceAll(/[^A-Za-z]/g, "")}`);
  const label = /^\((?:s|l|g|aq|cr|am)\)/.exec(rest(r))?.[0];
  if (label) throw problem(r.text, r.at, label.length, "label of a phase", "a composition has no phase; leave it out");
  const at = r.at;
  if (depth === DEEPEST) throw problem(r.text, at, 1, "nested too deeply", `brackets in brackets go ${DEEPEST} deep`);
  r.at++;
  const inside = group(r, { at, depth: depth + 1 });
  r.at++;
  return inside;
}

/** The error for something that begins neither an element nor a group. */
function stray(r: Reading, character: string): Error {
  const left = rest(r);
  if (/^[)\]}]/.test(left)) return problem(r.text, r.at, 1, "stray closing bracket", "nothing of its kind is open");
  const isotope = /^\^?\d+[A-Z][a-z]?/.exec(left)?.[0];
  if (character === "^" && isotope) return problem(r.text, r.at, isotope.length, "isotope", `a composition does not tell isotopes apart; write ${isotope.replaceAll(/[^A-Za-z]/g, "")}`);
  const charge = /^(?:\^\s*)?[[({]?\s*\d*\s*[+-]+\s*\d?\s*[\])}]?\s*$|^\^/.exec(left)?.[0];
  if (charge) return problem(r.text, r.at, charge.trimEnd().length, "charge", "a composition is neutral matter; leave the charge out");
  const range = /^-\s*\d*\.?\d+/.exec(left)?.[0];
  if (range) return problem(r.text, r.at, range.length, "range, or amounts before their elements", "give one row for each value; for Al-20Cu say at.% or wt.%");
  if (character === "-" || character === "+") return problem(r.text, r.at, 1, "sign between elements", "write a formula such as Al65Cu20Fe15, or amounts with their unit such as Al-20Cu-15Fe at.%");
  if (character === "%") return problem(r.text, r.at, 1, "percent of what", "end the formula with at.% or wt.%");
  if (character === ",") return problem(r.text, r.at, 1, "comma", "separate elements by nothing or a space, decimals by a point");
  const word = /^[a-z]+/.exec(left)?.[0];
  if (word) {
    const other = recased(r.text.trim());
    return problem(r.text, r.at, word.length, "not a symbol", other ? `symbols begin with a capital: did you mean ${other}?` : "symbols begin with a capital letter; a formula holds no words or names");
  }
  if (/^\d/.test(left)) return problem(r.text, r.at, /^[\d.]+/.exec(left)![0].length, "number without an element", "amounts follow their element");
  return problem(r.text, r.at, r.text.codePointAt(r.at)! > 0xffff ? 2 : 1, "unexpected character", "a formula holds symbols, numbers and brackets");
}
