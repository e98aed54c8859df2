/* @tatara/studies/calculators: programs that compute quantities of a structure. */
export { opticalPolymer } from "./opticalPolymer.ts";
export type { OpticalPolymerOptions } from "./opticalPolymer.ts";
export { xtb } from "./molecule.ts";
export type { XtbOptions } from "./molecule.ts";
export { CALIBRATION, refractiveIndex } from "./calibration.ts";
export type { Calibration } from "./calibration.ts";
export { isFailure } from "./types.ts";
export type { Calculated, Calculator, Failure } from "./types.ts";
