/* Words and numbers of a composition for tooltips. */
import { readable } from "../number.ts";
import type { Composition } from "./types.ts";

/** `Al 62.5, Cu 25, Fe 12.5 at.%`. */
export const inPercent = (corners: readonly string[], at: Composition): string => `${corners.map((name, i) => `${name} ${readable(Math.round(at[i]! * 1e4) / 100)}`).join(", ")} at.%`;

/** A composition given in any amounts, as fractions. */
export function fractionsOf(amounts: Composition): Composition {
  const sum = amounts[0] + amounts[1] + amounts[2];
  return [amounts[0] / sum, amounts[1] / sum, amounts[2] / sum];
}
