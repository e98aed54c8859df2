/* What a rule may speak of: features that a reader knows, by name. */
import { InputError, type Context } from "@tatara/engine/base";
import { selectFeatures, type Feature, type Table } from "@tatara/engine/data";
import { chooseDescriptors, joinFeatures, type Domain, type Readable } from "@tatara/engine/generate";
import type { Crew } from "../../executors/crew.ts";
import type { RulesStudy } from "../../schema/study.ts";

/** The domain's own choice. */
export const readableOf = ({ readable, defaultDescriptors }: Domain<unknown>): Readable => readable ?? { descriptors: defaultDescriptors, without: [] };

/** Descriptors and patterns of a study, with the domain's defaults. */
export const spokenOf = ({ rules: { features, without } }: Pick<RulesStudy, "rules">, domain: Domain<unknown>): Readable => ({ descriptors: features ?? readableOf(domain).descriptors, without: without ?? readableOf(domain).without });

const matcher = (pattern: string): RegExp => new RegExp(`^${pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);

/** Names of the features that a rule may speak of; bits and counts of fingerprints are no words. Throws InputError when none is left. */
export function spokenNames(features: readonly Feature[], without: readonly string[], descriptors: readonly string[]): readonly string[] {
  const patterns = without.map(matcher);
  const left = features.filter(({ name, kind = "real" }) => kind === "real" && !patterns.some((pattern) => pattern.test(name)));
  if (left.length === 0) throw new InputError(`no feature for a rule to speak of: ${descriptors.join(", ")} — a descriptor of named numbers is needed, and patterns in rules.without that leave some`, { path: "rules.features", value: descriptors });
  return left.map(({ name }) => name);
}

/** The same for a domain, before anything is described. */
export function spokenFeatures(study: Pick<RulesStudy, "rules">, domain: Domain<unknown>): readonly Feature[] {
  const { descriptors, without } = spokenOf(study, domain);
  const features = joinFeatures(chooseDescriptors(domain, descriptors));
  const names = new Set(spokenNames(features, without, descriptors));
  return features.filter(({ name }) => names.has(name));
}

/** Materials described by what rules may speak of. The crew must have been opened with these descriptors. */
export async function describeSpoken(crew: Crew, texts: readonly string[], names: readonly string[], ctx: Context): Promise<Table> {
  return selectFeatures(await crew.describe(texts, ctx), names);
}

/** Whether each column has a number in every row. */
export function completeColumns({ cols, data }: Table): readonly boolean[] {
  const complete = Array.from({ length: cols }, () => true);
  for (let at = 0, j = 0; at < data.length; at++, j = j + 1 === cols ? 0 : j + 1) if (!Number.isFinite(data[at]!)) complete[j] = false;
  return complete;
}

/** Names of one feature for each group, the first that is usable. */
export const leaderNames = (features: readonly Feature[], group: Int32Array, usable: readonly boolean[]): readonly string[] => {
  const taken = new Set<number>();
  return features.flatMap(({ name }, j) => {
    if (!usable[j]! || taken.has(group[j]!)) return [];
    taken.add(group[j]!);
    return [name];
  });
};
