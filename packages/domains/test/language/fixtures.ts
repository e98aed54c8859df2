/* Small corpora and grammars for tests of the language. */
import type { Key } from "@tatara/engine/base";
import { key } from "@tatara/engine/base";
import { countNgrams, languagePrior } from "../../src/chem/language/index.ts";
import type { Grammar, LanguagePrior, PriorOptions } from "../../src/chem/language/index.ts";

export const molecule: Grammar<string> = { id: "molecule", textOf: (s) => s, attachments: 0, components: false, roots: "any" };
export const polymer: Grammar<string> = { id: "polymer", textOf: (s) => s, attachments: 2, components: false, roots: "attachments" };

export const MOLECULES = [
  "CC(C)(C)c1ccc2occ(CC(=O)Nc3ccccc3F)c2c1", "N#Cc1ccc(-c2ccc(OC(C(=O)N3CCCC3)c3ccccc3)cc2)cc1", "CCOC(=O)C1CCCN(C(=O)c2nc(-c3ccc(C)cc3)n3c2CCCCC3)C1", "O=c1cc[nH]c(=O)[nH]1",
  "C[C@@H]1CC(Nc2cncc(-c3nncn3C)c2)C[C@@H](C)C1", "O=C1/C(=C/c2ccccc2)CCC1", "[O-][n+]1ccccc1", "CS(=O)(=O)Cc1cscn1", "C1CC2CCC1C2", "O=C([O-])C[NH3+]", "Cn1cccc1", "CCO", "C", "FC(F)(F)c1ccccc1", "C#CCN",
];
export const POLYMERS = ["*CC(*)c1ccccc1", "*Oc1ccc(C(C)(C)c2ccc(OC(*)=O)cc2)cc1", "*CCOC(=O)c1ccc(C(=O)O*)cc1", "*NCCCCCC(*)=O", "*CC(*)(C)C(=O)OC", "*O[Si](*)(C)C", "*c1ccc(*)cc1", "*C=C*"];

export interface Fit {
  readonly texts: readonly string[];
  readonly grammar?: Grammar<string>;
  readonly rerootings?: number;
  readonly key?: Key;
  readonly options?: Partial<Omit<PriorOptions, "limits">>;
  readonly room?: number;
}

export function fitted({ texts, grammar = molecule, rerootings = 1, key: at = key(1), options = {}, room = 120 }: Fit): LanguagePrior {
  const counts = countNgrams(texts, { grammar, maxLength: room, rerootings }, at);
  return languagePrior(counts, { grammar: grammar.id, order: 10, smoothing: "back-off", ...options, limits: { stars: grammar.attachments, components: grammar.components, room } });
}

/** Every string that the prior can finish, with its probability, by walking all branches; and the mass of dead ends. */
export function enumerate(prior: LanguagePrior, from: readonly number[] = []): { strings: Map<string, number>; dead: number } {
  const strings = new Map<string, number>();
  const { vocabulary } = prior.toJSON() as { vocabulary: readonly string[] };
  const ids = [...vocabulary.keys()].filter((id) => vocabulary[id] !== "!");
  let dead = 0;
  const visit = (prefix: readonly number[], mass: number) => {
    let left = 1;
    const end = Math.exp(prior.logTerms(prefix)[prefix.length]!);
    if (end > 0) strings.set(prior.decode(prefix), (strings.get(prior.decode(prefix)) ?? 0) + mass * end);
    left -= end;
    for (const id of ids) {
      const p = Math.exp(prior.logTerms([...prefix, id])[prefix.length]!);
      if (p === 0) continue;
      left -= p;
      visit([...prefix, id], mass * p);
    }
    if (left > 1e-9) dead += mass * left;
  };
  visit(from, 1);
  return { strings, dead };
}
