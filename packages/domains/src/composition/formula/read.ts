/*
 * What a formula says: which elements, and how much of each, as it was written. Every way that tables and papers
 * write compositions is read here; what is not a composition is refused with the place and the reason.
 */
import type { Amounts } from "../type.ts";
import type { Reading } from "./amount.ts";
import { formula } from "./parts.ts";
import { hyphenated, inAtoms } from "./percent.ts";
import { problem } from "./problem.ts";
import { record } from "./record.ts";
import { scan } from "./scan.ts";
import { clausesOf } from "./values.ts";

const LONGEST = 600;
/** Characters that look alike or were set as subscripts; each is one character, so that places stay true. */
const PLAIN: ReadonlyMap<string, string> = new Map([..."₀₁₂₃₄₅₆₇₈₉₊₋ₓᵧ−–—‐‑•∙⋅・×✕\u00a0\u202f\u2009ẟ∂"].map((from, i) => [from, "0123456789+-xy-----····**\u0020\u0020\u0020δδ"[i]!]));
const SUPERSCRIPT = /[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+/;

/** Amounts as written, in order of atomic number: Fe4O6 has four and six. Throws InputError with the place of the problem. */
export function readFormula(text: string): Amounts {
  return scan(text) ?? readAny(text);
}

function readAny(text: string): Amounts {
  if (text.trim() === "") throw problem(text, 0, text.length, "no formula", "write one, such as Fe2O3 or Al65Cu20Fe15");
  if (text.length > LONGEST) throw problem(text.slice(0, LONGEST), LONGEST - 1, 1, `formula of ${text.length} characters`, `formulas have at most ${LONGEST}`);
  if (/^\s*[{[]\s*["'}]/.test(text)) return record(text);
  refuseSuperscripts(text);
  const read = [...text].length === text.length ? Array.from(text, (c) => PLAIN.get(c) ?? c).join("") : text;
  refuseLabels(text, read);
  const { end, percent, variables } = clausesOf(read);
  const r: Reading = { text, read, end, variables, at: read.length - read.trimStart().length };
  const start = r.at;
  const found = hyphenated(r, percent) ?? formula(r);
  r.at = start;
  if (found.z.length === 0) throw problem(text, 0, text.length, "no elements", "write a formula such as Fe2O3 or Al65Cu20Fe15");
  return percent === undefined ? found : inAtoms(r, found, percent);
}

function refuseSuperscripts(text: string): void {
  const found = SUPERSCRIPT.exec(text);
  if (!found) return;
  const isotope = /^\p{N}+$/u.test(found[0]) && /^[A-Z]/.test(text.slice(found.index + found[0].length));
  throw isotope
    ? problem(text, found.index, found[0].length, "isotope", "a composition does not tell isotopes apart; leave the mass number out")
    : problem(text, found.index, found[0].length, "charge", "a composition is neutral matter; leave the charge out");
}

/** α-Fe2O3, beta-MnO2, fcc-Al: the name of a structure before the formula. */
function refuseLabels(text: string, read: string): void {
  const found = /^\s*(?:[α-ωa-z]|alpha|beta|gamma|delta|epsilon|theta|fcc|bcc|hcp|dhcp|cubic|amorphous)[-\s]+(?=[A-Z([])/.exec(read);
  if (found) throw problem(text, found[0].search(/\S/), found[0].trim().length, "label of a phase", "a composition has no structure; leave it out");
}
