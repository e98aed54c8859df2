/*
 * Figures of a model's validation: parity with intervals, residuals, calibration, learning curve, error
 * against applicability, and for classes the confusion matrix and the reliability of the probabilities.
 */
import { bin, quantile } from "d3-array";
import { extent, plot, type Scale } from "./plot.ts";
import { el, label, line, readable } from "./svg.ts";
import { shade, theme } from "./theme.ts";

/** Out-of-fold predictions of one numeric property; arrays of equal length. */
export interface Predictions {
  readonly name: string;
  /** Unit symbol; "1" is not printed. */
  readonly unit: string;
  readonly observed: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** One line per point for its tooltip. */
  readonly labels?: readonly string[];
}

/** `name / unit`, without a unit for pure numbers. */
export const axisTitle = (name: string, unit: string): string => (unit === "1" || unit === "" ? name.replaceAll("_", " ") : `${name.replaceAll("_", " ")} / ${unit}`);

/** Beyond this many points the intervals of a keyed-by-position subset are drawn, all points stay. */
const MOST_INTERVALS = 400;
const MOST_POINTS = 4000;

const thin = (n: number, most: number) => Array.from({ length: Math.min(n, most) }, (_, i) => Math.floor((i * n) / Math.min(n, most)));

/** Predicted against observed, each with its band. */
export function parity({ name, unit, observed, mean, lower, upper, labels }: Predictions): string {
  const domain = extent([...Array.from(observed), ...Array.from(mean)]);
  return plot({
    about: `Predicted against observed ${name}, out of fold`,
    x: { title: `observed ${axisTitle(name, unit)}`, domain },
    y: { title: "predicted", domain },
    marks: (x, y, box) => [
      el("path", { d: line([[box.left, box.bottom], [box.right, box.top]]), stroke: theme.muted, "stroke-dasharray": "4 3", fill: "none" }),
      ...thin(observed.length, MOST_INTERVALS).map((i) => el("line", { x1: x(observed[i]!), x2: x(observed[i]!), y1: y(lower[i]!), y2: y(upper[i]!), stroke: theme.dataSoft, "stroke-width": 1, opacity: 0.55 })),
      ...thin(observed.length, MOST_POINTS).map((i) => point(x(observed[i]!), y(mean[i]!), observed[i]! >= lower[i]! && observed[i]! <= upper[i]! ? theme.data : theme.wanted, tooltip(labels?.[i], observed[i]!, mean[i]!, lower[i]!, upper[i]!))),
    ],
    legend: [{ name: "inside its 90 % band", colour: theme.data }, { name: "outside", colour: theme.wanted }],
  });
}

const tooltip = (name: string | undefined, observed: number, mean: number, lower: number, upper: number) => `${name ? `${name}\n` : ""}observed ${readable(observed)}, predicted ${readable(mean)} (${readable(lower)} … ${readable(upper)})`;

const point = (cx: number, cy: number, fill: string, title: string, r = 2.4) => el("circle", { cx, cy, r, fill, opacity: 0.75 }, label("title", {}, title));

/** Error against the prediction. */
export function residuals({ name, unit, observed, mean, labels }: Predictions): string {
  const errors = Array.from(observed, (y, i) => y - mean[i]!);
  return plot({
    about: `Residuals of ${name} against the prediction`,
    x: { title: `predicted ${axisTitle(name, unit)}`, domain: extent(Array.from(mean)) },
    y: { title: "observed − predicted", domain: extent(errors) },
    marks: (x, y, box) => [
      el("line", { x1: box.left, x2: box.right, y1: y(0), y2: y(0), stroke: theme.muted, "stroke-dasharray": "4 3" }),
      ...thin(errors.length, MOST_POINTS).map((i) => point(x(mean[i]!), y(errors[i]!), theme.data, `${labels?.[i] ? `${labels[i]}\n` : ""}error ${readable(errors[i]!)}`)),
    ],
  });
}

/** Observed share of values below each predicted quantile: on the diagonal when calibrated. */
export function calibration({ name, levels, observed }: { readonly name: string; readonly levels: readonly number[]; readonly observed: readonly number[] }): string {
  return plot({
    about: `Calibration of ${name}: observed against expected share`,
    x: { title: "expected share below the quantile", domain: [0, 1], nice: false },
    y: { title: "observed share", domain: [0, 1], nice: false },
    marks: (x, y) => [
      el("path", { d: `${line([[x(0), y(0)], ...levels.map((p, i): [number, number] => [x(p), y(observed[i]!)]), [x(1), y(1)]])}Z`, fill: theme.dataSoft, opacity: 0.35 }),
      el("path", { d: line([[x(0), y(0)], [x(1), y(1)]]), stroke: theme.muted, "stroke-dasharray": "4 3", fill: "none" }),
      el("path", { d: line([[x(0), y(0)], ...levels.map((p, i): [number, number] => [x(p), y(observed[i]!)]), [x(1), y(1)]]), stroke: theme.data, "stroke-width": 2, fill: "none" }),
    ],
  });
}

/** Error against the number of training rows. */
export function learningCurve({ name, unit, sizes, error, spread }: { readonly name: string; readonly unit: string; readonly sizes: readonly number[]; readonly error: readonly number[]; readonly spread?: readonly number[] }): string {
  const low = error.map((e, i) => e - (spread?.[i] ?? 0));
  const high = error.map((e, i) => e + (spread?.[i] ?? 0));
  return plot({
    about: `Learning curve of ${name}`,
    x: { title: "training rows", domain: extent(sizes, 0.08), nice: false },
    y: { title: `root mean square error${unit === "1" ? "" : ` / ${unit}`}`, domain: [Math.min(0, ...low), Math.max(...high) * 1.1] },
    marks: (x, y) => [
      ...sizes.map((n, i) => el("line", { x1: x(n), x2: x(n), y1: y(low[i]!), y2: y(high[i]!), stroke: theme.dataSoft, "stroke-width": 3 })),
      el("path", { d: line(sizes.map((n, i): [number, number] => [x(n), y(error[i]!)])), stroke: theme.data, "stroke-width": 2, fill: "none" }),
      ...sizes.map((n, i) => point(x(n), y(error[i]!), theme.data, `${n} rows: ${readable(error[i]!)}`, 4)),
    ],
  });
}

/** How the error grows away from the training data, with the calibrated flag. */
export function applicability({ name, unit, score, error, threshold }: { readonly name: string; readonly unit: string; readonly score: ArrayLike<number>; readonly error: ArrayLike<number>; readonly threshold: number }): string {
  const scores = Array.from(score);
  const errors = Array.from(error, Math.abs);
  const running = runningQuantiles(scores, errors);
  const cap = quantile(errors.toSorted((a, b) => a - b), 0.995) ?? 1;
  return plot({
    about: `Error of ${name} against the distance from the training data`,
    x: { title: "distance from the training data", domain: extent([...scores, Number.isFinite(threshold) ? threshold : scores[0]!]) },
    y: { title: `absolute error${unit === "1" ? "" : ` / ${unit}`}`, domain: [0, cap] },
    marks: (x, y, box) => [
      ...(Number.isFinite(threshold) ? [el("rect", { x: x(threshold), y: box.top, width: Math.max(0, box.right - x(threshold)), height: box.bottom - box.top, fill: theme.wantedSoft, opacity: 0.6 }), el("line", { x1: x(threshold), x2: x(threshold), y1: box.top, y2: box.bottom, stroke: theme.wanted })] : []),
      ...thin(scores.length, MOST_POINTS).map((i) => point(x(scores[i]!), y(Math.min(errors[i]!, cap)), theme.dataSoft, `distance ${readable(scores[i]!)}, error ${readable(errors[i]!)}`)),
      el("path", { d: line(running.map(({ at, middle }): [number, number] => [x(at), y(middle)])), stroke: theme.data, "stroke-width": 2, fill: "none" }),
      el("path", { d: line(running.map(({ at, high }): [number, number] => [x(at), y(Math.min(high, cap))])), stroke: theme.data, "stroke-width": 1.2, "stroke-dasharray": "5 3", fill: "none" }),
    ],
    legend: [{ name: "median", colour: theme.data, kind: "line" }, { name: "flagged as outside", colour: theme.wantedSoft, kind: "area" }],
  });
}

/** Median and 90 % quantile of the error in groups of neighbouring scores. */
function runningQuantiles(scores: readonly number[], errors: readonly number[]): { at: number; middle: number; high: number }[] {
  const order = scores.map((_, i) => i).filter((i) => Number.isFinite(scores[i]!) && Number.isFinite(errors[i]!)).sort((a, b) => scores[a]! - scores[b]!);
  const size = Math.max(10, Math.floor(order.length / 12));
  const groups = Array.from({ length: Math.floor(order.length / size) }, (_, g) => order.slice(g * size, (g + 1) * size));
  return groups.map((group) => {
    const sorted = group.map((i) => errors[i]!).sort((a, b) => a - b);
    return { at: scores[group[group.length >> 1]!]!, middle: quantile(sorted, 0.5)!, high: quantile(sorted, 0.9)! };
  });
}

/** Counts of true against predicted classes, shaded by the share of the true class. */
export function confusion({ levels, counts }: { readonly levels: readonly string[]; readonly counts: readonly (readonly number[])[] }): string {
  const cell = Math.min(72, 300 / levels.length);
  const left = 96;
  const top = 56;
  const side = cell * levels.length;
  const totals = counts.map((row) => row.reduce((a, b) => a + b, 0));
  return el(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${left + side + 12} ${top + side + 12}`, width: left + side + 12, height: top + side + 12, role: "img", "font-family": theme.font, "font-size": 12, fill: theme.ink },
    label("title", {}, "Confusion matrix: true classes in rows, predicted in columns"),
    label("text", { x: left + side / 2, y: 16, "text-anchor": "middle", fill: theme.muted }, "predicted"),
    ...levels.flatMap((name, i) => [
      label("text", { x: left + (i + 0.5) * cell, y: top - 8, "text-anchor": "middle" }, name),
      label("text", { x: left - 8, y: top + (i + 0.5) * cell + 4, "text-anchor": "end" }, name),
    ]),
    ...counts.flatMap((row, i) =>
      row.flatMap((count, j) => {
        const share = totals[i]! > 0 ? count / totals[i]! : 0;
        return [
          el("rect", { x: left + j * cell, y: top + i * cell, width: cell - 2, height: cell - 2, rx: 3, fill: shade(share) }),
          label("text", { x: left + (j + 0.5) * cell - 1, y: top + (i + 0.5) * cell + 4, "text-anchor": "middle", fill: share > 0.55 ? "#fff" : theme.ink }, String(count)),
        ];
      }),
    ),
  );
}

/** A histogram of one series, or of two for comparison. */
export function histogram({ about, title, series, bins = 24 }: { readonly about: string; readonly title: string; readonly series: readonly { readonly name: string; readonly values: readonly number[]; readonly colour: string }[]; readonly bins?: number }): string {
  const domain = extent(series.flatMap((s) => s.values), 0.02);
  const make = bin().domain(domain).thresholds(bins);
  const made = series.map((s) => ({ ...s, bars: make([...s.values]) }));
  const top = Math.max(...made.flatMap((s) => s.bars.map((b) => b.length / Math.max(1, s.values.length))));
  const bar = (b: { readonly length: number; readonly x0?: number | undefined; readonly x1?: number | undefined }, n: number, colour: string, x: Scale, y: Scale, bottom: number) =>
    el("rect", { x: x(b.x0!) + 0.5, width: Math.max(0, x(b.x1!) - x(b.x0!) - 1), y: y(b.length / n), height: Math.max(0, bottom - y(b.length / n)), fill: colour, opacity: 0.6 });
  return plot({
    about,
    x: { title, domain, nice: false },
    y: { title: "share", domain: [0, top] },
    marks: (x, y, box) => made.flatMap((s) => s.bars.map((b) => bar(b, Math.max(1, s.values.length), s.colour, x, y, box.bottom))),
    ...(series.length > 1 ? { legend: series.map(({ name, colour }) => ({ name, colour, kind: "area" as const })) } : {}),
  });
}
