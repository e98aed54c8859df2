/* What a chemist reads off the oxidation states: charge balance, ionicity, radii of cations and anions. */
import { one, parseUnit } from "@tatara/engine/base";
import type { Descriptor } from "@tatara/engine/generate";
import { shannonRadius } from "../../elements/facts.ts";
import { oxidationOf } from "../oxidation.ts";
import { shipped } from "../shipped.ts";
import { symbolOf } from "../symbols.ts";
import type { Composition } from "../type.ts";

const FEATURES: readonly (readonly [name: string, unit: string, about: string])[] = [
  ["balanced", "1", "1 where known oxidation states balance, mixed valence of one element included"],
  ["imbalance", "1", "charge per atom that the best assignment leaves over"],
  ["log_probability", "1", "log frequency of the assigned states in known crystals"],
  ["mean_charge", "1", "mean size of the oxidation states over the atoms"],
  ["highest_state", "1", "highest oxidation state"],
  ["lowest_state", "1", "lowest oxidation state"],
  ["cation_fraction", "1", "share of the atoms with a positive state"],
  ["electronegativity_difference", "1", "mean electronegativity (Pauling) of anions less that of cations"],
  ["ionic_character", "1", "mean over pairs of atoms of Pauling's ionic share, 1 - exp(-d^2 / 4)"],
  ["cation_radius", "Å", "mean Shannon radius of the cations, six-fold coordination or the nearest tabulated"],
  ["anion_radius", "Å", "mean Shannon radius of the anions"],
  ["radius_ratio", "1", "cation radius over anion radius"],
];

/** NaN where there are no cations or anions, or no radius of that state. */
export function ionic(): Descriptor<Composition> {
  return {
    id: "ionic",
    about: `${FEATURES.length} numbers from the most probable charge-balanced oxidation states`,
    features: FEATURES.map(([name, unit, about]) => ({ name: `ionic:${name}`, unit: unit === "1" ? one : parseUnit(unit), about, block: "ionic" })),
    write: (s, row) => valuesOf(s).forEach((value, i) => (row[i] = Number.isFinite(value) ? value : Number.NaN)),
  };
}

function valuesOf(s: Composition): readonly number[] {
  const { balanced, states, logProbability, imbalance } = oxidationOf(s);
  const over = (keep: (state: number) => boolean, of: (i: number) => number): number => {
    let [sum, weight] = [0, 0];
    states.forEach((state, i) => {
      if (!keep(state)) return;
      sum += s.fractions[i]! * of(i);
      weight += s.fractions[i]!;
    });
    return sum / weight;
  };
  const [cation, anion] = [(q: number) => q > 0, (q: number) => q < 0];
  const chi = (i: number) => shipped("en_pauling", s.z[i]!);
  const radius = (i: number) => shannonRadius(symbolOf(s.z[i]!), Math.round(states[i]!), 6)?.radius ?? Number.NaN;
  const [rc, ra] = balanced ? [over(cation, radius), over(anion, radius)] : [Number.NaN, Number.NaN];
  return [
    Number(balanced),
    imbalance,
    logProbability,
    over(() => true, (i) => Math.abs(states[i]!)),
    Math.max(...states),
    Math.min(...states),
    states.reduce((sum, q, i) => sum + (q > 0 ? s.fractions[i]! : 0), 0),
    over(anion, chi) - over(cation, chi),
    pairs(s),
    rc,
    ra,
    rc / ra,
  ];
}

function pairs({ z, fractions }: Composition): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++)
    for (let j = 0; j < z.length; j++) sum += fractions[i]! * fractions[j]! * (1 - Math.exp(-((shipped("en_pauling", z[i]!) - shipped("en_pauling", z[j]!)) ** 2) / 4));
  return sum;
}
