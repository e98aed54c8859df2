/*
 * Two questions about a set of rules that stands for a model: does it say what the model says (fidelity), and does it
 * say what is true (accuracy)? Either can be high without the other; both are printed, with intervals over groups.
 */
import { InputError } from "../base/errors.ts";
import { fold, type Key } from "../base/key.ts";
import { groupBootstrap, type Bootstrapped, type GroupBootstrapOptions, type Groups } from "../prob/groupBootstrap.ts";
import { separationOf } from "./separation.ts";
import type { Labels } from "./types.ts";

export interface AnswerAgreement {
  /** Share of rows answered alike. */
  readonly agreement: Bootstrapped;
  /** Cohen's κ: agreement beyond that of answers given at random with the same shares; 0 chance, 1 perfect. */
  readonly kappa: Bootstrapped;
  readonly precision: Bootstrapped;
  readonly recall: Bootstrapped;
  readonly falsePositiveRate: Bootstrapped;
}

export interface Fidelity {
  /** Rules against the model's labels. */
  readonly fidelity: AnswerAgreement;
  /** Share of the variance of the model's probability that the rules' yes and no explain, when it is given. */
  readonly explained?: Bootstrapped;
  /** Rules against the truth. */
  readonly accuracy: AnswerAgreement;
  /** The model against the truth, for comparison. */
  readonly model: AnswerAgreement;
}

export interface FidelityInput {
  /** What the rules say: 1 or 0 per row, out of fold where they were mined from these rows. */
  readonly said: ArrayLike<number>;
  /** What the model says, likewise out of fold: 1, 0, or −1 to leave a row out. */
  readonly model: Labels;
  /** The model's probability of class 1. */
  readonly probability?: Float64Array;
  /** What is true: 1, 0, or −1 where unknown. */
  readonly truth: Labels;
  readonly groups: Groups;
}

/** Count both. */
export function fidelityOf(key: Key, { said, model, probability, truth, groups }: FidelityInput, options: GroupBootstrapOptions = {}): Fidelity {
  for (const [what, length] of [["answers", said.length], ["truth", truth.length], ["groups", groups.length], ["probabilities", probability?.length ?? model.length]] as const)
    if (length !== model.length) throw new InputError(`${what}: ${length} — the model has ${model.length} labels`, { path: what, value: length });
  return {
    fidelity: agreementOf(fold(key, "fidelity"), said, model, groups, options),
    ...(probability && groupBootstrap(fold(key, "explained"), groups, (weights) => ({ explained: explained(said, probability, weights) }), options)),
    accuracy: agreementOf(fold(key, "accuracy"), said, truth, groups, options),
    model: agreementOf(fold(key, "model"), Array.from(model, (l) => (l === 1 ? 1 : 0)), truth, groups, options),
  };
}

function agreementOf(key: Key, said: ArrayLike<number>, labels: Labels, groups: Groups, options: GroupBootstrapOptions): AnswerAgreement {
  return groupBootstrap(key, groups, (weights) => {
    const { positives, negatives, support, precision, recall, falsePositiveRate } = separationOf(said, labels, { weights });
    const n = positives + negatives;
    const agreement = ((positives > 0 ? recall * positives : 0) + (negatives > 0 ? (1 - falsePositiveRate) * negatives : 0)) / n;
    const chance = (positives / n) * (support / n) + (negatives / n) * (1 - support / n);
    return { agreement, kappa: (agreement - chance) / (1 - chance), precision, recall, falsePositiveRate };
  }, options);
}

/** Between-group share of the weighted variance. */
function explained(said: ArrayLike<number>, p: Float64Array, weights: Float64Array): number {
  const weight = [0, 0];
  const sum = [0, 0];
  let squares = 0;
  for (let i = 0; i < p.length; i++) {
    weight[said[i]] += weights[i];
    sum[said[i]] += weights[i] * p[i];
    squares += weights[i] * p[i] * p[i];
  }
  const mean = (sum[0] + sum[1]) / (weight[0] + weight[1]);
  const total = squares - mean * mean * (weight[0] + weight[1]);
  const between = [0, 1].reduce((s, k) => (weight[k] > 0 ? s + weight[k] * (sum[k] / weight[k] - mean) ** 2 : s), 0);
  return total > 0 ? between / total : Number.NaN;
}
