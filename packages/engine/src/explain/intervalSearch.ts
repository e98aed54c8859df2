/*
 * Beam search for conjunctions of intervals: each state is extended by the best interval of every feature, and the
 * best few that differ are kept. Worth is expected recall − price × false-positive rate, linear in rows, so that the
 * best interval of one feature, given the others, is found exactly (bestInterval.ts); at the end conditions are
 * exchanged in turn, or dropped, until nothing is gained.
 */
import { pause, type Context } from "../base/context.ts";
import { bestRun, type Run } from "./bestInterval.ts";
import { columnIn, type Points, pointsOf, type SortedTable } from "./intervalData.ts";
import { highEnd, lowEnd } from "./roundEnd.ts";

/** One interval by feature number; ends may be infinite. */
export interface Span {
  readonly feature: number;
  readonly low: number;
  readonly high: number;
}

export interface Found {
  readonly spans: readonly Span[];
  /** Expected share of new positives inside. */
  readonly recall: number;
  /** Share of the negatives' loss inside. */
  readonly passed: number;
  readonly worth: number;
}

export interface SearchOptions {
  /** Most conditions of a rule. */
  readonly most: number;
  /** States kept at each length. */
  readonly beam: number;
  /** Features of one number say the same thing: a rule uses at most one of them. Length d. */
  readonly group: Int32Array;
  /** Worth that each condition must add. */
  readonly leastGain: number;
  /** Rules returned. */
  readonly keep: number;
}

export interface Problem {
  readonly sorted: SortedTable;
  readonly points: Points;
  /** Loss of each row, summing to one over the negatives; 0 elsewhere. */
  readonly loss: Float64Array;
}

interface State extends Found {
  /** What is left of each positive's weight. */
  readonly left: Float64Array;
  /** 1 at the negatives inside. */
  readonly inside: Uint8Array;
  /** The negatives inside, ascending by each feature. */
  readonly orders: readonly Int32Array[];
}

/** A problem from weights of rows (0 leaves a row out) and what it costs to let each negative through. */
export function problemOf(sorted: SortedTable, weights: Float64Array, losses: Float64Array, smoothing: number): Problem {
  const loss = new Float64Array(sorted.rows);
  let total = 0;
  for (const i of sorted.negatives) total += loss[i] = weights[i] * losses[i];
  return { sorted, points: pointsOf(sorted, weights, smoothing), loss: loss.map((l) => l / total) };
}

/** What is inside the spans, with the negatives sorted by every feature: filtered from `orders`, which hold at least those. */
function stateAt({ sorted, points, loss }: Problem, spans: readonly Span[], price: number, orders: readonly Int32Array[]): State {
  const inside = Uint8Array.from(loss, (l) => (l > 0 ? 1 : 0));
  const left = points.weight.slice();
  for (const { feature, low, high } of spans) {
    const column = columnIn(sorted, feature);
    for (let i = 0; i < inside.length; i++) if (!(column[i] >= low && column[i] <= high)) inside[i] = 0;
    const share = shareInside(points, feature, low, high);
    for (let p = 0; p < left.length; p++) left[p] *= share[p];
  }
  let passed = 0;
  for (let i = 0; i < inside.length; i++) if (inside[i] === 1) passed += loss[i];
  const recall = left.reduce((a, b) => a + b, 0);
  return { spans, recall, passed, worth: recall - price * passed, left, inside, orders: filtered(orders, inside) };
}

/** Share of each positive's points between the ends. */
function shareInside({ values, owner, rows, each }: Points, feature: number, low: number, high: number): Float64Array {
  const share = new Float64Array(rows.length);
  const v = values[feature];
  for (let k = 0; k < v.length; k++) if (v[k] >= low && v[k] <= high) share[owner[feature][k]] += 1 / each;
  return share;
}

function filtered(orders: readonly Int32Array[], inside: Uint8Array): readonly Int32Array[] {
  let count = 0;
  for (let i = 0; i < inside.length; i++) count += inside[i];
  const all = new Int32Array(count * orders.length + 1); // the write before the count is known may go one past the end
  let at = 0;
  return orders.map((order) => {
    const from = at;
    for (let p = 0; p < order.length; p++) {
      all[at] = order[p];
      at += inside[order[p]];
    }
    return all.subarray(from, at);
  });
}

interface Extension {
  readonly span: Span;
  readonly worth: number;
}

/** Best interval of every feature whose group is free, on top of a state; best first. */
function extensions({ sorted, points, loss }: Problem, state: State, price: number, group: Int32Array): readonly Extension[] {
  const used = new Set(state.spans.map(({ feature }) => group[feature]));
  const gains = state.left.map((w) => w / points.each);
  const priced = loss.map((l) => l * price);
  const run: Run = { gain: 0, first: 0, last: 0, below: 0, above: 0 };
  const out: Extension[] = [];
  for (let j = 0; j < sorted.cols; j++) {
    if (used.has(group[j])) continue;
    bestRun({ order: state.orders[j], loss: priced, column: columnIn(sorted, j), gains }, points, j, run);
    if (run.below === Number.NEGATIVE_INFINITY && run.above === Number.POSITIVE_INFINITY) continue;
    out.push({ span: { feature: j, low: lowEnd(run.below, run.first), high: highEnd(run.last, run.above) }, worth: run.gain });
  }
  return out.sort((a, b) => b.worth - a.worth || a.span.feature - b.span.feature);
}

/** Two rules whose negatives overlap so much (Jaccard) are one. */
const NEAR = 0.95;

function nearlyEqual(a: State, b: State): boolean {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.inside.length; i++) {
    both += a.inside[i] & b.inside[i];
    either += a.inside[i] | b.inside[i];
  }
  return both >= NEAR * either && Math.abs(a.recall - b.recall) < 1 - NEAR;
}

/** The first `most` that differ, best first. */
function distinct<S extends State>(states: Iterable<S>, most: number): S[] {
  const kept: S[] = [];
  for (const state of states) {
    if (kept.length >= most) break;
    if (!kept.some((other) => nearlyEqual(other, state))) kept.push(state);
  }
  return kept;
}

/** Best rules at one price, best first; without conditions when none is worth its price. */
export async function searchAt(problem: Problem, price: number, options: SearchOptions, ctx: Context): Promise<readonly Found[]> {
  const { most, beam, group, leastGain, keep } = options;
  const root = stateAt(problem, [], price, problem.sorted.ascending);
  const finished: State[] = [root];
  let states: readonly State[] = [root];
  for (let length = 0; length < most && states.length > 0; length++) {
    const candidates: (Extension & { readonly state: State })[] = [];
    for (const state of states) {
      await pause(ctx);
      for (const one of extensions(problem, state, price, group).slice(0, 2 * beam)) if (one.worth > state.worth + leastGain) candidates.push({ state, ...one });
    }
    candidates.sort((a, b) => b.worth - a.worth);
    const children = (function* () {
      for (const { state, span } of candidates) yield stateAt(problem, [...state.spans, span], price, state.orders);
    })();
    states = distinct(children, beam);
    finished.push(...states.slice(0, keep));
  }
  const refinedOnes: State[] = [];
  for (const state of finished.toSorted((a, b) => b.worth - a.worth).slice(0, keep)) refinedOnes.push(await refined(problem, state, price, options, ctx));
  return distinct(refinedOnes.toSorted((a, b) => b.worth - a.worth), keep);
}

/** Rounds of exchange: two suffice nearly always. */
const ROUNDS = 5;
const ROUNDING = 1e-12;

/** Exchange each condition for the best there is, given the others, or drop it, until nothing is gained. */
async function refined(problem: Problem, start: State, price: number, { group, leastGain }: SearchOptions, ctx: Context): Promise<State> {
  let best = start;
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    for (let k = 0; k < best.spans.length; k++) {
      await pause(ctx);
      const base = stateAt(problem, best.spans.filter((_, at) => at !== k), price, problem.sorted.ascending);
      const first = extensions(problem, base, price, group)[0];
      if (first !== undefined && first.worth > best.worth + ROUNDING) best = stateAt(problem, [...base.spans.slice(0, k), first.span, ...base.spans.slice(k)], price, base.orders);
      if (best.worth <= base.worth + leastGain) best = base;
    }
    if (best === before) break;
  }
  return best;
}

/** Prices looked at on the way to a wanted recall, on a logarithmic scale. */
const CHEAPEST = 0.1;
const DEAREST = 1000;
const HALVINGS = 9;

/** Of the rules found at many prices, those that let the least through at an expected recall of at least `recall`. */
export async function searchForRecall(problem: Problem, recall: number, options: SearchOptions, ctx: Context): Promise<readonly Found[]> {
  let [low, high] = [Math.log(CHEAPEST), Math.log(DEAREST)];
  let best: readonly Found[] = [];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    const found = (await searchAt(problem, Math.exp(middle), options, ctx)).filter((one) => one.recall >= recall);
    if (found.length > 0) low = middle;
    else high = middle;
    found.sort((a, b) => a.passed - b.passed);
    if (found.length > 0 && (best.length === 0 || found[0].passed <= best[0].passed)) best = found;
  }
  return best.length > 0 ? best : searchAt(problem, 0, options, ctx);
}
