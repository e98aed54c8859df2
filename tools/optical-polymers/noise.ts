/* Repeat noise: how far each property moves when the conformers are drawn with another key. */
import { fold, hash, key, quiet, stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import { isFailure } from "@tatara/studies/calculators";
import type { Calculator } from "@tatara/studies/calculators";
import type { Choice } from "./choose.ts";
import { inLanes } from "./lanes.ts";

export interface Row {
  readonly choice: Choice;
  readonly values: Readonly<Record<string, number>>;
}

export interface Noise {
  /** Pooled standard deviation of one repeat. */
  readonly sd: number;
  /** The standard deviation that nine in ten polymers stay below. */
  readonly sd90: number;
  readonly polymers: number;
}

const POLYMERS = 80;

/** Noise of each property over `seeds`, on a keyed sample of the rows. */
export async function repeatNoise(calculator: Calculator, rows: readonly Row[], { seeds, workers }: { readonly seeds: readonly Key[]; readonly workers: number }): Promise<Readonly<Record<string, Noise>>> {
  const draw = ({ choice }: Row) => stream(fold(key(2), Number.parseInt(hash(choice.smiles).slice(0, 12), 16))).uniform();
  const sample = rows.toSorted((a, b) => draw(a) - draw(b)).slice(0, POLYMERS);
  const repeats = new Map<string, Readonly<Record<string, number>>[]>();
  await inLanes(sample.flatMap(({ choice }) => seeds.map((seed) => ({ smiles: choice.smiles, seed }))), workers, async ({ smiles, seed }) => {
    const result = await calculator.calculate(smiles, seed, quiet);
    if (!isFailure(result)) repeats.set(smiles, [...(repeats.get(smiles) ?? []), result.values]);
  });
  const complete = [...repeats.values()].filter((values) => values.length === seeds.length);
  return Object.fromEntries(calculator.quantities.map(({ name }) => [name, noiseOf(complete.map((values) => variance(values.map((v) => v[name]!))))]));
}

function noiseOf(variances: readonly number[]): Noise {
  const round = (v: number) => Number(v.toPrecision(3));
  const sorted = variances.toSorted((a, b) => a - b);
  return {
    sd: round(Math.sqrt(variances.reduce((a, b) => a + b, 0) / variances.length)),
    sd90: round(Math.sqrt(sorted[Math.floor(0.9 * (sorted.length - 1))] ?? Number.NaN)),
    polymers: variances.length,
  };
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
}
