/* Options of recipes as a study writes them, checked before anything is fitted. */
import { InputError, lookUp } from "../base/errors.ts";
import { oneOfThese } from "../base/suggest.ts";

export type Options = Readonly<Record<string, unknown>>;

/** Whether a value is right for an option; `right` says what would be. */
export interface OptionCheck {
  (value: unknown): boolean;
  right(value: unknown): string;
}

/** A check by what would be right, in words. */
export const option = (right: string | ((value: unknown) => string), fits: (value: unknown) => boolean): OptionCheck => Object.assign((value: unknown) => fits(value), { right: typeof right === "string" ? () => right : right });

/** Where a study writes the options of its learner. */
const PLACE = "learn.options";
/** Other studies write them elsewhere, but always as options. */
const readable = (path: string): string => path.slice("learn.".length);

/** Throws InputError when an option is not one of those allowed, or has a value that its check refuses. */
export function checked<T>(learner: string, options: Options, checks: Readonly<Record<string, OptionCheck>>): T {
  if (typeof options !== "object" || Array.isArray(options)) throw new InputError(`no options of ${learner}: ${JSON.stringify(options)} — by name, of ${Object.keys(checks).join(", ")}`, { path: PLACE, value: options });
  for (const [name, value] of Object.entries(options)) {
    const check = lookUp(`option of ${learner}`, name, checks, `${PLACE}.${name}`);
    if (value !== undefined && !check(value)) throw new InputError(`bad option of ${learner}: ${name} = ${JSON.stringify(value)} — ${check.right(value)}`, { path: `${PLACE}.${name}`, value });
  }
  return options as T;
}

/** Do something with options that stand at a place (`members.0.options`) within those of another learner: what is wrong with them is told with its whole path. */
export function within<T>(at: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError) || !error.path?.startsWith(PLACE)) throw error;
    const [path, cause] = [`${PLACE}.${at}${error.path.slice(PLACE.length)}`, (error.cause ?? error) as InputError];
    throw new InputError(`${cause.message} (${readable(path)})`, { path, value: error.value, cause });
  }
}

export const whole = (least: number): OptionCheck => option(`a whole number ≥ ${least}`, (value) => Number.isSafeInteger(value) && (value as number) >= least);
export const oneOf = (...choices: readonly string[]): OptionCheck => option((value) => oneOfThese(String(value), choices), (value) => choices.includes(value as string));
/** A number ≥ 0, > 0, or as high as another bound. */
export const least = (bound: number): OptionCheck => option(bound === Number.MIN_VALUE ? "a number > 0" : `a number ≥ ${bound}`, (value) => typeof value === "number" && value >= bound && value < Number.POSITIVE_INFINITY);
export const positive: OptionCheck = least(Number.MIN_VALUE);
/** The name of another learner, and its options. */
export const learnerName: OptionCheck = option("the name of a learner", (value) => typeof value === "string");
export const innerOptions: OptionCheck = option("options of that learner, by name", (value) => typeof value === "object" && value !== null && !Array.isArray(value));
export const namesOf = (things: string): OptionCheck => option(`a list of names of ${things}`, (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string"));
