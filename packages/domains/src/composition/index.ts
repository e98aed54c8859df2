/* Compositions: the domain of inorganic materials named by a formula alone. */
import type { Catalog } from "@tatara/engine/base";
import type { Descriptor, Domain } from "@tatara/engine/generate";
import { elementTable } from "../elements/table.ts";
import type { ElementTable } from "../elements/types.ts";
import { likenessOf, similarityUnder } from "./alike.ts";
import { compositionCodec } from "./codec.ts";
import { compositionConstraints } from "./constraints.ts";
import { alloy } from "./descriptors/alloy.ts";
import { constituents } from "./descriptors/constituents.ts";
import { fractions } from "./descriptors/fractions.ts";
import { ionic } from "./descriptors/ionic.ts";
import { kmd } from "./descriptors/kmd.ts";
import { fractionStatistics, statistics, statisticsMore } from "./descriptors/statistics.ts";
import { drawComposition } from "./draw.ts";
import { compositionGroups } from "./groups.ts";
import { compositionMixing } from "./mixing.ts";
import { knownRecipe } from "./prior/known.ts";
import { compositionProposals } from "./proposals/index.ts";
import { rowsOf } from "./rows.ts";
import { lift, project, type Mix } from "./state.ts";
import type { Composition } from "./type.ts";

export type { Amounts, Composition } from "./type.ts";
export { composition as compositionOf } from "./canonical.ts";
export { compositionCodec } from "./codec.ts";
export { readFormula } from "./formula/read.ts";
export { lift, mixOf, project, type Mix } from "./state.ts";
export { classOf, systemOf } from "./groups.ts";
export { likenessOf, similarityUnder, type Likeness } from "./alike.ts";
export { rowsOf, type Rows } from "./rows.ts";
export { statisticsAsWritten, writeStatistics } from "./descriptors/statistics.ts";
export { invertKernelMean, kernelMean, type Kmd, type KmdOptions } from "./descriptors/kmd.ts";
export { oxidationOf, oxidationText, type Oxidation } from "./oxidation.ts";
export * from "./rules.ts";

export interface CompositionOptions {
  /** Properties of the elements, from which descriptors and similarities are made. Default: the shipped table. */
  readonly elements?: ElementTable;
}

/** The domain over one table of elements. Rules and conditions use shipped facts, whatever table is given. */
export function composition({ elements = elementTable }: CompositionOptions = {}): Domain<Composition, Mix> {
  const likeness = once(() => likenessOf(elements));
  const similarity = once(() => similarityUnder(likeness()));
  return {
    id: "composition",
    column: "formula",
    versions: { elements: elements.id },
    codec: compositionCodec,
    faults: () => [],
    lift,
    project,
    descriptors: compositionDescriptors(elements),
    defaultDescriptors: ["statistics"],
    // Who mines an element says nothing of the phases that it makes.
    readable: { descriptors: ["fraction-statistics", "alloy"], without: ["*hhi*"] },
    priors: { known: knownRecipe },
    proposals: compositionProposals(likeness),
    constraints: compositionConstraints,
    similarityMeans: { name: "similarity", about: "1 means the same composition: what two share of their atoms, similar elements counted in part" },
    similarity: (a, b) => similarity()(a, b),
    groups: compositionGroups,
    mixing: compositionMixing(elements),
    draw: drawComposition,
  };
}

export function compositionDescriptors(elements: ElementTable): Catalog<Descriptor<Composition>> {
  const rows = rowsOf(elements);
  return {
    statistics: statistics(rows),
    "statistics-more": statisticsMore(rows),
    "fraction-statistics": fractionStatistics(rows),
    fractions: fractions(elements),
    kmd: kmd(elements),
    alloy: alloy(),
    constituents: constituents(),
    ionic: ionic(),
  };
}

/** The likeness of elements takes a moment, and not every study asks for it. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

