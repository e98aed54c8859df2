/* The colour bar of a quantity: the same steps of colour as the figure, with ticks, its name and its unit. */
import { verticalTicks } from "../scale.ts";
import { el, label } from "../svg.ts";
import { axisTitle, fit, widthOf } from "../text.ts";
import { shade, theme } from "../theme.ts";
import { STEPS } from "./fills.ts";
import type { Rect } from "./labels.ts";
import type { TernaryQuantity } from "./types.ts";

const WIDTH = 13; // px
const TICK = 10.5;
const TITLE = 12;
const TITLE_WIDTH = 235; // px, beside the upper corner's name

/** The bar with its right end of text at `right`; and the room that it takes. */
export function colourBar({ name, unit }: TernaryQuantity, [low, high]: readonly [number, number], right: number, top: number, height: number): { readonly svg: string; readonly taken: Rect } {
  const ticks = verticalTicks({ title: "", domain: [low, high], nice: false }).filter(({ at }) => at >= low && at <= high);
  const room = Math.max(8, ...ticks.map(({ text }) => widthOf(text, TICK))) + 9;
  const x = right - room - WIDTH;
  const y = top + 16;
  const step = height / STEPS;
  const at = (v: number) => y + height * (1 - (v - low) / (high - low));
  const title = fit(axisTitle(name, unit), TITLE_WIDTH, TITLE);
  const svg = [
    label("text", { x: right, y: top + 5, "font-size": TITLE, "text-anchor": "end" }, title),
    // Overlapping downwards by half a pixel: no seams between steps.
    ...Array.from({ length: STEPS }, (_, k) => el("rect", { x, y: y + height - (k + 1) * step, width: WIDTH, height: step + (k === 0 ? 0 : 0.5), fill: shade((k + 0.5) / STEPS) })).toReversed(),
    el("rect", { x, y, width: WIDTH, height, fill: "none", stroke: theme.ink, "stroke-width": 0.8 }),
    ...ticks.map(({ at: v }) => el("line", { x1: x + WIDTH, x2: x + WIDTH + 4, y1: at(v), y2: at(v), stroke: theme.ink, "stroke-width": 0.9 })),
    ...ticks.map(({ at: v, text }) => label("text", { x: x + WIDTH + 7, y: at(v) + 3.7, "font-size": TICK, fill: theme.muted }, text)),
  ].join("");
  return { svg, taken: { left: Math.min(x, right - widthOf(title, TITLE)) - 3, right, top: top - 8, bottom: y + height + 4 } };
}
