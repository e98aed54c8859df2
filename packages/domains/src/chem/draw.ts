/* Pictures of structures: RDKit's SVG as a standalone element, atoms shaded by weight where asked. */
import { InputError } from "@tatara/engine/base";
import { withMol } from "./rdkit.ts";
import type { Rdkit } from "./types.ts";

export interface Size {
  /** px. */
  readonly width: number;
  readonly height: number;
}

const UP = [0.27, 0.55, 0.85] as const; // weights towards +1: blue
const DOWN = [0.93, 0.55, 0.24] as const; // towards −1: orange, told apart from blue by colour-blind readers
const FAINT = 0.05; // weights below are not shaded
const LARGEST = 4000; // px

/** `<svg …>…</svg>` without prolog, on a transparent ground. `highlight` holds one weight in [−1, 1] per atom of the text. */
export function drawStructure(rdkit: Rdkit, text: string, { width, height }: Size, highlight: readonly number[] = []): string {
  for (const length of [width, height]) if (!(length >= 1 && length <= LARGEST)) throw new InputError(`no size of a picture: ${width} × ${height} — write 1 to ${LARGEST} px`, { value: [width, height] });
  const shaded = highlight.flatMap((weight, i) => (Math.abs(weight) >= FAINT ? [[i, colour(weight)] as const] : []));
  const details = {
    width: Math.round(width), height: Math.round(height), clearBackground: false, dummiesAreAttachments: true,
    atoms: shaded.map(([i]) => i), bonds: [], highlightAtomColors: Object.fromEntries(shaded), fillHighlights: true, highlightRadius: 0.35,
  };
  const svg = withMol(rdkit, text, (mol) => mol.get_svg_with_highlights(JSON.stringify(details)));
  return svg.slice(svg.indexOf("<svg")).trim();
}

/** From white at 0 to the full colour at ±1. */
function colour(weight: number): readonly [number, number, number] {
  const strength = Math.min(1, Math.abs(weight));
  const [r, g, b] = weight > 0 ? UP : DOWN;
  const mix = (channel: number) => Number((1 - strength * (1 - channel)).toFixed(3));
  return [mix(r), mix(g), mix(b)];
}
