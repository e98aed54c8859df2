/* A learning worker: runs one job of stage one — train on some rows, predict others or return the model. */
import { workerData } from "piscina";
import { InputError, NumericalError, UnsupportedError } from "@tatara/engine/base";
import { runJob, type Job, type JobResult } from "@tatara/engine/learn";
import type { Table } from "@tatara/engine/data";
import { learners } from "../catalogue/learners.ts";
import { threadContext, type StopFlag } from "./stopping.ts";

/** The table is shared memory, the same for all jobs: it travels once. */
const { x } = workerData as { readonly x: Table };

export type LearnAnswer = { readonly result: JobResult } | { readonly failed: { readonly name: string; readonly message: string } };

/** A job, and what stops it. */
export interface LearnTask {
  readonly job: Omit<Job, "x">;
  readonly flag: StopFlag;
}

export default async function run({ job, flag }: LearnTask): Promise<LearnAnswer> {
  try {
    return { result: await runJob({ ...job, x }, learners, threadContext(flag)) };
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError || error instanceof UnsupportedError) return { failed: { name: error.name, message: error.message } };
    throw error;
  }
}
