/*
 * Proposals on the level of monomers: the polymer is taken apart into the monomers that a rule makes it of, one of
 * them is exchanged (`monomer`) or changed a little (`monomer-edit`), and the rule puts them together again. So every
 * step ends at a polymer with a recipe. How likely the way back is cannot be said: only samplers named heuristic
 * accept these.
 */
import { InputError, oneOfThese, stream } from "@tatara/engine/base";
import type { Catalog, Key, Rng, Schema } from "@tatara/engine/base";
import type { Proposal, ProposalRecipe } from "@tatara/engine/generate";
import { ecfp4 } from "../chem/circular.ts";
import { normalise } from "../chem/language/spelling.ts";
import { tanimotoBits } from "../chem/tanimoto.ts";
import type { Rdkit } from "../chem/types.ts";
import { polymerCodec, chainTopology } from "./codec.ts";
import { decomposer, type Part, type Recipe } from "./decompose.ts";
import { EDITS } from "./edits.ts";
import { polymerFaults } from "./faults.ts";
import { libraryOf, type Library, type LibraryUnit, type Role } from "./library.ts";
import { join, react, readings } from "./reaction.ts";
import type { Polymer } from "./type.ts";

/** Candidates among which the most similar one is taken. */
const TOURNAMENT = 8;
/** Edits that are tried before a proposal gives up. */
const TRIES = 12;

interface MonomerOptions {
  /** Share of exchanges for a similar monomer; the others are for any of the library. */
  readonly similar: number;
  /** Share of jumps to any polymer that the library makes. */
  readonly jump: number;
}

const DEFAULTS: MonomerOptions = { similar: 0.6, jump: 0.05 };

const options: Schema<MonomerOptions> = {
  parse(value) {
    const given = (value ?? {}) as Record<string, unknown>;
    for (const name of Object.keys(given)) if (!Object.hasOwn(DEFAULTS, name)) throw new InputError(`unknown option: "${name}" — ${oneOfThese(name, Object.keys(DEFAULTS))}`, { path: name, value });
    const read = { ...DEFAULTS, ...given };
    for (const [name, share] of Object.entries(read)) if (!(typeof share === "number" && share >= 0 && share <= 1)) throw new InputError(`wrong share ${name}: ${String(share)} — a number from 0 to 1`, { path: name, value: share });
    return read;
  },
};

const none: Schema<Record<string, unknown>> = {
  parse(value) {
    for (const name of Object.keys((value ?? {}) as object)) throw new InputError(`unknown option: "${name}" — there are none`, { path: name, value });
    return {};
  },
};

/** The monomers' library and what finds recipes in it. */
interface Workshop { readonly rdkit: Rdkit; readonly library: Library; readonly recipesOf: (polymer: string) => readonly Recipe[] }

/** `monomer` and `monomer-edit` over a list of monomers; the library is made at the first use, in 1 to 2 s for 500 monomers. */
export function monomerProposals(rdkit: Rdkit, monomers: readonly string[]): Catalog<ProposalRecipe<Polymer, string>> {
  let made: Workshop | undefined;
  const workshop = () => {
    if (made) return made;
    const library = libraryOf(rdkit, monomers);
    return (made = { rdkit, library, recipesOf: decomposer(rdkit, library) });
  };
  return {
    monomer: {
      about: "exchange one monomer for another of the library that enters the same polymerisation",
      exact: false,
      options: options as unknown as Schema<Record<string, unknown>>,
      make: (_prior, _corpus, given) => steps("monomer", workshop, exchange(options.parse(given))),
    },
    "monomer-edit": {
      about: "change a substituent, ring, bridge or linker of one monomer, and polymerise it",
      exact: false,
      options: none,
      make: (_prior, _corpus, given) => (none.parse(given), steps("monomer-edit", workshop, edit)),
    },
  };
}

/** What becomes of a polymer: a text of a repeat unit, or undefined when nothing was found. */
type Step = (workshop: Workshop, rng: Rng, from: Polymer) => string | undefined;

/** A step as a proposal: it returns `from` when it finds nothing sound. */
function steps(id: string, workshop: () => Workshop, step: Step): Proposal<string> {
  return {
    id,
    exact: false,
    propose(key: Key, from: string) {
      const shop = workshop();
      const codec = polymerCodec(shop.rdkit);
      const start = codec.parse(from);
      const text = step(shop, stream(key), start);
      const to = text === undefined ? undefined : orNothing(() => codec.parse(text));
      return { to: to === undefined || polymerFaults(to).length > 0 || to.smiles === start.smiles ? from : normalise(to.smiles) };
    },
  };
}

/** An edit may leave the language of the toolkit; anything else is an error. */
function orNothing<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.below(items.length)]!;

const exchange = ({ similar, jump }: MonomerOptions): Step => ({ library, recipesOf, rdkit }, rng, from) => {
  const recipes = recipesOf(from.smiles);
  if (rng.uniform() < jump) return product(library, rng);
  if (recipes.length === 0) return nearestProduct(rdkit, library, rng, from);
  const recipe = pick(rng, recipes);
  const at = rng.below(recipe.length);
  const part = recipe[at]!;
  const unit = rng.uniform() < similar ? nearest(part, draws(part.role.units, rng)) : pick(rng, part.role.units);
  return assemble(recipe.map(({ text, unit: own }, i) => (i === at ? unit.readings : (own?.readings ?? readings(rdkit, text)))), rng);
};

/** A few units other than the part itself. */
const draws = (units: readonly LibraryUnit[], rng: Rng): readonly LibraryUnit[] => Array.from({ length: TOURNAMENT }, () => pick(rng, units));

const nearest = ({ print, text }: Part, units: readonly LibraryUnit[]): LibraryUnit => {
  const score = (unit: LibraryUnit) => (unit.text === text ? -1 : tanimotoBits(print, unit.print));
  return units.reduce((best, other) => (score(other) > score(best) ? other : best));
};

/** Any polymer of the library: a rule, then its monomers, all alike likely. */
function product({ homo, pairs }: Library, rng: Rng): string {
  const roles: readonly (readonly Role[])[] = [...homo.map((role) => [role]), ...pairs];
  const chosen = pick(rng, roles).map(({ units }) => pick(rng, units));
  return chosen.length === 1 ? chosen[0]!.text : join(pick(rng, chosen[0]!.readings), pick(rng, chosen[1]!.readings));
}

/** A polymer without a recipe goes to the most similar of a few of the library's. */
function nearestProduct(rdkit: Rdkit, library: Library, rng: Rng, from: Polymer): string {
  const codec = polymerCodec(rdkit);
  const own = ecfp4(chainTopology(from));
  const score = (s: Polymer) => tanimotoBits(own, ecfp4(chainTopology(s)));
  return Array.from({ length: TOURNAMENT }, () => codec.parse(product(library, rng))).reduce((best, other) => (score(other) > score(best) ? other : best)).smiles;
}

/** Put units together, each turned at random; a single one is closed on itself. */
function assemble(units: readonly (readonly string[])[], rng: Rng): string {
  const texts = units.map((unit) => pick(rng, unit));
  return texts.length === 1 ? `*${texts[0]}` : join(texts[0]!, texts[1]!);
}

const edit: Step = ({ rdkit, recipesOf }, rng, from) => {
  const recipes = recipesOf(from.smiles);
  const recipe = recipes.length === 0 ? undefined : pick(rng, recipes);
  const at = recipe ? rng.below(recipe.length) : 0;
  const changed = edited(rdkit, recipe?.[at]?.text ?? from.smiles, rng);
  if (changed === undefined || !recipe) return changed;
  return assemble(recipe.map(({ text, unit }, i) => (i === at ? readings(rdkit, changed) : (unit?.readings ?? readings(rdkit, text)))), rng);
};

/** The unit after the first of a few random edits that applies. */
function edited(rdkit: Rdkit, unit: string, rng: Rng): string | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const outcomes = react(rdkit, pick(rng, EDITS), unit).filter((text) => text !== unit && !text.includes("."));
    if (outcomes.length > 0) return pick(rng, outcomes);
  }
  return undefined;
}
