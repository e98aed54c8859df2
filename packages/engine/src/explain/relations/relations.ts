/*
 * Relations that all samples of a posterior share and those of the prior do not: few features whose weighted sum, or
 * whose product of powers, hardly varies. Where one asks a model backwards ("which materials are of this class?"),
 * these are the equations that it has learnt. Found on one half of the samples; bands and shares are counted on the
 * other, so that a relation which is narrow by chance does not look so.
 *
 * Samples of a posterior say what the model believes, not what is true: the false-positive rate on real negatives
 * stands beside each relation.
 */
import { InputError } from "../../base/errors.ts";
import { permutation, split, type Key } from "../../base/key.ts";
import { under, type Context } from "../../base/context.ts";
import { convert, formatUnit, one, type Dimension, type Unit } from "../../base/unit.ts";
import { selectTableRows } from "../../data/table.ts";
import type { Table } from "../../data/types.ts";
import type { Matrix } from "../../numeric/types.ts";
import { sortedQuantile } from "../../numeric/quantile.ts";
import { productSymbol } from "../formula/expression.ts";
import { covariance, narrowDirections, spectrumOf, type Covariances, type Direction } from "./directions.ts";
import { readableCoefficients, readablePowers } from "./readable.ts";

export interface RelationTerm {
  readonly feature: string;
  /** Unit in which the feature enters. */
  readonly unit: Unit;
  /** Coefficient of a sum (the first is 1; its own unit makes the terms alike), or power of a product. */
  readonly factor: number;
}

export interface Relation {
  readonly kind: "sum" | "product";
  readonly terms: readonly RelationTerm[];
  /** Unit of the whole. */
  readonly unit: Unit;
  /** Between these lies the wanted share of the samples that it was found on. */
  readonly low: number;
  readonly high: number;
  /** Width of the prior's central band over that of the posterior, of logarithms for a product; on the other half. Infinite for a constant. */
  readonly narrowing: number;
  /** Shares inside: of the posterior's and the prior's other half, of the negatives. */
  readonly inside: number;
  readonly priorInside: number;
  readonly falsePositiveRate?: number;
}

export interface RelationOptions {
  /** Most features of a relation. Default 3. */
  readonly mostFeatures?: number;
  /** Most relations of each kind. Default 6. */
  readonly most?: number;
  /** Share of the posterior inside a band. Default 0.95. */
  readonly level?: number;
  /** Least factor by which a relation is narrower than the prior. Default 3. */
  readonly leastNarrowing?: number;
  /** Factor by which a relation must be narrower than any part of it. Default 1.5. */
  readonly leastGain?: number;
  /** Products that are pure numbers alone. Default false. */
  readonly pureNumbers?: boolean;
  /** Sums of features of one dimension alone, so that coefficients are pure numbers. Default false. */
  readonly alikeOnly?: boolean;
}

export interface RelationInput {
  readonly posterior: Table;
  /** Samples of the same features before anything was asked for. */
  readonly prior: Table;
  /** Rows that are known not to belong. */
  readonly negatives?: Table;
}

export interface Relations {
  /** Narrowest first, sums and products. */
  readonly relations: readonly Relation[];
  /** Posterior over prior standard deviation along all independent directions of sums, ascending: how many there are to find. */
  readonly spectrum: Float64Array;
  /** Shares inside all relations at once. */
  readonly together: { readonly inside: number; readonly priorInside: number; readonly falsePositiveRate?: number };
}

interface Halves {
  readonly found: Table;
  readonly other: Table;
}

/** Find sums and products. The key halves the samples. Features with a missing value in either sample are left out. */
export async function relations(key: Key, { posterior, prior, negatives }: RelationInput, options: RelationOptions, ctx: Context): Promise<Relations> {
  const { mostFeatures = 3, most = 6, leastNarrowing = 3, leastGain = 1.5, alikeOnly = false, pureNumbers = false, level = 0.95 } = options;
  checkSamples(posterior, prior);
  const [a, b] = split(key, 2);
  const [post, before] = [halves(a, posterior), halves(b, prior)];
  const complete = posterior.features.flatMap((_, j) => (column(posterior, j).every(Number.isFinite) && column(prior, j).every(Number.isFinite) ? [j] : []));
  const positive = complete.filter((j) => column(posterior, j).every((v) => v > 0) && column(prior, j).every((v) => v > 0));
  const features = posterior.features;
  const find = async (kind: Relation["kind"], columns: readonly number[]): Promise<{ readonly terms: readonly (readonly RelationTerm[])[]; readonly spectrum: Float64Array }> => {
    const c: Covariances = { d: columns.length, posterior: covariance(scaledColumns(post.found, columns, kind)), prior: covariance(scaledColumns(before.found, columns, kind)) };
    const directions = await narrowDirections(c, Math.min(mostFeatures, columns.length), under(ctx, kind === "sum" ? "find sums" : "find products"));
    const worthy = directions.filter(({ support, ratio, partRatio }) => ratio * leastNarrowing <= 1 && ratio * leastGain < partRatio && (kind === "sum" || support.length > 1));
    const units = columns.map((j) => features[j].unit);
    const readable = worthy.toSorted((x, y) => x.ratio * leastGain ** x.support.length - y.ratio * leastGain ** y.support.length).flatMap((direction) => {
      if (kind === "sum" && alikeOnly && direction.support.some((j) => !sameDimensions(units[j], units[direction.support[0]]))) return [];
      const factors = kind === "sum" ? readableCoefficients(c, direction) : readablePowers(c, direction, pureNumbers ? units : undefined);
      return factors === undefined ? [] : [{ ...direction, coefficients: factors }];
    });
    return { terms: different(c, readable, most).map((direction) => termsOf(direction, columns.map((j) => features[j]))), spectrum: spectrumOf(c) };
  };
  const sums = await find("sum", complete);
  const products = await find("product", positive);
  const measure = (kind: Relation["kind"]) => (terms: readonly RelationTerm[]) => measured(kind, terms, post, before, negatives, level);
  const narrow = [...sums.terms.map(measure("sum")), ...products.terms.map(measure("product"))].filter(({ narrowing, priorInside }) => narrowing >= leastNarrowing && priorInside <= MOST_PRIOR).toSorted((x, y) => (y.narrowing === x.narrowing ? 0 : y.narrowing - x.narrowing));
  // A sum looks like a product of the same features from afar: the narrower of them is the relation.
  const named = ({ terms }: Relation) => terms.map(({ feature }) => feature).toSorted().join("\n");
  const all = narrow.filter((one, k) => !narrow.slice(0, k).some((earlier) => named(earlier) === named(one)));
  const share = (x: Table) => allMet(all, x);
  return { relations: all, spectrum: sums.spectrum, together: { inside: share(post.other), priorInside: share(before.other), ...(negatives && { falsePositiveRate: share(negatives) }) } };
}

function checkSamples(posterior: Table, prior: Table): void {
  if (posterior.features.some(({ name }, j) => name !== prior.features[j]?.name) || prior.cols !== posterior.cols)
    throw new InputError(`samples of different features: ${posterior.cols} of the posterior, ${prior.cols} of the prior — both describe the same features in one order`);
  for (const [what, { rows }] of [["posterior", posterior], ["prior", prior]] as const) if (rows < 20) throw new InputError(`samples of the ${what}: ${rows} — at least 20`, { path: what, value: rows });
}

const column = ({ rows, cols, data }: Matrix, j: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]);
const sameDimensions = (a: Unit, b: Unit): boolean => a.dimension.every((x, k) => x === b.dimension[k]);

function halves(key: Key, x: Table): Halves {
  const order = permutation(key, x.rows);
  const middle = x.rows >> 1;
  return { found: selectTableRows(x, order.slice(0, middle)), other: selectTableRows(x, order.slice(middle)) };
}

/** The columns, or their logarithms. */
function scaledColumns(x: Table, columns: readonly number[], kind: Relation["kind"]): Matrix {
  const data = new Float64Array(x.rows * columns.length);
  for (let i = 0; i < x.rows; i++) columns.forEach((j, k) => (data[i * columns.length + k] = kind === "sum" ? x.data[i * x.cols + j] : Math.log(x.data[i * x.cols + j])));
  return { rows: x.rows, cols: columns.length, data };
}

/** A band that more than half of the prior lies in tells nothing, however narrow: a common constant. */
const MOST_PRIOR = 0.5;
/** Two directions this parallel under the prior are one. */
const PARALLEL = 0.9;

/** Leave out what repeats an earlier one. */
function different({ d, prior }: Covariances, directions: readonly Direction[], most: number): readonly Direction[] {
  const kept: Direction[] = [];
  const product = (a: Direction, b: Direction) => a.support.reduce((sum, i, k) => sum + b.support.reduce((s, j, l) => s + a.coefficients[k] * b.coefficients[l] * prior[i * d + j], 0), 0);
  for (const one of directions) {
    if (kept.length >= most) break;
    if (kept.every((other) => Math.abs(product(one, other)) < PARALLEL * Math.sqrt(product(one, one) * product(other, other)))) kept.push(one);
  }
  return kept;
}

const termsOf = ({ support, coefficients }: Direction, features: Table["features"]): readonly RelationTerm[] =>
  support.map((j, k) => ({ feature: features[j].name, unit: features[j].unit, factor: coefficients[k] })).toSorted((a, b) => (a.factor === 1 ? 0 : 1) - (b.factor === 1 ? 0 : 1) || b.factor - a.factor);

/** Unit of a sum is that of its first term. */
function unitOfTerms(kind: Relation["kind"], terms: readonly RelationTerm[]): Unit {
  if (kind === "sum") return terms[0].unit;
  const powers = new Map<string, number>();
  const dimension = [0, 0, 0, 0, 0, 0, 0];
  let scale = 1;
  for (const { unit, factor } of terms) {
    if (unit.symbol !== "1") powers.set(unit.symbol, (powers.get(unit.symbol) ?? 0) + factor);
    unit.dimension.forEach((x, k) => (dimension[k] += x * factor));
    scale *= unit.scale ** factor;
  }
  const symbol = productSymbol(new Map(Array.from(powers, ([name, q]) => [name, Number(q.toFixed(4))])));
  return symbol === "1" ? one : { symbol, dimension: dimension.map((x) => Math.round(x * 1e6) / 1e6 + 0) as unknown as Dimension, scale, offset: 0 };
}

/** The sum or product on every row of a table, in the relation's unit; NaN where it is undefined. */
export function relationValues({ kind, terms }: Pick<Relation, "kind" | "terms">, x: Table): Float64Array {
  const out = new Float64Array(x.rows).fill(kind === "sum" ? 0 : 1);
  for (const { feature, unit, factor } of terms) {
    const j = x.features.findIndex(({ name }) => name === feature);
    if (j < 0) throw new InputError(`missing feature: "${feature}" — the relation asks for ${terms.map((term) => term.feature).join(", ")}`, { path: feature });
    for (let i = 0; i < x.rows; i++) {
      const v = convert(x.data[i * x.cols + j], x.features[j].unit, unit);
      if (kind === "sum") out[i] += factor * v;
      else out[i] *= v > 0 ? v ** factor : Number.NaN;
    }
  }
  return out;
}

/** 1 where a row meets the relation. */
export const meets = (relation: Relation, x: Table): Uint8Array => Uint8Array.from(relationValues(relation, x), (v) => (v >= relation.low && v <= relation.high ? 1 : 0));

function allMet(all: readonly Relation[], x: Table): number {
  const met = new Uint8Array(x.rows).fill(1);
  for (const relation of all) meets(relation, x).forEach((yes, i) => (met[i] &= yes));
  return met.reduce((a, b) => a + b, 0) / x.rows;
}

/** Digits of a band's ends. */
const DIGITS = 3;

function measured(kind: Relation["kind"], terms: readonly RelationTerm[], post: Halves, before: Halves, negatives: Table | undefined, level: number): Relation {
  const sorted = (x: Table) => relationValues({ kind, terms }, x).filter((v) => !Number.isNaN(v)).sort();
  const ends = (values: Float64Array): readonly [number, number] => [sortedQuantile(values, (1 - level) / 2), sortedQuantile(values, (1 + level) / 2)];
  const width = ([low, high]: readonly [number, number]) => (kind === "sum" ? high - low : Math.log(high / low));
  const [low, high] = outward(...ends(sorted(post.found)));
  const bare = { kind, terms, unit: unitOfTerms(kind, terms), low, high, narrowing: width(ends(sorted(before.other))) / width(ends(sorted(post.other))), inside: 0, priorInside: 0 };
  return { ...bare, inside: allMet([bare], post.other), priorInside: allMet([bare], before.other), ...(negatives && { falsePositiveRate: allMet([bare], negatives) }) };
}

/** Ends rounded away from one another, to digits of the width where it is small beside them. */
function outward(low: number, high: number): readonly [number, number] {
  if (low === high) return [low, high];
  const width = Math.max(high - low, Number.EPSILON * Math.max(Math.abs(low), Math.abs(high)));
  const exponent = Math.floor(Math.log10(width)) - DIGITS + 2;
  const rounded = (n: number) => Number(`${n}e${exponent}`);
  return [rounded(Math.floor(low / 10 ** exponent)), rounded(Math.ceil(high / 10 ** exponent))];
}

const written = (v: number): string => String(Number(v.toPrecision(6))).replaceAll("-", "−");

/** "1.1 ≤ x − 0.52 pm/eV·y ≤ 1.3 pm", "3 ≤ a²·b^(−1/2) ≤ 3.4 nm". */
export function formatRelation({ kind, terms, unit, low, high }: Relation, { label = (name: string) => name }: { readonly label?: (feature: string) => string } = {}): string {
  const text = kind === "sum" ? terms.map((term, k) => sumTerm(term, k, terms[0].unit, label)).join("") : terms.map((term) => powerTerm(term, label)).join("·");
  const symbol = formatUnit(unit);
  if (low === high) return `${text} = ${written(low)}${symbol === "1" ? "" : ` ${symbol}`}`;
  return `${written(low)} ≤ ${text} ≤ ${written(high)}${symbol === "1" ? "" : ` ${symbol}`}`;
}

function sumTerm({ feature, unit, factor }: RelationTerm, k: number, first: Unit, label: (feature: string) => string): string {
  const sign = factor < 0 ? (k === 0 ? "−" : " − ") : k === 0 ? "" : " + ";
  const over = unit.symbol === first.symbol ? "" : productSymbol(new Map([[first.symbol, 1], [unit.symbol, -1]].filter(([symbol]) => symbol !== "1") as [string, number][]));
  const size = Math.abs(factor);
  const coefficient = size === 1 && over === "" ? "" : `${written(size)}${over === "" || over === "1" ? "" : ` ${formatUnit({ ...one, symbol: over })}`}·`;
  return `${sign}${coefficient}${label(feature)}`;
}

const RAISED: Readonly<Record<number, string>> = { 2: "²", 3: "³", [-1]: "⁻¹", [-2]: "⁻²", [-3]: "⁻³" };

function powerTerm({ feature, factor }: RelationTerm, label: (feature: string) => string): string {
  const name = /[\s·]/.test(label(feature)) ? `(${label(feature)})` : label(feature);
  if (factor === 1) return name;
  if (RAISED[factor] !== undefined) return `${name}${RAISED[factor]}`;
  const denominator = [1, 2, 3].find((q) => Math.abs(factor * q - Math.round(factor * q)) < 1e-9);
  return `${name}^(${denominator === undefined ? written(factor) : `${factor < 0 ? "−" : ""}${Math.abs(Math.round(factor * denominator))}/${denominator}`})`;
}
