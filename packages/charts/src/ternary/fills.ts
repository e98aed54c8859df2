/*
 * What lies under everything: regions of classes with soft borders, one quantity in steps of colour, hatching
 * where the model is outside of its data. All are outlines of equal value, so that the size of the figure
 * follows from what there is to see, not from the number of points: a path for each step, no image, no ids.
 */
import { el, label } from "../svg.ts";
import { readable } from "../number.ts";
import { shade, theme } from "../theme.ts";
import { isolines, lengthOf, region, type Contour } from "./contours.ts";
import type { Field, Mesh } from "./mesh.ts";
import { pathOf } from "./path.ts";
import type { TernaryClass } from "./types.ts";

/** Colours of classes in order, apart for colour-blind readers (Okabe & Ito in spirit). */
const CLASS_COLOURS = [theme.wanted, theme.warn, theme.data, theme.good, "#7a4f9a", "#3b8ea5"];

export const classColour = (classes: readonly TernaryClass[], i: number): string =>
  classes[i]!.colour ?? (classes[i]!.plain ? theme.outside : CLASS_COLOURS[classes.slice(0, i).filter((c) => !c.plain && !c.colour).length % CLASS_COLOURS.length]!);

/**
 * Opacity reached where a class leads the next likeliest by so much. Two classes fade into each other around a
 * lead of 0, and a sure class is deeper than an unsure one.
 */
const FADE: readonly (readonly [lead: number, opacity: number])[] = [[-0.15, 0.04], [-0.08, 0.1], [-0.03, 0.17], [0.03, 0.25], [0.08, 0.31], [0.15, 0.37], [0.3, 0.44], [0.5, 0.52], [0.7, 0.6], [0.9, 0.68]];
const PLAIN = 0.45; // of the opacity

/** By how much each class leads the likeliest of the others; what is left of 1 counts as one more. */
export function leads(probabilities: readonly Field[]): readonly Field[] {
  const size = probabilities[0]?.length ?? 0;
  const out = probabilities.map(() => new Float64Array(size));
  for (let v = 0; v < size; v++) {
    const rest = Math.max(0, 1 - probabilities.reduce((sum, p) => sum + p[v]!, 0));
    probabilities.forEach((own, k) => {
      let other = rest;
      probabilities.forEach((p, j) => { if (j !== k) other = Math.max(other, p[v]!); });
      out[k]![v] = own[v]! - other;
    });
  }
  return out;
}

export function classFills(mesh: Mesh, classes: readonly TernaryClass[], probabilities: readonly Field[]): string {
  return leads(probabilities)
    .flatMap((lead, k) => {
      let below = 0;
      return FADE.map(([level, opacity]) => {
        const reached = opacity * (classes[k]!.plain ? PLAIN : 1);
        const own = 1 - (1 - reached) / (1 - below); // layers lie over one another
        below = reached;
        return filled(region(mesh, lead, level), classColour(classes, k), own.toFixed(3));
      });
    })
    .join("");
}

const filled = (rings: readonly Contour[], fill: string, opacity?: string): string => {
  const d = pathOf(rings);
  return d === "" ? "" : el("path", { d, fill, "fill-rule": "evenodd", "fill-opacity": opacity });
};

export interface ContourLine {
  readonly svg: string;
  /** The number to write on it. */
  readonly text: string;
  readonly colour: string;
  /** Its longest part. */
  readonly line: Contour;
}

/** Probability contours of the classes that are not plain. */
export function probabilityLines(mesh: Mesh, classes: readonly TernaryClass[], probabilities: readonly Field[], levels: readonly number[]): readonly ContourLine[] {
  return classes.flatMap((one, k) =>
    one.plain
      ? []
      : levels.flatMap((level) => {
          const lines = isolines(mesh, probabilities[k]!, level);
          if (lines.length === 0) return [];
          const colour = classColour(classes, k);
          const svg = el("path", { d: pathOf(lines), stroke: colour, "stroke-width": level >= 0.5 ? 1.3 : 0.9, "stroke-linejoin": "round", fill: "none" }, label("title", {}, `p(${one.name}) = ${readable(level)}`));
          return [{ svg, text: readable(level), colour, line: lines.reduce((a, b) => (lengthOf(b.points) > lengthOf(a.points) ? b : a)) }];
        }),
  );
}

/** Steps of colour between the ends of the bar. */
export const STEPS = 20;

/** A quantity in steps of colour; values beyond the ends take the colours of the ends. */
export function quantityFills(mesh: Mesh, values: Field, [low, high]: readonly [number, number]): string {
  return Array.from({ length: STEPS }, (_, k) => filled(region(mesh, values, k === 0 ? Number.NEGATIVE_INFINITY : low + ((high - low) * k) / STEPS), shade((k + 0.5) / STEPS))).join("");
}

const HATCH = 6; // px between lines

/** Parallel lines at 45° over the part of the mesh where `outside` ≥ ½, up to a line along its border. */
export function hatching(mesh: Mesh, outside: Field): string {
  const rings = region(mesh, outside, 0.5);
  const d = pathOf([...hatch(rings), ...isolines(mesh, outside, 0.5)]);
  return d === "" ? "" : el("path", { d, stroke: theme.ink, "stroke-opacity": "0.5", "stroke-width": 0.7, fill: "none" }, label("title", {}, "outside the domain of applicability"));
}

/** Lines x + y = k · step inside the rings, even-odd. */
export function hatch(rings: readonly Contour[]): readonly Contour[] {
  const step = HATCH * Math.SQRT2;
  const cuts = new Map<number, number[]>(); // x where line k meets an outline
  for (const { points } of rings) {
    points.forEach((p, i) => {
      const q = points[(i + 1) % points.length]!;
      const [from, to] = [(p[0] + p[1]) / step, (q[0] + q[1]) / step];
      for (let k = Math.ceil(Math.min(from, to)); k < Math.max(from, to); k++) {
        const x = p[0] + ((k - from) / (to - from)) * (q[0] - p[0]);
        const known = cuts.get(k);
        if (known) known.push(x);
        else cuts.set(k, [x]);
      }
    });
  }
  return [...cuts].flatMap(([k, xs]) => {
    const sorted = xs.sort((a, b) => a - b);
    return sorted.flatMap((x, i) => (i % 2 === 0 && i + 1 < sorted.length ? [{ closed: false, points: [x, sorted[i + 1]!].map((at): readonly [number, number] => [at, k * step - at]) }] : []));
  });
}
