/*
 * One official fold: candidates are cross-validated on its training rows, in inner folds that keep equal compositions
 * together, then fitted to all training rows and asked for the test rows. Nothing here looks at a test value.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fold, hashJson, one, type Context, type Key } from "@tatara/engine/base";
import { groupFolds, type Targets } from "@tatara/engine/data";
import type { CategoryOutOfFold, Job, NumberOutOfFold, RunJobs } from "@tatara/engine/learn";
import { crossValidate } from "@tatara/engine/learn";
import { readIfThere, writeAtomic } from "../../src/runs/files.ts";
import type { Candidate } from "./candidates.ts";
import type { Scale } from "./scales.ts";
import type { Task } from "./tasks.ts";

/** Out-of-fold predictions of the training rows, and those of the test rows, on the scale that was learnt. */
export interface Fitted<O> {
  readonly name: string;
  readonly inner: O;
  readonly test: Pick<O, Extract<keyof O, "mean" | "sd" | "probability" | "hurdle">>;
}
export type NumberFit = Fitted<NumberOutOfFold>;
export type ClassFit = Fitted<CategoryOutOfFold>;

export interface FoldWork {
  readonly task: Task;
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly run: RunJobs;
  readonly key: Key;
  /** Where finished work is kept, for the next time. */
  readonly cache?: string;
}

const INNER = 5;
export const CLASSES = ["no", "yes"];

const targetsOf = ({ name, kind, y, keys }: Task, scale: Scale | undefined): Targets => ({
  rows: y.length,
  names: keys.map((composition, i) => `${composition} ${i}`),
  columns: [kind === "class" ? { kind: "category", name, levels: CLASSES, codes: Int32Array.from(y, (v) => Number(v > 0.5)) } : { kind: "number", name, unit: one, values: y.map(scale!.forward) }],
});

/** Cross-validate, fit and predict one candidate. */
export async function fitCandidate<O extends NumberOutOfFold | CategoryOutOfFold>(work: FoldWork, { name, learner }: Candidate, scale: Scale | undefined, ctx: Context): Promise<Fitted<O>> {
  const { task, train, test, key } = work;
  const kept = work.cache && join(work.cache, `${hashJson({ task: task.name, features: task.x.features.map((f) => f.name), learner, scale: scale?.name ?? "", test, key })}.json`);
  const found = kept && (await readIfThere(kept));
  if (found) return revived<O>(name, JSON.parse(found) as Stored);
  const y = targetsOf(task, scale);
  const groups = Array.from(train, (i) => task.keys[i]!);
  const inner = groupFolds(fold(key, "inner"), groups, { folds: INNER, names: Array.from(train, (i) => y.names![i]!) });
  const folds = { id: inner.id, test: inner.test.map((rows) => rows.map((i) => train[i]!)) };
  const oof = (await crossValidate({ learner, x: task.x, y: only(y, train), column: 0, folds }, work.run, fold(key, "validate"), ctx)) as O;
  const job: Job = { learner, key: fold(key, "fit"), x: task.x, y: only(y, train), column: 0, train, test };
  const [result] = await work.run([job], ctx);
  const stored: Stored = { inner: plain(oof), test: plain(result!) };
  if (kept) {
    mkdirSync(work.cache!, { recursive: true });
    await writeAtomic(kept, JSON.stringify(stored));
  }
  return revived<O>(name, stored);
}

/** Test rows lose their values, so that no fold is ever trained on them. */
const only = (y: Targets, rows: Int32Array): Targets => {
  const kept = new Set(rows);
  return { ...y, columns: y.columns.map((c) => (c.kind === "category" ? { ...c, codes: c.codes.map((code, i) => (kept.has(i) ? code : -1)) } : { ...c, values: c.values.map((v, i) => (kept.has(i) ? v : Number.NaN)) })) };
};

interface Stored {
  readonly inner: Readonly<Record<string, unknown>>;
  readonly test: Readonly<Record<string, unknown>>;
}

const plain = (value: object): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(value).map(([k, v]) => [k, ArrayBuffer.isView(v) ? { numbers: Array.from(v as unknown as ArrayLike<number>), whole: v instanceof Int32Array } : k === "hurdle" ? plain(v as object) : (v as unknown)]));
const typed = (value: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === "hurdle" ? typed(v as Readonly<Record<string, unknown>>) : typeof v === "object" && v !== null && "numbers" in v ? ((v as unknown as { whole: boolean }).whole ? Int32Array : Float64Array).from(v.numbers as number[]) : v]));
const revived = <O>(name: string, { inner, test }: Stored): Fitted<O> => ({ name, inner: typed(inner) as O, test: typed(test) as Fitted<O>["test"] });
