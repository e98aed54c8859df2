/*
 * How a study holds rows out: the split that it is validated and calibrated by, and the others that its learners are scored
 * under beside it, so that a figure of interpolation is never taken for one of extrapolation.
 */
import { InputError, under, type Context, type Key } from "@tatara/engine/base";
import { clusterFolds, foldTrials, groupFolds, leavePartOut, randomFolds, sortedTrials, stratifiedFolds, type Folds, type Table, type Trial } from "@tatara/engine/data";
import type { Domain } from "@tatara/engine/generate";
import type { FitOptions, NamedSplit } from "@tatara/engine/learn";
import type { Crew } from "../executors/crew.ts";
import type { Study } from "../schema/study.ts";
import type { Measurements } from "./assemble.ts";
import { refuseFew } from "./learnable.ts";
import type { LoadedStudy } from "./types.ts";

export interface SplitSource {
  readonly loaded: LoadedStudy;
  readonly measurements: Measurements;
  readonly x: Table;
  readonly crew: Crew;
}

type SplitName = NonNullable<Study["learn"]["splits"]>[number];

/** Seconds that all other splits of one property may be forecast to take when the study names none. */
const SPLIT_PATIENCE = 60;

/** Folds of one of the splits that divide all rows. */
export async function makeFolds(at: Key, split: Study["learn"]["split"], { loaded: { study }, measurements: { targets, texts, keys, groups }, x, crew }: SplitSource, ctx: Context): Promise<Folds> {
  const options = { folds: study.learn.folds, names: keys };
  refuseFew(texts.length, study.learn.folds);
  switch (split) {
    case "cluster":
      return clusterFolds(at, x, options, under(ctx, "split"));
    case "group":
      return groupFolds(at, groups!, options);
    case "scaffold":
      return groupFolds(at, await crew.group("scaffold", texts, ctx), options);
    case "random": {
      const [only] = targets.columns;
      return targets.columns.length === 1 && only!.kind === "category" ? stratifiedFolds(at, only!.codes, options) : randomFolds(at, texts.length, options);
    }
  }
}

/** Splits that a domain and a study make possible, cheap and telling ones first. */
function possibleSplits({ data, learn: { split } }: Study, domain: Domain<unknown>): readonly SplitName[] {
  const all: readonly (readonly [SplitName, boolean])[] = [
    ["random", true],
    ["sorted", Object.values(data.properties).some(({ kind }) => kind === "number")],
    ["element", domain.mixing !== undefined],
    ["group", data.group !== undefined],
    ["scaffold", Object.hasOwn(domain.groups, "scaffold")],
    ["cluster", true],
  ];
  return all.flatMap(([name, can]) => (can && name !== split ? [name] : []));
}

/** The other splits of a study, and how many seconds they may take for one property. Those that it names take what they take. */
export function splitPlan(study: Study, domain: Domain<unknown>): { readonly splits: readonly SplitName[]; readonly patience: number } {
  const { split, splits } = study.learn;
  return splits ? { splits: [...new Set(splits)].filter((name) => name !== split), patience: Number.POSITIVE_INFINITY } : { splits: possibleSplits(study, domain), patience: SPLIT_PATIENCE };
}

/** The same for a fit. */
export function otherSplits(at: Key, source: SplitSource): Pick<FitOptions, "splits" | "splitPatience" | "splitName"> {
  const { study, domain } = source.loaded;
  const { splits, patience } = splitPlan(study, domain);
  return { splitName: study.learn.split, splits: splits.map((name) => splitOf(at, name, source)), splitPatience: patience };
}

/** Only the sorted split depends on the property: the trials of the others are made once, when they are first asked for. */
function splitOf(at: Key, name: SplitName, source: SplitSource): NamedSplit {
  if (name === "sorted") return { name, trials: async (column) => (column.kind === "number" ? sortedTrials(column.values) : []) };
  let made: Promise<readonly Trial[]> | undefined;
  return { name, trials: (_, ctx) => (made ??= trialsOf(at, name, source, ctx)) };
}

async function trialsOf(at: Key, name: Exclude<SplitName, "sorted">, source: SplitSource, ctx: Context): Promise<readonly Trial[]> {
  const { loaded: { domain }, measurements: { texts } } = source;
  if (name !== "element") return foldTrials(await makeFolds(at, name, source, ctx).catch(whereImpossible));
  return leavePartOut(at, texts.map((text) => domain.mixing!.shares(domain.codec.parse(text)).map(([part]) => part)));
}

/** Groups of the measured materials within which intervals are to hold: a grouping of the domain, or the study's group column. */
export const groupsBy = async (by: string, { measurements: { texts, groups }, crew }: SplitSource, ctx: Context): Promise<readonly string[]> => (crew.groupings.includes(by) ? crew.group(by, texts, ctx) : groups!);

/** Fewer groups than folds, say: the study stands without this comparison, and the report says that it is missing. */
function whereImpossible(error: unknown): Folds {
  if (error instanceof InputError) return { id: error.message, test: [] };
  throw error;
}
