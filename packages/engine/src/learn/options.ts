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
export function checked<T extends object>(learner: string, options: T | Options, checks: Readonly<Record<string, OptionCheck>>): T {
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

export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): OptionCheck => option(most < Number.MAX_SAFE_INTEGER ? `a whole number from ${least} to ${most}` : `a whole number ≥ ${least}`, (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most);
export const oneOf = (...choices: readonly string[]): OptionCheck => option((value) => oneOfThese(String(value), choices), (value) => choices.includes(value as string));

const number = (right: string, fits: (value: number) => boolean): OptionCheck => option(right, (value) => typeof value === "number" && value < Number.POSITIVE_INFINITY && fits(value));
export const least = (bound: number): OptionCheck => number(`a number ≥ ${bound}`, (v) => v >= bound);
export const positive: OptionCheck = number("a number > 0", (v) => v > 0);
/** A part that may be all. */
export const share: OptionCheck = number("a number > 0 and ≤ 1", (v) => v > 0 && v <= 1);
/** A part that leaves something. */
export const part: OptionCheck = number("a number > 0 and < 1", (v) => v > 0 && v < 1);

/** The name of another learner, and its options. */
export const learnerName: OptionCheck = option("the name of a learner", (value) => typeof value === "string");
export const innerOptions: OptionCheck = option("options of that learner, by name", (value) => typeof value === "object" && value !== null && !Array.isArray(value));
export const namesOf = (things: string): OptionCheck => option(`a list of names of ${things}`, (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string"));
/** Several learners, each as an object. */
export const learnerList: OptionCheck = option("a list of learners: [{ learner: linear }, { learner: forest, options: { trees: 100 } }]", (value) => Array.isArray(value) && value.length > 0);

/** A learner as a study writes it among the options of another. */
export interface WrittenLearner {
  readonly learner: string;
  readonly options?: Options;
}

export const WRITTEN = { learner: learnerName, options: innerOptions };

/** One learner among the options of another, at its place; it must have a name. */
export function memberOf<T extends WrittenLearner>(what: string, at: string, written: unknown, checks: Readonly<Record<string, OptionCheck>>): T {
  return within(at, () => {
    const member = checked<T>(what, written as Options, checks);
    if (member.learner === undefined) throw new InputError(`no learner in ${what}: ${JSON.stringify(written)} — name it, { learner: forest }`, { path: PLACE, value: written });
    return member;
  });
}
