/* Figures as PNG on this machine: the rasteriser's program and its fonts are read from the installed packages, once. */
import { readFile } from "node:fs/promises";
import { rasteriser, type PngOptions, type ToPng } from "@tatara/charts/png";

/** Roboto (Apache-2.0 / OFL-1.1) in parts: what figures write is Latin, Greek and a few signs. */
const FONTS = ["latin-400-normal", "latin-700-normal", "latin-ext-400-normal", "greek-400-normal", "math-400-normal", "symbols-400-normal"];

let ready: Promise<ToPng> | undefined;

const bytesOf = async (specifier: string) => new Uint8Array(await readFile(new URL(import.meta.resolve(specifier))));

const start = async (): Promise<ToPng> =>
  rasteriser({
    wasm: await bytesOf("@resvg/resvg-wasm/index_bg.wasm"),
    fonts: await Promise.all(FONTS.map((part) => bytesOf(`@fontsource/roboto/files/roboto-${part}.woff2`))),
    family: "Roboto",
  });

/** PNG bytes of SVG text; the first call takes a few tenths of a second longer. */
export async function toPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  ready ??= start();
  return (await ready)(svg, options);
}
