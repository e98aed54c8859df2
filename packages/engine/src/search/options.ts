/*
 * What tempered SMC can be told, with defaults and checks that run before any expensive work.
 */
import { InputError } from "../base/errors.ts";
import type { Batches } from "../generate/types.ts";
import type { SmcMode } from "./move.ts";
import type { Climb, LogLikelihood, RisingLikelihood } from "./types.ts";

export interface SmcOptions<T> {
  readonly batches: Batches<T>;
  /** log L of materials; a rising one when something is maximised or minimised. */
  readonly logLikelihood: LogLikelihood | RisingLikelihood;
  /** `exact`: Metropolis-corrected, with evidence. `heuristic`: proposals without a ratio are let in, evidence withheld. Default exact. */
  readonly mode?: SmcMode;
  /** Number of particles p, at least 2. Default 500. */
  readonly size?: number;
  /** Conditional ESS that a step in temperature may cost, as a fraction of p in (0, 1): nearer 1 means more, smaller steps. Default 0.5. */
  readonly ess?: number;
  /** Resample when ESS falls below this fraction of p; 1 resamples always. Default 0.9. */
  readonly resampleBelow?: number;
  /** Moves per particle at each temperature, at most. Default 5. */
  readonly moves?: number;
  /** Stop moving at a temperature when this many moves per particle were accepted. Default: never before `moves` are made. */
  readonly refresh?: number;
  /** Fixed positions instead of adaptive ones, ascending, the last one 1: the estimate of the evidence (not of its log) is then exactly unbiased. */
  readonly schedule?: readonly number[];
  /** Steps of further moves once beta is 1 and no threshold is left to raise. Default 1. */
  readonly polish?: number;
  /** Distinct materials that may be evaluated; never exceeded. Default unlimited. */
  readonly evaluations?: number;
  /** Steps at most. Default 500. */
  readonly steps?: number;
  /** Batches of p draws from the prior to find p sound particles. Default 50. */
  readonly rounds?: number;
  /** Distinct materials kept with their likelihood, at least p. Default 100,000. */
  readonly archive?: number;
  /** Heuristic mode only: draw the first population from these states instead of the prior. */
  readonly start?: readonly T[];
  /** Count clusters among the distinct materials of a population, best first; see `leaders`. */
  readonly modes?: (texts: readonly string[]) => number | Promise<number>;
}

export type Settings<T> = Required<Omit<SmcOptions<T>, "logLikelihood" | "start" | "modes" | "schedule">> &
  Pick<SmcOptions<T>, "start" | "modes" | "schedule"> & { readonly likelihood: RisingLikelihood };

/** A likelihood without thresholds: one level, one climb. */
const level = (logLikelihood: LogLikelihood): RisingLikelihood => ({
  levels: 1,
  score: (texts, _, ctx) => logLikelihood(texts, ctx),
  climb: async (_, previous): Promise<Climb | null> => (previous === null ? { index: 0, rises: [] } : null),
});

const whole = (least: number) => (v: number) => (Number.isInteger(v) || v === Number.POSITIVE_INFINITY) && v >= least;

function demand(name: string, value: number, legal: (v: number) => boolean, right: string): void {
  if (!legal(value)) throw new InputError(`${name}: ${value} — ${right}`, { path: `generate.${name}`, value });
}

function checkSchedule(schedule: readonly number[]): void {
  const rising = schedule.every((s, i) => s > (i === 0 ? 0 : schedule[i - 1]!));
  if (!rising || schedule.at(-1) !== 1) throw new InputError(`schedule: [${schedule.join(", ")}] — ascending positions above 0 that end in 1`, { path: "generate.schedule", value: schedule });
}

/** Defaults filled in and checked. Throws InputError. */
export function settle<T>({ logLikelihood, mode = "exact", size = 500, ess = 0.5, resampleBelow = 0.9, moves = 5, refresh = Number.POSITIVE_INFINITY, polish = 1, evaluations = Number.POSITIVE_INFINITY, steps = 500, rounds = 50, archive = 100_000, ...rest }: SmcOptions<T>): Settings<T> {
  demand("size", size, (v) => whole(2)(v) && Number.isFinite(v), "a whole number of particles, at least 2");
  demand("ess", ess, (v) => v > 0 && v < 1, "a fraction between 0 and 1");
  demand("resampleBelow", resampleBelow, (v) => v >= 0 && v <= 1, "a fraction from 0 to 1");
  demand("moves", moves, (v) => whole(1)(v) && Number.isFinite(v), "a whole number, at least 1");
  demand("refresh", refresh, (v) => v > 0, "a positive number of accepted moves per particle");
  demand("polish", polish, (v) => whole(0)(v) && Number.isFinite(v), "a whole number of steps, at least 0");
  demand("evaluations", evaluations, whole(size), `a whole number, at least the ${size} particles`);
  demand("steps", steps, whole(1), "a whole number, at least 1");
  demand("rounds", rounds, whole(1), "a whole number, at least 1");
  demand("archive", archive, whole(size), `a whole number, at least the ${size} particles`);
  if (rest.schedule !== undefined) checkSchedule(rest.schedule);
  if (rest.start !== undefined && mode === "exact") throw new InputError("start states in exact mode: the first population must be drawn from the prior — use mode heuristic", { path: "generate.start" });
  if (rest.start?.length === 0) throw new InputError("no start states: [] — give at least one, or leave start out", { path: "generate.start" });
  const likelihood = typeof logLikelihood === "function" ? level(logLikelihood) : logLikelihood;
  return { ...rest, likelihood, mode, size, ess, resampleBelow, moves, refresh, polish, evaluations, steps, rounds, archive };
}
