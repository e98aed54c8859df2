/*
 * Units of measurement as plain data: a dimension vector and an affine scale to SI; conversion between them,
 * and a parser for how people write them. Letters after a slash must be in parentheses when there are several:
 * `W/(m K)`, not `W/m K`, which people read in two ways.
 */
import { InputError } from "./errors.ts";
import { suggestion } from "./suggest.ts";
import { PREFIXES, UNITS } from "./unitTable.ts";
import type { NamedUnit } from "./unitTable.ts";

/** Exponents of m, kg, s, A, K, mol, cd. */
export type Dimension = readonly [number, number, number, number, number, number, number];

/** Affine scale to SI: si = value · scale + offset. */
export interface Unit {
  readonly symbol: string;
  readonly dimension: Dimension;
  readonly scale: number;
  readonly offset: number;
}

export interface Quantity {
  readonly value: number;
  readonly unit: Unit;
}

/** The unit of a pure number. */
export const one: Unit = { symbol: "1", dimension: [0, 0, 0, 0, 0, 0, 0], scale: 1, offset: 0 };

/** Avogadro's number, exact since 2019: it stands between "per particle" and "per mole". */
const AVOGADRO = 6.02214076e23;
const MOL = 5;

/** Whether values of one can be converted to the other. Weight, mole, atom and volume percent are different things. */
export const sameDimension = (a: Unit, b: Unit): boolean => a.dimension.every((x, i) => x === b.dimension[i]) && (basisOf(a) === basisOf(b) || basisOf(a) === "" || basisOf(b) === "");

const basisOf = (unit: Unit): string => /^(wt|mol|at|vol)%/.exec(unit.symbol)?.[1] ?? "";

/** A value in another unit, temperatures absolutely (25 degC is 298.15 K). Throws InputError that names both units when they do not fit. */
export function convert(value: number, from: Unit, to: Unit): number {
  checkSameDimension(from, to);
  if (from.scale === to.scale) return from.offset === to.offset ? value : value + (from.offset - to.offset) / to.scale;
  if (from.offset === 0 && to.offset === 0) return rescale(value, from.scale, to.scale);
  return (value * from.scale + from.offset - to.offset) / to.scale;
}

/** Multiplying by a whole ratio and dividing by one both keep round numbers round: 1 g/cm³ is 1000 kg/m³. */
function rescale(value: number, from: number, to: number): number {
  const up = from / to;
  const down = to / from;
  return Math.abs(down - Math.round(down)) < 1e-12 * down && down >= 1 ? value / Math.round(down) : Math.abs(up - Math.round(up)) < 1e-12 * up && up >= 1 ? value * Math.round(up) : value * up;
}

/** `convert` for every value; NaN stays NaN. */
export function convertAll(values: Float64Array, from: Unit, to: Unit): Float64Array {
  checkSameDimension(from, to);
  return values.map((v) => convert(v, from, to));
}

/** A difference, standard deviation or tolerance in another unit: without the offset of temperature scales. */
export function convertDifference(value: number, from: Unit, to: Unit): number {
  checkSameDimension(from, to);
  return from.scale === to.scale ? value : rescale(value, from.scale, to.scale);
}

/** Throws InputError naming both units, and what to do, when they do not fit. */
export function checkSameDimension(from: Unit, to: Unit, path?: string): void {
  if (sameDimension(from, to)) return;
  throw new InputError(`unit mismatch: ${from.symbol} against ${to.symbol} — ${mismatchAdvice(from, to)}`, { ...(path === undefined ? {} : { path }), value: [from.symbol, to.symbol] });
}

function mismatchAdvice(from: Unit, to: Unit): string {
  const moles = from.dimension[MOL] - to.dimension[MOL];
  const others = from.dimension.every((x, i) => i === MOL || x === to.dimension[i]);
  if (others && Math.abs(moles) === 1) {
    const factor = (from.scale / to.scale) * AVOGADRO ** moles;
    const [mole, particle] = to.dimension[MOL] === 0 ? [from, to] : [to, from];
    return `${mole.symbol} is per mole and ${particle.symbol} per particle; 1 ${from.symbol} corresponds to ${Number(factor.toPrecision(7))} ${to.symbol}, so multiply the numbers by that and give the unit they are then in`;
  }
  if (others && moles === 0) return "the percentages are of different things and need the composition to be converted";
  const coulomb = [from, to].find((unit) => unit.symbol === "C");
  if (coulomb !== undefined && [from, to].some((unit) => unit.dimension[4] === 1)) return "C is the coulomb; degrees Celsius are written degC or °C";
  return `${from.symbol} measures ${describeDimension(from.dimension)}, ${to.symbol} ${describeDimension(to.dimension)}`;
}

const BASES = ["m", "kg", "s", "A", "K", "mol", "cd"];

/** "m^2 kg s^-2", or "a pure number". */
const describeDimension = (dimension: Dimension): string =>
  dimension
    .map((x, i) => (x === 0 ? "" : x === 1 ? BASES[i]! : `${BASES[i]}^${x}`))
    .filter((text) => text !== "")
    .join(" ") || "a pure number";

const SUPERSCRIPT: Readonly<Record<string, string>> = { "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻", "+": "⁺" };
const PLAIN: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(SUPERSCRIPT).map(([digit, raised]) => [raised, digit]));

/** The unit for a reader: `g/cm³`, `Å³`, `°C`, `µm`. parseUnit reads it back. */
export const formatUnit = (unit: Unit): string =>
  unit.symbol
    .replaceAll("**", "^")
    .replaceAll(/\bdegC\b|\boC\b/g, "°C")
    .replaceAll(/\bdegF\b/g, "°F")
    .replaceAll(/\b[Aa]ngstrom\b|\bA(?=\^?-?3(?![\d.]))/g, "Å")
    .replaceAll(/(?<![\w.])([A-Za-zÅµΩ°]+|\))\^?([+-]?\d+)(?!\d|\.\d|\()/g, (_, name: string, digits: string) => name + Array.from(digits, (d) => SUPERSCRIPT[d]!).join(""));

/** Read a unit as people write it; the symbol keeps their text. Throws InputError that says what would be right. */
export function parseUnit(text: string): Unit {
  const symbol = text.normalize("NFC").trim();
  if (symbol === "") throw new InputError('empty unit: "" — write 1 for a pure number', { value: text });
  if (symbol === "-") return { ...one };
  if (symbol.length > 100) throw new InputError(`unit of ${symbol.length} characters: "${symbol.slice(0, 40)}…" — units are short`, { value: text });
  if (/^(a\.?u\.?|atomic units?)$/i.test(symbol)) throw new InputError(`ambiguous unit: "${symbol}" — atomic units differ by quantity; write hartree, bohr, bohr^3, e or debye`, { value: text });
  const parser: Parser = { text: simplified(symbol), whole: symbol, at: 0 };
  const { dimension, scale, offset } = expression(parser);
  if (parser.at < parser.text.length) throw unreadable(parser);
  if (!(scale > 0 && Number.isFinite(scale))) throw new InputError(`unit out of range: "${symbol}" — its size in SI is ${scale}`, { value: text });
  return { symbol, dimension, scale, offset };
}

interface Parser {
  readonly text: string;
  readonly whole: string;
  at: number;
}

type Parts = Omit<Unit, "symbol">;

/** Typographic forms as ASCII: superscripts, dots, minus and fraction signs, the micro and degree signs. */
const simplified = (symbol: string): string =>
  symbol
    .replaceAll(/[⁰¹²³⁴-⁹⁻⁺]+/g, (run) => `^${Array.from(run, (c) => PLAIN[c]!).join("")}`)
    .replaceAll("**", "^")
    .replaceAll(/[·⋅×∙]/g, "*")
    .replaceAll(/[⁄÷∕]/g, "/")
    .replaceAll(/[−–]/g, "-")
    .replaceAll("μ", "µ")
    .replaceAll("Ω", "Ω")
    .replaceAll("℃", "°C")
    .replaceAll("℉", "°F")
    .replaceAll(/(\bdeg(rees?)?\.?|°) ?([CF])\b/g, "°$3")
    .replaceAll(/\^\s*\^/g, "^")
    .replaceAll(/(wt|mol|at|vol|weight|mass|atomic|mole|volume)[. ]*%/g, (_, kind: string) => `${kind === "weight" || kind === "mass" ? "wt" : kind === "atomic" ? "at" : kind === "mole" ? "mol" : kind === "volume" ? "vol" : kind}%`)
    .replaceAll(/\s+/g, " ");

const unreadable = ({ text, whole, at }: Parser): InputError =>
  new InputError(`unreadable unit: "${whole}" at "${text.slice(at, at + 12)}" — write units like g/cm^3, W/(m K), kJ/mol or 1/K`, { value: whole });

const take = (p: Parser, pattern: RegExp): RegExpExecArray | null => {
  const found = pattern.exec(p.text.slice(p.at));
  if (found !== null) p.at += found[0].length;
  return found;
};

function expression(p: Parser): Parts {
  let product = power(p);
  let divided = false;
  for (;;) {
    const operator = take(p, /^ ?([*/]|\.(?!\d)) ?|^ (?=[^)*/])/);
    if (operator === null) return product;
    const divide = operator[1] === "/";
    if (divided && !divide) throw new InputError(`ambiguous unit: "${p.whole}" — after a slash put parentheses, as in W/(m K), or write K W/m`, { value: p.whole });
    divided ||= divide;
    product = combine(product, power(p, divide), divide ? -1 : 1);
  }
}

/** Zero points mean nothing in a product: 1/°C is 1/K. */
const combine = (a: Parts, b: Parts, sign: 1 | -1): Parts => ({
  dimension: a.dimension.map((x, i) => x + sign * b.dimension[i]!) as unknown as Dimension,
  scale: tidy(sign === 1 ? a.scale * b.scale : a.scale / b.scale),
  offset: 0,
});

function raise(a: Parts, exponent: number): Parts {
  if (exponent === 1) return a;
  const scale = exponent < 0 ? 1 / a.scale ** -exponent : a.scale ** exponent;
  return { dimension: a.dimension.map((x) => x * exponent + 0) as unknown as Dimension, scale: tidy(scale), offset: 0 };
}

/** Rounding of powers of ten is taken back: g/cm³ is 1000 kg/m³, not 999.9999999999999. */
const tidy = (scale: number): number => Number(scale.toPrecision(15));

function power(p: Parser, below = false): Parts {
  if (take(p, /^\( ?/) !== null) {
    const inside = expression(p);
    if (take(p, /^ ?\)/) === null) throw unreadable(p);
    return raise(inside, exponentOf(p, /^(?!)/));
  }
  const number = take(p, /^\d+(\.\d+)?([eE][+-]?\d+)?/);
  if (number !== null) return raise({ dimension: one.dimension, scale: Number(number[0]), offset: 0 }, exponentOf(p, /^(?!)/));
  const name = take(p, /^[A-Za-zÅµΩ°%‰]+/);
  if (name === null) throw unreadable(p);
  const exponent = exponentOf(p, /^[+-]?\d+/);
  return raise(named(name[0], exponent, below, p.whole), exponent);
}

/** `^2`, `^-1`, `^0.5`, `^(1/2)`; digits straight after a name count too. */
function exponentOf(p: Parser, bare: RegExp): number {
  const fraction = take(p, /^ ?\^ ?\( ?([+-]?\d+)(?: ?\/ ?(\d+))? ?\)/);
  if (fraction !== null) return Number(fraction[1]) / Number(fraction[2] ?? 1);
  const caret = take(p, /^ ?\^ ?([+-]?\d+(?:\.\d+)?)/);
  return caret !== null ? Number(caret[1]) : Number(take(p, bare)?.[0] ?? 1);
}

function named(name: string, exponent: number, below: boolean, whole: string): Parts {
  if (name === "A" && Math.abs(exponent) === 3) return toParts(UNITS["angstrom"]!);
  if (name === "A" && exponent === 2) throw new InputError(`ambiguous unit: "${whole}" — A is the ampere; write angstrom^2 or Å^2 for an area`, { value: whole });
  if (name === "mK" && below) throw new InputError(`ambiguous unit: "${whole}" — write (m K) for metre times kelvin, or (0.001 K) for millikelvin`, { value: whole });
  if (Object.hasOwn(UNITS, name)) return toParts(UNITS[name]!);
  for (const length of [1, 2]) {
    const unit = Object.hasOwn(UNITS, name.slice(length)) ? UNITS[name.slice(length)]! : undefined;
    if (unit?.prefixes && Object.hasOwn(PREFIXES, name.slice(0, length))) return { ...toParts(unit), scale: PREFIXES[name.slice(0, length)]! * unit.scale };
  }
  throw new InputError(`unknown unit: "${name}"${name === whole ? "" : ` in "${whole}"`} — ${nearest(name)}`, { value: whole });
}

const toParts = ({ dimension, scale, offset = 0 }: NamedUnit): Parts => ({ dimension, scale, offset });

/** Of shorter names, nearly every unit is close. */
const SHORTEST_NAME = 3;
const COMMON_PREFIXES = ["k", "m", "c", "M", "G", "n", "µ"];

function nearest(name: string): string {
  const candidates = Object.keys(UNITS).concat(Object.keys(UNITS).flatMap((unit) => (UNITS[unit]!.prefixes ? COMMON_PREFIXES.map((prefix) => prefix + unit) : [])));
  const alike = candidates.filter((unit) => unit.toLowerCase() === name.toLowerCase());
  if (alike.length > 0) return `did you mean ${alike.slice(0, 3).join(" or ")}?`;
  const word = name.length >= SHORTEST_NAME ? suggestion(name, Object.keys(UNITS)) : undefined;
  return word !== undefined ? `did you mean ${word}?` : "write SI units with prefixes, %, eV, kJ/mol, g/cm^3, degC, debye, angstrom …";
}
