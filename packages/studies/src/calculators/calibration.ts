/*
 * From the atom sums of GFN2 (polarizability) and Bondi spheres (volume) to a refractive index, by Lorentz-Lorenz:
 *
 *   (n² − 1) / (n² + 2) = (4π/3) · packing · scale · x · (x / REFERENCE)^exponent,   x = polarizability / volume
 *
 * `packing` is van der Waals volume over the volume of the amorphous solid, a mean of measured densities. `scale`
 * and `exponent` are fitted to measured indices: an atom sum is blind to conjugation and to how much closer polarisable
 * matter packs, and both make x count a little more than once. `node tools/optical-polymers/calibrate.ts` fits and
 * prints the numbers below from `tools/optical-polymers/literature.csv`. Silicon and heavier elements than bromine
 * are not covered.
 */

export interface Calibration {
  readonly packing: number;
  readonly scale: number;
  readonly exponent: number;
}

/** Polarizability per van der Waals volume of a typical organic polymer. */
const REFERENCE = 0.11;

export const CALIBRATION: Calibration = { packing: 0.644, scale: 1.043, exponent: 0.234 };

/** n at the sodium D line, from polarizability and van der Waals volume of the repeat unit in cubic angstrom. */
export function refractiveIndex(polarizability: number, volume: number, { packing, scale, exponent }: Calibration = CALIBRATION): number {
  const x = polarizability / volume;
  const phi = ((4 * Math.PI) / 3) * packing * scale * x * (x / REFERENCE) ** exponent;
  return Math.sqrt((1 + 2 * phi) / (1 - phi));
}
