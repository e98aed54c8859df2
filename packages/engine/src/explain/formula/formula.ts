/* A found formula as plain data: what it says of a table, and how it reads. */
import { InputError } from "../../base/errors.ts";
import { convert, type Unit } from "../../base/unit.ts";
import type { Table } from "../../data/types.ts";
import { evaluate, formatExpression, readableUnit, unitOf, type Expression } from "./expression.ts";
import { said, type Cut } from "./score.ts";

export interface Term {
  readonly expression: Expression;
  /** Its unit is that of the whole over the expression's. */
  readonly coefficient: number;
}

interface Combined {
  /** One or two. A single term of a class has coefficient 1. */
  readonly terms: readonly Term[];
  /** Unit in which each feature enters. */
  readonly units: Readonly<Record<string, Unit>>;
  /** Operators of all terms, one more for each term after the first. */
  readonly size: number;
  /** Accuracy (class) or R² (number) on the rows it was searched on. */
  readonly score: number;
}

/** Yes where the sum of the terms is on one side of a threshold; undefined values are no. */
export interface ClassFormula extends Combined, Cut {
  readonly kind: "class";
}

/** Intercept + sum of the terms. */
export interface NumberFormula extends Combined {
  readonly kind: "number";
  readonly intercept: number;
}

export type Formula = ClassFormula | NumberFormula;

/** The features that a formula needs, in its units. */
function inUnits(x: Table, units: Formula["units"]): Table {
  const names = Object.keys(units);
  const columns = names.map((name) => {
    const j = x.features.findIndex((feature) => feature.name === name);
    if (j < 0) throw new InputError(`missing feature: "${name}" — the formula asks for ${names.join(", ")}`, { path: name });
    return j;
  });
  const data = new Float64Array(x.rows * names.length);
  columns.forEach((j, k) => {
    const { unit } = x.features[j];
    for (let i = 0; i < x.rows; i++) data[i * names.length + k] = convert(x.data[i * x.cols + j], unit, units[names[k]]);
  });
  return { rows: x.rows, cols: names.length, data, features: columns.map((j, k) => ({ ...x.features[j], unit: units[names[k]] })) };
}

/** The sum of the terms (and the intercept of a number), per row; NaN where undefined. */
export function formulaValues(formula: Formula, x: Table): Float64Array {
  const own = inUnits(x, formula.units);
  const sum = new Float64Array(x.rows).fill(formula.kind === "number" ? formula.intercept : 0);
  for (const { expression, coefficient } of formula.terms) evaluate(expression, own).forEach((v, i) => (sum[i] += coefficient * v));
  return sum;
}

/** 1 where a class formula says yes. */
export const formulaSays = (formula: ClassFormula, x: Table): Uint8Array => said(formulaValues(formula, x), formula);

/** Digits of coefficients for a reader. */
const DIGITS = 4;
const written = (v: number): string => String(Number(v.toPrecision(DIGITS))).replace("-", "−");

/** "rX/rB − nA·(nA − rA/rB/ln(rA/rB)) ≤ 4.18", "y = 1.2 + 3·m·v²"; units of thresholds and of features where they have any. */
export function formatFormula(formula: Formula, { label = (name: string) => name, target = "y" }: { readonly label?: (feature: string) => string; readonly target?: string } = {}): string {
  const sum = formula.terms.map((term, k) => formatTerm(term, k, label)).join("");
  const { units } = formula;
  const with_ = Object.entries(units).flatMap(([name, unit]) => (unit.symbol === "1" ? [] : [`${label(name)} in ${readableUnit(unit)}`]));
  const where = with_.length > 0 ? ` (${with_.join(", ")})` : "";
  if (formula.kind === "number") return `${target} = ${written(formula.intercept)}${sum.startsWith("−") ? ` ${sum.replace(/^−/, "− ")}` : ` + ${sum}`}${where}`;
  const unit = formula.terms.length === 1 ? readableUnit(unitOf(formula.terms[0].expression, units)) : "";
  return `${sum} ${formula.below ? "≤" : "≥"} ${String(formula.threshold).replace("-", "−")}${unit === "" ? "" : ` ${unit}`}${where}`;
}

function formatTerm({ expression, coefficient }: Term, k: number, label: (feature: string) => string): string {
  const text = formatExpression(expression, label);
  const size = Math.abs(coefficient);
  const bracketed = expression.op === "+" || expression.op === "-" ? `(${text})` : text;
  const body = size === 1 ? (k === 0 ? text : bracketed) : `${written(size)}·${bracketed}`;
  return k === 0 ? (coefficient < 0 ? `−${size === 1 ? bracketed : body}` : body) : ` ${coefficient < 0 ? "−" : "+"} ${body}`;
}
