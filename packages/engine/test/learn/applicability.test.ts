import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table } from "../../src/data/types.ts";
import { type DomainState, applicabilityDomain, fitDomain } from "../../src/learn/applicability.ts";
import { encode as look, fitDesign } from "../../src/learn/design.ts";
import { nearestTo } from "../../src/learn/neighbours.ts";
import type { NumberOutOfFold } from "../../src/learn/outOfFold.ts";

const n = 300;
const none = { rows: 0, marginals: [] };
const features = [...Array.from({ length: 20 }, (_, k) => ({ name: `c${k}`, unit: one, about: "", block: "counts", kind: "count" as const })), { name: "r", unit: one, about: "", block: "reals" }];

/** Rows of counts around one pattern, the later ones further from it, and one real feature. */
function rows(spread: (i: number) => number, size = n): Table {
  const rng = stream(key(31));
  const data = new Float64Array(size * 21);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < 20; k++) data[i * 21 + k] = rng.uniform() < spread(i) ? rng.below(5) : k % 3;
    data[i * 21 + 20] = rng.normal();
  }
  return { rows: size, cols: 21, data, features };
}

const x = rows((i) => i / n);

function errors(size: (i: number) => number): NumberOutOfFold {
  const rng = stream(key(32));
  const identity = Int32Array.from({ length: n }, (_, i) => i);
  return { kind: "number", name: "y", unit: one, rows: identity, fold: identity.map((i) => i % 5), y: Float64Array.from(identity, (i) => size(i) * rng.normal()), mean: new Float64Array(n), sd: new Float64Array(n).fill(1) };
}

test("nearness equals all distances written out, the row itself left out", () => {
  const design = fitDesign(x);
  const encoded = look(design, x);
  const found = nearestTo(design, encoded)(encoded, 5, (i, j) => i !== j);
  for (const i of [0, 150, 299]) {
    const distance = (j: number) => {
      let [low, high] = [0, 0];
      for (let k = 0; k < 20; k++) {
        low += Math.min(x.data[i * 21 + k], x.data[j * 21 + k]);
        high += Math.max(x.data[i * 21 + k], x.data[j * 21 + k]);
      }
      return 1 - low / high;
    };
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
    const best = others.map(distance).sort((a, b) => a - b).slice(0, 5);
    expect(found[i].set).toBeCloseTo(best.reduce((a, b) => a + b, 0) / 5, 12);
    expect(found[i].similarity).toBeCloseTo(1 - best[0], 12);
    const near = others.map((j) => Math.abs(encoded.real[i] - encoded.real[j])).sort((a, b) => a - b).slice(0, 5);
    expect(found[i].real).toBeCloseTo(near.reduce((a, b) => a + b, 0) / 5, 7);
  }
});

describe("the domain of applicability", () => {
  test("ends where errors grow, says so, and keeps the inner rows inside", async () => {
    const mostlyAlike = rows((i) => (i >= 285 ? 1 : 0.1));
    const { domain: fitted, points } = await fitDomain({ x: mostlyAlike, properties: [errors((i) => (i >= 285 ? 8 : 1))] }, key(1), quiet);
    expect(fitted.state.evidence).toBe(true);
    const { inside, score, reasons } = await fitted.assess(rows((i) => (i < 50 ? 0.05 : 1), 100), none, quiet);
    expect(inside.slice(0, 50).reduce((a, b) => a + b, 0)).toBeGreaterThan(45);
    const far = Array.from(inside.keys()).filter((i) => i >= 50 && inside[i] === 0);
    expect(far.length).toBeGreaterThan(20);
    far.forEach((i) => expect(reasons[i]).toMatch(/(similarity 0\.\d\d|usual).*errors there were [2-9]\.\d times larger in validation/));
    inside.forEach((flag, i) => expect(flag).toBe(score[i] <= fitted.state.threshold ? 1 : 0));
    inside.forEach((flag, i) => expect(reasons[i] === "").toBe(flag === 1));
    expect(points.score.length).toBe(n);
  });

  test("reaches as far as the evidence when errors do not grow", async () => {
    const { domain: fitted } = await fitDomain({ x, properties: [errors(() => 1)] }, key(1), quiet);
    expect(fitted.state.evidence).toBe(false);
    const { inside } = await fitted.assess(x, none, quiet);
    expect(inside.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(0.98 * n);
  });

  test("flags rows that share nothing with the training rows, and rows that are mostly missing", async () => {
    const { domain: fitted } = await fitDomain({ x, properties: [errors(() => 1)] }, key(1), quiet);
    const strange = { ...rows(() => 0, 3) };
    strange.data.fill(0, 0, 20);
    strange.data[20] = 1e6;
    strange.data.fill(Number.NaN, 21, 21 + 15);
    const { inside, reasons } = await fitted.assess(strange, none, quiet);
    expect([...inside]).toEqual([0, 0, 1]);
    expect(reasons[1]).toBe("71 % of the features are missing");
  });

  test("the model's own uncertainty counts", async () => {
    const { domain: fitted } = await fitDomain({ x, properties: [errors(() => 1)] }, key(1), quiet);
    const marginal = { kind: "number" as const, name: "y", unit: one, mean: new Float64Array(2), sd: Float64Array.of(1, 50) };
    const { inside, reasons } = await fitted.assess(rows(() => 0, 2), { rows: 2, marginals: [marginal as never] }, quiet);
    expect([...inside]).toEqual([1, 0]);
    expect(reasons[1]).toMatch(/uncertainty of y is 50\.0 times the usual/);
  });

  test("a row's score does not depend on its batch, and survives storage", async () => {
    const { domain: fitted } = await fitDomain({ x, properties: [errors((i) => (i > 240 ? 8 : 1))] }, key(1), quiet);
    const back = applicabilityDomain(decode(encode(fitted.state)) as DomainState);
    const all = (await fitted.assess(x, none, quiet)).score;
    const lone: Table = { ...x, rows: 1, data: x.data.slice(21 * 200, 21 * 201) };
    expect((await back.assess(lone, none, quiet)).score[0]).toBe(all[200]);
  });
});
