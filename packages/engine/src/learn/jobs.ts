/*
 * The units of work of stage one, as pure functions of plain data: train on some rows and predict others, or
 * train on all rows and return the model's record. They name their learner by catalogue entry, so that a host
 * may run them in worker threads; results do not depend on where or in which order they ran.
 */
import { InputError, NumericalError, UnsupportedError, lookUp } from "../base/errors.ts";
import type { Catalog } from "../base/schema.ts";
import { type Context, pause } from "../base/context.ts";
import type { Key } from "../base/key.ts";
import type { Table, Targets } from "../data/types.ts";
import type { HurdleLaw } from "../prob/types.ts";
import { maskColumn, takeRows, takeTarget, takeTargets } from "./inputs.ts";
import { onlyOutput } from "./onlyOutput.ts";
import type { Learner, Model, ModelRecord } from "./types.ts";

/** A learner by catalogue name and options. */
export interface LearnerSpec {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What a reader calls it: those that are made of another name that one too. */
export function labelOf({ name, options = {} }: LearnerSpec): string {
  const { learner, options: own = {} } = options as { readonly learner?: string; readonly options?: LearnerSpec["options"] };
  if (learner === undefined) return name;
  const inner = labelOf({ name: learner, options: own });
  return name === "selected" ? `${inner} (${String(options["features"])} features)` : name === "ensemble" ? `ensemble of ${inner}` : `${inner}, ${name}`;
}

export type LearnerCatalog = Catalog<(options: Readonly<Record<string, unknown>>) => Learner>;

/** Train one property on `train`; predict `test`, or, when that is absent, return the model. Plain data. */
export interface Job {
  readonly learner: LearnerSpec;
  readonly key: Key;
  readonly x: Table;
  /** All columns; `column` says which one is learnt. A joint learner sees the others too. */
  readonly y: Targets;
  readonly column: number;
  readonly train: Int32Array;
  readonly test?: Int32Array;
}

/** What a job returns; plain data. */
export type JobResult =
  | { readonly kind: "number"; readonly mean: Float64Array; readonly sd: Float64Array; readonly hurdle?: HurdleLaw }
  | { readonly kind: "category"; readonly probability: Float64Array }
  | { readonly kind: "model"; readonly record: ModelRecord };

/** Whoever runs jobs, and says how far they are: results in the jobs' order. */
export type RunJobs = (jobs: readonly Job[], ctx: Context) => Promise<readonly JobResult[]>;

/** Run one job here. */
export async function runJob(job: Job, catalog: LearnerCatalog, ctx: Context): Promise<JobResult> {
  const learner = lookUp("learner", job.learner.name, catalog, "learn.model")(job.learner.options ?? {});
  const model = learner.joint ? await fitJointly(learner, job, ctx) : await learner.fit(takeRows(job.x, job.train), takeTarget(job.y, job.column, job.train), job.key, ctx);
  if (job.test === undefined) return { kind: "model", record: model.toRecord() };
  const marginal = (await model.predict(takeRows(job.x, job.test), ctx)).marginals[0];
  return marginal.kind === "number" ? { kind: "number", mean: marginal.mean, sd: marginal.sd, ...(marginal.hurdle && { hurdle: marginal.hurdle }) } : { kind: "category", probability: marginal.probability.data };
}

/** A joint learner sees every column of all rows but those to be predicted; the wanted column is known in the rows to train on only. */
async function fitJointly(learner: Learner, { x, y, column, train, test, key }: Job, ctx: Context): Promise<Model> {
  const out = new Set(test);
  const inside = new Set(train);
  const rows = Int32Array.from({ length: x.rows }, (_, i) => i).filter((i) => !out.has(i));
  const targets = takeTargets(y, rows);
  const columns = targets.columns.map((c, j) => (j === column ? maskColumn(c, (i) => inside.has(rows[i])) : c)).filter((c, j) => j === column || varies(c));
  return onlyOutput(await learner.fit(takeRows(x, rows), { ...targets, columns }, key, ctx), y.columns[column].name);
}

/** Whether a column has something to tell; others are kept from a joint learner. */
const varies = (column: Targets["columns"][number]): boolean => new Set<number>(column.kind === "number" ? column.values.filter(Number.isFinite) : column.codes.filter((code) => code >= 0)).size > 1;

/** Run jobs one after another in this thread. */
export const inThisThread =
  (catalog: LearnerCatalog): RunJobs =>
  async (jobs, ctx) => {
    const results: JobResult[] = [];
    for (const job of jobs) {
      await pause(ctx);
      ctx.report({ stage: job.test ? "validate" : "fit", done: results.length, total: jobs.length, note: `${job.y.columns[job.column].name}: ${job.learner.name}` });
      results.push(await runJob(job, catalog, { ...ctx, report: () => {} }));
    }
    return results;
  };

/** Whether a job failed for what it was given, so that others may still be done: a part of the rows may all have one value, or be too few. */
export const refused = (error: unknown): error is Error => error instanceof InputError || error instanceof NumericalError || error instanceof UnsupportedError;
