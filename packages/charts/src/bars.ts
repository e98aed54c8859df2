/* Horizontal bars to both sides of zero, in the order given: what drives a prediction, hits per class. */
import { readable } from "./number.ts";
import { el, label } from "./svg.ts";
import { fit, widthOf } from "./text.ts";
import { theme } from "./theme.ts";

export interface BarsOptions {
  readonly about: string;
  readonly items: readonly { readonly name: string; readonly value: number }[];
  /** px. */
  readonly width?: number;
  readonly format?: (value: number) => string;
}

const ROW = 18; // px
const SIZE = 11; // px
const GAP = 5; // px

export function bars({ about, items, width = 320, format = readable }: BarsOptions): string {
  const texts = items.map(({ value }) => format(value));
  const names = items.map(({ name }) => fit(name, width * 0.56, SIZE));
  const left = Math.max(0, ...names.map((name) => widthOf(name, SIZE))) + GAP;
  const room = Math.max(10, width - left - Math.max(0, ...texts.map((text) => widthOf(text, SIZE))) - 2 * GAP);
  const sizes = items.map(({ value }) => (Number.isFinite(value) ? value : 0));
  const [least, most] = [Math.min(0, ...sizes), Math.max(0, ...sizes)];
  const unit = most > least ? room / (most - least) : 0;
  const zero = left - least * unit;
  return el(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${Math.max(1, items.length) * ROW + 4}`, width, height: Math.max(1, items.length) * ROW + 4, role: "img", "font-family": theme.font, "font-size": SIZE, fill: theme.ink },
    label("title", {}, about),
    ...items.flatMap(({ name }, i) => {
      const y = i * ROW + 2;
      const [from, to] = [zero + Math.min(0, sizes[i]! * unit), zero + Math.max(0, sizes[i]! * unit)];
      return [
        el("text", { x: left - GAP, y: y + 12, "text-anchor": "end", fill: theme.muted }, label("title", {}, name), label("tspan", {}, names[i]!)),
        el("rect", { x: from, y: y + 3, width: Math.max(1, to - from), height: 11, rx: 2, fill: sizes[i]! < 0 ? theme.warn : theme.data }),
        label("text", { x: to + GAP, y: y + 12 }, texts[i]!),
      ];
    }),
    el("line", { x1: zero, x2: zero, y1: 1, y2: items.length * ROW + 3, stroke: theme.muted, "stroke-width": 1 }),
  );
}
