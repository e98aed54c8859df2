/*
 * Colour refinement (Weisfeiler and Leman, 1968) on a chain: two atoms get one colour when their surroundings look
 * alike however far one walks. Colours are numbers that depend on structure alone, so they agree between a unit and
 * the same unit written twice over. Equal atoms have equal colours; the converse can fail for rare graphs, so a
 * colour proposes and the canonical text decides.
 */
import type { Chain } from "./chain.ts";

const AROMATIC = 12;

/** Mixes a value into a running 32-bit hash (a round of MurmurHash3). */
function mix(seed: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = seed ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** One signed 32-bit colour per atom. */
export function coloursOf({ atoms, bonds, topology: { neighbours, atomInRing } }: Chain): Int32Array {
  const kinds = bonds.map(({ order, aromatic }) => (aromatic ? AROMATIC : order));
  let colours = Int32Array.from(atoms, ({ z, charge, hydrogens, isotope, aromatic, radicals }, i) =>
    [z, charge, hydrogens, isotope, Number(aromatic), radicals, neighbours[i]!.length, atomInRing[i]!].reduce(mix, 0));
  for (let count = new Set(colours).size; ; ) {
    const next = colours.map((colour, i) => {
      const around = neighbours[i]!.map(({ atom, bond }) => mix(mix(7, kinds[bond]!), colours[atom]!)).sort((x, y) => x - y);
      return around.reduce(mix, mix(1, colour));
    });
    const grown = new Set(next).size;
    colours = next;
    if (grown <= count) return colours;
    count = grown;
  }
}
