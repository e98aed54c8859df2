/* Predicted against observed values, out of fold, each with its band; and what the prediction leaves over. */
import { curve, diagonal, dot, level, MOST_POINTS, ring, thin } from "./marks.ts";
import { readable } from "./number.ts";
import { plot } from "./plot.ts";
import { running } from "./running.ts";
import { extent } from "./scale.ts";
import { el } from "./svg.ts";
import { axisTitle, nameOf, perUnit } from "./text.ts";
import { theme } from "./theme.ts";

/** Out-of-fold predictions of one numeric property; arrays of equal length. */
export interface Predictions {
  readonly name: string;
  /** Unit symbol; "1" is not printed. */
  readonly unit: string;
  readonly observed: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  /** Ends of the 90 % band. */
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  /** One line per point for its tooltip. */
  readonly labels?: readonly string[];
}

/** Bands drawn at most: more of them hide the points. */
const MOST_BANDS = 300;

export function parity({ name, unit, observed, mean, lower, upper, labels }: Predictions): string {
  const domain = extent([...Array.from(observed), ...Array.from(mean)]);
  const tooltip = (i: number) => `${named(labels, i)}observed ${readable(observed[i]!)}, predicted ${readable(mean[i]!)} (${readable(lower[i]!)} … ${readable(upper[i]!)})`;
  const inside = (i: number) => observed[i]! >= lower[i]! && observed[i]! <= upper[i]!;
  return plot({
    about: `Predicted against observed ${nameOf(name)} with 90 % bands, out of fold: points on the diagonal are predicted exactly`,
    x: { title: `observed ${axisTitle(name, unit)}`, domain },
    y: { title: `predicted${perUnit(unit)}`, domain },
    marks: (x, y, box) => [
      diagonal(box),
      ...thin(observed.length, MOST_BANDS).map((i) => el("line", { x1: x(observed[i]!), x2: x(observed[i]!), y1: y(lower[i]!), y2: y(upper[i]!), stroke: theme.dataSoft, "stroke-opacity": "0.5" })),
      ...thin(observed.length, MOST_POINTS).map((i) => (inside(i) ? dot(x(observed[i]!), y(mean[i]!), theme.data, tooltip(i)) : ring(x(observed[i]!), y(mean[i]!), theme.wanted, tooltip(i)))),
    ],
    legend: [{ name: "inside the 90 % band", colour: theme.data }, { name: "outside", colour: theme.wanted, kind: "ring" }],
  });
}

/** Observed less predicted, against the prediction, with the mean of neighbours: away from zero it shows a bias. */
export function residuals({ name, unit, observed, mean, labels }: Predictions): string {
  const errors = Array.from(observed, (y, i) => y - mean[i]!);
  const means = running(mean, errors);
  return plot({
    about: `Residuals of ${nameOf(name)} against the prediction, with their running mean`,
    x: { title: `predicted ${axisTitle(name, unit)}`, domain: extent(Array.from(mean)) },
    y: { title: `observed − predicted${perUnit(unit)}`, domain: extent([0, ...errors]) },
    marks: (x, y, box) => {
      const points = thin(errors.length, MOST_POINTS).map((i) => dot(x(mean[i]!), y(errors[i]!), theme.data, `${named(labels, i)}observed less predicted ${readable(errors[i]!)}`)).join("");
      return points === "" ? [] : [level(y(0), box), points, curve(means.map((r): [number, number] => [x(r.at), y(r.mean)]), theme.warn, { "stroke-width": 2.5 })];
    },
    legend: [{ name: "material", colour: theme.data }, ...(means.length > 1 ? [{ name: "mean of neighbours", colour: theme.warn, kind: "line" as const }] : [])],
  });
}

const named = (labels: readonly string[] | undefined, i: number) => (labels?.[i] ? `${labels[i]}\n` : "");
