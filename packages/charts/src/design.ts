/*
 * Figures of a design run: property space with the target and the particles' path, temperature and
 * effective sample size, diversity, and the band of one prediction beside its target.
 */
import { extent, plot } from "./plot.ts";
import { el, label, line, readable } from "./svg.ts";
import { theme } from "./theme.ts";
import { axisTitle } from "./validation.ts";

export interface PropertyAxis {
  readonly name: string;
  readonly unit: string;
  /** Target interval; infinite where one-sided. */
  readonly low: number;
  readonly high: number;
}

export interface PropertySpace {
  readonly x: PropertyAxis;
  readonly y: PropertyAxis;
  /** Measured materials. */
  readonly data: readonly (readonly [number, number])[];
  /** Predicted means of the final candidates, with tooltips. */
  readonly candidates: readonly { readonly x: number; readonly y: number; readonly title: string }[];
  /** Median of the population at each step, in order. */
  readonly path: readonly (readonly [number, number])[];
}

/** Two properties: the data, the wanted box, the path of the population, the candidates. */
export function propertySpace({ x: xAxis, y: yAxis, data, candidates, path }: PropertySpace): string {
  const xs = [...data.map((d) => d[0]), ...candidates.map((c) => c.x), ...[xAxis.low, xAxis.high].filter(Number.isFinite)];
  const ys = [...data.map((d) => d[1]), ...candidates.map((c) => c.y), ...[yAxis.low, yAxis.high].filter(Number.isFinite)];
  return plot({
    about: `Property space: ${xAxis.name} and ${yAxis.name} of the data, the target and the candidates`,
    width: 640,
    height: 440,
    x: { title: axisTitle(xAxis.name, xAxis.unit), domain: extent(xs) },
    y: { title: axisTitle(yAxis.name, yAxis.unit), domain: extent(ys) },
    marks: (x, y, box) => {
      const left = Number.isFinite(xAxis.low) ? x(xAxis.low) : box.left;
      const right = Number.isFinite(xAxis.high) ? x(xAxis.high) : box.right;
      const top = Number.isFinite(yAxis.high) ? y(yAxis.high) : box.top;
      const bottom = Number.isFinite(yAxis.low) ? y(yAxis.low) : box.bottom;
      return [
        el("rect", { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top), fill: theme.wantedSoft, opacity: 0.55 }),
        el("rect", { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top), fill: "none", stroke: theme.wanted, "stroke-dasharray": "5 3" }),
        ...data.map(([dx, dy]) => el("circle", { cx: x(dx), cy: y(dy), r: 2, fill: theme.outside, opacity: 0.6 })),
        ...candidates.map((c) => el("circle", { cx: x(c.x), cy: y(c.y), r: 3, fill: theme.data, opacity: 0.75 }, label("title", {}, c.title))),
        el("path", { d: line(path.map(([px, py]): [number, number] => [x(px), y(py)])), stroke: theme.warn, "stroke-width": 2, fill: "none", "stroke-linejoin": "round" }),
        ...path.map(([px, py], i) => el("circle", { cx: x(px), cy: y(py), r: i === path.length - 1 ? 4.5 : 2.5, fill: theme.warn }, label("title", {}, `median of the population after step ${i}`))),
      ];
    },
    legend: [
      { name: "measured", colour: theme.outside },
      { name: "candidates", colour: theme.data },
      { name: "path of the population", colour: theme.warn, kind: "line" },
      { name: "target", colour: theme.wantedSoft, kind: "area" },
    ],
  });
}

/** One property: histograms are drawn by `histogram`; this is a line over the steps of a sampler. */
export function steps({ about, title, series, log = false, domain }: { readonly about: string; readonly title: string; readonly series: readonly { readonly name: string; readonly values: readonly number[]; readonly colour: string }[]; readonly log?: boolean; readonly domain?: readonly [number, number] }): string {
  const most = Math.max(1, ...series.map((s) => s.values.length - 1));
  const finite = series.flatMap((s) => s.values).filter((v) => Number.isFinite(v) && (!log || v > 0));
  return plot({
    about,
    x: { title: "step", domain: [0, most], nice: false, format: (v) => (Number.isInteger(v) ? String(v) : "") },
    y: { title, domain: domain ?? extent(finite, log ? 0 : 0.06), log },
    marks: (x, y) =>
      series.flatMap((s) => {
        const drawn = s.values.map((v, i) => [i, v] as const).filter(([, v]) => Number.isFinite(v) && (!log || v > 0));
        return [
          el("path", { d: line(drawn.map(([i, v]): [number, number] => [x(i), y(v)])), stroke: s.colour, "stroke-width": 2, fill: "none" }),
          ...drawn.map(([i, v]) => el("circle", { cx: x(i), cy: y(v), r: 3, fill: s.colour }, label("title", {}, `${s.name}, step ${i}: ${readable(v)}`))),
        ];
      }),
    ...(series.length > 1 ? { legend: series.map(({ name, colour }) => ({ name, colour, kind: "line" as const })) } : {}),
  });
}

/** One prediction as a bar: the data's range as the track, the target shaded, the band and the mean; a ring where it was calculated. */
export function band({ axis, range, mean, lower, upper, calculated, width = 240 }: { readonly axis: PropertyAxis; readonly range: readonly [number, number]; readonly mean: number; readonly lower: number; readonly upper: number; readonly calculated?: number; readonly width?: number }): string {
  const [low, high] = extent([...range, lower, upper, ...(calculated === undefined ? [] : [calculated])], 0.02);
  const at = (v: number) => 4 + ((Math.min(Math.max(v, low), high) - low) / (high - low || 1)) * (width - 8);
  const from = at(Number.isFinite(axis.low) ? axis.low : low);
  const to = at(Number.isFinite(axis.high) ? axis.high : high);
  return el(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} 22`, width: "100%", height: 22, role: "img", preserveAspectRatio: "none" },
    label("title", {}, `${axis.name}: ${readable(mean)} (${readable(lower)} … ${readable(upper)})${calculated === undefined ? "" : `, calculated ${readable(calculated)}`}`),
    el("rect", { x: 4, y: 8, width: width - 8, height: 6, rx: 3, fill: theme.grid }),
    el("rect", { x: from, y: 4, width: Math.max(0, to - from), height: 14, rx: 2, fill: theme.wantedSoft }),
    el("line", { x1: at(lower), x2: at(upper), y1: 11, y2: 11, stroke: theme.data, "stroke-width": 3, "stroke-linecap": "round" }),
    el("circle", { cx: at(mean), cy: 11, r: 4.5, fill: theme.data }),
    ...(calculated === undefined ? [] : [el("circle", { cx: at(calculated), cy: 11, r: 5, fill: "none", stroke: theme.ink, "stroke-width": 1.8 })]),
  );
}

/** Horizontal bars, longest first as given: what drives a prediction, hits per class. */
export function bars({ about, items, width = 260, format = readable }: { readonly about: string; readonly items: readonly { readonly name: string; readonly value: number }[]; readonly width?: number; readonly format?: (value: number) => string }): string {
  const most = Math.max(1e-300, ...items.map((i) => Math.abs(i.value)));
  const row = 19;
  const middle = width * 0.58;
  return el(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${items.length * row + 4}`, width: "100%", role: "img", "font-family": theme.font, "font-size": 11, fill: theme.ink },
    label("title", {}, about),
    ...items.flatMap(({ name, value }, i) => {
      const y = i * row + 3;
      const length = (Math.abs(value) / most) * (width - middle - 44);
      return [
        label("text", { x: middle - 6, y: y + 11, "text-anchor": "end", fill: theme.muted }, name.length > 27 ? `${name.slice(0, 26)}…` : name),
        el("rect", { x: middle, y: y + 2, width: length, height: 11, rx: 2, fill: value >= 0 ? theme.data : theme.wanted }),
        label("text", { x: middle + length + 4, y: y + 11 }, format(value)),
      ];
    }),
  );
}
