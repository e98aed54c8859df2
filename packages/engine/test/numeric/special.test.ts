/* Reference values: python3 packages/engine/test/numeric/golden.py */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as special from "../../src/numeric/special.ts";

function near(found: number, wanted: number, relative = 2e-14): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted));
}

describe("special functions agree with mpmath to rounding", () => {
  const rows: readonly [name: keyof typeof special, cases: readonly (readonly number[])[], relative?: number][] = [
    ["erf", [[-2.5, -0.999593047982555], [0.1, 0.11246291601828488], [0.5, 0.5204998778130465], [1.5, 0.9661051464753108], [3, 0.9999779095030014]]],
    ["erfc", [[-1, 1.842700792949715], [0.3, 0.6713732405408726], [2, 0.004677734981047266], [5, 1.537459794428035e-12], [10, 2.088487583762545e-45], [25, 8.300172571196523e-274]]],
    ["erfcx", [[-2, 108.94090438997797], [0.2, 0.8090195199015807], [1, 0.427583576155807], [4.5, 0.12248480427384142], [30, 0.01879588886141675]]],
    ["logNormalCdf", [[-60, -1805.013560680567], [-40, -804.6084420137538], [-8, -35.01343715991455], [-0.5, -1.1759117615936185], [1, -0.17275377902344988], [6, -9.865876455243758e-10], [20, -2.7536241186062337e-89]]],
    ["logNormalMass", [[-40, -39.9, -800.6294741601215], [39, 40, -765.0831565643775], [30, 30.001, -457.841656477886], [3, 3.0001, -14.629428903097397], [-1, 2, -0.2001662943244626], [-0.001, 0.1, -3.2132223486498614], [-3, 50, -0.0013508099647481938]], 1e-11],
    ["normalQuantile", [[1e-12, -7.034483825301132], [0.001, -3.0902323061678136], [0.3, -0.5244005127080408], [0.5, 0], [0.975, 1.9599639845400543], [0.99999, 4.264890793922825]], 2e-12],
    ["logStudentCdf", [[-40, 5, -16.200827353101413], [-1000, 1, -8.052485498164726], [-8, 30, -19.581303156737295], [-0.01, 2.5, -0.7004094930721236], [2, 4, -0.059811855318935195], [-30, 1000, -324.9275079010712]]],
    ["logStudentMass", [[-40, -39.9, 5, -20.578035876665844], [39.9, 40, 5, -20.578035876665844], [3, 3.0001, 30, -14.204376025714334], [-1, 2, 4, -0.2810491124603737]], 1e-11],
    ["studentQuantile", [[0.05, 3, -2.353363434801824], [0.9, 7.5, 1.4052118464159533], [1e-6, 4, -41.577854150450975], [0.975, 30, 2.0422724563012378]], 1e-12],
    ["lgamma", [[0.01, 4.599479878042022], [0.5, 0.5723649429247001], [3.7, 1.4280723266653879], [20, 39.339884187199495], [1e5, 1051287.7089736569], [-0.5, 1.2655121234846454]]],
    ["digamma", [[0.01, -100.56088545786866], [0.5, -1.9635100260214235], [3.7, 1.1671535393615113], [20, 2.970523992242149], [-0.5, 0.03648997397857652]]],
    ["gammaP", [[0.5, 0.1, 0.34527915398142295], [5, 2, 0.05265301734371116], [100, 120, 0.9721362601094793]]],
    ["betaInc", [[0.5, 0.5, 0.3, 0.36901011956554536], [2, 3, 0.9, 0.9963], [50, 60, 0.4, 0.12470685834310026]], 1e-13],
  ];
  test.each(rows.map(([name, cases, relative]) => ({ name, cases, relative })))("$name", ({ name, cases, relative }) => {
    const f = special[name] as (...args: readonly number[]) => number;
    for (const row of cases) near(f(...row.slice(0, -1)), row.at(-1)!, relative);
  });
});

const z = fc.double({ min: -45, max: 45, noNaN: true });

test("interval masses of normal and t reflect exactly and stay finite to 45 sd", () => {
  fc.assert(
    fc.property(z, z, fc.constantFrom(1, 2.5, 5, 100, 3e5, Number.POSITIVE_INFINITY), (a, b, df) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const normal = special.logNormalMass(low, high);
      const student = special.logStudentMass(low, high, df);
      expect(special.logNormalMass(-high, -low)).toBe(normal);
      expect(special.logStudentMass(-high, -low, df)).toBe(student);
      if (low === high) expect([normal, student]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      else expect(Number.isFinite(normal) && Number.isFinite(student) && normal <= 0 && student <= 0).toBe(true);
    }),
  );
});

test("a wider interval has at least the mass of one inside it", () => {
  fc.assert(
    fc.property(z, z, z, z, (...bounds) => {
      const [a, b, c, d] = bounds.toSorted((x, y) => x - y) as [number, number, number, number];
      fc.pre(c > b);
      const slack = 1e-9;
      expect(special.logNormalMass(a, d)).toBeGreaterThanOrEqual(special.logNormalMass(b, c) - slack);
      expect(special.logStudentMass(a, d, 4)).toBeGreaterThanOrEqual(special.logStudentMass(b, c, 4) - slack);
    }),
  );
});

test("a partition of the line sums to one, and a partition of a tail to the tail", () => {
  fc.assert(
    fc.property(fc.array(z, { minLength: 1, maxLength: 12 }), fc.constantFrom(2.5, 7, Number.POSITIVE_INFINITY), (cuts, df) => {
      const inner = cuts.toSorted((a, b) => a - b);
      const sum = (edges: readonly number[]) => special.logSumExp(edges.slice(1).map((high, i) => special.logStudentMass(edges[i]!, high, df)));
      expect(Math.abs(sum([Number.NEGATIVE_INFINITY, ...inner, Number.POSITIVE_INFINITY]))).toBeLessThan(1e-10);
      const tail = special.logStudentMass(Number.NEGATIVE_INFINITY, inner.at(-1)!, df);
      expect(Math.abs(sum([Number.NEGATIVE_INFINITY, ...inner]) - tail)).toBeLessThan(1e-9 * Math.max(1, Math.abs(tail)));
    }),
  );
});

test("quantiles invert distribution functions, also where the probability underflows", () => {
  fc.assert(
    fc.property(fc.double({ min: -5000, max: -1e-3, noNaN: true }), (logP) => near(special.logNormalCdf(special.normalQuantileOfLog(logP)), logP, 1e-11)),
  );
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), fc.double({ min: 0.5, max: 1e6, noNaN: true }), (p, df) => {
      const t = special.studentQuantile(p, df);
      near(special.studentCdf(t, df), p, 1e-9);
    }),
  );
});

test("a truncated normal's quantile stays inside, is monotone, and hits the median", () => {
  fc.assert(
    fc.property(z, fc.double({ min: 1e-3, max: 20, noNaN: true }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (low, width, u) => {
      const q = special.truncatedNormalQuantile(u, low, low + width);
      expect(q >= low && q <= low + width).toBe(true);
      const logShare = special.logNormalMass(low, q) - special.logNormalMass(low, low + width);
      expect(Math.abs(Math.exp(logShare) - u)).toBeLessThan(1e-6);
    }),
  );
});

test("logSumExp and log1mexp keep extremes", () => {
  expect(special.logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
  expect(special.logSumExp([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  expect(special.logSumExp([-2000, -2000])).toBeCloseTo(-2000 + Math.LN2, 12);
  expect(special.logSumExp([1, Number.NaN])).toBeNaN();
  near(special.log1mexp(-1e-20), Math.log(1e-20));
  near(special.log1mexp(-50), -Math.exp(-50));
  expect(special.log1mexp(0)).toBe(Number.NEGATIVE_INFINITY);
});
