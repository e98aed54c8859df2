import initRDKit from "@rdkit/rdkit";
import { fold, key, stream } from "@tatara/engine/base";
import { beforeAll, describe, expect, test } from "vitest";
import { parseSmiles, writeSmiles } from "../../src/chem/smiles/index.ts";
import type { Rdkit } from "../../src/chem/types.ts";
import { ABSENT, openPolymers, smipoly, zinc } from "./corpora.ts";

let rdkit: Rdkit;
beforeAll(async () => {
  rdkit = await (initRDKit as unknown as () => Promise<Rdkit>)();
});

function canonical(text: string): string | null {
  const mol = rdkit.get_mol(text);
  if (mol === null) return null;
  const result = mol.get_smiles();
  mol.delete();
  return result;
}

/** The text rewritten from a random atom with a random order of neighbours. */
function rewritten(text: string, draw: number): string {
  const graph = parseSmiles(text);
  const at = fold(fold(key(11), text), draw);
  return writeSmiles(graph, { root: stream(at).below(graph.atoms.length), key: fold(at, "order") });
}

const HARD = [
  "C/C=C/C", "F/C=C\\F", "C/C=C/C=C\\C", "C/C(F)=C(/Cl)C=C", "[H]/N=C(\\N)c1ccccc1", "C/C1=C/CCCCCC/C=C\\1", "F/C1=C/CCCCCC/C(F)=C\\1", "O=C1/C(=C/c2ccccc2)CCC1",
  "N[C@@H](C)C(=O)O", "C[S@](=O)c1ccccc1", "[S@@](=O)(C)CC", "C[S@+]([O-])CC", "C[P@](c1ccccc1)CC", "[O-][S@@+]1CCC[C@H]1C", "C[C@@]12CC[C@H](C1)C2(C)C", "[C@]12(F)C[C@@H]1CC2",
  "[13CH4]", "[2H]C([2H])([2H])O", "C[N+](C)(C)C.[Cl-]", "[NH4+].[O-]C(=O)C", "c1ccc2c(c1)-c1ccccc1C2", "c1ccc2c(c1)Cc1ccccc1-2", "Cn1cccc1", "c1c[nH]c2ccccc12", "O=c1cc[nH]c(=O)[nH]1",
  "[O-][n+]1ccccc1", "c1cc[o+]cc1", "C1=CC=C[CH-]1", "c1ccc2cc3ccccc3cc2c1", "c1cc2cccc3ccc4cccc1c4c32", "Cc1cc2ccc3ccccc3n2c1", "c1ccsc1", "c1cc[se]c1", "B(O)(O)c1ccccc1", "FS(F)(F)(F)(F)F", "CP(=O)(O)O", "O=P(Cl)(Cl)Cl",
  "*CC(*)c1ccccc1", "*/C=C/*", "*C(=O)c1ccc(C(=O)NN*)cc1", "*[C@H](C)C(=O)N*", "*O[Si](*)(C)C", "C1CC1C1CC1", "COc1ccc(C(=O)/C(C#N)=c2\\s/c(=C\\c3ccc(C)cc3)c(=O)n2C)cc1", "C#CC#C", "N#[N+][N-]C", "C12C3C4C1C5C2C3C45", "CC(C)(C)c1ccc2occ(CC(=O)Nc3ccccc3F)c2c1",
];

describe("against RDKit", () => {
  test.each(HARD)("%s rewritten from every atom is the same molecule", (raw) => {
    const text = canonical(raw)!;
    expect(text).not.toBeNull();
    const graph = parseSmiles(text);
    for (let root = 0; root < graph.atoms.length; root++)
      for (let draw = 0; draw < 3; draw++) expect(canonical(writeSmiles(graph, { root, key: fold(fold(key(3), root), draw) }))).toBe(text);
  });

  test.each(HARD)("%s read as it stands, before RDKit, is the same molecule", (raw) => {
    expect(canonical(writeSmiles(parseSmiles(raw)))).toBe(canonical(raw));
  });

  test.for([
    { corpus: "ZINC", load: () => zinc(250) },
    { corpus: "ZINC with double-bond stereo", load: () => zinc(7)?.filter((s) => /[\\/]/.test(s)).filter((_, i) => i % 4 === 0) },
    { corpus: "measured polymers", load: () => openPolymers(8) },
    { corpus: "virtual polymers", load: () => smipoly(80) },
  ])("at least 99.9 %% of $corpus survive rewriting", ({ load }, { skip }) => {
    const texts = load();
    if (texts === undefined) return skip(ABSENT);
    const sound = texts.map(canonical).filter((text) => text !== null);
    const lost = sound.filter((text) => canonical(rewritten(text, 1)) !== text);
    expect(sound.length).toBeGreaterThan(500);
    expect(lost.length / sound.length, lost.join(" ")).toBeLessThanOrEqual(0.001);
  });

  test("hydrogens and charges equal RDKit's", () => {
    const texts = [...HARD, ...(zinc(2500) ?? []), ...(openPolymers(100) ?? [])];
    for (const text of texts) {
      const mol = rdkit.get_mol(text)!;
      const { molecules, defaults } = JSON.parse(mol.get_json());
      mol.delete();
      const atoms = molecules[0].atoms as { z?: number; impHs?: number; chg?: number }[];
      const graph = parseSmiles(text);
      expect(graph.atoms.map(({ z, charge, hydrogens }) => [z, charge, hydrogens]), text).toEqual(atoms.map(({ z = defaults.atom.z, chg = 0, impHs = defaults.atom.impHs }) => [z, chg, impHs]));
    }
  });
});
