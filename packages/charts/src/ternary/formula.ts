/* Formulas as typeset text: amounts after a letter or a closing bracket stand lower and smaller. */
import { el, escapeText, type Attributes } from "../svg.ts";

interface Run {
  readonly text: string;
  readonly lower: boolean;
}

const SMALLER = 0.72;
const DROP = 0.22; // em

/** `i-Al63Cu24Fe13` → i-Al, 63, Cu, 24, …; a number that begins a word stays as it is. */
export function runsOf(text: string): readonly Run[] {
  return text.split(/(?<=[A-Za-z)\]])(\d+(?:\.\d+)?)(?![\d.]*%)/).flatMap((part, i) => (part === "" ? [] : [{ text: part, lower: i % 2 === 1 }]));
}

/** Advances in em of common sans-serif faces, by class of character; a few hundredths on the wide side. */
const ADVANCES: readonly (readonly [RegExp, number])[] = [[/[ijlI.,:;'′|!-]/, 0.32], [/[ftr()[\] /]/, 0.38], [/[mwMW%@]/, 0.9], [/[A-Z+=≥≤−×]/, 0.7], [/./u, 0.58]];

const advance = (character: string) => ADVANCES.find(([characters]) => characters.test(character))![1];

/** Estimated width in px: closer than `widthOf`, as leaders end at it. */
export const formulaWidth = (text: string, size: number): number => runsOf(text).reduce((sum, run) => sum + [...run.text].reduce((w, c) => w + advance(c), 0) * (run.lower ? size * SMALLER : size), 0);

/** A text element; `size` in px. */
export function formula(x: number, y: number, text: string, size: number, more: Attributes = {}): string {
  const runs = runsOf(text);
  if (!runs.some((run) => run.lower)) return el("text", { x, y, "font-size": size, ...more }, escapeText(text));
  let down = false;
  const children = runs.map((run) => {
    const dy = run.lower === down ? undefined : (run.lower ? 1 : -1) * size * DROP;
    down = run.lower;
    return run.lower || dy !== undefined ? el("tspan", { dy, "font-size": run.lower ? size * SMALLER : undefined }, escapeText(run.text)) : escapeText(run.text);
  });
  return el("text", { x, y, "font-size": size, ...more }, ...children);
}
