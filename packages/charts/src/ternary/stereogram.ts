/*
 * Rotation axes of the two commonest quasicrystal symmetries in stereographic projection: m-3-5 seen along a
 * twofold axis, 10/mmm along the tenfold one. International Tables for Crystallography A, section 10.1.4.
 */
import { el, label } from "../svg.ts";
import { theme } from "../theme.ts";

type Vector = readonly [number, number, number];

const PHI = (1 + Math.sqrt(5)) / 2;
const SIGNS = [-1, 1] as const;
const cyclic = ([x, y, z]: Vector): readonly Vector[] => [[x, y, z], [y, z, x], [z, x, y]];
const signed = (x: number, y: number, z: number): readonly Vector[] => SIGNS.flatMap((s) => SIGNS.flatMap((t) => SIGNS.map((u): Vector => [s * x, t * y, u * z])));

const FIVE = signed(0, 1, PHI).flatMap(cyclic);
const THREE = [...signed(1, 1, 1), ...signed(0, 1 / PHI, PHI).flatMap(cyclic)];
const TWO = [...signed(1, 0, 0).flatMap(cyclic), ...signed(1 / 2, PHI / 2, (PHI + 1) / 2).flatMap(cyclic)];

/** On the page, of the axes that point up or lie level; each once. */
function project(axes: readonly Vector[], x: number, y: number, r: number): readonly (readonly [number, number])[] {
  const seen = new Map<string, readonly [number, number]>();
  for (const [vx, vy, vz] of axes) {
    const length = Math.hypot(vx, vy, vz);
    if (vz / length < -1e-9) continue;
    const at: readonly [number, number] = [x + (r * vx) / (length + vz), y - (r * vy) / (length + vz)];
    seen.set(at.map((v) => Math.round(v * 100)).join(), at);
  }
  return [...seen.values()];
}

const polygonAt = ([x, y]: readonly [number, number], corners: number, r: number): string =>
  el("polygon", { points: Array.from({ length: corners }, (_, k) => [Math.sin((2 * Math.PI * k) / corners) * r + x, y - Math.cos((2 * Math.PI * k) / corners) * r].map((v) => Math.round(v * 10) / 10).join()).join(" "), fill: theme.ink });

/** The projection in a circle with radius r around (x, y), named below. */
export function stereogram(kind: "icosahedral" | "decagonal", x: number, y: number, r: number): string {
  const circle = el("circle", { cx: x, cy: y, r, fill: "#fff", stroke: theme.muted, "stroke-width": 1 });
  const level = Array.from({ length: 20 }, (_, k): Vector => [Math.cos((Math.PI * k) / 10), Math.sin((Math.PI * k) / 10), 0]);
  const axes =
    kind === "icosahedral"
      ? [...project(TWO, x, y, r).map(([cx, cy]) => el("ellipse", { cx, cy, rx: 0.9, ry: 1.9, fill: theme.ink })), ...project(THREE, x, y, r).map((p) => polygonAt(p, 3, 2.4)), ...project(FIVE, x, y, r).map((p) => polygonAt(p, 5, 3.1))]
      : [...level.map((v) => el("line", { x1: x, y1: y, x2: x + r * v[0], y2: y - r * v[1], stroke: theme.outside, "stroke-width": 0.5 })), ...project(level, x, y, r).map(([cx, cy]) => el("ellipse", { cx, cy, rx: 0.9, ry: 1.9, fill: theme.ink })), polygonAt([x, y], 10, 4.2)];
  const title = kind === "icosahedral" ? "Symmetry axes of an icosahedral quasicrystal, stereographic projection along a twofold axis" : "Symmetry axes of a decagonal quasicrystal, stereographic projection along the tenfold axis";
  return el("g", {}, label("title", {}, title), circle, ...axes, label("text", { x, y: y + r + 13, "font-size": 10, "text-anchor": "middle", fill: theme.muted }, kind === "icosahedral" ? "m-3-5" : "10/mmm"));
}
