/* Reference values of bivariate rectangles: python3 packages/engine/test/numeric/golden.py */
import fc from "fast-check";
import { expect, test } from "vitest";
import { key, stream } from "../../src/base/key.ts";
import { one } from "../../src/base/unit.ts";
import { logBivariateMass, upperOrthant } from "../../src/numeric/bivariate.ts";
import { logMultivariateMass } from "../../src/numeric/multivariate.ts";
import { logNormalMass } from "../../src/numeric/normal.ts";
import { categoricalMarginal } from "../../src/prob/categorical.ts";
import { jointLogMass } from "../../src/prob/joint.ts";
import { normalMarginal, studentMarginal } from "../../src/prob/marginal.ts";
import { predictive } from "../../src/prob/predictive.ts";

const INF = Number.POSITIVE_INFINITY;

test.each([
  [[1, 1], [2, INF], 0.5, -3.010889004695648],
  [[3, 3], [INF, INF], 0.5, -9.410137804227984],
  [[4, -INF], [5, -4], 0.6, -46.25876228469928],
  [[-1, -1], [1, 1], -0.9, -0.5169108517204105],
] as const)("the rectangle %j .. %j at correlation %f has the log mass of mpmath", (low, high, r, wanted) => {
  expect(Math.abs(logBivariateMass(low, high, r) - wanted)).toBeLessThan(1e-10 * Math.abs(wanted));
});

test.each([-0.999, -0.95, -0.6, -0.2, 0.1, 0.4, 0.8, 0.93, 0.9999])("the quadrant probability at correlation %f is 1/4 + asin(r)/2π", (r) => {
  expect(upperOrthant(0, 0, r)).toBeCloseTo(1 / 4 + Math.asin(r) / (2 * Math.PI), 14);
});

const z = fc.double({ min: -40, max: 40, noNaN: true });
const width = fc.oneof(fc.double({ min: 0.01, max: 30, noNaN: true }), fc.constant(INF));

test("bivariate masses are finite, symmetric, and never above a marginal", () => {
  fc.assert(
    fc.property(z, width, z, width, fc.double({ min: -0.999, max: 0.999, noNaN: true }), (a, da, b, db, r) => {
      const mass = logBivariateMass([a, b], [a + da, b + db], r);
      expect(Number.isFinite(mass)).toBe(true);
      expect(mass).toBeLessThanOrEqual(Math.min(logNormalMass(a, a + da), logNormalMass(b, b + db)));
      const slack = 1e-7 * Math.max(1, Math.abs(mass));
      expect(Math.abs(logBivariateMass([b, a], [b + db, a + da], r) - mass)).toBeLessThan(slack);
      expect(Math.abs(logBivariateMass([-a - da, b], [-a, b + db], -r) - mass)).toBeLessThan(slack);
    }),
  );
});

test("conditioning one variable over a partition gives back the other's marginal", () => {
  fc.assert(
    fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.1, max: 5, noNaN: true }), fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -0.98, max: 0.98, noNaN: true }), (a, d, cut, r) => {
      const below = logBivariateMass([a, -INF], [a + d, cut], r);
      const above = logBivariateMass([a, cut], [a + d, INF], r);
      expect(Math.abs(Math.log(Math.exp(below) + Math.exp(above)) - logNormalMass(a, a + d))).toBeLessThan(1e-7);
    }),
  );
});

const equicorrelated = (m: number, r: number) => Float64Array.from({ length: m * m }, (_, i) => (i % (m + 1) === 0 ? 1 : r));

test("the orthant probability of three and four variables is near its closed form", () => {
  const orthant = (m: number, r: number) => Math.exp(logMultivariateMass(new Float64Array(m), new Float64Array(m).fill(INF), equicorrelated(m, r)));
  // 1/8 + 3 asin(r) / 4π; at r = 1/2 the probability in m dimensions is 1 / (m + 1).
  for (const r of [-0.3, 0.2, 0.7]) expect(Math.abs(orthant(3, r) / (1 / 8 + (3 * Math.asin(r)) / (4 * Math.PI)) - 1)).toBeLessThan(0.01);
  expect(Math.abs(orthant(4, 0.5) * 5 - 1)).toBeLessThan(0.01);
});

test("a rectangle of three correlated variables agrees with simulation", () => {
  const r = Float64Array.of(1, 0.5, 0.3, 0.5, 1, -0.2, 0.3, -0.2, 1);
  const rng = stream(key(11));
  const n = 200_000;
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()];
    const y = 0.5 * a + Math.sqrt(0.75) * b;
    // Cholesky by hand: row 3 is 0.3, (−0.2 − 0.15)/√0.75, and the rest.
    const l32 = -0.35 / Math.sqrt(0.75);
    const x = 0.3 * a + l32 * b + Math.sqrt(1 - 0.09 - l32 * l32) * c;
    if (a > 0.5 && y > 0 && y < 2 && x < 0.3) hits++;
  }
  const p = hits / n;
  const found = Math.exp(logMultivariateMass(Float64Array.of(0.5, 0, -INF), Float64Array.of(INF, 2, 0.3), r));
  expect(Math.abs(found - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n) + 0.003 * p);
});

const three = (r: number) => {
  const rows = 4;
  const mean = Float64Array.of(0, 1, -30, 2);
  const marginals = [
    normalMarginal({ name: "a", unit: one, mean, sd: new Float64Array(rows).fill(1) }),
    studentMarginal({ name: "b", unit: one, location: mean, scale: new Float64Array(rows).fill(0.5), df: 5 }),
    normalMarginal({ name: "c", unit: one, mean: mean.map((x) => -x), sd: new Float64Array(rows).fill(2) }),
  ];
  return predictive(rows, marginals, { rows: 3, cols: 3, data: equicorrelated(3, r) });
};
const REGIONS = [{ property: "a", low: 0.5, high: INF }, { property: "b", low: 0, high: 3 }, { property: "c", low: -INF, high: 1 }];

test("without correlation the joint mass is the sum of the marginals'", () => {
  const p = three(0);
  const sum = REGIONS.map(({ low, high }, k) => (p.marginals[k]! as ReturnType<typeof normalMarginal>).logMass(low, high));
  for (const joint of [jointLogMass(p, REGIONS), jointLogMass({ rows: p.rows, marginals: p.marginals }, REGIONS)]) joint.forEach((l, i) => expect(l).toBeCloseTo(sum[0]![i]! + sum[1]![i]! + sum[2]![i]!, 12));
});

test("a vanishing correlation tends to the independent sum, in two and three properties", () => {
  for (const regions of [REGIONS, REGIONS.slice(0, 2)]) {
    const independent = jointLogMass(three(0), regions);
    jointLogMass(three(1e-9), regions).forEach((l, i) => expect(Math.abs(l - independent[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(l))));
  }
});

test("far outside the target, the joint mass stays finite and below each marginal", () => {
  for (const r of [-0.4, 0.3, 0.999])
    jointLogMass(three(r), REGIONS).forEach((l, i) => {
      expect(Number.isFinite(l)).toBe(true);
      REGIONS.forEach(({ low, high }, k) => expect(l).toBeLessThanOrEqual((three(r).marginals[k]! as ReturnType<typeof normalMarginal>).logMass(low, high)[i]!));
    });
});

test("a row whose prediction is NaN has a NaN mass and does not disturb the others", () => {
  const normal = (name: string) => normalMarginal({ name, unit: one, mean: Float64Array.of(0, Number.NaN), sd: Float64Array.of(1, 1) });
  for (const m of [2, 3]) {
    const p = predictive(2, ["a", "b", "c"].slice(0, m).map(normal), { rows: m, cols: m, data: equicorrelated(m, 0.5) });
    const mass = jointLogMass(p, ["a", "b", "c"].slice(0, m).map((property) => ({ property, low: 0, high: INF })));
    expect(mass[1]).toBeNaN();
    expect(Math.abs(Math.exp(mass[0]!) * (m + 1) - 1)).toBeLessThan(0.01);
  }
});

test("regions of one property are intersected, categories multiply, misuse is refused", () => {
  const number = normalMarginal({ name: "gap", unit: one, mean: Float64Array.of(3), sd: Float64Array.of(1) });
  const phase = categoricalMarginal({ name: "phase", levels: ["x", "y"], probability: { rows: 1, cols: 2, data: Float64Array.of(0.25, 0.75) } });
  const p = predictive(1, [number, phase]);
  expect(jointLogMass(p, [{ property: "gap", low: 2, high: INF }, { property: "gap", low: -INF, high: 4 }])[0]).toBe(number.logMass(2, 4)[0]);
  expect(jointLogMass(p, [{ property: "gap", low: 2, high: 4 }, { property: "phase", levels: ["y"] }])[0]).toBeCloseTo(number.logMass(2, 4)[0]! + Math.log(0.75), 14);
  expect(jointLogMass(p, [])).toEqual(Float64Array.of(0));
  expect(() => jointLogMass(p, [{ property: "phase", low: 0, high: 1 }])).toThrow("an interval of a category");
  expect(() => jointLogMass(p, [{ property: "gap", levels: ["x"] }])).toThrow("levels of a number");
  expect(() => jointLogMass(p, [{ property: "tg", low: 0, high: 1 }])).toThrow('unknown property: "tg"');
});
