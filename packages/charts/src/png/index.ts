/* @tatara/charts/png: figures as bitmaps. Apart from the figures, so that only those who want it load the rasteriser. */
export { rasteriser, type PngOptions, type RasteriserBytes, type ToPng } from "./png.ts";
