import { describe, expect, test } from "vitest";
import { key } from "../../src/base/key.ts";
import { parseTarget } from "../../src/design/grammar.ts";
import { regionLikelihood } from "../../src/design/likelihood.ts";
import { one } from "../../src/base/unit.ts";
import { inlineBatches } from "../../src/generate/inline.ts";
import type { Domain, Proposal } from "../../src/generate/types.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";
import type { SmcOptions } from "../../src/search/options.ts";
import { smc } from "../../src/search/smc.ts";
import type { Sampler, SmcInfo, SmcState } from "../../src/search/types.ts";
import { checkDomain } from "../../src/testing/domain.ts";
import type { DomainCheck } from "../../src/testing/domain.ts";
import { checkSampler } from "../../src/testing/sampler.ts";
import { toyDomain, toyPrior, toyRegrow, toyRotate, toySwap } from "../../src/testing/toy.ts";
import type { Claim } from "../../src/testing/types.ts";

const proposals = [{ proposal: toyRegrow }, { proposal: toySwap }];
const batches = inlineBatches(toyDomain, { prior: toyPrior, proposals, chunk: 10 });
const logLikelihood = async (texts: readonly string[]) => Float64Array.from(texts, (t) => -3 * Math.abs(t.length - [...t].filter((l) => l === "b").length));
const rising = regionLikelihood([parseTarget("b", "maximise", one)], async (texts) => {
  const mean = Float64Array.from(texts, (t) => [...t].filter((l) => l === "b").length);
  return predictive(texts.length, [normalMarginal({ name: "b", unit: one, mean, sd: new Float64Array(texts.length).fill(0.3) })]);
});
const base: SmcOptions<string> = { batches, logLikelihood, size: 30, moves: 2 };

const run = (claims: readonly Claim[]) => {
  for (const claim of claims) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
};

describe.each<[string, Partial<SmcOptions<string>>]>([
  ["exact", {}],
  ["heuristic", { mode: "heuristic", batches: inlineBatches(toyDomain, { prior: toyPrior, proposals: [...proposals, { proposal: toyRotate }], chunk: 10 }) }],
  ["with rising thresholds", { logLikelihood: rising }],
  ["with a budget and a small archive", { evaluations: 35, archive: 30, moves: 6 }],
  ["with a fixed schedule and no resampling", { schedule: [0.1, 0.5, 1], resampleBelow: 0, polish: 2 }],
])("tempered SMC, %s, keeps the sampler's contract", (_, options) => {
  run(checkSampler<SmcState<string>, SmcInfo>({ make: () => smc({ ...base, ...options }), key: key(5) }));
});

/** The message of the named claim when it is broken, or "kept". */
async function verdict(claims: readonly Claim[], name: string): Promise<string> {
  const claim = claims.find((c) => c.name === name);
  if (claim === undefined) throw new Error(`no claim "${name}" among ${claims.map((c) => c.name).join("; ")}`);
  try {
    await claim.check();
    return "kept";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the sampler kit finds", () => {
  const good = () => smc(base);
  const spoilt = (change: (s: Sampler<SmcState<string>, SmcInfo>) => Partial<Sampler<SmcState<string>, SmcInfo>>) => checkSampler({ make: () => ({ ...good(), ...change(good()) }), key: key(5) });
  let calls = 0;

  test("hidden chance", async () => {
    const claims = spoilt((s) => ({ step: async (k, state, ctx) => s.step({ hi: k.hi, lo: (k.lo ^ calls++) >>> 0 }, state, ctx) }));
    expect(await verdict(claims, "same key, same result")).toMatch(/differ first at step/);
  });

  test("a memory outside the state", async () => {
    const make = () => {
      const s = good();
      let steps = 0;
      return { ...s, step: async (...[k, state, ctx]: Parameters<typeof s.step>) => s.step(k, { ...state, evaluations: state.evaluations + (steps++ > 0 ? 1 : 0) }, ctx) };
    };
    expect(await verdict(checkSampler({ make, key: key(5) }), "resume equals run at every step")).toMatch(/resumed from step/);
  });

  test("a mutated input", async () => {
    const claims = spoilt((s) => ({ step: async (k, state, ctx) => (state.logWeights.fill(-1), s.step(k, state, ctx)) }));
    expect(await verdict(claims, "a step does not change its input")).toMatch(/step 1 changed/);
  });

  test("an abort that is swallowed", async () => {
    const claims = spoilt((s) => ({ step: async (k, state, ctx) => s.step(k, state, { ...ctx, signal: new AbortController().signal }) }));
    expect(await verdict(claims, "abort stops within one chunk")).toMatch(/stopped at pause/);
    expect(await verdict(claims, "a stopped signal prevents all work")).not.toBe("kept");
  });

  test("a run without an end", async () => {
    expect(await verdict(spoilt(() => ({ done: () => false })), "same key, same result")).toMatch(/has not ended/);
  });
});

const reversed = (_: unknown, word: string) => [...word].toReversed().join("");
const options: DomainCheck<string, string> = {
  key: key(11),
  texts: ["a", "ab", "abc", "acb", "cabba", "bbbbb", "ccc".replace("ccc", "cbc")],
  nonsense: ["abcabc", "abd"],
  rewrite: reversed,
  prior: toyPrior,
  proposals: [toyRegrow, toySwap, toyRotate],
  constraints: [{ name: "max_length", value: 2, keeps: "ab", refuses: "abc", illegal: "two" }],
  soundDraws: 0.9,
  soundProposals: 0.8,
};

describe("the toy keeps the domain's contract", () => {
  run(checkDomain(toyDomain, options));
});

describe("the domain kit finds", () => {
  const claims = (change: Partial<Domain<string, string>>, more: Partial<DomainCheck<string, string>> = {}) => checkDomain({ ...toyDomain, ...change }, { ...options, ...more });
  const codec = toyDomain.codec;
  const length = toyDomain.descriptors["size"]!;

  test.each<[string, Partial<Domain<string, string>>, Partial<DomainCheck<string, string>>, string, RegExp]>([
    ["text that is another material", { codec: { ...codec, format: (s) => s.slice(0, 1) } }, {}, "parse after format is the identity", /another material/],
    ["text that is not canonical", { codec: { ...codec, format: (s) => [...s].toReversed().join("") } }, {}, "parse after format is the identity", /not final/],
    ["a key that depends on the writing", { codec: { ...codec, key: (s) => s } }, {}, "the key does not depend on the writing", /different keys/],
    ["one key for all", { codec: { ...codec, key: () => "x" } }, {}, "different materials have different keys", /one key/],
    ["a parser that accepts anything", { codec: { ...codec, parse: (t) => t } }, {}, "nonsense is refused with an InputError", /was read as a material/],
    ["a parser that throws something else", { codec: { ...codec, parse: (t) => (t.length > 5 || t.length < 1 ? JSON.parse("{") : codec.parse(t)) } }, {}, "nonsense is refused with an InputError", /threw SyntaxError/],
    ["a faulty example", { faults: () => ["always"] }, {}, "the given materials have no faults", /always/],
    ["a lift to another material", { lift: () => "a" }, {}, "projecting what was lifted gives the material back", /another material/],
    ["a row left unwritten", { descriptors: { size: { ...length, write: () => {} } } }, {}, "descriptor size is pure, finite or NaN, and equal for equal keys", /what was in the row before/],
    ["an infinity", { descriptors: { size: { ...length, write: (_, out) => void out.fill(1 / 0) } } }, {}, "descriptor size is pure, finite or NaN, and equal for equal keys", /is infinite/],
    ["a descriptor of the writing", { descriptors: { size: { ...length, write: (s, out) => void out.fill(s.charCodeAt(0)) } } }, {}, "descriptor size is pure, finite or NaN, and equal for equal keys", /how it was written/],
    ["a default that is missing", { defaultDescriptors: ["nope"] }, {}, "default descriptors exist", /"nope"/],
    ["unsound draws", {}, { soundDraws: 1 }, "prior draws are sound, repeatable, and have a density", /only 0\.9\d+ of the prior's draws/],
    ["a density that forbids its own draws", {}, { prior: { ...toyPrior, logDensity: () => Number.NEGATIVE_INFINITY } }, "prior draws are sound, repeatable, and have a density", /log density is -Infinity/],
    ["unsound proposals", {}, { soundProposals: 1 }, "proposal regrow is repeatable, leaves its input alone and keeps soundness", /only 0\.\d+ of proposals/],
    ["a constraint that lets all pass", { constraints: { max_length: { ...toyDomain.constraints["max_length"]!, make: () => () => undefined } } }, {}, "constraint max_length of 2 decides", /gives no reason/],
    ["a lopsided similarity", { similarity: (a, b) => (a === b || a === reversed(0, b) ? 1 : a < b ? 0.2 : 0.3) }, {}, "similarity is symmetric, in [0, 1], and 1 for equal materials", /0\.2 and 0\.3|0\.3 and 0\.2/],
    ["a group of the writing", { groups: { first: (s) => s[0]! } }, {}, "groups are named and do not depend on the writing", /group first/],
    ["a drawing that is none", { draw: () => "<p>" }, {}, "draw gives an SVG of the size asked for", /no SVG/],
  ])("%s", async (_, change, more, name, message) => {
    expect(await verdict(claims(change, more), name)).toMatch(message);
  });

  const wrong = (id: string, change: Partial<Proposal<string>>): Proposal<string> => ({ ...toyRegrow, id, ...change });
  test.each<[Proposal<string>, RegExp]>([
    [wrong("no-length", { propose: (k, from) => { const p = toyRegrow.propose(k, from); return { to: p.to, logRatio: p.logRatio! - Math.log(from.length / p.to.length) }; } }), /not balanced/],
    [wrong("symmetric", { propose: (k, from) => ({ to: toyRegrow.propose(k, from).to, logRatio: 0 }) }), /not balanced/],
    [wrong("silent", { propose: (k, from) => ({ to: toyRegrow.propose(k, from).to }) }), /its ratio from .* is undefined/],
    [wrong("still", { propose: (_, from) => ({ to: from, logRatio: 0 }) }), /never moves/],
  ])("a wrong ratio: %o", async (proposal, message) => {
    expect(await verdict(claims({}, { proposals: [proposal] }), `proposal ${proposal.id} satisfies detailed balance`)).toMatch(message);
  });

  test("gaps are marked with their reason, and stray gaps refused", () => {
    const skip = [{ check: "default descriptors exist", reason: "none yet" }];
    expect(claims({}, { skip }).find((c) => c.name === "default descriptors exist")!.skip).toBe("none yet");
    expect(() => claims({}, { skip: [{ check: "nothing", reason: "" }] })).toThrow(/gap for no claim: "nothing"/);
  });
});
