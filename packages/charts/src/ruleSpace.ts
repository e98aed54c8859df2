/* Two features: the rows to be told apart, and the box that a rule draws. */
import { dot, thin } from "./marks.ts";
import { plot } from "./plot.ts";
import { extent } from "./scale.ts";
import { el } from "./svg.ts";
import { shownBounds, wantedArea, type PropertyAxis } from "./target.ts";
import { axisTitle, nameOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface RuleSpace {
  /** Features with the ends of the rule's intervals; infinite where one-sided. */
  readonly x: PropertyAxis;
  readonly y: PropertyAxis;
  readonly positives: readonly { readonly x: number; readonly y: number; readonly title: string }[];
  readonly negatives: readonly (readonly [number, number])[];
}

export function ruleSpace({ x: across, y: up, positives, negatives }: RuleSpace): string {
  const xs = [...positives.map((p) => p.x), ...negatives.map((p) => p[0])].filter(Number.isFinite);
  const ys = [...positives.map((p) => p.y), ...negatives.map((p) => p[1])].filter(Number.isFinite);
  return plot({
    about: `Positives and negatives by ${nameOf(across.name)} and ${nameOf(up.name)}, with what the rule allows`,
    width: 520,
    height: 430,
    x: { title: axisTitle(across.name, across.unit), domain: extent([...xs, ...shownBounds(across, extent(xs, 0))]) },
    y: { title: axisTitle(up.name, up.unit), domain: extent([...ys, ...shownBounds(up, extent(ys, 0))]) },
    marks: (x, y, box) => [
      wantedArea(x, y, box, across, up),
      ...thin(negatives.length).map((i) => el("circle", { cx: x(negatives[i]![0]), cy: y(negatives[i]![1]), r: 1.8, fill: theme.outside, "fill-opacity": "0.6" })),
      ...thin(positives.length).map((i) => dot(x(positives[i]!.x), y(positives[i]!.y), theme.wanted, positives[i]!.title, 3)),
    ],
    legend: [
      { name: "positives", colour: theme.wanted },
      { name: "negatives", colour: theme.outside },
      { name: "the rule", colour: theme.wantedSoft, kind: "area" },
    ],
  });
}
