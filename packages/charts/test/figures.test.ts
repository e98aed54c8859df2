import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { applicability, band, bars, calibration, confusion, histogram, learningCurve, parity, propertySpace, reliability, residuals, retention, steps, trials } from "../src/index.ts";
import { axis, levels, other, points, predictions } from "./fixture.ts";

const figures: Readonly<Record<string, string>> = {
  parity: parity(predictions),
  residuals: residuals(predictions),
  calibration: calibration({ name: "gap", levels, observed: levels.map((p) => p ** 1.1), coverage: 0.875, rows: 24 }),
  learningCurve: learningCurve({ name: "gap", unit: "eV", sizes: [25, 50, 100], error: [0.5, 0.4, 0.35], spread: [0.05, 0, 0] }),
  applicability: applicability({ name: "gap", unit: "eV", score: predictions.observed.map(Math.abs), error: predictions.mean, threshold: 0.9 }),
  retention: retention({ name: "gap", unit: "eV", measure: "mean absolute error", share: [0.25, 0.5, 0.75, 1], loss: [0.1, 0.16, 0.22, 0.3], oracle: [0.02, 0.07, 0.15, 0.3] }),
  reliability: reliability({ name: "phase", of: "glass", points: [{ rows: 120, predicted: 0.04, found: 0.02 }, { rows: 10, predicted: 0.55, found: 0.4 }, { rows: 60, predicted: 0.97, found: 1 }] }),
  trials: trials({ name: "gap", unit: "eV", measure: "mean absolute error", lines: [{ name: "random", value: 0.3, own: false, note: "band holds 91 %", trials: [{ name: "fold 1", value: 0.28 }, { name: "fold 2", value: 0.32 }] }, { name: "new clusters", value: 0.5, own: true, note: "band holds 90 %", trials: [{ name: "fold 1", value: Number.NaN }] }] }),
  confusion: confusion({ levels: ["glass", "rubber", "a rather long class name indeed"], counts: [[10, 2, 0], [1, 8, 0], [0, 0, 0]] }),
  histogram: histogram({ about: "Gap", title: "gap / eV", series: [{ name: "measured", values: predictions.observed, colour: "#999" }, { name: "candidates", values: predictions.mean, colour: "#005" }], target: { low: 0.5, high: 0.9 } }),
  propertySpace: propertySpace({ x: axis, y: other, data: points, candidates: points.map(([x, y]) => ({ x: x + 0.5, y, title: "C" })), path: points.slice(0, 4) }),
  steps: steps({ about: "Temperature", title: "β", series: [{ name: "β", values: [0.1, 0.4, 1] }, { name: "ess", values: [0.5, Number.NaN, 0.7] }], domain: [0, 1] }),
  band: band({ axis, range: [1, 6], mean: 3.5, lower: 3, upper: 4, calculated: 3.8, nearest: 2 }),
  bars: bars({ about: "Drivers", items: [{ name: "rings", value: 0.3 }, { name: "longest conjugated path of the repeat unit", value: -0.1 }] }),
};

test.each(Object.entries(figures))("%s draws the same text for the same data", (_, svg) => {
  expect(svg.replaceAll("><", ">\n<")).toMatchSnapshot();
});

test.each(Object.entries(figures))("%s is a standalone figure with a name for those who cannot see it", (_, svg) => {
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 [\d.]+ [\d.]+" width="[\d.]+" height="[\d.]+" role="img"[^>]*><title>[^<]+<\/title>/);
  expect(svg).not.toMatch(/ id=|href|<style|<script|NaN|Infinity|undefined/);
});

test("every element that opens closes", () => {
  for (const svg of Object.values(figures)) {
    const open: string[] = [];
    for (const [, slash, tag, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/g)) {
      if (slash) expect(open.pop()).toBe(tag);
      else if (!self) open.push(tag!);
    }
    expect(open).toEqual([]);
  }
});

test("a figure states the coverage of the 90 % band", () => expect(figures["calibration"]).toContain("87.5 %"));

test("the threshold of the domain is drawn only where it is finite", () => {
  expect(figures["applicability"]).toContain("flagged beyond 0.9");
  expect(applicability({ name: "gap", unit: "1", score: [1, 2], error: [1, 2], threshold: Number.POSITIVE_INFINITY })).not.toContain("flagged");
});

test("a histogram shades its target and says so", () => {
  expect(figures["histogram"]).toContain(">target<");
  expect(histogram({ about: "", title: "", series: [{ name: "a", values: [1, 2], colour: "#000" }] })).not.toContain("target");
});

test("a figure without values says so", () => {
  for (const svg of [parity({ ...predictions, observed: [], mean: [], lower: [], upper: [] }), histogram({ about: "", title: "", series: [{ name: "a", values: [], colour: "#000" }] }), steps({ about: "", title: "", series: [{ name: "a", values: [Number.NaN] }] }), propertySpace({ x: axis, y: other, data: [], candidates: [], path: [] })]) {
    expect(svg.includes("no values to show") || svg.includes("<path")).toBe(true);
  }
  expect(histogram({ about: "", title: "", series: [] })).toContain("no values to show");
});

describe("hostile input", () => {
  const any = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, 1e308, -1e308, 5e-324, 1e-9), fc.double({ min: -10, max: 10, noNaN: true }));
  const many = fc.array(any, { maxLength: 30 });
  const nothing = (svg: string) => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(svg.startsWith("<svg")).toBe(true);
  };

  test("no number whatever gets NaN or Infinity into a figure", () => {
    fc.assert(
      fc.property(many, many, any, any, (a, b, c, d) => {
        const n = Math.min(a.length, b.length);
        const [x, y] = [a.slice(0, n), b.slice(0, n)];
        const wanted = { name: "p", unit: "K", low: c, high: d };
        nothing(parity({ name: "p", unit: "K", observed: x, mean: y, lower: y, upper: x }));
        nothing(residuals({ name: "p", unit: "K", observed: x, mean: y, lower: y, upper: x }));
        nothing(calibration({ name: "p", levels: x, observed: y, coverage: c, rows: n }));
        nothing(learningCurve({ name: "p", unit: "K", sizes: x, error: y, spread: y }));
        nothing(applicability({ name: "p", unit: "K", score: x, error: y, threshold: c }));
        nothing(histogram({ about: "h", title: "p", series: [{ name: "s", values: x, colour: "#000" }, { name: "t", values: y, colour: "#111" }], target: wanted }));
        nothing(steps({ about: "s", title: "p", series: [{ name: "s", values: x }] }));
        nothing(propertySpace({ x: wanted, y: { ...wanted, low: d, high: c }, data: x.map((v, i) => [v, y[i]!]), candidates: x.map((v, i) => ({ x: y[i]!, y: v, title: "" })), path: x.map((v, i) => [v, y[i]!]) }));
        nothing(band({ axis: wanted, range: [c, d], mean: a[0] ?? 0, lower: a[1] ?? 0, upper: a[2] ?? 0, calculated: c, nearest: d }));
        nothing(bars({ about: "b", items: a.map((value) => ({ name: "n", value })) }));
        nothing(confusion({ levels: ["a", "b"], counts: [[1, 0], [0, 0]] }));
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test("names are text, never markup", () => {
    const evil = `<script>alert("1")</script>&'`;
    const all = [
      parity({ ...predictions, name: evil, unit: evil, labels: predictions.labels.map(() => evil) }),
      residuals({ ...predictions, name: evil, unit: evil, labels: predictions.labels.map(() => evil) }),
      calibration({ name: evil, levels, observed: levels }),
      learningCurve({ name: evil, unit: evil, sizes: [1, 2], error: [1, 2] }),
      applicability({ name: evil, unit: evil, score: [1, 2], error: [1, 2], threshold: 1 }),
      confusion({ levels: [evil, "b"], counts: [[1, 2], [3, 4]] }),
      histogram({ about: evil, title: evil, series: [{ name: evil, values: [1, 2], colour: evil }, { name: evil, values: [1], colour: evil }] }),
      propertySpace({ x: { ...axis, name: evil }, y: { ...other, unit: evil }, data: points, candidates: [{ x: 1, y: 1, title: evil }], path: [] }),
      steps({ about: evil, title: evil, series: [{ name: evil, values: [1] }, { name: evil, values: [1] }] }),
      band({ axis: { ...axis, name: evil }, range: [0, 1], mean: 1, lower: 0, upper: 2 }),
      bars({ about: evil, items: [{ name: evil, value: 1 }] }),
    ];
    for (const svg of all) {
      expect(svg).not.toMatch(/<script|alert\("|&'/);
      expect(svg).toContain("&lt;");
    }
  });
});

test("labels of a learning curve stand where the curve does not run", () => {
  const svg = learningCurve({ name: "gap", unit: "eV", sizes: [10, 20, 40], error: [0.5, 0.3, 0.4] });
  const heights = (pattern: RegExp) => [...svg.matchAll(pattern)].map((m) => Number(m[1]));
  const [points, labels] = [heights(/<circle [^>]*cy="([\d.]+)"/g), heights(/<text [^>]*y="([\d.]+)" font-size="11"/g)];
  expect(points.map((y, i) => Math.sign(labels[i]! - y))).toEqual([-1, 1, -1]);
});
