/* @tatara/engine/search: samplers, how they are driven, and whether to believe them. */
export type * from "./types.ts";
export { smc } from "./smc.ts";
export type { SmcOptions } from "./options.ts";
export type { SmcMode } from "./move.ts";
export { run } from "./run.ts";
export type { Stage } from "./run.ts";
export { distinctMaterials, thresholdsAt } from "./diagnostics.ts";
export { increments, nextPosition, tempered } from "./tempering.ts";
export type { NextPosition } from "./tempering.ts";
export { logAcceptance, logAcceptanceHeuristic } from "./accept.ts";
export type { Judged } from "./accept.ts";
export { leaders } from "./modes.ts";
export type { LeaderOptions } from "./modes.ts";
export { agreement, kolmogorovDistance } from "./replicates.ts";
export type { Agreement, AgreementOptions, Replicate } from "./replicates.ts";
