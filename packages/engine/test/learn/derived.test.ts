import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { decode, encode } from "../../src/base/encoding.ts";
import { key, stream } from "../../src/base/key.ts";
import { one, parseUnit } from "../../src/base/unit.ts";
import { numberColumn } from "../../src/data/columns.ts";
import { powerProduct } from "../../src/data/powerProduct.ts";
import { randomFolds } from "../../src/data/splits.ts";
import type { Table, Targets } from "../../src/data/types.ts";
import { regionObjective } from "../../src/design/objective.ts";
import { parseTarget } from "../../src/design/grammar.ts";
import { applyCalibration, calibrateNumber, spreadOfLogs } from "../../src/learn/calibrate.ts";
import type { NumberOutOfFold } from "../../src/learn/outOfFold.ts";
import { recipes, reviveModel } from "../../src/learn/catalogue.ts";
import { fitModel, predictRows, reviveFitted } from "../../src/learn/fitted.ts";
import type { ModelRecord } from "../../src/learn/types.ts";
import type { NumericMarginal, Predictive } from "../../src/prob/types.ts";

const n = 240;
const units = { seebeck: parseUnit("µV/K"), conductivity: parseUnit("S/cm"), kappa: parseUnit("W/(m K)") };
const formula = powerProduct("zT", { units, formulas: { zT: { text: "seebeck^2 * conductivity * 300 K / kappa", unit: one } } });

/** Log-linear parts whose errors hang together: what scatters carriers lowers conductivity and raises the Seebeck coefficient. */
function thermoelectrics(): { readonly table: Table; readonly targets: Targets } {
  const rng = stream(key(7));
  const cols = 4;
  const data = Float64Array.from({ length: n * cols }, () => rng.normal());
  const parts = { seebeck: new Float64Array(n), conductivity: new Float64Array(n), kappa: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const carriers = 0.5 * rng.normal();
    parts.seebeck[i] = 150 * Math.exp(0.3 * data[i * cols]! - carriers + 0.1 * rng.normal());
    parts.conductivity[i] = 800 * Math.exp(0.5 * data[i * cols + 1]! + 1.8 * carriers + 0.1 * rng.normal());
    parts.kappa[i] = 2 * Math.exp(0.4 * data[i * cols + 2]! + 0.1 * rng.normal());
  }
  const column = (name: keyof typeof parts) => numberColumn({ name, unit: units[name], values: parts[name], scale: "log" });
  const zT = Float64Array.from(parts.seebeck, (s, i) => (s * 1e-6) ** 2 * parts.conductivity[i]! * 100 * (300 / parts.kappa[i]!));
  const features = Array.from({ length: cols }, (_, k) => ({ name: `f${k}`, unit: one, about: "" }));
  return { table: { rows: n, cols, data, features }, targets: { rows: n, columns: [numberColumn({ name: "zT", unit: one, values: zT, scale: "log", formula }), column("seebeck"), column("conductivity"), column("kappa")], names: Array.from({ length: n }, (_, i) => `m${i}`) } };
}

const { table, targets } = thermoelectrics();
const fit = fitModel({ table, targets, folds: randomFolds(key(2), n, { folds: 4 }), learner: { name: "linear" }, recipes, sizes: [0.5, 1] }, reviveModel, key(3), quiet);
const numeric = (p: Predictive, name: string) => p.marginals.find((m) => m.name === name) as NumericMarginal;

/** Largest relative distance between zT and what its parts give. */
function worst(p: Predictive): number {
  const [zT, s, c, k] = ["zT", "seebeck", "conductivity", "kappa"].map((name) => numeric(p, name).mean) as [Float64Array, Float64Array, Float64Array, Float64Array];
  return Math.max(...zT.map((z, i) => Math.abs(z / (((s[i]! * 1e-6) ** 2 * c[i]! * 100 * 300) / k[i]!) - 1)));
}

describe("a property that follows from others", () => {
  test("obeys the formula in every predicted row, far from the data too", async () => {
    const { model } = await fit;
    const far = { ...table, data: table.data.map((v) => 8 * v) };
    const { predictive, applicability } = await predictRows(model, far, quiet);
    expect(applicability.inside.some((v) => v === 0)).toBe(true);
    expect(worst(await model.predict(table, quiet))).toBeLessThan(1e-12);
    expect(worst(predictive)).toBeLessThan(1e-9);
    expect(predictive.marginals.map((m) => m.name)).toEqual(["zT", "seebeck", "conductivity", "kappa"]);
  });

  test("is surer than independent parts would make it, and its band holds what it says out of fold", async () => {
    const { model, validation } = await fit;
    const zT = validation.properties[0]!;
    if (zT.kind !== "number") throw new Error("not numeric");
    expect(zT.learner).toBe("seebeck^2 * conductivity * 300 K / kappa");
    expect(zT.rows).toBe(n);
    // Standard error of a coverage of 0.9 among 240 rows: 0.019.
    expect(Math.abs(zT.coverage! - 0.9)).toBeLessThan(3 * 0.019);
    expect(zT.decades!.r2).toBeGreaterThan(0.5);
    const p = await model.predict(table, quiet);
    const sd = (name: string) => numeric(p, name).log!.sd[0]!;
    // Errors 2 · 0.5 and 1.8 · 0.5 of seebeck² and conductivity cancel but for a tenth.
    expect(sd("zT")).toBeLessThan(0.5 * Math.hypot(2 * sd("seebeck"), sd("conductivity"), sd("kappa")));
    expect(validation.correlation).toHaveLength(4);
    expect(validation.learningCurves.map((c) => c.property)).toEqual(["seebeck", "conductivity", "kappa"]);
  });

  test("is read back from its record and predicts the same", async () => {
    const { model } = await fit;
    const again = reviveFitted(decode(encode(model.toRecord())) as ModelRecord, reviveModel);
    const [a, b] = [await model.predict(table, quiet), await again.predict(table, quiet)];
    for (const name of ["zT", "seebeck", "kappa"]) {
      expect(numeric(b, name).mean).toEqual(numeric(a, name).mean);
      expect(numeric(b, name).quantile(0.9)).toEqual(numeric(a, name).quantile(0.9));
    }
    expect(b.correlation).toEqual(a.correlation);
    expect(again.outputs).toEqual(model.outputs);
  });

  test("targets on it and on its parts are judged jointly: what the parts speak against is less likely than chance has it", async () => {
    const { model } = await fit;
    const p = await model.predict(table, quiet);
    const score = (wanted: Readonly<Record<string, string>>) => regionObjective(Object.entries(wanted).map(([name, text]) => parseTarget(name, text, name === "zT" ? one : units[name as keyof typeof units]))).logScore(p);
    const mean = (values: Float64Array) => values.reduce((a, b) => a + Math.exp(b), 0) / n;
    const poor = { kappa: ">= 4 W/(m K)" };
    const [both, alone] = [mean(score({ ...poor, zT: ">= 0.5" })), mean(score(poor)) * mean(score({ zT: ">= 0.5" }))];
    // Parts that lower zT and a high zT exclude one another more than chance has it.
    expect(both).toBeLessThan(alone);
    const joint = score({ ...poor, zT: ">= 0.5" });
    score(poor).forEach((l, i) => expect(joint[i]!).toBeLessThanOrEqual(l + 1e-6));
  });
});

test("a model that knows less than nothing of a row says what the data say", () => {
  const y = Float64Array.of(0, 1, 2, 3, 0.5, 1.5, 2.5, 0.2, 1.2, 2.2);
  const oof: NumberOutOfFold = { kind: "number", name: "z", unit: one, scale: "log", rows: Int32Array.from(y.keys()), fold: Int32Array.from(y, (_, i) => i % 2), y, mean: new Float64Array(10).fill(1.4), sd: new Float64Array(10).fill(50) };
  const calibration = calibrateNumber(oof);
  expect(calibration.widest).toBeCloseTo(spreadOfLogs(oof), 12);
  expect(applyCalibration({ ...oof, mean: Float64Array.of(0), sd: Float64Array.of(1e6) }, calibration).sd[0]).toBeLessThan(2 * spreadOfLogs(oof));
  const { scale: _scale, ...linear } = oof;
  expect(calibrateNumber(linear).widest).toBeUndefined();
});

test("a part on a linear scale is refused with what to say", async () => {
  const linear = { ...targets, columns: targets.columns.map((c) => (c.name === "kappa" && c.kind === "number" ? numberColumn({ name: c.name, unit: c.unit, values: c.values }) : c)) };
  await expect(fitModel({ table, targets: linear, folds: randomFolds(key(2), n, { folds: 4 }), learner: { name: "linear" }, recipes }, reviveModel, key(3), quiet)).rejects.toThrow("part of the formula of zT on a linear scale: kappa — products of powers are predicted by logarithms; say scale: log");
});

test("a formula whose parts are hardly ever known together is refused", async () => {
  const gaps = { ...targets, columns: targets.columns.map((c) => (c.name === "kappa" && c.kind === "number" ? { ...c, values: c.values.map((v, i) => (i % 2 === 0 ? v : Number.NaN)) } : c.name === "seebeck" && c.kind === "number" ? { ...c, values: c.values.map((v, i) => (i % 2 === 1 || i < 8 ? v : Number.NaN)) } : c)) };
  await expect(fitModel({ table, targets: gaps, folds: randomFolds(key(2), n, { folds: 4 }), learner: { name: "linear" }, recipes }, reviveModel, key(3), quiet)).rejects.toThrow(/too few values: "zT" is known beside all of seebeck, conductivity, kappa in 4 rows/);
});

test("a logarithmic scale takes no number that has no logarithm", () => {
  expect(() => numberColumn({ name: "Tc", unit: parseUnit("K"), values: [1, 0], scale: "log" })).toThrow("not positive: 0 in Tc, row 1 — a logarithmic scale takes positive values");
});
