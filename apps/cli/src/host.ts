/*
 * The outside world as the libraries see it: a clock, a signal that Ctrl-C raises, and a line on the
 * terminal that says what is being done, how fast, and how long it will take.
 */
import cliProgress from "cli-progress";
import pc from "picocolors";
import type { Context, Progress } from "@tatara/engine/base";

export interface Host {
  readonly ctx: Context;
  /** Print a line above the progress. */
  say(text: string): void;
  close(): void;
}

/** Ctrl-C came: the run can be resumed. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const LINE_EVERY_MS = 5000;

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** One Ctrl-C may come twice: from the terminal, and passed on by whatever started this process (a launcher, npx). */
const SAME_WISH_MS = 1000;

/** A host for one command. The first Ctrl-C stops at the next checkpoint's edge, a later one at once. */
export function openHost({ silent = false }: { readonly silent?: boolean } = {}): Host {
  const controller = new AbortController();
  const display = silent ? { show: () => {}, say: () => {}, close: () => {} } : process.stderr.isTTY ? barDisplay(process.stderr) : lineDisplay();
  let asked = Number.POSITIVE_INFINITY;
  const stop = () => {
    const now = performance.now();
    if (now - asked > SAME_WISH_MS) {
      display.close(); // gives the terminal its cursor back
      process.exit(130);
    }
    if (controller.signal.aborted) return;
    asked = now;
    controller.abort(new Interrupted("interrupted"));
  };
  for (const signal of STOPS) process.on(signal, stop);
  return {
    ctx: {
      signal: controller.signal,
      report: display.show,
      keep: () => {},
      now: () => performance.now(),
      breathe: () => new Promise((resolve) => void setImmediate(resolve)),
    },
    say: display.say,
    close() {
      display.close();
      // Once asked to stop, the same wish must not kill what is still to be said.
      if (!controller.signal.aborted) for (const signal of STOPS) process.off(signal, stop);
    },
  };
}

export interface Display {
  readonly show: (progress: Progress) => void;
  readonly say: (text: string) => void;
  readonly close: () => void;
}

/** A bar that is drawn over itself; `stream` is a terminal. */
export function barDisplay(stream: NodeJS.WritableStream): Display {
  let bar: cliProgress.SingleBar | undefined;
  let stage = "";
  const end = () => {
    bar?.stop();
    bar = undefined;
    stage = "";
  };
  return {
    show(p) {
      if (p.stage !== stage) {
        end();
        stage = p.stage;
        bar = new cliProgress.SingleBar(
          { format: `${pc.cyan("{stage}")} {bar} {percentage}% ${pc.dim("{details}")}`, barsize: 24, hideCursor: true, clearOnComplete: true, emptyOnZero: true, fps: 10, stream },
          cliProgress.Presets.shades_classic,
        );
        bar.start(p.total ?? 0, 0, { stage, details: "" });
      }
      if (p.total !== undefined) bar!.setTotal(p.total);
      bar!.update(p.done, { details: [countOf(p), rate.of(p), rate.left(p), p.note ?? ""].filter((text) => text !== "").join("  ") });
    },
    say(text) {
      end();
      process.stderr.write(`${text}\n`);
    },
    close: end,
  };
}

/** Without a terminal: one line per stage and one every few seconds. */
function lineDisplay(): Display {
  let last = Number.NEGATIVE_INFINITY;
  let stage = "";
  return {
    show(p) {
      const now = performance.now();
      const speed = rate.of(p);
      if (p.stage === stage && now - last < LINE_EVERY_MS) return;
      stage = p.stage;
      last = now;
      process.stderr.write(`${p.stage}: ${[countOf(p), speed, rate.left(p), p.note ?? ""].filter((text) => text !== "").join(", ")}\n`);
    },
    say: (text) => void process.stderr.write(`${text}\n`),
    close: () => {},
  };
}

/** How much is done of how much, in whole items: a step that has begun may count as a fraction. */
export const countOf = ({ done, total }: Progress): string => `${Math.floor(done)}${total === undefined ? "" : `/${Math.ceil(total)}`}`;

/** Items per second and time left of the present stage. */
const rate = (() => {
  let stage = "";
  let started = 0;
  let first = 0;
  const perSecond = (p: Progress) => {
    const now = performance.now();
    if (p.stage !== stage) {
      stage = p.stage;
      started = now;
      first = p.done;
    }
    const seconds = (now - started) / 1000;
    return seconds > 0.2 ? (p.done - first) / seconds : 0;
  };
  return {
    of(p: Progress): string {
      const speed = perSecond(p);
      return speed <= 0 ? "" : speed >= 1 ? `${speed >= 100 ? speed.toFixed(0) : speed.toFixed(1)}/s` : `${(1 / speed).toFixed(1)} s each`;
    },
    left(p: Progress): string {
      const speed = perSecond(p);
      return p.total === undefined || speed <= 0 ? "" : `${duration((p.total - p.done) / speed)} left`;
    },
  };
})();

/** Seconds in words: 45 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
