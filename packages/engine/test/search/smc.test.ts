import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { fold, key } from "../../src/base/key.ts";
import { inlineBatches } from "../../src/generate/inline.ts";
import { evaluateState } from "../../src/generate/evaluate.ts";
import { run } from "../../src/search/run.ts";
import { smc } from "../../src/search/smc.ts";
import type { SmcOptions } from "../../src/search/options.ts";
import type { SmcInfo, SmcState } from "../../src/search/types.ts";
import { toyDomain, toyPrior, toyRegrow, toyRotate, toySwap, toyWords } from "../../src/testing/toy.ts";

const short = toyDomain.constraints.max_length!.make(4);
const proposals = [{ proposal: toyRegrow, weight: 3 }, { proposal: toySwap }];
const batches = inlineBatches(toyDomain, { prior: toyPrior, proposals, constraints: [short] });

/** log L of a word: few a, many b, and a bonus for length; a function of the material (its letters) alone. */
const logL = (word: string): number => -2 * Math.abs([...word].filter((l) => l === "b").length - 3) - 1.5 * [...word].filter((l) => l === "a").length;
const logLikelihood = async (texts: readonly string[]) => Float64Array.from(texts, logL);

const legal = toyWords().filter((word) => evaluateState(toyDomain, [short], word).key !== null);
const truth = legal.reduce((z, word) => z + Math.exp(toyPrior.logDensity(word) + logL(word)), 0);
const share = legal.reduce((z, word) => z + Math.exp(toyPrior.logDensity(word)), 0);

/** The same, but words with an a are impossible. */
const cut = (word: string) => (word.includes("a") ? Number.NEGATIVE_INFINITY : logL(word));
const posterior = (word: string) => Math.exp(toyPrior.logDensity(word) + logL(word)) / truth;

async function finish(seed: number, options: Partial<SmcOptions<string>> = {}): Promise<{ state: SmcState<string>; infos: SmcInfo[] }> {
  const infos: SmcInfo[] = [];
  let last: SmcState<string> | undefined;
  for await (const { state, info } of run(smc({ batches, logLikelihood, size: 200, ...options }), key(seed), quiet)) {
    last = state;
    if (info !== null) infos.push(info);
  }
  return { state: last!, infos };
}

const mean = (xs: readonly number[]) => xs.reduce((s, x) => s + x, 0) / xs.length;
const standardError = (xs: readonly number[]) => Math.sqrt(xs.reduce((s, x) => s + (x - mean(xs)) ** 2, 0) / (xs.length - 1) / xs.length);

test("the prior of the toy sums to one over all words", () => {
  expect(toyWords().reduce((z, word) => z + Math.exp(toyPrior.logDensity(word)), 0)).toBeCloseTo(1, 12);
});

describe("evidence", () => {
  test("is unbiased under a fixed schedule: it equals brute-force enumeration within 4 standard errors over 60 runs", async () => {
    const estimates: number[] = [];
    for (let r = 0; r < 60; r++) estimates.push(Math.exp((await finish(1000 + r, { schedule: [0.1, 0.35, 1], size: 100, moves: 1, polish: 0 })).state.logEvidence!));
    expect(Math.abs(mean(estimates) - truth)).toBeLessThan(4 * standardError(estimates));
    expect(standardError(estimates) / truth).toBeLessThan(0.05);
  });

  test("with adaptive temperatures it equals enumeration within 4 standard errors and 1/p", async () => {
    const estimates: number[] = [];
    for (let r = 0; r < 30; r++) estimates.push(Math.exp((await finish(r, { size: 400, moves: 2 })).state.logEvidence!));
    expect(Math.abs(mean(estimates) - truth)).toBeLessThan(4 * standardError(estimates) + truth / 400);
  });

  test("of a likelihood that is one everywhere is the share of the prior that is sound", async () => {
    const estimates: number[] = [];
    for (let r = 0; r < 40; r++) estimates.push(Math.exp((await finish(500 + r, { logLikelihood: async (t) => new Float64Array(t.length) })).state.logEvidence!));
    expect(Math.abs(mean(estimates) - share)).toBeLessThan(4 * standardError(estimates));
  });

  test("includes likelihoods that vanish on part of the space", async () => {
    const exact = legal.reduce((z, word) => z + Math.exp(toyPrior.logDensity(word) + cut(word)), 0);
    const estimates: number[] = [];
    for (let r = 0; r < 30; r++) estimates.push(Math.exp((await finish(r, { logLikelihood: async (t) => Float64Array.from(t, cut), moves: 2 })).state.logEvidence!));
    expect(Math.abs(mean(estimates) - exact)).toBeLessThan(4 * standardError(estimates) + exact / 200);
  });

  test("is withheld in heuristic mode, with the reason", async () => {
    const loose = inlineBatches(toyDomain, { prior: toyPrior, proposals: [...proposals, { proposal: toyRotate }] });
    const { state, infos } = await finish(3, { batches: loose, mode: "heuristic" });
    expect(state.logEvidence).toBeNull();
    expect(infos.at(-1)!.evidenceWithheld).toContain("heuristic");
  });
});

test("posterior frequencies equal enumeration within 4.5 standard errors for every likely word", async () => {
  const runs = 40;
  const size = 250;
  const seen = new Map<string, number[]>();
  for (let r = 0; r < runs; r++) {
    const { state } = await finish(r, { size, moves: 6, resampleBelow: 1 });
    for (const word of legal) {
      const weight = state.population.particles.reduce((s, p, i) => s + (p === word ? Math.exp(state.logWeights[i]!) : 0), 0);
      seen.set(word, [...(seen.get(word) ?? []), weight]);
    }
  }
  const likely = legal.filter((word) => posterior(word) > 0.004);
  expect(likely.length).toBeGreaterThan(20);
  for (const word of likely) {
    const error = Math.abs(mean(seen.get(word)!) - posterior(word));
    expect(error, word).toBeLessThan(4.5 * standardError(seen.get(word)!) + posterior(word) / size);
  }
  for (const word of toyWords().filter((w) => !legal.includes(w))) expect(seen.get(word)).toBeUndefined();
});

describe("temperatures", () => {
  test("rise strictly to one, each step costing the conditional ESS that was allowed", async () => {
    const { infos } = await finish(7, { ess: 0.9, size: 300 });
    const heating = infos.filter((_, t) => t === 0 || infos[t - 1]!.beta < 1);
    heating.forEach((info, t) => t > 0 && expect(info.beta).toBeGreaterThan(heating[t - 1]!.beta));
    expect(heating.at(-1)!.beta).toBe(1);
    for (const info of heating.slice(0, -1)) expect(info.cess / 300).toBeCloseTo(0.9, 6);
    expect(heating.at(-1)!.cess / 300).toBeGreaterThanOrEqual(0.9);
  });

  test("follow a fixed schedule when one is given", async () => {
    const { infos } = await finish(7, { schedule: [0.2, 0.5, 1], polish: 2 });
    expect(infos.map((i) => i.beta)).toEqual([0.2, 0.5, 1, 1, 1]);
  });
});

describe("the budget of evaluations", () => {
  test("is never exceeded, and the run says that it was spent", async () => {
    const { state, infos } = await finish(2, { evaluations: 201, ess: 0.95, moves: 20, schedule: Array.from({ length: 40 }, (_, i) => (i + 1) / 40) });
    expect(state.evaluations).toBeLessThanOrEqual(201);
    const tight = await finish(2, { size: 10, evaluations: 12, ess: 0.95, moves: 20 });
    expect(tight.state.evaluations).toBeLessThanOrEqual(12);
    expect(tight.state.stopped).toBe("budget");
    expect(tight.infos.at(-1)!.stopped).toBe("budget");
    expect(infos.length).toBeGreaterThan(0);
  });

  test("is shared out so that the last temperature is reached", async () => {
    const { state } = await finish(2, { size: 30, evaluations: 60, ess: 0.8, moves: 50 });
    expect(state.position).toBe(1);
  });

  test("every distinct material is evaluated once", async () => {
    const asked: string[] = [];
    const { state } = await finish(4, { logLikelihood: async (texts) => (asked.push(...texts), logLikelihood(texts)) });
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBe(state.evaluations);
    expect([...state.archive.texts].toSorted()).toEqual(asked.toSorted());
    state.archive.texts.forEach((text, i) => expect(state.archive.scores[i]).toBe(logL(text)));
  });
});

describe("diagnostics", () => {
  test("tally every proposal, and agree with the state", async () => {
    const { state, infos } = await finish(5, { size: 100, moves: 3, modes: (texts) => texts.length });
    for (const info of infos) {
      const rows = Object.values(info.proposals);
      expect(rows.reduce((s, r) => s + r.proposed, 0)).toBe(100 * info.moves);
      for (const r of rows) expect(r.accepted + r.unchanged + r.refused).toBeLessThanOrEqual(r.proposed);
      expect(info.acceptance).toBeCloseTo(rows.reduce((s, r) => s + r.accepted, 0) / (100 * info.moves), 12);
      expect(Object.keys(info.proposals)).toEqual(["regrow", "swap"]);
      expect(info.modes).toBe(info.distinct);
      expect(info.bestLogLikelihood).toBeGreaterThanOrEqual(info.medianLogLikelihood);
    }
    const last = infos.at(-1)!;
    expect(last.distinct).toBe(new Set(state.population.keys).size);
    expect(last.unique).toBe(last.distinct / 100);
    expect(last.reasons.map(([reason]) => reason).toSorted()).toEqual(["longer than 4", "two c side by side"]);
    expect(last.invalid).toBeGreaterThan(0);
  });

  test("fewer moves are made once every particle has been refreshed", async () => {
    const { infos } = await finish(5, { moves: 50, refresh: 1 });
    for (const info of infos) {
      expect(info.moves).toBeLessThan(50);
      expect(info.acceptance * info.moves).toBeGreaterThanOrEqual(1);
    }
  });
});

describe("misuse", () => {
  test("exact mode refuses a proposal without a ratio, by name", async () => {
    const loose = inlineBatches(toyDomain, { prior: toyPrior, proposals: [{ proposal: toyRotate }] });
    await expect(finish(1, { batches: loose })).rejects.toThrow(/proposal without a ratio: "rotate".*heuristic/);
  });

  test("a constraint that nothing meets is named with its count", async () => {
    const none = inlineBatches(toyDomain, { prior: toyPrior, proposals, constraints: [() => "too blue"] });
    await expect(finish(1, { batches: none, rounds: 2 })).rejects.toThrow(/no draw from the prior.*0 of 400.*373 × "too blue"/);
  });

  test("a likelihood of NaN is an error that names the material", async () => {
    await expect(finish(1, { logLikelihood: async (t) => new Float64Array(t.length).fill(Number.NaN) })).rejects.toThrow(/log-likelihood of "\w+": NaN/);
  });

  test("a likelihood that vanishes everywhere is an error, not a loop", async () => {
    await expect(finish(1, { logLikelihood: async (t) => new Float64Array(t.length).fill(Number.NEGATIVE_INFINITY) })).rejects.toThrow(/no particle has a positive likelihood/);
  });

  test.each([
    [{ size: 1 }, /size: 1/], [{ size: 2.5 }, /size: 2.5/], [{ ess: 1 }, /ess: 1/], [{ moves: 0 }, /moves: 0/], [{ evaluations: 10 }, /evaluations: 10/], [{ schedule: [0.5, 0.4, 1] }, /schedule/],
    [{ schedule: [0.5] }, /schedule/], [{ start: ["a"] }, /exact mode/], [{ start: [], mode: "heuristic" as const }, /no start states/], [{ refresh: 0 }, /refresh: 0/],
  ])("%j is refused before any work", (options, message) => {
    expect(() => smc({ batches, logLikelihood, ...options })).toThrow(message);
  });
});

describe("heuristic mode", () => {
  const loose = inlineBatches(toyDomain, { prior: toyPrior, proposals: [{ proposal: toyRotate }, { proposal: toySwap }] });

  test("starts from given states and finds better ones", async () => {
    const { state } = await finish(9, { batches: loose, mode: "heuristic", start: ["aaaa", "acaa"], size: 100, moves: 10 });
    expect(state.population.keys.map(logL).toSorted((a, b) => b - a)[0]).toBeGreaterThan(-3);
    expect(state.drawn).toEqual({ draws: 100, sound: 100 });
  });

  test("with exact proposals alone it samples what exact mode samples", async () => {
    const [exact, heuristic] = [await finish(11), await finish(11, { mode: "heuristic" })];
    expect(heuristic.state.population).toEqual(exact.state.population);
  });
});

test("the archive keeps the best within its cap, and the answer does not depend on what it forgot", async () => {
  const small = await finish(6, { size: 20, archive: 20, moves: 8 });
  const large = await finish(6, { size: 20, moves: 8 });
  expect(small.state.archive.keys.length).toBe(20);
  expect(small.state.population).toEqual(large.state.population);
  expect(large.state.archive.keys.length).toBeGreaterThan(20);
  const best = Math.max(...large.state.archive.scores);
  expect(small.state.archive.scores).toContain(best);
});

test("a chunk size changes no bit of the result", async () => {
  const results = [];
  for (const chunk of [1, 7, 1000]) results.push((await finish(8, { batches: inlineBatches(toyDomain, { prior: toyPrior, proposals, constraints: [short], chunk }) })).state);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  expect(fold(key(8), 0)).not.toEqual(fold(key(9), 0));
});
