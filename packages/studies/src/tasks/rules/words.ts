/* Features in a reader's words, and rules written with them. */
import { formatUnit } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";
import type { AnswerAgreement, Condition } from "@tatara/engine/explain";

/** What a feature is, without the explanation that follows a colon or a semicolon. */
export const wordsOf = (features: readonly Feature[]): ((name: string) => string) => {
  const about = new Map(features.map((f) => [f.name, f.about]));
  return (name) => (about.get(name) ?? name).split(/[:;] /)[0]!;
};

export const unitWords = (unit: Condition["unit"]): string => (unit.symbol === "1" ? "" : formatUnit(unit));

type Measured = AnswerAgreement["kappa"];

/** "0.81 [0.74, 0.88]". */
export const withInterval = ({ estimate, low, high }: Measured, write: (v: number) => string): string => (Number.isNaN(estimate) ? "—" : `${write(estimate)} [${write(low)}, ${write(high)}]`);
