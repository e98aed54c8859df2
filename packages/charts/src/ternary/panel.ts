/* One triangle with all that it shows, and what its legend tells. Layers from below: fills, hatching, grid, contours, rules, tie lines, points, labels. */
import type { LegendEntry } from "../legend.ts";
import { readable } from "../number.ts";
import { el, escapeText, label, line } from "../svg.ts";
import { axisTitle, widthOf } from "../text.ts";
import { theme } from "../theme.ts";
import { widen } from "../scale.ts";
import { axesOf } from "./axes.ts";
import type { Contour } from "./contours.ts";
import { energiesOf } from "./energies.ts";
import { classColour, classFills, hatching, probabilityLines, quantityFills, type ContourLine } from "./fills.ts";
import { formula, formulaWidth } from "./formula.ts";
import { isShown, place, within, without, type Point, type View } from "./geometry.ts";
import { overlap, placeLabels, type LabelRequest, type LabelSpace, type Rect } from "./labels.ts";
import { marker, RADIUS } from "./markers.ts";
import { composition, meshOf, type Field, type Mesh } from "./mesh.ts";
import { ruleEntries, ruleOutlines, ruleSegments, weightedLines } from "./rules.ts";
import { fractionsOf, inPercent } from "./shown.ts";
import type { Composition, MarkerShape, PhaseKind, TernaryContent } from "./types.ts";

export interface PanelOptions {
  /** Where labels may go. */
  readonly bounds: Rect;
  /** What they may not cover, beside the axes. */
  readonly obstacles?: readonly Rect[];
  /** Without labels, axis titles and tooltips of points. */
  readonly compact?: boolean;
}

const LABEL = 11; // px, font size
const HOVER = 300;
const FEW = 0.001; // probabilities below are not told apart
const CONTOURS = [0.5, 0.9];
const MARKERS: readonly MarkerShape[] = ["pentagon", "decagon", "diamond", "circle", "square", "triangle", "ring"];

export function panelOf(content: TernaryContent, view: View, { bounds, obstacles = [], compact = false }: PanelOptions): string {
  const { corners, classes = [], rules = [], energies, contours = CONTOURS } = content;
  const axes = axesOf(view, { corners, compact });
  const { mesh, probabilities, quantity, outside, holds } = computed(content, view);
  const lines = mesh ? probabilityLines(mesh, classes, probabilities, contours) : [];
  const weighted = weightedLines(view, content.lines ?? []);
  const hull = energies ? energiesOf(view, corners, energies) : undefined;
  const points = [...phasePoints(content, view, compact), ...candidatePoints(content, view, compact), ...(hull?.phases ?? []).map((p) => ({ ...p, label: compact ? "" : p.label, radius: RADIUS }))];
  const labels = compact ? { svg: "", boxes: [] } : labelsOf([...points, ...weighted.map(lineLabel)], { bounds, obstacles: [...axes.taken, ...obstacles], view, lines: [...(hull?.segments ?? []), ...weighted.map((l) => [l.from, l.to] as const), ...ruleSegments(view, rules)] });
  return [
    mesh && classes.length > 0 ? classFills(mesh, classes, probabilities) : "",
    mesh && quantity ? quantityFills(mesh, quantity, domainOf(content)) : "",
    mesh && outside ? hatching(mesh, outside) : "",
    axes.grid,
    ...lines.map((l) => l.svg),
    compact ? "" : contourNumbers(lines, [...labels.boxes, ...axes.taken, ...obstacles]),
    ruleOutlines(view, rules, mesh, holds),
    hull?.ties ?? "",
    ...weighted.map((l) => l.svg),
    axes.frame,
    hoverPoints(content, view, compact ? 0 : (content.hover ?? HOVER)),
    ...points.map((p) => p.svg),
    labels.svg,
  ].join("");
}

/** What the legend of a panel tells. */
export const entriesOf = (content: TernaryContent): readonly LegendEntry[] => {
  const { classes = [], applicable, candidates = [], energies, rules = [] } = content;
  return [
    ...classes.map((one, k): LegendEntry => ({ name: one.name, colour: paler(classColour(classes, k), one.plain ? 0.3 : 0.62), kind: "area" })),
    ...(applicable && Array.from(applicable as ArrayLike<number>).some((v) => !v) ? [{ name: "outside the data", colour: theme.ink, kind: "hatched" as const }] : []),
    ...kindEntries(content),
    ...(candidates.length > 0 ? [{ name: "candidates", colour: theme.ink, draw: (x: number, y: number) => badge(x, y, "1") }] : []),
    ...(energies ? energyEntries(energies.unit) : []),
    ...ruleEntries(rules),
  ];
};

const energyEntries = (unit: string): readonly LegendEntry[] => [
  { name: "stable", colour: theme.ink, draw: (x, y) => marker("circle", x, y, theme.ink) },
  { name: `metastable (${unit === "1" ? "" : `+ ${unit} `}above the hull)`, colour: theme.muted, draw: (x, y) => marker("ring", x, y, theme.muted) },
  { name: "tie line", colour: theme.ink, draw: (x, y) => el("line", { x1: x - 7, x2: x + 7, y1: y, y2: y, stroke: theme.ink, "stroke-width": 1 }) },
];

interface Computed {
  readonly mesh?: Mesh;
  readonly probabilities: readonly Field[];
  readonly quantity?: Field;
  readonly outside?: Field;
  readonly holds: readonly Field[];
}

/** The fields on their mesh. */
function computed({ points, reach, classes = [], quantity, applicable, rules = [] }: TernaryContent, view: View): Computed {
  if (!points) return { probabilities: [], holds: [] };
  const predicates = rules.flatMap((rule) => (rule.holds ? [rule.holds] : []));
  const outside = applicable ? [Float64Array.from(applicable as ArrayLike<number>, (v) => 1 - Number(v))] : [];
  const values = [...classes.map((c) => c.probability), ...(quantity ? [quantity.values] : []), ...outside, ...predicates.map((p) => p as ArrayLike<number>)];
  const { mesh, fields } = meshOf(view, points, values, reach);
  let at = 0;
  const take = (n: number) => fields.slice(at, (at += n));
  const [probabilities, own, out, holds] = [take(classes.length), take(quantity ? 1 : 0)[0], take(outside.length)[0], take(predicates.length)];
  return { mesh, probabilities, holds, ...(own ? { quantity: own } : {}), ...(out ? { outside: out } : {}) };
}

/** Ends of the colour bar of the panel's quantity. */
export function domainOf({ quantity }: TernaryContent): readonly [number, number] {
  if (quantity?.domain) return quantity.domain;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < (quantity?.values.length ?? 0); i++) {
    const v = quantity!.values[i]!;
    if (Number.isFinite(v)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  }
  return widen([low, high]);
}

/** The colour on white at this opacity: legends look like what they name. */
const paler = (colour: string, opacity: number): string => {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour);
  return hex ? `rgb(${hex.slice(1).map((c) => Math.round(255 + opacity * (Number.parseInt(c, 16) - 255))).join(",")})` : colour;
};

interface Marked {
  readonly svg: string;
  readonly at: Point;
  readonly label: string;
  readonly radius: number;
  /** A number in a circle instead of text. */
  readonly badge?: boolean;
}

const kindsOf = ({ kinds = [], phases = [] }: TernaryContent): readonly Required<PhaseKind>[] => {
  const names = [...new Set([...kinds.map((k) => k.name), ...phases.map((p) => p.kind)])].filter((name) => phases.some((p) => p.kind === name));
  return names.map((name, i) => {
    const known = kinds.find((k) => k.name === name);
    return { name, marker: known?.marker ?? MARKERS[i % MARKERS.length]!, colour: known?.colour ?? theme.ink };
  });
};

const kindEntries = (content: TernaryContent): readonly LegendEntry[] => kindsOf(content).map(({ name, marker: shape, colour }) => ({ name, colour, draw: (x, y) => marker(shape, x, y, colour) }));

function phasePoints(content: TernaryContent, view: View, compact: boolean): readonly Marked[] {
  const kinds = kindsOf(content);
  return (content.phases ?? []).flatMap(({ name, kind, at: given, about }) => {
    const at = fractionsOf(given);
    if (!isShown(view, at)) return [];
    const { marker: shape, colour } = kinds.find((k) => k.name === kind)!;
    const [x, y] = place(view, at);
    const title = [`${name} (${kind})`, inPercent(content.corners, at), ...(about ? [about] : [])].join("\n");
    return [{ at: [x, y] as const, label: compact ? "" : name, radius: RADIUS, svg: marker(shape, x, y, colour, title, compact ? 0.75 : 1) }];
  });
}

function candidatePoints({ corners, candidates = [] }: TernaryContent, view: View, compact: boolean): readonly Marked[] {
  return candidates.flatMap(({ at: given, about }, i) => {
    const at = fractionsOf(given);
    if (!isShown(view, at)) return [];
    const [x, y] = place(view, at);
    const title = [`candidate ${i + 1}`, inPercent(corners, at), ...(about ? [about] : [])].join("\n");
    return [{ at: [x, y] as const, label: compact ? "" : String(i + 1), radius: 2.5, badge: true, svg: el("circle", { cx: x, cy: y, r: 2.6, fill: theme.ink, stroke: "#fff", "stroke-width": 1 }, label("title", {}, title)) }];
  });
}

const BADGE = 7; // px, radius

const badge = (x: number, y: number, text: string): string =>
  el("circle", { cx: x, cy: y, r: BADGE, fill: "#fff", stroke: theme.ink, "stroke-width": 1 }) + label("text", { x, y: y + 3.4, "font-size": text.length > 2 ? 7.5 : 9.5, "font-weight": 600, "text-anchor": "middle" }, text);

/** A line's name stands near its middle. */
const lineLabel = ({ name, from, to }: { readonly name: string; readonly from: Point; readonly to: Point }): Marked => ({ svg: "", at: [from[0] + 0.42 * (to[0] - from[0]), from[1] + 0.42 * (to[1] - from[1])], label: name, radius: 1 });

interface Labelled {
  readonly svg: string;
  readonly boxes: readonly Rect[];
}

function labelsOf(points: readonly Marked[], { bounds, obstacles, lines, view }: Omit<LabelSpace, "markers"> & { readonly view: View }): Labelled {
  const named = points.filter((p) => p.label !== "");
  const requests = named.map(({ at: [x, y], radius, label, badge }): LabelRequest => ({ x, y, radius, width: badge ? 2 * BADGE : formulaWidth(label, LABEL), height: badge ? 2 * BADGE : LABEL + 3 }));
  const placed = placeLabels(requests, { bounds, lines, obstacles: [...obstacles, ...alongSides(view)], markers: points.filter((p) => p.svg !== "").map(({ at: [x, y], radius }) => ({ x, y, radius: radius + 1 })) });
  const leaders = placed.flatMap(({ leader }) => (leader ? [line(leader)] : [])).join("");
  return {
    svg: [
      leaders === "" ? "" : el("path", { d: leaders, stroke: "#fff", "stroke-width": 2.2, "stroke-opacity": "0.7", fill: "none" }) + el("path", { d: leaders, stroke: theme.ink, "stroke-width": 0.7, fill: "none" }),
      ...placed.map(({ box }, i) => {
        const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
        if (named[i]!.badge) return badge(x, y, named[i]!.label);
        // Aligned towards its point: fonts narrower than the estimate leave the gap on the far side.
        const [px] = named[i]!.at;
        const [tx, anchor] = box.left >= px ? [box.left, "start"] : box.right <= px ? [box.right, "end"] : [x, "middle"];
        return formula(tx, y + LABEL * 0.36, named[i]!.label, LABEL, { ...HALO, "text-anchor": anchor });
      }),
    ].join(""),
    boxes: [...placed.map((p) => p.box), ...points.map(({ at: [x, y], radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }))],
  };
}

const HALO = { "text-anchor": "middle", stroke: "#fff", "stroke-width": 3, "stroke-opacity": "0.85", "stroke-linejoin": "round", "paint-order": "stroke" } as const;

/** Small boxes along the sides, which no label should straddle. */
function alongSides(view: View): readonly Rect[] {
  return SIDES.flatMap((at) =>
    Array.from({ length: 40 }, (_, k) => {
      const t = (k + 0.5) / 40;
      const [x, y] = place(view, without(view, at(t)));
      return { left: x - 1, right: x + 1, top: y - 2, bottom: y + 2 };
    }),
  );
}

const SIDES: readonly ((t: number) => Composition)[] = [(t) => [1 - t, t, 0], (t) => [1 - t, 0, t], (t) => [0, 1 - t, t]];

/** A number on each contour, where nothing else is written. */
function contourNumbers(lines: readonly ContourLine[], taken: readonly Rect[]): string {
  const boxes = [...taken];
  return lines
    .map(({ text, line: longest, colour }) => {
      const width = widthOf(text, 9);
      const at = along(longest, 16).find(([x, y]) => boxes.every((box) => !overlap(box, { left: x - width / 2, right: x + width / 2, top: y - 5, bottom: y + 5 })));
      if (!at || longest.points.length < 3) return "";
      boxes.push({ left: at[0] - width / 2, right: at[0] + width / 2, top: at[1] - 5, bottom: at[1] + 5 });
      return el("text", { x: at[0], y: at[1] + 3.2, "font-size": 9, fill: colour, ...HALO }, escapeText(text));
    })
    .join("");
}

/** Points evenly along a contour, the middle first. */
function along({ points, closed }: Contour, n: number): readonly Point[] {
  const ring = closed ? [...points, points[0]!] : points;
  const ends = ring.slice(1).map((p, i) => Math.hypot(p[0] - ring[i]![0], p[1] - ring[i]![1]));
  const total = ends.reduce((a, b) => a + b, 0);
  const order = Array.from({ length: n }, (_, k) => (n / 2 + (k % 2 === 0 ? k / 2 : -(k + 1) / 2) + n) % n);
  return order.map((k) => {
    let left = (total * (k + 0.5)) / n;
    let i = 0;
    while (i < ends.length - 1 && left > ends[i]!) left -= ends[i++]!;
    const length = ends[i]!;
    const t = length === 0 ? 0 : left / length;
    return [ring[i]![0] + t * (ring[i + 1]![0] - ring[i]![0]), ring[i]![1] + t * (ring[i + 1]![1] - ring[i]![1])];
  });
}

/** Invisible points with tooltips, evenly spread: of those near a node of a coarse grid the nearest. */
function hoverPoints({ corners, points, classes = [], quantity, applicable }: TernaryContent, view: View, most: number): string {
  if (!points || most < 3) return "";
  const steps = Math.floor((Math.sqrt(8 * most + 1) - 3) / 2);
  const nearest = new Map<number, { readonly i: number; readonly off: number }>();
  for (let i = 0; i < points.a.length; i++) {
    const at = composition(points, i);
    if (!isShown(view, at)) continue;
    const [a, b] = within(view, at);
    const [row, column] = [Math.round(a * steps), Math.round(b * steps)];
    const off = Math.hypot(a * steps - row, b * steps - column);
    const known = nearest.get(row * (steps + 1) + column);
    if (!known || off < known.off) nearest.set(row * (steps + 1) + column, { i, off });
  }
  const tip = (i: number) =>
    [
      inPercent(corners, composition(points, i)),
      ...classes.map((c) => `p(${c.name}) ${c.probability[i]! < FEW ? `< ${FEW}` : `= ${readable(c.probability[i]!)}`}`),
      ...(quantity ? [`${axisTitle(quantity.name, "")} = ${readable(quantity.values[i]!)}${quantity.unit === "1" ? "" : ` ${quantity.unit}`}`] : []),
      ...(applicable && !applicable[i] ? ["outside the domain of applicability"] : []),
    ].join("\n");
  const radius = Math.min(9, (0.5 * view.side) / steps);
  return el("g", { fill: "#fff", "fill-opacity": "0" }, ...[...nearest.values()].map(({ i }) => {
    const [x, y] = place(view, composition(points, i));
    return el("circle", { cx: x, cy: y, r: radius }, label("title", {}, tip(i)));
  }));
}
