/*
 * Student's t with df degrees of freedom: location 0, scale 1. Tails through the incomplete beta in logarithms;
 * for very many degrees of freedom through Hill's normal deviate, Algorithm 395, CACM 13, 617 (1970).
 */
import { lgammaHalfStep, logBetaInc } from "./gamma.ts";
import { log1mexp } from "./logspace.ts";
import { logNormalCdf, logNormalMass, normalQuantile } from "./normal.ts";

const LOG_SQRT_PI = 0.5723649429247001;
/** From here Hill's expansion is exact to rounding and the continued fraction slow. */
const MANY = 1e5;

/** log density of t. */
export const logStudentDensity = (t: number, df: number): number =>
  df === Number.POSITIVE_INFINITY ? -0.5 * t * t - 0.9189385332046728 : lgammaHalfStep(df / 2) - 0.5 * Math.log(df) - LOG_SQRT_PI - ((df + 1) / 2) * log1pSquare(t, df);

/** log(1 + t²/df), also where t² overflows. */
function log1pSquare(t: number, df: number): number {
  const r = Math.abs(t) / Math.sqrt(df);
  return r > 1e150 ? 2 * Math.log(r) : Math.log1p(r * r);
}

/** log P(T ≤ t). */
export function logStudentCdf(t: number, df: number): number {
  if (Number.isNaN(t)) return t;
  if (t > 0) return log1mexp(Math.min(-Number.MIN_VALUE, logStudentCdf(-t, df)));
  if (t === 0) return -Math.LN2;
  if (t === Number.NEGATIVE_INFINITY) return t;
  return df > MANY ? logNormalCdf(-hillDeviate(t, df)) : -Math.LN2 + logTwoTails(t, df);
}

/** log P(|T| ≥ |t|) = log I_{df / (df + t²)}(df / 2, ½). */
function logTwoTails(t: number, df: number): number {
  const r2 = (Math.abs(t) / Math.sqrt(df)) ** 2;
  if (r2 > 1e15) return (-df / 2) * log1pSquare(t, df) + lgammaHalfStep(df / 2) - LOG_SQRT_PI - Math.log(df / 2);
  return logBetaInc(df / 2, 0.5, 1 / (1 + r2), r2 / (1 + r2));
}

function hillDeviate(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return Math.abs(t);
  const a = df - 0.5;
  const b = 48 * a * a;
  const y = a * log1pSquare(t, df);
  return (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * Math.sqrt(y);
}

/** P(T ≤ t). */
export const studentCdf = (t: number, df: number): number => Math.exp(logStudentCdf(t, df));

const NARROW = 5e-3;

/** log P(low ≤ T ≤ high): reflected into the left tail, so symmetric; −∞ for an empty or single-point interval. */
export function logStudentMass(low: number, high: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return logNormalMass(low, high);
  if (Number.isNaN(low) || Number.isNaN(high)) return Number.NaN;
  if (!(low < high)) return Number.NEGATIVE_INFINITY;
  if (low >= 0) return logStudentMass(-high, -low, df);
  const width = high - low;
  const middle = (low + high) / 2;
  if (width * (1 + Math.abs(slope(middle, df))) < NARROW) return logStudentDensity(middle, df) + Math.log(width) + Math.log1p((curvature(middle, df) * width * width) / 24);
  const top = logStudentCdf(Math.min(high, 0), df);
  const left = low === Number.NEGATIVE_INFINITY ? top : top + log1mexp(Math.min(0, logStudentCdf(low, df) - top));
  if (high <= 0) return left;
  // The two tails subtracted, or the two halves added.
  const tails = studentCdf(low, df) + studentCdf(-high, df);
  return tails < 0.5 ? Math.log1p(0 - tails) : Math.log(0.5 - studentCdf(low, df) + (0.5 - studentCdf(-high, df)));
}

/** d log f / dt. */
const slope = (t: number, df: number): number => (-(df + 1) * t) / (df + t * t);
/** f″ / f. */
const curvature = (t: number, df: number): number => slope(t, df) ** 2 - ((df + 1) * (df - t * t)) / (df + t * t) ** 2;

/** The p-quantile of t; ±∞ at 0 and 1. Newton on the log tail, kept inside a bracket by bisection. */
export function studentQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p > 0.5) return -studentQuantile(1 - p, df);
  if (p === 0.5) return 0;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  const logP = Math.log(p);
  let high = 0;
  let low = normalQuantile(p) * 2;
  while (logStudentCdf(low, df) > logP) {
    high = low;
    low *= 4;
  }
  let t = (low + high) / 2;
  for (let i = 0; i < 200; i++) {
    const logCdf = logStudentCdf(t, df);
    if (logCdf > logP) high = t;
    else low = t;
    const newton = t - (logCdf - logP) * Math.exp(logCdf - logStudentDensity(t, df));
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - t) <= 2e-16 * Math.abs(next)) return next;
    t = next;
  }
  return t;
}
