import initRDKit from "@rdkit/rdkit";
import { fold, key, stream } from "@tatara/engine/base";
import { beforeAll, describe, expect, test } from "vitest";
import { languageProposals, normalise } from "../../src/chem/language/index.ts";
import type { LanguagePrior } from "../../src/chem/language/index.ts";
import { truncateRegrow } from "../../src/chem/language/truncate.ts";
import type { Rdkit } from "../../src/chem/types.ts";
import { openPolymers, zinc } from "../smiles/corpora.ts";
import { MOLECULES, POLYMERS, enumerate, fitted, molecule, polymer } from "./fixtures.ts";

let rdkit: Rdkit;
beforeAll(async () => {
  rdkit = await (initRDKit as unknown as () => Promise<Rdkit>)();
});

const canonical = (text: string): string | null => {
  const mol = rdkit.get_mol(text);
  const result = mol?.get_smiles() ?? null;
  mol?.delete();
  return result;
};

const toy = (): LanguagePrior => fitted({ texts: ["CCO", "C=O", "CC(C)O", "C1CC1", "CO"], room: 5, options: { order: 2, smoothing: "kneser-ney" } });
const DEEPEST = 3;

/** q(· | from) by walking every deletion and every way to regrow. */
function ways(prior: LanguagePrior, from: string): Map<string, number> {
  const tokens = [...prior.encode(from)!];
  const reach = Math.min(DEEPEST, tokens.length);
  const q = new Map<string, number>();
  for (let deleted = 1; deleted <= reach; deleted++)
    for (const [to, p] of enumerate(prior, tokens.slice(0, tokens.length - deleted)).strings) q.set(to, (q.get(to) ?? 0) + p / reach);
  return q;
}

describe("truncate and regrow", () => {
  test("its ratio is that of all ways there and back, and its draws follow q", () => {
    const prior = toy();
    const proposal = truncateRegrow(prior, DEEPEST);
    const from = "CCO";
    const forward = ways(prior, from);
    const n = 2500;
    const counts = new Map<string, number>();
    const backward = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const { to, logRatio } = proposal.propose(fold(key(8), i), from);
      counts.set(to, (counts.get(to) ?? 0) + 1);
      if (to === from) continue;
      if (!backward.has(to)) backward.set(to, ways(prior, to).get(from) ?? 0);
      expect(logRatio).toBeCloseTo(Math.log(backward.get(to)!) - Math.log(forward.get(to)!), 8);
    }
    expect(counts.size).toBeGreaterThan(5);
    for (const [to, p] of forward) {
      if (to === from) continue;
      expect(Math.abs((counts.get(to) ?? 0) / n - p), to).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / n) + 1 / n);
    }
  });

  test("Metropolis steps with it reach the exact posterior of a toy language", () => {
    const prior = toy();
    const proposal = truncateRegrow(prior, DEEPEST);
    const logLikelihood = (text: string) => 1.5 * (text.match(/O/g)?.length ?? 0) - 0.4 * text.length;
    const { strings } = enumerate(prior);
    const mass = new Map([...strings].map(([text, p]) => [text, p * Math.exp(logLikelihood(text))]));
    const total = [...mass.values()].reduce((sum, p) => sum + p, 0);
    // Independent chains, each started at the prior and long enough to forget it: their ends are independent draws.
    const chains = 800;
    const ends = new Map<string, number>();
    for (let c = 0; c < chains; c++) {
      const at = fold(key(21), c);
      let state = prior.sample(fold(at, "start"));
      for (let t = 0; !strings.has(state); t++) state = prior.sample(fold(fold(at, "start"), t));
      for (let t = 0; t < 15; t++) {
        const step = fold(at, t);
        const { to, logRatio } = proposal.propose(fold(step, "propose"), state);
        const logAccept = prior.logDensity(to) - prior.logDensity(state) + logRatio! + logLikelihood(to) - logLikelihood(state);
        if (Math.log(stream(fold(step, "accept")).uniform()) < logAccept) state = to;
      }
      ends.set(state, (ends.get(state) ?? 0) + 1);
    }
    // Pearson's statistic over strings expected at least five times, the rest pooled.
    let chiSquare = 0;
    let cells = 0;
    let [restSeen, restExpected] = [0, 0];
    for (const [text, m] of mass) {
      const expected = (chains * m) / total;
      const seen = ends.get(text) ?? 0;
      if (expected >= 5) {
        chiSquare += (seen - expected) ** 2 / expected;
        cells++;
      } else {
        restSeen += seen;
        restExpected += expected;
      }
    }
    if (restExpected > 0) chiSquare += (restSeen - restExpected) ** 2 / Math.max(restExpected, 5);
    expect(cells).toBeGreaterThan(5);
    expect(chiSquare).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
  });

  test("a state outside the language stays where it is", () => {
    expect(truncateRegrow(toy(), 3).propose(key(1), "c1ccccc1")).toEqual({ to: "c1ccccc1", logRatio: 0 });
    expect(truncateRegrow(toy(), 3).propose(key(1), "C1CC")).toEqual({ to: "C1CC", logRatio: 0 });
  });

  test("asks for the language model as prior", () => {
    const other = { id: "uniform", sample: () => "C", logDensity: () => 0, toJSON: () => null };
    expect(() => languageProposals(molecule)["truncate-regrow"]!.make(other, [], {})).toThrow(/wrong prior for truncate-regrow: uniform/);
  });
});

describe.each([
  { grammar: molecule, corpus: () => zinc(2500) ?? MOLECULES },
  { grammar: polymer, corpus: () => openPolymers(100)?.filter((text) => text.match(/\*/g)?.length === 2 && !/[.]|\*=|=\*/.test(text)) ?? POLYMERS },
])("proposals on $grammar.id strings", ({ grammar, corpus }) => {
  const catalog = languageProposals(grammar);
  let texts: readonly string[];
  let prior: LanguagePrior;
  beforeAll(() => {
    texts = corpus().map((text) => canonical(text)!);
    prior = fitted({ texts, grammar, rerootings: 5, room: 250, options: { order: 4 } });
  });
  const stars = (text: string) => text.match(/\*/g)?.length ?? 0;

  test.each(Object.keys(catalog))("%s: deterministic, mostly valid, keeps the ends, and moves", (name) => {
    const recipe = catalog[name]!;
    const proposal = recipe.make(prior, texts, recipe.options.parse({}));
    expect(proposal.exact).toBe(recipe.exact);
    let [sound, moved, total] = [0, 0, 0];
    for (const [i, text] of texts.slice(0, 40).entries())
      for (let draw = 0; draw < 5; draw++) {
        const from = normalise(text);
        const at = fold(fold(key(4), i), draw);
        const { to, logRatio } = proposal.propose(at, from);
        expect(proposal.propose(at, from).to).toBe(to);
        expect(logRatio !== undefined).toBe(recipe.exact);
        const made = canonical(to);
        total++;
        if (made !== null && stars(to) === grammar.attachments) sound++;
        if (made !== text) moved++;
        if (made !== null) expect(normalise(to)).toBe(to);
      }
    expect(sound / total).toBeGreaterThan(0.97);
    expect(moved / total).toBeGreaterThan(name === "reservoir" ? 0.8 : 0.4);
  });

  test.each(Object.keys(catalog))("%s: broken and tiny states do no harm", (name) => {
    const recipe = catalog[name]!;
    const small = fitted({ texts: grammar === polymer ? POLYMERS : MOLECULES, grammar });
    for (const tiny of [[], ["C"], ["*C*"]]) {
      const proposal = recipe.make(small, tiny, recipe.options.parse({}));
      for (const from of ["", "C1CC", "C", "CC(", "*C*", "**", "[Na+].[Cl-]"]) for (let i = 0; i < 5; i++) expect(typeof proposal.propose(key(i), from).to).toBe("string");
    }
  });

  test("options that are none of theirs are refused", () => {
    expect(() => catalog["truncate-regrow"]!.options.parse({ deepest: 0 })).toThrow(/wrong deepest/);
    expect(() => catalog["edit"]!.options.parse({ size: 3 })).toThrow(/unknown option/);
  });
});
