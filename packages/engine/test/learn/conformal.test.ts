import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { fold, key, stream, type Rng } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { randomFolds } from "../../src/data/splits.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { learners, reviveModel } from "../../src/learn/catalogue.ts";
import { conformal, conformalInterval, conformalP, conformalPromise, conformalRank, fewestScores, fitConformal, type ConformalState } from "../../src/learn/conformal.ts";
import { inThisThread } from "../../src/learn/jobs.ts";

const LEVEL = 0.9;

describe("ranks", () => {
  test.each([[9, 0.9, 9], [8, 0.9, 9], [10, 0.9, 10], [19, 0.95, 19], [99, 0.9, 90], [4, 0.5, 3]])("of %i scores at level %f it is number %i", (n, level, rank) => {
    expect(conformalRank(n, level)).toBe(rank);
  });
  test.each([[0.9, 9], [0.8, 4], [0.95, 19], [0.5, 1]])("level %f needs %i scores", (level, n) => {
    expect(fewestScores(level)).toBe(n);
    expect(conformalRank(n, level)).toBeLessThanOrEqual(n);
    expect(conformalRank(n - 1, level)).toBeGreaterThan(n - 1);
  });
});

/** y = 2 x + e with errors that grow with |x|; the fit is the mean of y − x · slope estimate: simple enough to repeat thousands of times. */
const draw = (rng: Rng) => {
  const x = rng.normal();
  return { x, y: 2 * x + (0.3 + Math.abs(x)) * rng.normal() };
};
type Point = ReturnType<typeof draw>;
function leastSquares(points: readonly Point[]): (x: number) => number {
  const sxx = points.reduce((s, { x }) => s + x * x, 0);
  const slope = points.reduce((s, { x, y }) => s + x * y, 0) / sxx;
  return (x) => slope * x;
}
const spread = (x: number) => 0.3 + Math.abs(x);
const foldScores = (train: readonly Point[], held: readonly Point[], x: number, normalised: boolean) => {
  const f = leastSquares(train);
  return { scores: Float64Array.from(held, (p) => Math.abs(p.y - f(p.x)) / (normalised ? spread(p.x) : 1)).sort(), centre: f(x), spread: normalised ? spread(x) : 1 };
};

describe("coverage over thousands of repeats of everything: training rows, held-out rows, new row", () => {
  const REPEATS = 6000;
  const covered = (interval: (rng: Rng) => { readonly low: number; readonly high: number; readonly y: number }) => {
    let inside = 0;
    for (let r = 0; r < REPEATS; r++) {
      const { low, high, y } = interval(stream(fold(key(11), r)));
      if (low <= y && y <= high) inside++;
    }
    return inside / REPEATS;
  };
  const error = (p: number) => Math.sqrt((p * (1 - p)) / REPEATS);
  const points = (rng: Rng, n: number) => Array.from({ length: n }, () => draw(rng));

  test.each([[12, false], [12, true], [25, false]])("split conformal with %i scores (normalised: %s) covers exactly rank / (n + 1)", (n, normalised) => {
    const exact = conformalRank(n, LEVEL) / (n + 1);
    const found = covered((rng) => {
      const [train, held, fresh] = [points(rng, 10), points(rng, n), draw(rng)];
      return { ...conformalInterval([foldScores(train, held, fresh.x, normalised)], LEVEL), y: fresh.y };
    });
    expect(exact).toBeGreaterThanOrEqual(LEVEL);
    expect(Math.abs(found - exact)).toBeLessThan(4 * error(exact));
  });

  test.each([[5], [20]])("CV+ with %i folds of 20 rows keeps more than it promises, and about its level (20 folds: the jackknife+)", (k) => {
    const found = covered((rng) => {
      const [all, fresh] = [points(rng, 20), draw(rng)];
      const folds = Array.from({ length: k }, (_, f) => foldScores(all.filter((__, i) => i % k !== f), all.filter((__, i) => i % k === f), fresh.x, true));
      return { ...conformalInterval(folds, LEVEL), y: fresh.y };
    });
    expect(found).toBeGreaterThan(1 - 2 * (1 - LEVEL) - 4 * error(0.8));
    expect(Math.abs(found - LEVEL)).toBeLessThan(0.03);
  });

  test("normalised intervals are as honest where errors are large as where they are small, absolute ones are not", () => {
    const near = { hits: [0, 0], all: [0, 0] };
    const far = { hits: [0, 0], all: [0, 0] };
    for (let r = 0; r < REPEATS; r++) {
      const rng = stream(fold(key(12), r));
      const [train, held, fresh] = [points(rng, 20), points(rng, 40), draw(rng)];
      const place = Math.abs(fresh.x) > 1 ? far : near;
      [false, true].forEach((normalised, m) => {
        const { low, high } = conformalInterval([foldScores(train, held, fresh.x, normalised)], LEVEL);
        place.all[m]!++;
        if (low <= fresh.y && fresh.y <= high) place.hits[m]!++;
      });
    }
    const share = ({ hits, all }: typeof near, m: number) => hits[m]! / all[m]!;
    expect(share(near, 0) - share(far, 0)).toBeGreaterThan(0.15);
    expect(Math.abs(share(near, 1) - share(far, 1))).toBeLessThan(0.03);
  });

  test("compared within groups, each group is covered by itself; on average over both, the noisy one is not", () => {
    const sizes = [40, 14];
    const noise = [0.2, 2];
    const exact = sizes.map((n) => conformalRank(n, LEVEL) / (n + 1));
    sizes.forEach((n, g) => {
      const own = covered((rng) => ({ ...conformalInterval([{ scores: Float64Array.from({ length: n }, () => Math.abs(noise[g]! * rng.normal())).sort(), centre: 0, spread: 1 }], LEVEL), y: noise[g]! * rng.normal() }));
      expect(Math.abs(own - exact[g]!)).toBeLessThan(4 * error(exact[g]!));
    });
    const pooled = covered((rng) => ({ ...conformalInterval([{ scores: Float64Array.from(noise.flatMap((s, g) => Array.from({ length: sizes[g]! }, () => Math.abs(s * rng.normal())))).sort(), centre: 0, spread: 1 }], LEVEL), y: noise[1]! * rng.normal() }));
    expect(pooled).toBeLessThan(0.8);
  });

  test("sets of classes hold the true one at their level, and no more than needed where the classes are apart", () => {
    let [hits, size] = [0, 0];
    const n = 19;
    const probability = (x: number) => [1 / (1 + Math.exp(-2 * x)), 1 / (1 + Math.exp(2 * x))];
    for (let r = 0; r < REPEATS; r++) {
      const rng = stream(fold(key(13), r));
      const one = () => {
        const x = 2 * rng.normal();
        return { p: probability(x), c: rng.uniform() < probability(x)[0]! ? 0 : 1 };
      };
      const scores = Float64Array.from(Array.from({ length: n }, one), ({ p, c }) => 1 - p[c]!).sort();
      const fresh = one();
      const set = [0, 1].filter((c) => conformalP([{ scores, score: 1 - fresh.p[c]! }]) > 1 - LEVEL + 1e-9);
      if (set.includes(fresh.c)) hits++;
      size += set.length;
    }
    const exact = conformalRank(n, LEVEL) / (n + 1);
    expect(Math.abs(hits / REPEATS - exact)).toBeLessThan(4 * error(exact));
    expect(size / REPEATS).toBeLessThan(1.4);
  });
});

const n = 60;
const rng = stream(key(3));
const x: Table = { rows: n, cols: 1, data: Float64Array.from({ length: n }, () => rng.normal()), features: [{ name: "a", unit: one, about: "" }] };
const values = x.data.map((v) => Math.exp(0.5 * v + 0.1 * rng.normal()));
const names = Array.from({ length: n }, (_, i) => `m${i}`);
const folds = randomFolds(key(1), n, { folds: 4, names });
const run = inThisThread(learners);
const fit = (y: Targets["columns"][number], more: Partial<Parameters<typeof fitConformal>[0]> = {}): Promise<ConformalState> =>
  fitConformal({ learner: { name: "linear" }, x, y: { rows: n, columns: [y], names }, column: 0, folds, method: "cv+", score: "normalised", ...more }, run, reviveModel, key(2), quiet);
const linear = { kind: "number" as const, name: "y", unit: one, values };
const logs = { ...linear, values: values.map(Math.log) };

describe("around learners", () => {
  test("intervals survive being stored, and a row's does not depend on the batch", async () => {
    const state = await fit(logs, { scale: "log" });
    const first = await conformal(state, reviveModel).ask(x, LEVEL, undefined, quiet);
    const again = await conformal(decode(encode(state)) as ConformalState, reviveModel).ask({ ...x, rows: 1, data: x.data.slice(0, 1) }, LEVEL, undefined, quiet);
    expect(again.lower![0]).toBe(first.lower![0]);
    expect(again.upper![0]).toBe(first.upper![0]);
    expect(first.lower!.every((v) => v > 0)).toBe(true);
    const inside = values.filter((v, i) => first.lower![i]! <= v && v <= first.upper![i]!).length;
    expect(inside).toBeGreaterThanOrEqual(48);
  });

  test("a group with too few rows, and one that was never seen, have infinite intervals that say why", async () => {
    const state = await fit(linear, { groups: names.map((_, i) => (i < 5 ? "rare" : "common")) });
    const { lower, upper, reasons } = await conformal(state, reviveModel).ask({ ...x, rows: 3, data: x.data.slice(0, 3) }, LEVEL, ["common", "rare", "unheard of"], quiet);
    expect([lower![0], upper![0]].every(Number.isFinite)).toBe(true);
    expect([lower![1], upper![1], lower![2], upper![2]]).toEqual([-Infinity, Infinity, -Infinity, Infinity]);
    expect(reasons).toEqual(["", '5 held-out rows of the group "rare": a 90 % interval needs 9', '0 held-out rows of the group "unheard of": a 90 % interval needs 9']);
    await expect(conformal(state, reviveModel).ask(x, LEVEL, undefined, quiet)).rejects.toThrow("the intervals of y are by group");
  });

  test("one held-out fold of 15 rows serves 90 %, not 95 %", async () => {
    const split = conformal(await fit(linear, { method: "split" }), reviveModel);
    expect(split.state.folds).toHaveLength(1);
    expect((await split.ask(x, 0.9, undefined, quiet)).upper!.every(Number.isFinite)).toBe(true);
    const wide = await split.ask(x, 0.95, undefined, quiet);
    expect(wide.upper![0]).toBe(Infinity);
    expect(wide.reasons[0]).toBe("15 held-out rows: a 95 % interval needs 19");
  });

  test("classes come as sets, likeliest first", async () => {
    const codes = Int32Array.from(x.data, (v) => (v < -0.4 ? 0 : v < 0.4 ? 1 : 2));
    const state = await fit({ kind: "category", name: "c", levels: ["low", "middle", "high"], codes }, { learner: { name: "forest", options: { trees: 30 } } });
    const { sets } = await conformal(state, reviveModel).ask(x, 0.8, undefined, quiet);
    const hits = sets!.filter((set, i) => set.includes(["low", "middle", "high"][codes[i]!]!)).length;
    expect(hits).toBeGreaterThanOrEqual(48);
    expect(sets!.reduce((sum, set) => sum + set.length, 0)).toBeLessThan(1.6 * n);
  });

  test("the promise is told as it is proven", async () => {
    expect(conformalPromise(await fit(linear), LEVEL)).toContain("what is proven is 61.7 % (1 − 2α − √(2/n))");
    expect(conformalPromise(await fit(linear, { method: "split" }), LEVEL)).toContain("at least 90 % of new rows");
  });
});
