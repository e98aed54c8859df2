/* Real data beside the repository, for tests that compare with it. */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { elementTable, readElementTable, type ElementTable } from "@tatara/domains/elements";

const SHARED = new URL("../../../../../shared/data/", import.meta.url);

/** Lines of a table without its header; undefined when it is not there. */
export function linesOf(path: string): readonly string[] | undefined {
  const file = new URL(path, SHARED);
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split("\n").slice(1);
}

const XENONPY = new URL("inorg-elements/xenonpy_elements_completed.csv", SHARED);

/** XenonPy's completed table, when the shared data are there. */
export const xenonpy = (): ElementTable | undefined => (existsSync(XENONPY) ? readElementTable(readFileSync(XENONPY, "utf8")) : undefined);

export const shippedTable: ElementTable = elementTable;
