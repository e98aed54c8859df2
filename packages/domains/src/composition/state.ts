/*
 * What the sampler walks over: elements with whole amounts on any scale. Fe2O3 and Fe4O6 are two states of one
 * material; a state is what a prior can score exactly, the material is its projection.
 */
import { InputError } from "@tatara/engine/base";
import { composition } from "./canonical.ts";
import { insert } from "./formula/scan.ts";
import { LAST_Z, rank } from "./symbols.ts";
import type { Composition } from "./type.ts";

/** Parallel lists, electropositive elements first, as formulas name them. Plain JSON. */
export interface Mix {
  /** Atomic numbers, each once, by falling `rank`. */
  readonly z: readonly number[];
  /** Positive whole amounts. */
  readonly n: readonly number[];
}

/** Amounts of one element go up to this. */
export const LARGEST_AMOUNT = 1_000_000;

/** The state of a composition: the amounts of its canonical formula where they are whole, else its reduced ones. */
export function lift({ z, amounts, reduced }: Composition): Mix {
  const whole = amounts.every(Number.isInteger) ? amounts : reduced;
  return mixOf(z, whole);
}

/** Elements in any order as a state. */
export function mixOf(z: readonly number[], n: readonly number[]): Mix {
  const order = z.map((_, i) => i).sort((a, b) => rank[z[b]!]! - rank[z[a]!]!);
  return { z: order.map((i) => z[i]!), n: order.map((i) => n[i]!) };
}

/** Throws InputError when the state is none, or an element in it is too rare to be seen. */
export function project({ z, n }: Mix): Composition {
  if (!isMix({ z, n })) throw new InputError(`not a state of a composition: ${JSON.stringify({ z, n })} — elements by falling rank with whole amounts`, { value: { z, n } });
  const [elements, amounts]: [number[], number[]] = [[], []];
  z.forEach((element, i) => insert(elements, amounts, element, n[i]!));
  return composition({ z: elements, amounts });
}

export const isMix = ({ z, n }: Mix): boolean =>
  z.length > 0 &&
  z.length === n.length &&
  z.every((element, i) => Number.isInteger(element) && element > 0 && element <= LAST_Z && (i === 0 || rank[element]! < rank[z[i - 1]!]!)) &&
  n.every((amount) => Number.isInteger(amount) && amount > 0 && amount <= LARGEST_AMOUNT);

export const total = ({ n }: Pick<Mix, "n">): number => n.reduce((a, b) => a + b, 0);
