/* How a bad formula is told: what is wrong, where, and what would be right, in one line. */
import { InputError } from "@tatara/engine/base";

/** Characters of a long formula that are shown on each side of the problem. */
const AROUND = 24;

/** `unknown element: "Xx" at position 3 of Fe»Xx«O3 — did you mean Xe?` */
export function problem(text: string, at: number, length: number, what: string, right: string): InputError {
  const found = text.slice(at, at + length);
  const where = found === "" ? `at the end of ${quote(text, at, 0)}` : `${printable(found)} at position ${at + 1} of ${quote(text, at, length)}`;
  return new InputError(`${what}: ${where} — ${right}`, { value: text });
}

function quote(text: string, at: number, length: number): string {
  const [from, to] = [Math.max(0, at - AROUND), Math.min(text.length, at + length + AROUND)];
  const shown = `${from > 0 ? "…" : ""}${text.slice(from, at)}»${text.slice(at, at + length)}«${text.slice(at + length, to)}${to < text.length ? "…" : ""}`;
  return shown.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "␣");
}

const printable = (found: string): string => JSON.stringify(found.length > AROUND ? `${found.slice(0, AROUND)}…` : found);
