/* The moves of compositions as a catalogue; all are exact. */
import { InputError, type Catalog } from "@tatara/engine/base";
import type { Prior, Proposal, ProposalRecipe } from "@tatara/engine/generate";
import type { Likeness } from "../alike.ts";
import type { KnownPrior } from "../prior/known.ts";
import type { Mix } from "../state.ts";
import type { Composition } from "../type.ts";
import { count, exchange, fresh, substitute, swap, template, transfer } from "./moves.ts";

type Recipe = ProposalRecipe<Composition, Mix>;

const noOptions: Recipe["options"] = {
  parse(value) {
    if (value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)) return {};
    throw new InputError(`options of a move that has none: ${JSON.stringify(value)} — leave them out`, { value });
  },
};

function knownOf(prior: Prior<Mix>): KnownPrior {
  if ("elements" in prior && "amounts" in prior) return prior as KnownPrior;
  throw new InputError(`a move needs the prior known: ${prior.id} — say prior: known`, { path: "generate.prior", value: prior.id });
}

const recipe = (id: string, about: string, make: (prior: KnownPrior, corpus: readonly Composition[]) => Proposal<Mix>["propose"]): Recipe => ({
  about,
  exact: true,
  options: noOptions,
  make: (prior, corpus) => ({ id, exact: true, propose: make(knownOf(prior), corpus) }),
});

export function compositionProposals(likeness: () => Likeness): Catalog<Recipe> {
  const most = (prior: KnownPrior, corpus: readonly Composition[]): number => prior.options.max_elements || Math.max(1, ...corpus.map(({ z }) => z.length));
  return {
    transfer: recipe("transfer", "take from one element and give to another", () => transfer),
    count: recipe("count", "one atom more or less of one element", () => count),
    swap: recipe("swap", "two elements change places", () => swap),
    substitute: recipe("substitute", "one element gives way to a similar one", (prior) => substitute(prior.elements.universe, likeness())),
    exchange: recipe("exchange", "an element comes in or goes out", (prior, corpus) => exchange(prior.elements.universe, most(prior, corpus))),
    template: recipe("template", "a stoichiometry of the prior for the same elements", template),
    fresh: recipe("fresh", "a composition drawn anew from the prior", fresh),
  };
}
