/* Units of the chemistry descriptors. */
import type { Unit } from "@tatara/engine/base";

export const gramPerMole: Unit = { symbol: "g/mol", dimension: [0, 1, 0, 0, 0, -1, 0], scale: 1e-3, offset: 0 };
export const squareAngstrom: Unit = { symbol: "Å²", dimension: [2, 0, 0, 0, 0, 0, 0], scale: 1e-20, offset: 0 };
export const cubicAngstrom: Unit = { symbol: "Å³", dimension: [3, 0, 0, 0, 0, 0, 0], scale: 1e-30, offset: 0 };
/** Molar refraction. */
export const cubicCentimetrePerMole: Unit = { symbol: "cm³/mol", dimension: [3, 0, 0, 0, 0, -1, 0], scale: 1e-6, offset: 0 };
