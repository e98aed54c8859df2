/*
 * The prior `known`: compositions like those of a corpus — their elements (how many, which together), and their
 * stoichiometry — with a share for combinations that nobody has made. The density is exact and over states; that of a
 * material is the sum over its multiples (Fe2O3, Fe4O6, …), of which the reduced one has nearly all.
 */
import { fold, InputError, oneOfThese, type Key, type Schema } from "@tatara/engine/base";
import type { Prior, PriorRecipe } from "@tatara/engine/generate";
import { isMix, lift, type Mix } from "../state.ts";
import type { Composition } from "../type.ts";
import { amountModel, type AmountModel } from "./amounts.ts";
import { elementModel, type ElementModel } from "./elements.ts";

export interface KnownOptions {
  /** Elements at most in a composition; those of the richest in the corpus when 0. */
  readonly max_elements: number;
  /** Total of the amounts on which new alloys lie: 100 for whole at.%. */
  readonly grid: number;
}

export const KNOWN_DEFAULTS: KnownOptions = { max_elements: 0, grid: 100 };

/** A fitted prior, with its parts for the moves that need them. */
export interface KnownPrior extends Prior<Mix> {
  readonly elements: ElementModel;
  readonly amounts: AmountModel;
  readonly options: KnownOptions;
}

interface Stored {
  readonly format: 1;
  readonly options: KnownOptions;
  /** Distinct states of the corpus and how often each was seen. */
  readonly states: readonly (readonly [Mix, number])[];
}

export const knownOptions: Schema<KnownOptions> = {
  parse(value) {
    const given = (value ?? {}) as Record<string, unknown>;
    if (typeof given !== "object" || Array.isArray(given)) throw new InputError(`wrong options of known: ${JSON.stringify(value)} — a mapping is expected`, { path: "options", value });
    for (const name of Object.keys(given)) if (!Object.hasOwn(KNOWN_DEFAULTS, name)) throw new InputError(`unknown option of known: "${name}" — ${oneOfThese(name, Object.keys(KNOWN_DEFAULTS))}`, { path: `options.${name}` });
    const { max_elements, grid } = { ...KNOWN_DEFAULTS, ...given } as Record<keyof KnownOptions, unknown>;
    return { max_elements: whole("max_elements", max_elements, 0, 30), grid: whole("grid", grid, 2, 100_000) };
  },
};

function whole(name: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new InputError(`wrong ${name}: ${String(value)} — a whole number from ${low} to ${high}`, { path: `options.${name}`, value });
}

export const knownRecipe: PriorRecipe<Composition, Mix> = {
  about: "elements that go together in known compositions, with their stoichiometries, and a share for new combinations",
  options: knownOptions as unknown as Schema<Record<string, unknown>>,
  fit(corpus, options) {
    if (corpus.length === 0) throw new InputError("empty corpus: 0 compositions — the prior needs at least one", { path: "corpus" });
    const states = new Map<string, [Mix, number]>();
    for (const s of corpus) {
      const entry = states.get(s.formula);
      if (entry) entry[1]++;
      else states.set(s.formula, [lift(s), 1]);
    }
    return build({ format: 1, options: knownOptions.parse(options), states: [...states.values()] });
  },
  load(json) {
    const stored = json as Stored;
    if (stored?.format !== 1 || !Array.isArray(stored.states)) throw new InputError("not a prior of known compositions — give what toJSON returned");
    return build(stored);
  },
};

function build(stored: Stored): KnownPrior {
  const { options, states } = stored;
  const most = options.max_elements || Math.max(...states.map(([{ z }]) => z.length));
  const usable = states.filter(([{ z }]) => z.length <= most);
  if (usable.length === 0) throw new InputError(`no composition of at most ${most} elements in the corpus — allow more with max_elements`, { path: "options.max_elements", value: most });
  const elements = elementModel(usable.map(([{ z }, count]) => [z, count] as const), most);
  const amounts = amountModel(usable, options.grid);
  return {
    id: "known",
    options,
    elements,
    amounts,
    sample(key: Key) {
      const z = elements.sample(fold(key, "elements"));
      return { z, n: amounts.sample(fold(key, "amounts"), z) };
    },
    logDensity: (mix) => (isMix(mix) ? elements.logDensity(mix.z) + amounts.logDensity(mix) : Number.NEGATIVE_INFINITY),
    toJSON: () => stored,
  };
}
