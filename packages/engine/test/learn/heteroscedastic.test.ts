import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { reviveModel } from "../../src/learn/catalogue.ts";
import { gp } from "../../src/learn/gp/gp.ts";
import type { GpState } from "../../src/learn/gp/model.ts";
import { negativeLogLikelihood } from "../../src/prob/scoring.ts";
import type { NumericMarginal } from "../../src/prob/types.ts";
import { checkLearner } from "../../src/testing/learner.ts";

const noiseAt = (x: number) => 0.05 + 0.5 * Math.max(0, x);

function task(seed: number, rows: number): { x: Table; y: Targets; values: Float64Array } {
  const rng = stream(key(seed));
  const data = Float64Array.from({ length: rows }, () => 4 * rng.uniform() - 2);
  const values = data.map((v) => Math.sin(2 * v) + noiseAt(v) * rng.normal());
  return { x: { rows, cols: 1, data, features: [{ name: "x", unit: one, about: "" }] }, y: { rows, columns: [{ kind: "number", name: "y", unit: one, values }], names: Array.from(data, (_, i) => `row ${i}`) }, values };
}

const train = task(1, 150);
const fresh = task(2, 1000);
const predict = async (noise: "constant" | "varying") => (await (await gp({ noise }).fit(train.x, train.y, key(1), quiet)).predict(fresh.x, quiet)).marginals[0] as NumericMarginal;

test("a planted noise that grows along a feature is found where it is small and where it is large", async () => {
  const { sd } = await predict("varying");
  const ratio = (from: number, to: number) => {
    const inside = Array.from(fresh.x.data.keys()).filter((i) => fresh.x.data[i] > from && fresh.x.data[i] < to);
    return Math.exp(inside.reduce((s, i) => s + Math.log(sd[i] / noiseAt(fresh.x.data[i])), 0) / inside.length);
  };
  for (const [from, to] of [[-1.8, -0.5], [0.3, 1], [1, 1.8]]) {
    // The spread holds what is not known of the function too, so a little more than the noise is right.
    expect(ratio(from, to)).toBeGreaterThan(0.7);
    expect(ratio(from, to)).toBeLessThan(1.6);
  }
});

test("new measurements are likelier than under one noise for all", async () => {
  const [constant, varying] = [await predict("constant"), await predict("varying")];
  expect(negativeLogLikelihood(fresh.values, varying)).toBeLessThan(negativeLogLikelihood(fresh.values, constant) - 0.3);
});

test("what is stated of a measurement is the least noise that it has", async () => {
  const state = (sd: number) => gp({ noise: "varying" }).fit(train.x, { ...train.y, columns: [{ ...train.y.columns[0], sd: new Float64Array(150).fill(sd) } as Targets["columns"][0]] }, key(1), quiet);
  const [small, large] = [(await state(0.01)).toRecord().state as GpState, (await state(0.4)).toRecord().state as GpState];
  expect(Math.min(...large.known)).toBeCloseTo((0.4 / large.scale) ** 2, 12);
  expect(Math.min(...small.known)).toBeLessThan((0.15 / small.scale) ** 2);
});

describe("contract", () => {
  for (const claim of checkLearner({ learner: gp({ noise: "varying", restarts: 1 }), rows: 40, tolerance: 1e-4, revive: reviveModel })) test.skipIf(claim.skip !== undefined)(claim.name, claim.check);
});
