/* The legend of a figure: names and marks in rows that never run out of the frame. */
import { el, label, px } from "./svg.ts";
import { fit, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  /** How the thing looks in the figure; default a dot. */
  readonly kind?: "dot" | "ring" | "line" | "dashed" | "area" | "hatched";
  /** Lengths of dashes and gaps instead of the usual ones. */
  readonly dash?: string;
  /** The mark itself around a middle, for figures with marks of their own. */
  readonly draw?: (cx: number, cy: number) => string;
}

interface Placed extends LegendEntry {
  readonly x: number;
  readonly row: number;
}

const SIZE = 11; // px
const MARK = 18; // px for the mark before the name
const GAP = 14; // px between entries
export const ROW = 17; // px

/** Entries in rows of at most `width` px. */
export function placeLegend(entries: readonly LegendEntry[], width: number): readonly Placed[] {
  let x = 0;
  let row = 0;
  return entries.map((entry) => {
    const name = fit(entry.name, width - MARK, SIZE);
    const own = MARK + widthOf(name, SIZE);
    if (x > 0 && x + own > width) [x, row] = [0, row + 1];
    const placed = { ...entry, name, x, row };
    x += own + GAP;
    return placed;
  });
}

export const rowsOf = (placed: readonly Placed[]): number => (placed.length === 0 ? 0 : placed.at(-1)!.row + 1);

/** The legend with its upper left corner at (left, top). */
export const drawLegend = (placed: readonly Placed[], left: number, top: number): readonly string[] =>
  placed.flatMap(({ name, colour, kind = "dot", dash, draw, x, row }) => {
    const y = top + row * ROW + 8;
    return [draw ? draw(left + x + 7, y) : MARKS[kind](left + x, y, colour, dash), label("text", { x: left + x + MARK, y: y + 4, fill: theme.muted, "font-size": SIZE }, name)];
  });

const MARKS: Readonly<Record<NonNullable<LegendEntry["kind"]>, (x: number, y: number, colour: string, dash?: string) => string>> = {
  dot: (x, y, fill) => el("circle", { cx: x + 7, cy: y, r: 4, fill }),
  ring: (x, y, stroke) => el("circle", { cx: x + 7, cy: y, r: 3.5, fill: "#fff", stroke, "stroke-width": 1.6 }),
  line: (x, y, stroke) => el("line", { x1: x, x2: x + 14, y1: y, y2: y, stroke, "stroke-width": 2 }),
  dashed: (x, y, stroke, dash = "4 3") => el("line", { x1: x, x2: x + 14, y1: y, y2: y, stroke, "stroke-width": 2, "stroke-dasharray": dash }),
  hatched: (x, y, stroke) => el("g", {}, el("rect", { x, y: y - 5, width: 14, height: 10, fill: "#fff", stroke: theme.outside, "stroke-width": 0.5 }), el("path", { d: `M${px(x)},${px(y)}l5,-5M${px(x)},${px(y + 5)}l10,-10M${px(x + 5)},${px(y + 5)}l9,-9M${px(x + 10)},${px(y + 5)}l4,-4`, stroke, "stroke-width": 0.8, fill: "none" })),
  area: (x, y, fill) => el("rect", { x, y: y - 5, width: 14, height: 10, fill, stroke: theme.outside, "stroke-width": 0.5 }),
};
