/*
 * Raw text cells as typed columns. Nothing is guessed: a cell that can be read in two ways is refused with its
 * reason, and the caller reports it. Missing values are empty cells and the words for "missing" below.
 */
import { InputError } from "../base/errors.ts";
import { parseUnit } from "../base/unit.ts";
import type { Unit } from "../base/unit.ts";

/** What a cell says: a number (NaN when missing), or why it cannot be one. */
export type Cell = { readonly value: number } | { readonly reason: string };

export interface Refused {
  /** Index into the cells given, from 0. */
  readonly row: number;
  readonly text: string;
  readonly reason: string;
}

const MISSING = new Set(["", "na", "n/a", "#n/a", "nan", "-", "--", "—", "–", "null", "none", "nil", "?", ".", "missing", "n.a.", "n.d.", "nd"]);

/** Whether a cell says that there is no value. */
export const isMissing = (text: string): boolean => MISSING.has(text.trim().toLowerCase());

const DOT_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const COMMA_NUMBER = /^[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?$/;
/** 1,234,567 and 1,234.5: no other reading. */
const DOT_GROUPED = /^[+-]?\d{1,3}((,\d{3}){2,}(\.\d*)?|(,\d{3})+\.\d*)$/;
const COMMA_GROUPED = /^[+-]?\d{1,3}((\.\d{3}){2,}(,\d*)?|(\.\d{3})+,\d*)$/;
/** A comma that may be a decimal comma or a thousands separator. */
const UNCLEAR_COMMA = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/** The decimal mark of a column: a comma when some cells can only be read so and more than those that need a point. */
export function decimalMark(cells: readonly string[]): "." | "," {
  let commas = 0;
  let points = 0;
  for (const cell of cells) {
    const text = normal(cell);
    if (COMMA_GROUPED.test(text) || (text.includes(",") && COMMA_NUMBER.test(text) && !UNCLEAR_COMMA.test(text))) commas++;
    else if (DOT_GROUPED.test(text) || (text.includes(".") && DOT_NUMBER.test(text))) points++;
  }
  return commas > points ? "," : ".";
}

const normal = (cell: string): string => cell.trim().replaceAll("−", "-");

/** The number in one cell, in a column with that decimal mark. */
export function parseNumberCell(cell: string, decimal: "." | "," = "."): Cell {
  const text = normal(cell);
  if (isMissing(text)) return { value: Number.NaN };
  const [plain, grouped, other] = decimal === "." ? [DOT_NUMBER, DOT_GROUPED, COMMA_NUMBER] : [COMMA_NUMBER, COMMA_GROUPED, DOT_NUMBER];
  if (plain.test(text)) return finite(text.replace(",", "."), cell);
  if (grouped.test(text)) return finite(decimal === "." ? text.replaceAll(",", "") : text.replaceAll(".", "").replace(",", "."), cell);
  return { reason: whyNot(text, decimal, other) };
}

/** Sums of squares of smaller numbers stay finite in any table. */
const LARGEST = 1e150;

function finite(text: string, cell: string): Cell {
  const value = Number(text);
  if (!Number.isFinite(value)) return { reason: `too large for a number: "${cell.trim()}"` };
  return Math.abs(value) < LARGEST ? { value } : { reason: `too large to compute with: "${cell.trim()}" — squares of numbers from 1e150 on overflow; is it a mark for a missing value?` };
}

const SIGNS: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^[<>≤≥~≈]/, (text) => `a bound, not a value: "${text}"`],
  [/±|\+\/?-/, (text) => `a value with its uncertainty: "${text}" — put the uncertainty into a column of its own`],
  [/^[+-]?[\d.,]+\s*(-|–|—|\.\.+|to)\s*[\d.,]+$/, (text) => `a range: "${text}" — give one value`],
  [/^[+-]?[\d.,]+\(\d+\)/, (text) => `a value with its uncertainty: "${text}" — put the uncertainty into a column of its own`],
  [/^[+-]?inf(inity)?$|^[+-]?∞$/i, (text) => `not a finite number: "${text}"`],
  [/^[+-]?\d{1,3}([ '\u00a0\u202f]\d{3})+/, (text) => `digits in groups: "${text}" — write the number without separators`],
  [/^[+-]?[\d.,]+([eE][+-]?\d+)?\s*[%°A-Za-zµÅ/^]+/, (text) => `text after the number: "${text}" — the unit belongs to the column`],
];

function whyNot(text: string, decimal: "." | ",", other: RegExp): string {
  if (other.test(text)) return decimal === "." && UNCLEAR_COMMA.test(text) ? `ambiguous: "${text}" is ${text.replace(",", "")} or ${text.replace(",", ".")}` : `decimal ${decimal === "." ? "comma" : "point"} in a column with decimal ${decimal === "." ? "points" : "commas"}: "${text}"`;
  for (const [pattern, reason] of SIGNS) if (pattern.test(text)) return reason(shorten(text));
  return `not a number: "${shorten(text)}"`;
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

export interface NumberCells {
  /** NaN where missing or refused. */
  readonly values: Float64Array;
  readonly refused: readonly Refused[];
  readonly decimal: "." | ",";
}

/** A column of cells as numbers. */
export function numberCells(cells: readonly string[]): NumberCells {
  const decimal = decimalMark(cells);
  const refused: Refused[] = [];
  const values = Float64Array.from(cells, (text, row) => {
    const cell = parseNumberCell(text, decimal);
    if ("value" in cell) return cell.value;
    refused.push({ row, text, reason: cell.reason });
    return Number.NaN;
  });
  return { values, refused, decimal };
}

/** A column of cells as category texts, trimmed; null where missing. */
export const categoryCells = (cells: readonly string[]): readonly (string | null)[] => cells.map((cell) => (isMissing(cell) ? null : cell.trim()));

export interface Header {
  /** The header without its unit. */
  readonly name: string;
  /** Present when the header names one. */
  readonly unit?: Unit;
  /** Why text that stands where a unit would is not one, if so; then `name` is the whole header. */
  readonly problem?: string;
}

/** `Tg [K]`, `gap (eV)`, `gap / eV` → name and unit. Brackets that hold no unit belong to the name. */
export function parseHeader(header: string): Header {
  const text = header.trim();
  const found = bracketed(text) ?? /^(?<name>.*\S)\s+\/\s+(?<unit>\S.*)$/.exec(text)?.groups;
  if (found === undefined) return { name: text };
  try {
    return { name: found["name"]!, unit: parseUnit(found["unit"]!) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name: text, problem: error.message };
  }
}

const OPENERS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** The text of the last bracket, when the header ends with one, and what stands before it. */
function bracketed(text: string): Readonly<Record<string, string>> | undefined {
  const close = text.at(-1) ?? "";
  if (!Object.hasOwn(OPENERS, close)) return undefined;
  let depth = 0;
  for (let i = text.length - 1; i > 0; i--) {
    if (text[i] === close) depth++;
    if (text[i] === OPENERS[close]) depth--;
    if (depth === 0) return { name: text.slice(0, i).trim(), unit: text.slice(i + 1, -1) };
  }
  return undefined;
}
