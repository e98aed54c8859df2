/* How often a class came true against its predicted probability; the area of a point tells how many rows it stands for. */
import { curve, diagonal, dot } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { nameOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface ReliabilityOptions {
  readonly name: string;
  /** What the probability is of: "metal", or "the likeliest class". */
  readonly of: string;
  /** Bins of rows: mean probability, share found, and number of rows. */
  readonly points: readonly { readonly rows: number; readonly predicted: number; readonly found: number }[];
}

const MOST = 9; // px, radius of the fullest bin
const LEAST = 1.5; // px
const NINETY = 1.645; // standard normal quantile of 0.95

export function reliability({ name, of, points }: ReliabilityOptions): string {
  const most = Math.max(1, ...points.map(({ rows }) => rows));
  return plot({
    about: `Reliability of ${nameOf(name)}, ${of}: ${points.map(({ predicted, found }) => `${readable(found)} found at ${readable(predicted)}`).join(", ")}`,
    x: { title: `predicted probability of ${of}`, domain: [0, 1], nice: false },
    y: { title: "share found", domain: [0, 1], nice: false },
    marks: (x, y, box) => [
      diagonal(box),
      // What chance alone does to a bin of so many rows whose probability is right.
      ...points.map(({ rows, predicted: p }) => {
        const chance = NINETY * Math.sqrt((p * (1 - p)) / rows);
        return curve([[x(p), y(Math.max(0, p - chance))], [x(p), y(Math.min(1, p + chance))]], theme.outside, { "stroke-width": 5, "stroke-opacity": "0.4" });
      }),
      curve(points.map(({ predicted, found }): [number, number] => [x(predicted), y(found)]), theme.data, { "stroke-width": 1.2 }),
      ...points.map(({ rows, predicted, found }) => dot(x(predicted), y(found), theme.data, `${rows} rows: ${readable(found)} found at ${readable(predicted)}`, Math.max(LEAST, MOST * Math.sqrt(rows / most)))),
    ],
    legend: [{ name: "rows by their probability", colour: theme.data }, { name: "expected from chance", colour: "#d7dbdf", kind: "area" }],
  });
}
