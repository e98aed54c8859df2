/* @tatara/engine/base: what everything else is made of. */
export { InputError, NumericalError, UnsupportedError, lookUp } from "./errors.ts";
export { didYouMean, oneOfThese, suggestion } from "./suggest.ts";
export { fold, key, permutation, split, stream, threefry2x32 } from "./key.ts";
export type { Key, Rng } from "./key.ts";
export { pause, quiet, under } from "./context.ts";
export type { Checkpoint, Context, Progress } from "./context.ts";
export { decode, decodeWithArrays, encode, encodeWithArrays } from "./encoding.ts";
export type { Manifest } from "./encoding.ts";
export { hash, hashJson, stableJson } from "./hash.ts";
export type { Catalog, Schema } from "./schema.ts";
export { checkSameDimension, convert, convertAll, convertDifference, formatUnit, one, parseUnit, sameDimension } from "./unit.ts";
export type { Dimension, Quantity, Unit } from "./unit.ts";
