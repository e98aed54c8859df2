/* What a worker draws and changes materials with: a prior fitted to a corpus, its moves, and the constraints of a study. */
import { lookUp } from "@tatara/engine/base";
import { mixture, type Constraint, type Domain, type Mixture, type Prior } from "@tatara/engine/generate";
import type { GeneratorSetup } from "./protocol.ts";

export interface Generator {
  readonly prior: Prior<unknown>;
  readonly moves: Mixture<unknown>;
  readonly constraints: readonly Constraint<unknown>[];
}

export function buildGenerator(domain: Domain<unknown, unknown>, setup: GeneratorSetup): Generator {
  const corpus = setup.corpus.map((text) => domain.codec.parse(text));
  const prior = fitPrior(domain, setup, corpus);
  const constraints = Object.entries(setup.constraints).map(([name, value]) => lookUp("constraint", name, domain.constraints, "constraints").make(value));
  return { prior, moves: makeMoves(domain, setup, prior, corpus), constraints };
}

export function fitPrior(domain: Domain<unknown, unknown>, { prior, priorOptions, key }: Pick<GeneratorSetup, "prior" | "priorOptions" | "key">, corpus: readonly unknown[]): Prior<unknown> {
  const recipe = lookUp("prior", prior, domain.priors, "generate.prior");
  return recipe.fit(corpus, recipe.options.parse(priorOptions), key);
}

export const makeMoves = (domain: Domain<unknown, unknown>, { proposals }: Pick<GeneratorSetup, "proposals">, prior: Prior<unknown>, corpus: readonly unknown[]): Mixture<unknown> =>
  mixture(
    Object.entries(proposals).map(([name, weight]) => {
      const proposal = lookUp("proposal", name, domain.proposals, "generate.proposals");
      return { proposal: proposal.make(prior, corpus, proposal.options.parse({})), weight };
    }),
  );
