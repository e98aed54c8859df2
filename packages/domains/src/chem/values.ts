/* Reading the values of structural constraints: plain JSON in, checked values out, InputError with what would be right. */
import { convert, InputError, parseUnit } from "@tatara/engine/base";
import { atomicNumber } from "./elements.ts";
import { gramPerMole } from "./units.ts";

/** Checks an unknown value. Throws InputError. */
export type Reader<V> = (value: unknown) => V;

const refuse = (what: string, value: unknown, right: string): InputError => new InputError(`${what}: ${shortJson(value)} — ${right}`, { value });

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A number from `low` to `high`. */
export const number = (low: number, high: number): Reader<number> => (value) => {
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw refuse("out of range", value, `write a number from ${low} to ${high}`);
};

/** A whole number that is not negative. */
export const count: Reader<number> = (value) => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw refuse("not a count", value, "write a whole number from 0 on");
};

/** A list; each entry is read by `entry`. */
export const list = <V>(entry: Reader<V>): Reader<readonly V[]> => (value) => {
  if (Array.isArray(value)) return value.map((item) => entry(item));
  throw refuse("not a list", value, "write a list in brackets");
};

const text: Reader<string> = (value) => {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw refuse("not a text", value, "write it in quotes");
};

/** One text or a list of them; they are compiled by the caller. */
export const patterns: Reader<readonly string[]> = (value) => (Array.isArray(value) ? value.map(text) : [text(value)]);

/** One element symbol or a list of them. */
export const symbols: Reader<readonly string[]> = (value) => (Array.isArray(value) ? value.map(symbol) : [symbol(value)]);

const symbol: Reader<string> = (value) => {
  if (typeof value === "string" && (atomicNumber(value) ?? 0) > 0) return value;
  throw refuse("not an element", value, typeof value === "string" ? "write symbols such as C, N, Cl" : "write symbols such as C, N, Cl, in quotes where YAML reads them as something else");
};

/** A whole number, or [lowest, highest]. */
export const range: Reader<readonly [number, number]> = (value) => {
  const [low, high] = (Array.isArray(value) ? value : [value, value]) as readonly unknown[];
  const fine = (x: unknown): x is number => typeof x === "number" && Number.isSafeInteger(x);
  if (fine(low) && fine(high) && low <= high && (!Array.isArray(value) || value.length === 2)) return [low, high];
  throw refuse("not a charge", value, "write a whole number, or the lowest and the highest as [-1, 1]");
};

/** g/mol: a positive number, or text such as "0.5 kg/mol". */
export const weight: Reader<number> = (value) => {
  const [, digits, unit] = typeof value === "string" ? (/^\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*(\S.*)?$/.exec(value) ?? []) : ["", typeof value === "number" ? String(value) : undefined];
  const amount = digits === undefined ? Number.NaN : Number(digits);
  const inGram = unit === undefined ? amount : convert(amount, parseUnit(unit), gramPerMole);
  if (inGram > 0 && Number.isFinite(inGram)) return inGram;
  throw refuse("not a molecular weight", value, 'write a positive number of g/mol, or text such as "500 g/mol"');
};
