/*
 * What an alloy is made of, element by element: averages lose which element plays which part. Elements are put in order
 * by amount, by electronegativity and by size, and sorted into kinds (electropositive, transition, s-p metals), and each
 * part is told by its share and its element's radius, electron count and Miedema parameters. Phases that Hume-Rothery
 * and Laves rules speak of (a size ratio of two parts, an electron count of one) are simple cuts in these numbers.
 * Parts that an alloy does not have repeat the nearest that it has (the second element of one element is the first),
 * or are missing (the mean radius of no transition metal).
 */
import { one, parseUnit, type Unit } from "@tatara/engine/base";
import type { Feature } from "@tatara/engine/data";
import type { Descriptor } from "@tatara/engine/generate";
import { electronsPerAtom, mixingEnthalpy, valenceElectrons } from "../rules.ts";
import { shipped } from "../shipped.ts";
import { LAST_Z } from "../symbols.ts";
import type { Composition } from "../type.ts";

/** An element alone, to ask a rule for its element value. */
const alone = (z: number) => ({ z: [z], fractions: [1] });

const VALUES = {
  radius: { unit: "pm", about: "metallic radius", of: (z: number) => shipped("metallic_radius", z) },
  phi: { unit: "V", about: "Miedema's work function", of: (z: number) => shipped("miedema_phi", z) },
  n_ws: { unit: "1", about: "Miedema's boundary electron density, cube root", of: (z: number) => Math.cbrt(shipped("miedema_n_ws", z)) },
  valence: { unit: "1", about: "valence electrons with d electrons", of: (z: number) => valenceElectrons(alone(z)) },
  itinerant: { unit: "1", about: "itinerant electrons (Raynor)", of: (z: number) => electronsPerAtom(alone(z)) },
  electronegativity: { unit: "1", about: "Pauling electronegativity", of: (z: number) => shipped("en_pauling", z) },
  mendeleev: { unit: "1", about: "Mendeleev number", of: (z: number) => shipped("mendeleev_number", z) },
  period: { unit: "1", about: "period", of: (z: number) => shipped("period", z) },
  atomic_number: { unit: "1", about: "atomic number", of: (z: number) => z },
} as const;
type Value = keyof typeof VALUES;

const AVERAGED = ["radius", "phi", "n_ws", "valence", "itinerant"] as const;
const BY_AMOUNT = ["radius", "phi", "valence", "mendeleev"] as const;
const OF_ENDS = ["radius", "phi", "valence", "electronegativity", "mendeleev", "itinerant", "atomic_number"] as const;
const OF_KINDS = ["radius", "phi", "valence", "period"] as const;

/** Parts of the periodic table by group; lanthanides and actinides stand in group 3. */
const PARTS: readonly (readonly [name: string, about: string, from: number, to: number])[] = [
  ["alkaline", "groups 1 and 2", 1, 2],
  ["rare_earth", "group 3 with the lanthanides and actinides", 3, 3],
  ["early_transition", "groups 4 to 6", 4, 6],
  ["late_transition", "groups 7 to 10", 7, 10],
  ["copper", "group 11", 11, 11],
  ["zinc", "group 12", 12, 12],
  ["aluminium", "group 13", 13, 13],
  ["tetrel", "group 14", 14, 14],
];
const KINDS: readonly (readonly [name: string, about: string, from: number, to: number])[] = [
  ["electropositive", "groups 1 to 3", 1, 3],
  ["transition", "groups 4 to 11", 4, 11],
  ["sp", "groups 12 to 18", 12, 18],
];

/** Element values by atomic number, read once. */
type Elements = Readonly<Record<Value, Float64Array>> & { readonly group: Float64Array };

let made: Elements | undefined;
const elements = (): Elements => (made ??= read());

function read(): Elements {
  const column = (of: (z: number) => number) => Float64Array.from({ length: LAST_Z + 1 }, (_, z) => (z === 0 ? Number.NaN : of(z)));
  const columns = Object.fromEntries(Object.entries(VALUES).map(([name, { of }]) => [name, column(of)])) as Record<Value, Float64Array>;
  return { ...columns, group: column(groupOf) };
}

/** The f block is filed under group 3. */
function groupOf(z: number): number {
  if ((z >= 57 && z <= 71) || (z >= 89 && z <= 103)) return 3;
  return shipped("group", z);
}

export function constituents(): Descriptor<Composition> {
  const features = featuresOf();
  return {
    id: "constituents",
    about: `${features.length} numbers of an alloy's parts: its elements by amount, electronegativity, size and kind`,
    features,
    write: (s, row) => {
      let at = 0;
      const put = (value: number) => void (row[at++] = Number.isFinite(value) ? value : Number.NaN);
      const known = elements();
      averages(s, known, put);
      byAmount(s, known, put);
      ends(s, known, put);
      sizes(s, known, put);
      kinds(s, known, put);
      pairs(s, known, put);
    },
  };
}

type Put = (value: number) => void;

function averages({ z, fractions }: Composition, known: Elements, put: Put): void {
  for (const name of AVERAGED) {
    const f = known[name];
    let mean = 0;
    for (let i = 0; i < z.length; i++) mean += fractions[i]! * f[z[i]!]!;
    let variance = 0;
    for (let i = 0; i < z.length; i++) variance += fractions[i]! * (f[z[i]!]! - mean) ** 2;
    put(mean);
    put(Math.sqrt(variance));
  }
}

/** Places in the composition by falling amount; of equals the lower atomic number first. */
const order = (of: (i: number) => number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => i).sort((a, b) => of(a) - of(b) || a - b);

function byAmount({ z, fractions }: Composition, known: Elements, put: Put): void {
  const places = order((i) => -fractions[i]!, z.length);
  put(places.length > 1 ? fractions[places[1]!]! : 0);
  put(places.length > 2 ? fractions[places[2]!]! : 0);
  const [first, second] = [z[places[0]!]!, z[places[1] ?? places[0]!]!];
  for (const name of BY_AMOUNT) {
    put(known[name][first]!);
    put(known[name][second]!);
    put(known[name][first]! - known[name][second]!);
  }
}

/** Places of the least and the greatest of a value; NaN counts as neither unless all are. */
function endsOf(z: readonly number[], f: Float64Array): readonly [number, number] {
  let [least, most] = [0, 0];
  for (let i = 1; i < z.length; i++) {
    const v = f[z[i]!]!;
    if (v < f[z[least]!]! || Number.isNaN(f[z[least]!]!)) least = i;
    if (v > f[z[most]!]! || Number.isNaN(f[z[most]!]!)) most = i;
  }
  return [least, most];
}

function ends({ z, fractions }: Composition, known: Elements, put: Put): void {
  for (const i of endsOf(z, known.electronegativity)) {
    put(fractions[i]!);
    for (const name of OF_ENDS) put(known[name][z[i]!]!);
  }
}

function sizes({ z, fractions }: Composition, { radius }: Elements, put: Put): void {
  const [small, large] = endsOf(z, radius);
  put(fractions[small]!);
  put(fractions[large]!);
  put(radius[z[large]!]! / radius[z[small]!]!);
  let mean = 0;
  for (let i = 0; i < z.length; i++) mean += fractions[i]! * radius[z[i]!]!;
  const [share, sum] = [[0, 0], [0, 0]] as [[number, number], [number, number]];
  for (let i = 0; i < z.length; i++) {
    const larger = radius[z[i]!]! > mean * (1 + ROUNDING) ? 1 : 0;
    share[larger] += fractions[i]!;
    sum[larger] += fractions[i]! * radius[z[i]!]!;
  }
  put(share[1]);
  put(share[1] > 0 && share[0] > 0 ? sum[1] / share[1] / (sum[0] / share[0]) : 1);
}

/** Atoms of one radius are not larger than their mean. */
const ROUNDING = 1e-9;

function kinds({ z, fractions }: Composition, known: Elements, put: Put): void {
  const within = (i: number, from: number, to: number) => known.group[z[i]!]! >= from && known.group[z[i]!]! <= to;
  for (const [, , from, to] of PARTS) {
    let share = 0;
    for (let i = 0; i < z.length; i++) if (within(i, from, to)) share += fractions[i]!;
    put(share);
  }
  for (const [, , from, to] of KINDS) {
    let share = 0;
    for (let i = 0; i < z.length; i++) if (within(i, from, to)) share += fractions[i]!;
    put(share);
    for (const name of OF_KINDS) {
      let sum = 0;
      for (let i = 0; i < z.length; i++) if (within(i, from, to)) sum += fractions[i]! * known[name][z[i]!]!;
      put(share > 0 ? sum / share : Number.NaN);
    }
  }
}

/** Equiatomic mixing enthalpies of the pairs: least, greatest, their spread, and of the most unlike two. */
function pairs({ z }: Composition, { electronegativity }: Elements, put: Put): void {
  const enthalpy = (a: number, b: number) => mixingEnthalpy({ z: [a, b], fractions: HALVES });
  let [least, most, sum, squares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < z.length; i++)
    for (let j = i + 1; j < z.length; j++) {
      const h = enthalpy(z[i]!, z[j]!);
      least = Math.min(least, h);
      most = Math.max(most, h);
      sum += h;
      squares += h * h;
      count++;
    }
  put(count > 0 ? least : 0);
  put(count > 0 ? most : 0);
  put(count > 0 ? Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) : 0);
  const [low, high] = endsOf(z, electronegativity);
  put(count > 0 ? enthalpy(Math.min(z[low]!, z[high]!), Math.max(z[low]!, z[high]!)) : 0);
}

const HALVES = [0.5, 0.5] as const;

/** In the order in which the functions above write. */
function featuresOf(): readonly Feature[] {
  const unitOf = (unit: string): Unit => (unit === "1" ? one : parseUnit(unit));
  const feature = (name: string, about: string, unit = "1"): Feature => ({ name: `constituents:${name}`, unit: unitOf(unit), about, block: "constituents" });
  const valued = (name: Value, prefix: string, words: string) => feature(`${prefix}_${name}`, `${VALUES[name].about} ${words}`, VALUES[name].unit);
  const enthalpy = (name: string, about: string) => feature(name, about, "kJ/mol");
  return [
    ...AVERAGED.flatMap((name) => [valued(name, "mean", "averaged over the atoms"), valued(name, "spread", "as its standard deviation over the atoms")]),
    feature("second_share", "share of the second commonest element"),
    feature("third_share", "share of the third commonest element"),
    ...BY_AMOUNT.flatMap((name) => [valued(name, "first", "of the commonest element"), valued(name, "second", "of the second commonest element"), valued(name, "step", "of the commonest element less that of the second")]),
    ...(["electropositive", "electronegative"] as const).flatMap((end) => [feature(`most_${end}_share`, `share of the most ${end} element`), ...OF_ENDS.map((name) => valued(name, `most_${end}`, `of the most ${end} element`))]),
    feature("smallest_share", "share of the smallest element"),
    feature("largest_share", "share of the largest element"),
    feature("radius_ratio", "largest over smallest metallic radius"),
    feature("larger_share", "share of the atoms larger than the mean"),
    feature("larger_ratio", "mean radius of the atoms larger than the mean over that of the others"),
    ...PARTS.map(([name, about]) => feature(`${name}_share`, `share of ${about}`)),
    ...KINDS.flatMap(([name, about]) => [feature(`${name}_metals_share`, `share of ${about}`), ...OF_KINDS.map((value) => valued(value, `${name}_metals`, `averaged over ${about}`))]),
    enthalpy("least_pair_enthalpy", "least mixing enthalpy of two of the elements at equal parts (Miedema)"),
    enthalpy("greatest_pair_enthalpy", "greatest mixing enthalpy of two of the elements at equal parts (Miedema)"),
    enthalpy("pair_enthalpy_spread", "standard deviation of the mixing enthalpies of the pairs"),
    enthalpy("unlike_pair_enthalpy", "mixing enthalpy of the most electropositive with the most electronegative element"),
  ];
}
