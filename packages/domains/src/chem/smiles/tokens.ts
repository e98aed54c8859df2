/*
 * SMILES text cut into its symbols: bracket atoms, one- and two-letter atoms, bonds, branches, dots and ring
 * labels (`1`, `%12`, `%(123)`). Nothing is interpreted. Grammar: OpenSMILES 1.0, opensmiles.org.
 */
import { InputError } from "@tatara/engine/base";

const SYMBOL = /\[[^[\]]*\]|Br|Cl|%\d\d|%\(\d{1,5}\)|[BCNOPSFIbcnops*]|[-=#$:/\\]|[().]|\d/y;

/** The symbols of a SMILES string, in order; their concatenation is the text. Throws InputError at the first character that starts none. */
export function tokenise(text: string): string[] {
  const { tokens, end } = scan(text);
  if (end < text.length) throw new InputError(`unreadable SMILES: "${text.slice(end, end + 12)}" at character ${end + 1} — atoms, bonds, branches and ring labels are expected`, { value: text });
  return tokens;
}

/** As tokenise, but stops at the first unreadable character and says where. */
export function scan(text: string): { readonly tokens: string[]; readonly end: number } {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    SYMBOL.lastIndex = at;
    const match = SYMBOL.exec(text);
    if (match === null) break;
    tokens.push(match[0]);
    at = SYMBOL.lastIndex;
  }
  return { tokens, end: at };
}

export const isBond = (token: string): boolean => token.length === 1 && "-=#$:/\\".includes(token);

/** The ring label of a token (`7`, `%12`, `%(123)`), or −1. */
export function ringLabel(token: string): number {
  const code = token.charCodeAt(0);
  if (code >= 48 && code <= 57) return code - 48;
  return code === 37 ? Number.parseInt(token.replaceAll(/[%()]/g, ""), 10) : -1;
}

/** The text of a ring label. */
export const ringText = (label: number): string => (label < 10 ? String(label) : label < 100 ? `%${label}` : `%(${label})`);
