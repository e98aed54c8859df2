/*
 * Rectangle probabilities of the bivariate standard normal. The centre is taken from the orthant probability
 * of Drezner & Wesolowsky (1990) as improved by Genz, Stat. Comput. 14, 251 (2004), absolute error about 1e-15.
 * Where the rectangle is so unlikely that the difference of orthants would cancel, the conditional probability
 * is integrated in logarithms instead: the integrand is log-concave, so one window around its mode holds it all.
 */
import { goldenSection } from "./minimise1d.ts";
import { gaussLegendre } from "./quadrature.ts";
import { logSumExp } from "./logspace.ts";
import { logNormalDensity, logNormalMass, normalCdf } from "./normal.ts";

/** An orthant difference below this has lost digits that the tail integral keeps. */
const CANCELS = 1e-5;
/** Nearer to ±1 the conditional sd would be lost in rounding. */
const NEAREST = 1 - 1e-8;

/** log P(low0 ≤ X ≤ high0, low1 ≤ Y ≤ high1) of standard normals with correlation r; finite wherever both marginals are. */
export function logBivariateMass(low: readonly [number, number], high: readonly [number, number], r: number): number {
  const first = logNormalMass(low[0], high[0]);
  const second = logNormalMass(low[1], high[1]);
  if (r === 0 || !Number.isFinite(first + second)) return first + second;
  const rho = Math.min(Math.max(r, -NEAREST), NEAREST);
  const p = Math.abs(r) < 0.99 ? upper(low[0], low[1], rho) - upper(high[0], low[1], rho) - upper(low[0], high[1], rho) + upper(high[0], high[1], rho) : 0;
  const mass = p > CANCELS ? Math.log(p) : logTailMass(low, high, rho);
  return Math.min(mass, first, second);
}

/** P(X > h, Y > k), Genz's BVNU for |r| < 0.925 and its series beyond. */
export function upperOrthant(h: number, k: number, r: number): number {
  return upper(h, k, Math.min(Math.max(r, -NEAREST), NEAREST));
}

function upper(h: number, k: number, r: number): number {
  if (h === Number.POSITIVE_INFINITY || k === Number.POSITIVE_INFINITY) return 0;
  if (h === Number.NEGATIVE_INFINITY) return k === Number.NEGATIVE_INFINITY ? 1 : normalCdf(-k);
  if (k === Number.NEGATIVE_INFINITY) return normalCdf(-h);
  return Math.abs(r) < 0.925 ? moderate(h, k, r) : strong(h, k, r);
}

/** The integral of dP/dr from 0 to r in the variable asin r. */
function moderate(h: number, k: number, r: number): number {
  const { nodes, weights } = gaussLegendre(Math.abs(r) < 0.3 ? 6 : Math.abs(r) < 0.75 ? 12 : 20);
  const half = (h * h + k * k) / 2;
  const angle = Math.asin(r) / 2;
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const s = Math.sin(angle * (1 + nodes[i]!));
    sum += weights[i]! * Math.exp((s * h * k - half) / (1 - s * s));
  }
  return (sum * angle) / (2 * Math.PI) + normalCdf(-h) * normalCdf(-k);
}

/** |r| ≥ 0.925: Genz's eqs. (5)-(6), expanded about r = ±1. */
function strong(h: number, k0: number, r: number): number {
  const k = r < 0 ? -k0 : k0;
  const hk = h * k;
  const as = (1 - r) * (1 + r);
  let a = Math.sqrt(as);
  const bs = (h - k) ** 2;
  const c = (4 - hk) / 8;
  const d = (12 - hk) / 80;
  const e = -(bs / as + hk) / 2;
  let sum = e > -100 ? a * Math.exp(e) * (1 - (c * (bs - as) * (1 - d * bs)) / 3 + c * d * as * as) : 0;
  if (hk > -100) {
    const b = Math.sqrt(bs);
    sum -= Math.exp(-hk / 2) * Math.sqrt(2 * Math.PI) * normalCdf(-b / a) * b * (1 - (c * bs * (1 - d * bs)) / 3);
  }
  a /= 2;
  const { nodes, weights } = gaussLegendre(20);
  for (let i = 0; i < nodes.length; i++) {
    const xs = (a * (1 + nodes[i]!)) ** 2;
    const exponent = -(bs / xs + hk) / 2;
    if (exponent <= -100) continue;
    const rs = Math.sqrt(1 - xs);
    sum += a * weights[i]! * Math.exp(exponent) * (Math.exp((-hk * xs) / (2 * (1 + rs) ** 2)) / rs - (1 + c * xs * (1 + 5 * d * xs)));
  }
  const edge = -sum / (2 * Math.PI);
  if (r > 0) return edge + normalCdf(-Math.max(h, k));
  if (h >= k) return -edge;
  return (h < 0 ? normalCdf(k) - normalCdf(h) : normalCdf(-h) - normalCdf(-k)) - edge;
}

/** How far below its peak the log integrand may fall before it no longer counts. */
const DROP = 45;
/** Standard normals live within this; further out the log density alone decides. */
const FAR = 1e8;

/** log ∫ φ(x) P(low1 ≤ Y ≤ high1 | x) dx over low0 .. high0, on a window around the mode. */
function logTailMass(low: readonly [number, number], high: readonly [number, number], r: number): number {
  const s = Math.sqrt((1 - r) * (1 + r));
  const f = (x: number) => logNormalDensity(x) + logNormalMass((low[1] - r * x) / s, (high[1] - r * x) / s);
  const from = Math.max(low[0], -FAR);
  const to = Math.min(high[0], FAR);
  const mode = goldenSection((x) => -f(x), ...modeBracket(f, from, to), { tolerance: 1e-10, iterations: 120 }).x;
  const peak = f(mode);
  const left = edge(f, mode, from, peak - DROP);
  const right = edge(f, mode, to, peak - DROP);
  const kinks = [left, right, mode, low[1] / r, high[1] / r].filter((x) => x >= left && x <= right).toSorted((a, b) => a - b);
  const pieces = kinks.slice(1).map((b, i) => logPiece(f, kinks[i]!, b));
  return logSumExp(Float64Array.from(pieces));
}

/** An interval inside from .. to that holds the mode: the unbounded normal part falls off, so step outwards from the nearest point to 0. */
function modeBracket(f: (x: number) => number, from: number, to: number): [number, number] {
  const start = Math.min(Math.max(0, from), to);
  const reach = (sign: 1 | -1): number => {
    let step = 1;
    let x = start;
    for (; step < 4 * FAR; step *= 2) {
      const next = Math.min(Math.max(start + sign * step, from), to);
      if (next === x || f(next) < f(x)) return next;
      x = next;
    }
    return x;
  };
  return [reach(-1), reach(1)];
}

/** Where f falls through `level` between the mode and `limit`, or `limit` itself. */
function edge(f: (x: number) => number, mode: number, limit: number, level: number): number {
  if (f(limit) >= level || mode === limit) return limit;
  let inside = mode;
  let outside = limit;
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2;
    if (f(middle) >= level) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** log ∫ e^f between a and b, in four panels of 20 nodes. */
function logPiece(f: (x: number) => number, a: number, b: number): number {
  const { nodes, weights } = gaussLegendre(20);
  const panels = 4;
  const terms = new Float64Array(panels * nodes.length);
  const half = (b - a) / (2 * panels);
  for (let p = 0; p < panels; p++)
    for (let i = 0; i < nodes.length; i++) terms[p * nodes.length + i] = Math.log(weights[i]! * half) + f(a + half * (2 * p + 1 + nodes[i]!));
  return logSumExp(terms);
}
