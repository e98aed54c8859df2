/* Ions: Shannon's radii and how often each charge occurs in crystals, both as pymatgen carries them. */
import type { Sources } from "./sources.ts";

export interface Ion {
  readonly charge: number;
  /** Coordination number, with `q` for a square and `y` for a pyramid. */
  readonly site: string;
  readonly spin: "" | "h" | "l";
  /** Å. */
  readonly radius: number;
}

export interface IonFacts {
  readonly ions: (symbol: string) => readonly Ion[];
  /** Charges that are not 0, the most frequent first, with the number of ICSD structures; common ones without an entry last, with 0. */
  readonly states: (symbol: string) => readonly { readonly state: number; readonly count: number; readonly common: boolean }[];
  /** Å; NaN where Shannon has none. */
  readonly radiusOfCommonIon: (symbol: string) => number;
}

const ROMAN: Readonly<Record<string, number>> = { I: 1, II: 2, III: 3, IV: 4, V: 5, VI: 6, VII: 7, VIII: 8, IX: 9, X: 10, XI: 11, XII: 12, XIV: 14 };
const SPIN: Readonly<Record<string, Ion["spin"]>> = { "": "", "High Spin": "h", "Low Spin": "l" };
const TYPICAL_SITE = 6;

export function ionFacts({ periodicTable, text }: Sources): IonFacts {
  const counts = occurrences(text.icsd);
  const ions = (symbol: string) => shannon(periodicTable[symbol]?.["Shannon radii"]);
  const states = (symbol: string) => {
    const common = (periodicTable[symbol]?.["Common oxidation states"] ?? []) as readonly number[];
    const seen = counts.get(symbol) ?? new Map<number, number>();
    return [...new Set([...seen.keys(), ...common])].map((state) => ({ state, count: seen.get(state) ?? 0, common: common.includes(state) })).toSorted((a, b) => b.count - a.count || b.state - a.state);
  };
  return { ions, states, radiusOfCommonIon: (symbol) => typicalRadius(ions(symbol), states(symbol).map(({ state }) => state)) };
}

/** `Fe3+: 549` of the section `occurrence`; the charge 0 is left out. */
function occurrences(yaml: string): Map<string, Map<number, number>> {
  const counts = new Map<string, Map<number, number>>();
  for (const [, symbol, size, sign, n] of yaml.slice(yaml.indexOf("\noccurrence:")).matchAll(/^ {2}([A-Z][a-z]?)(\d*)([+-]): (\d+)/gm)) {
    const state = Number(size === "" ? 1 : size) * (sign === "-" ? -1 : 1);
    if (state === 0) continue;
    if (!counts.has(symbol!)) counts.set(symbol!, new Map());
    counts.get(symbol!)!.set(state, Number(n));
  }
  return counts;
}

function shannon(cell: unknown): Ion[] {
  const table = (cell ?? {}) as Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, { ionic_radius: number }>>>>>>;
  return Object.entries(table)
    .flatMap(([charge, sites]) =>
      Object.entries(sites).flatMap(([site, spins]) =>
        Object.entries(spins).map(([spin, { ionic_radius: radius }]) => {
          const [, roman, shape] = /^([IVX]+?)(SQ|PY)?$/.exec(site)!;
          return { charge: Number(charge), site: `${ROMAN[roman!]}${shape === "SQ" ? "q" : shape === "PY" ? "y" : ""}`, spin: SPIN[spin]!, radius: Number(radius.toFixed(4)) };
        }),
      ),
    )
    .toSorted((a, b) => a.charge - b.charge || Number.parseInt(a.site, 10) - Number.parseInt(b.site, 10));
}

/** Of the first charge that has radii: the site nearest to six, plain shapes and high spin first. */
function typicalRadius(ions: readonly Ion[], states: readonly number[]): number {
  const charge = states.find((state) => ions.some((ion) => ion.charge === state && ion.radius > 0));
  const cost = (ion: Ion) => Math.abs(Number.parseInt(ion.site, 10) - TYPICAL_SITE) + (/[qy]$/.test(ion.site) ? 0.2 : 0) + (ion.spin === "l" ? 0.1 : 0);
  const [best] = ions.filter((ion) => ion.charge === charge && ion.radius > 0).toSorted((a, b) => cost(a) - cost(b));
  return best?.radius ?? Number.NaN;
}
