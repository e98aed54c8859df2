/* Marks of phases: shapes that tell kinds apart without colour, each with a white rim to stand on any ground. */
import { el, label } from "../svg.ts";
import type { MarkerShape } from "./types.ts";

/** px from the middle of a marker to its outermost point. */
export const RADIUS = 5;

const polygon = (x: number, y: number, corners: number, r: number, turn = -Math.PI / 2): string =>
  Array.from({ length: corners }, (_, k) => [x + r * Math.cos(turn + (2 * Math.PI * k) / corners), y + r * Math.sin(turn + (2 * Math.PI * k) / corners)].map((v) => Math.round(v * 10) / 10).join()).join(" ");

/** Ten-pointed star. */
const star = (x: number, y: number, r: number): string =>
  Array.from({ length: 20 }, (_, k) => {
    const angle = -Math.PI / 2 + (Math.PI * k) / 10;
    const own = k % 2 === 0 ? r : r * 0.66;
    return [x + own * Math.cos(angle), y + own * Math.sin(angle)].map((v) => Math.round(v * 10) / 10).join();
  }).join(" ");

export function marker(shape: MarkerShape, x: number, y: number, colour: string, title = "", scale = 1): string {
  if (Number.isNaN(x) || Number.isNaN(y)) return "";
  const tip = title === "" ? "" : label("title", {}, title);
  const rim = { stroke: "#fff", "stroke-width": 1, "stroke-linejoin": "round" };
  const r = RADIUS * scale;
  if (shape === "circle") return el("circle", { cx: x, cy: y, r: r * 0.8, fill: colour, ...rim }, tip);
  if (shape === "ring") return el("circle", { cx: x, cy: y, r: r * 0.72, fill: "#fff", stroke: colour, "stroke-width": 1.5 }, tip);
  const points = {
    pentagon: () => polygon(x, y, 5, r * 1.15),
    decagon: () => star(x, y, r * 1.2),
    diamond: () => polygon(x, y, 4, r * 1.1),
    square: () => polygon(x, y, 4, r * 1.12, Math.PI / 4),
    triangle: () => polygon(x, y, 3, r * 1.2),
  }[shape]();
  return el("polygon", { points, fill: colour, ...rim }, tip);
}
