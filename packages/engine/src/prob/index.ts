/* @tatara/engine/prob: predictive distributions, joint probabilities, resampling, scores, diagnostics. */
export type * from "./types.ts";
export { normalMarginal, numericMarginal, studentMarginal } from "./marginal.ts";
export type { Named, RowLaw } from "./marginal.ts";
export { affineMarginal } from "./affine.ts";
export { exponentialMarginal } from "./exponential.ts";
export { HURDLE_SCALES, hurdleMarginal } from "./hurdle.ts";
export { mixtureMarginal } from "./mixture.ts";
export type { MixtureOptions } from "./mixture.ts";
export { scaledMarginal } from "./scaled.ts";
export { categoricalMarginal } from "./categorical.ts";
export { marginalOf, predictive } from "./predictive.ts";
export { conditionalSampleSize, effectiveSampleSize, normalisedWeights, systematicResampling } from "./resampling.ts";
export {
  calibrationError, coverage, crpsNormal, crpsOf, crpsStudent, intervalWidth, meanAbsoluteError, miscalibrationArea, negativeLogLikelihood, normalisedCalibrationError, rootMeanSquaredError, rSquared,
} from "./scoring.ts";
export { brierScore, classScores, confusionMatrix, likeliest, logLoss } from "./classes.ts";
export type { ClassScore } from "./classes.ts";
export { averagePrecision, averagePrecisionBy, expectedCalibrationError, reliability, rocAuc, rocAucBy } from "./ranking.ts";
export type { ReliabilityBin } from "./ranking.ts";
export { retention } from "./retention.ts";
export type { Retention } from "./retention.ts";
export { groupBootstrap, groupSampler } from "./groupBootstrap.ts";
export type { Bootstrapped, GroupBootstrapOptions, Groups } from "./groupBootstrap.ts";
export { binomialTest, clopperPearsonInterval, logLowerTail, logUpperTail, wilsonInterval } from "./binomial.ts";
export type { Interval } from "./binomial.ts";
export { chiSquareTest, rHat, splitRHat, twoSampleTest } from "./diagnostics.ts";
export type { TwoSample } from "./diagnostics.ts";
export { jointLogMass } from "./joint.ts";
export type { Region } from "./joint.ts";
