/* How much room text takes, without a font at hand: figures must not overlap whatever font the reader has. */

/** Mean advance of a character in em; on the wide side, so that what fits here fits elsewhere. */
const ADVANCE = 0.58;

/** Estimated width of a line of text in px. */
export const widthOf = (text: string, size: number): number => [...text].length * size * ADVANCE;

/** The text, or its beginning and end around an ellipsis, within `width` px: ends carry units and numbers. */
export function fit(text: string, width: number, size: number): string {
  const letters = [...text];
  const most = Math.max(3, Math.floor(width / (size * ADVANCE)));
  if (letters.length <= most) return text;
  const tail = Math.floor((most - 1) / 3);
  return `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(letters.length - tail).join("")}`;
}

/** A property's name for a reader. */
export const nameOf = (name: string): string => name.replaceAll("_", " ");

/** `name / unit`, without a unit for pure numbers. */
export const axisTitle = (name: string, unit: string): string => `${nameOf(name)}${perUnit(unit)}`;

/** ` / unit`, or nothing for pure numbers. */
export const perUnit = (unit: string): string => (unit === "1" || unit === "" ? "" : ` / ${unit}`);
