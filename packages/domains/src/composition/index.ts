/* Compositions: the domain of inorganic materials named by a formula alone. */
import type { Descriptor, Domain } from "@tatara/engine/generate";
import type { Catalog } from "@tatara/engine/base";
import type { ElementTable } from "../elements/types.ts";
import { likenessOf, similarityUnder } from "./alike.ts";
import { compositionCodec } from "./codec.ts";
import { fractions } from "./descriptors/fractions.ts";
import { kmd } from "./descriptors/kmd.ts";
import { statistics, statisticsMore } from "./descriptors/statistics.ts";
import { drawComposition } from "./draw.ts";
import { compositionGroups } from "./groups.ts";
import { rowsOf } from "./rows.ts";
import type { Composition } from "./type.ts";

export type { Amounts, Composition } from "./type.ts";
export { composition as compositionOf } from "./canonical.ts";
export { compositionCodec } from "./codec.ts";
export { readFormula } from "./formula/read.ts";
export { classOf, systemOf } from "./groups.ts";
export { rowsOf, type Rows } from "./rows.ts";
export { invertKernelMean, kernelMean, type Kmd, type KmdOptions } from "./descriptors/kmd.ts";
export { statisticsAsWritten, writeStatistics } from "./descriptors/statistics.ts";

export interface CompositionOptions {
  /** Properties of the elements, from which descriptors and similarities are made. */
  readonly elements: ElementTable;
}

/** The domain over one table of elements. */
export function composition({ elements }: CompositionOptions): Domain<Composition, unknown> {
  return {
    id: "composition",
    column: "formula",
    versions: { elements: elements.id },
    codec: compositionCodec,
    faults: () => [],
    lift: ({ formula }) => formula,
    project: (state) => compositionCodec.parse(state as string),
    descriptors: compositionDescriptors(elements),
    defaultDescriptors: ["statistics"],
    priors: {},
    proposals: {},
    constraints: {},
    similarity: similarityUnder(likenessOf(elements)),
    groups: compositionGroups,
    draw: drawComposition,
  };
}

export function compositionDescriptors(elements: ElementTable): Catalog<Descriptor<Composition>> {
  const rows = rowsOf(elements);
  return { statistics: statistics(rows), "statistics-more": statisticsMore(rows), fractions: fractions(elements), kmd: kmd(elements) };
}
