/*
 * Where things lie in linear memory. AssemblyScript's own allocator is not used: from the heap base there
 * is one fixed scratch region for packed operands, and all above it belongs to the TypeScript side.
 */

/** Rows of a register tile. */
export const MR: usize = 4;
/** Depth of one packed block: sums over k are cut here, whatever the shape, so that rounding depends on k alone. */
export const KC: usize = 256;
/** Rows of a packed block of A; with KC it fills a quarter of a 1 MiB level-2 cache. */
export const MC: usize = 128;
/** Columns of a packed block of B. */
export const NC: usize = 512;
/** Rows of A that the Cholesky panel solve handles at once. */
export const STRIP: usize = 16;

const A_BYTES: usize = MC * KC * 8;
const B_BYTES: usize = KC * (NC + 8) * 8;
const TILE_BYTES: usize = 512;
const STRIP_BYTES: usize = STRIP * 256 * 8;

// @ts-ignore: decorator
@inline
export function packedA(): usize {
  return (__heap_base + 63) & ~63;
}
// @ts-ignore: decorator
@inline
export function packedB(): usize {
  return packedA() + A_BYTES;
}
// @ts-ignore: decorator
@inline
export function tile(): usize {
  return packedB() + B_BYTES;
}
// @ts-ignore: decorator
@inline
export function strip(): usize {
  return tile() + TILE_BYTES;
}

/** First byte that the caller may use. */
export function heapStart(): usize {
  return strip() + STRIP_BYTES;
}
