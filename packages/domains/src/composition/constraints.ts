/*
 * Hard conditions on compositions: how many elements and which, how much of each, price, supply, charge. Each is built
 * from a study's value, checked once, and then judges one composition at a time: undefined when it is met, else the
 * reason in words.
 */
import { InputError, parseUnit, type Catalog } from "@tatara/engine/base";
import { parseTarget } from "@tatara/engine/design";
import type { ConstraintRecipe } from "@tatara/engine/generate";
import { atomicNumber } from "../chem/elements.ts";
import { count, list, number, symbols, type Reader } from "../chem/values.ts";
import { facts } from "../elements/facts.ts";
import { systemOf } from "./groups.ts";
import { oxidationOf } from "./oxidation.ts";
import { cost, mean, supplyRisk } from "./rules.ts";
import { shipped } from "./shipped.ts";
import { symbolOf } from "./symbols.ts";
import type { Composition } from "./type.ts";

type Recipe = ConstraintRecipe<Composition>;

/** Rounding of fractions, so that "20 at.%" holds for what was written so. */
const ROUNDING = 1e-6;

export const compositionConstraints: Catalog<Recipe> = {
  max_elements: recipe("most elements", count, (most) => ({ z }) => (z.length <= most ? undefined : `${z.length} elements, at most ${most}`)),
  min_elements: recipe("fewest elements", count, (least) => ({ z }) => (z.length >= least ? undefined : `${z.length} elements, at least ${least}`)),
  elements: recipe("symbols of the elements allowed", symbols, (allowed) => {
    const set = numbersOf(allowed);
    return ({ z }) => say(z.filter((one) => !set.has(one)), (one) => `contains ${symbolOf(one)}`);
  }),
  forbid: recipe("symbols of elements none of which may occur", symbols, (unwanted) => {
    const set = numbersOf(unwanted);
    return ({ z }) => say(z.filter((one) => set.has(one)), (one) => `contains forbidden ${symbolOf(one)}`);
  }),
  require: recipe("symbols of elements that must all occur", symbols, (wanted) => {
    const set = [...numbersOf(wanted)];
    return ({ z }) => say(set.filter((one) => !z.includes(one)), (one) => `lacks required ${symbolOf(one)}`);
  }),
  fraction: recipe('share of an element, such as { Al: "20 .. 60 at.%" } or { Cr: ">= 12 wt.%" }', shares, (wanted) => (s) => say(wanted.filter((w) => !w.holds(s)), (w) => w.reason(s))),
  systems: recipe('chemical systems allowed, such as "Al-Cu-Fe"; what uses only a part of one belongs to it', systems, (allowed) => (s) =>
    allowed.some((system) => s.z.every((one) => system.has(one))) ? undefined : `system ${systemOf(s)} is not among those allowed`),
  max_cost: recipe("dearest elements allowed: US dollars per kg of the material", number(0, 1e9), (most) => (s) => {
    const value = cost(s);
    return Number.isNaN(value) ? `price of ${unknown(s, (z) => facts.get(symbolOf(z))?.price)} unknown` : value <= most ? undefined : `elements cost ${Number(value.toPrecision(3))} USD/kg, at most ${most}`;
  }),
  max_supply_risk: recipe("most concentrated supply allowed: mean Herfindahl-Hirschman index of production, 0 to 10000; over 2500 is called concentrated", number(0, 10_000), (most) => (s) => {
    const value = supplyRisk(s);
    return Number.isNaN(value) ? `supply of ${unknown(s, (z) => facts.get(symbolOf(z))?.hhi)} unknown` : value <= most ? undefined : `supply index ${Math.round(value)}, at most ${most}`;
  }),
  charge_neutral: recipe("true: known oxidation states must balance, mixed valence of one element included", truth, (wanted) => (s) => {
    if (!wanted || oxidationOf(s).balanced) return undefined;
    const { imbalance } = oxidationOf(s);
    return Number.isNaN(imbalance) ? "no oxidation states known" : `charges do not balance: ${Number(imbalance.toPrecision(2))} left per atom`;
  }),
};

function recipe<V>(about: string, read: Reader<V>, build: (value: V) => (s: Composition) => string | undefined): Recipe {
  return { about, schema: { parse: read }, make: (value) => build(read(value)) };
}

const numbersOf = (wanted: readonly string[]): ReadonlySet<number> => new Set(wanted.map((symbol) => atomicNumber(symbol)!));

/** One reason for everything found, or none. */
const say = <T>(found: readonly T[], reason: (item: T) => string): string | undefined => (found.length === 0 ? undefined : found.map(reason).join(", "));

const unknown = ({ z }: Composition, fact: (z: number) => unknown): string => z.filter((one) => fact(one) === undefined).map(symbolOf).join(", ");

function truth(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new InputError(`not true or false: ${JSON.stringify(value)} — write true to ask for charge balance`, { value });
}

function systems(value: unknown): readonly ReadonlySet<number>[] {
  return (typeof value === "string" ? [value] : list((one) => one)(value)).map((one) => {
    if (typeof one !== "string") throw new InputError(`not a chemical system: ${JSON.stringify(one)} — write symbols joined by hyphens, such as "Al-Cu-Fe"`, { value });
    return numbersOf(symbols(one.split("-").map((symbol) => symbol.trim())));
  });
}

interface Share {
  holds(s: Composition): boolean;
  reason(s: Composition): string;
}

/** { Al: "20 .. 60 at.%" }: bounds in at.% or wt.%; bare numbers up to 1 are fractions of the atoms. */
function shares(value: unknown): readonly Share[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new InputError(`not a mapping from elements to shares: ${JSON.stringify(value)} — write { Al: "20 .. 60 at.%" }`, { value });
  return Object.entries(value).map(([symbol, text]) => share(symbols(symbol)[0]!, text));
}

function share(symbol: string, value: unknown): Share {
  const z = atomicNumber(symbol)!;
  const line = String(value).replaceAll(/\b(at|wt)\s*\.?\s*-?\s*%/gi, (_, kind: string) => `${kind.toLowerCase()}%`).replaceAll(/(?<=\d)(?=(?:at|wt)%)/g, " ");
  const byMass = line.includes("wt%");
  if (byMass && line.includes("at%")) throw new InputError(`two units in one share: ${symbol}: "${String(value)}" — use at.% or wt.%`, { value });
  const target = parseTarget(symbol, line.replaceAll(/(?:at|wt)%/g, "%"), parseUnit("1"));
  if (target.kind !== "interval") throw new InputError(`not a share: ${symbol}: "${String(value)}" — write bounds such as "20 .. 60 at.%" or "<= 5 wt.%"`, { value });
  const [low, high] = [target.low, target.high];
  if (low > 1 || (high < 0 && high !== Number.POSITIVE_INFINITY)) throw new InputError(`share outside 0 to 1: ${symbol}: "${String(value)}" — percentages need their sign: "20 .. 60 at.%"`, { value });
  const of = (s: Composition): number => {
    const w = s.fractions[s.z.indexOf(z)] ?? 0;
    return byMass && w > 0 ? (w * shipped("atomic_weight", z)) / mean(s, (one) => shipped("atomic_weight", one)) : w;
  };
  const unit = byMass ? "wt.%" : "at.%";
  return {
    holds: (s) => of(s) >= low - ROUNDING && of(s) <= high + ROUNDING,
    reason: (s) => `${Number((100 * of(s)).toPrecision(3))} ${unit} ${symbol}, allowed ${low === Number.NEGATIVE_INFINITY ? "at most" : high === Number.POSITIVE_INFINITY ? "at least" : `${percent(low)} to`} ${percent(high === Number.POSITIVE_INFINITY ? low : high)}`,
  };
}

const percent = (w: number): string => String(Number((100 * w).toPrecision(6)));
