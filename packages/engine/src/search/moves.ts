/*
 * All moves of one temperature: as many as asked for, as few as the population needs, as the budget allows.
 */
import { pause } from "../base/context.ts";
import type { Context } from "../base/context.ts";
import { fold } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import { moveOnce } from "./move.ts";
import type { Settings } from "./options.ts";
import { addTally, emptyTally, total } from "./tally.ts";
import type { Tally } from "./tally.ts";
import type { Archive, Population, SmcState } from "./types.ts";

/** The outcome of a temperature's moves. */
export interface Outcome<T> {
  readonly population: Population<T>;
  readonly archive: Archive;
  readonly tally: Tally;
  /** New distinct materials that were evaluated. */
  readonly fresh: number;
  readonly moves: number;
  /** Whether the evaluation budget did not suffice for the next move. */
  readonly spent: boolean;
}

const TEMPERATURES_AHEAD = 10; // a guess for the first step, from which there is nothing to extrapolate

/** Temperatures still to come with the polishing, if positions keep growing by the factor of the last step. */
function stepsLeft(position: number, previous: number, polishLeft: number): number {
  if (position === 1) return 1 + polishLeft;
  const ahead = previous > 0 ? Math.ceil(Math.log(1 / position) / Math.log(position / previous)) : TEMPERATURES_AHEAD;
  return 1 + ahead + polishLeft;
}

/** Moves at this temperature, so that the budget lasts to the end; at least one. */
function affordable<T>(state: SmcState<T>, previous: number, { moves, evaluations, polish }: Settings<T>): number {
  if (evaluations === Number.POSITIVE_INFINITY) return moves;
  const share = (evaluations - state.evaluations) / stepsLeft(state.position, previous, Math.max(0, polish - state.polished));
  return Math.max(1, Math.min(moves, Math.floor(share / Math.max(1, state.cost))));
}

/** Move the population at its temperature; `previous` is the position before this step. */
export async function movePopulation<T>(key: Key, state: SmcState<T>, previous: number, settings: Settings<T>, ctx: Context): Promise<Outcome<T>> {
  const most = affordable(state, previous, settings);
  const steps = state.step + stepsLeft(state.position, previous, Math.max(0, settings.polish - state.polished));
  const enough = settings.refresh * settings.size;
  const tally = emptyTally();
  let { population, archive } = state;
  let fresh = 0;
  for (let m = 0; m < most; m++) {
    await pause(ctx);
    ctx.report({ stage: "sample", done: state.step + m / most, total: steps, note: `beta ${state.beta.toPrecision(3)}, ${state.evaluations + fresh} evaluated` });
    if (m > 0 && total(tally).accepted >= enough) return { population, archive, tally, fresh, moves: m, spent: false };
    const start = { population, archive, climb: state.climb, position: state.position, room: settings.evaluations - state.evaluations - fresh };
    const moved = await moveOnce(fold(key, m), start, settings, ctx);
    if (moved === null) return { population, archive, tally, fresh, moves: m, spent: true };
    ({ population, archive } = moved);
    fresh += moved.fresh;
    addTally(tally, moved.tally);
  }
  return { population, archive, tally, fresh, moves: most, spent: false };
}
