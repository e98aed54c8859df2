/*
 * What is known already: the measured materials as shares of their parts. The distance of two materials is the percent
 * of atoms that must be exchanged to make one of the other, half the sum of the differences of their shares.
 */
import { knownHits, type Target } from "@tatara/engine/design";
import type { Domain } from "@tatara/engine/generate";
import type { Measurements } from "../assemble.ts";

export interface Phase {
  readonly text: string;
  /** Class or value of the first property looked for. */
  readonly label: string;
  readonly hit: boolean;
  readonly parts: readonly string[];
  /** Percent of each part. */
  readonly amounts: readonly number[];
}

export interface Near {
  readonly phase: Phase;
  /** Percent of atoms, in [0, 100]. */
  readonly distance: number;
}

export interface Phases {
  readonly all: readonly Phase[];
  /** Phases made of some or all of these parts. */
  within(parts: readonly string[]): readonly Phase[];
  /** The nearest of all, and the nearest hit; undefined where there is none that shares a part. */
  nearest(parts: readonly string[], amounts: ArrayLike<number>): { readonly any?: Near; readonly hit?: Near };
}

export function phasesOf(domain: Domain<unknown>, { texts, targets: { columns } }: Measurements, targets: readonly Target[]): Phases {
  const looked = targets.map(({ property }) => columns.find((c) => c.name === property)).filter((c) => c !== undefined);
  // A model may have been learnt elsewhere: then these data need not know what it predicts.
  const hits = looked.length === targets.length ? knownHits(targets, looked) : texts.map(() => false);
  const [first] = looked;
  const all = texts.map((text, i): Phase => {
    const shares = domain.mixing!.shares(domain.codec.parse(text));
    const label = first === undefined ? "" : first.kind === "category" ? (first.levels[first.codes[i]!] ?? "") : Number.isNaN(first.values[i]!) ? "" : String(first.values[i]!);
    return { text, label, hit: hits[i]!, parts: shares.map(([part]) => part), amounts: shares.map(([, share]) => 100 * share) };
  });
  return indexed(all);
}

/** Phases by the parts that they have, so that only those that share one are looked at. */
export function indexed(all: readonly Phase[]): Phases {
  const having = new Map<string, { readonly rows: number[]; readonly amounts: number[] }>();
  all.forEach(({ parts, amounts }, row) =>
    parts.forEach((part, k) => {
      const list = having.get(part) ?? { rows: [], amounts: [] };
      having.set(part, list);
      list.rows.push(row);
      list.amounts.push(amounts[k]!);
    }),
  );
  const shared = new Float64Array(all.length);
  return {
    all,
    within(parts) {
      const allowed = new Set(parts);
      const rows = new Set(parts.flatMap((part) => having.get(part)?.rows ?? []));
      return [...rows].sort((a, b) => a - b).map((row) => all[row]!).filter((phase) => phase.parts.every((part) => allowed.has(part)));
    },
    nearest(parts, amounts) {
      const touched: number[] = [];
      parts.forEach((part, k) => {
        const list = having.get(part);
        if (!list || !(amounts[k]! > 0)) return;
        list.rows.forEach((row, r) => {
          if (shared[row] === 0) touched.push(row);
          shared[row]! += Math.min(amounts[k]!, list.amounts[r]!);
        });
      });
      let [any, hit] = [-1, -1];
      for (const row of touched.sort((a, b) => a - b)) {
        if (any < 0 || shared[row]! > shared[any]!) any = row;
        if (all[row]!.hit && (hit < 0 || shared[row]! > shared[hit]!)) hit = row;
      }
      const near = (row: number): Near => ({ phase: all[row]!, distance: Math.max(0, 100 - shared[row]!) });
      const answer = { ...(any < 0 ? {} : { any: near(any) }), ...(hit < 0 ? {} : { hit: near(hit) }) };
      for (const row of touched) shared[row] = 0;
      return answer;
    },
  };
}

/** Percent of atoms to exchange between two mixtures of named parts. */
export function distanceOf(a: { readonly parts: readonly string[]; readonly amounts: ArrayLike<number> }, b: { readonly parts: readonly string[]; readonly amounts: ArrayLike<number> }): number {
  let shared = 0;
  a.parts.forEach((part, k) => {
    const j = b.parts.indexOf(part);
    if (j >= 0) shared += Math.min(a.amounts[k]!, b.amounts[j]!);
  });
  return Math.max(0, 100 - shared);
}
