/* The law of errors in units of their expected size: a Student-t whose scale and tail are found by maximum likelihood. */
import { goldenSection } from "../../numeric/minimise1d.ts";
import { logStudentDensity } from "../../numeric/student.ts";

export interface ErrorLaw {
  /** Scale of the Student-t in units of the expected size. */
  readonly factor: number;
  readonly df: number;
}

const DEGREES = [3, 4, 5, 7, 10, 15, 30];
/** Few errors say nothing of tails: each candidate is charged rows' worth of difference from this one. */
const USUAL_DF = 5;

/** Rows whose errors suffice to fit two numbers. */
const MOST_ROWS = 5000;
/** Bounds of the logarithm of the factor, and how well it is found. */
const WIDEST = 4;
const TOLERANCE = 1e-4;

/** Fit to errors divided by their expected sizes; that of a normal law where there is none. */
export function fitLaw(ratios: Float64Array, weights: Float64Array): ErrorLaw {
  const step = Math.max(1, Math.ceil(ratios.length / MOST_ROWS));
  const rows = Array.from(ratios.keys()).filter((i) => i % step === 0);
  let best: ErrorLaw & { readonly value: number } = { factor: Math.sqrt(Math.PI / 2), df: 30, value: Number.POSITIVE_INFINITY };
  if (!rows.some((i) => ratios[i] !== 0)) return { factor: best.factor, df: best.df };
  for (const df of DEGREES) {
    const constant = logStudentDensity(0, df);
    const cost = (logFactor: number) => rows.reduce((sum, i) => sum + weights[i] * (logFactor + 0.5 * (df + 1) * Math.log1p((ratios[i] * Math.exp(-logFactor)) ** 2 / df) - constant), 0);
    const { x, value } = goldenSection(cost, -WIDEST, WIDEST, { tolerance: TOLERANCE });
    const charged = value + Math.abs(Math.log(df / USUAL_DF));
    if (charged < best.value) best = { factor: Math.exp(x), df, value: charged };
  }
  return { factor: best.factor, df: best.df };
}
