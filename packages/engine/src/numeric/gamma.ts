/*
 * The gamma function's logarithm and derivative, and the incomplete gamma and beta functions.
 *
 * Series, recurrences and continued fractions of DLMF chapters 5 and 8 (https://dlmf.nist.gov); the continued
 * fractions are evaluated by Lentz's method as modified by Thompson and Barnett (1986).
 */
import { log1mexp } from "./logspace.ts";
import { NumericalError } from "../base/errors.ts";

const HALF_LOG_2PI = 0.9189385332046728;
const LOG_SQRT_PI = 0.5723649429247001;
/** B₂ₖ / (2k (2k − 1)): DLMF 5.11.1. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
/** B₂ₖ / 2k: DLMF 5.11.2. */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];
/** Above this the asymptotic series is exact to rounding. */
const LARGE = 15;
const TINY = 1e-300;
const EPSILON = 2 ** -53;

function series(coefficients: readonly number[], y: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * y + coefficients[i]!;
  return sum;
}

/** log |Γ(x)|; +∞ at the poles 0, −1, −2 … */
export function lgamma(x: number): number {
  if (x <= 0) return Number.isInteger(x) ? Number.POSITIVE_INFINITY : Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  if (x === 1 || x === 2) return 0;
  let shift = 1;
  let y = x;
  for (; y < LARGE; y++) shift *= y;
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_2PI + series(STIRLING, 1 / (y * y)) / y - Math.log(shift);
}

/** log Γ(x + ½) − log Γ(x) for x > 0, without the cancellation of two large logarithms. */
export function lgammaHalfStep(x: number): number {
  if (x < 30) return lgamma(x + 0.5) - lgamma(x);
  const y = 1 / x;
  const y2 = y * y;
  // The asymptotic expansion of the ratio, DLMF 5.11.8 with h = ½ against h = 0.
  return 0.5 * Math.log(x) + y * (-1 / 8 + y2 * (1 / 192 + y2 * (-1 / 640 + y2 * (17 / 14336 - (y2 * 31) / 18432))));
}

/** ψ(x), the derivative of log Γ. */
export function digamma(x: number): number {
  if (x <= 0) return Number.isInteger(x) ? Number.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let sum = 0;
  let y = x;
  for (; y < LARGE; y++) sum -= 1 / y;
  return sum + Math.log(y) - 0.5 / y - series(DIGAMMA, 1 / (y * y)) / (y * y);
}

/** log B(a, b). */
export function logBeta(a: number, b: number): number {
  if (b === 0.5) return LOG_SQRT_PI - lgammaHalfStep(a);
  if (a === 0.5) return logBeta(b, a);
  return lgamma(a) + lgamma(b) - lgamma(a + b);
}

/** log of the regularised lower incomplete gamma P(a, x), a > 0, x ≥ 0. */
export function logGammaP(a: number, x: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  return x < a + 1 ? logGammaSeries(a, x) : log1mexp(logGammaFraction(a, x));
}

/** log of the regularised upper incomplete gamma Q(a, x) = 1 − P(a, x). */
export function logGammaQ(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? log1mexp(logGammaSeries(a, x)) : logGammaFraction(a, x);
}

/** Regularised lower incomplete gamma P(a, x). */
export const gammaP = (a: number, x: number): number => Math.exp(logGammaP(a, x));
/** Regularised upper incomplete gamma Q(a, x). */
export const gammaQ = (a: number, x: number): number => Math.exp(logGammaQ(a, x));

/** DLMF 8.11.4. */
function logGammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 100_000 && term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return a * Math.log(x) - x - lgamma(a) + Math.log(sum);
}

/** DLMF 8.9.2. */
function logGammaFraction(a: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const fraction = lentz(
    (n) => (n === 0 ? 1 : -n * (n - a)),
    (n) => x - a + 2 * n + 1,
    `incomplete gamma a = ${a}, x = ${x}`,
  );
  return a * Math.log(x) - x - lgamma(a) + Math.log(fraction);
}

/** a₀ / (b₀ + a₁ / (b₁ + …)). */
function lentz(a: (n: number) => number, b: (n: number) => number, what: string): number {
  let d = 1 / (Math.abs(b(0)) < TINY ? TINY : b(0));
  let c = Number.POSITIVE_INFINITY;
  let value = a(0) * d;
  for (let n = 1; n < 200_000; n++) {
    d = b(n) + a(n) * d;
    c = b(n) + (c === Number.POSITIVE_INFINITY ? 0 : a(n) / c);
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    if (Math.abs(c) < TINY) c = TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) <= 4 * EPSILON) return value;
  }
  throw new NumericalError(`continued fraction does not converge: ${what} — arguments below about 1e9`);
}

/** log I_x(a, b), the regularised incomplete beta; a, b > 0, 0 ≤ x ≤ 1. `y` = 1 − x may be given where it is known more exactly. */
export function logBetaInc(a: number, b: number, x: number, y = 1 - x): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  if (y <= 0) return 0;
  return x <= (a + 1) / (a + b + 2) ? logBetaFraction(a, b, x, y) : log1mexp(Math.min(0, logBetaFraction(b, a, y, x)));
}

/** I_x(a, b), the regularised incomplete beta. */
export const betaInc = (a: number, b: number, x: number): number => Math.exp(logBetaInc(a, b, x));

/** DLMF 8.17.22. */
function logBetaFraction(a: number, b: number, x: number, y: number): number {
  const coefficient = (n: number) => {
    if (n === 0) return 1;
    const m = Math.floor(n / 2);
    return n % 2 === 0 ? (m * (b - m) * x) / ((a + n - 1) * (a + n)) : (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n));
  };
  const fraction = lentz(coefficient, () => 1, `incomplete beta a = ${a}, b = ${b}, x = ${x}`);
  const logX = x > 0.5 ? Math.log1p(-y) : Math.log(x);
  const logY = y > 0.5 ? Math.log1p(-x) : Math.log(y);
  return a * logX + b * logY - Math.log(a) - logBeta(a, b) + Math.log(fraction);
}
