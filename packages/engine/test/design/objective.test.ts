import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key } from "../../src/base/key.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { parseTarget } from "../../src/design/grammar.ts";
import { regionLikelihood } from "../../src/design/likelihood.ts";
import { regionObjective } from "../../src/design/objective.ts";
import type { Target } from "../../src/design/types.ts";
import { inlineBatches } from "../../src/generate/inline.ts";
import { categoricalMarginal } from "../../src/prob/categorical.ts";
import { normalMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";
import { distinctMaterials } from "../../src/search/diagnostics.ts";
import { run } from "../../src/search/run.ts";
import { smc } from "../../src/search/smc.ts";
import type { Climb, LogLikelihood, RisingLikelihood, SmcInfo, SmcState } from "../../src/search/types.ts";
import { TOY_LONGEST, toyDomain, toyPrior, toyRegrow, toySwap, toyWords } from "../../src/testing/toy.ts";

const eV = parseUnit("eV");
const meV = parseUnit("meV");
const number = (name: string, mean: number[], sd: number, unit = one) => normalMarginal({ name, unit, mean: Float64Array.from(mean), sd: new Float64Array(mean.length).fill(sd) });

describe("regionObjective", () => {
  const p = predictive(2, [number("gap", [3, 4], 0.5, eV), categoricalMarginal({ name: "class", levels: ["QC", "AC", "IC"], probability: { rows: 2, cols: 3, data: Float64Array.of(0.5, 0.3, 0.2, 0.1, 0.1, 0.8) } })]);

  test("adds the logs of independent properties", () => {
    const score = regionObjective([parseTarget("gap", ">= 3 eV", eV), parseTarget("class", "QC | AC", ["QC", "AC", "IC"])]).logScore(p);
    expect(score[0]).toBeCloseTo(Math.log(0.5 * 0.8), 12);
    expect(score[1]).toBeCloseTo(Math.log(0.9772498680518208 * 0.2), 12);
  });

  test("converts the target to the unit of the prediction", () => {
    const milli = predictive(2, [number("gap", [3000, 4000], 500, meV)]);
    const score = regionObjective([parseTarget("gap", "3 .. 4 eV", eV)]);
    expect([...score.logScore(milli)]).toEqual([...score.logScore(predictive(2, [number("gap", [3, 4], 0.5, eV)]))].map((v) => expect.closeTo(v, 12)));
  });

  test("scores an extreme at its threshold, and refuses to without one", () => {
    const target = parseTarget("gap", "minimise", eV);
    expect(regionObjective([target], { gap: 3 }).logScore(p)[0]).toBeCloseTo(Math.log(0.5), 12);
    expect(() => regionObjective([target]).logScore(p)).toThrow(/no threshold for gap: minimise/);
  });

  test("refuses no target, two targets for one property, and a property that is not predicted", () => {
    expect(() => regionObjective([])).toThrow(/no target/);
    expect(() => regionObjective([parseTarget("gap", "> 3", eV), parseTarget("gap", "< 4", eV)])).toThrow(/two targets for gap/);
    expect(() => regionObjective([parseTarget("gip", "> 3", eV)]).logScore(p)).toThrow(/unknown property: "gip"/);
    expect(() => regionObjective([parseTarget("class", "> 3", eV)]).logScore(p)).toThrow(/interval for a class/);
  });
});

const count = (word: string, letter: string) => [...word].filter((l) => l === letter).length;
/** A model of toy words: b and c counts, both uncertain by 0.3. */
const predict = async (texts: readonly string[]) => predictive(texts.length, [number("b", texts.map((t) => count(t, "b")), 0.3), number("c", texts.map((t) => count(t, "c")), 0.3)]);
const batches = inlineBatches(toyDomain, { prior: toyPrior, proposals: [{ proposal: toyRegrow }, { proposal: toySwap }] });

async function design(targets: Parameters<typeof regionLikelihood>[0], seed = 1): Promise<{ state: SmcState<string>; infos: SmcInfo[] }> {
  const infos: SmcInfo[] = [];
  let last: SmcState<string> | undefined;
  for await (const { state, info } of run(smc({ batches, logLikelihood: regionLikelihood(targets, predict), size: 40, moves: 8 }), key(seed), quiet)) {
    last = state;
    if (info !== null) infos.push(info);
  }
  return { state: last!, infos };
}

describe("regionLikelihood", () => {
  test("without extremes is the objective of the predictions", async () => {
    const targets = [parseTarget("b", ">= 2", one)];
    const likelihood = regionLikelihood(targets, predict);
    if (typeof likelihood !== "function") throw new Error("expected a plain likelihood");
    expect(await likelihood(["abba", "c"], quiet)).toEqual(regionObjective(targets).logScore(await predict(["abba", "c"])));
  });

  test("scores every threshold of a climb, the last one exactly at its end", async () => {
    const targets = [parseTarget("b", "maximise", one)];
    const rising = regionLikelihood(targets, predict, { levels: 3 }) as RisingLikelihood;
    const climb: Climb = { index: 0, rises: [{ property: "b", from: 1, to: 4 }] };
    const scores = await rising.score(["bbb", "a"], climb, quiet);
    const at = async (b: number) => regionObjective(targets, { b }).logScore(await predict(["bbb", "a"]));
    const [low, middle, high] = [await at(1), await at(2.5), await at(4)];
    expect([...scores]).toEqual([low[0], middle[0], high[0], low[1], middle[1], high[1]]);
  });

  test("begins at the median of the population and ends at its best tenth", async () => {
    const rising = regionLikelihood([parseTarget("b", "maximise", one), parseTarget("c", "minimise", one)], predict) as RisingLikelihood;
    const first = await rising.climb(["a", "ab", "abb", "cbb", "cbbb"], null, quiet);
    expect(first!.rises.map((r) => r.property)).toEqual(["b", "c"]);
    expect(first!.rises[0]!.from).toBe(2);
    expect(first!.index).toBe(0);
    const alone = regionLikelihood([parseTarget("b", "maximise", one)], predict) as RisingLikelihood;
    const eleven = Array.from({ length: 11 }, (_, i) => "b".repeat(i));
    expect((await alone.climb(eleven, null, quiet))!.rises).toEqual([{ property: "b", from: 5, to: 9 }]);
  });

  test("looks only at materials predicted to meet the other targets, and waits while there is none", async () => {
    const rising = regionLikelihood([parseTarget("b", "maximise", one), parseTarget("c", ">= 0.5", one)], predict) as RisingLikelihood;
    const first = async (...words: string[]) => (await rising.climb(words, null, quiet))!.rises[0];
    expect(await first("bbbb", "abb", "cb", "ccb")).toEqual({ property: "b", from: 1, to: 1 });
    expect(await first("bbbbb", "abb", "c", "cb", "cbb", "cbbb", "cbbbb")).toEqual({ property: "b", from: 2, to: 3 });
    expect(await first("bbbb", "abb", "b", "a")).toEqual({ property: "b", from: 0, to: 0 });
  });

  test("goes on beside a target that is narrower than the model's uncertainty", async () => {
    const rising = regionLikelihood([parseTarget("b", "maximise", one), parseTarget("c", "0.99 .. 1.01", one)], predict) as RisingLikelihood;
    const climb = await rising.climb(["c", "cb", "cbb", "cbbb", "bbbb", "ccbbb"], null, quiet);
    expect(climb!.rises).toEqual([{ property: "b", from: 2, to: 2 }]);
  });

  test("raises to a power what has bounds, and not what is maximised", async () => {
    const [bounded, extremal] = [parseTarget("c", ">= 1", one), parseTarget("b", "maximise", one)];
    const words = ["cb", "bb"];
    const log = async (...targets: Target[]) => regionObjective(targets, { b: 2 }).logScore(await predict(words));
    const plain = regionLikelihood([bounded], predict, { power: 8 }) as LogLikelihood;
    expect(await plain(words, quiet)).toEqual((await log(bounded)).map((v) => 8 * v));
    const rising = regionLikelihood([bounded, extremal], predict, { power: 8, levels: 2 }) as RisingLikelihood;
    const scores = await rising.score(words, { index: 0, rises: [{ property: "b", from: 0, to: 2 }] }, quiet);
    const [both, alone] = [await log(bounded, extremal), await log(bounded)];
    words.forEach((_, i) => expect(scores[2 * i + 1]).toBeCloseTo(both[i]! + 7 * alone[i]!, 12));
  });

  test("stops climbing when the rise is small beside the model's uncertainty, or often enough", async () => {
    const rising = regionLikelihood([parseTarget("b", "maximise", one)], predict, { climbs: 3 }) as RisingLikelihood;
    const before = (index: number, to: number): Climb => ({ index, rises: [{ property: "b", from: 0, to }] });
    expect(await rising.climb(["bb"], before(0, 1.99), quiet)).toBeNull();
    expect(await rising.climb(["bb"], before(0, 1), quiet)).toEqual({ index: 1, rises: [{ property: "b", from: 1, to: 2 }] });
    expect(await rising.climb(["bb"], before(2, 1), quiet)).toBeNull();
  });
});

describe("a design run", () => {
  test("that maximises ends among the best words, several of them, and its thresholds never fall", async () => {
    const { state, infos } = await design([parseTarget("b", "maximise", one)]);
    expect(state.stopped).toBe("done");
    expect(count(distinctMaterials(state)[0]!.key, "b")).toBeGreaterThanOrEqual(TOY_LONGEST - 1);
    const thresholds = infos.map((i) => i.thresholds["b"]!);
    thresholds.forEach((t, i) => i > 0 && expect(t).toBeGreaterThanOrEqual(thresholds[i - 1]!));
    expect(thresholds.at(-1)).toBeGreaterThanOrEqual(TOY_LONGEST - 2);
    expect(distinctMaterials(state).length).toBeGreaterThan(3);
  });

  test("that minimises one property and bounds another meets both", async () => {
    const { state, infos } = await design([parseTarget("b", "minimise", one), parseTarget("c", ">= 1.5", one)]);
    const best = distinctMaterials(state)[0]!.text;
    expect(count(best, "c")).toBeGreaterThanOrEqual(2);
    expect(count(best, "b")).toBe(0);
    expect(infos.at(-1)!.thresholds["b"]).toBe(0);
  });

  test("gives the evidence of the last thresholds, as enumeration does", async () => {
    const targets = [parseTarget("b", "maximise", one)];
    const words = toyWords().filter((w) => !w.includes("cc"));
    const predicted = await predict(words);
    const truthAt = (b: number) => {
      const scores = regionObjective(targets, { b }).logScore(predicted);
      return words.reduce((z, w, i) => z + Math.exp(toyPrior.logDensity(w) + scores[i]!), 0);
    };
    const estimates: number[] = [];
    for (let seed = 0; seed < 30; seed++) {
      const { state, infos } = await design(targets, seed);
      estimates.push(Math.exp(state.logEvidence!) / truthAt(infos.at(-1)!.thresholds["b"]!));
    }
    const mean = estimates.reduce((s, x) => s + x, 0) / estimates.length;
    const error = Math.sqrt(estimates.reduce((s, x) => s + (x - mean) ** 2, 0) / (estimates.length - 1) / estimates.length);
    // Adaptive thresholds and temperatures bias the estimate by O(1/p), p = 40.
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error + 1 / 10);
  });
});
