/* Error retention: the mean loss of the rows kept, surest first, between the best order there could be and no order at all. */
import { curve, level } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { nameOf, perUnit } from "./text.ts";
import { theme } from "./theme.ts";

export interface RetentionOptions {
  readonly name: string;
  readonly unit: string;
  /** What the loss is, such as "mean absolute error". */
  readonly measure: string;
  /** Shares of the rows kept, ascending to 1. */
  readonly share: readonly number[];
  /** Mean loss of the rows kept: by the model's own uncertainty, and by the loss itself. */
  readonly loss: readonly number[];
  readonly oracle: readonly number[];
}

export function retention({ name, unit, measure, share, loss, oracle }: RetentionOptions): string {
  const all = loss.at(-1) ?? Number.NaN;
  const half = loss[share.findIndex((s) => s >= 0.5)] ?? Number.NaN;
  return plot({
    about: `Error retention of ${nameOf(name)}: ${measure} ${readable(all)} of all rows, ${readable(half)} of the surest half`,
    x: { title: "share of the rows kept, surest first", domain: [0, 1], nice: false },
    y: { title: `${measure}${perUnit(unit)}`, domain: [0, Math.max(...loss.filter(Number.isFinite), all) * 1.08] },
    marks: (x, y, box) => [
      level(y(all), box),
      curve(share.map((s, i): [number, number] => [x(s), y(oracle[i] ?? Number.NaN)]), theme.outside, { "stroke-dasharray": "2 3" }),
      curve(share.map((s, i): [number, number] => [x(s), y(loss[i] ?? Number.NaN)]), theme.data),
    ],
    legend: [{ name: "by its own uncertainty", colour: theme.data, kind: "line" }, { name: "at random", colour: theme.muted, kind: "dashed" }, { name: "best possible order", colour: theme.outside, kind: "dashed", dash: "2 3" }],
  });
}
