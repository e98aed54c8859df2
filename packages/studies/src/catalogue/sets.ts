/*
 * What `data.table` may name: a shipped data set, or a file. Both become a path and, for shipped sets,
 * the defaults that the set knows about itself.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean, InputError } from "@tatara/engine/base";
import { knownPhases, shippedSets, type ShippedSet } from "@tatara/data";

export interface TableSource {
  readonly path: string;
  /** The shipped set, when the name is one. */
  readonly set?: ShippedSet;
}

/** Find a table. Relative paths count from the study's directory. Throws InputError naming what there is. */
export function findTable(name: string, base: string): TableSource {
  if (Object.hasOwn(shippedSets, name)) {
    const set = shippedSets[name]!;
    return { path: fileURLToPath(set.table), set };
  }
  const path = isAbsolute(name) ? name : resolve(base, name);
  if (existsSync(path)) return { path };
  const hint = didYouMean(name, Object.keys(shippedSets));
  throw new InputError(`no such table: "${name}" — ${hint || `neither a file (${path}) nor a shipped set (${Object.keys(shippedSets).join(", ")})`}`, { path: "data.table", value: name });
}

/** Names for tables of phases that are no paths. */
export const shippedPhases: readonly string[] = [knownPhases.id, "none"];

/** Where a table of phases is: `known-phases` is shipped and serves one domain, `none` is no table, anything else is a path from the study. Throws InputError when there is no such file. */
export function findPhases(name: string, domain: string, base: string): string | undefined {
  if (name === "none" || (name === knownPhases.id && knownPhases.domain !== domain)) return undefined;
  if (name === knownPhases.id) return fileURLToPath(knownPhases.table);
  const path = resolve(base, name);
  if (existsSync(path)) return path;
  throw new InputError(`no such table of phases: "${name}" — ${didYouMean(name, shippedPhases) || `neither a file (${path}), nor ${knownPhases.id}, nor none`}`, { path: "screen.phases", value: name });
}

/** Text of the user's table of elements. Throws InputError when it cannot be read. */
export async function readElements(path: string, field: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (cause as Error).message;
    throw new InputError(`cannot read the table of elements: ${path} — ${why}`, { path: field, value: path, cause });
  }
}
