/*
 * Threads are asked to stop, and end by themselves: a thread that is ended from outside while it is inside onnxruntime takes the
 * whole process with it. The request is a number in shared memory that the thread's context looks at whenever the work pauses.
 */
import type { Context } from "@tatara/engine/base";

/** 1 once a stop is wanted; travels in messages, and stays shared. */
export type StopFlag = Int32Array<SharedArrayBuffer>;

/** A flag that is raised when the signal is aborted. Release it when the work has ended. */
export function stopFlag(signal: AbortSignal): { readonly flag: StopFlag; release(): void } {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const raise = (): void => void Atomics.store(flag, 0, 1);
  if (signal.aborted) raise();
  signal.addEventListener("abort", raise, { once: true });
  return { flag, release: () => signal.removeEventListener("abort", raise) };
}

export const isRaised = (flag: StopFlag): boolean => Atomics.load(flag, 0) === 1;

/** The context of work in a thread: it says nothing, and is stopped by the flag. */
export function threadContext(flag: StopFlag): Context {
  const stop = new AbortController();
  const look = (): void => {
    if (isRaised(flag)) stop.abort(new Error("stopped: the run was cancelled"));
  };
  look();
  return {
    signal: stop.signal,
    report: () => {},
    keep: () => {},
    now: () => performance.now(),
    breathe: async () => {
      await new Promise((resolve) => void setImmediate(resolve));
      look();
    },
  };
}
