/* How numbers are read out of the packages' files and out of our typed facts. NaN: the source does not say. */
import { readFileSync } from "node:fs";
import type { Sources } from "./sources.ts";

/** From symbol to number; NaN where the source is silent. */
export type Values = (symbol: string) => number;

/** The first number of a cell such as `110 GPa`, `(white P) 317.3 K` or `23.1 x10<sup>-6</sup>K<sup>-1</sup>`. */
const numberIn = (cell: unknown): number => {
  if (typeof cell === "number") return cell;
  const found = typeof cell === "string" && !cell.startsWith("no data") ? /-?\d+(\.\d+)?/.exec(cell) : null;
  return found === null ? Number.NaN : Number(found[0]);
};

/** Where pymatgen differs from what its own source means. */
const PLACEHOLDER: Readonly<Record<string, ReadonlySet<string>>> = { X: new Set(["He", "Ne", "Ar"]) };

export const pymatgen =
  ({ periodicTable }: Sources, field: string, factor = 1): Values =>
  (symbol) =>
    PLACEHOLDER[field]?.has(symbol) ? Number.NaN : numberIn(periodicTable[symbol]?.[field]) * factor;

/** The nth (from 1) ionisation energy in eV. */
export const ionisation =
  ({ periodicTable }: Sources, nth: number): Values =>
  (symbol) =>
    numberIn((periodicTable[symbol]?.["Ionization energies"] as readonly unknown[] | undefined)?.[nth - 1]);

export const matterviz = ({ matterviz: rows }: Sources, field: string): Values => {
  const bySymbol = new Map(rows.map((row) => [row["symbol"] as string, row[field]]));
  return (symbol) => numberIn(bySymbol.get(symbol));
};

/** A list of ASE with one number per atomic number, the placeholder at 0; `missing` is its word for no value. */
export function aseList(text: string, name: string, symbols: readonly string[], missing = Number.NaN): Values {
  const block = new RegExp(`^${name} = np\\.array\\(\\[([\\s\\S]*?)\\]`, "m").exec(text.replaceAll(/#.*$/gm, ""));
  if (block === null) throw new Error(`no such list in ase.data: ${name}`);
  const cells = block[1]!
    .split(",")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");
  return (symbol) => {
    const cell = cells[symbols.indexOf(symbol) + 1];
    return cell === undefined || cell === "missing" || cell === "np.nan" || Number(cell) === missing ? Number.NaN : Number(cell);
  };
}

/** The element's crystal structure after Ashcroft & Mermin, as ASE lists it; the ratio c/a is 1 where it says none. */
export function aseLattices(text: string, symbols: readonly string[]): (symbol: string) => { readonly symmetry: string; readonly a: number; readonly ratio: number } | undefined {
  const block = /^reference_states = \[\n([\s\S]*?)^\]/m.exec(text)![1]!.replaceAll(/#.*$/gm, "");
  const entries = [...block.matchAll(/\{[^{}]*\}|\bNone,(?=\s*(\{|None|$))/g)].map(([entry]) => entry);
  if (entries.length !== symbols.length + 1) throw new Error(`${entries.length} reference states in ase.data — expected ${symbols.length + 1}`);
  return (symbol) => {
    const entry = entries[symbols.indexOf(symbol) + 1]!;
    const symmetry = /'symmetry': '(\w+)'/.exec(entry)?.[1];
    const a = /'a': ([\d.]+)( \/ 2\*\*\.5)?/.exec(entry);
    const ratio = /'c\/a': ([\d.]+)( \* 2\*\*\.5)?/.exec(entry);
    if (symmetry === undefined || a === null) return undefined;
    return { symmetry, a: Number(a[1]) / (a[2] === undefined ? 1 : Math.SQRT2), ratio: ratio === null ? 1 : Number(ratio[1]) * (ratio[2] === undefined ? 1 : Math.SQRT2) };
  };
}

/** A column of UFF's parameters (1 = r1, 3 = x1, 9 = Xi), by the first atom type of each element. */
export function uff(text: string, column: number): Values {
  const found = new Map<string, number>();
  for (const [, type, rest] of text.matchAll(/^param\s+(\S+)\s+(.*)$/gm)) {
    const symbol = /^[A-Z][a-z]?/.exec(type!)?.[0];
    if (symbol !== undefined && !found.has(symbol)) found.set(symbol, Number(rest!.trim().split(/\s+/)[column - 1]));
  }
  return (symbol) => found.get(symbol) ?? Number.NaN;
}

/** C6 of two free atoms (coordination number 0) in DFT-D3's table: five numbers a record, C6 i j CN(i) CN(j). */
export function freeAtomC6(text: string, symbols: readonly string[]): Values {
  const numbers = text.trim().split(/\s+/).slice(2).map(Number);
  const found = new Map<number, number>();
  for (let k = 0; k + 4 < numbers.length; k += 5) {
    const [c6, i, j, ci, cj] = numbers.slice(k, k + 5) as [number, number, number, number, number];
    if (i % 100 === j % 100 && ci < 1e-3 && cj < 1e-3) found.set(i % 100, c6);
  }
  return (symbol) => found.get(symbols.indexOf(symbol) + 1) ?? Number.NaN;
}

/** A column of a comma-separated text with the symbol first. */
export function csvColumn(text: string, column: string): (symbol: string) => string | undefined {
  const [header, ...rows] = text
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("# "))
    .map((line) => line.split(","));
  const at = header!.indexOf(column);
  if (at === -1) throw new Error(`no such column: ${column} — there are ${header!.join(", ")}`);
  const cells = new Map(rows.map((row) => [row[0]!, row[at]!]));
  return (symbol) => cells.get(symbol) || undefined;
}

const factText = (file: string) => readFileSync(new URL(`facts/${file}.csv`, import.meta.url), "utf8");

/** A column of our typed facts as text, and as numbers. */
export const factCells = (file: string, column: string) => csvColumn(factText(file), column);
export const fact = (file: string, column: string): Values => {
  const cell = factCells(file, column);
  return (symbol) => Number(cell(symbol) ?? Number.NaN);
};

/** What a facts file says about its source, on one line. */
export const sourceOf = (file: string): string =>
  factText(file)
    .split("\n")
    .filter((line) => line.startsWith("# ") && !line.startsWith("# unit:"))
    .map((line) => line.replace(/^# (source: | *)/, "").trim())
    .join(" ");
