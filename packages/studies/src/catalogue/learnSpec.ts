/* What the learn section of a study asks for, as specifications of learners by their catalogue names. */
import type { LearnerSpec } from "@tatara/engine/learn";
import { automatic, usesNetwork } from "./learners.ts";
import type { Study } from "../schema/study.ts";

type Learn = Study["learn"];

/** Shares of the training rows at which the report's learning curve is measured. */
export const CURVE: readonly number[] = [0.25, 0.5, 0.75, 1];

/** Trials that a split takes at most; one that divides all rows takes as many as folds. */
const TRIALS: Readonly<Record<string, number>> = { sorted: 2, element: 10 };

/** Fits that scoring a property under other splits takes at most. */
export const splitFits = (names: readonly string[], folds: number): number => names.reduce((sum, name) => sum + (TRIALS[name] ?? folds), 0);

/** Fits with a search for options: one for each fold, the last one, and those of the learning curve, of intervals and of the splits that are named. */
const searches = ({ folds, intervals, splits = [] }: Learn): number => folds + 1 + CURVE.length + (intervals === undefined ? 0 : intervals.method === "split" ? 1 : folds) + splitFits(splits, folds);

const narrowed = (spec: LearnerSpec, { select }: Learn): LearnerSpec => (select === undefined ? spec : { name: "selected", options: { learner: spec.name, options: spec.options ?? {}, features: select.features } });

/** What decides, beside the study, which learners there are. */
export interface Circumstances {
  /** Models that the search for options is shared by. */
  readonly properties: number;
  /** Whether ways of transfer are chosen among. */
  readonly transferred: boolean;
  /** Whether `auto` tries networks. */
  readonly networks: boolean;
}

/** The learner that a study names, with its options searched and its features chosen as the study says; or `auto`, and what it tries; or the choice among ways of transfer. */
export function learnSpec(learn: Learn, { properties, transferred, networks }: Circumstances): { readonly learner: LearnerSpec | "auto"; readonly candidates: readonly LearnerSpec[] } {
  const { model, options, tune } = learn;
  if (transferred) return { learner: { name: "transfer" }, candidates: [{ name: "transfer" }] };
  if (model === "auto") return { learner: "auto", candidates: automatic.filter((spec) => networks || !usesNetwork(spec)).map((spec) => narrowed(spec, learn)) };
  const own: LearnerSpec = tune === undefined ? { name: model, options } : { name: "tuned", options: { learner: model, options, seconds: tune.seconds / (searches(learn) * properties) } };
  const learner = narrowed(own, learn);
  return { learner, candidates: [learner] };
}
