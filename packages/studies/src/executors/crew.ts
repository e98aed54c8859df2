/*
 * A crew of domain workers: batches of pure domain work in threads, with a time limit for each chunk and a
 * fresh worker after a crash. An item that cannot be computed is found by halving its chunk; the others
 * are not lost with it. Pooling is piscina's.
 */
import { Piscina } from "piscina";
import { InputError, pause, type Context, type Key } from "@tatara/engine/base";
import type { Table } from "@tatara/engine/data";
import { chooseDescriptors, joinFeatures, type Batches, type Evaluated, type Proposed } from "@tatara/engine/generate";
import { openDomain } from "../catalogue/domains.ts";
import { allEnded } from "./ended.ts";
import { processors } from "./workers.ts";
import { isRefused, type CrewSetup, type Job, type Nearest, type ReadMaterial } from "./protocol.ts";

/** One chunk should take well under a second; a worker silent for this long hangs. */
const CHUNK_LIMIT_MS = 60_000;
/** The first job of a worker also loads the toolkit and fits the prior. */
const WARM_LIMIT_MS = 600_000;

export interface Crew extends Batches<unknown> {
  readonly workers: number;
  /** Read texts of a data table: a material, or the reason why it is none. */
  read(texts: readonly string[], ctx: Context): Promise<readonly ReadMaterial[]>;
  lift(texts: readonly string[], ctx: Context): Promise<readonly unknown[]>;
  group(name: string, texts: readonly string[], ctx: Context): Promise<readonly string[]>;
  /** The most similar reference material of each text; ties go to the earlier one. */
  nearest(texts: readonly string[], reference: readonly string[], ctx: Context): Promise<Nearest>;
  close(): Promise<void>;
}

/** Start `workers` threads (default: all processors) that share one setup. Close the crew when done. */
export async function openCrew(setup: CrewSetup, { workers = processors(), chunk = 32 }: { readonly workers?: number | undefined; readonly chunk?: number } = {}): Promise<Crew> {
  const domain = await openDomain(setup.domain);
  const features = joinFeatures(chooseDescriptors(domain, setup.descriptors));
  const pool = new Piscina({ filename: new URL("worker.ts", import.meta.url).href, workerData: setup, minThreads: workers, maxThreads: workers, idleTimeout: 3_600_000, concurrentTasksPerWorker: 1 });
  let warmed: Promise<unknown> | undefined;

  const submit = async (job: Job, limit: number, ctx: Context): Promise<unknown> => {
    const timeout = AbortSignal.timeout(limit);
    try {
      const answer: unknown = await pool.run(job, { signal: AbortSignal.any([ctx.signal, timeout]) });
      if (isRefused(answer)) throw new InputError(answer.refused.message, answer.refused.path === undefined ? {} : { path: answer.refused.path });
      return answer;
    } catch (error) {
      if (ctx.signal.aborted) throw ctx.signal.reason;
      if (timeout.aborted) throw new ItemFailure(`took longer than ${limit / 1000} s`);
      throw error;
    }
  };

  /** Every worker fits the prior by itself, from the same key: the same prior everywhere. */
  const warm = (ctx: Context) => (warmed ??= setup.generator ? allEnded(Array.from({ length: workers }, () => submit({ op: "warm", items: [] }, WARM_LIMIT_MS, ctx))) : Promise.resolve());

  const chunked = async <A, B>(op: string, items: readonly A[], size: number, ctx: Context, extra: unknown, failed: (item: A, reason: string) => B, unpack: (answer: unknown, n: number) => readonly B[]): Promise<B[]> => {
    await warm(ctx);
    const solve = async (part: readonly A[]): Promise<readonly B[]> => {
      try {
        return unpack(await submit({ op, items: part, extra }, CHUNK_LIMIT_MS, ctx), part.length);
      } catch (error) {
        if (ctx.signal.aborted || error instanceof InputError) throw error;
        if (part.length === 1) return [failed(part[0]!, `the toolkit failed: ${error instanceof ItemFailure ? error.message : "it crashed on this structure"}`)];
        const half = part.length >> 1;
        return [...(await solve(part.slice(0, half))), ...(await solve(part.slice(half)))];
      }
    };
    const parts: (readonly A[])[] = [];
    for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
    const answers: (readonly B[])[] = [];
    let next = 0;
    let done = 0;
    const lane = async () => {
      while (next < parts.length) {
        const i = next++;
        answers[i] = await solve(parts[i]!).catch((error: unknown) => {
          next = parts.length; // The other lanes end with what they have in hand.
          throw error;
        });
        ctx.report({ stage: op, done: (done += parts[i]!.length), total: items.length });
        await pause(ctx);
      }
    };
    await allEnded(Array.from({ length: Math.min(2 * workers, parts.length) }, lane));
    return answers.flat();
  };

  const list = <B>(answer: unknown) => answer as readonly B[];
  const must = (what: string) => (item: unknown, reason: string): never => {
    throw new InputError(`cannot ${what}: ${String(item).slice(0, 120)} — ${reason}`, { value: item });
  };

  return {
    workers,
    read: (texts, ctx) => chunked("read", texts, chunk, ctx, undefined, (_, reason): ReadMaterial => ({ key: null, text: null, reason }), list<ReadMaterial>),
    sample: (key, n, ctx) => chunked("sample", Array.from({ length: n }, (_, i) => i), chunk, ctx, key, must("sample"), list<unknown>),
    propose: (key: Key, from, ctx) => chunked("propose", from.map((state, i) => [i, state] as const), chunk, ctx, key, ([, state]): Proposed<unknown> => ({ to: state, proposal: "failed" }), list<Proposed<unknown>>),
    logDensity: async (states, ctx) => Float64Array.from(await chunked("logDensity", states, 4 * chunk, ctx, undefined, () => Number.NEGATIVE_INFINITY, list<number>)),
    evaluate: (states, ctx) => chunked("evaluate", states, chunk, ctx, undefined, (_, reason): Evaluated => ({ key: null, text: null, reasons: [reason] }), list<Evaluated>),
    lift: (texts, ctx) => chunked("lift", texts, chunk, ctx, undefined, must("lift"), list<unknown>),
    group: (name, texts, ctx) => chunked("group", texts, chunk, ctx, name, must("group"), list<string>),
    async describe(texts, ctx): Promise<Table> {
      const rows = await chunked("describe", texts, chunk, ctx, undefined, () => new Float64Array(features.length).fill(Number.NaN), (answer, n) => {
        const data = answer as Float64Array;
        return Array.from({ length: n }, (_, i) => data.subarray(i * features.length, (i + 1) * features.length));
      });
      const data = new Float64Array(texts.length * features.length);
      rows.forEach((row, i) => data.set(row, i * features.length));
      return { rows: texts.length, cols: features.length, data, features };
    },
    async nearest(texts, reference, ctx) {
      const answers = await chunked("nearest", texts, 64, ctx, reference, (): { index: number; similarity: number } => ({ index: -1, similarity: Number.NaN }), (answer, n) => {
        const { index, similarity } = answer as Nearest;
        return Array.from({ length: n }, (_, i) => ({ index: index[i]!, similarity: similarity[i]! }));
      });
      return { index: Int32Array.from(answers, (a) => a.index), similarity: Float64Array.from(answers, (a) => a.similarity) };
    },
    close: () => pool.destroy(),
  };
}

class ItemFailure extends Error {}
