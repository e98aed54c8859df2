/* The units in which calculators answer (CODATA 2018). */
import type { Unit } from "@tatara/engine/base";

export const electronvolt: Unit = { symbol: "eV", dimension: [2, 1, -2, 0, 0, 0, 0], scale: 1.602176634e-19, offset: 0 };
export const debye: Unit = { symbol: "debye", dimension: [1, 0, 1, 1, 0, 0, 0], scale: 3.3356409519815204e-30, offset: 0 };
export const cubicAngstrom: Unit = { symbol: "A^3", dimension: [3, 0, 0, 0, 0, 0, 0], scale: 1e-30, offset: 0 };

/** Cubic angstrom in one cubic bohr. */
export const CUBIC_BOHR = 0.529177210903 ** 3;
/** Debye in one atomic unit of dipole moment. */
export const ATOMIC_DIPOLE = 2.541746473;
/** Electronvolts in one hartree. */
export const HARTREE = 27.211386245988;
