/* Rows that hang together: what bootstraps draw as a whole, as the study's split sees them. */
import { under, type Context, type Key } from "@tatara/engine/base";
import { clusterRows, type Table } from "@tatara/engine/data";
import type { Groups } from "@tatara/engine/prob";
import type { Crew } from "../../executors/crew.ts";
import type { Study } from "../../schema/study.ts";
import type { Measurements } from "../assemble.ts";

/** Similarity at which two rows are drawn together under `split: cluster`. */
const ALIKE = 0.6;

export async function rowGroups(key: Key, { learn: { split } }: Study, { texts, keys, groups }: Measurements, x: Table, crew: Crew, ctx: Context): Promise<Groups> {
  // Without a group column in the data a finished model may have been split by one.
  if (split === "group" && groups !== undefined) return groups;
  if (split === "scaffold") return crew.group("scaffold", texts, ctx);
  if (split === "cluster") return clusterRows(key, x, { threshold: ALIKE, names: keys }, under(ctx, "group rows"));
  return texts.map((_, i) => i);
}
