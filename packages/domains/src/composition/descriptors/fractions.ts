/* The composition itself as a vector: one fraction for each element of the table. */
import { one } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { atomicNumber } from "../../chem/elements.ts";
import type { ElementTable } from "../../elements/types.ts";
import { LAST_Z } from "../symbols.ts";
import type { Composition } from "../type.ts";

/** NaN throughout for a composition with an element that the table does not have. */
export function fractions({ symbols }: ElementTable): Descriptor<Composition> {
  const place = new Int32Array(LAST_Z + 1).fill(-1);
  symbols.forEach((symbol, i) => (place[atomicNumber(symbol)!] = i));
  return {
    id: "fractions",
    about: `the share of atoms of each of ${symbols.length} elements`,
    features: symbols.map((symbol) => ({ name: `fraction:${symbol}`, unit: one, about: `share of the atoms that are ${symbol}`, block: "fractions" })),
    write({ z, fractions: shares }, row) {
      const known = z.every((element) => place[element]! >= 0);
      row.fill(known ? 0 : Number.NaN);
      if (known) z.forEach((element, i) => (row[place[element]!] = shares[i]!));
    },
  };
}
