/* Rules over a triangle: the outline of what each allows, in its own dashes; and straight lines of constant weighted fractions. */
import type { LegendEntry } from "../legend.ts";
import { el, label, line } from "../svg.ts";
import { theme } from "../theme.ts";
import { region } from "./contours.ts";
import { clipPolygon, cornersOf, lineWithin, place, type Point, type View } from "./geometry.ts";
import type { Field, Mesh } from "./mesh.ts";
import { pathOf } from "./path.ts";
import type { Composition, TernaryLine, TernaryRule } from "./types.ts";

const DASHES = ["7 3", "2 2.5", "9 3 2 3", "4 3", "12 4"];

const colourOf = ({ colour }: TernaryRule) => colour ?? theme.ink;

/** `fields` holds one field (1 allowed, 0 not) for each rule with a predicate, in order. */
export function ruleOutlines(view: View, rules: readonly TernaryRule[], mesh: Mesh | undefined, fields: readonly Field[]): string {
  let next = 0;
  return rules
    .map((rule, i) => {
      const own = rule.holds ? fields[next++] : undefined;
      const d = own && mesh ? pathOf(region(mesh, own, 0.5)) : polygonPath(view, rule);
      if (d === "") return "";
      return [
        el("path", { d, stroke: "#fff", "stroke-width": 3.4, "stroke-opacity": "0.75", "stroke-linejoin": "round", fill: "none" }),
        el("path", { d, stroke: colourOf(rule), "stroke-width": 1.6, "stroke-dasharray": DASHES[i % DASHES.length], "stroke-linejoin": "round", fill: "none" }, label("title", {}, rule.name)),
      ].join("");
    })
    .join("");
}

function polygonOf(view: View, { halfPlanes = [] }: TernaryRule): readonly Point[] {
  const polygon = halfPlanes.reduce<readonly Composition[]>(clipPolygon, cornersOf(view));
  return polygon.length < 3 ? [] : polygon.map((p) => place(view, p));
}

function polygonPath(view: View, rule: TernaryRule): string {
  const polygon = polygonOf(view, rule);
  return polygon.length === 0 ? "" : `${line(polygon)}Z`;
}

/** Straight sides of rules, for labels to stand clear of. */
export const ruleSegments = (view: View, rules: readonly TernaryRule[]): readonly (readonly [Point, Point])[] =>
  rules.filter((rule) => !rule.holds).flatMap((rule) => {
    const polygon = polygonOf(view, rule);
    return polygon.map((p, i) => [p, polygon[(i + 1) % polygon.length]!] as const);
  });

export const ruleEntries = (rules: readonly TernaryRule[]): readonly LegendEntry[] => rules.map((rule, i) => ({ name: rule.name, colour: colourOf(rule), kind: "dashed", dash: DASHES[i % DASHES.length]! }));

export interface DrawnLine {
  readonly svg: string;
  readonly name: string;
  readonly from: Point;
  readonly to: Point;
}

export function weightedLines(view: View, lines: readonly TernaryLine[]): readonly DrawnLine[] {
  return lines.flatMap(({ name, weights, value }) => {
    const found = lineWithin(view, weights, value);
    if (!found) return [];
    const [from, to] = found.map((p) => place(view, p)) as [Point, Point];
    const d = line([from, to]);
    return [{ name, from, to, svg: el("path", { d, stroke: "#fff", "stroke-width": 3, "stroke-opacity": "0.7", fill: "none" }) + el("path", { d, stroke: theme.ink, "stroke-width": 1.2, fill: "none" }, label("title", {}, name)) }];
  });
}
