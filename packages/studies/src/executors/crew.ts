/*
 * A crew of domain workers: batches of pure domain work in threads, with a time limit for each chunk and a
 * fresh worker after a crash. An item that cannot be computed is found by halving its chunk; the others
 * are not lost with it. Pooling is piscina's.
 */
import "./runtime.ts";
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
  /** Names that `group` takes. */
  readonly groupings: readonly string[];
  /** Read texts of a data table: a material, or the reason why it is none. */
  read(texts: readonly string[], ctx: Context): Promise<readonly ReadMaterial[]>;
  lift(texts: readonly string[], ctx: Context): Promise<readonly unknown[]>;
  group(name: string, texts: readonly string[], ctx: Context): Promise<readonly string[]>;
  /** The most similar reference material of each text; ties go to the earlier one. */
  nearest(texts: readonly string[], reference: readonly string[], ctx: Context): Promise<Nearest>;
  close(): Promise<void>;
}

/** Items of the first chunk of an operation; later ones have as many as the first ones' time allows. */
const FIRST_CHUNK = 32;
/** A chunk should outlast its way between the threads many times, and yet be short beside the limit. */
const CHUNK_MS = 60;
const LARGEST_CHUNK = 8192;
/** Chunks grow by at most this factor at a time: the next items may be dearer. */
const GROWTH = 4;

/** Start `workers` threads (default: all processors) that share one setup. Close the crew when done. */
export async function openCrew(setup: CrewSetup, { workers = processors() }: { readonly workers?: number | undefined } = {}): Promise<Crew> {
  const domain = await openDomain(setup);
  const features = joinFeatures(chooseDescriptors(domain, setup.descriptors));
  const pool = new Piscina({ filename: new URL("worker.ts", import.meta.url).href, workerData: setup, minThreads: workers, maxThreads: workers, idleTimeout: 3_600_000, concurrentTasksPerWorker: 1 });
  let warmed: Promise<unknown> | undefined;

  const submit = async (job: Job, limit: number, ctx: Context): Promise<unknown> => {
    const timeout = limit === Number.POSITIVE_INFINITY ? undefined : AbortSignal.timeout(limit);
    try {
      const answer: unknown = await pool.run(job, { signal: timeout ? AbortSignal.any([ctx.signal, timeout]) : ctx.signal });
      if (isRefused(answer)) throw new InputError(answer.refused.message, answer.refused.path === undefined ? {} : { path: answer.refused.path });
      return answer;
    } catch (error) {
      if (ctx.signal.aborted) throw ctx.signal.reason;
      if (timeout?.aborted) throw new ItemFailure(`took longer than ${limit / 1000} s`);
      throw error;
    }
  };

  /** Every worker fits the prior by itself, from the same key: the same prior everywhere. */
  const warm = (ctx: Context) => (warmed ??= setup.generator ? allEnded(Array.from({ length: workers }, () => submit({ op: "warm", items: [] }, WARM_LIMIT_MS, ctx))) : Promise.resolve());

  /** Items of the next chunk of each operation. */
  const sizes = new Map<string, number>();
  const learnSize = (op: string, n: number, ms: number) => {
    const size = sizes.get(op) ?? FIRST_CHUNK;
    sizes.set(op, Math.min(LARGEST_CHUNK, Math.max(FIRST_CHUNK, Math.min(GROWTH * size, Math.round((CHUNK_MS / Math.max(ms, 0.1)) * n)))));
  };

  const chunked = async <A, B>(op: string, items: readonly A[], ctx: Context, extra: unknown, failed: (item: A, reason: string) => B, unpack: (answer: unknown, n: number) => readonly B[], limit = CHUNK_LIMIT_MS): Promise<B[]> => {
    await warm(ctx);
    const solve = async (part: readonly A[]): Promise<readonly B[]> => {
      try {
        return unpack(await submit({ op, items: part, extra }, limit, ctx), part.length);
      } catch (error) {
        if (ctx.signal.aborted || error instanceof InputError) throw error;
        if (part.length === 1) return [failed(part[0]!, `the toolkit failed: ${error instanceof ItemFailure ? error.message : "it crashed on this structure"}`)];
        const half = part.length >> 1;
        return [...(await solve(part.slice(0, half))), ...(await solve(part.slice(half)))];
      }
    };
    const answers: (readonly B[])[] = []; // in the order of the chunks, whatever their sizes
    let next = 0;
    let done = 0;
    const lane = async () => {
      while (next < items.length) {
        // No larger than leaves work for every lane.
        const size = Math.min(sizes.get(op) ?? FIRST_CHUNK, Math.max(FIRST_CHUNK, Math.ceil((items.length - next) / (2 * workers))));
        const part = items.slice(next, next + size);
        next += part.length;
        const place = answers.push([]) - 1;
        const started = performance.now();
        answers[place] = await solve(part).catch((error: unknown) => {
          next = items.length; // The other lanes end with what they have in hand.
          throw error;
        });
        // Two chunks wait for each worker, so half of the time is the other's.
        learnSize(op, part.length, (performance.now() - started) / 2);
        ctx.report({ stage: op, done: (done += part.length), total: items.length });
        await pause(ctx);
      }
    };
    await allEnded(Array.from({ length: Math.min(2 * workers, Math.ceil(items.length / FIRST_CHUNK)) }, lane));
    return answers.flat();
  };

  const list = <B>(answer: unknown) => answer as readonly B[];
  const must = (what: string) => (item: unknown, reason: string): never => {
    throw new InputError(`cannot ${what}: ${String(item).slice(0, 120)} — ${reason}`, { value: item });
  };

  return {
    workers,
    groupings: Object.keys(domain.groups),
    read: (texts, ctx) => chunked("read", texts, ctx, undefined, (_, reason): ReadMaterial => ({ key: null, text: null, reason }), list<ReadMaterial>),
    sample: (key, n, ctx) => chunked("sample", Array.from({ length: n }, (_, i) => i), ctx, key, must("sample"), list<unknown>),
    propose: (key: Key, from, ctx) => chunked("propose", from.map((state, i) => [i, state] as const), ctx, key, ([, state]): Proposed<unknown> => ({ to: state, proposal: "failed" }), list<Proposed<unknown>>),
    logDensity: async (states, ctx) => Float64Array.from(await chunked("logDensity", states, ctx, undefined, () => Number.NEGATIVE_INFINITY, list<number>)),
    evaluate: (states, ctx) => chunked("evaluate", states, ctx, undefined, (_, reason): Evaluated => ({ key: null, text: null, reasons: [reason] }), list<Evaluated>),
    lift: (texts, ctx) => chunked("lift", texts, ctx, undefined, must("lift"), list<unknown>),
    group: (name, texts, ctx) => chunked("group", texts, ctx, name, must("group"), list<string>),
    async describe(texts, ctx): Promise<Table> {
      const blocks = await chunked("describe", texts, ctx, undefined, () => new Float64Array(features.length).fill(Number.NaN), (answer) => [answer as Float64Array]);
      const data = new Float64Array(texts.length * features.length);
      let at = 0;
      for (const block of blocks) {
        data.set(block, at);
        at += block.length;
      }
      return { rows: texts.length, cols: features.length, data, features };
    },
    async nearest(texts, reference, ctx) {
      if (texts.length === 0) return { index: new Int32Array(0), similarity: new Float64Array(0) };
      // The reference, the longer list, is what is divided: each of its materials is read once, whatever the number of workers.
      // All were read before, so there is no hang to guard against, and no answer may depend on the time it took.
      const parts = await chunked("nearest", reference, ctx, texts, must("compare"), (answer, n) => [{ n, ...(answer as Nearest) }], Number.POSITIVE_INFINITY);
      return best(parts, texts.length);
    },
    close: () => pool.destroy(),
  };
}

/** The most similar over consecutive parts of a reference; the earlier one where two are alike. */
function best(parts: readonly (Nearest & { readonly n: number })[], queries: number): Nearest {
  const index = new Int32Array(queries).fill(-1);
  const similarity = new Float64Array(queries).fill(-1);
  let offset = 0;
  for (const part of parts) {
    for (let q = 0; q < queries; q++) {
      if (part.similarity[q]! <= similarity[q]!) continue;
      similarity[q] = part.similarity[q]!;
      index[q] = offset + part.index[q]!;
    }
    offset += part.n;
  }
  return { index, similarity };
}

class ItemFailure extends Error {}
