/* Many ternary systems on one page: small triangles with a title and a score each, one legend, one colour bar. */
import { drawLegend, placeLegend, ROW, rowsOf, type LegendEntry } from "../legend.ts";
import { frame } from "../plot.ts";
import { el, label } from "../svg.ts";
import { fit, widthOf } from "../text.ts";
import { theme } from "../theme.ts";
import { colourBar } from "./colourBar.ts";
import { HEIGHT, viewOf } from "./geometry.ts";
import { domainOf, entriesOf, panelOf } from "./panel.ts";
import type { TernaryContent } from "./types.ts";

export interface TernarySystem extends TernaryContent {
  readonly title: string;
  /** Printed at the right of the title, as it is: `0.93`. */
  readonly score?: string;
}

export interface SmallMultiplesOptions {
  /** One sentence for those who cannot see the figure. */
  readonly about: string;
  readonly title?: string;
  readonly systems: readonly TernarySystem[];
  /** Triangles in a row; default 4. */
  readonly columns?: number;
  /** px of the whole figure; default 860. */
  readonly width?: number;
}

const HEAD = 17; // px for a panel's title
const CORNER = 15; // px for the name of the upper corner
const FOOT = 30;
const GAP = 16;
const BESIDE = 18; // px left and right of a triangle
const BAR = 60;

/** A complete, standalone SVG figure. */
export function smallMultiples({ about, title = "", systems, columns = 4, width = 860 }: SmallMultiplesOptions): string {
  const shared = sameDomain(systems);
  const across = Math.max(1, Math.min(columns, shared.length));
  const cell = (width - 24 - GAP * (across - 1)) / across;
  const side = cell - 2 * BESIDE;
  const height = HEAD + CORNER + side * HEIGHT + FOOT;
  const view = viewOf(BESIDE, HEAD + CORNER + side * HEIGHT, side);
  const panels = shared.map((system) => panelOf(system, system.from ? viewOf(view.left, view.bottom, side, system.from) : view, { bounds: { left: 0, right: cell, top: 0, bottom: height }, compact: true }));
  const quantity = shared.find((s) => s.quantity);
  const legend = placeLegend(distinct(shared.flatMap(entriesOf)), width - (quantity ? 230 : 24));
  const head = title === "" ? 6 : 26;
  const rows = rowsOf(legend) * ROW;
  const top = head + (quantity ? Math.max(rows, BAR + 30) : rows) + 10;
  const bar = quantity ? colourBar(quantity.quantity!, domainOf(quantity), width - 12, head + 4, BAR) : undefined;
  return frame(
    about,
    width,
    top + Math.ceil(shared.length / across) * (height + GAP) - GAP + 8,
    title === "" ? "" : label("text", { x: 12, y: 18, "font-size": 14, "font-weight": 600 }, fit(title, width - 24, 14)),
    ...drawLegend(legend, 12, head),
    bar?.svg ?? "",
    ...panels.map((panel, i) => {
      const [x, y] = [12 + (i % across) * (cell + GAP), top + Math.floor(i / across) * (height + GAP)];
      return el("g", { transform: `translate(${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10})` }, heading(shared[i]!, cell), panel);
    }),
    shared.length === 0 ? label("text", { x: width / 2, y: top, "text-anchor": "middle", fill: theme.muted }, "no values to show") : "",
  );
}

function heading({ title, score = "" }: TernarySystem, cell: number): string {
  const right = score === "" ? 0 : widthOf(score, 11) + 8;
  return label("text", { x: 0, y: 12, "font-size": 12, "font-weight": 600 }, fit(title, cell - right, 12)) + (score === "" ? "" : label("text", { x: cell, y: 12, "font-size": 11, "text-anchor": "end", fill: theme.muted }, score));
}

/** One domain for the quantity of all systems: a colour means the same everywhere. */
function sameDomain(systems: readonly TernarySystem[]): readonly TernarySystem[] {
  const domains = systems.filter((s) => s.quantity).map(domainOf);
  const domain = [Math.min(...domains.map((d) => d[0])), Math.max(...domains.map((d) => d[1]))] as const;
  return systems.map((s) => (s.quantity ? { ...s, quantity: { ...s.quantity, domain } } : s));
}

function distinct(entries: readonly LegendEntry[]): readonly LegendEntry[] {
  const seen = new Map(entries.map((entry) => [`${entry.name} ${entry.colour}`, entry]));
  return [...seen.values()];
}
