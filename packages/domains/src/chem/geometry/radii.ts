/*
 * Atomic radii for building and checking 3-D structures, in angstrom.
 *
 * Covalent radii for single, double and triple bonds: Pyykkö & Atsumi, Chem. Eur. J. 15 (2009) 186 and 12770;
 * Pyykkö, Riedel & Patzschke, Chem. Eur. J. 11 (2005) 3511. Van der Waals radii: Bondi, J. Phys. Chem. 68 (1964)
 * 441, with H from Rowland & Taylor, J. Phys. Chem. 100 (1996) 7384 kept at Bondi's 1.20, and Mantina et al.,
 * J. Phys. Chem. A 113 (2009) 5806 for the main-group elements that Bondi lacks.
 */

/** z: [single, double, triple, van der Waals] */
const RADII: Readonly<Record<number, readonly [number, number, number, number]>> = {
  1: [0.32, 0.32, 0.32, 1.2],
  3: [1.33, 1.24, 1.24, 1.82],
  4: [1.02, 0.9, 0.85, 1.53],
  5: [0.85, 0.78, 0.73, 1.92],
  6: [0.75, 0.67, 0.6, 1.7],
  7: [0.71, 0.6, 0.54, 1.55],
  8: [0.63, 0.57, 0.53, 1.52],
  9: [0.64, 0.59, 0.53, 1.47],
  11: [1.55, 1.6, 1.6, 2.27],
  12: [1.39, 1.32, 1.27, 1.73],
  13: [1.26, 1.13, 1.11, 1.84],
  14: [1.16, 1.07, 1.02, 2.1],
  15: [1.11, 1.02, 0.94, 1.8],
  16: [1.03, 0.94, 0.95, 1.8],
  17: [0.99, 0.95, 0.93, 1.75],
  19: [1.96, 1.93, 1.93, 2.75],
  20: [1.71, 1.47, 1.33, 2.31],
  30: [1.18, 1.2, 1.2, 1.39],
  31: [1.24, 1.17, 1.21, 1.87],
  32: [1.21, 1.11, 1.14, 2.11],
  33: [1.21, 1.14, 1.06, 1.85],
  34: [1.16, 1.07, 1.07, 1.9],
  35: [1.14, 1.09, 1.1, 1.85],
  50: [1.4, 1.3, 1.32, 2.17],
  51: [1.4, 1.33, 1.27, 2.06],
  52: [1.36, 1.28, 1.21, 2.06],
  53: [1.33, 1.29, 1.25, 1.98],
};

/** Whether lengths are known for bonds of this element. */
export const hasRadii = (z: number): boolean => Object.hasOwn(RADII, z);

/** Pyykkö's covalent radius of element z in a bond of the given order; an order of 1.5 is the mean of single and double. */
export function covalentRadius(z: number, order = 1): number {
  const [single, double, triple] = RADII[z]!;
  if (order <= 1) return single;
  if (order < 2) return (single + double) / 2;
  return order < 3 ? double : triple;
}

/** Bondi's van der Waals radius of element z. */
export const vanDerWaalsRadius = (z: number): number => RADII[z]![3];
