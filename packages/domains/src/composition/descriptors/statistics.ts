/*
 * Statistics of element properties over a composition, as XenonPy defines them (compositional descriptors, Liu et al.
 * 2021, doi 10.1002/adma.202102507): with fractions w_e, amounts n_e and a property f_e,
 *
 *   ave = Σ w f     sum = Σ n f     var = Σ w (f − ave)²     max, min over the elements, unweighted
 *
 * and, as `statistics-more`, geometric mean exp Σ w ln f, harmonic mean 1 / Σ w/f (both of positive values alone),
 * range max − min, and mode: the value of the commonest element, the smallest of several.
 *
 * `sum` depends on the size of the formula. Of a composition it runs over the canonical formula, so that Fe2O3 and
 * Fe4O6 agree; XenonPy's values for amounts as they were written come from `statisticsAsWritten`.
 */
import { InputError, parseUnit, type Unit } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";
import type { Descriptor } from "@tatara/engine/generate";
import type { ElementTable } from "../../elements/types.ts";
import { readFormula } from "../formula/read.ts";
import { rowOf, type Rows } from "../rows.ts";
import type { Composition } from "../type.ts";

const STATISTICS = { ave: "average", sum: "sum over the formula", var: "variance", max: "largest value", min: "smallest value" } as const;
const MORE = { gmean: "geometric mean", hmean: "harmonic mean", range: "largest less smallest value", mode: "value of the commonest element" } as const;

/** Statistic by statistic, each over all properties: the first columns are `ave:` of every property. */
export function statistics(rows: Rows): Descriptor<Composition> {
  const width = rows.table.properties.length;
  return {
    id: "statistics",
    about: `average, sum, variance, largest and smallest of ${width} properties of the elements: ${5 * width} numbers`,
    features: featuresOf("statistics", STATISTICS, rows.table),
    write: ({ z, fractions, amounts }, row) => writeStatistics(rows, z, fractions, amounts, row),
  };
}

/**
 * The same without the sum: what depends on fractions alone, and so changes smoothly over a phase diagram. A sum over the
 * formula jumps wherever the formula gets shorter: from Al51Cu24Fe25 to Al2CuFe by a factor of 25.
 */
export function fractionStatistics(rows: Rows): Descriptor<Composition> {
  const width = rows.table.properties.length;
  const { sum: _, ...kept } = STATISTICS;
  const whole = new Float64Array(5 * width);
  return {
    id: "fraction-statistics",
    about: `average, variance, largest and smallest of ${width} properties of the elements: ${4 * width} numbers that do not depend on the size of the formula`,
    features: featuresOf("fraction-statistics", kept, rows.table),
    write({ z, fractions, amounts }, row) {
      writeStatistics(rows, z, fractions, amounts, whole);
      row.set(whole.subarray(0, width));
      row.set(whole.subarray(2 * width), width);
    },
  };
}

export function statisticsMore(rows: Rows): Descriptor<Composition> {
  return {
    id: "statistics-more",
    about: `geometric and harmonic mean, range and mode of ${rows.table.properties.length} properties of the elements`,
    features: featuresOf("statistics-more", MORE, rows.table),
    write: ({ z, fractions }, row) => writeMore(rows, z, fractions, row),
  };
}

/** The row that XenonPy computes for a formula: `sum` over the amounts as they stand in the text, unreduced. Throws InputError when the text is no formula. */
export function statisticsAsWritten(rows: Rows, text: string): Float64Array {
  const { z, amounts } = readFormula(text);
  const total = amounts.reduce((a, b) => a + b, 0);
  const row = new Float64Array(5 * rows.table.properties.length);
  writeStatistics(rows, z, amounts.map((a) => a / total), amounts, row);
  return row;
}

function featuresOf(block: string, statistics: Readonly<Record<string, string>>, { properties }: ElementTable): readonly Feature[] {
  const units = properties.map(({ name, unit }) => readUnit(name, unit));
  return Object.entries(statistics).flatMap(([statistic, meaning]) =>
    properties.map(({ name, about }, j): Feature => ({ name: `${statistic}:${name}`, unit: statistic === "var" ? squared(units[j]!) : units[j]!, about: `${meaning} of ${about}`, block })),
  );
}

function readUnit(name: string, unit: string): Unit {
  try {
    return { ...parseUnit(unit), offset: 0 };
  } catch (cause) {
    throw new InputError(`bad unit of the element property "${name}": "${unit}" — ${(cause as Error).message}`, { path: "data.elements", value: unit, cause });
  }
}

const squared = ({ symbol, dimension, scale }: Unit): Unit => ({ symbol: squaredSymbol(symbol), dimension: dimension.map((d) => 2 * d) as unknown as Unit["dimension"], scale: scale * scale, offset: 0 });

/** `pm^2`, `bohr^6` of bohr^3, `(g/mol)^2`. */
function squaredSymbol(symbol: string): string {
  if (symbol === "1") return symbol;
  const [, base, power = "1"] = /^(\p{L}+)(?:\^(\d))?$/u.exec(symbol) ?? [];
  return base === undefined ? `(${symbol})^2` : `${base}^${2 * Number(power)}`;
}

/** `row` takes 5 × properties numbers. NaN where one of the elements has no value. */
export function writeStatistics(rows: Rows, z: readonly number[], fractions: ArrayLike<number>, amounts: ArrayLike<number>, row: Float64Array): void {
  const { values, width } = rows;
  const at = z.map((element) => rowOf(rows, element));
  for (let j = 0; j < width; j++) {
    let average = 0;
    let sum = 0;
    let max = Number.NEGATIVE_INFINITY;
    let min = Number.POSITIVE_INFINITY;
    for (let i = 0; i < at.length; i++) {
      const f = values[at[i]! + j]!;
      average += fractions[i]! * f;
      sum += amounts[i]! * f;
      if (f > max) max = f;
      if (f < min) min = f;
    }
    let variance = 0;
    for (let i = 0; i < at.length; i++) {
      const d = values[at[i]! + j]! - average;
      variance += fractions[i]! * d * d;
    }
    const known = average === average; // NaN taints the average
    row[j] = average;
    row[width + j] = sum;
    row[2 * width + j] = variance;
    row[3 * width + j] = known ? max : Number.NaN;
    row[4 * width + j] = known ? min : Number.NaN;
  }
}

function writeMore(rows: Rows, z: readonly number[], fractions: readonly number[], row: Float64Array): void {
  const { values, width } = rows;
  const at = z.map((element) => rowOf(rows, element));
  const most = Math.max(...fractions);
  const common = at.filter((_, i) => fractions[i] === most);
  for (let j = 0; j < width; j++) {
    let logs = 0;
    let inverse = 0;
    let max = Number.NEGATIVE_INFINITY;
    let min = Number.POSITIVE_INFINITY;
    let known = true;
    for (let i = 0; i < at.length; i++) {
      const f = values[at[i]! + j]!;
      known &&= f === f;
      logs += fractions[i]! * Math.log(f);
      inverse += fractions[i]! / f;
      if (f > max) max = f;
      if (f < min) min = f;
    }
    const positive = known && min > 0;
    row[j] = positive ? Math.exp(logs) : Number.NaN;
    row[width + j] = positive ? 1 / inverse : Number.NaN;
    row[2 * width + j] = known ? max - min : Number.NaN;
    row[3 * width + j] = common.reduce((least, place) => (values[place + j]! < least || Number.isNaN(values[place + j]!) ? values[place + j]! : least), Number.POSITIVE_INFINITY);
  }
}
