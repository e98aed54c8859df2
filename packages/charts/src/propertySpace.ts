/* Two properties: the data, the wanted box, the path of the population, the candidates. */
import { curve, dot, note, ring, thin } from "./marks.ts";
import { plot } from "./plot.ts";
import { extent } from "./scale.ts";
import { el } from "./svg.ts";
import { isWanted, shownBounds, wantedArea, type PropertyAxis } from "./target.ts";
import { axisTitle, nameOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface PropertySpace {
  readonly x: PropertyAxis;
  readonly y: PropertyAxis;
  /** Measured materials. */
  readonly data: readonly (readonly [number, number])[];
  /** Predicted means of the final candidates, with tooltips. */
  readonly candidates: readonly { readonly x: number; readonly y: number; readonly title: string }[];
  /** Median of the population after each step, in order. */
  readonly path: readonly (readonly [number, number])[];
}

export function propertySpace({ x: wantedX, y: wantedY, data, candidates, path }: PropertySpace): string {
  const xs = [...data.map((d) => d[0]), ...candidates.map((c) => c.x), ...path.map((p) => p[0])];
  const ys = [...data.map((d) => d[1]), ...candidates.map((c) => c.y), ...path.map((p) => p[1])];
  const wanted = isWanted(wantedX) || isWanted(wantedY);
  return plot({
    about: `Property space: ${nameOf(wantedX.name)} and ${nameOf(wantedY.name)} of the data, the target, the path of the population and the candidates`,
    width: 500,
    height: 430,
    x: { title: axisTitle(wantedX.name, wantedX.unit), domain: extent([...xs, ...shownBounds(wantedX, extent(xs, 0))]) },
    y: { title: axisTitle(wantedY.name, wantedY.unit), domain: extent([...ys, ...shownBounds(wantedY, extent(ys, 0))]) },
    marks: (x, y, box) => {
      const points = [
        ...thin(data.length).map((i) => el("circle", { cx: x(data[i]![0]), cy: y(data[i]![1]), r: 1.8, fill: theme.outside, "fill-opacity": "0.6" })),
        ...thin(candidates.length).map((i) => dot(x(candidates[i]!.x), y(candidates[i]!.y), theme.data, candidates[i]!.title, 2.8)),
        ...way(path.map(([px, py]): [number, number] => [x(px), y(py)])),
      ].join("");
      return points === "" ? [] : [wantedArea(x, y, box, wantedX, wantedY), points];
    },
    legend: [
      { name: "measured", colour: theme.outside },
      { name: "candidates", colour: theme.data },
      ...(path.length > 0 ? [{ name: "median of the population", colour: theme.warn, kind: "line" as const }] : []),
      ...(wanted ? [{ name: "target", colour: theme.wantedSoft, kind: "area" as const }] : []),
    ],
  });
}

/** The path with its first and last step marked. */
function way(points: readonly (readonly [number, number])[]): readonly string[] {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return [];
  return [
    curve(points, "#ffffff", { "stroke-width": 4.5 }),
    curve(points, theme.warn, { "stroke-width": 2.2 }),
    ...points.map(([px, py], i) => el("circle", { cx: px, cy: py, r: 2.4, fill: theme.warn }, `<title>median of the population after step ${i + 1}</title>`)),
    ring(first[0], first[1], theme.warn, "", 4.5),
    el("circle", { cx: last[0], cy: last[1], r: 5.5, fill: theme.warn, stroke: "#fff", "stroke-width": 1.5 }),
    note(first[0] + 8, first[1] - 7, "start"),
    ...(points.length > 1 ? [note(last[0] + 9, last[1] + 4, "end")] : []),
  ];
}
