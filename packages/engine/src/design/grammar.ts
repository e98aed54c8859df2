/*
 * The grammar of targets, one line of text per property; docs/targets.md is its table.
 *
 *   target    = bound | range | band | extremum | levels
 *   bound     = (">=" | ">" | "<=" | "<" | "≥" | "≤") number [unit]
 *   range     = number [unit] ".." number [unit]            closed at both ends
 *   band      = number [unit] ("+-" | "±") number [unit]    value − width .. value + width
 *   extremum  = "maximise" | "minimise" (or with z)
 *   levels    = level {"|" level}                           for properties that are classes
 *
 * Bounds are converted to the data's unit here, once; a target without a unit is in the data's unit.
 */
import { InputError } from "../base/errors.ts";
import { checkSameDimension, convert, parseUnit } from "../base/unit.ts";
import type { Unit } from "../base/unit.ts";
import { quoted, suggestion } from "../base/suggest.ts";
import type { Target } from "./types.ts";

const NUMBER = String.raw`[+-]?(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
// What cannot begin a unit: a second number (but 1/K and 10^-4 can), a sign, a word of prose.
const NO_UNIT = /^(?!1$|1 ?\/|10\^)[\d.,]|^-|\.\.|[<>=|]|^(and|to|or)\b/;
const BOUND = new RegExp(String.raw`^(>=|<=|>|<)\s*(${NUMBER})\s*(.*)$`);
const RANGE = new RegExp(String.raw`^(${NUMBER})\s*(.*?)\s*\.\.\s*(${NUMBER})\s*(.*)$`);
const BAND = new RegExp(String.raw`^(${NUMBER})\s*(.*?)\s*\+-\s*(${NUMBER})\s*(.*)$`);
const LONGEST = 200; // keeps the patterns' backtracking, quadratic in hostile text, unnoticeable
const EXTREMUM = /^(max|min)imi[sz]e$/;
const LIKE = `targets look like ">= 1.62", "< 3 eV", "4.0 .. 6.0 eV", "5 +- 0.2 eV", "maximise" or "minimise"`;

const fail = (property: string, text: unknown, what: string, right: string): InputError =>
  new InputError(`${what}: ${typeof text === "string" ? quoted(text) : String(text)} — ${right}`, { path: `target.${property}`, value: text });

/** One notation for signs that look alike: U+2212 minus, ≥ ≤ ±, no-break spaces. */
const normal = (text: string): string =>
  text
    .replaceAll("\u2212", "-")
    .replaceAll("≥", ">=")
    .replaceAll("≤", "<=")
    .replaceAll("±", "+-")
    .replaceAll(/[\s\u00a0\u202f]+/g, " ")
    .trim();

/** Read the target of one property. `data` is the unit of the data's column, or the levels of a class. Throws InputError. */
export function parseTarget(property: string, text: string, data: Unit | readonly string[]): Target {
  if (typeof text !== "string") throw fail(property, text, `target of ${property} is not text`, LIKE);
  if (text.trim() === "") throw fail(property, text, `empty target of ${property}`, Array.isArray(data) ? levelsLike(data) : LIKE);
  return Array.isArray(data) ? parseLevels(property, text, data) : parseNumeric(property, text, data as Unit);
}

function parseNumeric(property: string, text: string, unit: Unit): Target {
  const line = normal(text);
  if (line.length > LONGEST) throw fail(property, text, `target of ${property} too long`, LIKE);
  const extremum = EXTREMUM.exec(line.toLowerCase());
  if (extremum !== null) return { kind: "extremum", property, direction: extremum[1] === "max" ? "maximise" : "minimise", unit, text };
  const interval = (low: number, high: number, strict = false): Target => {
    if (!(low < high)) throw fail(property, text, `empty range of ${property}`, "the lower end comes first and the two differ");
    return { kind: "interval", property, low, high, ...(strict ? { strict } : {}), unit, text };
  };
  const quantity = reader(property, text, unit);

  const bound = BOUND.exec(line);
  if (bound !== null) {
    const [, sign, value, symbol] = bound as unknown as [string, string, string, string];
    const at = quantity(value, symbol);
    return sign.startsWith(">") ? interval(at, Number.POSITIVE_INFINITY, sign === ">") : interval(Number.NEGATIVE_INFINITY, at, sign === "<");
  }
  const band = BAND.exec(line);
  if (band !== null) {
    const [, centre, first, width, second] = band as unknown as [string, string, string, string, string];
    if (!(Number(width) > 0)) throw fail(property, text, `width of ${property}`, "the number after +- is positive");
    return interval(...bandEnds(Number(centre), Number(width), quantity, first || second, second || first, fail.bind(null, property, text)));
  }
  const range = line.includes("...") ? null : RANGE.exec(line);
  if (range !== null) {
    const [, low, first, high, second] = range as unknown as [string, string, string, string, string];
    return interval(quantity(low, first || second), quantity(high, second || first));
  }
  throw fail(property, text, `target of ${property} not understood`, hint(line));
}

type Quantity = (value: string, symbol: string) => number;

/** Numbers with units, in the data's unit. */
function reader(property: string, text: string, unit: Unit): Quantity {
  return (value, symbol) => {
    const number = symbol === "" ? Number(value) : convert(Number(value), unitOf(property, text, symbol, unit), unit);
    if (!Number.isFinite(number)) throw fail(property, text, `number of ${property} too large`, "a finite number");
    return number;
  };
}

function unitOf(property: string, text: string, symbol: string, data: Unit): Unit {
  if (NO_UNIT.test(symbol)) throw fail(property, text, `target of ${property} not understood`, hint(normal(text)));
  let unit: Unit;
  try {
    unit = parseUnit(symbol);
  } catch (cause) {
    throw new InputError(`unit of the target of ${property} not understood: ${quoted(symbol)} — its data are in ${data.symbol}; ${(cause as Error).message}`, { path: `target.${property}`, value: text, cause });
  }
  try {
    checkSameDimension(unit, data);
  } catch (cause) {
    const advice = (cause as Error).message.split(" — ").slice(1).join(" — ");
    throw new InputError(`unit mismatch: target of ${property} in ${symbol}, its data in ${data.symbol} — ${advice}`, { path: `target.${property}`, value: text, cause });
  }
  return unit;
}

/** Ends of a band. With one unit, both ends are in it, so that an affine scale (°C) shifts the centre but not the width. */
function bandEnds(centre: number, width: number, quantity: Quantity, unit: string, widthUnit: string, refuse: (what: string, right: string) => InputError): [number, number] {
  if (unit !== widthUnit) throw refuse("two units in one band", "give value and width in the same unit, once, at the end");
  // 15 digits: 0.3 − 0.1 is 0.2 to whoever reads the resolved study.
  return [quantity((centre - width).toPrecision(15), unit), quantity((centre + width).toPrecision(15), unit)];
}

/** What would be right, guessed from what was written. */
function hint(line: string): string {
  if (/\d,\d/.test(line)) return "decimals are written with a point";
  if (new RegExp(`^${NUMBER}`).test(line)) {
    if (/\.\.\.|…|[–—]|\d\s*-\s*\d| to /.test(line)) return `ranges are written "4.0 .. 6.0"`;
    return `a single value has probability zero: write a range such as "5 +- 0.2" or a bound such as ">= 5"`;
  }
  if (/^(=>|=<|==|=)/.test(line)) return `bounds begin with >=, >, <= or <`;
  const word = /^[A-Za-z]+$/.test(line) ? suggestion(line.toLowerCase(), ["maximise", "minimise", "maximize", "minimize"]) : undefined;
  return word === undefined ? LIKE : `did you mean "${word}"? ${LIKE}`;
}

const levelsLike = (levels: readonly string[]): string => `name one of its classes, or several with |: ${levels.map(quoted).join(", ")}`;

function parseLevels(property: string, text: string, levels: readonly string[]): Target {
  const line = text.trim();
  const named = levels.includes(line) ? [line] : line.split("|").map((part) => part.trim());
  for (const level of named) {
    if (levels.includes(level)) continue;
    const near = suggestion(level, levels);
    throw new InputError(`unknown class of ${property}: ${quoted(level)} — ${near === undefined ? "" : `did you mean ${quoted(near)}? `}${levelsLike(levels)}`, { path: `target.${property}`, value: text });
  }
  // In the order of the data's levels, each once, so that equal wishes are equal targets.
  return { kind: "levels", property, levels: levels.filter((level) => named.includes(level)), text };
}

/** Whether the text asks for an extreme rather than for a region. */
export const isExtremal = (text: string): boolean => EXTREMUM.test(normal(text).toLowerCase());

/** A target in the grammar's own words, in the data's unit: parseTarget reads it back as the same region. */
export function formatTarget(target: Target): string {
  if (target.kind === "extremum") return target.direction;
  if (target.kind === "levels") return target.levels.join(" | ");
  const { low, high, strict = false, unit } = target;
  const symbol = unit.symbol === "1" ? "" : ` ${unit.symbol}`;
  if (high === Number.POSITIVE_INFINITY) return `${strict ? ">" : ">="} ${low}${symbol}`;
  if (low === Number.NEGATIVE_INFINITY) return `${strict ? "<" : "<="} ${high}${symbol}`;
  return `${low} .. ${high}${symbol}`;
}
