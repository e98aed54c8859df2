/** An invertible scramble of 32 bits (MurmurHash3's finaliser), after which every bit tells as much as another. */
export function mix(id: number): number {
  let h = Math.imul(id ^ (id >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
