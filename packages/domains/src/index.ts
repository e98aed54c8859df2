/* @tatara/domains: the kinds of material, as a plain record of factories over a toolkit handle. */
import type { Catalog } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import type { Rdkit } from "./chem/types.ts";
import { molecule } from "./molecule/index.ts";
import { polymer } from "./polymer/index.ts";

export { loadRdkit } from "./chem/load.ts";
export type { Rdkit } from "./chem/types.ts";
export { molecule } from "./molecule/index.ts";
export type { Molecule } from "./molecule/index.ts";
export { polymer } from "./polymer/index.ts";
export type { Polymer } from "./polymer/index.ts";

/** What a host may lend to every domain; each takes what it can use. */
export interface DomainOptions {
  /** Monomers, as texts, that polymers may be made from. */
  readonly monomers?: readonly string[];
}

/** Materials are opaque to whoever picks a domain by name: they come from the domain and go back to it. */
export type DomainFactory = (rdkit: Rdkit, options?: DomainOptions) => Domain<unknown>;

/** Forget the kind of material, which only the domain itself looks into. */
const opaque = <S>(domain: Domain<S>): Domain<unknown> => domain as unknown as Domain<unknown>;

/** What a study's `domain:` may name. */
export const domains: Catalog<DomainFactory> = {
  molecule: (rdkit) => opaque(molecule(rdkit)),
  polymer: (rdkit, { monomers } = {}) => opaque(polymer(rdkit, monomers === undefined ? {} : { monomers })),
};
