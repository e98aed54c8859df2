/*
 * A calculator turns a structure into named quantities by running a program outside this process.
 * It is handed the structure as text, a key for its chances, and the context; it never throws because of a structure.
 */
import type { Context, Key } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";

/** The quantities of one structure, each in the unit of the calculator's feature of that name. */
export interface Calculated {
  readonly values: Readonly<Record<string, number>>;
  /** Program and version that computed them: "xtb 6.5.1". */
  readonly by: string;
}

/** Why there are no quantities, in words. */
export interface Failure {
  readonly failure: string;
  /** `missing`: the program is not installed; `structure`: refused before any calculation; `calculation`: it broke down; `time`: stopped at the limit. */
  readonly kind: "missing" | "structure" | "calculation" | "time";
}

export interface Calculator {
  readonly id: string;
  readonly quantities: readonly Feature[];
  /** Program and version, such as "xtb 6.5.1". Throws UnsupportedError that tells how to install a missing program. */
  version(ctx: Context): Promise<string>;
  /** Throws only the abort reason of `ctx.signal`; every other trouble is a Failure. */
  calculate(structure: string, key: Key, ctx: Context): Promise<Calculated | Failure>;
}

export const isFailure = (result: object): result is Failure => "failure" in result;
