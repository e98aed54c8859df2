/*
 * A property that follows from others as a product of powers, such as zT = seebeck^2 * conductivity * 300 K / kappa:
 * names of properties, numbers with a unit, * and /, powers, parentheses. Not a general language of formulas: a sum has
 * no exact law when its parts are known by their logarithms, a product of powers has. The unit of the result is checked
 * against what the terms come to, and conversions are part of the factor.
 */
import { InputError } from "../base/errors.ts";
import { type Dimension, one, parseUnit, type Unit } from "../base/unit.ts";

/** value = factor · Π part^power, parts in their own units and the value in its own. Plain data. */
export interface PowerProduct {
  /** As it was written. */
  readonly text: string;
  readonly factor: number;
  readonly parts: readonly { readonly property: string; readonly power: number }[];
}

/** A formula as it is written, and the unit that its value is to have. */
export interface Written {
  readonly text: string;
  readonly unit: Unit;
}

/** What a formula may be made of: properties that are learnt, by name, and other formulas. */
export interface Sources {
  readonly units: Readonly<Record<string, Unit>>;
  readonly formulas: Readonly<Record<string, Written>>;
}

/** A term of the running product: its value in SI is `scale` · Π property^power, properties in their own units. */
interface Term {
  readonly scale: number;
  readonly dimension: Dimension;
  readonly powers: ReadonlyMap<string, number>;
  readonly written: readonly string[];
}

/** Read the formula of `name`; formulas in it are put in their place. Throws InputError that names the term which does not fit. */
export function powerProduct(name: string, sources: Sources, above: readonly string[] = []): PowerProduct {
  if (above.includes(name)) throw new InputError(`formula in a ring: ${[...above.slice(above.indexOf(name)), name].join(" → ")} — a formula is made of properties that are learnt`, { path: name, value: name });
  const { text, unit } = sources.formulas[name]!;
  const parser: Parser = { name, text, at: 0, sources, above: [...above, name] };
  const term = product(parser);
  skip(parser);
  if (parser.at < text.length) throw unreadable(parser);
  if (term.powers.size === 0) throw new InputError(`formula without a property: ${name} = ${text} — it names at least one of ${Object.keys(sources.units).join(", ")}`, { path: name, value: text });
  if (unit.offset !== 0) throw new InputError(`formula in ${unit.symbol}: ${name} — a product has no zero point; say K`, { path: name, value: unit.symbol });
  checkDimension(name, text, term, unit);
  return { text, factor: Number((term.scale / unit.scale).toPrecision(15)), parts: Array.from(term.powers, ([property, power]) => ({ property, power })).filter(({ power }) => power !== 0) };
}

/** The value of each row; NaN where a part is missing. */
export function evaluateProduct({ factor, parts }: PowerProduct, rows: number, values: (property: string) => ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows).fill(factor);
  for (const { property, power } of parts) {
    const column = values(property);
    for (let i = 0; i < rows; i++) out[i]! *= column[i]! ** power;
  }
  return out;
}

interface Parser {
  readonly name: string;
  readonly text: string;
  at: number;
  readonly sources: Sources;
  readonly above: readonly string[];
}

const skip = (p: Parser): void => void (p.at += /^\s*/.exec(p.text.slice(p.at))![0].length);

function take(p: Parser, pattern: RegExp): RegExpExecArray | null {
  skip(p);
  const found = pattern.exec(p.text.slice(p.at));
  if (found !== null) p.at += found[0].length;
  return found;
}

function unreadable(p: Parser): InputError {
  skip(p);
  const rest = p.text.slice(p.at);
  const why = /^[+−-]/.test(rest) ? "sums are not offered; a formula is a product of powers" : "write products of powers, such as seebeck^2 * conductivity * 300 K / kappa";
  return new InputError(`unreadable formula of ${p.name}: "${p.text}" at ${rest === "" ? "its end" : `"${rest.slice(0, 16)}"`} — ${why}`, { path: p.name, value: p.text });
}

const NOTHING: Term = { scale: 1, dimension: one.dimension, powers: new Map(), written: [] };

function product(p: Parser): Term {
  let term = combine(NOTHING, power(p), 1);
  for (;;) {
    const operator = take(p, /^(\*(?!\*)|[·×⋅/÷])/);
    if (operator === null) return term;
    term = combine(term, power(p), /[/÷]/.test(operator[0]) ? -1 : 1);
  }
}

function combine(a: Term, b: Term, sign: number): Term {
  const powers = new Map(a.powers);
  for (const [property, exponent] of b.powers) powers.set(property, (powers.get(property) ?? 0) + sign * exponent);
  return {
    scale: a.scale * b.scale ** sign,
    dimension: a.dimension.map((x, i) => x + sign * b.dimension[i]!) as unknown as Dimension,
    powers,
    written: [...a.written, ...b.written.map((text) => (sign < 0 ? `1/(${text})` : text))],
  };
}

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function power(p: Parser): Term {
  const from = (skip(p), p.at);
  const base = atom(p);
  const exponent = exponentOf(p);
  if (exponent === 1) return base;
  const raised = combine(NOTHING, base, exponent);
  return { ...raised, written: [withUnit(p.text.slice(from, p.at).trim(), raised.dimension)] };
}

function exponentOf(p: Parser): number {
  const raised = take(p, /^(⁻?)([⁰¹²³⁴-⁹]+)/);
  if (raised !== null) return (raised[1] === "" ? 1 : -1) * Number(Array.from(raised[2]!, (c) => DIGITS.indexOf(c)).join(""));
  if (take(p, /^(\^|\*\*)/) === null) return 1;
  const fraction = take(p, /^\(\s*([+-]?\d+(?:\.\d+)?)\s*(?:\/\s*(\d+(?:\.\d+)?)\s*)?\)/);
  const plain = fraction ?? take(p, /^([+-]?\d+(?:\.\d+)?)/);
  if (plain === null) throw unreadable(p);
  const exponent = Number(plain[1]) / Number(plain[2] ?? 1);
  if (!Number.isFinite(exponent)) throw new InputError(`power in the formula of ${p.name}: ${plain[0]} — a number, such as 2 or (1/2)`, { path: p.name, value: plain[0] });
  return exponent;
}

function atom(p: Parser): Term {
  if (take(p, /^\(/) !== null) {
    const inside = product(p);
    if (take(p, /^\)/) === null) throw unreadable(p);
    return inside;
  }
  const number = take(p, /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/);
  if (number !== null) return quantity(p, number[0]);
  const named = take(p, /^(?:"([^"]+)"|([\p{L}_][\p{L}\p{Nd}_]*(?:\.[\p{L}\p{Nd}_]+)*))/u);
  if (named === null) throw unreadable(p);
  return partOf(p, named[1] ?? named[2]!);
}

/** `300 K`, `1.602e-19 C`, `1.38e-23 [J/K]`. */
function quantity(p: Parser, digits: string): Term {
  const value = Number(digits);
  if (!(value > 0 && Number.isFinite(value))) throw new InputError(`number in the formula of ${p.name}: ${digits} — it is positive`, { path: p.name, value: digits });
  const symbol = take(p, /^(?:\[([^\]]*)\]|([\p{L}°µΩÅ%]+))/u);
  const text = symbol === null ? "1" : (symbol[1] ?? symbol[2]!);
  const { dimension, scale, offset } = unitOf(p, `${digits} ${text}`, text);
  if (offset !== 0) throw new InputError(`zero point in the formula of ${p.name}: ${digits} ${text} — write it in K`, { path: p.name, value: text });
  return { scale: value * scale, dimension, powers: new Map(), written: [symbol === null ? digits : `${digits} ${text}`] };
}

function unitOf(p: Parser, term: string, text: string): Unit {
  try {
    return parseUnit(text);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    const property = Object.hasOwn(p.sources.units, text) || Object.hasOwn(p.sources.formulas, text) ? ` (to multiply by the property ${text}, write *)` : "";
    throw new InputError(`term "${term}" in the formula of ${p.name}: ${cause.message}${property}`, { path: p.name, value: text, cause });
  }
}

function partOf(p: Parser, property: string): Term {
  const { units, formulas } = p.sources;
  if (Object.hasOwn(formulas, property)) {
    const { factor, parts } = powerProduct(property, p.sources, p.above);
    const { unit } = formulas[property]!;
    return { scale: factor * unit.scale, dimension: unit.dimension, powers: new Map(parts.map((part) => [part.property, part.power])), written: [withUnit(property, unit.dimension)] };
  }
  if (!Object.hasOwn(units, property)) throw new InputError(`unknown property in the formula of ${p.name}: "${property}" — there are ${[...Object.keys(units), ...Object.keys(formulas).filter((other) => other !== p.name)].join(", ")}; names with spaces stand in quotes`, { path: p.name, value: property });
  const unit = units[property]!;
  if (unit.offset !== 0) throw new InputError(`term "${property}" in the formula of ${p.name}: in ${unit.symbol}, which has a zero point of its own — powers need an absolute scale, such as K`, { path: p.name, value: unit.symbol });
  return { scale: unit.scale, dimension: unit.dimension, powers: new Map([[property, 1]]), written: [withUnit(property, unit.dimension)] };
}

const BASES = ["m", "kg", "s", "A", "K", "mol", "cd"];
/** Rounding of fractional exponents. */
const ROUNDING = 1e-9;

const inBases = (dimension: Dimension): string =>
  dimension
    .map((x, i) => (Math.abs(x) < ROUNDING ? "" : Math.abs(x - 1) < ROUNDING ? BASES[i]! : `${BASES[i]}^${Number(x.toPrecision(6))}`))
    .filter((text) => text !== "")
    .join(" ") || "a pure number";

const withUnit = (text: string, dimension: Dimension): string => `${text} in ${inBases(dimension)}`;

function checkDimension(name: string, text: string, { dimension, written }: Term, unit: Unit): void {
  if (dimension.every((x, i) => Math.abs(x - unit.dimension[i]!) < ROUNDING)) return;
  throw new InputError(`unit mismatch: ${name} = ${text} comes to ${inBases(dimension)}, its unit ${unit.symbol} is ${inBases(unit.dimension)} — ${written.join(", ")}`, { path: name, value: text });
}
