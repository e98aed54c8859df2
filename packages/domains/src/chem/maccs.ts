/* The 166 public MACCS structural keys, as RDKit has them: Durant et al., J. Chem. Inf. Comput. Sci. 42 (2002) 1273. */
import { one } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { withMol } from "./rdkit.ts";
import type { Rdkit } from "./types.ts";

const KEYS = 166;

/** `textOf` gives the structure that RDKit is to look at. */
export const maccs = <S>(rdkit: Rdkit, textOf: (s: S) => string): Descriptor<S> => ({
  id: "maccs",
  about: "166 public structural keys (MACCS), present or not",
  features: Array.from({ length: KEYS }, (_, i) => ({ name: `maccs_${i + 1}`, unit: one, block: "maccs", kind: "bit" as const, about: `MACCS structural key ${i + 1}` })),
  write(s, row) {
    // RDKit's bit 0 is unused.
    const bits = withMol(rdkit, textOf(s), (mol) => mol.get_maccs_fp());
    for (let i = 0; i < KEYS; i++) row[i] = bits[i + 1] === "1" ? 1 : 0;
  },
});
