/* How the error falls with the number of training rows, measured on the first fold's test rows. */
import { type Context, pause } from "../base/context.ts";
import { type Key, fold as foldKey } from "../base/key.ts";
import type { Folds, Table, Targets } from "../data/types.ts";
import { curveScore, growingSets } from "./curvePoint.ts";
import { type LearnerSpec, type RunJobs, labelOf } from "./jobs.ts";
import { foldRows } from "./outOfFold.ts";
import { type Law, type LawBand, fitScalingLaw, scalingBand } from "./scalingLaw.ts";

export interface LearningCurve {
  readonly property: string;
  readonly learner: string;
  /** `rmse` in the property's unit, or `log loss`. */
  readonly measure: string;
  readonly points: readonly { readonly rows: number; readonly error: number | null }[];
  /** The law D n^(−a) + C through the points, and where it would lead with twice the rows (90 % band); from four points on. */
  readonly law?: Law & { readonly twice: LawBand & { readonly rows: number } };
}

export interface CurveOptions {
  readonly x: Table;
  readonly y: Targets;
  readonly folds: Folds;
  /** One for each property. */
  readonly learners: readonly LearnerSpec[];
  /** Shares of the training rows, such as 0.25, 0.5 and 1. */
  readonly sizes: readonly number[];
}

/** Points that a law is fitted to, at least. */
const LAW_POINTS = 4;

/** Fewest rows that a point of the curve is trained on. */
const FEWEST = 8;

/** One curve for each property; none when no sizes are asked for. Smaller training sets are parts of larger ones. */
export async function learningCurve({ x, y, folds, learners, sizes }: CurveOptions, run: RunJobs, key: Key, ctx: Context): Promise<readonly LearningCurve[]> {
  if (sizes.length === 0) return [];
  const curves: LearningCurve[] = [];
  for (let column = 0; column < learners.length; column++) {
    await pause(ctx);
    ctx.report({ stage: y.columns[column].name, done: column, total: learners.length });
    curves.push(await curveOf({ x, y, folds, learners, sizes }, column, run, foldKey(key, column), ctx));
  }
  return curves;
}

async function curveOf({ x, y, folds, learners, sizes }: CurveOptions, column: number, run: RunJobs, key: Key, ctx: Context): Promise<LearningCurve> {
  const { train, test } = foldRows(y, column, folds)[0];
  const counts = sizes.map((share) => Math.round(share * train.length)).filter((rows) => rows >= FEWEST);
  const sets = growingSets(foldKey(key, "order"), x, y, train, counts);
  const scores = await Promise.all(sets.map((part) => curveScore({ learner: learners[column], key, x, y, column, train: part, test }, run, ctx)));
  const points = scores.map(({ error }, k) => ({ rows: counts[k], error }));
  const target = y.columns[column];
  return { property: target.name, learner: labelOf(learners[column]), measure: target.kind === "number" ? "rmse" : "log loss", points, ...lawOf(points, foldKey(key, "law")) };
}

/** Three numbers are fitted; fewer than four points say nothing of them. */
function lawOf(points: LearningCurve["points"], key: Key): Pick<LearningCurve, "law"> {
  const known = points.flatMap(({ rows, error }) => (error !== null && error > 0 ? [{ rows, error }] : []));
  if (new Set(known.map(({ rows }) => rows)).size < LAW_POINTS) return {};
  const law = fitScalingLaw(known, { draws: 100 }, key);
  const rows = 2 * Math.max(...known.map((point) => point.rows));
  return { law: { amplitude: law.amplitude, exponent: law.exponent, floor: law.floor, twice: { rows, ...scalingBand(law, rows) } } };
}
