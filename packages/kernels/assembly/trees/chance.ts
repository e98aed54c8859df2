/* Draws: SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2714064.2660195) of (tree, path to the node, draw). */

let state: u64 = 0;

// @ts-ignore: decorator
@inline
export function mix(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
// @ts-ignore: decorator
@inline
export function below(count: i32): i32 {
  state += 0x9e3779b97f4a7c15;
  return <i32>(((mix(state) >> 32) * <u64>count) >> 32);
}

/** Begin the draws of a node. */
// @ts-ignore: decorator
@inline
export function reseed(hash: u64): void {
  state = hash;
}
