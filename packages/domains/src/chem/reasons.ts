/*
 * Why RDKit refused a text, in words. RDKit only logs its reasons; this reads that log.
 * Atoms are numbered from 1 in the order of the text, as a reader counts them.
 */
import { elements } from "./elements.ts";

const NAMES = new Map(elements.map(({ symbol, name }) => [symbol, name]));
const SHOWN = 60;

/** The text as an error message shows it: quoted, cut after 60 characters. */
export const shown = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

const PATTERNS: readonly (readonly [RegExp, (m: RegExpExecArray, text: string) => string])[] = [
  [/Explicit valence for atom # (\d+) (\S+), (\d+), is greater/, (m) => `valence ${m[3]} on ${NAMES.get(m[2]!) ?? m[2]} atom ${Number(m[1]) + 1}`],
  [/Can't kekulize mol\.\s+Unkekulized atoms: ([\d ]+)/, (m) => `aromatic ring without a Kekulé structure: atoms ${m[1]!.trim().split(" ").map((i) => Number(i) + 1).join(", ")}`],
  [/non-ring atom (\d+) marked aromatic/, (m) => `aromatic atom ${Number(m[1]) + 1} outside any ring`],
  [/unclosed ring/, (_, text) => `unclosed ring ${openRings(text).join(", ")}`.trimEnd()],
  [/ring closure (\d+) duplicates bond between atom (\d+) and atom (\d+)/, (m) => `ring ${m[1]} doubles the bond between atoms ${Number(m[2]) + 1} and ${Number(m[3]) + 1}`],
  [/duplicated ring closure (\d+) bonds atom (\d+) to itself/, (m) => `ring ${m[1]} bonds atom ${Number(m[2]) + 1} to itself`],
  [/extra open parentheses[\s\S]*?around position (\d+)/, (m) => `unclosed parenthesis at character ${m[1]}`],
  [/extra close parentheses[\s\S]*?around position (\d+)/, (m) => `unopened parenthesis at character ${m[1]}`],
  [/syntax error[\s\S]*?around position (\d+)/, (m, text) => syntax(Number(m[1]), text)],
];

const syntax = (position: number, text: string): string => (position > text.length ? "text ends too early" : `not a structure from character ${position} (${JSON.stringify(text[position - 1])}) on`);

/** Ring numbers opened and not closed. */
function openRings(text: string): readonly string[] {
  const open = new Set<string>();
  for (const [, percent, digit] of text.replaceAll(/\[[^\]]*\]/g, "").matchAll(/%(\(\d+\)|\d\d)|(\d)/g)) {
    const ring = String(Number((percent ?? digit!).replaceAll(/[()]/g, "")));
    if (!open.delete(ring)) open.add(ring);
  }
  return [...open];
}

/** RDKit's log about `text` as one short reason. */
export function reasonOf(log: string, text: string): string {
  for (const [pattern, say] of PATTERNS) {
    const match = pattern.exec(log);
    if (match) return say(match, text);
  }
  const first = log.split("\n").find((line) => line.trim() !== "");
  return first === undefined ? "RDKit cannot read it and gives no reason" : first.replace(/^\[[\d:]+\]\s*/, "").replace(/ for input: .*$/, "");
}
