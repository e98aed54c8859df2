/* What one atom token says: element, charge, hydrogens, isotope, chirality. */
import { InputError } from "@tatara/engine/base";
import { AROMATIC, NUMBERS } from "./symbols.ts";

export interface AtomToken {
  /** Atomic number; 0 for `*`. */
  readonly z: number;
  readonly aromatic: boolean;
  readonly charge: number;
  /** Mass number, 0 when natural. */
  readonly isotope: number;
  /** Hydrogens written in the bracket; −1 outside brackets, where the valence model fills them in. */
  readonly hydrogens: number;
  /** "@", "@@" or "". */
  readonly chirality: string;
}

const BRACKET = /^\[(\d+)?([A-Z][a-z]?|[a-z][a-z]?|\*)(@@?(?:TH[12]|AL[12]|SP[123]|TB\d+|OH\d+)?)?(?:H(\d*))?(\++|-+|[+-]\d+)?(?::\d+)?\]$/;
const known = new Map<string, AtomToken>();

/** Reads an atom token; map numbers are dropped. Throws InputError for unknown elements and for stereo classes other than tetrahedral. */
export function readAtom(token: string): AtomToken {
  const cached = known.get(token);
  if (cached !== undefined) return cached;
  const atom = token.startsWith("[") ? readBracket(token) : { ...element(token, token), charge: 0, isotope: 0, hydrogens: -1, chirality: "" };
  if (known.size < 4096) known.set(token, atom); // hostile text must not grow it for ever
  return atom;
}

function readBracket(token: string): AtomToken {
  const match = BRACKET.exec(token);
  if (match === null) throw new InputError(`unreadable atom: "${token}" — brackets hold isotope, symbol, chirality, hydrogens, charge and map number`, { value: token });
  const [text, isotope, symbol, chirality = "", , charge] = match;
  const hydrogens = /H(\d*)(?:[+-].*)?(?::\d+)?\]$/.exec(text.slice(text.indexOf(symbol!) + symbol!.length));
  return {
    ...element(symbol!, token),
    charge: readCharge(charge),
    isotope: Number(isotope ?? 0),
    hydrogens: hydrogens === null ? 0 : Number(hydrogens[1] === "" ? 1 : hydrogens[1]),
    chirality: readChirality(chirality, token),
  };
}

function element(symbol: string, token: string): { z: number; aromatic: boolean } {
  const aromatic = AROMATIC.has(symbol);
  const z = NUMBERS.get(aromatic ? symbol[0]!.toUpperCase() + symbol.slice(1) : symbol);
  if (z === undefined) throw new InputError(`unknown element: "${symbol}" in ${token} — symbols of the periodic table are expected`, { value: token });
  return { z, aromatic };
}

function readCharge(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/\d/.test(text)) return Number(text);
  return text.startsWith("+") ? text.length : -text.length;
}

function readChirality(text: string, token: string): string {
  if (text === "" || text === "@" || text === "@@") return text;
  if (text === "@TH1") return "@";
  if (text === "@TH2") return "@@";
  throw new InputError(`unsupported stereo class: ${token} — tetrahedral centres are written @ or @@`, { value: token });
}
