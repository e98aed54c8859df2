/*
 * Counting what became of proposals: by proposal id, and why states were refused.
 */
import type { MoveTally } from "./types.ts";

/** Counts of one or several moves; made by `emptyTally`, changed only by the move that made it. */
export interface Tally {
  readonly byProposal: Map<string, { proposed: number; accepted: number; unchanged: number; refused: number }>;
  readonly reasons: Map<string, number>;
}

export const emptyTally = (): Tally => ({ byProposal: new Map(), reasons: new Map() });

export type Fate = "accepted" | "rejected" | "unchanged" | "refused";

/** Count one proposal in `out`. */
export function count(out: Tally, proposal: string, fate: Fate, reasons: readonly string[] = []): void {
  const row = out.byProposal.get(proposal) ?? { proposed: 0, accepted: 0, unchanged: 0, refused: 0 };
  row.proposed++;
  if (fate !== "rejected") row[fate]++;
  out.byProposal.set(proposal, row);
  for (const reason of reasons) out.reasons.set(reason, (out.reasons.get(reason) ?? 0) + 1);
}

/** Add the counts of `tally` to `out`. */
export function addTally(out: Tally, tally: Tally): void {
  for (const [id, row] of tally.byProposal) {
    const sum = out.byProposal.get(id) ?? { proposed: 0, accepted: 0, unchanged: 0, refused: 0 };
    for (const field of ["proposed", "accepted", "unchanged", "refused"] as const) sum[field] += row[field];
    out.byProposal.set(id, sum);
  }
  for (const [reason, n] of tally.reasons) out.reasons.set(reason, (out.reasons.get(reason) ?? 0) + n);
}

/** All proposals together. */
export function total(tally: Tally): MoveTally {
  const sum = { proposed: 0, accepted: 0, unchanged: 0, refused: 0 };
  for (const row of tally.byProposal.values()) for (const field of ["proposed", "accepted", "unchanged", "refused"] as const) sum[field] += row[field];
  return sum;
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const MOST_REASONS = 10;

/** Commonest first, ties by text. */
export const commonest = (reasons: ReadonlyMap<string, number>): [string, number][] => [...reasons].toSorted(([a, n], [b, m]) => m - n || ascending(a, b)).slice(0, MOST_REASONS);

/** Ids in ascending order, so that equal runs print equal records. */
export const sortedTallies = (tally: Tally): Record<string, MoveTally> => Object.fromEntries([...tally.byProposal].toSorted(([a], [b]) => ascending(a, b)).map(([id, row]) => [id, { ...row }]));
