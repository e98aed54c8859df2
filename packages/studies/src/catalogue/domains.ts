/*
 * Domains by name, with what they need from outside: the RDKit module and the monomer library.
 */
import { loadRdkit } from "@tatara/domains/chem";
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { lookUp } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import { domains } from "@tatara/domains";
import { monomers } from "@tatara/data";

/** Load the toolkit and build the domain named `id`. Throws InputError for an unknown one. */
export async function openDomain(id: string): Promise<Domain<unknown>> {
  const factory = lookUp("domain", id, domains, "domain");
  const rdkit = await loadRdkit();
  return factory(rdkit, { monomers: readMonomers() });
}

export const domainNames: readonly string[] = Object.keys(domains);

const readMonomers = (): readonly string[] => parse<{ smiles: string }>(readFileSync(monomers.table, "utf8"), { columns: true }).map(({ smiles }) => smiles);
