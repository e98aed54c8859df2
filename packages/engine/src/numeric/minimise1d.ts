/* Minimisation and root finding of functions of one variable. Deterministic; the function is called only inside the bracket. */
import { InputError, NumericalError } from "../base/errors.ts";

export interface Minimum {
  readonly x: number;
  readonly value: number;
}

export interface Search1d {
  /** Relative width of the final bracket. */
  readonly tolerance?: number;
  readonly iterations?: number;
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;

/** The minimum of a unimodal f on [low, high] by golden sections; ends are tried too. */
export function goldenSection(f: (x: number) => number, low: number, high: number, { tolerance = 1e-8, iterations = 200 }: Search1d = {}): Minimum {
  checkBracket(low, high);
  let [a, b] = [low, high];
  let x1 = a + GOLDEN * (b - a);
  let x2 = b - GOLDEN * (b - a);
  let f1 = f(x1);
  let f2 = f(x2);
  for (let i = 0; i < iterations && b - a > tolerance * (1 + Math.abs(a) + Math.abs(b)); i++) {
    if (f1 <= f2) {
      [b, x2, f2] = [x2, x1, f1];
      x1 = a + GOLDEN * (b - a);
      f1 = f(x1);
    } else {
      [a, x1, f1] = [x1, x2, f2];
      x2 = b - GOLDEN * (b - a);
      f2 = f(x2);
    }
  }
  return best([{ x: x1, value: f1 }, { x: x2, value: f2 }, { x: low, value: f(low) }, { x: high, value: f(high) }]);
}

const best = (points: readonly Minimum[]): Minimum => points.reduce((a, b) => (b.value < a.value ? b : a));

const checkBracket = (low: number, high: number) => {
  if (!(low <= high && Number.isFinite(low) && Number.isFinite(high))) throw new InputError(`bracket: ${low} .. ${high} — two finite numbers, the lower first`, { value: [low, high] });
};

/** The minimum of f on [low, high]: parabolas guarded by golden sections. Brent, "Algorithms for Minimization without Derivatives" (1973), ch. 5. */
export function brent(f: (x: number) => number, low: number, high: number, { tolerance = 1e-8, iterations = 100 }: Search1d = {}): Minimum {
  checkBracket(low, high);
  let [a, b] = [low, high];
  let x = a + GOLDEN * (b - a);
  let [w, v] = [x, x];
  let fx = f(x);
  let [fw, fv] = [fx, fx];
  let [step, before] = [0, 0];
  for (let i = 0; i < iterations; i++) {
    const middle = (a + b) / 2;
    const least = tolerance * Math.abs(x) + 1e-12;
    if (Math.abs(x - middle) <= 2 * least - (b - a) / 2) break;
    const jump = parabola(x, w, v, fx, fw, fv);
    if (Math.abs(before) > least && Math.abs(jump) < Math.abs(before) / 2 && x + jump > a && x + jump < b) {
      [before, step] = [step, jump];
      if (x + step - a < 2 * least || b - x - step < 2 * least) step = x < middle ? least : -least;
    } else {
      before = x < middle ? b - x : a - x;
      step = GOLDEN * before;
    }
    const u = x + (Math.abs(step) >= least ? step : Math.sign(step) * least);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return { x, value: fx };
}

/** Step from x to the vertex through three points; NaN when they are in line. */
function parabola(x: number, w: number, v: number, fx: number, fw: number, fv: number): number {
  const r = (x - w) * (fx - fv);
  const q = (x - v) * (fx - fw);
  return -((x - v) * q - (x - w) * r) / (2 * (q - r));
}

/** A root of f in [low, high], to the last bit, by bisection; f must change sign. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  checkBracket(low, high);
  const [start, end] = [f(low), f(high)];
  if (start === 0) return low;
  if (end === 0) return high;
  if (!(start < 0 !== end < 0) || Number.isNaN(start + end)) throw new NumericalError(`no change of sign: f(${low}) = ${start}, f(${high}) = ${end} — a root needs one`, { low, high, start, end });
  let [a, b] = [low, high];
  for (;;) {
    const middle = a + (b - a) / 2;
    if (middle <= a || middle >= b) return middle;
    if (f(middle) < 0 === start < 0) a = middle;
    else b = middle;
  }
}
