/*
 * Interpolation against extrapolation: one learner under several ways to hold rows out, side by side. A random split asks
 * about materials like the known ones; clusters, groups and scaffolds about new kinds; leaving one part out about a part
 * that was never seen; a sorted split about values beyond all known ones. The learner is the one that was chosen, and its
 * bands are those that the model will have, calibrated on the study's own split: so that the table shows what becomes of
 * a promise where it is not meant. Only the study's own split is scored with calibrations of the other folds. What the
 * domain of applicability adds to a prediction's doubt is not in these figures.
 */
import { type Context, pause, under } from "../base/context.ts";
import { type Key, fold as foldKey } from "../base/key.ts";
import type { Table, Targets, Trial } from "../data/types.ts";
import { rocAuc } from "../prob/ranking.ts";
import { calibrateNumber, nestedCalibrations } from "./calibrate.ts";
import { calibrateCategory, calibrateProbabilities, nestedProbabilities } from "./classCalibration.ts";
import { knownRows, readColumns } from "./inputs.ts";
import type { LearnerNeeds } from "./select.ts";
import type { LearnerSpec, RunJobs } from "./jobs.ts";
import { type CategoryOutOfFold, type NumberOutOfFold, type OutOfFold, predictParts } from "./outOfFold.ts";
import { type NumberScores, type Score, categoryScores, numberScores } from "./validate.ts";

/** One way to hold rows out. */
export interface NamedSplit {
  /** `random`, `cluster`, `part`, `sorted` … */
  readonly name: string;
  /** Its trials for a property; none where it means nothing for it. */
  trials(column: Targets["columns"][number], ctx: Context): Promise<readonly Trial[]>;
}

export interface ClassSplitScores {
  readonly rows: number;
  readonly accuracy: Score;
  /** Share of the commonest class among the rows held out. */
  readonly commonest: Score;
  readonly logLoss: Score;
  /** Mean over classes of the area under the ROC curve of each against the rest. */
  readonly auc: Score;
}

/** Scores of one property under one split, over all its trials and for each. */
export interface SplitScores {
  readonly split: string;
  readonly property: string;
  /** Whether it is the split by which the study chose and calibrated. */
  readonly own: boolean;
  /** Null where no trial was possible; `note` says why. */
  readonly scores: NumberScores | ClassSplitScores | null;
  readonly trials: readonly { readonly name: string; readonly training: number; readonly scores: NumberScores | ClassSplitScores }[];
  readonly note: string;
}

/** What is scored: a property with its chosen learner and the predictions by which it was chosen. */
export interface Scored {
  readonly column: number;
  readonly learner: LearnerSpec;
  readonly oof: OutOfFold;
}

/** Fewest rows that a trial is trained on, as for any model. */
const FEWEST = 10;

/** The split by which the study was validated. */
export function ownScores(split: string, { oof }: Pick<Scored, "oof">): SplitScores {
  const judge = oof.kind === "number" ? numberJudge(oof, nestedCalibrations(oof)) : classJudge(oof, nestedProbabilities(oof, calibrateCategory(oof).method));
  const folds = [...new Set(oof.fold)];
  return scoresOf({ split, property: oof.name, own: true }, oof, folds.map((fold) => ({ name: `fold ${fold + 1}`, fold, training: oof.rows.length - oof.fold.filter((f) => f === fold).length })), judge);
}

interface Comparison extends Scored {
  readonly x: Table;
  readonly y: Targets;
  readonly splits: readonly NamedSplit[];
  readonly needs: LearnerNeeds;
  /** Seconds that all splits of the property may be forecast to take; those that come later are left out. */
  readonly patience: number;
}

/** The same learner under other splits, in order. */
export async function splitScores({ splits, needs, patience, ...scored }: Comparison, run: RunJobs, key: Key, ctx: Context): Promise<readonly SplitScores[]> {
  const found: SplitScores[] = [];
  const columns = readColumns(scored.x);
  let left = patience;
  for (const split of splits) {
    await pause(ctx);
    const named = { split: split.name, property: scored.oof.name, own: false };
    const trials = await soundTrials(scored, split, ctx);
    const seconds = trials.reduce((sum, { train }) => sum + needs.seconds(train.length, columns), 0);
    if (trials.length === 0) found.push({ ...named, scores: null, trials: [], note: "no trial is possible: too few rows or groups, or values that do not differ" });
    else if (seconds > left) found.push({ ...named, scores: null, trials: [], note: `forecast to take ${Math.round(seconds)} s: it is done when it is asked for` });
    else {
      left -= seconds;
      found.push(await scoresUnder(scored, split.name, trials, run, foldKey(key, split.name), under(ctx, `${split.name} split`)));
    }
  }
  return found;
}

interface SoundTrial extends Trial {
  readonly fold: number;
}

/** Trials that the property can be learnt and tested in, rows without a value left out. */
async function soundTrials({ y, column }: Pick<Comparison, "y" | "column">, split: NamedSplit, ctx: Context): Promise<readonly SoundTrial[]> {
  const target = y.columns[column];
  const known = new Set(knownRows(y, column));
  const trials = (await split.trials(target, ctx)).map((trial, k) => ({ ...trial, fold: k, train: trial.train.filter((i) => known.has(i)), test: trial.test.filter((i) => known.has(i)) }));
  return trials.filter(({ train, test }) => test.length > 0 && train.length >= FEWEST && varies(target, train));
}

async function scoresUnder({ x, y, column, learner, oof: own }: Omit<Comparison, "splits" | "needs" | "patience">, split: string, trials: readonly SoundTrial[], run: RunJobs, key: Key, ctx: Context): Promise<SplitScores> {
  const predicted = await predictParts({ learner, x, y, column }, trials, run, key, ctx);
  const oof = own.kind === "number" && predicted.kind === "number" ? { ...predicted, unit: own.unit, ...(own.scale && { scale: own.scale }) } : predicted;
  const judge = oof.kind === "number" ? numberJudge(oof, calibrationsFor(oof, own as NumberOutOfFold)) : classJudge(oof, calibrateProbabilities(oof.probability, oof.levels.length, calibrateCategory(own as CategoryOutOfFold)));
  return scoresOf({ split, property: oof.name, own: false }, oof, trials.map(({ name, fold, train }) => ({ name, fold, training: train.length })), judge);
}

const calibrationsFor = (oof: NumberOutOfFold, own: NumberOutOfFold) => {
  const calibration = calibrateNumber(own);
  return Array.from(oof.rows, () => calibration);
};

const varies = (column: Targets["columns"][number], rows: Int32Array): boolean => {
  const at = column.kind === "number" ? column.values : column.codes;
  return rows.some((i) => at[i] !== at[rows[0]]);
};

type Judge = (rows: readonly number[]) => NumberScores | ClassSplitScores;

const numberJudge = (oof: NumberOutOfFold, calibrations: Parameters<typeof numberScores>[1]): Judge => (rows) => numberScores(oof, calibrations, rows);

function classJudge(oof: CategoryOutOfFold, probability: Float64Array): Judge {
  const cols = oof.levels.length;
  return (rows) => {
    const { codes, p, accuracy, commonest, logLoss } = categoryScores(oof, probability, rows);
    const areas = oof.levels.map((_, k) => rocAuc(codes.map((code) => Number(code === k)), Float64Array.from(rows, (__, i) => p.data[i * cols + k]))).filter((area) => !Number.isNaN(area));
    return { rows: rows.length, accuracy, commonest, logLoss, auc: areas.length > 0 ? areas.reduce((a, b) => a + b, 0) / areas.length : null };
  };
}

function scoresOf(named: Pick<SplitScores, "split" | "property" | "own">, oof: OutOfFold, trials: readonly { readonly name: string; readonly fold: number; readonly training: number }[], judge: Judge): SplitScores {
  const all = Array.from(oof.rows.keys());
  return { ...named, scores: judge(all), trials: trials.map(({ name, fold, training }) => ({ name, training, scores: judge(all.filter((i) => oof.fold[i] === fold)) })), note: "" };
}
