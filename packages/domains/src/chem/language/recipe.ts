/* The n-gram prior as a catalogue entry: its options, and fitting it to a corpus of materials. */
import { InputError, oneOfThese } from "@tatara/engine/base";
import type { Schema } from "@tatara/engine/base";
import type { PriorRecipe } from "@tatara/engine/generate";
import { countNgrams } from "./counts.ts";
import type { Grammar } from "./grammar.ts";
import { languagePrior, loadPrior } from "./prior.ts";
import type { Smoothing } from "./tables.ts";

export interface NgramOptions {
  /** Longest context, in tokens. */
  readonly order: number;
  readonly smoothing: Smoothing;
  /** Strings per material, the canonical one included; 0 lets the corpus size decide. */
  readonly rerootings: number;
  /** Tokens at most in a string. */
  readonly maxLength: number;
}

export const NGRAM_DEFAULTS: NgramOptions = { order: 10, smoothing: "back-off", rerootings: 0, maxLength: 250 };

/** Strings per material when the options leave it open: many for small corpora, one beyond 50,000 materials. */
export const defaultRerootings = (materials: number): number => (materials > 50_000 ? 1 : Math.max(1, Math.min(20, Math.ceil(40_000 / Math.max(1, materials)))));

const stringsEach = (materials: number, rerootings: number): number => (rerootings > 0 ? rerootings : defaultRerootings(materials));

/** Fills in defaults; throws InputError for unknown or impossible options. */
export const ngramOptions: Schema<NgramOptions> = {
  parse(value) {
    if (value === undefined || value === null) return NGRAM_DEFAULTS;
    if (typeof value !== "object" || Array.isArray(value)) throw new InputError(`wrong options of ngram: ${String(value)} — an object is expected`, { path: "options", value });
    for (const name of Object.keys(value)) if (!Object.hasOwn(NGRAM_DEFAULTS, name)) throw new InputError(`unknown option of ngram: "${name}" — ${oneOfThese(name, Object.keys(NGRAM_DEFAULTS))}`, { path: `options.${name}` });
    const { order, smoothing, rerootings, maxLength } = { ...NGRAM_DEFAULTS, ...(value as Record<string, unknown>) } as Record<keyof NgramOptions, unknown>;
    if (smoothing !== "back-off" && smoothing !== "kneser-ney") throw new InputError(`wrong smoothing: ${String(smoothing)} — back-off or kneser-ney`, { path: "options.smoothing", value: smoothing });
    return { order: whole("order", order, 1, 30), smoothing, rerootings: whole("rerootings", rerootings, 0, 1000), maxLength: whole("maxLength", maxLength, 4, 2000) };
  },
};

function whole(name: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new InputError(`wrong ${name}: ${String(value)} — a whole number from ${low} to ${high}`, { path: `options.${name}`, value });
}

/** The prior `ngram` of a kind of material. Fitting throws InputError when no material of the corpus can be said. */
export const ngramRecipe = <S>(grammar: Grammar<S>): PriorRecipe<S, string> => ({
  about: "extended SMILES n-gram with a valence- and ring-aware guard: strings like those of the corpus",
  options: ngramOptions as unknown as Schema<Record<string, unknown>>,
  fit(corpus, options, key) {
    if (corpus.length === 0) throw new InputError("empty corpus: 0 materials — the language model needs at least one", { path: "corpus" });
    const { order, smoothing, rerootings, maxLength } = ngramOptions.parse(options);
    const each = stringsEach(corpus.length, rerootings);
    const counts = countNgrams(corpus.map((s) => grammar.textOf(s)), { grammar, maxLength, rerootings: each }, key);
    return languagePrior(counts, { grammar: grammar.id, order, smoothing, limits: { stars: grammar.attachments, components: grammar.components, room: maxLength } });
  },
  effort: (materials, options) => materials * stringsEach(materials, ngramOptions.parse(options).rerootings),
  load: (json) => loadPrior(json, grammar.id),
});
