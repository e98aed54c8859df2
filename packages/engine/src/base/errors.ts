/*
 * The three errors that Tatara throws, beside the abort reason of a signal.
 * Messages read `<what is wrong>: <the value> — <what would be right>`.
 */
import { oneOfThese } from "./suggest.ts";

/** Something that the caller supplied is wrong: a study, a table cell, an argument. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** Where the value stands (`target.gap`, `row 12`), if anywhere. */
  readonly path?: string;
  /** The offending value, as it came. */
  readonly value?: unknown;
  constructor(message: string, { path, value, cause }: { path?: string; value?: unknown; cause?: unknown } = {}) {
    super(message, { cause });
    if (path !== undefined) this.path = path;
    this.value = value;
  }
}

/** The request is meaningful, but this build, model or machine cannot do it. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** A computation broke down although its input was legal; `values` says at which numbers. */
export class NumericalError extends Error {
  override readonly name = "NumericalError";
  readonly values: Readonly<Record<string, number>>;
  constructor(message: string, values: Readonly<Record<string, number>> = {}) {
    super(message);
    this.values = values;
  }
}

/** Look `name` up in a catalogue, or throw an InputError that tells what was probably meant, or what there is. */
export function lookUp<T>(kind: string, name: string, catalog: Readonly<Record<string, T>>, path?: string): T {
  if (Object.hasOwn(catalog, name)) return catalog[name]!;
  throw new InputError(`unknown ${kind}: "${name}" — ${oneOfThese(name, Object.keys(catalog))}`, { path: path ?? kind, value: name });
}
