/*
 * Everything that a report shows, as plain data; drawing it is `renderHtml`'s work alone.
 */
import type { Target } from "@tatara/engine/design";

export interface ReportProperty {
  readonly name: string;
  /** Unit symbol; "1" for pure numbers, "" for classes. */
  readonly unit: string;
  readonly kind: "number" | "class";
  /** The target as the study says it, with the interval in the study's unit. */
  readonly target?: {
    readonly text: string;
    readonly low: number;
    readonly high: number;
    /** Where the rising threshold of a maximised or minimised property came to stand; it is also the interval's end. */
    readonly threshold?: number;
  };
}

/** Mean loss of the surest rows, and of the rows of least loss, by the share kept. */
export interface ReportRetention {
  readonly share: readonly number[];
  readonly loss: readonly number[];
  readonly oracle: readonly number[];
}

/** One way to hold rows out, and what the chosen learner makes of it. */
export interface ReportSplit {
  readonly split: string;
  /** Whether it is the one by which the study was validated. */
  readonly own: boolean;
  /** Empty where it was not done; `note` says why. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly note: string;
  readonly trials: readonly { readonly name: string; readonly training: number; readonly metrics: Readonly<Record<string, number>> }[];
}

/** Conformal intervals or sets: what they promise, and what they held out of fold. */
export interface ReportConformal {
  readonly promise: string;
  readonly level: number;
  readonly score: string;
  /** All rows first, then groups; `size` is the mean width of finite intervals or the mean number of classes. */
  readonly checks: readonly { readonly group: string; readonly rows: number; readonly coverage: number; readonly size: number | null; readonly infinite: number }[];
}

export interface NumericValidation {
  readonly kind: "number";
  readonly name: string;
  /** Learnt by its logarithm: charts show decimal logarithms. */
  readonly scale?: "log";
  /** Learner that was chosen, and how the choice was made. */
  readonly learner: string;
  readonly choice: readonly { readonly learner: string; readonly score: number; readonly standardError: number; /** Forecast of trying it on one core. */ readonly seconds: number; readonly note: string }[];
  /** Forecast seconds of one core that the learners could take together; null where none was chosen among. */
  readonly budget: number | null;
  /** Settings that were tried for the final model, the best first; and how many features it sees where some were left out. */
  readonly settings: readonly { readonly options: string; readonly rows: number; readonly score: number; readonly chosen: boolean }[];
  readonly features: readonly string[];
  /** What a stack is made of, the largest part first. */
  readonly parts?: readonly { readonly learner: string; readonly weight: number }[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly folds: readonly Readonly<Record<string, number>>[];
  readonly points: { readonly observed: readonly number[]; readonly mean: readonly number[]; readonly lower: readonly number[]; readonly upper: readonly number[]; readonly labels: readonly string[] };
  readonly calibration: { readonly levels: readonly number[]; readonly observed: readonly number[] };
  /** Ways of transfer that were compared, errors as learnt; weights are their parts in the prediction. */
  readonly transfer?: { readonly warning: string; readonly methods: readonly { readonly method: string; readonly rmse: number; readonly difference: number; readonly se: number; readonly weight: number; readonly note: string }[] };
  /** Coverage and mean width of bands of several levels. */
  readonly bands?: readonly { readonly level: number; readonly coverage: number; readonly width: number }[];
  readonly retention?: ReportRetention;
  readonly splits?: readonly ReportSplit[];
  readonly conformal?: ReportConformal;
  readonly learningCurve?: { readonly sizes: readonly number[]; readonly error: readonly number[]; readonly spread: readonly number[]; readonly twice?: { readonly rows: number; readonly value: number; readonly low: number; readonly high: number } };
  readonly applicability?: { readonly score: readonly number[]; readonly error: readonly number[]; readonly threshold: number };
}

export interface ClassValidation {
  readonly kind: "class";
  readonly name: string;
  readonly learner: string;
  readonly choice: NumericValidation["choice"];
  readonly budget: NumericValidation["budget"];
  readonly settings: NumericValidation["settings"];
  readonly features: NumericValidation["features"];
  readonly parts?: NumericValidation["parts"];
  readonly metrics: Readonly<Record<string, number>>;
  readonly folds: readonly Readonly<Record<string, number>>[];
  readonly levels: readonly string[];
  readonly confusion: readonly (readonly number[])[];
  /** Log loss by rows learnt from. */
  readonly learningCurve?: NumericValidation["learningCurve"];
  readonly perClass: readonly { readonly level: string; readonly precision: number; readonly recall: number; readonly support: number; readonly auc?: number; readonly averagePrecision?: number }[];
  readonly splits?: readonly ReportSplit[];
  readonly conformal?: ReportConformal;
  /** Share of errors among the surest rows. */
  readonly retention?: ReportRetention;
  /** Rows by their probability of one class, or of the likeliest. */
  readonly reliability?: { readonly of: string; readonly points: readonly { readonly rows: number; readonly predicted: number; readonly found: number }[] };
}

export interface CandidateValue {
  readonly mean: number;
  readonly sd: number;
  readonly lower: number;
  readonly upper: number;
  readonly calculated?: number;
  /** The likeliest class and its probability; the numbers above are NaN then. */
  readonly label?: string;
  readonly share?: number;
}

export interface ReportCandidate {
  readonly rank: number;
  readonly structure: string;
  readonly svg: string;
  readonly probability: number;
  readonly values: readonly CandidateValue[];
  readonly inDomain: boolean;
  readonly reason: string;
  readonly novel: boolean;
  readonly nearest: string;
  readonly nearestSvg: string;
  readonly nearestSimilarity: number;
  readonly group: string;
  readonly drivers: readonly { readonly property: string; readonly items: readonly { readonly name: string; readonly value: number }[] }[];
  readonly hit?: boolean;
}

export interface ReportDesign {
  readonly mode: "exact" | "heuristic";
  /** Power of the likelihood in the last population; 1 is the posterior. */
  readonly power: number;
  readonly steps: readonly { readonly beta: number; readonly ess: number; readonly acceptance: number; readonly unique: number; readonly invalid: number; readonly modes: number; readonly evaluations: number; readonly bestLogLikelihood: number; readonly medianLogLikelihood: number; readonly medians: readonly number[]; readonly thresholds?: Readonly<Record<string, number>> }[];
  /** What became of the proposals of each kind, over all steps. */
  readonly proposals?: readonly { readonly id: string; readonly proposed: number; readonly accepted: number; readonly unchanged: number; readonly refused: number }[];
  /** Why proposals were refused, commonest first. */
  readonly reasons?: readonly { readonly reason: string; readonly count: number }[];
  readonly stopped: string;
  readonly logEvidence: number | null;
  /** Different materials evaluated, over all replicates; that of the last step when left out. */
  readonly evaluations?: number;
  readonly particles: number;
  readonly candidates: readonly ReportCandidate[];
  /** All candidates' predicted means, for the property space. */
  readonly cloud: readonly { readonly structure: string; readonly means: readonly number[]; readonly probability: number }[];
  readonly counts: { readonly unique: number; readonly inside: number; readonly novel: number; readonly inDomain: number; readonly expectedHits: number };
  /** What the similarity to the nearest known material measures, and what 1 means. */
  readonly similarity: { readonly name: string; readonly about: string };
  /** Nearest-known similarity of every candidate. */
  readonly similarities: readonly number[];
  readonly agreement?: string;
}

export interface ReportVerification {
  readonly by: string;
  readonly arms: readonly { readonly name: string; readonly calculated: number; readonly failed: number; readonly hits: number; readonly low: number; readonly high: number; readonly expected: number }[];
  readonly coverage: readonly { readonly property: string; readonly inside: number; readonly of: number }[];
  readonly classes: readonly { readonly name: string; readonly hits: number; readonly of: number }[];
  readonly baseRate: number;
}

/** One material that a screening proposes. */
export interface ReportAlloy {
  readonly rank: number;
  readonly formula: string;
  readonly system: string;
  readonly probability: number;
  /** Probability of a find that nothing known, and none before it, has made. */
  readonly gain: number;
  readonly inside: boolean;
  /** What the model says of it: classes with their probabilities. */
  readonly classes: readonly { readonly name: string; readonly share: number }[];
  readonly reason: string;
}

/** One line of the ranked list. */
export interface ReportSystem {
  readonly name: string;
  /** Hits to expect among its trials. */
  readonly score: number;
  readonly best: string;
  readonly probability: number;
  /** Share of the system's points in a region of what is looked for. */
  readonly area: number;
  readonly centre: string;
  /** Share of the trials inside the model's domain. */
  readonly inside: number;
  readonly nearest: string;
  readonly knownHits: number;
  readonly known: number;
}

/** What is drawn of one system of three free parts. */
export interface ReportTriangle {
  readonly name: string;
  readonly corners: readonly [string, string, string];
  /** Percent of the corners' sum at each point asked. */
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly classes: readonly { readonly name: string; readonly probability: Float32Array }[];
  readonly phases: readonly { readonly name: string; readonly kind: string; readonly at: readonly [number, number, number] }[];
  /** Phases that the literature knows. */
  readonly literature: readonly { readonly name: string; readonly kind: string; readonly at: readonly [number, number, number]; readonly about: string }[];
  readonly candidates: readonly { readonly at: readonly [number, number, number]; readonly about: string }[];
}

export interface ReportScreen {
  readonly targets: readonly Target[];
  /** What is looked for, in words. */
  readonly wanted: string;
  readonly count: number;
  readonly asked: number;
  readonly trials: number;
  readonly apart: number;
  /** Percent of the coarse and of the fine grid's steps. */
  readonly coarse: number;
  readonly fine: number;
  readonly regions: number;
  /** Share fixed in every system, in words; "" for none. */
  readonly slice: string;
  readonly systems: readonly ReportSystem[];
  readonly triangles: readonly ReportTriangle[];
  readonly alloys: readonly ReportAlloy[];
  readonly warnings: readonly string[];
}

/** Counts of what says yes; shares in [0, 1]. */
export interface ReportSeparation {
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly falsePositiveRate: number;
  /** The last among each kind of realistic negatives, in the report's order. */
  readonly subsets: readonly number[];
}

/** An estimate with its 95 % interval. */
export interface ReportEstimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface ReportCondition {
  /** In a reader's words. */
  readonly text: string;
  readonly feature: string;
  readonly words: string;
  readonly unit: string;
  /** Infinite where one-sided. */
  readonly low: number;
  readonly high: number;
  readonly alone: ReportSeparation;
  readonly without: ReportSeparation;
  /** Features that would do nearly as well, in words. */
  readonly substitutes: readonly string[];
  /** Values of positives and of the likest negatives. */
  readonly values: { readonly positives: readonly number[]; readonly negatives: readonly number[] };
  /** Shares of bootstraps in which it returned; undefined without bootstraps. */
  readonly returned?: { readonly feature: number; readonly group: number; readonly similar: number };
}

export interface ReportRuleSet {
  readonly name: string;
  readonly outOfFold: boolean;
  readonly fidelity: { readonly kappa: ReportEstimate; readonly precision: ReportEstimate; readonly recall: ReportEstimate };
  readonly explained?: ReportEstimate;
  readonly accuracy: { readonly precision: ReportEstimate; readonly recall: ReportEstimate; readonly falsePositiveRate: ReportEstimate };
}

export interface ReportRelation {
  readonly text: string;
  readonly narrowing: number;
  readonly inside: number;
  readonly priorInside: number;
  readonly recall: number;
  readonly falsePositiveRate: number;
  readonly subsets: readonly number[];
}

export interface ReportRules {
  readonly targets: readonly Target[];
  /** What is told apart, in words. */
  readonly wanted: string;
  readonly of: "data" | "model";
  /** What a rule is good for, in words. */
  readonly aim: string;
  readonly positives: number;
  readonly negatives: number;
  readonly features: number;
  readonly realistic: readonly { readonly name: string; readonly about: string; readonly rows: number }[];
  readonly conditions: readonly ReportCondition[];
  /** Whose values the conditions' figures show beside the positives'. */
  readonly against: string;
  readonly training: ReportSeparation;
  readonly outOfFold: ReportSeparation & { readonly interval: { readonly recall: ReportEstimate; readonly falsePositiveRate: ReportEstimate } };
  /** The rules of the folds, in words. */
  readonly ofFolds: readonly string[];
  readonly alternatives: readonly { readonly text: string; readonly training: ReportSeparation }[];
  readonly stability?: { readonly bootstraps: number; readonly overlap: number; readonly features: readonly { readonly words: string; readonly share: number }[] };
  readonly tree?: string;
  readonly fit?: { readonly lines: readonly string[]; readonly more: number; readonly about: string };
  readonly sets: readonly ReportRuleSet[];
  readonly model: { readonly cut: number; readonly outOfFold: boolean; readonly byAim: ReportRuleSet["accuracy"]; readonly byHalf: ReportRuleSet["accuracy"] };
  readonly inverse?: {
    readonly relations: readonly ReportRelation[];
    readonly commonplace: number;
    /** Real rows that the prior was learnt from. */
    readonly corpus: number;
    readonly power: number;
    readonly posterior: number;
    readonly distinct: number;
    readonly prior: number;
    readonly share: number | null;
  };
  readonly systems: readonly (ReportTriangle & { readonly holds: Uint8Array; readonly positives: number })[];
  /** The two features most used, where there are no systems to draw. */
  readonly space?: {
    readonly x: { readonly words: string; readonly unit: string; readonly low: number; readonly high: number };
    readonly y: { readonly words: string; readonly unit: string; readonly low: number; readonly high: number };
    readonly positives: readonly { readonly x: number; readonly y: number; readonly title: string }[];
    readonly negatives: readonly (readonly [number, number])[];
  };
  readonly warnings: readonly string[];
}

/** The error of one way to learn by the number of training rows. */
export interface ReportCurve {
  readonly way: string;
  readonly transfers: boolean;
  readonly points: readonly {
    readonly rows: number;
    /** Mean over repeats, with its standard error. */
    readonly error: number;
    readonly se: number;
    readonly repeats: number;
    /** Share inside the 90 % band; null for classes. */
    readonly coverage: number | null;
    /** To the best way without transfer at this size, in the same repeats. */
    readonly difference?: { readonly mean: number; readonly se: number; readonly to: string; readonly verdict: "helps" | "hurts" | "cannot be told" };
  }[];
  /** Rows until the wanted error by the law of the curve, with a 90 % band; infinite where it never comes. */
  readonly until?: { readonly value: number; readonly low: number; readonly high: number };
}

export interface ReportCurves {
  readonly repeats: number;
  readonly split: string;
  readonly properties: readonly { readonly name: string; readonly unit: string; readonly measure: string; readonly wanted?: number; readonly curves: readonly ReportCurve[] }[];
  readonly warnings: readonly string[];
}

export interface ReportData {
  readonly title: string;
  readonly about: string;
  readonly study: string;
  readonly version: string;
  readonly seed: number;
  readonly seconds: number;
  readonly command: string;
  readonly data: { readonly id: string; readonly table: string; readonly rows: number; readonly rejected: number; readonly merged: number; readonly features: number; readonly split: string };
  readonly properties: readonly ReportProperty[];
  readonly validation: readonly (NumericValidation | ClassValidation)[];
  readonly design?: ReportDesign;
  readonly verification?: ReportVerification;
  readonly screen?: ReportScreen;
  readonly curves?: ReportCurves;
  readonly rules?: ReportRules;
  readonly warnings: readonly string[];
  /** Share that the candidates' bands should hold; 0.9 when absent. */
  readonly level?: number;
  /** What the bands promise, in words. */
  readonly promise: string;
}
