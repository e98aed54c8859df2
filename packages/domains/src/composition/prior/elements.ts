/*
 * Which elements go together, learnt from a corpus: a formula names its elements electropositive first, so a set of
 * elements is a sentence with one order, and its probability a product over what comes next, the end included. What
 * comes next is counted after the whole beginning, and smoothed by Witten and Bell's rule (1991, doi 10.1109/18.87000)
 * with what follows the last element and the other ones, and that with an even choice. Normalised exactly: only
 * elements more electronegative than the last may follow.
 */
import { stream, type Key } from "@tatara/engine/base";
import { LAST_Z, rank } from "../symbols.ts";

/** The place of the end among what may come next; elements have their atomic numbers. */
const END = 0;
const SIDE = LAST_Z + 1;

interface Counts {
  readonly after: Map<number, number>;
  total: number;
}

export interface ElementModel {
  /** Elements that occur, by falling rank. */
  readonly universe: readonly number[];
  logDensity(z: readonly number[]): number;
  sample(key: Key): number[];
}

/** Learn from lists of elements by falling rank with the number of times each was seen. */
export function elementModel(sentences: readonly (readonly [z: readonly number[], count: number])[], most: number): ElementModel {
  const universe = [...new Set(sentences.flatMap(([z]) => z))].toSorted((a, b) => rank[b]! - rank[a]!);
  const beginnings = new Map<string, Counts>();
  const followers = new Float64Array(SIDE * SIDE); // [a · SIDE + b]: b right after a; a = 0 is the start, b = 0 the end
  const company = new Float64Array(SIDE * SIDE); // b anywhere after a
  for (const [z, count] of sentences) {
    z.forEach((element, i) => {
      note(beginnings, z.slice(0, i).join(","), element, count);
      followers[(i === 0 ? 0 : z[i - 1]!) * SIDE + element]! += count;
      for (let j = 0; j < i; j++) company[z[j]! * SIDE + element]! += count;
    });
    note(beginnings, z.join(","), END, count);
    followers[z.at(-1)! * SIDE + END]! += count;
  }

  /** Probabilities of the end and of every element that may come next, in the order of `choices`. */
  function next(z: readonly number[]): { readonly choices: readonly number[]; readonly p: Float64Array } {
    const last = z.at(-1);
    const choices = [...(last === undefined ? [] : [END]), ...(z.length >= most ? [] : last === undefined ? universe : universe.filter((element) => rank[element]! < rank[last]!))];
    const even = new Float64Array(choices.length).fill(1 / choices.length);
    const near = smoothed(choices, (x) => followers[(last ?? 0) * SIDE + x]!, even);
    const known = beginnings.get(z.join(","));
    const lower = z.length < 2 ? near : withCompany(choices, near, z);
    return { choices, p: known ? smoothed(choices, (x) => known.after.get(x) ?? 0, lower) : lower };
  }

  /** Half of what follows the last element is replaced by what keeps company with all of them; the end keeps its share. */
  function withCompany(choices: readonly number[], near: Float64Array, z: readonly number[]): Float64Array {
    const end = near[0]!;
    const shares = choices.map(() => 0);
    for (const element of z) {
      let sum = 0;
      for (let c = 1; c < choices.length; c++) sum += company[element * SIDE + choices[c]!]!;
      for (let c = 1; c < choices.length; c++) shares[c]! += sum > 0 ? company[element * SIDE + choices[c]!]! / sum : 1 / (choices.length - 1);
    }
    return near.map((p, c) => (c === 0 ? p : (p + (1 - end) * (shares[c]! / z.length)) / 2));
  }

  return {
    universe,
    logDensity(z) {
      if (z.length === 0 || z.length > most) return Number.NEGATIVE_INFINITY;
      let log = 0;
      for (let i = 0; i <= z.length; i++) {
        const { choices, p } = next(z.slice(0, i));
        const at = choices.indexOf(i === z.length ? END : z[i]!);
        if (at < 0) return Number.NEGATIVE_INFINITY;
        log += Math.log(p[at]!);
      }
      return log;
    },
    sample(key) {
      const rng = stream(key);
      const z: number[] = [];
      for (;;) {
        const { choices, p } = next(z);
        let u = rng.uniform();
        const at = p.findIndex((share) => (u -= share) < 0);
        const element = choices[at < 0 ? choices.length - 1 : at]!;
        if (element === END) return z;
        z.push(element);
      }
    },
  };
}

function note(table: Map<string, Counts>, beginning: string, next: number, count: number): void {
  const known = table.get(beginning) ?? { after: new Map<number, number>(), total: 0 };
  known.after.set(next, (known.after.get(next) ?? 0) + count);
  known.total += count;
  table.set(beginning, known);
}

/** Counts that lean on a lower distribution as much as they have kinds: (c + d · lower) / (n + d). */
function smoothed(choices: readonly number[], count: (choice: number) => number, lower: Float64Array): Float64Array {
  const counts = choices.map(count);
  const kinds = counts.reduce((k, c) => k + Number(c > 0), 0);
  const all = counts.reduce((a, b) => a + b, 0);
  return all === 0 ? lower : lower.map((p, i) => (counts[i]! + kinds * p) / (all + kinds));
}
