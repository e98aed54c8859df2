/*
 * Size and time of ternary figures over grids from coarse to fine, of a smooth field and of a noisy one such as a
 * small forest gives. Checked first: every figure paints the whole triangle's classes.
 * Run: node packages/charts/bench/ternary.bench.ts
 */
import { ternary, ternaryGrid, type TernaryClass } from "../src/index.ts";
import { classesOver, nearData } from "../test/ternary/fixture.ts";

const RUNS = 5;
const corners = ["Al", "Cu", "Fe"] as const;

/** Votes of 100 trees: rounded, with an error that differs from point to point (a fixed hash, no chance). */
const voted = (classes: readonly TernaryClass[], amplitude: number): readonly TernaryClass[] =>
  classes.map((one, k) => ({ ...one, probability: Float64Array.from(one.probability, (p, i) => Math.min(1, Math.max(0, Math.round(100 * (p + amplitude * (((Math.sin((i + 1) * 12.9898 + k * 78.233) * 43758.5453) % 1) / 2))) / 100))) }));

for (const step of [0.05, 0.01, 0.005, 0.0025]) {
  const points = ternaryGrid(step);
  const smooth = classesOver(points);
  for (const [name, classes] of [["smooth", smooth], ["noise 0.1", voted(smooth, 0.1)], ["noise 0.4", voted(smooth, 0.4)]] as const) {
    const draw = () => ternary({ corners, points, classes, contours: [0.1, 0.5, 0.9], applicable: nearData(points) });
    const svg = draw();
    if (!svg.includes("fill-rule") || !svg.includes("outside the data")) throw new Error("the figure lacks its classes or its hatching");
    const times = Array.from({ length: RUNS }, () => {
      const start = performance.now();
      draw();
      return performance.now() - start;
    }).sort((a, b) => a - b);
    console.log(`${String(points.a.length).padStart(6)} points, ${name.padEnd(9)}  ${(svg.length / 1000).toFixed(0).padStart(4)} kB  ${times[RUNS >> 1]!.toFixed(0).padStart(5)} ms`);
  }
}
