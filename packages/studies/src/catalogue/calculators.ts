/*
 * Calculators by name, with what they need from outside: the RDKit module and a directory for results.
 */
import { loadRdkit } from "@tatara/domains/chem";
import { homedir } from "node:os";
import { join } from "node:path";
import { InputError, lookUp } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import { opticalPolymer, xtb, type Calculator } from "../calculators/index.ts";

type Open = (domain: Domain<unknown>) => Promise<Calculator>;

/** Results are kept between runs, by structure, settings and program version. */
export const cacheDirectory = (): string => process.env["TATARA_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "tatara", "calculations");

const calculators: Readonly<Record<string, Open>> = {
  "optical-polymer": async (domain) => opticalPolymer({ rdkit: await loadRdkit(), canonical: (text) => domain.codec.format(domain.codec.parse(text)), cache: cacheDirectory() }),
  xtb: async () => xtb({ rdkit: await loadRdkit(), cache: cacheDirectory() }),
};

export const calculatorNames: readonly string[] = Object.keys(calculators);

/** Build the calculator named `name`. Throws InputError when there is none of that name, or none was named. */
export async function openCalculator(name: string | undefined, domain: Domain<unknown>): Promise<Calculator> {
  if (name === undefined) throw new InputError(`no calculator made this table — say which one can recompute it, verify: { calculator: ${Object.keys(calculators).join(" | ")} }`, { path: "verify.calculator" });
  return lookUp("calculator", name, calculators, "verify.calculator")(domain);
}
