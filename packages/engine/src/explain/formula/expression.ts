/*
 * Formulas as plain data: features joined by + − × ÷ and ln, exp, √, powers; what they are worth on a table, in
 * which unit, and how they read. Physics allows few of them: sums need one unit, logarithms and exponentials a pure
 * number. Where a formula is undefined (the logarithm of a negative number) its value is NaN.
 */
import { InputError } from "../../base/errors.ts";
import { formatUnit, one, type Dimension, type Unit } from "../../base/unit.ts";
import type { Table } from "../../data/types.ts";

export type Unary = "ln" | "exp" | "sqrt" | "square" | "cube" | "inverse";
export type Binary = "+" | "-" | "*" | "/";
export type Operator = Unary | Binary;

export type Expression =
  | { readonly op: "feature"; readonly name: string }
  | { readonly op: Unary; readonly of: Expression }
  | { readonly op: Binary; readonly left: Expression; readonly right: Expression };

/** Dimension and size of a unit, without its name. */
export interface Measure {
  readonly dimension: Dimension;
  readonly scale: number;
}

export const isBinary = (op: Expression["op"]): op is Binary => op === "+" || op === "-" || op === "*" || op === "/";

/** Operators in a formula: what a reader has to do. */
export const sizeOf = (e: Expression): number => (e.op === "feature" ? 0 : "of" in e ? 1 + sizeOf(e.of) : 1 + sizeOf(e.left) + sizeOf(e.right));

const isNumber = ({ dimension }: Measure): boolean => dimension.every((x) => x === 0);
/** Rounding of products of scales. */
const SAME = 1e-9;

const raised = ({ dimension, scale }: Measure, p: number): Measure => ({ dimension: dimension.map((x) => x * p + 0) as unknown as Dimension, scale: scale ** p });

/** The measure of a function of something, or undefined when it has no meaning. */
export function measureOf(op: Unary, of: Measure): Measure | undefined {
  if (op === "ln" || op === "exp") return isNumber(of) ? one : undefined;
  return raised(of, { sqrt: 0.5, square: 2, cube: 3, inverse: -1 }[op]);
}

/** The measure of two things joined, or undefined when they cannot be. */
export function measureOfTwo(op: Binary, a: Measure, b: Measure): Measure | undefined {
  if (op === "+" || op === "-") return a.dimension.every((x, i) => x === b.dimension[i]) && Math.abs(a.scale / b.scale - 1) < SAME ? a : undefined;
  const sign = op === "*" ? 1 : -1;
  const dimension = a.dimension.map((x, i) => x + sign * b.dimension[i] + 0) as unknown as Dimension;
  return { dimension, scale: op === "*" ? a.scale * b.scale : a.scale / b.scale };
}

/** One function at one number. */
export function applyUnary(op: Unary, v: number): number {
  switch (op) {
    case "ln": return v > 0 ? Math.log(v) : Number.NaN;
    case "exp": return Math.exp(v);
    case "sqrt": return Math.sqrt(v);
    case "square": return v * v;
    case "cube": return v * v * v;
    case "inverse": return 1 / v;
  }
}

export const applyBinary = (op: Binary, a: number, b: number): number => (op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : a / b);

/** Values on every row of a table that has the formula's features. */
export function evaluate(e: Expression, x: Table): Float64Array {
  if (e.op === "feature") {
    const j = x.features.findIndex(({ name }) => name === e.name);
    if (j < 0) throw new InputError(`missing feature: "${e.name}" — the formula needs it`, { path: e.name });
    return Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.cols + j]);
  }
  if ("of" in e) return evaluate(e.of, x).map((v) => applyUnary(e.op, v));
  const right = evaluate(e.right, x);
  return evaluate(e.left, x).map((v, i) => applyBinary(e.op, v, right[i]));
}

/** The formula's unit; throws InputError when it mixes what cannot be mixed. */
export function unitOf(e: Expression, units: Readonly<Record<string, Unit>>): Unit {
  const symbol = unitSymbol(e, units);
  const { dimension, scale } = measured(e, units);
  return isNumber({ dimension, scale }) && Math.abs(scale - 1) < SAME ? one : { symbol, dimension, scale, offset: 0 };
}

function measured(e: Expression, units: Readonly<Record<string, Unit>>): Measure {
  if (e.op === "feature") return units[e.name];
  const measure = "of" in e ? measureOf(e.op, measured(e.of, units)) : measureOfTwo(e.op, measured(e.left, units), measured(e.right, units));
  if (measure === undefined) throw new InputError(`units do not fit: ${formatExpression(e)} — sums need one unit, ln and exp a pure number`, { value: e });
  return measure;
}

/** Exponents of the named units that the formula multiplies. */
function unitPowers(e: Expression, units: Readonly<Record<string, Unit>>): Map<string, number> {
  if (e.op === "feature") return units[e.name].symbol === "1" ? new Map() : new Map([[units[e.name].symbol, 1]]);
  if ("of" in e) {
    const p = { ln: 0, exp: 0, sqrt: 0.5, square: 2, cube: 3, inverse: -1 }[e.op];
    return new Map(Array.from(unitPowers(e.of, units), ([name, q]) => [name, q * p]));
  }
  const powers = unitPowers(e.left, units);
  if (e.op === "+" || e.op === "-") return powers;
  for (const [name, q] of unitPowers(e.right, units)) powers.set(name, (powers.get(name) ?? 0) + (e.op === "*" ? q : -q));
  return powers;
}

/** "Å^0.5 eV^-1"; "1" for a pure number. */
export function unitSymbol(e: Expression, units: Readonly<Record<string, Unit>>): string {
  return productSymbol(unitPowers(e, units));
}

/** Units raised and multiplied, as parseUnit reads them. */
export const productSymbol = (powers: ReadonlyMap<string, number>): string =>
  Array.from(powers)
    .filter(([, q]) => q !== 0)
    .map(([name, q]) => (q === 1 ? name : /^[^\W\d_]+$/u.test(name) ? `${name}^${q}` : `(${name})^${q}`))
    .join(" ") || "1";

/** How tightly an expression holds together: sum, product, power or name. */
const rank = (e: Expression): number => (isDouble(e) ? 1 : e.op === "+" || e.op === "-" ? 0 : e.op === "*" || e.op === "/" || e.op === "inverse" ? 1 : 2);

/** x + x reads 2·x. */
const isDouble = (e: Expression): boolean => e.op === "+" && formatExpression(e.left) === formatExpression(e.right);

/** "rX/rB − nA·(nA − rA/rB/ln(rA/rB))": brackets only where they are needed. */
export function formatExpression(e: Expression, label: (feature: string) => string = (name) => name): string {
  const inside = (child: Expression, least: number) => (rank(child) < least ? `(${formatExpression(child, label)})` : formatExpression(child, label));
  switch (e.op) {
    case "feature": return /^[^\s+−*/()-]+$/u.test(label(e.name)) ? label(e.name) : `[${label(e.name)}]`;
    case "+": return isDouble(e) ? `2·${inside(e.left, 2)}` : `${inside(e.left, 0)} + ${inside(e.right, 0)}`;
    case "-": return `${inside(e.left, 0)} − ${inside(e.right, 1)}`;
    case "*": return `${inside(e.left, 1)}·${inside(e.right, e.right.op === "*" ? 1 : 2)}`;
    case "/": return `${inside(e.left, e.left.op === "/" || e.left.op === "inverse" ? 2 : 1)}/${inside(e.right, 2)}`;
    case "inverse": return `1/${inside(e.of, 2)}`;
    case "square": return `${inside(e.of, e.of.op === "feature" ? 0 : 3)}²`;
    case "cube": return `${inside(e.of, e.of.op === "feature" ? 0 : 3)}³`;
    case "sqrt": return `√(${formatExpression(e.of, label)})`;
    default: return `${e.op}(${formatExpression(e.of, label)})`;
  }
}

/** The unit for a reader; empty for a pure number. */
export const readableUnit = (unit: Unit): string => (unit.symbol === "1" ? "" : formatUnit(unit));
