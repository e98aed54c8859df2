/* Each set of rules against the model (fidelity) and against the truth (accuracy), beside the model itself. */
import { fold, type Key } from "@tatara/engine/base";
import { fidelityOf, type AnswerAgreement, type Fidelity, type Labels } from "@tatara/engine/explain";
import type { Groups } from "@tatara/engine/prob";

export interface RuleSet {
  readonly name: string;
  /** Yes, no, −1 where it was not asked. */
  readonly said: Labels;
  /** Whether it was made without the rows that it is asked about. */
  readonly outOfFold: boolean;
}

export interface Compared {
  readonly name: string;
  readonly outOfFold: boolean;
  /** Rows compared. */
  readonly rows: number;
  readonly fidelity: AnswerAgreement;
  /** Share of the variance of the model's probability that yes and no explain. */
  readonly explained: Fidelity["explained"];
  readonly accuracy: AnswerAgreement;
}

export interface Comparison {
  readonly sets: readonly Compared[];
  /** The model against the truth: asked by the aim, and from one half on. */
  readonly model: { readonly cut: number; readonly byAim: AnswerAgreement; readonly byHalf: AnswerAgreement };
}

export interface Comparing {
  readonly sets: readonly RuleSet[];
  readonly truth: Labels;
  readonly probability: Float64Array;
  readonly cut: number;
  readonly groups: Groups;
}

const DRAWS = 500;

export function compare(key: Key, { sets, truth, probability, cut, groups }: Comparing): Comparison {
  const on = (set: RuleSet | undefined, yesFrom: number): { readonly rows: number; readonly found: Fidelity } => {
    const rows = Array.from(truth.keys()).filter((i) => !Number.isNaN(probability[i]!) && truth[i]! >= 0 && (set === undefined || set.said[i]! >= 0));
    const model = Int8Array.from(rows, (i) => (probability[i]! >= yesFrom ? 1 : 0));
    const found = fidelityOf(fold(key, set?.name ?? "model"), { said: set === undefined ? model : rows.map((i) => set.said[i]!), model, probability: Float64Array.from(rows, (i) => probability[i]!), truth: Int8Array.from(rows, (i) => truth[i]!), groups: rows.map((i) => groups[i]!) }, { draws: DRAWS });
    return { rows: rows.length, found };
  };
  return {
    sets: sets.map((set) => {
      const { rows, found } = on(set, cut);
      return { name: set.name, outOfFold: set.outOfFold, rows, fidelity: found.fidelity, explained: found.explained, accuracy: found.accuracy };
    }),
    model: { cut, byAim: on(undefined, cut).found.model, byHalf: on(undefined, HALF).found.model },
  };
}

const HALF = 0.5;
