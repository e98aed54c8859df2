/*
 * Samplers: a pure pair of init and step over plain data, so that a run can be saved, moved and resumed;
 * and how a sampler asks for likelihoods. T is the state that a prior can score, p the number of particles.
 */
import type { Context } from "../base/context.ts";
import type { Key } from "../base/key.ts";

export interface Sampler<State, Info> {
  readonly id: string;
  init(key: Key, ctx: Context): Promise<State>;
  /** Does not change `state`; the same key and state give the same result. */
  step(key: Key, state: State, ctx: Context): Promise<{ readonly state: State; readonly info: Info }>;
  done(state: State): boolean;
}

/** log L of materials given as canonical texts, one value per text; −∞ is allowed, NaN is not. A value depends on its text alone. */
export type LogLikelihood = (texts: readonly string[], ctx: Context) => Promise<Float64Array>;

/** Where the threshold of a maximised or minimised property runs from and to during one climb, in the property's unit. */
export interface Rise {
  readonly property: string;
  readonly from: number;
  readonly to: number;
}

/** One monotone rise of all thresholds together. */
export interface Climb {
  /** 0 for the first, during which the temperature rises too. */
  readonly index: number;
  readonly rises: readonly Rise[];
}

/**
 * A likelihood with thresholds that rise while the population improves. Between its levels the sampler
 * interpolates log L linearly, which is legal because only the last target has to be the one asked for.
 */
export interface RisingLikelihood {
  /** Thresholds are scored at from + (to − from)·k/(levels − 1), k = 0 … levels − 1; at least 2. */
  readonly levels: number;
  /** log L at every level, texts × levels, row-major. A row depends on its text and the climb alone. */
  score(texts: readonly string[], climb: Climb, ctx: Context): Promise<Float64Array>;
  /** The first climb (previous = null) or the next one, chosen from the population's materials; null when nothing is left to gain. */
  climb(texts: readonly string[], previous: Climb | null, ctx: Context): Promise<Climb | null>;
}

/** Distinct sound materials met so far, in order of first sight (worst dropped first beyond a cap): also the cache of likelihoods. */
export interface Archive {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  /** log L at the levels of climb `climbs[i]`, rows × levels. */
  readonly scores: Float64Array;
  /** The climb under which each row was scored. */
  readonly climbs: Int32Array;
}

/** The sampler's population; arrays run over particles. */
export interface Population<T> {
  readonly particles: readonly T[];
  /** Identity of each particle's material. */
  readonly keys: readonly string[];
  /** Canonical text of each particle's material. */
  readonly texts: readonly string[];
  /** log p(state) under the prior. */
  readonly logPrior: Float64Array;
  /** log L at every level of the present climb, p × levels. */
  readonly scores: Float64Array;
}

/** Everything tempered SMC must remember between steps: plain data, so that a run can be stored and resumed. */
export interface SmcState<T> {
  /** Steps done; 0 after init. */
  readonly step: number;
  readonly population: Population<T>;
  /** Normalised: logSumExp = 0; length p. */
  readonly logWeights: Float64Array;
  readonly climb: Climb;
  /** How far the present climb has come, in [0, 1]. */
  readonly position: number;
  /** Inverse temperature of the likelihood: the position during climb 0, 1 thereafter. */
  readonly beta: number;
  /** Estimate of log ∫ p(S) 1[sound, constraints] L(S)^beta; null in heuristic mode. */
  readonly logEvidence: number | null;
  readonly archive: Archive;
  /** Draws from the prior that init made, and how many of them were sound and met the constraints. */
  readonly drawn: { readonly draws: number; readonly sound: number };
  /** Distinct materials whose likelihood was asked for so far. */
  readonly evaluations: number;
  /** New distinct materials per move in the last step: paces the budget. */
  readonly cost: number;
  /** Moves at beta = 1 with nothing left to climb, counted in steps. */
  readonly polished: number;
  /** Why the run is over: all done, evaluation budget spent, or step limit reached; null while it runs. */
  readonly stopped: "done" | "budget" | "steps" | null;
}

/** What became of the proposals of one kind. */
export interface MoveTally {
  readonly proposed: number;
  readonly accepted: number;
  /** Proposals that returned the state they came from. */
  readonly unchanged: number;
  /** Proposals that were no sound material or broke a constraint. */
  readonly refused: number;
}

/** Diagnostics of one step. Fractions lie in [0, 1]. */
export interface SmcInfo {
  readonly step: number;
  readonly beta: number;
  /** The threshold of each maximised or minimised property at this step. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Effective number of particles after reweighting, before resampling. */
  readonly ess: number;
  /** Conditional ESS of the step in temperature, in particles. */
  readonly cess: number;
  readonly resampled: boolean;
  /** Moves per particle in this step. */
  readonly moves: number;
  /** Accepted over proposed; NaN when nothing was proposed. */
  readonly acceptance: number;
  /** By proposal id, ids in ascending order. */
  readonly proposals: Readonly<Record<string, MoveTally>>;
  /** Refused over proposed. */
  readonly invalid: number;
  /** Reasons of refusal in this step, commonest first, at most ten. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
  /** Distinct materials in the population. */
  readonly distinct: number;
  /** distinct / p. */
  readonly unique: number;
  /** Clusters of distinct materials; null when nobody was asked to count them. */
  readonly modes: number | null;
  /** log L of the population at the climb's last level: best and median. */
  readonly bestLogLikelihood: number;
  readonly medianLogLikelihood: number;
  readonly evaluations: number;
  readonly logEvidence: number | null;
  /** Why there is no evidence estimate; empty when there is one. */
  readonly evidenceWithheld: string;
  readonly stopped: SmcState<unknown>["stopped"];
}
