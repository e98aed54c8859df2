/* Counts of true against predicted classes, shaded by the share of the true class. */
import { frame } from "./plot.ts";
import { el, label } from "./svg.ts";
import { fit, widthOf } from "./text.ts";
import { inkOn, shade, theme } from "./theme.ts";

export interface ConfusionOptions {
  readonly levels: readonly string[];
  /** Rows: true classes; columns: predicted ones. */
  readonly counts: readonly (readonly number[])[];
}

const LONGEST = 130; // px of a class name
/** Room that the names of the columns lean into, at 40°. */
const LEAN = (40 * Math.PI) / 180;

export function confusion({ levels, counts }: ConfusionOptions): string {
  const cell = Math.max(22, Math.min(64, 280 / Math.max(1, levels.length)));
  const size = cell < 34 ? 10 : 12;
  const names = levels.map((name) => fit(name, LONGEST, size));
  const longest = Math.max(20, ...names.map((name) => widthOf(name, size)));
  const side = cell * levels.length;
  const leans = longest > cell - 4;
  const left = 30 + longest;
  const top = 26 + (leans ? longest * Math.sin(LEAN) : 16);
  const beside = leans ? longest * Math.cos(LEAN) : 8;
  const at = (i: number) => (i + 0.5) * cell;
  return frame(
    "Confusion matrix: true classes in rows, predicted ones in columns",
    left + side + beside,
    top + side + 8,
    label("text", { x: left + side / 2, y: 13, "text-anchor": "middle", fill: theme.muted }, "predicted"),
    label("text", { transform: `translate(13 ${Math.round(top + side / 2)}) rotate(-90)`, "text-anchor": "middle", fill: theme.muted }, "true"),
    ...names.flatMap((name, i) => [
      label("text", { transform: `translate(${Math.round(left + at(i))} ${Math.round(top - 6)})${leans ? " rotate(-40)" : ""}`, "text-anchor": leans ? "start" : "middle", "font-size": size }, name),
      label("text", { x: left - 7, y: top + at(i) + 4, "text-anchor": "end", "font-size": size }, name),
    ]),
    ...counts.flatMap((row, i) => rowOf(row, { left, y: top + i * cell, cell, size, levels, i })),
  );
}

interface RowPlace {
  readonly left: number;
  readonly y: number;
  readonly cell: number;
  readonly size: number;
  readonly levels: readonly string[];
  readonly i: number;
}

function rowOf(row: readonly number[], { left, y, cell, size, levels, i }: RowPlace): readonly string[] {
  const total = row.reduce((a, b) => a + b, 0);
  return row.flatMap((count, j) => {
    const share = total > 0 ? count / total : 0;
    return [
      el("rect", { x: left + j * cell, y, width: cell - 2, height: cell - 2, rx: 3, fill: shade(share) }, label("title", {}, `true ${levels[i]}, predicted ${levels[j]}: ${count}`)),
      label("text", { x: left + (j + 0.5) * cell - 1, y: y + cell / 2 + size / 3, "text-anchor": "middle", "font-size": String(count).length * size * 0.6 > cell - 4 ? 8 : size, fill: count === 0 ? theme.outside : inkOn(share) }, String(count)),
    ];
  });
}
