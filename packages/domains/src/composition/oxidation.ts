/*
 * Oxidation states and charge balance. Each element takes one of the states in which it was found in crystals, with
 * their frequency as probability; among all assignments whose charges sum to zero the most probable one is taken
 * (the idea of pymatgen's guesses, Ong et al. 2013). Where none balances, one element may be of mixed valence, as Fe in
 * Fe3O4 or Cu in a doped cuprate: its mean charge then lies between two of its neighbouring states. What is not
 * balanced even so, as most alloys, is told with the charge that is left.
 */
import { facts } from "../elements/facts.ts";
import { symbolOf } from "./symbols.ts";
import type { Composition } from "./type.ts";

export interface Oxidation {
  /** Whether the charges sum to zero. */
  readonly balanced: boolean;
  /** Mean state of each element, in order of atomic number; not whole for mixed valence. */
  readonly states: readonly number[];
  /** Atomic number of the element of mixed valence. */
  readonly mixed?: number;
  /** Log probability of the states, summed over the elements; −∞ for elements without any. */
  readonly logProbability: number;
  /** Charge that is left over, per atom; 0 when balanced. */
  readonly imbalance: number;
}

interface State {
  readonly charge: number;
  readonly log: number;
}

/** Assignments that are tried at most. */
const MOST = 60_000;
/** States seen less often than this are not believed. */
const RAREST = 0.002;
/** What mixed valence costs in log probability: it is real, but not the first guess. */
const MIXED_COST = Math.log(10);
/** Anions of mixed valence (superoxides, polysulfides) are rarer still. */
const ANION_COST = Math.log(1e4);

const known = new Map<number, readonly State[]>();

function statesOf(z: number): readonly State[] {
  let states = known.get(z);
  if (!states) {
    const found = facts.get(symbolOf(z))?.oxidationStates ?? [];
    const weight = ({ count, common }: { readonly count: number; readonly common: boolean }) => count + (common ? 1 : 0.1);
    const total = found.reduce((sum, state) => sum + weight(state), 0);
    states = found.map((state) => ({ charge: state.state, log: Math.log(weight(state) / total) })).filter(({ log }, i) => i === 0 || log > Math.log(RAREST)).toSorted((a, b) => b.log - a.log);
    known.set(z, states);
  }
  return states;
}

const remembered = new WeakMap<Composition, Oxidation>();

/** The most probable oxidation states; computed once for each composition. */
export function oxidationOf(s: Composition): Oxidation {
  let answer = remembered.get(s);
  if (!answer) remembered.set(s, (answer = assign(s)));
  return answer;
}

function assign({ z, reduced }: Composition): Oxidation {
  const choices = cut(z.map(statesOf));
  const atoms = reduced.reduce((a, b) => a + b, 0);
  if (choices.some((c) => c.length === 0)) return { balanced: false, states: z.map(() => Number.NaN), logProbability: Number.NEGATIVE_INFINITY, imbalance: Number.NaN };
  if (z.length === 1) return { balanced: true, states: [0], logProbability: 0, imbalance: 0 };
  const search = searchAll(choices, reduced);
  if (search.whole) return { balanced: true, ...search.whole, imbalance: 0 };
  if (search.mixed) return { balanced: true, states: search.mixed.states, logProbability: search.mixed.logProbability, mixed: z[search.mixed.at]!, imbalance: 0 };
  return { balanced: false, states: search.nearest.states, logProbability: search.nearest.logProbability, imbalance: Math.abs(search.nearest.left) / atoms };
}

/** The likeliest states of each element, so many that their combinations can all be tried. */
function cut(choices: readonly (readonly State[])[]): readonly (readonly State[])[] {
  for (let most = 12; most > 1; most--) {
    const some = choices.map((c) => c.slice(0, most));
    if (some.reduce((product, c) => product * c.length, 1) <= MOST) return some;
  }
  return choices.map((c) => c.slice(0, 1));
}

interface Found {
  readonly states: readonly number[];
  readonly logProbability: number;
}

interface Search {
  whole?: Found;
  mixed?: Found & { readonly at: number };
  nearest: Found & { readonly left: number };
}

/** Go through all combinations, keeping the best balanced one, the best with one mixed element, and the least unbalanced. */
function searchAll(choices: readonly (readonly State[])[], amounts: readonly number[]): Search {
  const best: Search = { nearest: { states: [], logProbability: Number.NEGATIVE_INFINITY, left: Number.POSITIVE_INFINITY } };
  const pick = choices.map(() => 0);
  const visit = (k: number, charge: number, log: number): void => {
    if (k < choices.length) {
      choices[k]!.forEach((state, i) => {
        pick[k] = i;
        visit(k + 1, charge + amounts[k]! * state.charge, log + state.log);
      });
      return;
    }
    const states = () => pick.map((i, e) => choices[e]![i]!.charge);
    if (charge === 0 && log > (best.whole?.logProbability ?? Number.NEGATIVE_INFINITY)) best.whole = { states: states(), logProbability: log };
    const { nearest } = best;
    if (Math.abs(charge) < Math.abs(nearest.left) || (Math.abs(charge) === Math.abs(nearest.left) && log > nearest.logProbability)) best.nearest = { states: states(), logProbability: log, left: charge };
    if (charge !== 0 && !best.whole) tryMixed(best, { choices, pick, amounts, charge, log });
  };
  visit(0, 0, 0);
  return best;
}

interface Combination {
  readonly choices: readonly (readonly State[])[];
  readonly pick: readonly number[];
  readonly amounts: readonly number[];
  readonly charge: number;
  readonly log: number;
}

/** Move one element from its state part of the way to the next one of the same sign, so that the charges balance. */
function tryMixed(best: Search, { choices, pick, amounts, charge, log }: Combination): void {
  pick.forEach((i, e) => {
    const state = choices[e]![i]!;
    const wanted = state.charge - charge / amounts[e]!;
    for (const other of choices[e]!) {
      if (Math.sign(other.charge) !== Math.sign(state.charge) || (other.charge - wanted) * (state.charge - wanted) >= 0) continue;
      const between = choices[e]!.some(({ charge: c }) => (c - other.charge) * (c - state.charge) < 0);
      const share = (wanted - state.charge) / (other.charge - state.charge);
      const total = log + share * (other.log - state.log) - MIXED_COST - (state.charge < 0 ? ANION_COST : 0);
      if (between || total <= (best.mixed?.logProbability ?? Number.NEGATIVE_INFINITY)) continue;
      best.mixed = { states: pick.map((p, j) => (j === e ? wanted : choices[j]![p]!.charge)), logProbability: total, at: e };
    }
  });
}

/** `Fe+3 O-2`, `Cu+2.15`: for people. */
export const oxidationText = ({ z }: Composition, { states }: Oxidation): string => z.map((one, i) => `${symbolOf(one)}${states[i]! > 0 ? "+" : ""}${Number(states[i]!.toFixed(3))}`).join(" ");
