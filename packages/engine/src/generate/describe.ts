/*
 * Descriptor rows of materials given as texts: the blocks of several descriptors side by side in one table.
 * Pure and synchronous, so that batches may call it inline or inside worker threads.
 */
import { InputError, lookUp } from "../base/errors.ts";
import type { Feature, Table } from "../data/types.ts";
import type { Descriptor, Domain } from "./types.ts";

/** The named descriptors of a domain, in the order asked for. Throws InputError for an unknown or a repeated name. */
export function chooseDescriptors<S, T>(domain: Domain<S, T>, names: readonly string[]): readonly Descriptor<S>[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`descriptor named twice: "${twice}" — each block can stand in a table once`, { path: "represent", value: names });
  return names.map((name) => lookUp("descriptor", name, domain.descriptors, "represent"));
}

/** The columns that `describeTexts` writes. Throws InputError when two descriptors share a feature name. */
export function joinFeatures<S>(descriptors: readonly Descriptor<S>[]): readonly Feature[] {
  const features = descriptors.flatMap((d) => d.features);
  const names = new Set<string>();
  for (const { name } of features) {
    if (names.has(name)) throw new InputError(`feature in two descriptors: "${name}" — leave out one of ${descriptors.map((d) => d.id).join(", ")}`, { path: "represent", value: name });
    names.add(name);
  }
  return features;
}

/** The descriptors' own conditions, as constraints. */
export const refusalsOf = <S>(descriptors: readonly Descriptor<S>[]): readonly ((s: S) => string | undefined)[] => descriptors.flatMap((d) => (d.refuses === undefined ? [] : [(s: S) => d.refuses!(s)]));

/** One row per text, n × d. A row depends on its text alone. Throws InputError on a text that is no material. */
export function describeTexts<S, T>(domain: Domain<S, T>, descriptors: readonly Descriptor<S>[], texts: readonly string[]): Table {
  const features = joinFeatures(descriptors);
  const data = new Float64Array(texts.length * features.length);
  let at = 0;
  for (const text of texts) {
    const material = domain.codec.parse(text);
    for (const descriptor of descriptors) {
      descriptor.write(material, data.subarray(at, at + descriptor.features.length));
      at += descriptor.features.length;
    }
  }
  return { rows: texts.length, cols: features.length, data, features };
}
