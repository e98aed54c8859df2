/*
 * The elements as attention networks know them: the shipped table's properties, each of them standardised over the elements. Filled
 * gaps of the table count as known; what is unknown stands at the mean.
 */
import { elementTable } from "@tatara/domains/elements";
import type { Parts } from "@tatara/neural";

let made: Parts | undefined;

/** One part for each element, by the columns of the descriptor `fractions`. Elements of a user's own table are known by their symbols. */
export const elementParts = (): Parts => (made ??= read());

/** Decimals that are kept: the numbers stand in the metadata of every file. */
const DECIMALS = 4;

function read(): Parts {
  const { symbols, properties, values } = elementTable;
  const width = properties.length;
  const standard = properties.map((_, j) => standardised(symbols.map((_, i) => values[i * width + j]!)));
  return { block: "fractions", vectors: new Map(symbols.map((symbol, i) => [`fraction:${symbol}`, standard.map((numbers) => numbers[i]!)])) };
}

function standardised(numbers: readonly number[]): readonly number[] {
  const known = numbers.filter(Number.isFinite);
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const spread = Math.sqrt(known.reduce((s, v) => s + (v - mean) ** 2, 0) / known.length) || 1;
  return numbers.map((v) => (Number.isFinite(v) ? Number(((v - mean) / spread).toFixed(DECIMALS)) : 0));
}
