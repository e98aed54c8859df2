/*
 * The chemical language model: a guarded SMILES n-gram as prior, and proposals on its strings.
 *
 * A domain plugs it in with three lines. It describes itself once,
 *
 *   const grammar: Grammar<Polymer> = { id: "polymer", textOf: (s) => s.text, attachments: 2, components: false, roots: "attachments" };
 *
 * where `textOf` gives RDKit's canonical SMILES with plain `*` (for molecules: attachments 0, roots "any", components
 * true if salts are wanted), and then says in its Domain<S, string>:
 *
 *   priors: { ngram: ngramRecipe(grammar) },
 *   proposals: languageProposals(grammar),
 *   lift: (s) => normalise(grammar.textOf(s)),
 *   project: (state) => codec.parse(state),
 *
 * States are SMILES text in the language's own form (`normalise`): RDKit reads it as it stands. The canonical string
 * of every corpus material is a training string, so that its lifted state has a density; strings far from the corpus
 * may have none (−∞) under back-off, and always have one under Kneser–Ney if their tokens are known. A sample can,
 * rarely, run into a dead end; its text is then no SMILES and `project` throws, as for any other invalid state.
 *
 * To count a large corpus in parallel, call `countNgrams` on chunks of canonical texts with one and the same key,
 * `mergeCounts` the parts, and hand them to `languagePrior`.
 */
export { ngramRecipe, ngramOptions, NGRAM_DEFAULTS, defaultRerootings } from "./recipe.ts";
export type { NgramOptions } from "./recipe.ts";
export { languageProposals } from "./proposals.ts";
export type { Grammar } from "./grammar.ts";
export { normalise, spell, unspell } from "./spelling.ts";
export type { Spelling } from "./spelling.ts";
export { languagePrior, loadPrior } from "./prior.ts";
export type { LanguagePrior, PriorOptions } from "./prior.ts";
export { countNgrams, mergeCounts } from "./counts.ts";
export type { CountOptions, NgramCounts } from "./counts.ts";
export type { Smoothing } from "./tables.ts";
