/*
 * How much each of several learners is worth in a mixture of them, from their out-of-fold predictions of the same rows:
 * weights that are not negative and sum to one, of least squared error for numbers (Breiman 1996,
 * doi 10.1007/BF00117832; van der Laan, Polley & Hubbard 2007, doi 10.2202/1544-6115.1309), of largest mean log
 * probability for classes. Both are convex, so that the answer does not depend on where the search starts.
 */
import { simplexLeastSquares } from "../numeric/simplexQp.ts";
import { calibrateNumber } from "./calibrate.ts";
import { type Mixing, mixNumbers, mixProbabilities } from "./mixed.ts";
import { type CategoryOutOfFold, type NumberOutOfFold, type OutOfFold, concatenate, takePredictions, withoutHurdle } from "./outOfFold.ts";

/** A member of less weight is left out. */
const LEAST = 0.02;

/** Weights of the members, and of numbers the factors of their standard deviations; `weights` of rows, when they differ, in the order of the predictions. */
export function stackWeights(members: readonly OutOfFold[], rowWeights?: Float64Array): Required<Mixing> {
  const numbers = members.filter((oof): oof is NumberOutOfFold => oof.kind === "number");
  const found = numbers.length === members.length ? leastSquares(numbers, rowWeights) : likeliest(members as readonly CategoryOutOfFold[], rowWeights);
  return { weights: tidied(found), factors: members.map((oof) => (oof.kind === "number" ? factorOf(oof) : 1)) };
}

/** Standard deviation of the calibrated law, in those of the member's own. */
function factorOf(oof: NumberOutOfFold): number {
  const { factor, df } = calibrateNumber(oof);
  return factor * (df === Number.POSITIVE_INFINITY ? 1 : Math.sqrt(df / (df - 2)));
}

function tidied(weights: Float64Array): readonly number[] {
  const kept = weights.map((w) => (w < LEAST ? 0 : w));
  const total = kept.reduce((a, b) => a + b, 0);
  return Array.from(kept, (w) => w / total);
}

/** Errors are in standard deviations of the target, so that nothing overflows. */
function leastSquares(members: readonly NumberOutOfFold[], rowWeights?: Float64Array): Float64Array {
  const [{ y }] = members;
  const centre = y.reduce((a, b) => a + b, 0) / y.length;
  const scale = Math.sqrt(y.reduce((sum, v) => sum + (v - centre) ** 2, 0) / y.length) || 1;
  const root = y.map((_, i) => Math.sqrt(rowWeights?.[i] ?? 1) / scale);
  const data = Float64Array.from({ length: members.length * y.length }, (_, at) => root[at % y.length] * (members[Math.floor(at / y.length)].mean[at % y.length] - centre));
  return simplexLeastSquares({ rows: members.length, cols: y.length, data }, y.map((v, i) => root[i] * (v - centre))).weights;
}

/** Rounds of expectation and maximisation, each of which raises the likelihood; and the change that ends them. */
const ROUNDS = 2000;
const SETTLED = 1e-6;
/** What no member thinks possible counts alike for all, and a part of it is no zero. */
const IMPOSSIBLE = 1e-300;

function likeliest(members: readonly CategoryOutOfFold[], rowWeights?: Float64Array): Float64Array {
  const [{ codes, levels }] = members;
  const p = members.map((oof) => Float64Array.from(codes, (code, i) => Math.max(oof.probability[i * levels.length + code], IMPOSSIBLE)));
  const w = rowWeights ?? new Float64Array(codes.length).fill(1);
  const total = w.reduce((a, b) => a + b, 0);
  let weights = new Float64Array(members.length).fill(1 / members.length);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(members.length);
    for (let i = 0; i < codes.length; i++) {
      let sum = 0;
      for (let k = 0; k < p.length; k++) sum += weights[k] * p[k][i];
      for (let k = 0; k < p.length; k++) next[k] += (w[i] / total) * ((weights[k] * p[k][i]) / sum);
    }
    const moved = Math.max(...next.map((v, k) => Math.abs(v - weights[k])));
    weights = next;
    if (moved < SETTLED) break;
  }
  return weights;
}

/** What the mixture predicts for the same rows. */
export function mixOutOfFold(members: readonly OutOfFold[], mixing: Mixing): OutOfFold {
  const [first] = members;
  if (first.kind === "number") {
    const { mean, sd, hurdle } = mixNumbers(members as readonly NumberOutOfFold[], first.y.length, mixing);
    return { ...withoutHurdle(first), mean, sd, ...(hurdle && { hurdle }) };
  }
  return { ...first, probability: mixProbabilities((members as readonly CategoryOutOfFold[]).map(({ probability }) => probability), mixing.weights) };
}

/** The stack of some learners' out-of-fold predictions: rows of each fold are mixed by the weights that the other folds give. */
export function nestedStack(members: readonly OutOfFold[], rowWeights?: Float64Array): OutOfFold {
  const { fold } = members[0];
  const places = Array.from(fold.keys());
  const tests = [...new Set(fold)].map((own) => places.filter((i) => fold[i] === own));
  const parts = tests.map((own) => {
    const others = places.filter((i) => fold[i] !== fold[own[0]]);
    const mixing = stackWeights(members.map((oof) => takePredictions(oof, others)), rowWeights && Float64Array.from(others, (i) => rowWeights[i]));
    return mixOutOfFold(members.map((oof) => takePredictions(oof, own)), mixing);
  });
  const place = new Int32Array(fold.length);
  tests.flat().forEach((row, k) => (place[row] = k));
  return takePredictions(parts.reduce((a, b) => concatenate(a, b)), place);
}
