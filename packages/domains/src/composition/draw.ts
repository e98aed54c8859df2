/* A composition as a card: its formula with subscripts above a bar of its fractions. */
import { symbolOf } from "./symbols.ts";
import type { Composition } from "./type.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const INK = "#22303c";
/** Narrower parts of the bar carry no label; px. */
const LABEL_WIDTH = 22;
/** Mean width of a character in font sizes: letters and digits of the usual sans-serif faces. */
const CHARACTER = 0.58;
const SUBSCRIPT = 0.7;

/** One colour for each element, the same in every drawing; neighbours in the periodic table get hues far apart (golden angle). */
const hue = (z: number): number => Math.round((z * 137.508) % 360);

/** SVG text, `width` × `height` px. `highlight` tints elements, in order of atomic number, by a weight in [−1, 1]. */
export function drawComposition(s: Composition, { width, height }: { readonly width: number; readonly height: number }, highlight?: readonly number[]): string {
  const pad = Math.min(width, height) * 0.08;
  const room = width - 2 * pad;
  const pieces = piecesOf(s.formula);
  const units = pieces.reduce((sum, { text, low }) => sum + CHARACTER * text.length * (low ? SUBSCRIPT : 1), 0);
  const size = Math.max(7, Math.min(height * 0.24, room / units));
  const barHeight = Math.max(8, Math.min(height * 0.22, 34));
  const label = Math.max(7, Math.min(12, barHeight * 0.5));
  const top = height / 2 - (size + barHeight + label * 1.6) / 2;
  const bar = top + size * 1.25;
  const title = `<text x="${n(width / 2)}" y="${n(top + size * 0.85)}" text-anchor="middle" font-family="${FONT}" font-size="${n(size)}" font-weight="600" fill="${INK}">${spans(pieces, size)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${title}${barOf(s, { x: pad, y: bar, width: room, height: barHeight, label }, highlight)}</svg>`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: number;
}

function barOf({ z, fractions }: Composition, { x, y, width, height, label }: Box, highlight: readonly number[] | undefined): string {
  const order = z.map((_, i) => i).sort((a, b) => fractions[b]! - fractions[a]! || a - b);
  let at = x;
  return order
    .map((i) => {
      const [w, name, share] = [fractions[i]! * width, symbolOf(z[i]!), percent(fractions[i]!)];
      const weight = highlight?.[i];
      const fill = weight === undefined ? `hsl(${hue(z[i]!)} 52% 62%)` : weight >= 0 ? `hsl(150 45% ${n(92 - 45 * Math.min(1, weight))}%)` : `hsl(8 60% ${n(92 - 40 * Math.min(1, -weight))}%)`;
      const part = `<rect x="${n(at)}" y="${n(y)}" width="${n(w)}" height="${n(height)}" fill="${fill}" stroke="#fff" stroke-width="1"><title>${name} ${share} at.%</title></rect>`;
      const middle = n(at + w / 2);
      const wide = w >= Math.max(LABEL_WIDTH, label * CHARACTER * Math.max(name.length, share.length) + 4);
      const words = wide ? `<text x="${middle}" y="${n(y + height / 2 + label * 0.36)}" text-anchor="middle" font-family="${FONT}" font-size="${n(label)}" fill="${INK}">${name}</text><text x="${middle}" y="${n(y + height + label * 1.25)}" text-anchor="middle" font-family="${FONT}" font-size="${n(label * 0.92)}" fill="#5b6b79">${share}</text>` : "";
      at += w;
      return part + words;
    })
    .join("");
}

const percent = (w: number): string => String(Number((100 * w).toPrecision(w < 0.1 ? 2 : 3)));
const n = (value: number): string => String(Number(value.toFixed(2)));

interface Piece {
  readonly text: string;
  readonly low: boolean;
}

const piecesOf = (formula: string): readonly Piece[] => Array.from(formula.matchAll(/[A-Z][a-z]?|[\d.]+/g), ([text]) => ({ text, low: /\d/.test(text) }));

function spans(pieces: readonly Piece[], size: number): string {
  const drop = size * 0.22;
  return pieces.map(({ text, low }, i) => (low ? `<tspan dy="${n(drop)}" font-size="${n(size * SUBSCRIPT)}">${text}</tspan>` : pieces[i - 1]?.low ? `<tspan dy="${n(-drop)}">${text}</tspan>` : `<tspan>${text}</tspan>`)).join("");
}
