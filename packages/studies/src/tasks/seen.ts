/*
 * Which materials a model has learnt from, as 32-bit hashes of their canonical texts: enough to tell a study that a source knows its
 * materials already. Figures out of fold are then better than those of materials that are new to the source. Two sets of n and N
 * materials have n N / 2³² hashes in common by chance.
 */
import { hash } from "@tatara/engine/base";
import type { LentSource } from "./sources.ts";

/** Hashes in growing order, each once. */
export const fingerprints = (texts: readonly string[]): Uint32Array => Uint32Array.from(new Set(texts.map((text) => Number.parseInt(hash(text).slice(0, 8), 16)))).sort();

/** A source that has learnt from a study's own materials. */
export interface SeenBySource {
  readonly source: string;
  /** How many of the study's. */
  readonly materials: number;
}

/** Sources that have seen some of the materials; those that do not tell are left out. */
export function seenBySources(sources: readonly LentSource[], texts: readonly string[]): readonly SeenBySource[] {
  const own = fingerprints(texts);
  return sources.flatMap(({ name, file: { seen } }) => {
    const theirs = new Set(seen);
    const materials = own.filter((one) => theirs.has(one)).length;
    return materials > 0 ? [{ source: name, materials }] : [];
  });
}

/** The same in a sentence; empty where no source has seen any. */
export function seenWarning(seen: readonly SeenBySource[], of: number): string {
  if (seen.length === 0) return "";
  const counts = seen.map(({ materials }) => materials);
  const most = Math.max(...counts);
  return `${seen.map(({ source }) => source).join(", ")} learnt from ${Math.min(...counts) < most ? "up to " : ""}${most} of these ${of} materials: figures out of fold are then better than those of new materials, most of all where a source predicts the same property; name other models, or leave these materials out`;
}
