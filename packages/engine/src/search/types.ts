/*
 * Samplers: a pure pair of init and step over plain data, so that a run can be saved, moved and resumed.
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
