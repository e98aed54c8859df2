/* SVG as text: elements are strings, attributes are escaped, coordinates have one decimal. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export const escapeText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** One element; numbers are rounded to 0.1 px, undefined attributes left out. */
export function el(tag: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === "number" ? px(value) : escapeText(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${tag}${text}/>` : `<${tag}${text}>${children.join("")}</${tag}>`;
}

/** Escaped text in an element: labels, tooltips. */
export const label = (tag: string, attributes: Attributes, text: string): string => el(tag, attributes, escapeText(text));

export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** A path through points. */
export const line = (points: readonly (readonly [number, number])[]): string => points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${px(x)},${px(y)}`).join("");

/** A number for a reader: three significant digits, no trailing zeros, a true minus. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "—";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(2).replace(/\.?0+e/, "e") : String(Number(value.toPrecision(size >= 1000 ? 4 : 3)));
  return text.replace("-", "−");
}
