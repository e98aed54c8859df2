/* The frame of a triangle: sides, grid lines, ticks in at.%, names of corners, axis titles with arrows. Anticlockwise: a grows up the right side, b down the left one, c along the base. */
import { el, label, line } from "../svg.ts";
import { tickTexts } from "../number.ts";
import { fit, widthOf } from "../text.ts";
import { theme } from "../theme.ts";
import { HEIGHT, place, without, type Point, type View } from "./geometry.ts";
import type { Rect } from "./labels.ts";
import type { Composition } from "./types.ts";

export interface Axes {
  /** Under everything else that is drawn over the fills. */
  readonly grid: string;
  readonly frame: string;
  /** Where its texts stand. */
  readonly taken: readonly Rect[];
}

export interface AxesOptions {
  readonly corners: readonly [string, string, string];
  /** No axis titles, and few ticks: for many triangles on a page. */
  readonly compact?: boolean;
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const CLEAR = 34; // px between ticks
const TICK = 10.5; // px, font size
const TITLE = 12;
const CORNER = 15;

/** Outward from each side, along the lines of its own component: the side of a, b and c. */
const OUTWARD: readonly Point[] = [[1, 0], [-0.5, -HEIGHT], [-0.5, HEIGHT]];

export function axesOf(view: View, { corners, compact = false }: AxesOptions): Axes {
  const size = compact ? 8.5 : TICK;
  const step = STEPS.find((s) => (s / view.span) * view.side >= (compact ? CLEAR * 1.3 : CLEAR)) ?? STEPS.at(-1)!;
  const marks = [0, 1, 2].map((component) => ticksOf(view, component, step));
  const grid = marks.flat().map(({ from, to }) => line([from, to])).join("");
  const texts = marks.flatMap((ticks) => ticks.map(({ text, out, component }) => tickText(text, out, component, size)));
  const titles = compact ? [] : [0, 1, 2].map((component) => axisTitle(view, component, corners[component]!));
  const names = corners.map((name, i) => cornerName(view, i, name, compact));
  return {
    grid: grid === "" ? "" : el("path", { d: grid, stroke: theme.ink, "stroke-opacity": "0.13", "stroke-width": 0.7, fill: "none" }),
    frame: [
      el("path", { d: `${line(outline(view))}Z`, stroke: theme.ink, "stroke-width": compact ? 0.9 : 1.3, "stroke-linejoin": "round", fill: "none" }),
      el("path", { d: marks.flat().map(({ from, out }) => line([from, out])).join(""), stroke: theme.ink, "stroke-width": 0.9, fill: "none" }),
      ...texts.map((t) => t.svg),
      ...titles.map((t) => t.svg),
      ...names.map((t) => t.svg),
    ].join(""),
    taken: [...texts.flatMap((t) => t.taken), ...titles.flatMap((t) => t.taken), ...names.flatMap((t) => t.taken)],
  };
}

interface Placed {
  readonly svg: string;
  readonly taken: readonly Rect[];
}

export const outline = (view: View): readonly Point[] => ([[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const).map((local) => place(view, without(view, local)));

interface Mark {
  readonly text: string;
  readonly from: Point;
  readonly to: Point;
  readonly out: Point;
  readonly component: number;
}

const TICK_LENGTH = 5; // px

/** Ticks inside the shown range of one component; none at the corners, where three would meet. */
function ticksOf(view: View, component: number, step: number): readonly Mark[] {
  const low = view.from[component]!;
  const values = Array.from({ length: Math.round(1 / step) + 1 }, (_, i) => i * step).filter((v) => v > low + 1e-9 && v < low + view.span - 1e-9);
  const texts = tickTexts(values.map((v) => Math.round(v * 1e6) / 1e4));
  const [beside, across] = [[1, 2], [2, 0], [0, 1]][component]!;
  return values.map((value, i) => {
    const local = (value - low) / view.span;
    const at = (other: number): Point => {
      const parts = [0, 0, 0];
      parts[component] = local;
      parts[other] = 1 - local;
      return place(view, without(view, parts as unknown as Composition));
    };
    const from = at(across!);
    const [ox, oy] = OUTWARD[component]!;
    return { text: texts[i]!, component, from, to: at(beside!), out: [from[0] + TICK_LENGTH * ox, from[1] + TICK_LENGTH * oy] };
  });
}

function tickText(text: string, out: Point, component: number, size: number): Placed {
  const width = widthOf(text, size);
  const x = out[0] + [3, -1, 0][component]!;
  const y = out[1] + [0.35, -0.1, 0.85][component]! * size;
  const anchor = ["start", "end", "middle"][component]!;
  const left = x - [0, 1, 0.5][component]! * width;
  return { svg: label("text", { x, y, "font-size": size, "text-anchor": anchor, fill: theme.muted }, text), taken: [{ left, right: left + width, top: y - size, bottom: y + 1 }] };
}

/** `Al / at.%` along its side, with an arrow in the direction in which it grows. */
function axisTitle(view: View, component: number, name: string): Placed {
  const [from, to] = [[2, 0], [0, 1], [1, 2]][component]!.map((i) => outline(view)[i]!) as [Point, Point];
  const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const [nx, ny] = [[HEIGHT, -0.5], [-HEIGHT, -0.5], [0, 1]][component]! as [number, number];
  const away = component === 2 ? 36 : 39;
  const at: Point = [middle[0] + nx * away, middle[1] + ny * away];
  const text = fit(`${name} / at.%`, view.side * 0.6, TITLE);
  const turn = [60, -60, 0][component]!;
  const half = widthOf(text, TITLE) / 2;
  // Read from left to right; b and a grow against the direction of reading.
  const arrow = component === 2 ? `M${half + 6} -4h26m-5 -3l5 3l-5 3` : `M${-half - 6} -4h-26m5 -3l-5 3l5 3`;
  const svg = el("g", { transform: `translate(${at.map((v) => Math.round(v * 10) / 10).join(" ")}) rotate(${turn})` }, label("text", { x: 0, y: 0, "font-size": TITLE, "text-anchor": "middle" }, text), el("path", { d: arrow, stroke: theme.ink, "stroke-width": 1, fill: "none" }));
  const [ux, uy] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const taken = Array.from({ length: 9 }, (_, k) => {
    const along = ((k - 4) / 4) * (half + 34);
    const [x, y] = [at[0] + ux * along, at[1] + uy * along];
    return { left: x - 9, right: x + 9, top: y - 13, bottom: y + 5 };
  });
  return { svg, taken };
}

function cornerName(view: View, i: number, name: string, compact: boolean): Placed {
  const [x, y] = outline(view)[i]!;
  const size = compact ? 11 : CORNER;
  const text = fit(name, view.side / 3, size);
  const at: Point = [[x, y - 9], [x - 8, y + size + 3], [x + 8, y + size + 3]][i] as unknown as Point;
  const half = widthOf(text, size) / 2;
  return { svg: label("text", { x: at[0], y: at[1], "font-size": size, "font-weight": 600, "text-anchor": "middle" }, text), taken: [{ left: at[0] - half, right: at[0] + half, top: at[1] - size, bottom: at[1] + 3 }] };
}
