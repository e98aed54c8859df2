/* Element symbols by atomic number, as SMILES spells them; `*` is number 0. */
import { elements } from "../elements.ts";

/** Symbol of each atomic number, 0 (`*`) to 118. */
export const SYMBOLS: readonly string[] = elements.map(({ symbol }) => symbol);

/** Atomic number of each symbol. */
export const NUMBERS: ReadonlyMap<string, number> = new Map(SYMBOLS.map((symbol, z) => [symbol, z]));

/** Symbols that may stand in lower case, as members of an aromatic ring. */
export const AROMATIC: ReadonlySet<string> = new Set(["b", "c", "n", "o", "p", "s", "se", "te", "as", "si"]);
