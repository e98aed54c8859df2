/*
 * What a run tells about itself while it runs: stages with their seconds in run.json, events in the journal.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Context } from "@tatara/engine/base";
import type { RunDirectory } from "./directory.ts";
import { parseJson } from "./files.ts";

export interface StageRecord {
  readonly name: string;
  readonly seconds: number;
  /** Whether the stage's result was read from the directory, not computed. */
  readonly reused: boolean;
}

export interface RunRecord {
  /** A run that was killed outright could not change its `running`. */
  readonly status: "running" | "interrupted" | "failed" | "done";
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly stages: readonly StageRecord[];
  readonly [field: string]: unknown;
}

export interface Recorder {
  readonly record: () => RunRecord;
  /** Add fields to run.json. */
  note(fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** Run one stage: timed, journaled, reported under its name. */
  stage<T>(name: string, ctx: Context, work: (ctx: Context) => Promise<T>, reused?: boolean): Promise<T>;
  finish(fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** The run ends before its end: it was asked to, or something broke. */
  stop(status: "interrupted" | "failed"): Promise<void>;
}

/** Start the record of a run, or go on with that of an interrupted one. */
export async function openRecorder(dir: RunDirectory, version: string): Promise<Recorder> {
  const before = parseJson((await dir.read("run.json")) ?? "null", join(dir.path, "run.json")) as RunRecord | null;
  let record: RunRecord = { ...before, status: "running", version, node: process.version, platform: `${process.platform} ${process.arch}, ${availableParallelism()} processors`, stages: before?.stages ?? [] };
  // What a finished run is told by once more took its time when the run did.
  const told = new Set(before?.status === "done" ? before.stages.map(({ name }) => name) : []);
  const store = () => dir.write("run.json", `${JSON.stringify(record, null, 2)}\n`);
  await dir.journal({ event: before ? "resumed" : "started", version });
  return {
    record: () => record,
    async note(fields) {
      record = { ...record, ...fields };
      await store();
    },
    async stage(name, ctx, work, reused = false) {
      const started = ctx.now();
      await dir.journal({ event: "stage", stage: name });
      const result = await work({ ...ctx, report: (p) => ctx.report({ ...p, stage: p.stage === name || p.stage.startsWith(name) ? p.stage : `${name}: ${p.stage}` }) });
      const seconds = Math.round(ctx.now() - started) / 1000;
      if (!told.has(name)) {
        record = { ...record, stages: [...record.stages, { name, seconds, reused }] };
        await store();
      }
      await dir.journal({ event: "stage done", stage: name, seconds });
      return result;
    },
    async finish(fields) {
      record = { ...record, ...fields, status: "done" };
      await store();
      await dir.journal({ event: "done" });
    },
    async stop(status) {
      // What a finished run holds stays finished, whatever became of telling it again.
      record = { ...record, status: before?.status === "done" ? "done" : status };
      await store();
      await dir.journal({ event: status });
    },
  };
}

/** Seconds of all stages. */
export const totalSeconds = ({ stages }: RunRecord): number => stages.reduce((sum, s) => sum + s.seconds, 0);
