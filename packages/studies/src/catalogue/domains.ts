/*
 * Domains by name, with what they need from outside: the RDKit module, the monomer library, and a table of
 * elements that the user brought. Each is loaded when a domain asks for it.
 */
import { loadRdkit } from "@tatara/domains/chem";
import { readElementTable } from "@tatara/domains/elements";
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { lookUp } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import { domains } from "@tatara/domains";
import { monomers } from "@tatara/data";
import { withRules } from "./ruleConstraint.ts";

/** Which domain, and what of the user's own it is built over; plain data, so that threads and models can keep it. */
export interface DomainSetup {
  readonly domain: string;
  /** Text of the user's table of elements (CSV); the shipped one when left out. */
  readonly elements?: string;
}

/** Build the domain named `domain`. Throws InputError for an unknown one, and for a table of elements that cannot be used. */
export async function openDomain({ domain: id, elements }: DomainSetup): Promise<Domain<unknown>> {
  const factory = lookUp("domain", id, domains, "domain");
  return withRules(await factory({ rdkit: loadRdkit, monomers: readMonomers, ...(elements === undefined ? {} : { elements: () => readElementTable(elements) }) }));
}

export const domainNames: readonly string[] = Object.keys(domains);

const readMonomers = (): readonly string[] => parse<{ smiles: string }>(readFileSync(monomers.table, "utf8"), { columns: true }).map(({ smiles }) => smiles);
