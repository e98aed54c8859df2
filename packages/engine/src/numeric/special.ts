/* The special functions in one place: files in other layers import from here or from the file itself. */
export { log1mexp, logAdd, logSumExp } from "./logspace.ts";
export { erf, erfc, erfcx, logErfc, logNormalCdf, logNormalDensity, logNormalMass, normalCdf, normalDensity, normalQuantile, normalQuantileOfLog, truncatedNormalQuantile } from "./normal.ts";
export { betaInc, digamma, gammaP, gammaQ, lgamma, lgammaHalfStep, logBeta, logBetaInc, logGammaP, logGammaQ } from "./gamma.ts";
export { logStudentCdf, logStudentDensity, logStudentMass, studentCdf, studentQuantile } from "./student.ts";
