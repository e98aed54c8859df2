import { describe, expect, test } from "vitest";
import { quiet } from "../../src/base/context.ts";
import { key, stream } from "../../src/base/key.ts";
import { parseUnit } from "../../src/base/unit.ts";
import { table } from "../../src/data/table.ts";
import type { Table } from "../../src/data/types.ts";
import { narrowestOn, spectrumOf } from "../../src/explain/relations/directions.ts";
import { formatRelation, meets, relations, type Relation } from "../../src/explain/relations/relations.ts";
import { symmetricEigen } from "../../src/numeric/eigenvectors.ts";
import { symmetricEigenvalues } from "../../src/numeric/eigen.ts";

const FEATURES = [["length", "nm"], ["energy", "eV"], ["ratio", "1"], ["mass", "g"], ["speed", "m/s"], ["bystander", "1"]].map(([name, unit]) => ({ name, unit: parseUnit(unit), about: "" }));

/** Log-normal features, independent. */
function priorTable(rows: number, seed: number): Table {
  const rng = stream(key(seed));
  return table(FEATURES, Array.from({ length: rows }, () => FEATURES.map(() => Math.exp(0.5 * rng.normal()))));
}

/** Prior samples bent so that length + 0.5 energy = 3 and mass · speed² = 2, within a little. */
function posteriorTable(rows: number, seed: number): Table {
  const prior = priorTable(rows, seed);
  const rng = stream(key(seed + 1000));
  const data = prior.data.slice();
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(6 * i, 6 * i + 6);
    row[0] = 3 - 0.5 * row[1] + 0.03 * rng.normal();
    row[3] = (2 / row[4] ** 2) * Math.exp(0.03 * rng.normal());
  }
  const kept = Array.from({ length: rows }, (_, i) => Array.from(data.subarray(6 * i, 6 * i + 6))).filter((row) => row[0] > 0);
  return table(FEATURES, kept);
}

describe("relations of a posterior", () => {
  const posterior = posteriorTable(2000, 1);
  const prior = priorTable(3000, 2);

  test("a planted sum and a planted product are found, with their units, and nothing else", async () => {
    const found = await relations(key(1), { posterior, prior, negatives: priorTable(1000, 5) }, {}, quiet);
    expect(found.relations.map(({ kind }) => kind).toSorted()).toEqual(["product", "sum"]);
    const sum = found.relations.find(({ kind }) => kind === "sum")!;
    const product = found.relations.find(({ kind }) => kind === "product")!;
    expect(sum.terms.map(({ feature }) => feature)).toEqual(["length", "energy"]);
    expect(sum.terms[1].factor).toBeCloseTo(0.5, 1);
    expect(formatRelation(sum)).toMatch(/^2\.9\d* ≤ length \+ 0\.5 nm eV⁻¹·energy ≤ 3\.\d+ nm$/);
    expect(product.terms.map(({ feature, factor }) => [feature, factor])).toEqual([["mass", 1], ["speed", 2]]);
    expect(formatRelation(product)).toMatch(/^1\.\d+ ≤ mass·speed² ≤ 2\.\d+ g \(m\/s\)\^2$/);
    expect(product.unit.dimension).toEqual(parseUnit("J").dimension);
    for (const { inside, priorInside, falsePositiveRate, narrowing } of found.relations) {
      // 95 % of a thousand, within five standard errors and the band's own.
      expect(Math.abs(inside - 0.95)).toBeLessThan(0.04);
      expect(priorInside).toBeLessThan(0.12);
      expect(Math.abs(falsePositiveRate! - priorInside)).toBeLessThan(0.05);
      expect(narrowing).toBeGreaterThan(10);
    }
    expect(found.together.priorInside).toBeLessThan(0.02);
    expect(found.together.inside).toBeGreaterThan(0.85);
  });

  test("the prior itself has none, and a spectrum of ones", async () => {
    const { relations: none, spectrum } = await relations(key(1), { posterior: priorTable(2000, 3), prior }, {}, quiet);
    expect(none).toEqual([]);
    expect(Math.min(...spectrum)).toBeGreaterThan(0.75);
    expect(Math.max(...spectrum)).toBeLessThan(1.33);
  });

  test("what the prior shares is not a finding: equal features", async () => {
    const doubled = (x: Table) => table([...FEATURES, { ...FEATURES[5], name: "twin" }], Array.from({ length: x.rows }, (_, i) => [...x.data.subarray(6 * i, 6 * i + 6), 2 * x.data[6 * i + 5]]));
    const { relations: found } = await relations(key(1), { posterior: doubled(posterior), prior: doubled(prior) }, {}, quiet);
    expect(found.some(({ terms }) => terms.some(({ feature }) => feature === "twin" || feature === "bystander"))).toBe(false);
  });

  test("a feature that never varies is a relation of its own, unless the prior mostly has it too", async () => {
    const fixed = { ...posterior, data: posterior.data.map((v, at) => (at % 6 === 5 ? 4 : v)) };
    const { relations: found } = await relations(key(1), { posterior: fixed, prior }, {}, quiet);
    expect(found.map((one) => formatRelation(one))).toContain("bystander = 4");
    expect(found.filter(({ terms }) => terms.some(({ feature }) => feature === "bystander"))).toHaveLength(1);
    const common = { ...prior, data: prior.data.map((v, at) => (at % 6 === 5 && at % 5 > 0 ? 4 : v)) };
    const { relations: rest } = await relations(key(1), { posterior: fixed, prior: common }, {}, quiet);
    expect(rest.some(({ terms }) => terms.some(({ feature }) => feature === "bystander"))).toBe(false);
  });

  test("pure numbers alone, when asked: exponents make the units cancel", async () => {
    const rng = stream(key(6));
    const features = [["a", "nm"], ["b", "nm"], ["c", "eV"]].map(([name, unit]) => ({ name, unit: parseUnit(unit), about: "" }));
    const before = table(features, Array.from({ length: 1000 }, () => [0, 1, 2].map(() => Math.exp(rng.normal()))));
    const after = table(features, Array.from({ length: 1000 }, () => {
      const b = Math.exp(rng.normal());
      return [1.5 * b * Math.exp(0.02 * rng.normal()), b, Math.exp(0.02 * rng.normal())];
    }));
    const { relations: found } = await relations(key(1), { posterior: after, prior: before }, { pureNumbers: true, alikeOnly: true }, quiet);
    const product = found.find(({ kind }) => kind === "product")!;
    expect(formatRelation(product)).toMatch(/^1\.4\d* ≤ a·b⁻¹ ≤ 1\.5\d*$/);
    expect(found.filter(({ kind }) => kind === "product")).toHaveLength(1);
    expect(found.filter(({ kind }) => kind === "sum").every(({ terms }) => new Set(terms.map(({ unit }) => unit.symbol)).size === 1)).toBe(true);
  });

  test("are asked of tables in other units, after a round trip through JSON", async () => {
    const { relations: found } = await relations(key(1), { posterior, prior }, {}, quiet);
    const inKilograms = { ...posterior, features: posterior.features.map((one) => (one.name === "mass" ? { ...one, unit: parseUnit("kg") } : one)), data: posterior.data.map((v, at) => (at % 6 === 3 ? v / 1000 : v)) };
    for (const relation of JSON.parse(JSON.stringify(found)) as readonly Relation[]) {
      const [here, there] = [meets(relation, posterior), meets(relation, inKilograms)];
      expect(here.filter((yes, i) => yes !== there[i]).length).toBeLessThan(3); // rows at an end, by rounding
    }
    await expect(relations(key(1), { posterior: table(FEATURES, []), prior }, {}, quiet)).rejects.toThrow("samples of the posterior: 0 — at least 20");
  });
});

describe("generalised eigenproblems", () => {
  test("of two by two have the closed form of a quadratic", () => {
    const c = { d: 2, posterior: Float64Array.of(2, 0.5, 0.5, 1), prior: Float64Array.of(3, -1, -1, 4) };
    // det(S − μ P) = 0.
    const [a, b, e] = [3 * 4 - 1, -(2 * 4 + 1 * 3 + 2 * 0.5), 2 * 1 - 0.25];
    const least = (-b - Math.sqrt(b * b - 4 * a * e)) / (2 * a);
    const { ratio, coefficients } = narrowestOn(c, [0, 1])!;
    expect(ratio).toBeCloseTo(Math.sqrt(least), 12);
    const [x, y] = coefficients;
    expect(Math.sqrt((2 * x * x + x * y + y * y) / (3 * x * x - 2 * x * y + 4 * y * y))).toBeCloseTo(ratio, 12);
    expect(spectrumOf(c)[0]).toBeCloseTo(ratio, 5);
  });

  test("eigenvectors are orthonormal, and belong to their values", () => {
    const n = 7;
    const rng = stream(key(4));
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = rng.normal();
    const { values, vectors } = symmetricEigen(a, n);
    symmetricEigenvalues(a.slice(), n).forEach((v, k) => expect(values[k]).toBeCloseTo(v, 12));
    for (let k = 0; k < n; k++) {
      const v = vectors.subarray(k * n, (k + 1) * n);
      for (let i = 0; i < n; i++) expect(v.reduce((sum, x, j) => sum + a[i * n + j] * x, 0)).toBeCloseTo(values[k] * v[i], 12);
      for (let l = 0; l < n; l++) expect(v.reduce((sum, x, j) => sum + x * vectors[l * n + j], 0)).toBeCloseTo(k === l ? 1 : 0, 12);
    }
  });
});
