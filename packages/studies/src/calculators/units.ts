/* The units in which calculators answer, and the factors from atomic units (CODATA 2018). */
import { parseUnit } from "@tatara/engine/base";

export const electronvolt = parseUnit("eV");
export const debye = parseUnit("debye");
export const cubicAngstrom = parseUnit("angstrom^3");

/** Cubic angstrom in one cubic bohr. */
export const CUBIC_BOHR = 0.529177210903 ** 3;
/** Debye in one atomic unit of dipole moment. */
export const ATOMIC_DIPOLE = 2.541746473;
/** Electronvolts in one hartree. */
export const HARTREE = 27.211386245988;
