/*
 * SVG as text. Elements are strings; attributes and text are escaped; coordinates have one decimal. An
 * element with a coordinate that is not a number has no place, and is not drawn.
 */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Far outside every frame, and still a length that all viewers accept. */
const FAR = 1e5;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
// XML 1.0, production 2: no control characters but tab and line breaks; half a surrogate pair is no character.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that is safe in XML and HTML, between tags and in quoted attributes. */
export const escapeText = (text: string): string => text.replaceAll(FORBIDDEN, "\ufffd").replaceAll(/[&<>"']/g, (c) => ENTITIES[c]!);

/** One element; numbers are rounded to 0.1 px, undefined attributes left out; "" when a number is NaN. */
export function el(tag: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  if (entries.some(([, value]) => Number.isNaN(value))) return "";
  const text = entries.map(([name, value]) => ` ${name}="${typeof value === "number" ? px(value) : escapeText(String(value))}"`).join("");
  const inside = children.join("");
  return inside === "" ? `<${tag}${text}/>` : `<${tag}${text}>${inside}</${tag}>`;
}

/** Escaped text in an element: labels, tooltips. */
export const label = (tag: string, attributes: Attributes, text: string): string => el(tag, attributes, escapeText(text));

/** A coordinate with one decimal, kept where viewers can count; "" for NaN. */
export const px = (value: number): string => (Number.isNaN(value) ? "" : String(Math.round(Math.min(Math.max(value, -FAR), FAR) * 10) / 10 + 0));

/** Path data through points; broken where a point has no place; "" without points. */
export function line(points: readonly (readonly [number, number])[]): string {
  let open = false;
  return points
    .map(([x, y]) => {
      const placed = !Number.isNaN(x) && !Number.isNaN(y);
      const command = open ? "L" : "M";
      open = placed;
      return placed ? `${command}${px(x)},${px(y)}` : "";
    })
    .join("");
}
