/*
 * Jobs of stage one in worker threads. The table lies in shared memory; each job is a pure function of
 * plain data, so the number of workers changes nothing.
 */
import "./runtime.ts";
import { Piscina } from "piscina";
import { InputError, NumericalError, UnsupportedError, type Context } from "@tatara/engine/base";
import type { Table } from "@tatara/engine/data";
import type { Job, JobResult, RunJobs } from "@tatara/engine/learn";
import { allEnded } from "./ended.ts";
import type { LearnAnswer, LearnTask } from "./learnWorker.ts";
import { stopFlag, type StopFlag } from "./stopping.ts";

export interface LearningCrew {
  readonly run: RunJobs;
  close(): Promise<void>;
}

/** The same table with its numbers in memory that threads share. */
export function shareTable(x: Table): Table {
  const data = new Float64Array(new SharedArrayBuffer(x.data.byteLength));
  data.set(x.data);
  return { ...x, data };
}

/** Start `workers` threads that learn from `x`, which should be shared. Every job must be about this table. */
export function openLearning(x: Table, workers: number): LearningCrew {
  const pool = new Piscina({ filename: new URL("learnWorker.ts", import.meta.url).href, workerData: { x }, minThreads: workers, maxThreads: workers, idleTimeout: 3_600_000, concurrentTasksPerWorker: 1 });
  const submit = async ({ x: table, ...job }: Job, flag: StopFlag, ctx: Context): Promise<JobResult> => {
    if (table !== x) throw new InputError("a job about another table — this crew shares one");
    let answer: LearnAnswer;
    try {
      answer = (await pool.run({ job, flag } satisfies LearnTask)) as LearnAnswer;
    } catch (error) {
      throw ctx.signal.aborted ? ctx.signal.reason : error;
    }
    if ("result" in answer) return answer.result;
    const { name, message } = answer.failed;
    throw name === "NumericalError" ? new NumericalError(message) : name === "UnsupportedError" ? new UnsupportedError(message) : new InputError(message);
  };
  return {
    run: async (jobs, ctx) => {
      let done = 0;
      const tell = (job: Job) => ctx.report({ stage: `${job.test ? "validate" : "fit"} ${job.learner.name}`, done, total: jobs.length, note: job.y.columns[job.column]!.name });
      if (jobs[0]) tell(jobs[0]);
      const { flag, release } = stopFlag(ctx.signal);
      try {
        return await allEnded(
          jobs.map(async (job) => {
            const result = await submit(job, flag, ctx);
            done++;
            tell(job);
            return result;
          }),
        );
      } finally {
        release();
      }
    },
    close: () => pool.destroy(),
  };
}
