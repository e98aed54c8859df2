import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { inlineBatches } from "../../src/generate/inline.ts";
import { effectiveSampleSize } from "../../src/prob/resampling.ts";
import { logAcceptance, logAcceptanceHeuristic } from "../../src/search/accept.ts";
import { leaders } from "../../src/search/modes.ts";
import { agreement, kolmogorovDistance } from "../../src/search/replicates.ts";
import { settle } from "../../src/search/options.ts";
import { reweight } from "../../src/search/reweight.ts";
import { run } from "../../src/search/run.ts";
import { smc } from "../../src/search/smc.ts";
import { increments, nextPosition, tempered } from "../../src/search/tempering.ts";
import type { SmcState } from "../../src/search/types.ts";
import { toyDomain, toyPrior, toyRegrow, toySwap } from "../../src/testing/toy.ts";

const NEVER = Number.NEGATIVE_INFINITY;

describe("the path of temperatures", () => {
  test("is beta times log L where nothing rises", () => {
    expect([...tempered(Float64Array.of(-4, -2), 1, 0, 0.25)]).toEqual([-1, -0.5]);
    expect([...tempered(Float64Array.of(-4, NEVER), 1, 0, 0)]).toEqual([0, 0]);
    expect([...tempered(Float64Array.of(-4, NEVER), 1, 3, 0.25)]).toEqual([-4, NEVER]);
  });

  test("interpolates between levels, and meets them exactly", () => {
    const scores = Float64Array.of(-1, -3, -7, 0, -1, NEVER);
    expect([...tempered(scores, 3, 1, 0)]).toEqual([-1, 0]);
    expect([...tempered(scores, 3, 1, 0.25)]).toEqual([-2, -0.5]);
    expect([...tempered(scores, 3, 1, 0.5)]).toEqual([-3, -1]);
    expect([...tempered(scores, 3, 1, 1)]).toEqual([-7, NEVER]);
    expect([...tempered(scores, 3, 0, 0.5)]).toEqual([-1.5, -0.5]);
  });

  test("a weight that vanished stays gone", () => {
    expect([...increments(Float64Array.of(-1, NEVER, NEVER, -1), Float64Array.of(-2, -2, NEVER, NEVER))]).toEqual([-1, NEVER, NEVER, NEVER]);
  });

  test("the next position is ahead, at most 1, and costs no more than allowed", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 0, noNaN: true }), { minLength: 2, maxLength: 60 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (values, position, ess) => {
        const scores = Float64Array.from(values);
        const logWeights = new Float64Array(scores.length).fill(-Math.log(scores.length));
        const next = nextPosition({ logWeights, scores, levels: 1, climbIndex: 0, position, ess });
        const cost = effectiveSampleSize(increments(tempered(scores, 1, 0, position), tempered(scores, 1, 0, next))) / scores.length;
        return next > position && next <= 1 && (next - position < 2e-12 || cost >= ess - 1e-6);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  test("a lower wanted fraction never gives a shorter step", () => {
    const rng = stream(key(4));
    const scores = Float64Array.from({ length: 100 }, () => -50 * rng.uniform());
    const logWeights = new Float64Array(100).fill(-Math.log(100));
    const steps = [0.95, 0.8, 0.5, 0.2].map((ess) => nextPosition({ logWeights, scores, levels: 1, climbIndex: 0, position: 0, ess }));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(4);
  });
});

describe("acceptance", () => {
  test.each([
    [{ logPrior: -3, tempered: -2 }, { logPrior: -4, tempered: -1 }, 0.5, 0.5],
    [{ logPrior: -3, tempered: -2 }, { logPrior: NEVER, tempered: 0 }, 0, NEVER],
    [{ logPrior: -3, tempered: -2 }, { logPrior: -3, tempered: NEVER }, 9, NEVER],
    [{ logPrior: -3, tempered: NEVER }, { logPrior: -3, tempered: -5 }, 0, Number.POSITIVE_INFINITY],
    [{ logPrior: -3, tempered: -2 }, { logPrior: -3, tempered: -2 }, NEVER, NEVER],
  ])("from %o to %o with ratio %f has log probability %f", (from, to, ratio, wanted) => {
    expect(logAcceptance(from, to, ratio)).toBe(wanted);
  });

  test("in heuristic mode falls back on the likelihood where a ratio or a density is missing", () => {
    const [from, to] = [{ logPrior: -3, tempered: -2 }, { logPrior: -9, tempered: -1 }];
    expect(logAcceptanceHeuristic(from, to, undefined)).toBe(1);
    expect(logAcceptanceHeuristic(from, { ...to, logPrior: NEVER }, 3)).toBe(1);
    expect(logAcceptanceHeuristic({ ...from, logPrior: NEVER }, to, NEVER)).toBe(1);
    expect(logAcceptanceHeuristic(from, to, 0.5)).toBe(logAcceptance(from, to, 0.5));
  });
});

const batches = inlineBatches(toyDomain, { prior: toyPrior, proposals: [{ proposal: toyRegrow }, { proposal: toySwap }] });
const logLikelihood = async (texts: readonly string[]) => Float64Array.from(texts, (t) => -Math.abs(t.length - 5) * 2);

test("resampling inside a step is unbiased: offspring of every particle average p W within 4.5 standard errors", async () => {
  const options = { batches, logLikelihood, size: 12, ess: 0.3, resampleBelow: 1 };
  const state = await smc(options).init(key(1), quiet);
  const settings = settle(options);
  const labelled: SmcState<string> = { ...state, population: { ...state.population, particles: state.population.particles.map((_, i) => String(i)) } };
  const runs = 3000;
  const offspring = new Float64Array(12);
  for (let r = 0; r < runs; r++) {
    const counts = new Float64Array(12);
    for (const label of reweight({ hi: 7, lo: r }, labelled, settings).population.particles) counts[Number(label)]! += 1;
    counts.forEach((c, i) => (offspring[i]! += c / runs));
  }
  const unresampled = reweight(key(1), labelled, { ...settings, resampleBelow: 0 });
  expect(unresampled.resampled).toBe(false);
  unresampled.logWeights.forEach((w, i) => {
    // Systematic resampling gives ⌊pW⌋ offspring or one more, the latter with the fraction left.
    const fraction = (12 * Math.exp(w)) % 1;
    expect(Math.abs(offspring[i]! - 12 * Math.exp(w))).toBeLessThan(4.5 * Math.sqrt((fraction * (1 - fraction)) / runs) + 1e-9);
  });
});

describe("run", () => {
  const sampler = () => smc({ batches, logLikelihood, size: 20, moves: 2, ess: 0.8 });

  test("two branches from one state, taken in turn, do not disturb each other", async () => {
    const s = sampler();
    const state = await s.init(key(1), quiet);
    const left = await s.step(key(2), state, quiet);
    const right = await s.step(key(3), state, quiet);
    expect(await s.step(key(2), state, quiet)).toEqual(left);
    expect(await sampler().step(key(3), decode(encode(state)) as SmcState<string>, quiet)).toEqual(right);
    expect(await s.step(key(4), left.state, quiet)).toEqual(await s.step(key(4), decode(encode(left.state)) as SmcState<string>, quiet));
  });

  test("keeps every state once, in order, and its last yield is done", async () => {
    const kept: number[] = [];
    const seen: number[] = [];
    for await (const { step, state, info } of run(sampler(), key(1), { ...quiet, keep: (c) => void kept.push(c.step) })) {
      seen.push(step);
      expect(info === null).toBe(step === 0);
      expect(state.step).toBe(step);
    }
    expect(kept).toEqual(seen);
    expect(seen).toEqual(seen.map((_, i) => i));
  });

  test("resumed from any stored step, it ends in the same state bit for bit", async () => {
    const stored: string[] = [];
    for await (const { step, state } of run(sampler(), key(1), quiet)) stored.push(encode({ step, state }));
    const end = stored.at(-1)!;
    expect(stored.length).toBeGreaterThan(3);
    for (const text of stored) {
      let last = "";
      for await (const { step, state } of run(sampler(), key(1), quiet, decode(text) as { step: number; state: SmcState<string> })) last = encode({ step, state });
      expect(last).toBe(end);
    }
  });

  test("of a finished checkpoint yields it and ends", async () => {
    let last: { step: number; state: SmcState<string> } | undefined;
    for await (const stage of run(sampler(), key(1), quiet)) last = stage;
    const again = [];
    for await (const stage of run(sampler(), key(1), quiet, last)) again.push(stage);
    expect(again).toEqual([{ step: last!.step, state: last!.state, info: null }]);
  });
});

test("leaders are the first of each cluster", () => {
  const near = (a: number, b: number) => 1 - Math.abs(a - b) / 10;
  expect(leaders([1, 2, 9, 8, 15], near, { threshold: 0.8 })).toEqual([0, 2, 4]);
  expect(leaders([1, 2, 9, 8, 15], near, { threshold: 0.8, most: 2 })).toEqual([0]);
  expect(leaders([], near)).toEqual([]);
});

describe("agreement of replicates", () => {
  const normal = (seed: number, n: number, shift = 0) => {
    const rng = stream(key(seed));
    return Float64Array.from({ length: n }, () => rng.normal() + shift);
  };

  test.each([
    [[1, 2, 3], [1, 2, 3], 0], [[1, 2], [3, 4], 1], [[1, 2, 3, 4], [3, 4, 5, 6], 0.5], [[1, 1, 1], [1], 0], [[0, 0, 1, 1], [0, 1], 0],
  ])("distance of %j and %j is %f", (a, b, wanted) => {
    expect(kolmogorovDistance(Float64Array.from(a), Float64Array.from(b))).toBeCloseTo(wanted, 14);
  });

  test("holds for samples of one distribution, and fails for shifted ones and for scattered evidence", () => {
    const same = [1, 2, 3].map((seed) => ({ logEvidence: -10 + seed / 10, values: { gap: normal(seed, 300) } }));
    expect(agreement(same)).toMatchObject({ agree: true, reasons: [], logEvidence: { mean: expect.closeTo(-9.8, 12), sd: expect.closeTo(0.1, 12), spread: expect.closeTo(0.2, 12) } });
    const shifted = agreement([...same, { logEvidence: -9.9, values: { gap: normal(9, 300, 1) } }]);
    expect(shifted.agree).toBe(false);
    expect(shifted.reasons).toEqual([expect.stringMatching(/^distributions of gap differ by 0\.\d\d/)]);
    const scattered = agreement([...same, { logEvidence: -7, values: { gap: normal(4, 300) } }]);
    expect(scattered.reasons).toEqual([expect.stringMatching(/^log-evidence spreads over 2\.90/)]);
  });

  test("needs no evidence in heuristic mode, and at least two runs with the same properties", () => {
    const one = { logEvidence: null, values: { gap: normal(1, 50) } };
    expect(agreement([one, one])).toMatchObject({ agree: true, logEvidence: null, distance: { gap: 0 } });
    expect(() => agreement([one])).toThrow(/replicates: 1/);
    expect(() => agreement([one, { logEvidence: null, values: {} }])).toThrow(/replicate without a property/);
  });
});
