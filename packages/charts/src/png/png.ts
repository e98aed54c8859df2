/*
 * SVG text to PNG bytes, by resvg in WebAssembly (Yevhenii Reizner, MPL-2.0). Fonts and program come as bytes, so
 * that the same picture comes out on a machine without fonts. Raised and lowered digits are drawn from ordinary
 * ones: few fonts have them, and where they do they come from another face.
 */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { InputError } from "@tatara/engine/base";

export interface RasteriserBytes {
  /** `index_bg.wasm` of @resvg/resvg-wasm. */
  readonly wasm: Uint8Array;
  /** Font files (TrueType, OpenType or WOFF2); what one face lacks is looked for in the others. */
  readonly fonts: readonly Uint8Array[];
  /** Family to use for every generic and unknown name. */
  readonly family: string;
}

export interface PngOptions {
  /** Pixels across; default twice the figure's own width. A column of a journal (86 mm) at 600 dpi is 2032. */
  readonly width?: number;
  /** CSS colour behind the figure; default white. */
  readonly background?: string;
}

export type ToPng = (svg: string, options?: PngOptions) => Uint8Array;

let started: Promise<unknown> | undefined;

/** Start the rasteriser; resvg has one instance in a program, so later calls reuse the first program's bytes. */
export async function rasteriser({ wasm, fonts, family }: RasteriserBytes): Promise<ToPng> {
  started ??= initWasm(new Uint8Array(wasm));
  await started;
  const font = { fontBuffers: [...fonts], defaultFontFamily: family, sansSerifFamily: family };
  return (svg, { width, background = "#ffffff" } = {}) => {
    if (!svg.startsWith("<svg")) throw new InputError(`not a figure: "${svg.slice(0, 20)}" — SVG text that begins with <svg`, { path: "svg" });
    if (width !== undefined && !(Number.isInteger(width) && width > 0 && width <= MOST)) throw new InputError(`not a width in pixels: ${width} — a whole number from 1 to ${MOST}`, { path: "width", value: width });
    const drawing = new Resvg(withoutRaised(svg), { background, font, fitTo: width === undefined ? { mode: "zoom", value: 2 } : { mode: "width", value: width } });
    try {
      const image = drawing.render();
      const bytes = image.asPng();
      image.free();
      return bytes;
    } finally {
      drawing.free();
    }
  };
}

const MOST = 20_000;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
const PLAIN = "0123456789−+";

/** Runs of raised and lowered characters between tags, as smaller ordinary ones; tooltips are not drawn. */
function withoutRaised(svg: string): string {
  return svg.replaceAll(/>([^<]*[⁰¹²³⁴-⁹⁻⁺₀-₉][^<]*)<(?!\/title)/g, (_, text: string) => {
    const inside = text
      .replaceAll(/[⁰¹²³⁴-⁹⁻⁺]+/g, (run) => shifted([...run].map((c) => PLAIN[RAISED.indexOf(c)]).join(""), "-0.38em", "0.266em"))
      .replaceAll(/[₀-₉]+/g, (run) => shifted([...run].map((c) => PLAIN[LOWERED.indexOf(c)]).join(""), "0.25em", "-0.175em"));
    return `>${inside}<`;
  });
}

/** Down (or up) in the smaller size, and back by as much in the full one: a space without width carries the way back. */
const shifted = (text: string, there: string, back: string): string => `<tspan font-size="70%" dy="${there}">${text}</tspan><tspan dy="${back}">\u200b</tspan>`;
