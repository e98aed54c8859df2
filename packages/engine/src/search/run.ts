/*
 * Driving a sampler: an async generator that yields after every step, offers checkpoints, and can be
 * stopped and picked up again. Init draws from fold(key, 0) and step t from fold(key, t), so that an
 * interrupted run equals an unbroken one.
 */
import { pause } from "../base/context.ts";
import type { Checkpoint, Context } from "../base/context.ts";
import { fold } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Sampler } from "./types.ts";

/** A sampler's state after `step` steps; info is null for the state that a run starts or resumes from. */
export interface Stage<State, Info> {
  readonly step: number;
  readonly state: State;
  readonly info: Info | null;
}

/**
 * Run to the end. First yields the starting state (drawn, or the checkpoint's), then every step's.
 * Each state but a resumed one is offered to `ctx.keep` before it is yielded. Throws the signal's reason when stopped.
 */
export async function* run<State, Info>(sampler: Sampler<State, Info>, key: Key, ctx: Context, checkpoint?: Checkpoint<State>): AsyncGenerator<Stage<State, Info>, State> {
  await pause(ctx);
  let step = checkpoint?.step ?? 0;
  let state = checkpoint === undefined ? await sampler.init(fold(key, 0), ctx) : checkpoint.state;
  if (checkpoint === undefined) await ctx.keep({ step, state });
  yield { step, state, info: null };
  while (!sampler.done(state)) {
    await pause(ctx);
    step++;
    const next = await sampler.step(fold(key, step), state, ctx);
    state = next.state;
    await ctx.keep({ step, state });
    yield { step, state, info: next.info };
  }
  return state;
}
