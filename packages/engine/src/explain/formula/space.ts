/*
 * The space of formulas, grown round by round as in SISSO (Ouyang, Curtarolo, Ahmetcik, Scheffler & Ghiringhelli,
 * Phys. Rev. Materials 2, 083802 (2018)): all pairs of what is there are joined by all operators that their units
 * allow. The full space explodes after two rounds, so later rounds join the best found so far, of every size, with
 * small formulas and with one another (sure independence screening between rounds). What is screened away early is
 * lost: the search is wide, not complete.
 */
import { pause, type Context } from "../../base/context.ts";
import { convert, one, type Unit } from "../../base/unit.ts";
import type { Feature, Table } from "../../data/types.ts";
import { applyBinary, applyUnary, isBinary, measureOf, measureOfTwo, type Binary, type Expression, type Measure, type Operator, type Unary } from "./expression.ts";
import { scorerOf, type FormulaTarget } from "./score.ts";

export interface Candidate {
  readonly expression: Expression;
  readonly measure: Measure;
  /** Operators in it. */
  readonly size: number;
  /** Values on the rows searched. */
  readonly values: Float64Array;
  readonly score: number;
  readonly tie: number;
}

export interface SpaceOptions {
  readonly operators: readonly Operator[];
  /** Rounds of joining. */
  readonly rounds: number;
  /** Most operators in a formula. */
  readonly mostSize: number;
  /** Formulas of each size that go on to the next round. */
  readonly keep: number;
}

/** The same table with one unit for each dimension (that of its first feature), pure numbers without percent, temperatures from absolute zero: so that sums are sums. */
export function coherent(x: Table): Table {
  const units: Unit[] = [];
  const features = x.features.map((feature): Feature => {
    const { unit } = feature;
    const number = unit.dimension.every((e) => e === 0);
    const known = units.find((u) => u.dimension.every((e, k) => e === unit.dimension[k]));
    const to = number ? one : (known ?? (unit.offset === 0 ? unit : { symbol: "K", dimension: unit.dimension, scale: 1, offset: 0 }));
    if (known === undefined) units.push(to);
    return { ...feature, unit: to };
  });
  return { ...x, features, data: x.data.map((v, at) => convert(v, x.features[at % x.cols].unit, features[at % x.cols].unit)) };
}

/** The best of each size, with few of those that rank rows alike; values are kept only for them. */
interface Shelf {
  offer(make: () => Expression, measure: Measure, size: number, values: Float64Array, score: number, tie: number): void;
  readonly sizes: ReadonlyMap<number, Candidate[]>;
}

/** Formulas of one size that rank rows alike (as x and ln x) and are kept: they score the same and build differently. */
const MOST_ALIKE = 3;

function shelf(keep: number): Shelf {
  const sizes = new Map<number, Candidate[]>();
  const shortest = new Map<string, number>();
  return {
    sizes,
    offer(make, measure, size, values, score, tie) {
      if (!(score > 0)) return;
      const list = sizes.get(size) ?? [];
      if (list.length >= keep && !better(score, tie, list.at(-1)!)) return;
      if (list.filter((one) => one.score === score && Math.abs(one.tie - tie) < ALIKE).length >= MOST_ALIKE) return;
      const print = fingerprint(values);
      if ((shortest.get(print) ?? Number.POSITIVE_INFINITY) <= size) return;
      shortest.set(print, size);
      let at = list.length;
      while (at > 0 && better(score, tie, list[at - 1])) at--;
      list.splice(at, 0, { expression: make(), measure, size, values: values.slice(), score, tie });
      if (list.length > keep) list.pop();
      sizes.set(size, list);
    },
  };
}

const ALIKE = 1e-9;
const better = (score: number, tie: number, than: Candidate): boolean => score > than.score || (score === than.score && tie > than.tie);

/** Equal for formulas that are equal but for rounding or sign. */
function fingerprint(values: Float64Array): string {
  let sum = 0;
  for (let i = 0; i < values.length; i++) if (values[i] - values[i] === 0) sum += values[i] * Math.cos(i * 1.7 + 0.3);
  return Math.abs(sum).toPrecision(9);
}

const COMMUTATIVE = new Set<Operator>(["+", "*", "-"]); // a − b and b − a differ in sign alone

/**
 * What a formula promises as a part of a larger one: how well it ranks, alone or with the best small formulas of its
 * unit added or taken away, whichever is most. A good sum is seldom made of parts that are good alone.
 */
function promiseOf(blocks: readonly Candidate[], target: FormulaTarget, rows: Int32Array): (measure: Measure, values: Float64Array) => number {
  const some = sample(target, rows);
  const scorer = scorerOf(target, some.map((place) => rows[place]));
  const rank = (values: Float64Array) => (scorer.score(values) === Number.NEGATIVE_INFINITY ? 0 : scorer.tie());
  const own = new Float64Array(some.length);
  const joined = new Float64Array(some.length);
  const simple = blocks.filter(({ size }) => size <= 1).map(({ measure, values }) => ({ measure, values: Float64Array.from(some, (place) => values[place]) }));
  const ranked = simple.map((one) => ({ ...one, rank: rank(one.values) })).toSorted((a, b) => b.rank - a.rank);
  return (measure, values) => {
    for (let k = 0; k < some.length; k++) own[k] = values[some[k]];
    let best = rank(own);
    let partners = 0;
    for (const partner of ranked) {
      if (partners === PARTNERS || measureOfTwo("+", measure, partner.measure) === undefined) continue;
      partners++;
      for (const op of ["+", "-"] as const) {
        fill(joined, op, own, partner.values);
        best = Math.max(best, rank(joined));
      }
    }
    return best;
  };
}

/** Small formulas of one unit that a formula is tried with. */
const PARTNERS = 5;
/** Rows on which promise is judged. */
const SAMPLE = 160;

/** Places of rows spread evenly over the order of the target: both classes in proportion, numbers over their range. */
function sample(target: FormulaTarget, rows: Int32Array): Int32Array {
  const y = target.kind === "class" ? target.labels : target.values;
  const order = Int32Array.from(rows.keys()).sort((a, b) => y[rows[a]] - y[rows[b]] || a - b);
  const n = Math.min(SAMPLE, order.length);
  return Int32Array.from({ length: n }, (_, k) => order[Math.floor(((k + 0.5) * order.length) / n)]).sort();
}

/** Grow from the features of a coherent table; `rows` are those searched. Best first within each size. */
export async function growSpace(x: Table, rows: Int32Array, target: FormulaTarget, { operators, rounds, mostSize, keep }: SpaceOptions, ctx: Context): Promise<ReadonlyMap<number, readonly Candidate[]>> {
  const unary = operators.filter((op): op is Unary => !isBinary(op));
  const binary = operators.filter(isBinary);
  const scorer = scorerOf(target, rows);
  const buffer = new Float64Array(rows.length);
  const extend: Extend = (a, offer) => {
    if (a.size >= mostSize) return;
    for (const op of unary) {
      const measure = measureOf(op, a.measure);
      if (measure === undefined || undoes(op, a.expression.op)) continue;
      for (let i = 0; i < buffer.length; i++) buffer[i] = applyUnary(op, a.values[i]);
      offer(() => ({ op, of: a.expression }), measure, a.size + 1, buffer);
    }
  };
  const join: Join = (a, b, mirrored, offer) => {
    const size = a.size + b.size + 1;
    if (size > mostSize) return;
    for (const op of binary) {
      if ((mirrored && COMMUTATIVE.has(op)) || (a === b && op !== "+")) continue;
      const measure = measureOfTwo(op, a.measure, b.measure);
      if (measure === undefined) continue;
      fill(buffer, op, a.values, b.values);
      offer(() => ({ op, left: a.expression, right: b.expression }), measure, size, buffer);
    }
  };
  const primary = x.features.map(({ name, unit }, j): Candidate => ({ expression: { op: "feature", name }, measure: unit, size: 0, values: Float64Array.from(rows, (i) => x.data[i * x.cols + j]), score: 0, tie: 0 }));
  const blocks = smallFormulas(primary, extend, join);
  const promise = promiseOf(blocks, target, rows);
  const found = shelf(keep);
  const promising = shelf(keep);
  let last = false;
  const offer: Offer = (make, measure, size, values) => {
    const score = scorer.score(values);
    if (score === Number.NEGATIVE_INFINITY) return;
    const tie = scorer.tie();
    found.offer(make, measure, size, values, score, tie);
    if (!last && size < mostSize) promising.offer(make, measure, size, values, promise(measure, values), tie);
  };
  for (const a of blocks) offer(() => a.expression, a.measure, a.size, a.values);
  let fresh: readonly Candidate[] = blocks;
  const old: Candidate[] = [];
  for (let round = 0; round < rounds; round++) {
    last = round === rounds - 1;
    for (const [done, a] of fresh.entries()) {
      await pause(ctx);
      ctx.report({ stage: "grow formulas", done: round * fresh.length + done, total: rounds * fresh.length });
      extend(a, offer);
      fresh.forEach((b, k) => join(a, b, k > done, offer));
      for (const b of old) {
        join(a, b, false, offer);
        join(b, a, true, offer);
      }
    }
    old.push(...fresh);
    const known = new Set(old.map(({ expression }) => expression));
    fresh = [...promising.sizes.values()].flat().filter(({ expression }) => !known.has(expression));
  }
  return found.sizes;
}

/** Two functions that make nothing new. */
const undoes = (outer: Unary, inner: Expression["op"]): boolean => {
  const pair = `${outer} ${inner}`;
  return pair === "ln exp" || pair === "exp ln" || pair === "sqrt square" || pair === "square sqrt" || pair === "inverse inverse" || pair === "inverse /" || (outer === "exp" && inner === "exp");
};

type Offer = (make: () => Expression, measure: Measure, size: number, values: Float64Array) => void;
type Extend = (a: Candidate, offer: Offer) => void;
/** `mirrored`: the pair was, or will be, joined the other way round. */
type Join = (a: Candidate, b: Candidate, mirrored: boolean, offer: Offer) => void;

/** Features, what one operator makes of them, and functions of that: all that differ. */
function smallFormulas(primary: readonly Candidate[], extend: Extend, join: Join): readonly Candidate[] {
  const all: Candidate[] = [...primary];
  const seen = new Set(primary.map(({ values }) => fingerprint(values)));
  const offer: Offer = (make, measure, size, values) => {
    const print = fingerprint(values);
    if (seen.has(print) || values.some((v) => Number.isNaN(v)) || values.every((v) => v === values[0])) return;
    seen.add(print);
    all.push({ expression: make(), measure, size, values: values.slice(), score: 0, tie: 0 });
  };
  primary.forEach((a, i) => {
    extend(a, offer);
    primary.forEach((b, j) => join(a, b, j > i, offer));
  });
  for (const a of all.slice(primary.length)) extend(a, offer);
  return all;
}

function fill(out: Float64Array, op: Binary, a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = applyBinary(op, a[i], b[i]);
}
