/* The shipped monomers and real repeat units, for the tests of this folder. */
import { readFileSync } from "node:fs";
import { sharedLines } from "../chem/reference.ts";

export interface MonomerRow { readonly name: string; readonly smiles: string; readonly family: string; readonly note: string }

/** Fields of one CSV line; quotes may enclose commas. */
export const fields = (line: string): readonly string[] => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);

export const monomerRows: readonly MonomerRow[] = readFileSync(new URL("../../../data/monomers/monomers.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [name, smiles, family, note] = fields(line);
    return { name: name!, smiles: smiles!, family: family!, note: note! };
  });

const OWN = ["*CC*", "*CC(*)c1ccccc1", "*CC(*)(C)C(=O)OC", "*OCCOC(=O)c1ccc(C(*)=O)cc1", "*NCCCCCC(*)=O", "*Oc1ccc(C(C)(C)c2ccc(OC(*)=O)cc2)cc1", "*O[Si](*)(C)C", "*c1ccc(*)s1", "*C/C=C\\C*", "*O[C@@H](C)C(*)=O", "*C=CC1CCC(*)C1", "*CC(*)(F)F", "*N1C(=O)c2ccc(Oc3ccc4c(c3)C(=O)N(*)C4=O)cc2C1=O"];

/** Every `step`-th repeat unit of the shared sets; a few of our own where the sets are not on this machine. */
export function realUnits(step: number): readonly string[] {
  const sets = [["poly-pi1070/PI1070_train.csv", 1], ["poly-open2025/train.csv.gz", 1]] as const;
  const found = sets.flatMap(([path, column]) => (sharedLines(path) ?? []).slice(1).flatMap((line, i) => (i % step === 0 ? [fields(line)[column]!] : [])));

  return [...OWN, ...found].filter((text) => text.match(/\*/g)?.length === 2);
}
