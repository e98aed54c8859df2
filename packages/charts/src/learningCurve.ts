/* The error against the number of training rows: would more data help? */
import { curve, dot, note } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { extent } from "./scale.ts";
import { el } from "./svg.ts";
import { nameOf, perUnit } from "./text.ts";
import { theme } from "./theme.ts";

export interface LearningCurveOptions {
  readonly name: string;
  readonly unit: string;
  /** Training rows, ascending. */
  readonly sizes: readonly number[];
  /** The error at each size. */
  readonly error: readonly number[];
  /** What the error is; root mean square error when left out. */
  readonly measure?: string;
  /** Half-width of a bar around each error; none where 0. */
  readonly spread?: readonly number[];
}

/** Whether the curve leaves room above a point, on the side where its label stands: the right, and at the last point the left. */
const clear = (error: readonly number[], i: number): boolean => !((error[i + 1] ?? error[i - 1] ?? 0) > error[i]!);

const whole = (n: number) => (Number.isSafeInteger(n) ? String(n) : readable(n));

export function learningCurve({ name, unit, sizes, error, spread = [], measure = "root mean square error" }: LearningCurveOptions): string {
  const [, high] = extent(error.map((e, i) => e + (spread[i] ?? 0)), 0);
  return plot({
    about: `Learning curve of ${nameOf(name)}: ${sizes.map((n, i) => `${whole(n)} rows ${readable(error[i] ?? Number.NaN)}`).join(", ")}`,
    x: { title: "training rows", domain: extent([0, ...sizes], 0.06), nice: false, ticks: sizes.filter(Number.isFinite), format: whole },
    y: { title: `${measure}${perUnit(unit)}`, domain: [0, high * 1.12] },
    marks: (x, y) => [
      ...sizes.map((n, i) => (spread[i] ? el("line", { x1: x(n), x2: x(n), y1: y(error[i]! - spread[i]), y2: y(error[i]! + spread[i]), stroke: theme.dataSoft, "stroke-width": 4 }) : "")),
      curve(sizes.map((n, i): [number, number] => [x(n), y(error[i] ?? Number.NaN)]), theme.data),
      ...sizes.map((n, i) => dot(x(n), y(error[i] ?? Number.NaN), theme.data, `${whole(n)} rows: ${readable(error[i] ?? Number.NaN)}`, 4)),
      ...sizes.map((n, i) => (Number.isFinite(error[i]) ? note(x(n), y(error[i]!) + (clear(error, i) ? -10 : 18), readable(error[i]!), { "text-anchor": i === sizes.length - 1 ? "end" : "start" }) : "")),
    ],
  });
}
