/* Options of recipes as a study writes them, checked before anything is fitted. */
import { InputError, lookUp } from "../base/errors.ts";

export type Options = Readonly<Record<string, unknown>>;

/** Throws InputError when an option is not one of those allowed, or has a value that its check refuses. */
export function checked<T>(learner: string, options: Options, checks: Readonly<Record<string, (value: unknown) => boolean>>): T {
  for (const [name, value] of Object.entries(options)) {
    const check = lookUp(`option of ${learner}`, name, checks, `learn.options.${name}`);
    if (value !== undefined && !check(value)) throw new InputError(`bad option of ${learner}: ${name} = ${JSON.stringify(value)} — see the description of ${learner}`, { path: `learn.options.${name}`, value });
  }
  return options as T;
}

export const whole = (least: number) => (value: unknown) => Number.isSafeInteger(value) && (value as number) >= least;
export const oneOf = (...choices: readonly string[]) => (value: unknown) => choices.includes(value as string);
