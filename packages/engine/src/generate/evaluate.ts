/*
 * One state of a sampler becomes a judged material: projected, checked for faults and hard constraints,
 * and named. Pure and synchronous, so that batches may call it inline or inside worker threads.
 */
import { InputError } from "../base/errors.ts";
import type { Domain, Evaluated } from "./types.ts";

/** A hard condition on materials: undefined when satisfied, else the reason. What `ConstraintRecipe.make` returns. */
export type Constraint<S> = (s: S) => string | undefined;

const refused = (reasons: readonly string[]): Evaluated => ({ key: null, text: null, reasons });

/** Project, check faults, then constraints, and name the material. A state that is no material is refused, not an error. */
export function evaluateState<S, T>(domain: Domain<S, T>, constraints: readonly Constraint<S>[], state: T): Evaluated {
  let material: S;
  try {
    material = domain.project(state);
  } catch (error) {
    // Domains say "no such material" with an InputError; anything else is a bug and must be seen.
    if (error instanceof InputError) return refused([error.message]);
    throw error;
  }
  const faults = domain.faults(material);
  if (faults.length > 0) return refused(faults);
  const broken = constraints.map((holds) => holds(material)).filter((reason) => reason !== undefined);
  if (broken.length > 0) return refused(broken);
  return { key: domain.codec.key(material), text: domain.codec.format(material), reasons: [] };
}
