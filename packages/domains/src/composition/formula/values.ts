/*
 * What stands after a formula: the unit of its amounts, and the values of its variables.
 * `La2-xSrxCuO4, x = 0.15`, `Al65Cu20Fe15 (at.%)`, `Fe-18Cr-8Ni wt.%`.
 */
import { problem } from "./problem.ts";

export type Percent = "atoms" | "mass";

export interface Clauses {
  /** The formula alone: the text up to here. */
  readonly end: number;
  readonly percent?: Percent;
  readonly variables: ReadonlyMap<string, number>;
}

const UNIT = /[\s,;]*[([]?\s*(?:in\s+)?(at|atomic|mol|mole|wt|weight|mass)[.\s-]*%?\s*(?:percent)?\s*[)\]]?\s*$/i;
const VARIABLES = /[\s,;]*[([]?\s*(?:\b(?:with|where|for|at|and)\s+)?(?:(?<![A-Za-z])[a-zδε]\s*(?:=|:|≈|~)|[-+\d.]+\s*[<≤]\s*[a-zδε]\s*[<≤])/;

/** Cut unit and variables off the end. Throws InputError for a range, a list, or something that is no value. */
export function clausesOf(text: string): Clauses {
  const unit = unitOf(text);
  const found = VARIABLES.exec(text.slice(0, unit.end));
  const end = found ? found.index : unit.end;
  const variables = found ? valuesOf(text, end, unit.end) : new Map<string, number>();
  const before = found && unit.percent === undefined ? unitOf(text.slice(0, end)) : { end, percent: unit.percent };
  return { end: before.end, variables, ...(before.percent === undefined ? {} : { percent: before.percent }) };
}

function unitOf(text: string): { readonly end: number; readonly percent?: Percent } {
  const found = UNIT.exec(text);
  if (!found || !/%|percent/i.test(found[0])) return { end: text.trimEnd().length };
  return { end: found.index, percent: /^(at|mol)/i.test(found[1]!) ? "atoms" : "mass" };
}

/** The assignments between two places of a text. */
function valuesOf(text: string, from: number, to: number): ReadonlyMap<string, number> {
  const variables = new Map<string, number>();
  const inner = text.slice(from, to);
  const range = /[a-zδε]\s*[=:≈~]\s*(-?\d*\.?\d+\s*(?:-|–|—|−|\.\.+|…|to|~)\s*-?\d*\.?\d+)|(-?\d*\.?\d+\s*[<≤]\s*[a-zδε]\s*[<≤]\s*-?\d*\.?\d+)/.exec(inner);
  if (range) throw problem(text, from + range.index + range[0].indexOf(range[1] ?? range[2]!), (range[1] ?? range[2]!).length, "range of compositions", "a row is one composition; give one row for each value");
  for (const { 0: clause, index } of inner.matchAll(/[^,;()[\]\s][^,;()[\]]*/g)) {
    const piece = clause.replace(/^(?:with|where|for|at|and)\s+/, "").trim();
    if (piece === "") continue;
    const one = /^([a-zδε])\s*=\s*([-+]?(?:\d+\.?\d*|\.\d+))$/.exec(piece);
    const at = from + index + clause.indexOf(piece);
    if (!one && /^[-+]?(\d+\.?\d*|\.\d+)$/.test(piece) && variables.size > 0) throw problem(text, at, piece.length, "several values of a variable", "a row is one composition; give one row for each value");
    if (!one) throw problem(text, at, piece.length, "not a value of a variable", "write it as x=0.15");
    variables.set(one[1]!, Number(one[2]));
  }
  return variables;
}
