/*
 * Numeric marginals: a family of one-row laws lifted to n rows. Every verb of a marginal follows from the
 * law of its row alone, so an answer never depends on the batch, and a draw for row i uses fold(key, i) only.
 */
import { fold, stream } from "../base/key.ts";
import { InputError } from "../base/errors.ts";
import { logNormalDensity, logNormalMass, normalCdf, normalQuantile } from "../numeric/normal.ts";
import { logStudentDensity, logStudentMass, studentCdf, studentQuantile } from "../numeric/student.ts";
import type { Key, Rng } from "../base/key.ts";
import type { Unit } from "../base/unit.ts";
import type { NumericMarginal } from "./types.ts";

/** What a marginal is the distribution of. */
export interface Named {
  readonly name: string;
  readonly unit: Unit;
}

/** The distribution of one row: location and scale are inside. */
export interface RowLaw {
  logMass(low: number, high: number): number;
  quantile(p: number): number;
  cdf(y: number): number;
  logDensity(y: number): number;
  sample(rng: Rng): number;
}

/** Lift the laws of n rows to a marginal; `law(i)` is asked anew for every verb, so it must be cheap. */
export function numericMarginal({ name, unit }: Named, mean: Float64Array, sd: Float64Array, law: (row: number) => RowLaw): NumericMarginal {
  const n = mean.length;
  const each = (verb: (law: RowLaw, row: number) => number) => Float64Array.from({ length: n }, (_, i) => verb(law(i), i));
  const perRow = (y: Float64Array) => sameLength(name, y, n);
  return {
    kind: "number",
    name,
    unit,
    mean,
    sd,
    logMass(low, high) {
      const [bottom, top] = [boundAt(low), boundAt(high)];
      for (let i = 0; i < (typeof low === "number" && typeof high === "number" ? Math.min(n, 1) : n); i++) checkInterval(name, bottom(i), top(i));
      return each((law, i) => law.logMass(bottom(i), top(i)));
    },
    quantile: (p) => each((law) => law.quantile(checkProbability(name, p))),
    cdf: (y) => each((law, i) => law.cdf(perRow(y)[i]!)),
    logDensity: (y) => each((law, i) => law.logDensity(perRow(y)[i]!)),
    sample: (key: Key) => each((law, i) => law.sample(stream(fold(key, i)))),
  };
}

const boundAt = (bound: number | Float64Array) => (typeof bound === "number" ? () => bound : (i: number) => bound[i]!);

function checkInterval(name: string, low: number, high: number): void {
  if (!(low <= high)) throw new InputError(`empty interval of ${name}: ${low} .. ${high} — the lower bound comes first, neither is NaN`, { path: name, value: [low, high] });
}

function checkProbability(name: string, p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new InputError(`not a probability: ${p} — quantiles of ${name} are asked at 0 .. 1`, { path: name, value: p });
}

/** `values`, or an InputError when there is not one for each row. */
export function sameLength<A extends Float64Array>(name: string, values: A, rows: number): A {
  if (values.length === rows) return values;
  throw new InputError(`wrong number of values for ${name}: ${values.length} — there are ${rows} rows`, { path: name, value: values.length });
}

/** Scales must not be negative; NaN stays and makes that row's answers NaN. */
export function checkScales(name: string, scales: Float64Array): void {
  for (const scale of scales) if (scale < 0) throw new InputError(`negative standard deviation for ${name}: ${scale} — it is ≥ 0`, { path: name, value: scale });
}

/** One normal; sd 0 is a point mass. */
export function normalLaw(mean: number, sd: number): RowLaw {
  if (sd === 0) return pointLaw(mean);
  return {
    logMass: (low, high) => logNormalMass((low - mean) / sd, (high - mean) / sd),
    quantile: (p) => mean + sd * normalQuantile(p),
    cdf: (y) => normalCdf((y - mean) / sd),
    logDensity: (y) => logNormalDensity((y - mean) / sd) - Math.log(sd),
    sample: (rng) => mean + sd * rng.normal(),
  };
}

/** All mass at one value: its logDensity is +∞ there and −∞ elsewhere. */
const pointLaw = (at: number): RowLaw => ({
  logMass: (low, high) => (Number.isNaN(at) ? at : low <= at && at <= high ? 0 : Number.NEGATIVE_INFINITY),
  quantile: () => at,
  cdf: (y) => (Number.isNaN(y + at) ? Number.NaN : y >= at ? 1 : 0),
  logDensity: (y) => (y === at ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY),
  sample: () => at,
});

/** Y ~ N(mean, sd²), per row. A row of sd 0 is a point mass. */
export function normalMarginal({ mean, sd, ...named }: Named & { readonly mean: Float64Array; readonly sd: Float64Array }): NumericMarginal {
  checkScales(named.name, sameLength(named.name, sd, mean.length));
  return numericMarginal(named, mean, sd, (i) => normalLaw(mean[i]!, sd[i]!));
}

function studentLaw(location: number, scale: number, df: number): RowLaw {
  if (scale === 0) return pointLaw(location);
  return {
    logMass: (low, high) => logStudentMass((low - location) / scale, (high - location) / scale, df),
    quantile: (p) => location + scale * studentQuantile(p, df),
    cdf: (y) => studentCdf((y - location) / scale, df),
    logDensity: (y) => logStudentDensity((y - location) / scale, df) - Math.log(scale),
    // Bailey, Math. Comp. 62, 779 (1994), is exact too, but inversion spends one uniform and is monotone in it.
    sample: (rng) => location + scale * studentQuantile((rng.uniform() * 2 ** 53 + 0.5) / 2 ** 53, df),
  };
}

/** One Student-t, which for infinite degrees of freedom is the normal. */
export const locationLaw = (location: number, scale: number, df: number): RowLaw => (df === Number.POSITIVE_INFINITY ? normalLaw(location, scale) : studentLaw(location, scale, df));

/** Y = location + scale · T with df degrees of freedom, one number or one per row. Its sd is infinite for df ≤ 2. */
export function studentMarginal({
  location,
  scale,
  df,
  ...named
}: Named & { readonly location: Float64Array; readonly scale: Float64Array; readonly df: number | Float64Array }): NumericMarginal {
  checkScales(named.name, sameLength(named.name, scale, location.length));
  const freedom = typeof df === "number" ? () => df : (i: number) => df[i]!;
  const sd = scale.map((s, i) => s * (freedom(i) === Number.POSITIVE_INFINITY ? 1 : freedom(i) > 2 ? Math.sqrt(freedom(i) / (freedom(i) - 2)) : Number.POSITIVE_INFINITY));
  for (let i = 0; i < location.length; i++) if (!(freedom(i) > 0)) throw new InputError(`degrees of freedom of ${named.name}: ${freedom(i)} — they are > 0`, { path: named.name, value: freedom(i) });
  return numericMarginal(named, location, sd, (i) => studentLaw(location[i]!, scale[i]!, freedom(i)));
}
