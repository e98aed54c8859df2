/* The legend of a figure: names and marks in rows that never run out of the frame. */
import { el, label } from "./svg.ts";
import { fit, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  /** How the thing looks in the figure; default a dot. */
  readonly kind?: "dot" | "ring" | "line" | "dashed" | "area";
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
  placed.flatMap(({ name, colour, kind = "dot", x, row }) => {
    const y = top + row * ROW + 8;
    return [MARKS[kind](left + x, y, colour), label("text", { x: left + x + MARK, y: y + 4, fill: theme.muted, "font-size": SIZE }, name)];
  });

const MARKS: Readonly<Record<NonNullable<LegendEntry["kind"]>, (x: number, y: number, colour: string) => string>> = {
  dot: (x, y, fill) => el("circle", { cx: x + 7, cy: y, r: 4, fill }),
  ring: (x, y, stroke) => el("circle", { cx: x + 7, cy: y, r: 3.5, fill: "#fff", stroke, "stroke-width": 1.6 }),
  line: (x, y, stroke) => el("line", { x1: x, x2: x + 14, y1: y, y2: y, stroke, "stroke-width": 2 }),
  dashed: (x, y, stroke) => el("line", { x1: x, x2: x + 14, y1: y, y2: y, stroke, "stroke-width": 2, "stroke-dasharray": "4 3" }),
  area: (x, y, fill) => el("rect", { x, y: y - 5, width: 14, height: 10, fill, stroke: theme.outside, "stroke-width": 0.5 }),
};
