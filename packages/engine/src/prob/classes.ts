/* Scores of class probabilities against the classes that were found. Codes index levels; −1 is not allowed here. */
import { InputError } from "../base/errors.ts";
import type { Matrix } from "../numeric/types.ts";

function checkCodes(codes: Int32Array, rows: number, levels: number): void {
  if (codes.length !== rows || rows === 0) throw new InputError(`nothing to score: ${rows} predictions of ${codes.length} classes — there is one for each, and at least one`);
  for (const code of codes) if (!(code >= 0 && code < levels)) throw new InputError(`unknown class: ${code} — codes are 0 .. ${levels - 1}`, { value: code });
}

/** Mean −log p of the class found (nats); +∞ where a class that occurred had probability 0. */
export function logLoss(codes: Int32Array, { rows, cols, data }: Matrix): number {
  checkCodes(codes, rows, cols);
  return -codes.reduce((sum, code, i) => sum + Math.log(data[i * cols + code]!), 0) / rows;
}

/** Mean Σ_k (p_k − 1[k found])², in 0 .. 2 (Brier 1950). */
export function brierScore(codes: Int32Array, { rows, cols, data }: Matrix): number {
  checkCodes(codes, rows, cols);
  let sum = 0;
  for (let i = 0; i < rows; i++) for (let k = 0; k < cols; k++) sum += (data[i * cols + k]! - (codes[i] === k ? 1 : 0)) ** 2;
  return sum / rows;
}

/** The likeliest level of every row; of equals the first. */
export const likeliest = ({ rows, cols, data }: Matrix): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let k = 1; k < cols; k++) if (data[i * cols + k]! > data[i * cols + best]!) best = k;
    return best;
  });

/** levels × levels counts: row = class found, column = class predicted. */
export function confusionMatrix(codes: Int32Array, predicted: Int32Array, levels: number): Matrix {
  checkCodes(codes, predicted.length, levels);
  checkCodes(predicted, codes.length, levels);
  const data = new Float64Array(levels * levels);
  codes.forEach((code, i) => (data[code * levels + predicted[i]!]! += 1));
  return { rows: levels, cols: levels, data };
}

export interface ClassScore {
  /** Of the rows predicted to be this class, the share that are; NaN when none is predicted. */
  readonly precision: number;
  /** Of the rows of this class, the share predicted so; NaN when there is none. */
  readonly recall: number;
  /** Rows of this class. */
  readonly support: number;
}

/** Precision and recall of every class, from a confusion matrix. */
export const classScores = ({ rows: levels, data }: Matrix): readonly ClassScore[] =>
  Array.from({ length: levels }, (_, k) => {
    let support = 0;
    let called = 0;
    for (let j = 0; j < levels; j++) {
      support += data[k * levels + j]!;
      called += data[j * levels + k]!;
    }
    const hit = data[k * levels + k]!;
    return { precision: called > 0 ? hit / called : Number.NaN, recall: support > 0 ? hit / support : Number.NaN, support };
  });
