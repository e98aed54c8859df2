/* Options of recipes as a study writes them, checked before anything is fitted. */
import { InputError, lookUp } from "../base/errors.ts";

export type Options = Readonly<Record<string, unknown>>;

/** Whether a value is right, and in words which ones are. */
export interface Check {
  (value: unknown): boolean;
  readonly right?: string;
}

/** Throws InputError when an option is not one of those allowed, or has a value that its check refuses. Undefined is as if left out. */
export function checked<T extends object>(learner: string, options: T | Options, checks: Readonly<Record<string, Check>>): T {
  for (const [name, value] of Object.entries(options)) {
    const check = lookUp(`option of ${learner}`, name, checks, `learn.options.${name}`);
    if (value !== undefined && !check(value)) throw new InputError(`bad option of ${learner}: ${name} = ${JSON.stringify(value)} — ${check.right ?? `see the description of ${learner}`}`, { path: `learn.options.${name}`, value });
  }
  return options as T;
}

const check = (right: string, ok: (value: unknown) => boolean): Check => Object.assign((value: unknown) => ok(value), { right });
const number = (right: string, ok: (value: number) => boolean): Check => check(right, (value) => typeof value === "number" && value < Number.POSITIVE_INFINITY && ok(value));

export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Check => number(most < Number.MAX_SAFE_INTEGER ? `a whole number from ${least} to ${most}` : `a whole number ≥ ${least}`, (v) => Number.isSafeInteger(v) && v >= least && v <= most);
export const oneOf = (...choices: readonly string[]): Check => check(`one of ${choices.join(", ")}`, (value) => choices.includes(value as string));
export const least = (bound: number): Check => number(`a number ≥ ${bound}`, (v) => v >= bound);
export const positive = number("a positive number", (v) => v > 0);
/** A part that may be all. */
export const share = number("in (0, 1]", (v) => v > 0 && v <= 1);
/** A part that leaves something. */
export const part = number("in (0, 1)", (v) => v > 0 && v < 1);
