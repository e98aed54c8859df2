import initRDKit from "@rdkit/rdkit";
import { beforeAll, describe, expect, test } from "vitest";
import { normalise, spell, unspell } from "../../src/chem/language/index.ts";
import type { Rdkit } from "../../src/chem/types.ts";
import { openPolymers, zinc } from "../smiles/corpora.ts";
import { MOLECULES, POLYMERS } from "./fixtures.ts";

let rdkit: Rdkit;
beforeAll(async () => {
  rdkit = await (initRDKit as unknown as () => Promise<Rdkit>)();
});

const canonical = (text: string) => {
  const mol = rdkit.get_mol(text);
  const result = mol?.get_smiles() ?? null;
  mol?.delete();
  return result;
};

const tokensOf = (text: string): readonly string[] => {
  const spelling = spell(text);
  if ("fault" in spelling) throw new Error(spelling.fault);
  return spelling.tokens;
};

describe("the language's spelling", () => {
  test("glues bonds to what follows and counts rings from the youngest", () => {
    expect(tokensOf("C1CC=2C(=O)C1CC2Br")).toEqual(["C", "&", "C", "C", "=&", "C", "(", "=O", ")", "C", "1", "C", "C", "0", "Br"]);
  });

  test("moves the bond of a ring to its opening, turning directions round", () => {
    expect(normalise("C1CCC=1")).toBe("C=1CCC1");
    expect(normalise("C/C1=C/CCCCCC/C=C\\1")).toBe("C/C/1=C/CCCCCC/C=C1");
  });

  const corpus = () => [...MOLECULES, ...POLYMERS, ...(zinc(2500) ?? []), ...(openPolymers(80) ?? [])].map(canonical).filter((text) => text !== null);

  test("text in the language's form and tokens correspond one to one", () => {
    for (const text of corpus()) {
      const state = normalise(text);
      expect(unspell(tokensOf(state))).toBe(state);
      expect(tokensOf(unspell(tokensOf(text)))).toEqual(tokensOf(text));
      expect(normalise(state)).toBe(state);
    }
  });

  test("RDKit reads the language's form as the same molecule", () => {
    for (const text of corpus()) expect(canonical(normalise(text))).toBe(text);
  });

  test.each(["C1CC", "C==C", "C=", "C=1CCC#1", "C=)C", "C!C", "C&C"])("%s is refused", (text) => {
    expect(spell(text)).toHaveProperty("fault");
    expect(() => normalise(text)).toThrow(/SMILES text is expected/);
  });
});
