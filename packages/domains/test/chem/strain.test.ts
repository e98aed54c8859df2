import { beforeAll, describe, expect, test } from "vitest";
import { fold, key } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import { domains, loadRdkit } from "@tatara/domains";

let molecule: Domain<unknown>;
let polymer: Domain<unknown>;
beforeAll(async () => {
  molecule = await domains["molecule"]!({ rdkit: loadRdkit });
  polymer = await domains["polymer"]!({ rdkit: loadRdkit });
});

const faults = (domain: Domain<unknown>, text: string) => domain.faults(domain.codec.parse(text));

describe("strain", () => {
  test.each([
    ["a benzene ring over a bridge of two atoms", "C1Cc2ccc1cc2", /aromatic ring bent/],
    ["a triple bond in a ring of six", "C1CCC#CC1", /triple bond in a ring of 6/],
    ["a sulfoximine is sound", "CS(=N)(=O)C", null],
    ["hydrogen on sulfur(IV)", "C[SH](=O)C", /hydrogen on hypervalent sulfur/],
    ["a sulfurane", "CS(C)(C)C", /sulfurane/],
    ["a sulfur ylide", "CC=S(C)C", /sulfur ylide/],
    ["a benzocyclopropene", "C1c2ccccc21", /ring of 3 atoms/],
    ["a triple bond at sulfur", "CS(C)(C)#N", /triple bond at sulfur/],
  ])("%s", (_, text, reason) => {
    if (reason === null) expect(faults(molecule, text)).toEqual([]);
    else expect(faults(molecule, text).join()).toMatch(reason);
  });

  test.each(["c1ccc2ccccc2c1", "c1ccc2c(c1)CCCC2", "CS(=O)(=O)C", "CS(C)=O", "CS", "c1ccsc1", "NS(=O)(=O)c1ccccc1", "CC(C)=S", "FS(F)(F)(F)(F)c1ccccc1", "CS(=O)(=O)O", "C1CC1c1ccccc1", "C1Cc2ccccc21", "C1CCCCCc2ccc(cc2)CCCC1"])("%s is sound", (text) => {
    expect(faults(molecule, text)).toEqual([]);
  });

  test("polymers know the same strain", () => {
    expect(faults(polymer, "*NC1c2ccc(cc2)C1C(*)=O").join()).toMatch(/aromatic ring bent/);
    expect(faults(polymer, "*Oc1ccc(S(=O)(=O)c2ccc(*)cc2)cc1")).toEqual([]);
  });
});

test("edits stay within atom environments of the corpus, and still find new materials", () => {
  const corpus = ["*CC(*)c1ccccc1", "*CC(*)C(=O)OC", "*CC(*)(C)C(=O)OCC", "*Oc1ccc(S(=O)(=O)c2ccc(*)cc2)cc1", "*CCO*", "*Nc1ccc(NC(*)=O)cc1"].map((text) => polymer.codec.parse(text));
  const { ngram } = polymer.priors as Record<string, NonNullable<(typeof polymer.priors)[string]>>;
  const prior = ngram!.fit(corpus, ngram!.options.parse({}), key(1));
  const edit = polymer.proposals["edit"]!.make(prior, corpus, polymer.proposals["edit"]!.options.parse({}));
  const found = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const { to } = edit.propose(fold(key(2), i), polymer.lift(corpus[3]!));
    found.add(polymer.codec.key(polymer.codec.parse(to)));
  }
  expect(found.size).toBeGreaterThan(2);
  for (const text of found) expect(text).not.toMatch(/S\(=N\)|S#|\[SH/);
});
