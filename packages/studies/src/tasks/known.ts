import { InputError } from "@tatara/engine/base";
import { didYouMean } from "../schema/check.ts";

/** Throws InputError with a suggestion when `name` is not among `names`. */
export function known(what: string, name: string, names: readonly string[], path?: string): void {
  if (!names.includes(name)) throw new InputError(`unknown ${what}: "${name}" — ${didYouMean(name, names) || `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`}`, { value: name, ...(path === undefined ? {} : { path }) });
}
