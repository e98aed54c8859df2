/*
 * A Gibbs triangle as a figure: what a model says about every composition of three elements, what is known, what
 * is proposed, and which rules hold. Fields are drawn as outlines of equal value, so that a figure of 80,601
 * points is as large as one of 231 with the same shapes.
 */
import { drawLegend, placeLegend, ROW, rowsOf } from "../legend.ts";
import { frame } from "../plot.ts";
import { label } from "../svg.ts";
import { fit, nameOf } from "../text.ts";
import { colourBar } from "./colourBar.ts";
import { HEIGHT, viewOf } from "./geometry.ts";
import { domainOf, entriesOf, panelOf } from "./panel.ts";
import { stereogram } from "./stereogram.ts";
import type { TernaryContent, TernaryOptions } from "./types.ts";

const BESIDE = 64; // px left and right of the triangle for ticks and titles
const ABOVE = 32; // px for the name of the upper corner
const BELOW = 50;
const TITLE = 14;
const BAR = 130; // px
const STEREOGRAM = 27; // px, radius

/** A complete, standalone SVG figure. */
export function ternary(options: TernaryOptions): string {
  const { title = "", width = 560, from = [0, 0, 0], quantity, stereogram: symmetry } = options;
  const side = width - 2 * BESIDE;
  const head = title === "" ? 6 : 26;
  const legend = placeLegend(entriesOf(options), width - 24);
  const top = head + rowsOf(legend) * ROW + 4;
  const view = viewOf(BESIDE, top + ABOVE + side * HEIGHT, side, from);
  const height = view.bottom + BELOW;
  const bar = quantity ? colourBar(quantity, domainOf(options), width - 8, top + 12, Math.min(BAR, side * 0.3)) : undefined;
  const panel = panelOf(options, view, {
    bounds: { left: 5, right: width - 5, top: top + 2, bottom: height - 4 },
    obstacles: [...(bar ? [bar.taken] : []), ...(symmetry ? [{ left: 0, right: 2 * STEREOGRAM + 22, top, bottom: top + 2 * STEREOGRAM + 28 }] : [])],
  });
  return frame(
    options.about ?? aboutOf(options),
    width,
    height,
    title === "" ? "" : label("text", { x: 12, y: 18, "font-size": TITLE, "font-weight": 600 }, fit(title, width - 24, TITLE)),
    ...drawLegend(legend, 12, head),
    panel,
    bar?.svg ?? "",
    symmetry ? stereogram(symmetry, STEREOGRAM + 12, top + STEREOGRAM + 8, STEREOGRAM) : "",
  );
}

/** What the figure shows, in one sentence. */
export function aboutOf({ corners, classes = [], quantity, phases = [], candidates = [], rules = [], energies, applicable }: TernaryContent): string {
  const parts = [
    ...(classes.length > 0 ? [`where ${classes.map((c) => c.name).join(", ")} ${classes.length === 1 ? "is" : "are"} likely`] : []),
    ...(quantity ? [`${nameOf(quantity.name)} as colour`] : []),
    ...(applicable ? ["where the model is outside of its data"] : []),
    ...(phases.length > 0 ? [`${phases.length} known phases`] : []),
    ...(candidates.length > 0 ? [`${candidates.length} candidates`] : []),
    ...(energies ? ["stable and metastable phases with tie lines"] : []),
    ...(rules.length > 0 ? [`rules: ${rules.map((r) => r.name).join("; ")}`] : []),
  ];
  return `Ternary diagram of ${corners.join(", ")}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
}
