/*
 * How one composition becomes another. Every move knows its ratio log q(from | to) − log q(to | from) exactly; one that
 * would leave the states returns where it came from.
 */
import { fold, stream, type Key } from "@tatara/engine/base";
import type { Proposal } from "@tatara/engine/generate";
import type { Likeness } from "../alike.ts";
import type { KnownPrior } from "../prior/known.ts";
import { drawSmall, smallNumber } from "../prior/amounts.ts";
import { LARGEST_AMOUNT, mixOf, total, type Mix } from "../state.ts";

type Move = Proposal<Mix>["propose"];
const stay = (from: Mix): { readonly to: Mix; readonly logRatio: number } => ({ to: from, logRatio: 0 });

const withAmounts = ({ z }: Mix, change: (n: number[]) => void, n: number[]): Mix => {
  change(n);
  return { z, n };
};

/** Largest step of a transfer: it depends on the total, which a transfer keeps. */
const reach = (all: number): number => Math.max(1, Math.floor(all / 5));

/** Take from one element and give to another: a step on the simplex, the same both ways. */
export const transfer: Move = (key, from) => {
  const rng = stream(key);
  const k = from.z.length;
  if (k < 2) return stay(from);
  const giver = rng.below(k);
  const taker = (giver + 1 + rng.below(k - 1)) % k;
  // Small steps and large ones alike: uniform in the logarithm.
  const step = Math.min(reach(total(from)), Math.floor(Math.exp(rng.uniform() * Math.log(reach(total(from)) + 1))));
  if (from.n[giver]! <= step) return stay(from);
  return { to: withAmounts(from, (n) => ((n[giver]! -= step), (n[taker]! += step)), [...from.n]), logRatio: 0 };
};

/** One atom more or less of one element. */
export const count: Move = (key, from) => {
  const rng = stream(key);
  const at = rng.below(from.z.length);
  const next = from.n[at]! + (rng.uniform() < 0.5 ? 1 : -1);
  if (next < 1 || next > LARGEST_AMOUNT) return stay(from);
  return { to: withAmounts(from, (n) => (n[at] = next), [...from.n]), logRatio: 0 };
};

/** Two elements change places. */
export const swap: Move = (key, from) => {
  const rng = stream(key);
  const k = from.z.length;
  if (k < 2) return stay(from);
  const a = rng.below(k);
  const b = (a + 1 + rng.below(k - 1)) % k;
  return { to: withAmounts(from, (n) => ([n[a], n[b]] = [n[b]!, n[a]!]), [...from.n]), logRatio: 0 };
};

/** Share of substitutions by any element, so that every one can be reached. */
const ANY = 0.1;

/** One element gives way to a similar one, and keeps its amount. */
export function substitute(universe: readonly number[], { of }: Likeness): Move {
  const rows = new Map(universe.map((z) => [z, chances(z, universe, of)]));
  const logChance = (from: number, to: number): number => Math.log(rows.get(from)?.get(to) ?? 0);
  return (key, from) => {
    const rng = stream(key);
    const at = rng.below(from.z.length);
    const old = from.z[at]!;
    let u = rng.uniform();
    const fresh = [...(rows.get(old) ?? [])].find(([, p]) => (u -= p) < 0)?.[0];
    if (fresh === undefined || from.z.includes(fresh)) return stay(from);
    return { to: mixOf(from.z.with(at, fresh), from.n), logRatio: logChance(fresh, old) - logChance(old, fresh) };
  };
}

function chances(z: number, universe: readonly number[], of: Likeness["of"]): ReadonlyMap<number, number> {
  const others = universe.filter((other) => other !== z);
  const sum = others.reduce((all, other) => all + of(z, other), 0);
  return new Map(others.map((other) => [other, ANY / others.length + (sum > 0 ? ((1 - ANY) * of(z, other)) / sum : (1 - ANY) / others.length)]));
}

/**
 * An element comes in or goes out. Half the time the formula grows by it, half the time it takes atoms from another
 * element and gives them back when it goes, which keeps the total.
 */
export function exchange(universe: readonly number[], most: number): Move {
  return (key, from) => {
    const rng = stream(key);
    const k = from.z.length;
    const shared = rng.uniform() < 0.5;
    if (rng.uniform() < 0.5) {
      const absent = universe.filter((z) => !from.z.includes(z));
      if (k >= most || absent.length === 0) return stay(from);
      const fresh = absent[rng.below(absent.length)]!;
      return (shared ? shareIn : growIn)(from, fresh, rng, absent.length);
    }
    if (k < 2) return stay(from);
    const at = rng.below(k);
    // Only what could come in again may go out.
    if (!universe.includes(from.z[at]!)) return stay(from);
    const others = new Set(from.z.toSpliced(at, 1));
    const absent = universe.filter((z) => !others.has(z)).length;
    return (shared ? shareOut : growOut)(from, at, rng, absent);
  };
}

type Rng = ReturnType<typeof stream>;

/** In: 1/absent · p(amount); out: 1/(k + 1). */
function growIn(from: Mix, fresh: number, rng: Rng, absent: number) {
  const amount = drawSmall(rng);
  const to = mixOf([...from.z, fresh], [...from.n, amount]);
  return { to, logRatio: Math.log(absent) - Math.log(smallNumber(amount)) - Math.log(to.z.length) };
}

function growOut(from: Mix, at: number, _: Rng, absent: number) {
  const to = { z: from.z.toSpliced(at, 1), n: from.n.toSpliced(at, 1) };
  return { to, logRatio: Math.log(from.z.length) + Math.log(smallNumber(from.n[at]!)) - Math.log(absent) };
}

/** Atoms that a newcomer takes at most, of a formula's total. */
const portion = (all: number): number => Math.max(1, Math.floor(all / 4));

/** In: 1/absent · 1/k donors · 1/portion; out: 1/(k + 1) · 1/k takers. */
function shareIn(from: Mix, fresh: number, rng: Rng, absent: number) {
  const most = portion(total(from));
  const amount = 1 + rng.below(most);
  const donor = rng.below(from.z.length);
  if (from.n[donor]! <= amount) return stay(from);
  const to = mixOf([...from.z, fresh], [...from.n.with(donor, from.n[donor]! - amount), amount]);
  return { to, logRatio: Math.log(absent) + Math.log(most) - Math.log(to.z.length) };
}

function shareOut(from: Mix, at: number, rng: Rng, absent: number) {
  const most = portion(total(from));
  const amount = from.n[at]!;
  if (amount > most) return stay(from);
  const rest = { z: from.z.toSpliced(at, 1), n: from.n.toSpliced(at, 1) };
  const taker = rng.below(rest.z.length);
  const to = { z: rest.z, n: rest.n.with(taker, rest.n[taker]! + amount) };
  return { to, logRatio: Math.log(from.z.length) - Math.log(absent) - Math.log(most) };
}

/** Amounts drawn anew from the prior, for the same elements. */
export const template = ({ amounts }: KnownPrior): Move => (key, from) => {
  const to = { z: from.z, n: amounts.sample(fold(key, "amounts"), from.z) };
  return { to, logRatio: amounts.logDensity(from) - amounts.logDensity(to) };
};

/** A composition drawn anew from the prior. */
export const fresh = (prior: KnownPrior): Move => (key: Key, from: Mix) => {
  const to = prior.sample(fold(key, "fresh"));
  return { to, logRatio: prior.logDensity(from) - prior.logDensity(to) };
};
