/* What every learning curve is made of: training sets that are parts of one another, and how wrong a learner is that learns from one. */
import { InputError } from "../base/errors.ts";
import type { Context } from "../base/context.ts";
import type { Key } from "../base/key.ts";
import type { CategoryColumn, NumberColumn, Table, Targets } from "../data/types.ts";
import { normalQuantile } from "../numeric/normal.ts";
import { logLoss } from "../prob/classes.ts";
import { rootMeanSquaredError } from "../prob/scoring.ts";
import { keyedOrder, rowNames, takeNumbers, takeRows } from "./inputs.ts";
import { type Job, type JobResult, type RunJobs, refused } from "./jobs.ts";

/** The first rows, as many as each count says, of a random order that names decide; ascending. */
export function growingSets(key: Key, x: Table, { names }: Pick<Targets, "names">, rows: Int32Array, counts: readonly number[]): readonly Int32Array[] {
  const order = keyedOrder(key, rowNames(takeRows(x, rows), names && Array.from(rows, (i) => names[i])));
  return counts.map((count) => order.slice(0, count).map((i) => rows[i]).sort());
}

export interface CurveScore {
  /** Root mean squared error in the unit of the column, or log loss; null where nothing was learnt. */
  readonly error: number | null;
  /** Share of the held-out values inside the central 90 % band of mean and standard deviation; null for classes. */
  readonly coverage: number | null;
  /** Why nothing was learnt, or "". */
  readonly note: string;
}

const LEVEL = 0.9;

/** The score of one training set: where it is too small to learn from, that is no error of the curve. */
export async function curveScore(job: Job & { readonly test: Int32Array }, run: RunJobs, ctx: Context): Promise<CurveScore> {
  try {
    const [result] = await run([job], ctx);
    return scoreOf(job.y.columns[job.column], job.test, result);
  } catch (error) {
    if (!refused(error)) throw error;
    return { error: null, coverage: null, note: error.message };
  }
}

function scoreOf(target: NumberColumn | CategoryColumn, test: Int32Array, result: JobResult): CurveScore {
  if (target.kind === "number" && result.kind === "number") {
    const values = takeNumbers(target.values, test);
    const half = normalQuantile(0.5 + LEVEL / 2);
    const inside = values.filter((v, i) => Math.abs(v - result.mean[i]) <= half * result.sd[i]).length;
    return { ...finite(rootMeanSquaredError(values, result.mean)), coverage: inside / values.length };
  }
  if (target.kind === "category" && result.kind === "category") return { ...finite(logLoss(Int32Array.from(test, (i) => target.codes[i]), { rows: test.length, cols: target.levels.length, data: result.probability })), coverage: null };
  throw new InputError(`no answer about "${target.name}" — a learner of ${target.kind === "number" ? "numbers" : "classes"} is needed`, { path: "learn.model" });
}

const finite = (error: number): Pick<CurveScore, "error" | "note"> => (Number.isFinite(error) ? { error, note: "" } : { error: null, note: "the error is not finite" });
