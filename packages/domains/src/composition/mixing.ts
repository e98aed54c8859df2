/* Compositions as mixtures of elements: what it takes to go over whole phase diagrams. */
import { InputError } from "@tatara/engine/base";
import type { Mixing } from "@tatara/engine/generate";
import { atomicNumber } from "../chem/elements.ts";
import type { ElementTable } from "../elements/types.ts";
import { composition } from "./canonical.ts";
import { cost } from "./rules.ts";
import { symbolOf } from "./symbols.ts";
import type { Composition } from "./type.ts";

/** Mixtures of the elements of one table. */
export function compositionMixing({ symbols }: ElementTable): Mixing<Composition> {
  return {
    parts: symbols,
    descriptors: ["fraction-statistics"],
    mix(parts, amounts) {
      const present = parts.map((part, k) => ({ z: numberOf(part), amount: amounts[k]! })).filter(({ amount }) => amount > 0);
      if (present.length === 0) throw new InputError(`nothing to mix: no amount of ${parts.join(", ")} — at least one is positive`, { value: amounts });
      present.sort((a, b) => a.z - b.z);
      return composition({ z: present.map(({ z }) => z), amounts: present.map(({ amount }) => amount) });
    },
    price: cost,
    shares: ({ z, fractions }) => z.map((one, k) => [symbolOf(one), fractions[k]!] as const),
  };
}

function numberOf(symbol: string): number {
  const z = atomicNumber(symbol);
  if (z === undefined) throw new InputError(`unknown element: "${symbol}" — a symbol such as Al`, { value: symbol });
  return z;
}
