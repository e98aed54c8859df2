/* What choosing and validating learners will cost, and what auto will find no time for. */
import type { Feature } from "@tatara/engine/data";
import { labelOf, reasonAgainst, trialSeconds } from "@tatara/engine/learn";
import { recipes } from "../catalogue/learners.ts";
import { learnSpec, type Circumstances } from "../catalogue/learnSpec.ts";
import type { Study } from "../schema/study.ts";

interface Size extends Circumstances {
  readonly rows: number;
  /** Of the descriptors. */
  readonly features: readonly Feature[];
  /** Columns beside packed graphs, with those that sources of transfer add. */
  readonly cols: number;
}

export interface LearnForecast {
  /** What will be tried, as a reader calls it. */
  readonly names: readonly string[];
  /** Cross-validation and final fit for one property, on one core: of all that is tried, and one fit of the dearest. */
  readonly seconds: number;
  readonly dearest: number;
  readonly lines: readonly string[];
}

/** For one property whose values are all known; auto goes by those that are, and may find time for more. */
export function learnForecast({ data, learn }: Pick<Study, "data" | "learn">, { rows, features, cols, ...circumstances }: Size): LearnForecast {
  const { properties, networks } = circumstances;
  const { learner, candidates } = learnSpec(learn, circumstances);
  const kinds = [...new Set(Object.values(data.properties).map(({ kind }) => (kind === "number" ? "number" : "category")))];
  const all = candidates.map((spec) => {
    const needs = recipes[spec.name]!.needs(spec.options ?? {});
    return { name: labelOf(spec), able: kinds.some((kind) => reasonAgainst(needs, kind, rows, features) === undefined), fit: needs.seconds(rows, cols), seconds: trialSeconds(needs, rows, cols, learn.folds) };
  });
  const auto = learner === "auto";
  const share = auto ? learn.budget / properties : Number.POSITIVE_INFINITY;
  let left = share;
  const tried = all.toSorted((a, b) => a.seconds - b.seconds).filter(({ able, seconds }) => able && seconds <= left && ((left -= seconds), true));
  const unable = all.filter(({ able }) => !able);
  const late = all.filter((one) => one.able && !tried.includes(one));
  const seconds = auto ? share : all.reduce((sum, one) => sum + one.seconds, 0);
  return {
    names: (auto ? tried : all).map(({ name }) => name),
    seconds,
    dearest: Math.max(...(tried.length > 0 ? tried : all).map(({ fit }) => fit)),
    lines: auto ? [`auto may spend ${Math.round(learn.budget)} s of one core on trying learners${properties > 1 ? `, ${Math.round(share)} s for each property` : ""} (learn.budget): ${tried.map((one) => `${one.name} ${amount(one.seconds)} s`).join(", ")}; what is left tunes the best and is not needed if there is nothing to tune${without("no time for", late)}${without("not for these data:", unable)}${networks ? "" : "; no networks, which train too slowly without onnxruntime"}`] : [],
  };
}

const amount = (seconds: number): string => (seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0));

const without = (why: string, list: readonly { readonly name: string; readonly seconds: number }[]): string => (list.length === 0 ? "" : `; ${why} ${list.map(({ name, seconds }) => `${name}${why.startsWith("no time") ? ` (${amount(seconds)} s)` : ""}`).join(", ")}`);
