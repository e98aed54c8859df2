import { expect, test } from "vitest";
import { fold, key, stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import { writeSmiles } from "../../src/chem/smiles/index.ts";
import { graphOf, withMol } from "../../src/chem/rdkit.ts";
import { canonicalText } from "../../src/polymer/canonical.ts";
import { chainOf } from "../../src/polymer/chain.ts";
import { readUnit } from "../../src/polymer/ends.ts";
import { fragmentText } from "../../src/polymer/fragment.ts";
import { polymer } from "../../src/polymer/index.ts";
import { rdkit } from "../chem/reference.ts";
import { realUnits } from "./monomers.ts";

const canon = (text: string) => canonicalText(rdkit, text);

test.each([
  ["poly(ethylene)", ["*CC*", "*C*", "*CCCC*", "*CCC*", "[*]CC[*]", "[*:1]CC[*:2]", "[1*]CC[2*]"], "*C*"],
  ["polystyrene", ["*CC(*)c1ccccc1", "*C(C*)c1ccccc1", "c1ccccc1C(*)C*", "*CC(c1ccccc1)CC(*)c1ccccc1"], "*CC(*)c1ccccc1"],
  ["PET", ["*OCCOC(=O)c1ccc(C(*)=O)cc1", "*C(=O)c1ccc(cc1)C(=O)OCCO*", "*COC(=O)c1ccc(cc1)C(=O)OC*", "*c1ccc(cc1)C(=O)OCCOC(*)=O"], "*OCCOC(=O)c1ccc(C(*)=O)cc1"],
  ["nylon 6", ["*NCCCCCC(*)=O", "*CCCCCC(=O)N*", "*C(=O)CCCCCN*"], "*NCCCCCC(*)=O"],
  ["polynorbornene by metathesis", ["*=CC1CCC(C=*)C1", "*C=CC1CCC(*)C1"], "*C=CC1CCC(*)C1"],
  ["PDMS", ["*O[Si](*)(C)C", "*[Si](C)(C)O*", "*O[Si](C)(C)O[Si](*)(C)C"], "*O[Si](*)(C)C"],
  ["poly(p-phenylene)", ["*c1ccc(*)cc1", "*c1ccc(-c2ccc(*)cc2)cc1"], "*c1ccc(*)cc1"],
  ["poly(L-lactide)", ["*O[C@@H](C)C(*)=O", "*[C@@H](C)C(=O)O*", "*C(=O)O[C@@H](C)C(=O)O[C@@H](C)*"], "*O[C@@H](C)C(*)=O"],
] as const)("%s has one text, however it is cut, read or repeated", (_, texts, expected) => {
  expect(texts.map(canon)).toEqual(texts.map(() => expected));
});

test("tacticity is left out, a true stereocentre and double-bond configurations stay", () => {
  expect(canon("*C[C@H](C)*")).toBe(canon("*C[C@@H](C)*"));
  expect(canon("*C[C@H](C)*")).toBe(canon("*CC(C)*"));
  expect(canon("*O[C@@H](C)C(*)=O")).not.toBe(canon("*O[C@H](C)C(*)=O"));
  expect(canon("*C/C=C/C*")).not.toBe(canon("*C/C=C\\C*"));
  expect(canon("*/C=C/*")).not.toBe(canon("*/C=C\\*"));
});

test("isomeric chains stay apart", () => {
  const texts = ["*CC(*)C", "*C*", "*CCO*", "*CO*", "*CCC(*)C", "*CC(C)(*)C", "*c1ccc(*)cc1", "*c1cccc(*)c1", "*OC(C)C(*)=O", "*OCCC(*)=O", "*CC(*)C(=O)OC", "*CC(*)OC(C)=O"];
  expect(new Set(texts.map(canon)).size).toBe(texts.length);
});

test.each([
  ["CC", "no open ends"],
  ["*CC", "1 open end (*)"],
  ["*C(*)C*", "3 open ends"],
  ["**", "bonded to each other"],
  ["*.*", "0 bonds"],
  ["*CC*.C", "several pieces"],
  ["*1CC*1", "2 bonds"],
  ["*=CC*", "order 2 and 1"],
  ["[*H]CC*", "hydrogen"],
  ["[*+]CC*", "charged"],
  ["", "empty text"],
  ["*C(C*", "unclosed parenthesis"],
  ["*C(C)(C)(C)(C)*", "valence"],
])("%s is refused with the reason", (text, reason) => {
  expect(() => canon(text)).toThrow(reason);
});

/** The same chain cut elsewhere (not at a double bond, whose configuration a cut cannot keep), repeated, re-rooted. */
function rewritten(k: Key, text: string): string {
  const rng = stream(k);
  const chain = chainOf(readUnit(rdkit, text));
  const places = chain.cuts.flatMap(({ bond }, i) => (chain.bonds[bond]!.order === 1 ? [i] : []));
  const first = places.length === 0 ? 0 : places[rng.below(places.length)]!;
  const labels = ["[1*]", "[2*]"] as const;
  const once = fragmentText(chain, first, chain.cuts.length, { labels });
  const twice = rng.below(4) === 0 && once.length < 300 && chain.bonds[chain.cuts[first]!.bond]!.order === 1 ? doubled(once) : once;
  const graph = withMol(rdkit, twice.replaceAll(/\[[12]\*\]/g, "*"), graphOf);
  return writeSmiles(graph, { root: rng.below(graph.atoms.length), key: fold(k, "writing") });
}

/** `[1*]…[2*]` after itself: the second's `[1*]` joined to the first's `[2*]`. */
function doubled(text: string): string {
  const inner = text.replace(/^\[1\*\][/\\]?/, "");
  // A slope before the cut would have to be matched to the next unit's: those units are left as they are.
  if (/^\[1\*\][/\\]/.test(text) || /[/\\]\[2\*\]/.test(text)) return text;
  const digits = Math.max(0, ...[...inner.replaceAll(/\[[^\]]*\]/g, "").matchAll(/%(\d\d)|(\d)/g)].map(([, two, one]) => Number(two ?? one)));
  const shifted = inner.replaceAll(/\[[^\]]*\]|%\d\d|\d/g, (token) => (token.startsWith("[") ? token : `%${Number(token.replace("%", "")) + Math.max(digits, 9)}`));
  return `[1*]${inner.replace("[2*]", shifted)}`;
}

test("real repeat units have one key and one row of descriptors, however they are cut, turned, repeated and re-rooted", () => {
  const domain = polymer(rdkit);
  const units = realUnits(14);
  const blocks = ["ecfp", "fcfp_bits", "physchem"].map((id) => domain.descriptors[id]!);
  const row = (text: string) => {
    const s = domain.codec.parse(text);
    return blocks.map(({ features, write }) => {
      const out = new Float64Array(features.length);
      write(s, out);
      return Buffer.from(out.buffer).toString("base64");
    });
  };
  units.forEach((text, i) => {
    const expected = canon(text);
    expect(canon(expected), `the text of ${text} is final`).toBe(expected);
    for (let r = 0; r < 2; r++) {
      const other = rewritten(fold(fold(key(5), i), r), text);
      expect(canon(other), `${text} rewritten as ${other}`).toBe(expected);
      if (r === 0 && i % 8 === 0) expect(row(other)).toEqual(row(text));
    }
  });
}, 240_000);
