/*
 * Bootstrap over groups: rows of one group hang together, so whole groups are drawn with replacement and a statistic
 * is computed anew from how often each row was drawn. Percentile intervals, Efron & Tibshirani (1993), chapter 13;
 * groups as the units, Davison & Hinkley (1997), section 3.8. Several statistics share the draws, so that their
 * differences are paired. What is not drawn again is the fit itself: the intervals say how far the rows at hand may
 * mislead, not how far another training set would.
 */
import { InputError } from "../base/errors.ts";
import { type Key, fold, stream } from "../base/key.ts";
import { sortedQuantile } from "../numeric/quantile.ts";

/** Group of each row: numbers or names; rows of one group are drawn together. */
export type Groups = ArrayLike<number | string>;

export interface GroupBootstrapOptions {
  /** Default 1000. */
  readonly draws?: number;
  /** Coverage of the interval, in (0, 1). Default 0.95. */
  readonly level?: number;
}

export interface Bootstrapped {
  /** With every row once. */
  readonly estimate: number;
  /** Percentiles (1 − level) / 2 and (1 + level) / 2 of the draws. */
  readonly low: number;
  readonly high: number;
  /** Share of the draws above zero, ties half: for a difference, how sure its sign is. */
  readonly positive: number;
  /** Draws on which the statistic was defined; the others (no row of a class drawn) are left out. */
  readonly draws: number;
}

/** Draws how often each row counts: as many groups as there are, with replacement. Depends on the groups' names, not on the order of rows. */
export function groupSampler(groups: Groups): (key: Key) => Float64Array {
  const names = [...new Set(Array.from(groups))].toSorted((a, b) => (a < b ? -1 : 1));
  const place = new Map(names.map((name, g) => [name, g]));
  const groupOf = Int32Array.from({ length: groups.length }, (_, i) => place.get(groups[i]!)!);
  return (key) => {
    const rng = stream(key);
    const times = new Float64Array(names.length);
    for (let k = 0; k < names.length; k++) times[rng.below(names.length)]!++;
    return Float64Array.from(groupOf, (g) => times[g]!);
  };
}

/** Statistics by name as functions of row weights; each comes back with its interval. Throws InputError when there are fewer than two groups. */
export function groupBootstrap<Name extends string>(
  key: Key,
  groups: Groups,
  statistics: (weights: Float64Array) => Readonly<Record<Name, number>>,
  { draws = 1000, level = 0.95 }: GroupBootstrapOptions = {},
): Readonly<Record<Name, Bootstrapped>> {
  if (!(Number.isSafeInteger(draws) && draws >= 1)) throw new InputError(`number of draws: ${draws} — a whole number ≥ 1`, { path: "draws", value: draws });
  if (!(level > 0 && level < 1)) throw new InputError(`level of an interval: ${level} — in (0, 1)`, { path: "level", value: level });
  const count = new Set(Array.from(groups)).size;
  if (count < 2) throw new InputError(`too few groups: ${count} — a bootstrap over groups needs at least 2`, { path: "groups", value: count });
  const whole = statistics(new Float64Array(groups.length).fill(1));
  const names = Object.keys(whole) as Name[];
  const values = new Map(names.map((name) => [name, [] as number[]]));
  const sample = groupSampler(groups);
  for (let draw = 0; draw < draws; draw++) {
    const found = statistics(sample(fold(key, draw)));
    for (const name of names) if (!Number.isNaN(found[name])) values.get(name)!.push(found[name]);
  }
  return Object.fromEntries(names.map((name) => [name, summary(whole[name], Float64Array.from(values.get(name)!).sort(), level)])) as Record<Name, Bootstrapped>;
}

function summary(estimate: number, sorted: Float64Array, level: number): Bootstrapped {
  const above = sorted.reduce((sum, v) => sum + (v > 0 ? 1 : v === 0 ? 0.5 : 0), 0);
  return { estimate, low: sortedQuantile(sorted, (1 - level) / 2), high: sortedQuantile(sorted, (1 + level) / 2), positive: above / sorted.length, draws: sorted.length };
}
