/*
 * What is screened: systems of a few parts, each with its regular grid. A slice fixes the shares of some parts in
 * every system, so that four elements at 60 at.% of one are a triangle of the other three.
 */
import { InputError } from "@tatara/engine/base";
import { simplexGrid, type SimplexGrid } from "@tatara/engine/numeric";
import type { ScreenStudy } from "../../schema/study.ts";
import { known } from "../../catalogue/known.ts";

/** One system: its parts in the order of its name, and which of them may vary. */
export interface System {
  readonly name: string;
  readonly parts: readonly string[];
  /** Places in `parts` of those that vary: the corners of the grid. */
  readonly free: readonly number[];
  /** Percent of each part that is fixed; NaN at those that vary. */
  readonly fixed: readonly number[];
}

/** The grid that all systems of a study share. */
export interface Lattice {
  readonly grid: SimplexGrid;
  /** Percent of the whole that one part of the grid is. */
  readonly step: number;
  /** The coarse grid's step, in fine steps. */
  readonly ratio: number;
  /** Least fine steps of every part in a material that counts for its system. */
  readonly least: number;
}

type Screen = ScreenStudy["screen"];

/** Corners that can be gone over, and drawn. */
const MOST_FREE = 3;
const MOST_SYSTEMS = 100_000;

const PERCENT = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*(at\.?\s*%|mol\.?\s*%|%)\s*$/i;

/** A share such as `5 at.%`, in percent. Throws InputError. */
export function percentOf(field: string, text: string): number {
  const value = Number(PERCENT.exec(text)?.[1] ?? Number.NaN);
  if (!(value >= 0 && value <= 100)) throw new InputError(`not a share: ${field} is "${text}" — write a share such as "${/^[\d.]+$/.test(text) && Number(text) <= 100 ? Number(text) : 5} at.%"`, { path: field, value: text });
  return value;
}

const twice = (names: readonly string[]): string | undefined => names.find((name, i) => names.indexOf(name) !== i);

/** `path` leads to the list, or to the text when the names are parts of one. */
function checkNames(names: readonly string[], parts: readonly string[], { path, where = path, within = false }: { readonly path: string; readonly where?: string; readonly within?: boolean }): void {
  names.forEach((name, i) => known("element", name, parts, within ? path : `${path}.${i}`));
  const repeated = twice(names);
  if (repeated !== undefined) throw new InputError(`element named twice: "${repeated}" in ${where} — name it once`, { path: within ? path : `${path}.${names.lastIndexOf(repeated)}`, value: repeated });
}

/** The ways to say which systems, of which a study uses one. */
export const WAYS = ["each", "choose", "list"] as const;

/** All systems of a study, each once, in the study's order. Throws InputError for what is no system. */
export function systemsOf(screen: Screen, parts: readonly string[]): readonly System[] {
  const slice = Object.entries(screen.slice).map(([part, text]) => [part, percentOf(`screen.slice.${part}`, String(text))] as const);
  for (const [part] of slice) known("element", part, parts, `screen.slice.${part}`);
  const seen = new Set<string>();
  const systems: System[] = [];
  for (const names of namesOf(screen.systems, parts)) {
    const name = names.toSorted().join("-");
    if (seen.has(name)) continue;
    seen.add(name);
    systems.push(systemOf(names, slice));
    if (systems.length > MOST_SYSTEMS) throw new InputError(`too many systems: more than ${MOST_SYSTEMS} — take fewer elements, or fewer at a time`, { path: "screen.systems" });
  }
  if (systems.length === 0) throw new InputError("no system: the lists have no two different elements to offer — name other elements", { path: "screen.systems.each" });
  return systems;
}

function* namesOf({ each, choose, of, list }: Screen["systems"], parts: readonly string[]): Iterable<readonly string[]> {
  if (list !== undefined) {
    for (const [i, text] of list.entries()) {
      const names = text.split("-").map((name) => name.trim());
      checkNames(names, parts, { path: `screen.systems.list.${i}`, where: text, within: true });
      if (names.length < 2) throw new InputError(`no system: "${text}" — a system has at least two elements, such as Al-Cu-Fe`, { path: `screen.systems.list.${i}`, value: text });
      yield names;
    }
    return;
  }
  if (each !== undefined) {
    each.forEach((names, i) => checkNames(names, parts, { path: `screen.systems.each.${i}`, where: `list ${i + 1} of screen.systems.each` }));
    // An element in two of the lists is no mistake: it is not mixed with itself.
    for (const names of product(each)) if (twice(names) === undefined) yield names;
    return;
  }
  checkNames(of!, parts, { path: "screen.systems.of" });
  if (of!.length < choose!) throw new InputError(`too few elements: ${of!.length} in screen.systems.of — choose: ${choose} needs at least as many`, { path: "screen.systems.of", value: of });
  yield* subsets(of!, choose!);
}

function* product(lists: readonly (readonly string[])[]): Iterable<readonly string[]> {
  if (lists.length === 0) return void (yield []);
  for (const first of lists[0]!) for (const rest of product(lists.slice(1))) yield [first, ...rest];
}

function* subsets(names: readonly string[], size: number): Iterable<readonly string[]> {
  if (size === 0) return void (yield []);
  for (let i = 0; i + size <= names.length; i++) for (const rest of subsets(names.slice(i + 1), size - 1)) yield [names[i]!, ...rest];
}

function systemOf(parts: readonly string[], slice: readonly (readonly [string, number])[]): System {
  const name = parts.join("-");
  const missing = slice.find(([part]) => !parts.includes(part));
  if (missing) throw new InputError(`slice through a system without it: ${name} has no ${missing[0]} — screen.slice fixes elements that every system has`, { path: `screen.slice.${missing[0]}`, value: name });
  const shares = new Map(slice);
  const fixed = parts.map((part) => shares.get(part) ?? Number.NaN);
  const free = [...parts.keys()].filter((k) => Number.isNaN(fixed[k]));
  if (free.length < 2) throw new InputError(`nothing left to vary: ${name} — at least two elements of a system are not fixed by screen.slice`, { path: "screen.slice", value: name });
  if (free.length > MOST_FREE) throw new InputError(`too many elements: ${name} has ${free.length} that vary — up to ${MOST_FREE} can be gone over; fix the others with screen.slice, such as { ${parts[0]}: "60 at.%" }`, { path: "screen.slice", value: name });
  return { name, parts, free, fixed };
}

/** Rounding that a quotient of two shares may show. */
const EXACT = 1e-9;

function quotient(whole: number, part: number, refuse: (n: number) => InputError): number {
  const n = whole / part;
  if (!(Math.abs(n - Math.round(n)) < EXACT * Math.max(1, n))) throw refuse(n);
  return Math.round(n);
}

/** The grid of a study. `free` is the number of corners. Throws InputError when a step does not divide what it should. */
export function latticeOf(screen: Screen, free: number): Lattice {
  const rest = 100 - Object.entries(screen.slice).reduce((sum, [part, text]) => sum + percentOf(`screen.slice.${part}`, String(text)), 0);
  const [coarse, step] = [percentOf("screen.coarse", String(screen.coarse)), percentOf("screen.fine", String(screen.fine))];
  if (!(rest > 0)) throw new InputError(`nothing left to vary: screen.slice takes ${shown(100 - rest)} at.% — less than 100`, { path: "screen.slice" });
  for (const [field, value] of [["coarse", coarse], ["fine", step]] as const) if (!(value > 0)) throw new InputError(`no step: screen.${field} is 0 — a share above 0, such as "1 at.%"`, { path: `screen.${field}` });
  const ratio = quotient(coarse, step, (n) => new InputError(`steps that do not fit: screen.coarse ${shown(coarse)} at.% is ${shown(n)} times screen.fine ${shown(step)} at.% — a whole number of fine steps`, { path: "screen.coarse", value: screen.coarse }));
  quotient(rest, coarse, () => new InputError(`step that does not divide ${shown(rest)} at.%: screen.coarse is ${shown(coarse)} at.% — ${suggested(rest, coarse)} would`, { path: "screen.coarse", value: screen.coarse }));
  const least = percentOf("screen.least", String(screen.least));
  const grid = simplexGrid(free, Math.round(rest / step));
  if (least * free >= rest) throw new InputError(`no room: ${free} elements of at least ${shown(least)} at.% in ${shown(rest)} at.% — a smaller screen.least`, { path: "screen.least", value: screen.least });
  return { grid, step: rest / grid.divisions, ratio, least: Math.ceil(least / step - EXACT) };
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));

/** Steps near to the one asked for that divide the whole. */
const suggested = (whole: number, step: number): string => {
  const n = whole / step;
  return [...new Set([Math.ceil(n), Math.max(1, Math.floor(n))])].map((k) => `${shown(whole / k)} at.%`).join(" or ");
};

/** Percent of each of the system's parts at one point of the grid, free of rounding dust. */
export function amountsAt({ parts, free, fixed }: System, { grid, step }: Lattice, index: number): Float64Array {
  const amounts = Float64Array.from({ length: parts.length }, (_, k) => fixed[k]!);
  free.forEach((k, corner) => (amounts[k] = rounded(grid.counts[index * grid.corners + corner]! * step)));
  return amounts;
}

const rounded = (percent: number): number => Math.round(percent * 1e6) / 1e6;

/** `Al63Cu25Fe12`: percent of each part that is there, in the system's order. */
export const formulaOf = (parts: readonly string[], amounts: ArrayLike<number>): string => parts.map((part, k) => (amounts[k]! > 0 ? `${part}${rounded(amounts[k]!)}` : "")).join("");
