/* Stable phases with their tie lines, metastable ones with their energy above the hull. */
import { readable } from "../number.ts";
import { el, label, line } from "../svg.ts";
import { perUnit } from "../text.ts";
import { theme } from "../theme.ts";
import { clipSegment, isShown, place, type Point, type View } from "./geometry.ts";
import { marker } from "./markers.ts";
import { inPercent } from "./shown.ts";
import { convexHull } from "./stability.ts";
import type { TernaryEnergies } from "./types.ts";

export interface DrawnPhase {
  readonly svg: string;
  /** px. */
  readonly at: Point;
  /** "" where there is nothing to write. */
  readonly label: string;
}

export interface DrawnEnergies {
  readonly ties: string;
  readonly segments: readonly (readonly [Point, Point])[];
  readonly phases: readonly DrawnPhase[];
}

const WITHIN = 0.05;

export function energiesOf(view: View, corners: readonly string[], { unit, phases: given, within = WITHIN }: TernaryEnergies): DrawnEnergies {
  const { phases, above, tieLines, tieTriangles } = convexHull(given);
  const nameOf = (i: number) => phases[i]!.name ?? (corners.find((_, k) => Math.abs(phases[i]!.at[k]! - 1) < 1e-9) || inPercent(corners, phases[i]!.at));
  const areas = tieTriangles.map((three) => {
    // Only for its tooltip; drawn whole, as tooltips outside of the view harm nobody who cannot reach them.
    const shown = three.every((i) => isShown(view, phases[i]!.at));
    return shown ? el("path", { d: `${line(three.map((i) => place(view, phases[i]!.at)))}Z`, fill: "#fff", "fill-opacity": "0" }, label("title", {}, three.map(nameOf).join(" + "))) : "";
  });
  const ties = tieLines.flatMap(([i, j]) => {
    const part = clipSegment(view, phases[i]!.at, phases[j]!.at);
    return part ? [[place(view, part[0]), place(view, part[1])] as const] : [];
  });
  return {
    segments: ties,
    ties: areas.join("") + (ties.length === 0 ? "" : el("path", { d: ties.map(line).join(""), stroke: theme.ink, "stroke-width": 1, fill: "none" })),
    phases: phases.flatMap(({ at, energy, name }, i) => {
      if (!isShown(view, at)) return [];
      const stable = above[i] === 0;
      const [x, y] = place(view, at);
      const title = `${nameOf(i)}\n${inPercent(corners, at)}\nformation energy ${readable(energy)}${perUnit(unit)}\n${stable ? "stable" : `${readable(above[i]!)}${perUnit(unit)} above the hull`}`;
      const text = stable ? (name ?? "") : above[i]! <= within && name ? `${name} (+${readable(above[i]!)})` : "";
      return [{ at: [x, y] as const, label: text, svg: marker(stable ? "circle" : "ring", x, y, stable ? theme.ink : theme.muted, title, stable || above[i]! <= within ? 1 : 0.6) }];
    }),
  };
}
