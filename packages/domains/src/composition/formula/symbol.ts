/* Element symbols in a formula, and what to say of letters that are none. */
import { atomicNumber, elements } from "../../chem/elements.ts";
import { problem } from "./problem.ts";

const SYMBOLS: readonly string[] = elements.slice(1).map(({ symbol }) => symbol);

/** Letters that stand for any of several elements, or for a group of atoms. */
const PLACEHOLDER = /^(?:RE|TM|AE|EM|Ln|Me|Et|Ph|Bu|Mm|[MRAXQLJZEG])(?![a-z])/;
/** Elements that nobody means when letters are in the wrong case. */
const RARE = new Set(["At", "Fr", "Rn", "Ra", "Po", "Ac", "Pa", "Pm", "Tc"]);

/** Neptunium: from here on an element is no likely meaning. */
const LAST = 93;

/** Atomic number of the symbol that begins at `at`, the longer reading first; 0 when letters begin there that are none. */
export function symbolAt(text: string, at: number): { readonly z: number; readonly length: number } {
  const [two, one] = [text.slice(at, at + 2), text.slice(at, at + 1)];
  const z = /^[A-Z][a-z]$/.test(two) ? (atomicNumber(two) ?? 0) : 0;
  return z > 0 ? { z, length: 2 } : { z: atomicNumber(one) ?? 0, length: 1 };
}

/** The error for letters that are no symbol. */
export function unknownSymbol(text: string, at: number): Error {
  const word = /^[A-Z][a-z]?/.exec(text.slice(at))?.[0] ?? text.slice(at, at + 1);
  if (word === "D" || word === "T") return problem(text, at, 1, "isotope", `${word === "D" ? "deuterium" : "tritium"} is hydrogen here: a composition does not tell isotopes apart; write H`);
  const placeholder = PLACEHOLDER.exec(text.slice(at))?.[0];
  const other = placeholder !== undefined && placeholder.length > 1 ? undefined : recased(text.trim());
  if (placeholder && !other) return problem(text, at, placeholder.length, "placeholder", "it stands for any of several elements; write the element that was used");
  const alike = near(word);
  return problem(text, at, word.length, "unknown element", other ? `did you mean ${other}?` : alike.length > 0 ? `did you mean ${alike.join(" or ")}?` : "no symbol of an element is like it");
}

/** The same letters in the case that makes them symbols: NACL → NaCl, fe2o3 → Fe2O3; the fewest symbols win. */
export function recased(text: string): string | undefined {
  if (!/^[A-Za-z0-9.()[\]]+$/.test(text) || text.length > 60) return undefined;
  let out = "";
  for (const part of text.split(/([^A-Za-z]+)/)) {
    const symbols = /[A-Za-z]/.test(part) ? segmented(part.toLowerCase()) : [part];
    if (!symbols) return undefined;
    out += symbols.join("");
  }
  return out === text ? undefined : out;
}

function segmented(letters: string): readonly string[] | undefined {
  const best: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= letters.length; end++)
    for (const length of [2, 1]) {
      const before = end >= length ? best[end - length] : undefined;
      const symbol = letters[end - length]?.toUpperCase() + letters.slice(end - length + 1, end);
      if (before && (atomicNumber(symbol) ?? LAST) < LAST && !RARE.has(symbol) && (!best[end] || before.length + 1 < best[end]!.length)) best[end] = [...before, symbol];
    }
  return best[letters.length];
}

/** Symbols that share a letter in its place, those with the same first letter before the others. */
function near(word: string): readonly string[] {
  const cost = (symbol: string) => Number(symbol[0] !== word[0]) * 2 + Number((symbol[1] ?? "") !== (word[1] ?? ""));
  const alike = SYMBOLS.map((symbol, i) => ({ symbol, i, cost: cost(symbol) })).filter((one) => one.cost < 3 && (word.length > 1 || one.symbol[0] === word[0]));
  return alike.toSorted((a, b) => a.cost - b.cost || a.i - b.i).slice(0, 3).map(({ symbol }) => symbol);
}
