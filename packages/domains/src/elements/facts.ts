/* What rules and constraints need to know of an element beside the table's properties. Sources: data/factData.ts and card.md. */
import { electronData, hhiData, miedemaData, oxidationData, priceData, shannonData } from "./data/factData.ts";
import { elementTable } from "./table.ts";
import type { ElementFacts, MiedemaParameters, OxidationState, ShannonRadius } from "./types.ts";

/** Lines `symbol cell cell …` as a map from symbol to cells. */
const rowsOf = (text: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    text
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
      .map(([symbol, ...cells]) => [symbol!, cells]),
  );

const SHAPES: Readonly<Record<string, ShannonRadius["shape"]>> = { "": "", q: "square", y: "pyramid" };
const SPINS: Readonly<Record<string, ShannonRadius["spin"]>> = { "": "", h: "high", l: "low" };

function shannonOf(cell: string): ShannonRadius {
  const [, charge, coordination, shape, spin, radius] = /^(-?\d+)\/(\d+)([qy]?)([hl]?)=(.+)$/.exec(cell)!;
  return { charge: Number(charge), coordination: Number(coordination), shape: SHAPES[shape!]!, spin: SPINS[spin!]!, radius: Number(radius) };
}

function stateOf(cell: string): OxidationState {
  const [state, count] = cell.split(":");
  return { state: Number(state), count: Number.parseInt(count!, 10), common: cell.endsWith("*") };
}

function miedemaOf(cells: readonly string[]): MiedemaParameters {
  const [phi, nws, v23, rp, a] = cells.slice(0, 5).map(Number) as [number, number, number, number, number];
  return { phi, nws, v23, rp, a, transition: cells[5] === "transition" };
}

function parse(): ReadonlyMap<string, ElementFacts> {
  const [oxidation, shannon, miedema, price, hhi, electrons] = [oxidationData, shannonData, miedemaData, priceData, hhiData, electronData].map(rowsOf) as [Rows, Rows, Rows, Rows, Rows, Rows];
  const factsOf = (symbol: string): ElementFacts => {
    const [m, p, h, e] = [miedema, price, hhi, electrons].map((rows) => rows.get(symbol));
    return {
      symbol,
      oxidationStates: (oxidation.get(symbol) ?? []).map(stateOf),
      shannon: (shannon.get(symbol) ?? []).map(shannonOf),
      ...(m === undefined ? {} : { miedema: miedemaOf(m) }),
      ...(p === undefined ? {} : { price: { usdPerKg: Number(p[0]), year: Number(p[1]) } }),
      ...(h === undefined ? {} : { hhi: { production: Number(h[0]), reserve: Number(h[1]) } }),
      ...(e === undefined ? {} : { electronsPerAtom: Number(e[0]) }),
    };
  };
  return new Map(elementTable.symbols.map((symbol) => [symbol, factsOf(symbol)]));
}

type Rows = ReadonlyMap<string, readonly string[]>;

/** By symbol, for H to Og. */
export const facts: ReadonlyMap<string, ElementFacts> = parse();

/**
 * Shannon's radius of an ion in a site: of the plain shape and high spin where there are several, and of the nearest
 * coordination number (the smaller of two) where the one asked for is not tabulated; look at `coordination` to know.
 * Undefined where Shannon has no radius of that charge.
 */
export function shannonRadius(symbol: string, charge: number, coordination: number): ShannonRadius | undefined {
  const cost = (ion: ShannonRadius) => 10 * Math.abs(ion.coordination - coordination) + (ion.coordination > coordination ? 5 : 0) + (ion.shape === "" ? 0 : 2) + (ion.spin === "low" ? 1 : 0);
  return (facts.get(symbol)?.shannon ?? []).filter((ion) => ion.charge === charge).toSorted((a, b) => cost(a) - cost(b))[0];
}
