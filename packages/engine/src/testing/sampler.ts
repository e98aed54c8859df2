/*
 * What every sampler promises: pure steps over plain data, so that a run can be repeated, stored, resumed
 * and stopped.
 */
import type { Context } from "../base/context.ts";
import { quiet } from "../base/context.ts";
import { decode, encode } from "../base/encoding.ts";
import { fold } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import { run } from "../search/run.ts";
import type { Sampler } from "../search/types.ts";
import { ensure, thrownBy, withGaps } from "./claims.ts";
import type { Claim, Gap } from "./types.ts";

export interface SamplerCheck<State, Info> {
  /** A fresh sampler each time, with nothing remembered. */
  readonly make: () => Sampler<State, Info>;
  readonly key: Key;
  /** Steps after which a run must have ended. Default 100. */
  readonly most?: number;
  readonly skip?: readonly Gap[];
}

/** Encoded states and infos of a whole run. */
async function record<State, Info>(sampler: Sampler<State, Info>, key: Key, most: number): Promise<{ states: string[]; infos: string[] }> {
  const states: string[] = [];
  const infos: string[] = [];
  for await (const { step, state, info } of run(sampler, key, quiet)) {
    ensure(step <= most, () => `the run has not ended after ${most} steps`);
    states.push(encode(state));
    infos.push(encode(info));
  }
  return { states, infos };
}

/** A context in which every pause breathes, and the signal falls at breath `at`. */
function stoppedAt(at: number): { ctx: Context; breaths: () => number; reason: Error } {
  const controller = new AbortController();
  const reason = new Error("stopped by the kit");
  let clock = 0;
  let breaths = 0;
  const ctx: Context = {
    ...quiet,
    signal: controller.signal,
    now: () => (clock += 1000),
    breathe: async () => {
      if (++breaths === at) controller.abort(reason);
    },
  };
  return { ctx, breaths: () => breaths, reason };
}

async function drain<State, Info>(sampler: Sampler<State, Info>, key: Key, ctx: Context): Promise<void> {
  for await (const stage of run(sampler, key, ctx)) void stage;
}

/** Claims about a sampler; each makes its own. */
export function checkSampler<State, Info>({ make, key, most = 100, skip = [] }: SamplerCheck<State, Info>): readonly Claim[] {
  const claims: Claim[] = [
    {
      name: "same key, same result",
      async check() {
        const [a, b] = [await record(make(), key, most), await record(make(), key, most)];
        ensure(encode(a) === encode(b), () => `two runs differ first at step ${a.states.findIndex((s, i) => s !== b.states[i])}`);
      },
    },
    {
      name: "another key, another result",
      async check() {
        const [a, b] = [await record(make(), key, most), await record(make(), fold(key, "another"), most)];
        ensure(a.states.at(-1) !== b.states.at(-1), () => "runs of two keys end in the same state");
      },
    },
    {
      name: "resume equals run at every step",
      async check() {
        const { states, infos } = await record(make(), key, most);
        for (let step = 0; step < states.length; step++) {
          const stages = run(make(), key, quiet, { step, state: decode(states[step]!) as State });
          await stages.next();
          const next = await stages.next();
          const found = next.done ? undefined : encode(next.value.state);
          ensure(found === states[step + 1], () => `resumed from step ${step}, step ${step + 1} differs`);
          ensure(next.done === true || encode(next.value.info) === infos[step + 1], () => `resumed from step ${step}, the diagnostics of step ${step + 1} differ`);
        }
      },
    },
    {
      name: "a step does not change its input",
      async check() {
        const sampler = make();
        let state: State = await sampler.init(fold(key, 0), quiet);
        for (let step = 1; !sampler.done(state) && step <= most; step++) {
          const before = encode(state);
          const next = await sampler.step(fold(key, step), state, quiet);
          ensure(encode(state) === before, () => `step ${step} changed the state it was given`);
          state = next.state;
        }
      },
    },
    {
      name: "abort stops within one chunk",
      async check() {
        const never = stoppedAt(Number.POSITIVE_INFINITY);
        await drain(make(), key, never.ctx);
        ensure(never.breaths() > 0, () => "the sampler never pauses");
        const stride = Math.max(1, Math.floor(never.breaths() / 20));
        for (let at = 1; at <= never.breaths(); at += stride) {
          const { ctx, breaths, reason } = stoppedAt(at);
          const error = await thrownBy(() => drain(make(), key, ctx), () => `stopped at pause ${at}, the run went on to its end`);
          ensure(error === reason, () => `stopped at pause ${at}, something else was thrown: ${String(error)}`);
          ensure(breaths() === at, () => `stopped at pause ${at}, work went on until pause ${breaths()}`);
        }
      },
    },
    {
      name: "a stopped signal prevents all work",
      async check() {
        const { ctx, reason } = stoppedAt(1);
        await ctx.breathe();
        for (const work of [() => make().init(key, ctx), async () => make().step(key, await make().init(fold(key, 0), quiet), ctx)]) {
          ensure((await thrownBy(work, () => "a stopped context was ignored")) === reason, () => "the reason of the signal was not thrown");
        }
      },
    },
  ];
  return withGaps(claims, skip);
}
