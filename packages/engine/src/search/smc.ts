/*
 * Tempered sequential Monte Carlo over materials: from p(S) to p(S) L(S) along p(S) L(S)^beta, by
 * reweighting, resampling and Metropolis-Hastings moves (Del Moral, Doucet & Jasra 2006,
 * doi 10.1111/j.1467-9868.2006.00553.x, section 3.3.2.3); the application to materials is iQSPR
 * (Ikebata et al. 2017, doi 10.1007/s10822-016-0008-z).
 *
 * Hard conditions are part of the target: p(S) is cut to sound states that meet the constraints, and the
 * evidence is that of the cut, un-normalised prior. In exact mode every move leaves its target invariant.
 * What is approximate: temperatures (and, with `refresh`, numbers of moves) are chosen from the particles
 * themselves, which biases the evidence by O(1/p); a fixed `schedule` takes that away. Heuristic mode lets
 * in proposals that cannot tell their ratio; its samples follow no known distribution and carry no evidence.
 *
 * Maximised and minimised properties enter as thresholds that rise with the temperature: see RisingLikelihood.
 */
import { pause } from "../base/context.ts";
import type { Context } from "../base/context.ts";
import { fold, stream } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Batches } from "../generate/types.ts";
import { emptyArchive, scoreAll, trim } from "./archive.ts";
import { movePopulation } from "./moves.ts";
import { settle } from "./options.ts";
import type { Settings, SmcOptions } from "./options.ts";
import { drawSound, repeatTo, take } from "./population.ts";
import { report } from "./diagnostics.ts";
import { reweight } from "./reweight.ts";
import type { Climb, Population, Sampler, SmcInfo, SmcState } from "./types.ts";

/** Build a sampler. Throws InputError on an option that cannot be, before any work. */
export function smc<T>(options: SmcOptions<T>): Sampler<SmcState<T>, SmcInfo> {
  const settings = settle(options);
  return {
    id: `smc(${settings.mode}, size=${settings.size}, ess=${settings.ess}, moves=${settings.moves})`,
    init: (key, ctx) => init(key, settings, ctx),
    step: (key, state, ctx) => step(key, state, settings, ctx),
    done: (state) => state.stopped !== null,
  };
}

/** Draws from given states instead of the prior. */
const startingFrom = <T>(batches: Batches<T>, start: readonly T[]): Batches<T> => ({
  ...batches,
  sample: async (key, n) => Array.from({ length: n }, (_, i) => start[stream(fold(key, i)).below(start.length)]!),
});

async function init<T>(key: Key, settings: Settings<T>, ctx: Context): Promise<SmcState<T>> {
  const { batches, likelihood, mode, size, rounds, start } = settings;
  await pause(ctx);
  const drawn = await drawSound(key, { batches: start === undefined ? batches : startingFrom(batches, start), size, rounds }, ctx);
  const climb: Climb = (await likelihood.climb(drawn.texts, null, ctx)) ?? { index: 0, rises: [] };
  const materials = drawn.keys.map((name, i) => ({ key: name, text: drawn.texts[i]! }));
  const { scores, archive, fresh } = await scoreAll(emptyArchive, materials, climb, likelihood, ctx);
  const logPrior = await batches.logDensity(drawn.particles, ctx);
  return {
    step: 0,
    population: take({ ...drawn, logPrior, scores }, repeatTo(drawn.keys.length, size)),
    logWeights: new Float64Array(size).fill(-Math.log(size)),
    climb,
    position: 0,
    beta: 0,
    logEvidence: mode === "exact" ? drawn.logShare : null,
    archive,
    drawn: { draws: drawn.draws, sound: drawn.keys.length },
    evaluations: fresh,
    cost: fresh,
    polished: 0,
    stopped: null,
  };
}

/** The same target with the next climb begun, when there is something left to gain; the population is scored anew. */
async function climbOn<T>(state: SmcState<T>, { likelihood }: Settings<T>, ctx: Context): Promise<SmcState<T> | null> {
  const climb = await likelihood.climb(state.population.texts, state.climb, ctx);
  if (climb === null) return null;
  const materials = state.population.keys.map((key, i) => ({ key, text: state.population.texts[i]! }));
  const { scores, archive } = await scoreAll(state.archive, materials, climb, likelihood, ctx);
  return { ...state, climb, position: 0, archive, population: { ...state.population, scores } };
}

async function step<T>(key: Key, before: SmcState<T>, settings: Settings<T>, ctx: Context): Promise<{ state: SmcState<T>; info: SmcInfo }> {
  await pause(ctx);
  const climbed = before.position === 1 ? await climbOn(before, settings, ctx) : null;
  const from = climbed ?? before;
  const polishing = from.position === 1;
  const heated = reweight(fold(key, "resample"), from, settings);
  const moved = await movePopulation(fold(key, "move"), heated, from.position, settings, ctx);
  const polished = from.polished + (polishing ? 1 : 0);
  const state: SmcState<T> = {
    ...from,
    step: from.step + 1,
    population: moved.population as Population<T>,
    logWeights: heated.logWeights,
    position: heated.position,
    beta: heated.beta,
    logEvidence: settings.mode === "exact" ? heated.logEvidence : null,
    archive: trim(moved.archive, settings.archive, settings.likelihood.levels),
    evaluations: from.evaluations + moved.fresh,
    cost: moved.moves > 0 ? moved.fresh / moved.moves : from.cost,
    polished,
    stopped: moved.spent ? "budget" : null,
  };
  const stopped = state.stopped ?? (await over(state, settings, ctx));
  const final = { ...state, stopped };
  const info = await report(final, heated, moved, settings);
  return { state: final, info };
}

/** Why a run is over after a step that did not exhaust the budget; null when it goes on. */
async function over<T>(state: SmcState<T>, settings: Settings<T>, ctx: Context): Promise<SmcState<T>["stopped"]> {
  if (state.position === 1 && state.polished >= settings.polish) {
    const more = await settings.likelihood.climb(state.population.texts, state.climb, ctx);
    if (more === null) return "done";
  }
  return state.step >= settings.steps ? "steps" : null;
}
