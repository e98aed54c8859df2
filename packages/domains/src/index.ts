/* @tatara/domains: the kinds of material, as a plain record of factories over what a host lends. */
import { InputError, type Catalog } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import type { Rdkit } from "./chem/types.ts";
import { composition } from "./composition/index.ts";
import type { ElementTable } from "./elements/types.ts";
import { molecule } from "./molecule/index.ts";
import { polymer } from "./polymer/index.ts";

export { loadRdkit } from "./chem/load.ts";
export type { Rdkit } from "./chem/types.ts";
export type { ElementProperty, ElementTable } from "./elements/types.ts";
export { composition } from "./composition/index.ts";
export type { Composition } from "./composition/index.ts";
export { molecule } from "./molecule/index.ts";
export type { Molecule } from "./molecule/index.ts";
export { polymer } from "./polymer/index.ts";
export type { Polymer } from "./polymer/index.ts";

/** What a host lends to every domain. Each asks for what it can use, so that nothing else is loaded. */
export interface DomainOptions {
  /** The RDKit module. */
  rdkit(): Promise<Rdkit>;
  /** Monomers, as texts, that polymers may be made from. */
  monomers?(): readonly string[];
  /** The user's own table of elements instead of the shipped one. */
  elements?(): ElementTable;
}

/** Materials are opaque to whoever picks a domain by name: they come from the domain and go back to it. */
export type DomainFactory = (lent: DomainOptions) => Promise<Domain<unknown>>;

/** Forget the kind of material and of state, which only the domain itself looks into. */
const opaque = <S, T>(domain: Domain<S, T>): Domain<unknown> => domain as unknown as Domain<unknown>;

/** Throws InputError when the user brought elements to a domain that has no use for them. */
function withoutElements({ elements }: DomainOptions, id: string): void {
  if (elements) throw new InputError(`no use for a table of elements: ${id} — it belongs to domain: composition`, { path: "data.elements", value: id });
}

/** What a study's `domain:` may name. */
export const domains: Catalog<DomainFactory> = {
  async composition({ elements }) {
    return opaque(composition(elements ? { elements: elements() } : {}));
  },
  async molecule(lent) {
    withoutElements(lent, "molecule");
    return opaque(molecule(await lent.rdkit()));
  },
  async polymer(lent) {
    withoutElements(lent, "polymer");
    const monomers = lent.monomers?.();
    return opaque(polymer(await lent.rdkit(), monomers === undefined ? {} : { monomers }));
  },
};
