/* @tatara/domains: the kinds of material, as a plain record of factories over a toolkit handle. */
import type { Catalog } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import type { Rdkit } from "./chem/types.ts";
import { molecule } from "./molecule/index.ts";
import type { Molecule } from "./molecule/index.ts";

export { loadRdkit } from "./chem/load.ts";
export type { Rdkit } from "./chem/types.ts";
export { molecule };
export type { Molecule };

/** What a host can offer to every domain; each takes what it knows. */
export interface DomainOptions {
  /** Monomers as texts, for the moves of polymers that exchange them. */
  readonly monomers?: readonly string[];
}

/** A domain of any kind of material; states are token strings. */
export type DomainFactory = (rdkit: Rdkit, options: DomainOptions) => Domain<unknown>;

/** What a study's `domain:` may name. */
export const domains: Catalog<DomainFactory> = {
  molecule: (rdkit) => molecule(rdkit) as Domain<unknown>,
};
