/* Interval rules asked of tables, and written for a reader. */
import { convert, formatUnit } from "../base/unit.ts";
import { InputError } from "../base/errors.ts";
import type { Table } from "../data/types.ts";
import type { Condition, IntervalRule } from "./types.ts";

/** 1 for every row that the rule covers. Features are found by name, ends converted to the table's units. */
export function covers({ conditions }: IntervalRule, x: Table): Uint8Array {
  const inside = new Uint8Array(x.rows).fill(1);
  for (const condition of conditions) {
    const j = x.features.findIndex(({ name }) => name === condition.feature);
    if (j < 0) throw new InputError(`missing feature: "${condition.feature}" — the rule asks for ${conditions.map(({ feature }) => feature).join(", ")}`, { path: condition.feature });
    const [low, high] = endsIn(condition, x.features[j].unit);
    for (let i = 0; i < x.rows; i++) {
      const v = x.data[i * x.cols + j];
      if (!(v >= low && v <= high)) inside[i] = 0;
    }
  }
  return inside;
}

function endsIn({ low, high, unit }: Condition, to: Condition["unit"]): readonly [number, number] {
  return [low === undefined ? Number.NEGATIVE_INFINITY : convert(low, unit, to), high === undefined ? Number.POSITIVE_INFINITY : convert(high, unit, to)];
}

export interface FormatOptions {
  /** A feature's name for a reader; by default its name. */
  readonly label?: (feature: string) => string;
}

/** Digits of an end for a reader: it has more only where values differ by rounding. */
const DIGITS = 6;

/** "4.1 ≤ variance of radius ≤ 210 pm²", "density ≤ 9.3 g/cm³". */
export function formatCondition({ feature, unit, low, high }: Condition, { label = (name) => name }: FormatOptions = {}): string {
  const symbol = formatUnit(unit);
  const written = (v: number) => String(Number(v.toPrecision(DIGITS))).replaceAll("-", "−");
  const suffix = symbol === "1" ? "" : ` ${symbol}`;
  const name = label(feature);
  if (low === undefined && high === undefined) return `${name} of any value`;
  if (low === undefined) return `${name} ≤ ${written(high!)}${suffix}`;
  if (high === undefined) return `${name} ≥ ${written(low)}${suffix}`;
  return `${written(low)} ≤ ${name} ≤ ${written(high)}${suffix}`;
}

/** The conditions joined by "and"; "always" when there are none. */
export const formatRule = ({ conditions }: IntervalRule, options: FormatOptions = {}): string => conditions.map((one) => formatCondition(one, options)).join(" and ") || "always";
