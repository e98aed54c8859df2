/*
 * The language's own spelling of SMILES: bond symbols are glued to the token that follows, a ring opens with `&`
 * (`=&` for a double ring bond) and closes with the index of that ring among the open ones, 0 being the youngest, so
 * that no token carries a label. Ikebata et al., J. Comput.-Aided Mol. Des. 31, 379 (2017). Labels are dealt anew
 * when text is made, by one rule: the smallest label not in use, free again at the next atom. Text of that form and
 * token sequences correspond one to one; `normalise` brings any SMILES into it.
 */
import { InputError } from "@tatara/engine/base";
import { joinSymbols } from "../smiles/read.ts";
import { isBond, ringLabel, ringText, scan } from "../smiles/tokens.ts";

export const RING = "&";

/** Tokens of a text, or why it has none. Parentheses and chemistry are not judged here. */
export type Spelling = { readonly tokens: readonly string[] } | { readonly fault: string };

export function spell(text: string): Spelling {
  const { tokens: symbols, end } = scan(text);
  if (end < text.length) return { fault: `unreadable SMILES: "${text.slice(end, end + 12)}" at character ${end + 1}` };
  const tokens: string[] = [];
  const open: { readonly label: number; readonly at: number }[] = [];
  let bond = "";
  for (const symbol of symbols) {
    const label = ringLabel(symbol);
    if (isBond(symbol)) {
      if (bond !== "") return { fault: `two bond symbols in a row: "${bond}${symbol}"` };
      bond = symbol;
      continue;
    }
    if (label < 0) {
      if (bond !== "" && (symbol === "(" || symbol === ")" || symbol === ".")) return { fault: `misplaced "${symbol}" after a bond symbol` };
      tokens.push(bond + symbol);
    } else {
      const index = open.findIndex((ring) => ring.label === label);
      if (index < 0) {
        open.push({ label, at: tokens.length });
        tokens.push(bond + RING);
      } else {
        const { at } = open[index]!;
        const joined = joinSymbols(tokens[at]!.slice(0, -1), bond);
        if (joined === undefined) return { fault: `contradictory bonds of ring ${label}` };
        tokens[at] = joined + RING;
        tokens.push(String(open.length - 1 - index));
        open.splice(index, 1);
      }
    }
    bond = "";
  }
  if (bond !== "") return { fault: `dangling bond: "${bond}"` };
  if (open.length > 0) return { fault: `unclosed ring: ${ringText(open[0]!.label)}` };
  return { tokens };
}

/** The text of a token sequence; rings left open leave their labels open. */
export function unspell(tokens: readonly string[]): string {
  const open: number[] = [];
  const inUse = new Set<number>();
  let closed: number[] = [];
  let text = "";
  for (const token of tokens) {
    if (token.endsWith(RING)) {
      let label = 1;
      while (inUse.has(label)) label++;
      inUse.add(label);
      open.push(label);
      text += token.slice(0, -1) + ringText(label);
    } else if (token.charCodeAt(0) >= 48 && token.charCodeAt(0) <= 57) {
      const [label] = open.splice(open.length - 1 - Number(token), 1);
      if (label === undefined) throw new InputError(`no such open ring: ${token} — ${open.length} rings are open`, { value: token });
      closed.push(label);
      text += ringText(label);
    } else {
      for (const label of closed) inUse.delete(label);
      closed = [];
      text += token;
    }
  }
  return text;
}

/** The text in the language's own form: the same atoms in the same order. Throws InputError when it is no SMILES. */
export function normalise(text: string): string {
  const spelling = spell(text);
  if ("fault" in spelling) throw new InputError(`${spelling.fault} in "${text.slice(0, 80)}" — SMILES text is expected`, { value: text });
  return unspell(spelling.tokens);
}
