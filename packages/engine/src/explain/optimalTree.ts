/*
 * The best shallow tree there is: of all trees of depth ≤ 3 that ask "is this feature at most that?", the one of least
 * weighted error plus a price for each leaf. Greedy trees are near it at best; a tree of three questions that a reader
 * is to trust should not owe its shape to greed. After Demirović et al., "MurTree", JMLR 23(26) (2022): rows as bit
 * sets, and trees of depth two solved at once from counts of pairs of questions.
 *
 * Exact over the questions asked: at most `bins` − 1 thresholds a feature, at quantiles, and of those the `questions`
 * that divide the classes best alone. The result says how many were left out; none were, when the numbers agree.
 */
import { InputError } from "../base/errors.ts";
import { pause, type Context } from "../base/context.ts";
import type { CategoryColumn, Table } from "../data/types.ts";
import { lowEnd } from "./roundEnd.ts";
import { covers, formatCondition, type FormatOptions } from "./rule.ts";
import type { Condition } from "./types.ts";

export interface OptimalTreeOptions {
  /** 1, 2 or 3 (default). */
  readonly depth?: number;
  /** Parts of a feature at quantiles. Default 8. */
  readonly bins?: number;
  /** Most questions. Default 150: the work grows with their cube. */
  readonly questions?: number;
  /** Fewest rows in a leaf. Default 5. */
  readonly minLeaf?: number;
  /** Cost of an error by class found, in the order of levels; one by default. "balanced" makes the classes' sums equal. */
  readonly classWeights?: readonly number[] | "balanced";
  /** Weighted share of errors that one more leaf must save. Default 0. */
  readonly leafPrice?: number;
}

export interface TreeLeaf {
  readonly kind: "leaf";
  /** Code of the answer. */
  readonly answer: number;
  /** Training rows of each class. */
  readonly counts: readonly number[];
}

export interface TreeSplit {
  readonly kind: "split";
  /** An upper end alone. Missing values go to `no`. */
  readonly condition: Condition;
  readonly yes: TreeNode;
  readonly no: TreeNode;
}

export type TreeNode = TreeLeaf | TreeSplit;

export interface OptimalTree {
  readonly levels: readonly string[];
  readonly root: TreeNode;
  /** Weighted share of errors on the training rows. */
  readonly error: number;
  readonly leaves: number;
  /** Questions searched, and those there were. */
  readonly questions: { readonly asked: number; readonly of: number };
}

/** Rows as bits, 32 a word. */
type Bits = Uint32Array;

interface Question {
  readonly condition: Condition;
  readonly bits: Bits;
}

interface Search {
  readonly questions: readonly Question[];
  /** Rows of each class. */
  readonly classes: readonly Bits[];
  /** Cost of an error by class; all rows wrong cost one. */
  readonly cost: Float64Array;
  readonly minLeaf: number;
  readonly leafPrice: number;
}

interface Solution {
  readonly cost: number;
  readonly tree: Draft;
}

type Draft = { readonly question?: undefined } | { readonly question: number; readonly yes: Draft; readonly no: Draft };

const LEAF: Draft = {};
/** Of trees that cost the same, the one of fewest leaves: less than any error of a hundred million rows. */
const TIE = 1e-9;

/** Search all trees. Rows of code −1 are left out. */
export async function optimalTree(x: Table, y: CategoryColumn, options: OptimalTreeOptions, ctx: Context): Promise<OptimalTree> {
  const { depth = 3, bins = 8, questions: most = 150, minLeaf = 5, leafPrice = 0, classWeights } = options;
  if (![1, 2, 3].includes(depth)) throw new InputError(`depth of a tree: ${depth} — 1, 2 or 3`, { path: "depth", value: depth });
  if (y.codes.length !== x.rows) throw new InputError(`classes of ${y.codes.length} rows — the table has ${x.rows}`, { value: y.codes.length });
  const rows = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => y.codes[i] >= 0);
  if (rows.length === 0) throw new InputError("no rows with a class: 0 — a tree needs some");
  const classes = y.levels.map((_, k) => bitsOf(rows, (i) => y.codes[i] === k));
  const cost = costOf(classes.map(popcount), classWeights);
  const all = askable(x, rows, bins);
  const setting = { classes, cost, minLeaf, leafPrice: leafPrice + TIE };
  const whole = bitsOf(rows, () => true);
  const chosen = all.length <= most ? all : all.map((question) => ({ question, worth: splitCost(setting, whole, question.bits) })).toSorted((a, b) => a.worth - b.worth).slice(0, most).map(({ question }) => question);
  const search: Search = { ...setting, questions: chosen };
  const { tree } = await solve(search, whole, depth, Number.POSITIVE_INFINITY, ctx);
  const root = grown(search, tree, whole);
  const leaves = leavesOf(root);
  return { levels: y.levels, root, error: leaves.reduce((sum, { answer, counts }) => sum + counts.reduce((s, n, k) => (k === answer ? s : s + n * cost[k]), 0), 0), leaves: leaves.length, questions: { asked: chosen.length, of: all.length } };
}

function costOf(counts: readonly number[], weights: OptimalTreeOptions["classWeights"]): Float64Array {
  if (Array.isArray(weights) && (weights.length !== counts.length || weights.some((w: number) => !(w >= 0)))) throw new InputError(`class weights: ${weights.join(", ")} — ${counts.length} numbers ≥ 0`, { path: "classWeights", value: weights });
  const raw = counts.map((n, k) => (weights === "balanced" ? (n > 0 ? 1 / n : 0) : ((weights as readonly number[] | undefined)?.[k] ?? 1)));
  const total = raw.reduce((sum, w, k) => sum + w * counts[k], 0);
  return Float64Array.from(raw, (w) => w / total);
}

function bitsOf(rows: Int32Array, has: (row: number) => boolean): Bits {
  const bits = new Uint32Array(Math.ceil(rows.length / 32));
  rows.forEach((row, at) => {
    if (has(row)) bits[at >> 5] |= 1 << (at & 31);
  });
  return bits;
}

/** Bits set in a word: Warren, "Hacker's Delight" (2002), figure 5-2. */
function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function popcount(a: Bits): number {
  let sum = 0;
  for (let w = 0; w < a.length; w++) sum += ones(a[w]);
  return sum;
}

function countBoth(a: Bits, b: Bits): number {
  let sum = 0;
  for (let w = 0; w < a.length; w++) sum += ones(a[w] & b[w]);
  return sum;
}

const and = (a: Bits, b: Bits): Bits => a.map((word, w) => word & b[w]);
const without = (a: Bits, b: Bits): Bits => a.map((word, w) => word & ~b[w]);

/** Thresholds of every feature at quantiles, each between two neighbouring values; equal questions once. */
function askable(x: Table, rows: Int32Array, bins: number): readonly Question[] {
  const seen = new Set<string>();
  return x.features.flatMap(({ name, unit }, j) => {
    const values = Float64Array.from(rows, (i) => x.data[i * x.cols + j]).filter((v) => !Number.isNaN(v)).sort();
    const questions: Question[] = [];
    for (let q = 1; q < bins; q++) {
      const at = Math.round((q * values.length) / bins);
      let next = at;
      while (next > 0 && next < values.length && values[next] === values[next - 1]) next++;
      if (next <= 0 || next >= values.length) continue;
      const high = lowEnd(values[next - 1], values[next - 1] / 2 + values[next] / 2);
      const bits = bitsOf(rows, (i) => x.data[i * x.cols + j] <= high);
      const print = bits.join(",");
      if (seen.has(print)) continue;
      seen.add(print);
      questions.push({ condition: { feature: name, unit, high }, bits });
    }
    return questions;
  });
}

/** Cost of the best answer for counts of classes, and a leaf's price; +∞ for too few rows. */
function leafCost({ cost, minLeaf, leafPrice }: Omit<Search, "questions">, counts: ArrayLike<number>): number {
  let [rows, all, most] = [0, 0, 0];
  for (let k = 0; k < counts.length; k++) {
    rows += counts[k];
    all += counts[k] * cost[k];
    most = Math.max(most, counts[k] * cost[k]);
  }
  return rows < minLeaf ? Number.POSITIVE_INFINITY : all - most + leafPrice;
}

/** What one question alone leaves wrong: Gini's impurity, which orders better than errors do. */
function splitCost({ classes, cost }: Omit<Search, "questions">, whole: Bits, bits: Bits): number {
  const gini = (weights: readonly number[]) => {
    const total = weights.reduce((a, b) => a + b, 0);
    return total > 0 ? total - weights.reduce((s, w) => s + w * w, 0) / total : 0;
  };
  const yes = classes.map((of, k) => countBoth(of, bits) * cost[k]);
  const no = classes.map((of, k) => countBoth(of, without(whole, bits)) * cost[k]);
  return gini(yes) + gini(no);
}

/** The best tree of at most this depth on some rows, if it costs less than `limit`. */
async function solve(search: Search, rows: Bits, depth: number, limit: number, ctx: Context): Promise<Solution> {
  const counts = search.classes.map((of) => countBoth(of, rows));
  const alone = leafCost(search, counts);
  let best: Solution = { cost: alone, tree: LEAF };
  // A split has two leaves at least, none of them larger than this.
  if (depth === 0 || alone <= 2 * search.leafPrice || alone === Number.POSITIVE_INFINITY) return best;
  if (depth <= 2) return solveTwo(search, rows, counts, depth, best);
  for (const [q, { bits }] of search.questions.entries()) {
    await pause(ctx);
    ctx.report({ stage: "search trees", done: q, total: search.questions.length });
    const bound = Math.min(best.cost, limit);
    const yes = await solve(search, and(rows, bits), depth - 1, bound, ctx);
    if (yes.cost + search.leafPrice >= bound) continue;
    const no = await solve(search, without(rows, bits), depth - 1, bound - yes.cost, ctx);
    if (yes.cost + no.cost < best.cost) best = { cost: yes.cost + no.cost, tree: { question: q, yes: yes.tree, no: no.tree } };
  }
  return best;
}

/** All trees of depth one or two at once: the classes' counts of each pair of questions give every leaf. */
function solveTwo(search: Search, rows: Bits, counts: readonly number[], depth: number, leaf: Solution): Solution {
  const { questions, classes } = search;
  const [m, K] = [questions.length, classes.length];
  const single = new Int32Array(m * K);
  const present = classes.map((of) => compact(rows, of, questions));
  for (let q = 0; q < m; q++) for (let k = 0; k < K; k++) single[q * K + k] = popcount(present[k][q]);
  const pick = (q: number) => single.subarray(q * K, (q + 1) * K);
  const rest = (q: number) => counts.map((n, k) => n - single[q * K + k]);
  let best = leaf;
  if (depth === 1) {
    for (let q = 0; q < m; q++) {
      const cost = leafCost(search, pick(q)) + leafCost(search, rest(q));
      if (cost < best.cost) best = { cost, tree: { question: q, yes: LEAF, no: LEAF } };
    }
    return best;
  }
  // Best way to go on below each answer of each question: a leaf, or a second question.
  const below = Array.from({ length: 2 * m }, (_, at) => ({ cost: leafCost(search, at < m ? pick(at) : rest(at - m)), second: -1 }));
  const both = new Int32Array(K);
  const cells = [new Int32Array(K), new Int32Array(K), new Int32Array(K)];
  for (let q = 0; q < m; q++)
    for (let r = 0; r < q; r++) {
      for (let k = 0; k < K; k++) {
        both[k] = countBoth(present[k][q], present[k][r]);
        cells[0][k] = single[q * K + k] - both[k];
        cells[1][k] = single[r * K + k] - both[k];
        cells[2][k] = counts[k] - both[k] - cells[0][k] - cells[1][k];
      }
      const [yy, yn, ny, nn] = [leafCost(search, both), leafCost(search, cells[0]), leafCost(search, cells[1]), leafCost(search, cells[2])];
      improve(below[q], yy + yn, r);
      improve(below[m + q], ny + nn, r);
      improve(below[r], yy + ny, q);
      improve(below[m + r], yn + nn, q);
    }
  const tree = (second: number): Draft => (second < 0 ? LEAF : { question: second, yes: LEAF, no: LEAF });
  for (let q = 0; q < m; q++) {
    const cost = below[q].cost + below[m + q].cost;
    if (cost < best.cost) best = { cost, tree: { question: q, yes: tree(below[q].second), no: tree(below[m + q].second) } };
  }
  return best;
}

function improve(entry: { cost: number; second: number }, cost: number, second: number): void {
  if (cost >= entry.cost) return;
  entry.cost = cost;
  entry.second = second;
}

/** Each question's answers on the rows of one class that are in play, squeezed together: nodes get small fast. */
function compact(rows: Bits, of: Bits, questions: readonly Question[]): readonly Bits[] {
  const places: number[] = [];
  for (let w = 0; w < rows.length; w++) {
    let word = rows[w] & of[w];
    while (word !== 0) {
      const low = word & -word;
      places.push(32 * w + (31 - Math.clz32(low)));
      word ^= low;
    }
  }
  return questions.map(({ bits }) => {
    const out = new Uint32Array(Math.ceil(places.length / 32));
    for (let at = 0; at < places.length; at++) out[at >> 5] |= ((bits[places[at] >> 5] >>> (places[at] & 31)) & 1) << (at & 31);
    return out;
  });
}

/** A draft with its answers and counts; a split whose two answers agree is a leaf. */
function grown(search: Search, draft: Draft, rows: Bits): TreeNode {
  const counts = search.classes.map((of) => countBoth(of, rows));
  const weighed = counts.map((n, k) => n * search.cost[k]);
  const leaf: TreeLeaf = { kind: "leaf", answer: weighed.indexOf(Math.max(...weighed)), counts };
  if (draft.question === undefined) return leaf;
  const { condition, bits } = search.questions[draft.question];
  const [yes, no] = [grown(search, draft.yes, and(rows, bits)), grown(search, draft.no, without(rows, bits))];
  return yes.kind === "leaf" && no.kind === "leaf" && yes.answer === no.answer ? leaf : { kind: "split", condition, yes, no };
}

const leavesOf = (node: TreeNode): readonly TreeLeaf[] => (node.kind === "leaf" ? [node] : [...leavesOf(node.yes), ...leavesOf(node.no)]);

/** The class code that the tree answers, for every row. */
export function treeAnswers({ root }: Pick<OptimalTree, "root">, x: Table): Int32Array {
  const answer = (node: TreeNode): Int32Array => {
    if (node.kind === "leaf") return new Int32Array(x.rows).fill(node.answer);
    const [inside, yes, no] = [covers({ conditions: [node.condition] }, x), answer(node.yes), answer(node.no)];
    return yes.map((code, i) => (inside[i] === 1 ? code : no[i]));
  };
  return answer(root);
}

/** Indented lines: "radius ≤ 1.2 Å?", "  yes: QC (12 of 14)". */
export function formatTree({ root, levels }: OptimalTree, options: FormatOptions = {}): string {
  const lines = (node: TreeNode, before: string, indent: string): readonly string[] => {
    if (node.kind === "leaf") return [`${indent}${before}${levels[node.answer]} (${node.counts[node.answer]} of ${node.counts.reduce((a, b) => a + b, 0)})`];
    return [`${indent}${before}${formatCondition(node.condition, options)}?`, ...lines(node.yes, "yes: ", `${indent}  `), ...lines(node.no, "no: ", `${indent}  `)];
  };
  return lines(root, "", "").join("\n");
}
