/*
 * Error-retention curves: the mean loss of the rows that a model is surest of, as more and more rows are kept. Where
 * uncertainty tells good predictions from bad ones, the curve starts low; the best that any order can do is the oracle,
 * which keeps the rows of least loss first, and an uncertainty that says nothing gives the mean loss throughout. The
 * area under the curve (AURC, Geifman, Uziel & El-Yaniv 2019, ICLR; as error retention, Malinin et al. 2021,
 * arXiv 2107.07455) is the mean over kept = 1 … n. It judges the order of the uncertainties alone, not their size.
 * Rows of equal uncertainty count as if each had their mean loss: their order never matters.
 */
import { InputError } from "../base/errors.ts";

export interface Retention {
  /** Shares of the rows kept, ascending to 1. */
  readonly share: Float64Array;
  /** Mean loss of the rows kept: surest first, and least loss first. */
  readonly loss: Float64Array;
  readonly oracle: Float64Array;
  /** Areas under the two curves, and that of a random order, which is the mean loss. */
  readonly area: number;
  readonly oracleArea: number;
  readonly randomArea: number;
}

/** Shares of the rows at which curves are drawn. */
const SHARES = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);

/** `loss` ≥ 0 and `uncertainty` of each row; smaller uncertainty is surer. */
export function retention(loss: Float64Array, uncertainty: Float64Array, shares: readonly number[] = SHARES): Retention {
  if (loss.length !== uncertainty.length || loss.length === 0) throw new InputError(`nothing to keep: ${uncertainty.length} uncertainties of ${loss.length} losses — there is one for each, and at least one`);
  const lost = loss.findIndex(Number.isNaN);
  if (lost >= 0) throw new InputError(`loss of row ${lost} is NaN — every row has a loss`, { value: Number.NaN });
  const bad = uncertainty.findIndex(Number.isNaN);
  if (bad >= 0) throw new InputError(`uncertainty of row ${bad} is NaN — rows are put in order by numbers`, { value: Number.NaN });
  const own = running(loss, uncertainty);
  const best = running(loss, loss);
  const at = shares.map((share) => Math.max(1, Math.round(share * loss.length)) - 1);
  return {
    share: Float64Array.from(at, (k) => (k + 1) / loss.length),
    loss: Float64Array.from(at, (k) => own[k]!),
    oracle: Float64Array.from(at, (k) => best[k]!),
    area: mean(own),
    oracleArea: mean(best),
    randomArea: mean(loss),
  };
}

/** Mean loss of the first k rows in the order of `by`, for k = 1 … n. */
function running(loss: Float64Array, by: Float64Array): Float64Array {
  const order = Int32Array.from(by.keys()).sort((a, b) => by[a]! - by[b]! || a - b);
  const out = new Float64Array(loss.length);
  let sum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let tied = 0;
    for (; to < order.length && by[order[to]!] === by[order[from]!]; to++) tied += loss[order[to]!]!;
    for (let k = from; k < to; k++) out[k] = (sum + (tied * (k + 1 - from)) / (to - from)) / (k + 1);
    sum += tied;
    from = to;
  }
  return out;
}

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
