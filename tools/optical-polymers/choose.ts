/*
 * Which polymers go into the table: a keyed sample over the polymerisation rules. What the rules of one monomer make
 * comes in whole (chain growth, ring opening, self-condensation); the rules of two monomers share the other places
 * in proportion to the number of polymers that they can make.
 */
import { fold, hash, stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import type { Rdkit } from "@tatara/domains/chem";
import { polymerise } from "@tatara/domains/polymer";

export interface Choice {
  /** Canonical repeat unit. */
  readonly smiles: string;
  readonly polymerClass: string;
  readonly rule: string;
  readonly monomers: readonly string[];
}

export interface ChooseOptions {
  readonly rdkit: Rdkit;
  readonly monomers: readonly string[];
  readonly canonical: (unit: string) => string;
  readonly size: number;
  /** Heavy atoms in the unit, `*` not counted. */
  readonly mostAtoms: number;
}

/** Elements that the calibration of the refractive index does not cover. */
const UNCOVERED = /Si|Se|P|I|B(?!r)/;

/** The chosen polymers, each once, in an order that is itself random, so that every prefix is a sample. */
export function choose(options: ChooseOptions, key: Key): readonly Choice[] {
  const byRule = Map.groupBy(distinct(options), ({ rule }) => rule);
  const pools = [...byRule].map(([rule, choices]) => ({ choices: shuffled(choices, fold(key, rule)), isWhole: choices[0]!.monomers.length === 1 }));
  const whole = pools.filter(({ isWhole }) => isWhole).flatMap(({ choices }) => choices);
  const shared = pools.filter(({ isWhole }) => !isWhole).map(({ choices }) => choices);
  const places = proportional(shared.map((choices) => choices.length), options.size - whole.length);
  return shuffled([...whole, ...shared.flatMap((choices, i) => choices.slice(0, places[i]))], fold(key, "order"));
}

/** Every polymer within the limits, once; a polymer that two rules make belongs to the first. */
function distinct({ rdkit, monomers, canonical, mostAtoms }: ChooseOptions): readonly Choice[] {
  const found = new Map<string, Choice>();
  for (const { polymer, rule, class: polymerClass, monomers: from } of polymerise(rdkit, monomers)) {
    if (heavyAtoms(polymer) > mostAtoms || UNCOVERED.test(polymer)) continue;
    const smiles = canonical(polymer);
    if (!found.has(smiles)) found.set(smiles, { smiles, polymerClass, rule, monomers: from });
  }
  return [...found.values()];
}

const heavyAtoms = (text: string): number => (text.match(/\[[^\]]*\]|Br|Cl|[A-Za-z]/g) ?? []).filter((atom) => !/^\[(\*|H\])/.test(atom)).length;

/** `size` places in proportion to what is available, rounded by running remainders; all of it when there is less. */
function proportional(available: readonly number[], size: number): readonly number[] {
  const total = available.reduce((a, b) => a + b, 0);
  let [before, given] = [0, 0];
  return available.map((n) => {
    before += n;
    const places = Math.round((Math.min(size, total) * before) / total) - given;
    given += places;
    return places;
  });
}

/** Sorted by a random draw that depends on the item alone, so that other monomers in the list change nothing. */
function shuffled(choices: readonly Choice[], key: Key): Choice[] {
  const draw = (choice: Choice) => stream(fold(key, Number.parseInt(hash(choice.smiles).slice(0, 12), 16))).uniform();
  return choices
    .map((choice) => ({ choice, at: draw(choice) }))
    .sort((a, b) => a.at - b.at || (a.choice.smiles < b.choice.smiles ? -1 : 1))
    .map(({ choice }) => choice);
}
