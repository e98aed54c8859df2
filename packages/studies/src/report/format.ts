/* Words, numbers and figures of the page. */
import { escapeText, nameOf, readable } from "@tatara/charts";

/** A share as a percentage; one decimal below ten and above ninety-nine per cent, never rounded to certainty. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "—";
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value > 99.9 && value < 100) return "> 99.9 %";
  return `${value.toFixed((value > 0 && value < 10) || (value > 99 && value < 100) ? 1 : 0)} %`;
}

/** Learners with their parts of a mixture, in words. */
export const mixtureText = (parts: readonly { readonly learner: string; readonly weight: number }[]): string => parts.map(({ learner, weight }) => `${percent(weight)} ${learner}`).join(" + ");

/** Three significant digits, zeros kept, so that a column of numbers reads evenly. */
export const digits = (value: number): string => {
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1000 ? value.toPrecision(3).replace("-", "−") : readable(value);
};

/** Numbers with as many decimals as an uncertainty of this width can bear: two of its digits. */
export function precise(width: number): (value: number) => string {
  const decimals = 1 - Math.floor(Math.log10(width));
  if (!(width > 0 && decimals >= -2 && decimals <= 6)) return readable;
  return (value) => (Math.abs(value) < 1e5 ? value.toFixed(Math.max(0, decimals)).replace("-", "−") : readable(value));
}

/** `n` things, with the plural where it is due. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** ` unit`, or nothing for pure numbers. */
export const unitOf = (unit: string): string => (unit === "1" || unit === "" ? "" : ` ${unit}`);

/** An escaped name of a property. */
export const named = (name: string): string => escapeText(nameOf(name));

/** A place to link to: letters and digits of the text, and its number, which makes it unique. */
export const anchor = (text: string, i: number): string => `${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 40) || "part"}-${i + 1}`;

/** SVG for inside the page: HTML needs no namespaces, and a drawing needs no comments. */
export const inline = (svg: string): string => svg.replaceAll(/\s+xmlns(:\w+)?=(["']).*?\2/g, "").replaceAll(/<!--.*?-->/gs, "").replaceAll(/<\?.*?\?>/gs, "").trim();

/** A figure with its caption; `wide` ones take two columns. */
export const figure = (svg: string, caption: string, wide = ""): string => `<figure${wide === "" ? "" : ` class="${wide}"`}>${inline(svg)}<figcaption>${escapeText(caption)}</figcaption></figure>`;

/** A table that scrolls by itself where the page is narrow. Cells are HTML. */
export const table = (name: string, head: readonly string[], rows: readonly (readonly string[])[], chosen = -1): string =>
  `<div class="scroll" tabindex="0" role="region" aria-label="${escapeText(name)}"><table><thead><tr>${head.map((h) => `<th scope="col">${h}</th>`).join("")}</tr></thead><tbody>${rows.map((row, i) => `<tr${i === chosen ? ' class="chosen"' : ""}>${row.map((cell, j) => (j === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join("")}</tr>`).join("")}</tbody></table></div>`;

/** At most `most` of the items, evenly spread. */
export const thinned = <T>(items: readonly T[], most: number): readonly T[] => (items.length <= most ? items : Array.from({ length: most }, (_, k) => items[Math.floor((k * items.length) / most)]!));
