/*
 * The error functions and the standard normal distribution, accurate in both tails.
 *
 * erf, erfc and erfcx are W. J. Cody's rational Chebyshev approximations, Math. Comp. 23, 631 (1969), as in
 * his CALERF; the quantile starts from Wichura's AS 241, Appl. Statist. 37, 477 (1988). Relative error is
 * about 1e-15 in erfcx, so logNormalCdf keeps full accuracy far beyond −40 sd.
 */
import { logAdd, log1mexp } from "./logspace.ts";

const SQRT1_PI = 0.5641895835477563;
const LOG_SQRT_2PI = 0.9189385332046728;
const SQRT_2PI = Math.sqrt(2 * Math.PI);

const A = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315];
const B = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const C = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const D = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const P = [0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378, 0.016315387137302097];
const Q = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];

/** Cody's form: (last·y + c0)y + c1 … over (y + d0)y + d1 …; the numerator's leading coefficient stands last. */
function ratio(top: readonly number[], bottom: readonly number[], y: number): number {
  const m = bottom.length;
  let numerator = top[m]! * y;
  let denominator = y;
  for (let i = 0; i < m - 1; i++) {
    numerator = (numerator + top[i]!) * y;
    denominator = (denominator + bottom[i]!) * y;
  }
  return (numerator + top[m - 1]!) / (denominator + bottom[m - 1]!);
}

const erfSmall = (x: number): number => x * ratio(A, B, x * x);

/** e^(x²) erfc(x) for x ≥ 0.46875. */
function erfcxPositive(x: number): number {
  if (x <= 4) return ratio(C, D, x);
  if (x > 6.71e7) return SQRT1_PI / x;
  const y = 1 / (x * x);
  return (SQRT1_PI - y * ratio(P, Q, y)) / x;
}

/** e^(−x²), with x split so that the square's rounding does not enter. */
function expMinusSquare(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** (2/√π) ∫₀ˣ e^(−t²) dt. */
export function erf(x: number): number {
  if (Math.abs(x) <= 0.46875) return erfSmall(x);
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

/** 1 − erf(x), without cancellation for x > 0. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - erfSmall(x);
  if (x < 0) return 2 - erfc(-x);
  return x > 27 ? 0 : Number.isNaN(x) ? x : expMinusSquare(x) * erfcxPositive(x);
}

/** e^(x²) erfc(x): does not underflow for large x. */
export function erfcx(x: number): number {
  if (Math.abs(x) <= 0.46875) return Math.exp(x * x) * (1 - erfSmall(x));
  if (x < 0) return 2 / expMinusSquare(-x) - erfcx(-x);
  return erfcxPositive(x);
}

/** log erfc(x), finite wherever x² is. */
export function logErfc(x: number): number {
  if (x > 1) return Math.log(erfcx(x)) - x * x;
  return x < -1 ? Math.LN2 + Math.log1p(-erfc(-x) / 2) : Math.log1p(-erf(x));
}

/** Φ(z) = P(Z ≤ z). */
export const normalCdf = (z: number): number => 0.5 * erfc(-z * Math.SQRT1_2);

/** log Φ(z). */
export function logNormalCdf(z: number): number {
  if (z > 0) return Math.log1p(-0.5 * erfc(z * Math.SQRT1_2));
  if (z > -1) return Math.log(0.5 * erfc(-z * Math.SQRT1_2));
  return z === Number.NEGATIVE_INFINITY ? z : Math.log(0.5 * erfcx(-z * Math.SQRT1_2)) - 0.5 * z * z;
}

/** log φ(z), the standard normal's log density. */
export const logNormalDensity = (z: number): number => -0.5 * z * z - LOG_SQRT_2PI;

/** Intervals narrower than this, relative to the local decay length, are taken by a fourth-order midpoint rule. */
const NARROW = 5e-3;

/** log P(low ≤ Z ≤ high) of a standard normal: reflected into the left tail, so symmetric; −∞ for an empty or single-point interval. */
export function logNormalMass(low: number, high: number): number {
  if (Number.isNaN(low) || Number.isNaN(high)) return Number.NaN;
  if (!(low < high)) return Number.NEGATIVE_INFINITY;
  if (low >= 0) return logNormalMass(-high, -low);
  const width = high - low;
  const middle = (low + high) / 2;
  if (width * (1 + Math.abs(middle)) < NARROW) return logNormalDensity(middle) + Math.log(width) + Math.log1p(((middle * middle - 1) * width * width) / 24);
  if (high > 0) return logCentralMass(low, high);
  const top = logNormalCdf(high);
  return top + log1mexp(logNormalCdf(low) - top);
}

/** low ≤ 0 < high: the two halves are added, or the two tails subtracted, whichever is smaller. */
function logCentralMass(low: number, high: number): number {
  const tails = 0.5 * (erfc(high * Math.SQRT1_2) + erfc(-low * Math.SQRT1_2));
  // Subtracting from 0 keeps log 1 from being −0.
  return tails < 0.5 ? Math.log1p(0 - tails) : Math.log(0.5 * (erf(high * Math.SQRT1_2) - erf(low * Math.SQRT1_2)));
}

const QA = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const QB = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852546,
];
const QC = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const QD = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
  1.0507500716444169e-9,
];
const QE = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
  0.000027115555687434876, 2.0103343992922881e-7,
];
const QF = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
  1.421511758316446e-7, 2.0442631033899397e-15,
];

function polynomial(c: readonly number[], x: number): number {
  let sum = 0;
  for (let i = c.length - 1; i >= 0; i--) sum = sum * x + c[i]!;
  return sum;
}

/** −Φ⁻¹ of a tail probability p = e^(−r²) ≤ 0.075, by AS 241. */
const tailQuantile = (r: number): number => (r <= 5 ? polynomial(QC, r - 1.6) / polynomial(QD, r - 1.6) : polynomial(QE, r - 5) / polynomial(QF, r - 5));

/** Φ⁻¹(p); ±∞ at 0 and 1, NaN outside. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return (q * polynomial(QA, 0.180625 - q * q)) / polynomial(QB, 0.180625 - q * q);
  const z = tailQuantile(Math.sqrt(-Math.log(q < 0 ? p : 1 - p)));
  return q < 0 ? -z : z;
}

/** Φ⁻¹(e^logP): keeps the left tail where e^logP underflows. AS 241, then Newton steps on log Φ where it was not fitted. */
export function normalQuantileOfLog(logP: number): number {
  if (logP > -2.6) return normalQuantile(Math.exp(logP));
  if (logP === Number.NEGATIVE_INFINITY) return logP;
  const r = Math.sqrt(-logP);
  let z = r <= 26 ? -tailQuantile(r) : -Math.sqrt(-2 * logP - Math.log(-4 * Math.PI * logP));
  for (let i = 0; i < (r <= 26 ? 1 : 4); i++) {
    const logCdf = logNormalCdf(z);
    z -= (logCdf - logP) * Math.exp(logCdf - logNormalDensity(z));
  }
  return z;
}

/** The u-quantile of a standard normal kept inside [low, high], computed in the left tail in logarithms. */
export function truncatedNormalQuantile(u: number, low: number, high: number): number {
  if (low > 0) return -truncatedNormalQuantile(1 - u, -high, -low);
  const z = normalQuantileOfLog(logAdd(logNormalCdf(low), Math.log(u) + logNormalMass(low, high)));
  return Math.min(Math.max(z, low), high);
}

/** φ(z). */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / SQRT_2PI;
