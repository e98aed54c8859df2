/* Similarity of sparse fingerprints: 1 for equal ones, 0 for nothing in common. Two empty ones are equal. */
import type { Counts } from "./morgan.ts";

/** Shared ids over all ids (Jaccard): Tanimoto on unfolded bits. */
export function tanimotoBits(a: Counts, b: Counts): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const id of small.keys()) if (large.has(id)) shared++;
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}

/** Σ min / Σ max of the counts (Ruzicka): Tanimoto on counts. */
export function tanimotoCounts(a: Counts, b: Counts): number {
  let [least, total] = [0, 0];
  for (const [id, count] of a) {
    least += Math.min(count, b.get(id) ?? 0);
    total += count;
  }
  for (const count of b.values()) total += count;
  const most = total - least;
  return most === 0 ? 1 : least / most;
}

/** What the similarity of fingerprints means, for readers. */
export const TANIMOTO = { name: "Tanimoto similarity", about: "1 means the same fingerprint (ECFP4)" } as const;
