/* The error under several ways to hold rows out, one line each: a bar for all rows, a point for each trial. */
import { dot } from "./marks.ts";
import { readable } from "./number.ts";
import { frame } from "./plot.ts";
import { horizontal } from "./scale.ts";
import { el, label } from "./svg.ts";
import { fit, nameOf, perUnit, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface TrialsOptions {
  readonly name: string;
  readonly unit: string;
  /** What is shown, such as "mean absolute error". */
  readonly measure: string;
  readonly lines: readonly {
    readonly name: string;
    readonly value: number;
    /** The line by which the study was validated. */
    readonly own: boolean;
    /** A few words at the right end, such as "band holds 74 %". */
    readonly note: string;
    readonly trials: readonly { readonly name: string; readonly value: number }[];
  }[];
}

const ROW = 34; // px
const SIZE = 12; // px
const BOTTOM = 44; // px

export function trials({ name, unit, measure, lines }: TrialsOptions): string {
  const width = 640;
  const height = lines.length * ROW + BOTTOM + 8;
  const left = 12 + Math.max(0, ...lines.map((line) => widthOf(line.name, SIZE)));
  const right = width - 14 - Math.max(0, ...lines.map((line) => widthOf(line.note, SIZE)));
  const all = lines.flatMap(({ value, trials: points }) => [value, ...points.map((p) => p.value)]).filter(Number.isFinite);
  const { map, ticks } = horizontal({ title: measure, domain: [0, Math.max(0, ...all) || 1] }, [left, right]);
  const bottom = lines.length * ROW + 4;
  return frame(
    `${measure} of ${nameOf(name)} by what was held out: ${lines.map((line) => `${line.name} ${readable(line.value)}`).join(", ")}`,
    width,
    height,
    ...ticks.map(({ at }) => el("line", { x1: map(at), x2: map(at), y1: 4, y2: bottom, stroke: theme.grid })),
    ...ticks.map(({ at, text }) => label("text", { x: map(at), y: bottom + 16, "text-anchor": "middle", fill: theme.muted }, text)),
    label("text", { x: (left + right) / 2, y: bottom + 35, "text-anchor": "middle" }, fit(`${measure}${perUnit(unit)}`, right - left, SIZE)),
    ...lines.flatMap((line, i) => {
      const y = i * ROW + ROW / 2 + 4;
      const length = Number.isFinite(line.value) ? map(line.value) - left : 0;
      return [
        label("text", { x: left - 7, y: y + 4, "text-anchor": "end", fill: theme.ink, ...(line.own ? { "font-weight": 600 } : {}) }, line.name),
        el("rect", { x: left, y: y - 9, width: Math.max(1, length), height: 18, rx: 2, fill: line.own ? theme.data : theme.dataSoft }),
        ...line.trials.filter((p) => Number.isFinite(p.value)).map((p) => dot(map(p.value), y, theme.ink, `${p.name}: ${readable(p.value)}`, 3)),
        label("text", { x: right + 8, y: y + 4, fill: theme.muted }, line.note),
      ];
    }),
  );
}
