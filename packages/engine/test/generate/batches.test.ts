import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { InputError } from "../../src/base/errors.ts";
import { fold, key } from "../../src/base/key.ts";
import { chooseDescriptors, describeTexts, joinFeatures } from "../../src/generate/describe.ts";
import { evaluateState } from "../../src/generate/evaluate.ts";
import { inlineBatches } from "../../src/generate/inline.ts";
import { mixture, proposeOne } from "../../src/generate/mixture.ts";
import { toyDomain, toyPrior, toyRegrow, toySwap, toyWords } from "../../src/testing/toy.ts";

const short = toyDomain.constraints["max_length"]!.make(3);

describe("evaluateState", () => {
  test.each([
    ["cba", { key: "abc", text: "abc", reasons: [] }],
    ["acc", { key: null, text: null, reasons: ["two c side by side"] }],
    ["abab", { key: null, text: null, reasons: ["longer than 3"] }],
    ["abx", { key: null, text: null, reasons: [expect.stringContaining("no toy word")] }],
  ])("judges %s", (state, verdict) => {
    expect(evaluateState(toyDomain, [short], state)).toEqual(verdict);
  });

  test("lets a bug in a domain be seen", () => {
    const project = () => {
      throw new TypeError("a bug");
    };
    expect(() => evaluateState({ ...toyDomain, project }, [], "a")).toThrow(TypeError);
  });

  test("gives every broken constraint", () => {
    expect(evaluateState(toyDomain, [short, () => undefined, () => "too blue"], "abab").reasons).toEqual(["longer than 3", "too blue"]);
  });
});

describe("describing", () => {
  test("joins blocks in the order asked for, a row for each text", () => {
    const both = chooseDescriptors(toyDomain, ["size", "letters"]);
    const table = describeTexts(toyDomain, both, ["abb", "c"]);
    expect(table.features.map((f) => f.name)).toEqual(["length", "share a", "count a", "count b", "count c"]);
    expect([...table.data]).toEqual([3, 1 / 3, 1, 2, 0, 1, Number.NaN, 0, 0, 1]);
  });

  test("refuses unknown, repeated and clashing descriptors, and texts that are no material", () => {
    expect(() => chooseDescriptors(toyDomain, ["ecfp"])).toThrow(/unknown descriptor: "ecfp" — there are letters, size/);
    expect(() => chooseDescriptors(toyDomain, ["size", "size"])).toThrow(/named twice: "size"/);
    const size = toyDomain.descriptors["size"]!;
    expect(() => joinFeatures([size, { ...size, id: "other" }])).toThrow(/feature in two descriptors: "length" — leave out one of size, other/);
    expect(() => describeTexts(toyDomain, [size], ["x"])).toThrow(InputError);
  });
});

describe("a mixture of proposals", () => {
  test("draws each by its weight, within 4 standard errors", () => {
    const drawn = mixture([{ proposal: toyRegrow, weight: 3 }, { proposal: toySwap }]);
    const n = 4000;
    const share = Array.from({ length: n }, (_, i) => proposeOne(drawn, toyPrior, fold(key(1), i), "abab").proposal).filter((id) => id === "regrow").length / n;
    expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / n));
  });

  test("reports the density of what it proposes and the ratio of who proposed it", () => {
    const p = proposeOne(mixture([{ proposal: toyRegrow }]), toyPrior, key(2), "abab");
    expect(p.logDensity).toBe(toyPrior.logDensity(p.to));
    expect(p).toMatchObject({ proposal: "regrow", logRatio: toyRegrow.propose(fold(key(2), "change"), "abab").logRatio });
  });

  test.each([
    [[], /no proposal/], [[{ proposal: toySwap, weight: 0 }], /weight of proposal swap: 0/], [[{ proposal: toySwap, weight: Number.NaN }], /weight of proposal swap: NaN/],
    [[{ proposal: toySwap, weight: Number.POSITIVE_INFINITY }], /Infinity/], [[{ proposal: toySwap }, { proposal: toySwap }], /named twice: "swap"/],
  ])("refuses %o", (parts, message) => {
    expect(() => mixture(parts)).toThrow(message);
  });
});

const density = new Map(toyWords().map((w) => [w, Math.exp(toyPrior.logDensity(w))]));
/** Probability of all words that begin so. */
const prefixMass = new Map<string, number>();
for (const [word, p] of density) for (let k = 0; k <= word.length; k++) prefixMass.set(word.slice(0, k), (prefixMass.get(word.slice(0, k)) ?? 0) + p);

/** Transition probabilities of the regrow move, worked out by hand from the prior: Σ over cuts of p(tail) / |from|. */
function regrowProbability(from: string, to: string): Map<number, number> {
  const byCut = new Map<number, number>();
  for (let cut = 0; cut < from.length; cut++) {
    if (!to.startsWith(from.slice(0, cut))) continue;
    byCut.set(cut, density.get(to)! / prefixMass.get(from.slice(0, cut))! / from.length);
  }
  return byCut;
}

describe("the toy's regrow proposal is exact", () => {
  const seen = new Map<string, { ratio: number; n: number }>();
  const from = "abca";
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    const { to, logRatio } = toyRegrow.propose(fold(key(3), i), from);
    const row = seen.get(`${to} ${logRatio}`) ?? { ratio: logRatio!, n: 0 };
    seen.set(`${to} ${logRatio}`, { ...row, n: row.n + 1 });
  }

  test("its draws have the probabilities that enumeration gives, within 4.5 standard errors", () => {
    for (const to of toyWords()) {
      const p = [...regrowProbability(from, to).values()].reduce((s, v) => s + v, 0);
      const n = [...seen].filter(([id]) => id.split(" ")[0] === to).reduce((s, [, row]) => s + row.n, 0);
      if (p * draws > 20) expect(Math.abs(n / draws - p), to).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / draws));
    }
  });

  test("its ratio is log q(x, k | y) − log q(y, k | x) for some cut k, for every move it made", () => {
    for (const [id, { ratio }] of seen) {
      const to = id.split(" ")[0]!;
      const there = regrowProbability(from, to);
      const back = regrowProbability(to, from);
      const ratios = [...there].map(([cut, q]) => (back.has(cut) ? Math.log(back.get(cut)! / q) : Number.NEGATIVE_INFINITY));
      expect(ratios.some((r) => r === ratio || Math.abs(r - ratio) < 1e-9), `${id}: ${ratios.join(", ")}`).toBe(true);
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  test("one sweep of accepted moves from every word leaves the prior as it is", () => {
    // Stationarity by enumeration: Σ_x p(x) P(x → y) = p(y), with P from the per-cut probabilities and Metropolis acceptance.
    const words = toyWords();
    const p = words.map((w) => density.get(w)!);
    const index = new Map(words.map((w, i) => [w, i]));
    const after = new Float64Array(words.length);
    words.forEach((x, i) => {
      let left = 0;
      for (const y of words) {
        const back = regrowProbability(y, x);
        for (const [cut, q] of regrowProbability(x, y)) {
          const alpha = back.has(cut) ? Math.min(1, (p[index.get(y)!]! * back.get(cut)!) / (p[i]! * q)) : 0;
          after[index.get(y)!]! += p[i]! * q * alpha;
          left += q * alpha;
        }
      }
      after[i]! += p[i]! * (1 - left);
    });
    words.forEach((w, i) => expect(Math.abs(after[i]! - p[i]!), w).toBeLessThan(1e-12));
  });
});

describe("inline batches", () => {
  const make = (chunk: number) => inlineBatches(toyDomain, { prior: toyPrior, proposals: [{ proposal: toyRegrow }, { proposal: toySwap }], constraints: [short], descriptors: ["letters", "size"], chunk });

  test("do not depend on the size of their chunks", async () => {
    const results = [];
    for (const chunk of [1, 3, 1000]) {
      const b = make(chunk);
      const states = await b.sample(key(1), 50, quiet);
      const texts = (await b.evaluate(states, quiet)).flatMap((e) => e.text ?? []);
      results.push({ states, proposed: await b.propose(key(2), states, quiet), texts, densities: await b.logDensity(states, quiet), table: await b.describe(texts, quiet) });
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("item i draws from fold(key, i)", async () => {
    expect((await make(4).sample(key(9), 6, quiet))[5]).toBe(toyPrior.sample(fold(key(9), 5)));
    expect((await make(4).propose(key(9), ["ab", "abc"], quiet))[1]).toEqual(proposeOne(mixture([{ proposal: toyRegrow }, { proposal: toySwap }]), toyPrior, fold(key(9), 1), "abc"));
  });

  test("stop at the signal", async () => {
    const stopped = { ...quiet, signal: AbortSignal.abort(new Error("enough")) };
    await expect(make(4).sample(key(1), 5, stopped)).rejects.toThrow("enough");
    await expect(make(4).describe(["a"], stopped)).rejects.toThrow("enough");
  });

  test("without proposals sample and evaluate, but do not propose", async () => {
    const b = inlineBatches(toyDomain, { prior: toyPrior });
    expect(await b.sample(key(1), 2, quiet)).toHaveLength(2);
    await expect(b.propose(key(1), ["a"], quiet)).rejects.toThrow(/no proposal/);
  });

  test("of nothing are empty", async () => {
    const table = await make(4).describe([], quiet);
    expect([table.rows, table.cols, table.data.length]).toEqual([0, 5, 0]);
    expect(await make(4).sample(key(1), 0, quiet)).toEqual([]);
  });
});
