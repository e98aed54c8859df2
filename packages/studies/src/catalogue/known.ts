import { InputError, oneOfThese } from "@tatara/engine/base";

/** Throws InputError with a suggestion when `name` is not among `names`. */
export function known(what: string, name: string, names: readonly string[], path?: string): void {
  if (!names.includes(name)) throw new InputError(`unknown ${what}: "${name}" — ${oneOfThese(name, names)}`, { value: name, ...(path === undefined ? {} : { path }) });
}
