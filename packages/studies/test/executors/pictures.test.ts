import { expect, test } from "vitest";
import { ternary } from "@tatara/charts";
import { toPng } from "../../src/executors/pictures.ts";

const svg = ternary({ corners: ["Al", "Cu", "Fe"], phases: [{ name: "i-Al63Cu24Fe13", kind: "QC", at: [63, 24, 13] }] });
/** Width, height: big-endian in the first chunk (PNG 1.2, section 11.2.2). */
const sizeOf = (png: Uint8Array) => [16, 20].map((at) => new DataView(png.buffer, png.byteOffset).getUint32(at));
const draw = (text: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" font-family="Nowhere Sans"><text x="2" y="15" font-size="12">${text}</text></svg>`;

test("a figure becomes a PNG of the width that was asked for", async () => {
  const png = await toPng(svg, { width: 1000 });
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const [, , width, height] = /viewBox="(\d+) (\d+) (\d+) (\d+)"/.exec(svg)!.slice(1).map(Number) as [number, number, number, number];
  expect(sizeOf(png)).toEqual([1000, Math.round((1000 * height) / width)]);
  expect(sizeOf(await toPng(svg))).toEqual([2 * width, 2 * height]);
});

test("the same text makes the same bytes", async () => expect(await toPng(svg)).toEqual(await toPng(svg)));

test("text is drawn with shipped fonts, whatever the machine has", async () => {
  const blank = await toPng(draw(" "));
  const missing = await toPng(draw("\u{13000}"));
  const pictures = await Promise.all(["Al", "λ", "≥", "10⁻⁵", "10−5", "Å"].map((text) => toPng(draw(text))));
  for (const picture of pictures) {
    expect(picture).not.toEqual(blank);
    expect(picture).not.toEqual(missing);
  }
  expect(pictures[3]).not.toEqual(pictures[4]);
});

test("what is no figure is refused", async () => {
  await expect(toPng("hello")).rejects.toThrow(`not a figure: "hello" — SVG text that begins with <svg`);
  await expect(toPng(svg, { width: 0 })).rejects.toThrow("not a width in pixels: 0 — a whole number from 1 to");
});
