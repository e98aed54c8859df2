/* @tatara/engine/numeric: small numerical helpers. Dense linear algebra lives in @tatara/kernels. */
export type { Matrix } from "./types.ts";
export * from "./special.ts";
