/* Meshes, outlines, hatching and paths: what is painted is what was computed. */
import { describe, expect, test } from "vitest";
import { ternaryGrid } from "../../src/index.ts";
import { areaOf, isolines, region, type Contour } from "../../src/ternary/contours.ts";
import { hatch, leads } from "../../src/ternary/fills.ts";
import { HEIGHT, viewOf } from "../../src/ternary/geometry.ts";
import { meshOf } from "../../src/ternary/mesh.ts";
import { pathOf } from "../../src/ternary/path.ts";
import { uneven } from "./fixture.ts";

const view = viewOf(0, 400, 400);
const whole = (400 * 400 * HEIGHT) / 2;
/** Of rings filled even-odd that do not cross: outer ones turn one way, holes the other. */
const area = (rings: readonly Contour[]) => Math.abs(rings.reduce((sum, { points }) => sum + areaOf(points), 0));
const all = Number.NEGATIVE_INFINITY;
const drawn = (points: { readonly a: ArrayLike<number>; readonly b: ArrayLike<number> }, f: (a: number, b: number) => number, at = view) => {
  const { mesh, fields } = meshOf(at, points, [Array.from(points.a, (a, i) => f(a, points.b[i]!))]);
  return { mesh, field: fields[0]! };
};

describe.each([["coarse", ternaryGrid(0.1)], ["fine", ternaryGrid(0.0025)], ["uneven", uneven()]] as const)("over a %s grid", (_, points) => {
  test("the whole triangle is painted once", () => {
    const { mesh, field } = drawn(points, () => 1);
    expect(area(region(mesh, field, all)) / whole).toBeCloseTo(1, 3);
  });

  test("a linear field is cut exactly where it should be", () => {
    const { mesh, field } = drawn(points, (a) => a);
    expect(area(region(mesh, field, 0.37)) / whole).toBeCloseTo(0.63 ** 2, 3);
    const [line, ...others] = isolines(mesh, field, 0.37);
    expect(others).toEqual([]);
    expect(line!.points.length).toBe(2);
    line!.points.forEach(([, y]) => expect(y).toBeCloseTo(400 - 0.37 * 400 * HEIGHT, 6));
  });

  test("so is it in a zoomed view", () => {
    const near = viewOf(0, 400, 400, [0.5, 0, 0]);
    const { mesh, field } = drawn(points, (a) => a, near);
    expect(area(region(mesh, field, all)) / whole).toBeCloseTo(1, 3);
    expect(area(region(mesh, field, 0.75)) / whole).toBeCloseTo(0.25, 3);
  });
});

test("points so close that a pixel holds many are merged, and a linear field stays linear", () => {
  const small = viewOf(0, 100, 100);
  const { mesh, field } = drawn(ternaryGrid(0.0025), (a) => a, small);
  expect(mesh.x.length).toBeLessThan(6000);
  expect(area(region(mesh, field, 0.5)) / (whole / 16)).toBeCloseTo(0.25, 2);
});

test("nothing is painted beside a part that was computed, nor around failures", () => {
  const points = ternaryGrid(0.025);
  const part = Array.from(points.a, (_, i) => i).filter((i) => points.a[i]! >= 0.5);
  const { mesh, field } = drawn({ a: part.map((i) => points.a[i]!), b: part.map((i) => points.b[i]!) }, () => 1);
  expect(area(region(mesh, field, all)) / whole).toBeCloseTo(0.25, 3);

  const failed = drawn(points, (a, b) => (Math.hypot(a - 0.4, b - 0.3) < 0.1 ? Number.NaN : 1));
  const rings = region(failed.mesh, failed.field, all);
  expect(rings.length).toBe(2);
  expect(area(rings)).toBeLessThan(whole * (1 - 2 * Math.PI * 0.09 ** 2));
});

test("a gap between two computed parts stays empty", () => {
  const points = ternaryGrid(0.02);
  const kept = Array.from(points.a, (_, i) => i).filter((i) => points.a[i]! >= 0.6 || points.b[i]! >= 0.6);
  const { mesh, field } = drawn({ a: kept.map((i) => points.a[i]!), b: kept.map((i) => points.b[i]!) }, () => 1);
  expect(area(region(mesh, field, all)) / whole).toBeCloseTo(2 * 0.16, 2);
});

test("a given reach decides what is a gap", () => {
  const points = ternaryGrid(0.1);
  const values = [Array.from(points.a, () => 1)];
  expect(meshOf(view, points, values, 0.05).mesh.triangles.length).toBe(0);
  expect(meshOf(view, points, values, 0.1).mesh.triangles.length).toBe(300);
});

test.each([0, 1, 2])("%d points make no area", (n) => expect(meshOf(view, { a: [0.5, 0.2].slice(0, n), b: [0.1, 0.2].slice(0, n) }, [[1, 1].slice(0, n)]).mesh.triangles.length).toBe(0));

test("two peaks make two islands, a crater one with a hole", () => {
  const points = ternaryGrid(0.01);
  const peak = (a: number, b: number, x: number, y: number) => Math.exp(-((a - x) ** 2 + (b - y) ** 2) / 0.005);
  const two = drawn(points, (a, b) => peak(a, b, 0.6, 0.2) + peak(a, b, 0.2, 0.6));
  expect(region(two.mesh, two.field, 0.5).length).toBe(2);
  const crater = drawn(points, (a, b) => -Math.abs(Math.hypot(a - 1 / 3, b - 1 / 3) - 0.15));
  const rings = region(crater.mesh, crater.field, -0.05);
  expect(rings.length).toBe(2);
  expect(Math.sign(areaOf(rings[0]!.points))).toBe(-Math.sign(areaOf(rings[1]!.points)));
});

test("a class leads by what parts it from the next, also from what nobody named", () => {
  const [first, second] = leads([Float64Array.of(0.6, 0.2), Float64Array.of(0.3, 0.1)]);
  expect(first![0]).toBeCloseTo(0.3, 15);
  expect(second![0]).toBeCloseTo(-0.3, 15);
  expect(first![1]).toBeCloseTo(-0.5, 15); // 0.7 is left for the rest
});

test("hatching stays inside its rings and out of their holes", () => {
  const square = (low: number, high: number): Contour => ({ closed: true, points: [[low, low], [high, low], [high, high], [low, high]] });
  const lines = hatch([square(0, 90.5), square(30.25, 60.25)]);
  expect(lines.length).toBeGreaterThan(20);
  for (const { points: [p, q] } of lines) {
    const [x, y] = [(p![0] + q![0]) / 2, (p![1] + q![1]) / 2];
    expect(x >= 0 && x <= 90.5 && y >= 0 && y <= 90.5).toBe(true);
    expect(x > 30.25 && x < 60.25 && y > 30.25 && y < 60.25).toBe(false);
  }
});

test.each([
  [[[0, 0], [10, 0.5], [9.96, -3]], true, "M0 0l10 .5 0-3.5z"],
  [[[-1.25, 2], [3, 2]], false, "M-1.2 2l4.2 0"],
  [[[1, 1], [1.01, 1.02]], true, ""],
] as const)("path through %j (closed: %s) reads %s", (points, closed, path) => expect(pathOf([{ points, closed }])).toBe(path));
