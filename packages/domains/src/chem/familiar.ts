/*
 * A proposal kept to familiar chemistry: what it makes may hold only atom environments (an atom with its neighbours,
 * Morgan ids of radius 0 and 1) that occur in the corpus, or among the common fragments that make up four fifths of
 * PubChem's (a score of 0 and more in the table of the SA score: Ertl & Schuffenhauer 2009). Edits of single atoms
 * are otherwise quick to find what RDKit can write, a model likes, and nobody has made. Novelty lies in how
 * environments are put together.
 */
import { InputError } from "@tatara/engine/base";
import type { Catalog } from "@tatara/engine/base";
import type { ProposalRecipe } from "@tatara/engine/generate";
import { connectivity } from "./invariants.ts";
import { morganCounts } from "./morgan.ts";
import { fragmentScore } from "./saScore.ts";
import type { Topology } from "./topology.ts";

const environments = (topology: Topology): Iterable<number> => morganCounts(topology, { radius: 1, invariants: connectivity(topology) }).keys();

/** Score from which a fragment belongs to the common ones. */
const COMMON = 0;

/** The same proposal; a change into something unfamiliar, or into no material, is given up. Not exact. */
function familiar<S>(recipe: ProposalRecipe<S, string>, view: (s: S) => Topology, parse: (text: string) => S): ProposalRecipe<S, string> {
  return {
    ...recipe,
    about: `${recipe.about}; only atom environments that are known`,
    exact: false,
    make(prior, corpus, options) {
      const inner = recipe.make(prior, corpus, options);
      const known = new Set(corpus.flatMap((s) => [...environments(view(s))]));
      const isFamiliar = (text: string): boolean => {
        try {
          return [...environments(view(parse(text)))].every((id) => known.has(id) || fragmentScore(id) >= COMMON);
        } catch (error) {
          if (error instanceof InputError) return false;
          throw error;
        }
      };
      return {
        ...inner,
        propose(key, from) {
          const { to } = inner.propose(key, from);
          return { to: to === from || isFamiliar(to) ? to : from };
        },
      };
    },
  };
}

/** Proposals that change atoms or join any two pieces; the others speak the corpus's language, or edit monomers by rules of their own. */
const INVENTIVE = new Set(["edit", "crossover"]);

/** A catalogue in which the inventive proposals are kept to familiar environments. */
export const inFamiliarBounds = <S>(proposals: Catalog<ProposalRecipe<S, string>>, view: (s: S) => Topology, parse: (text: string) => S): Catalog<ProposalRecipe<S, string>> =>
  Object.fromEntries(Object.entries(proposals).map(([name, recipe]) => [name, INVENTIVE.has(name) ? familiar(recipe, view, parse) : recipe]));
