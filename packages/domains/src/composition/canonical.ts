/*
 * Amounts on any scale become the one composition that they describe. Identity is that of the fractions rounded to
 * one in a million, shared out by largest remainder so that they sum to one. Among all formulas that round alike the
 * smallest whole-number one stands for them: AlNi2 for Al0.333333Ni0.666667. Decimals are turned into whole numbers
 * first, so that the writing (0.4 : 0.6, 2 : 3, 40 : 60) cannot show in the last bit.
 */
import { InputError } from "@tatara/engine/base";
import { isAlloy, rank, symbolOf } from "./symbols.ts";
import type { Amounts, Composition } from "./type.ts";

/** Fractions are told apart to one part of this many. */
const PARTS = 1_000_000;
/** Two reduced formulas of at most this many atoms differ by more than 1/(700 · 699) > 2 parts in some element, so that rounding keeps them apart. */
const MOST_ATOMS = 700;
/** The largest total whose products with PARTS are exact. */
const LARGEST = 9e9;
/** Scale of amounts that no power of ten makes whole. */
const FINE = 1e9;
/** Computed fractions that come so close to whole atoms are meant to be whole: thirds, sevenths. */
const EXACT = 1e-8;
/** Relative error that sums and products of decimals may have gathered. */
const NOISE = 1e-13;

/** The composition of elements in order of atomic number. Throws InputError when an element is too rare to be seen. */
export function composition({ z, amounts }: Amounts): Composition {
  const whole = divided(wholeNumbers(z, amounts));
  const total = sum(whole);
  const simple = total <= MOST_ATOMS ? whole : simplest(parts(z, whole, total));
  const shown = asWritten(z, simple);
  const reduced = sum(simple) <= MOST_ATOMS ? simple : divided(wholeNumbers(z, shown.amounts));
  const atoms = sum(reduced);
  return Object.freeze({ formula: shown.text, z: Object.freeze([...z]), fractions: Object.freeze(reduced.map((n) => n / atoms)), amounts: Object.freeze(shown.amounts), reduced: Object.freeze(reduced) });
}

const sum = (values: readonly number[]): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** The same ratios in whole numbers. */
function wholeNumbers(z: readonly number[], amounts: readonly number[]): number[] {
  if (amounts.every(Number.isSafeInteger) && sum(amounts) <= LARGEST) return [...amounts];
  for (let power = 1; power <= 1e9; power *= 10) {
    const scaled = amounts.map((a) => Math.round(a * power));
    if (sum(scaled) > LARGEST) break;
    if (amounts.every((a, i) => scaled[i]! > 0 && Math.abs(a * power - scaled[i]!) <= NOISE * Math.max(1, scaled[i]!))) return scaled;
  }
  const total = sum(amounts);
  const shares = amounts.map((a) => a / total);
  for (let atoms = amounts.length; atoms <= MOST_ATOMS; atoms++)
    if (shares.every((w) => Math.abs(w * atoms - Math.round(w * atoms)) < EXACT && w * atoms > 0.5)) return shares.map((w) => Math.round(w * atoms));
  return amounts.map((a, i) => Math.round((a / total) * FINE) || rare(z[i]!, a / total));
}

function rare(z: number, share: number): never {
  throw new InputError(`amount too small: ${symbolOf(z)} is ${share.toExponential(1)} of the atoms — fractions are told apart to one in a million; leave the element out`, { value: symbolOf(z) });
}

function divided(whole: readonly number[]): number[] {
  let divisor = 0;
  for (const n of whole) for (let a = n; a > 0; [divisor, a] = [a, divisor % a]);
  return divisor === 1 ? [...whole] : whole.map((n) => n / divisor);
}

/** Millionths of the total, by largest remainder; ties go to the lighter element. */
function parts(z: readonly number[], whole: readonly number[], total: number): number[] {
  const floors = whole.map((n) => Math.floor((n * PARTS) / total));
  const rest = whole.map((n, i) => n * PARTS - floors[i]! * total);
  // A quotient of exact numbers can round up to the next whole number: set it right.
  rest.forEach((r, i) => {
    if (r < 0) {
      floors[i]!--;
      rest[i] = r + total;
    }
  });
  const order = rest.map((_, i) => i).sort((a, b) => rest[b]! - rest[a]! || a - b);
  for (let i = 0, left = PARTS - sum(floors); i < left; i++) floors[order[i]!]!++;
  floors.forEach((p, i) => p > 0 || rare(z[i]!, whole[i]! / total));
  return floors;
}

/** The formula with the fewest atoms that is shared out alike; the parts themselves when there is none. */
function simplest(millionths: readonly number[]): number[] {
  for (let atoms = millionths.length; atoms <= MOST_ATOMS; atoms++) {
    if (!fits(millionths, atoms)) continue;
    const whole = millionths.map((p) => Math.round((p * atoms) / PARTS));
    const again = parts(whole, whole, atoms);
    if (again.every((p, i) => p === millionths[i])) return divided(whole);
  }
  return divided(millionths);
}

/** Whether so many atoms can be shared out within one part of each share. */
function fits(millionths: readonly number[], atoms: number): boolean {
  let left = atoms;
  for (const p of millionths) {
    const n = Math.round((p * atoms) / PARTS);
    if (n === 0 || Math.abs(n * PARTS - p * atoms) > atoms) return false;
    left -= n;
  }
  return left === 0;
}

// ── writing ────────────────────────────────────────────────────────────────

/** Formulas with at most so many atoms are written in whole numbers. */
const SMALL = 60;
/** An alloy with more is written in at.%. */
const INTERMETALLIC = 9;
/** Multiples of one element's amount that are tried as the unit of the others. */
const MULTIPLES = 4;
const DIGITS = 3;
/** What an amount that is no whole number, and a character, cost against an atom in the total, when two ways to write a formula are compared. */
const DECIMAL_COST = 20;
const CHARACTER_COST = 3;

interface Written {
  readonly text: string;
  readonly amounts: number[];
}

/** Whole numbers for compounds, a doped element's fraction beside them, at.% for alloys: as people write it. */
function asWritten(z: readonly number[], whole: readonly number[]): Written {
  const atoms = sum(whole);
  const alloy = isAlloy(z);
  if (alloy && atoms > INTERMETALLIC && z.length > 1) {
    const percent = scaled(whole, 100, atoms, 2);
    if (percent) return { amounts: percent, text: text(z, percent, byAmount(z, percent)) };
  }
  const order = byRank(z);
  if (atoms <= SMALL) return { amounts: [...whole], text: text(z, whole, order) };
  const ways = atoms <= MOST_ATOMS ? [[...whole], ...doped(whole)] : alloy ? [] : shortened(z, whole, atoms);
  const [best] = ways.map((amounts) => ({ amounts, text: text(z, amounts, order) })).sort((a, b) => cost(a) - cost(b) || (a.text < b.text ? -1 : 1));
  if (best) return best;
  const percent = whole.map((n) => Number(((100 * n) / atoms).toFixed(4))); // exact: parts are millionths
  return { amounts: percent, text: text(z, percent, alloy ? byAmount(z, percent) : order) };
}

const cost = ({ amounts, text: { length } }: Written): number => sum(amounts) + DECIMAL_COST * amounts.filter((a) => !Number.isInteger(a)).length + CHARACTER_COST * length;

/** Amounts in which one element has 1, 2, 3 … atoms and every other a short decimal. */
const doped = (whole: readonly number[]): number[][] =>
  [...new Set(whole)].flatMap((unit) =>
    Array.from({ length: MULTIPLES }, (_, m) => scaled(whole, m + 1, unit, DIGITS)).filter((amounts) => amounts !== undefined),
  );

/**
 * The same of a formula with many atoms, known by its millionths alone: every other amount is rounded to a short decimal,
 * when that is shared out alike. YBa2Cu3O6.951 is written so, and not in at.% beside YBa2Cu3O6.95, of which a sum over
 * the formula would be eight times smaller.
 */
function shortened(z: readonly number[], whole: readonly number[], atoms: number): number[][] {
  const power = 10 ** DIGITS;
  const millionths = parts(z, whole, atoms);
  return [...new Set(whole)].flatMap((unit) =>
    Array.from({ length: MULTIPLES }, (_, m) => whole.map((n) => Math.round((n * (m + 1) * power) / unit))).filter((thousandths) => thousandths.every((n) => n > 0) && sum(thousandths) <= LARGEST && same(parts(z, thousandths, sum(thousandths)), millionths)),
  ).map((thousandths) => thousandths.map((n) => n / power));
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.every((x, i) => x === b[i]);

/** n · factor / unit, when every one of them ends within so many decimals. */
function scaled(whole: readonly number[], factor: number, unit: number, digits: number): number[] | undefined {
  const power = 10 ** digits;
  return whole.every((n) => (n * factor * power) % unit === 0) ? whole.map((n) => (n * factor * power) / unit / power) : undefined;
}

const byRank = (z: readonly number[]): number[] => z.map((_, i) => i).sort((a, b) => rank[z[b]!]! - rank[z[a]!]!);
const byAmount = (z: readonly number[], amounts: readonly number[]): number[] =>
  z.map((_, i) => i).sort((a, b) => amounts[b]! - amounts[a]! || (symbolOf(z[a]!) < symbolOf(z[b]!) ? -1 : 1));

function text(z: readonly number[], amounts: readonly number[], order: readonly number[]): string {
  let out = "";
  for (const i of order) out += amounts[i] === 1 ? symbolOf(z[i]!) : symbolOf(z[i]!) + amounts[i]!;
  return out;
}
