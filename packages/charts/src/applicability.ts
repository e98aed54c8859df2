/* How the error grows away from the training data, and the distance from which a prediction is flagged. */
import { quantile } from "d3-array";
import { curve, dot, note, thin } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { running } from "./running.ts";
import { extent } from "./scale.ts";
import { el } from "./svg.ts";
import { nameOf, perUnit } from "./text.ts";
import { theme } from "./theme.ts";

export interface ApplicabilityOptions {
  readonly name: string;
  readonly unit: string;
  /** Distance from the training data of each row, in the model's own measure. */
  readonly score: ArrayLike<number>;
  /** Error of each row; the sign does not matter. */
  readonly error: ArrayLike<number>;
  /** Rows beyond are flagged; infinite when none is. */
  readonly threshold: number;
}

/** Errors above this quantile are drawn at the upper edge, so that one outlier does not flatten the rest. */
const CAP = 0.995;

export function applicability({ name, unit, score, error, threshold }: ApplicabilityOptions): string {
  const errors = Array.from(error, Math.abs);
  const groups = running(score, errors);
  const cap = quantile(errors.filter(Number.isFinite).sort((a, b) => a - b), CAP) ?? 1;
  return plot({
    about: `Error of ${nameOf(name)} against the distance from the training data${Number.isFinite(threshold) ? `; flagged beyond ${readable(threshold)}` : ""}`,
    x: { title: "distance from the training data", domain: extent([...Array.from(score), threshold]) },
    y: { title: `absolute error${perUnit(unit)}`, domain: [0, cap * 1.05] },
    marks: (x, y, box) => [
      ...(Number.isFinite(threshold) ? flagged(x(threshold), box.top, box.right, box.bottom) : []),
      ...thin(errors.length).map((i) => dot(x(score[i]!), y(Math.min(errors[i]!, cap)), theme.dataSoft, `distance ${readable(score[i]!)}, error ${readable(errors[i]!)}`)),
      curve(groups.map((r): [number, number] => [x(r.at), y(r.median)]), theme.data, { "stroke-width": 2.5 }),
      curve(groups.map((r): [number, number] => [x(r.at), y(Math.min(r.high, cap))]), theme.ink, { "stroke-width": 1.5, "stroke-dasharray": "5 3" }),
      ...(Number.isFinite(threshold) ? [note(x(threshold), box.top + 14, ` flagged beyond ${readable(threshold)} `, { "text-anchor": x(threshold) > (box.left + box.right) / 2 ? "end" : "start", fill: theme.wanted })] : []),
    ],
    legend: [{ name: "median of neighbours", colour: theme.data, kind: "line" }, { name: "nine in ten below", colour: theme.ink, kind: "dashed" }],
  });
}

const flagged = (at: number, top: number, right: number, bottom: number) => [
  el("rect", { x: at, y: top, width: Math.max(0, right - at), height: bottom - top, fill: theme.wantedSoft, "fill-opacity": "0.6" }),
  el("line", { x1: at, x2: at, y1: top, y2: bottom, stroke: theme.wanted, "stroke-dasharray": "5 3" }),
];
