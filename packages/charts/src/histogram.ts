/* Distributions of one quantity in one or more groups, with the wanted interval shaded. */
import { bin } from "d3-array";
import { plot } from "./plot.ts";
import { extent, widen } from "./scale.ts";
import { el } from "./svg.ts";
import { isWanted, shownBounds, wantedArea } from "./target.ts";
import { theme } from "./theme.ts";

export interface HistogramOptions {
  readonly about: string;
  readonly title: string;
  readonly series: readonly { readonly name: string; readonly values: readonly number[]; readonly colour: string }[];
  /** Wanted interval; infinite where one-sided. */
  readonly target?: { readonly low: number; readonly high: number };
  /** What the shaded interval is called; default "target". */
  readonly called?: string;
  /** Ends of the axis; default what the values and the target need. */
  readonly domain?: readonly [number, number];
  readonly bins?: number;
}

const ANY = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

export function histogram({ about, title, series, target = ANY, called = "target", domain: wished, bins = 24 }: HistogramOptions): string {
  const values = series.flatMap((s) => s.values);
  const domain = widen(wished ?? extent([...values, ...shownBounds(target, extent(values, 0))], 0.02));
  const make = bin().domain(domain).thresholds(bins);
  const made = series.map((s) => {
    const finite = s.values.filter(Number.isFinite);
    return { ...s, bars: make(finite).map((b) => ({ from: b.x0!, to: b.x1!, share: b.length / Math.max(1, finite.length) })) };
  });
  const top = Math.max(0, ...made.flatMap((s) => s.bars.map((b) => b.share)));
  return plot({
    about,
    x: { title, domain, nice: false },
    y: { title: series.length > 1 ? "share of each group" : "share", domain: [0, top * 1.05], format: (v) => `${Number((100 * v).toPrecision(3))} %` },
    marks: (x, y, box) => {
      const bars = made.flatMap((s) => s.bars.filter((b) => b.share > 0).map((b) => el("rect", { x: x(b.from) + 0.5, width: Math.max(0.5, x(b.to) - x(b.from) - 1), y: y(b.share), height: Math.max(0, box.bottom - y(b.share)), fill: s.colour, "fill-opacity": "0.65" })));
      return bars.length === 0 ? [] : [wantedArea(x, y, box, target, ANY), ...bars];
    },
    legend: [...(series.length > 1 ? series.map(({ name, colour }) => ({ name, colour, kind: "area" as const })) : []), ...(isWanted(target) ? [{ name: called, colour: theme.wantedSoft, kind: "area" as const }] : [])],
  });
}
