/*
 * Whole grids of mixtures described and predicted in worker threads. Each answer is a pure function of its mixture, so
 * blocks and the number of workers change nothing.
 */
import "./runtime.ts";
import { Piscina } from "piscina";
import type { Context } from "@tatara/engine/base";
import { allEnded } from "./ended.ts";
import type { Mixtures, MixtureAnswers, MixtureTask, ScreeningSetup } from "./protocol.ts";
import { stopFlag, type StopFlag } from "./stopping.ts";

export interface ScreeningCrew {
  readonly workers: number;
  ask(mixtures: Mixtures, ctx: Context): Promise<MixtureAnswers>;
  close(): Promise<void>;
}

/** Mixtures in a message: long enough to outlast its way between the threads, short enough to be stopped after. */
const BLOCK = 1024;

/** Start `workers` threads that share one model. Close the crew when done. */
export function openScreening(setup: ScreeningSetup, workers: number): ScreeningCrew {
  const pool = new Piscina({ filename: new URL("screenWorker.ts", import.meta.url).href, workerData: setup, minThreads: workers, maxThreads: workers, idleTimeout: 3_600_000, concurrentTasksPerWorker: 1 });
  const submit = async (mixtures: Mixtures, flag: StopFlag, ctx: Context): Promise<MixtureAnswers> => {
    if (ctx.signal.aborted) throw ctx.signal.reason;
    try {
      return (await pool.run({ mixtures, flag } satisfies MixtureTask)) as MixtureAnswers;
    } catch (error) {
      throw ctx.signal.aborted ? ctx.signal.reason : error;
    }
  };
  return {
    workers,
    async ask({ parts, amounts, judge }, ctx) {
      const size = BLOCK * parts.length;
      const blocks = Array.from({ length: Math.ceil(amounts.length / size) }, (_, b) => amounts.slice(b * size, (b + 1) * size));
      const { flag, release } = stopFlag(ctx.signal);
      try {
        return joined(await allEnded(blocks.map((block) => submit({ parts, amounts: block, judge }, flag, ctx))), judge);
      } finally {
        release();
      }
    },
    close: () => pool.destroy(),
  };
}

function joined(answers: readonly MixtureAnswers[], judge: boolean): MixtureAnswers {
  if (answers.length === 1) return answers[0]!;
  const floats = (pick: (a: MixtureAnswers) => Float32Array): Float32Array => {
    const out = new Float32Array(answers.reduce((sum, a) => sum + pick(a).length, 0));
    let at = 0;
    for (const answer of answers) {
      out.set(pick(answer), at);
      at += pick(answer).length;
    }
    return out;
  };
  return {
    probability: floats((a) => a.probability),
    values: floats((a) => a.values),
    width: answers[0]?.width ?? 0,
    ...(judge ? { inside: Uint8Array.from(answers.flatMap((a) => Array.from(a.inside!))), growth: floats((a) => a.growth!) } : {}),
  };
}
