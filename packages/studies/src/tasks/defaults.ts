/* What a study leaves out: defaults that depend on the domain and on the tables that were found. */
import { isExtremal } from "@tatara/engine/design";
import type { Domain } from "@tatara/engine/generate";
import type { InvertStudy, Study } from "../schema/study.ts";
import { readableOf } from "./rules/features.ts";

/** The prior's own table is found like the study's: a shipped set, or a path that counts from the study. */
export function withCorpus(study: Study, { column }: Domain<unknown>, path: string | undefined): Study {
  if (study.study !== "invert" || study.generate.corpus === undefined) return study;
  const { corpus } = study.generate;
  return { ...study, generate: { ...study.generate, corpus: { ...corpus, table: path ?? corpus.table, structure: corpus.structure ?? column } } };
}

/** The table of phases: a path from the study becomes one from anywhere. */
export const withPhases = (study: Study, path: string | undefined): Study => (study.study !== "screen" || path === undefined ? study : { ...study, screen: { ...study.screen, phases: path } });

/** A search is to end among materials that are nearly sure to be hits; a posterior holds the doubtful ones too. */
const HEURISTIC_POWER = 8;

/** Nothing is nearly sure to be the largest: without a bound to meet, a power means nothing. */
const powerOf = ({ generate: { mode, power }, target }: InvertStudy): number =>
  power ?? (mode === "exact" || Object.values(target).every((text) => isExtremal(String(text))) ? 1 : HEURISTIC_POWER);

/** Defaults that depend on the domain. */
export function fillIn(study: Study, domain: Domain<unknown>, table: string, shipped: boolean): Study {
  const group = study.data.group ?? ([study.learn.split, ...(study.learn.splits ?? [])].includes("group") && Object.hasOwn(domain.groups, "system") ? "system" : undefined);
  const data = { ...study.data, table: shipped ? study.data.table : table, structure: study.data.structure ?? domain.column, ...(group === undefined ? {} : { group }) };
  const common = { ...study, represent: study.represent ?? representOf(study, domain), data };
  if (common.study === "rules") return { ...common, rules: { ...common.rules, features: common.rules.features ?? [...readableOf(domain).descriptors], without: common.rules.without ?? [...readableOf(domain).without] } };
  return common.study === "invert" ? { ...common, generate: { ...common.generate, prior: common.generate.prior ?? Object.keys(domain.priors)[0]!, power: powerOf(common), proposals: common.generate.proposals ?? defaultProposals(common, domain) } } : common;
}

/** A study that names no descriptors has the domain's, those that fit its kind. */
const representOf = ({ study }: Study, domain: Domain<unknown>): string[] => [...(study === "screen" ? (domain.mixing?.descriptors ?? domain.defaultDescriptors) : study === "rules" ? readableOf(domain).descriptors : domain.defaultDescriptors)];

/** All exact moves in exact mode, every move in heuristic mode; all with the same weight. */
const defaultProposals = ({ generate }: InvertStudy, domain: Domain<unknown>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(domain.proposals)
      .filter(([, recipe]) => generate.mode === "heuristic" || recipe.exact)
      .map(([name]) => [name, 1]),
  );

/** A shipped set knows the units of its columns. */
export const shippedUnits = (study: Study, columns: Readonly<Record<string, { readonly unit: string }>>): Study["data"]["properties"] =>
  Object.fromEntries(Object.entries(study.data.properties).map(([name, p]) => [name, p.kind === "class" ? p : { ...p, unit: p.unit ?? columns[p.column ?? name]?.unit ?? "1" }]));
