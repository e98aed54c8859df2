/* What `check` forecasts grows with what `run` will do: a prior is fitted to every material, and every candidate compared with them. */
import { describe, expect, test } from "vitest";
import { loadRdkit, molecule } from "@tatara/domains";
import { quiet, type Context } from "@tatara/engine/base";
import { forecast, loadStudy } from "@tatara/studies/tasks";
import { fitText, invertText, place } from "../badInput/bench.ts";

const timed: Context = { ...quiet, now: () => performance.now() };
const ENDS = ["O", "N", "Cl", "F", "C(=O)O", "C#N", "c1ccccc1", "S"];
/** Different molecules; the forecast looks at some of them only. */
const tableOf = (rows: number) => `smiles,y\n${Array.from({ length: rows }, (_, i) => `${"C".repeat(1 + (i % 40))}N${"C".repeat(1 + (Math.floor(i / 40) % 40))}${ENDS[Math.floor(i / 1600) % ENDS.length]},${i % 7}`).join("\n")}\n`;

const secondsOf = (lines: readonly string[], pattern: RegExp) => Number(pattern.exec(lines.join("\n"))?.[1]);

test("the fit of the prior and the search for nearest materials are in it", { timeout: 60_000 }, async () => {
  const study = invertText(["particles: 20, evaluations: 200", "particles: 200, evaluations: 200"]);
  const [small, large] = await Promise.all([300, 12_000].map(async (rows) => forecast(await loadStudy((await place(study, tableOf(rows))).study), timed)));
  const prior = /of which (\d+) s to fit the prior/;
  const compare = /compare them with what is known: about (\d+) s/;
  expect(secondsOf(large!.lines, compare)).toBeGreaterThan(secondsOf(small!.lines, compare));
  expect(secondsOf(large!.lines, prior)).toBeGreaterThan(1);
  expect(large!.seconds).toBeGreaterThan(secondsOf(large!.lines, prior) + secondsOf(large!.lines, compare));
});

test("a language model says small corpora more often, so that its work does not begin at nothing", async () => {
  const { effort } = molecule(await loadRdkit()).priors["ngram"]!;
  expect([1000, 10_000, 40_000, 100_000].map((n) => effort!(n, {}))).toEqual([20_000, 40_000, 40_000, 100_000]);
  expect(effort!(1000, { rerootings: 3 })).toBe(3000);
});

describe("what learning takes", () => {
  /** Seconds of learning on one core. */
  const learnt = async (learn: string) => (await forecast(await loadStudy((await place(fitText(["model: linear, folds: 2, split: random", learn]), tableOf(300))).study), quiet)).seconds;
  const TREES = "model: boosting, folds: 4, split: random";

  test("each other split costs another cross-validation, the study's own none; intervals cost their fits", async () => {
    const alone = await learnt(`${TREES}, splits: []`);
    expect(await learnt(`${TREES}, splits: [random]`)).toBeCloseTo(alone, 6);
    const cluster = (await learnt(`${TREES}, splits: [cluster, cluster]`)) - alone;
    const fit = cluster / 4;
    expect(fit).toBeGreaterThan(0.1);
    expect((await learnt(`${TREES}, splits: [cluster, sorted, scaffold]`)) - alone).toBeCloseTo(10 * fit, 6);
    expect((await learnt(`${TREES}, splits: [], intervals: { method: split }`)) - alone).toBeCloseTo(fit, 6);
    expect((await learnt(`${TREES}, splits: [], intervals: {}`)) - alone).toBeCloseTo(4 * fit, 6);
  });

  test("splits that nobody named are forecast as far as they are done", async () => {
    const slow = "model: ensemble, options: { learner: boosting, size: 100 }, folds: 4, split: random";
    const none = await learnt(`${slow}, splits: []`);
    expect((await learnt(`${slow}, splits: [sorted]`)) - none).toBeGreaterThan(60);
    expect(await learnt(slow)).toBeCloseTo(none, 6);
  });

  test("what auto tunes with the rest of its budget takes its time in curve and intervals too", async () => {
    const auto = "model: auto, budget: 100, folds: 4, split: random, splits: []";
    expect(await learnt(auto)).toBeGreaterThan(100 * (9 / 5));
    expect((await learnt(`${auto}, intervals: {}`)) - (await learnt(auto))).toBeCloseTo(80, 6);
  });
});
