/*
 * What every long computation is handed: how to be stopped, how to say where it is, what time it is.
 * Library code asks the context, never the clock.
 */

export interface Progress {
  /** What is being done, in the user's words: "validate", "sample". */
  readonly stage: string;
  readonly done: number;
  /** Absent when it cannot be known beforehand. */
  readonly total?: number;
  /** One line of detail, such as the present temperature or a score. */
  readonly note?: string;
}

export interface Checkpoint<State> {
  readonly step: number;
  readonly state: State;
}

export interface Context {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
  /** Offer a checkpoint; the host decides how often to store one. */
  keep(checkpoint: Checkpoint<unknown>): void | Promise<void>;
  /** Milliseconds on a monotonic clock, for rates and forecasts only; results never depend on it. */
  now(): number;
  /** Let the event loop turn once, so that signals and timers are seen. */
  breathe(): Promise<void>;
}

const LONG_MS = 40;
const last = new WeakMap<Context, number>();

/** Call at the edge of each chunk of work: throws the signal's reason when stopped, and yields now and then. */
export async function pause(ctx: Context): Promise<void> {
  if (ctx.signal.aborted) throw ctx.signal.reason;
  const now = ctx.now();
  if (now - (last.get(ctx) ?? Number.NEGATIVE_INFINITY) < LONG_MS) return;
  await ctx.breathe();
  last.set(ctx, ctx.now());
  if (ctx.signal.aborted) throw ctx.signal.reason;
}

/** A context that is never stopped and says nothing: for tests and short library calls. */
export const quiet: Context = {
  signal: new AbortController().signal,
  report: () => {},
  keep: () => {},
  now: () => 0,
  breathe: async () => {},
};

/** The same context with progress reported under another stage, scaled into a part of it. */
export const under = (ctx: Context, stage: string): Context => ({ ...ctx, report: (p) => ctx.report({ ...p, stage: `${stage}: ${p.stage}` }) });
