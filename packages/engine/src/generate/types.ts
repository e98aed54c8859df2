/*
 * Stage two, the raw material of design: what materials are plausible (priors), how one becomes another
 * (proposals), and the plug-in that teaches the engine one kind of material (Domain).
 *
 * S is the material, T the state that a prior can score: a token string, a fraction vector, a latent point.
 * The material is the state's projection. T must be plain JSON data.
 */
import type { Catalog, Schema } from "../base/schema.ts";
import type { Context } from "../base/context.ts";
import type { Key } from "../base/key.ts";
import type { Feature, Table } from "../data/types.ts";

/** Text ⇄ material. `key` is equal exactly when two materials are the same thing. */
export interface Codec<S> {
  /** Throws InputError with the reason when the text is no such material. */
  parse(text: string): S;
  /** Canonical text: parse(format(s)) has the key of s. */
  format(s: S): string;
  key(s: S): string;
}

/** A pure map from one material to a fixed row of numbers; NaN where a feature is undefined. */
export interface Descriptor<S> {
  readonly id: string;
  readonly about: string;
  readonly features: readonly Feature[];
  /** Why it cannot describe a material, in words; undefined when it can, and left out where it always can. Such a material is refused. */
  refuses?(s: S): string | undefined;
  /** Overwrites all of `row` (length features.length). Equal for equal keys. */
  write(s: S, row: Float64Array): void;
}

/** What materials are plausible before any property is asked for. */
export interface Prior<T> {
  readonly id: string;
  sample(key: Key): T;
  /** log p(state); −∞ where the prior cannot produce it. */
  logDensity(state: T): number;
  toJSON(): unknown;
}

export interface PriorRecipe<S, T> {
  readonly about: string;
  readonly options: Schema<Record<string, unknown>>;
  fit(corpus: readonly S[], options: Record<string, unknown>, key: Key): Prior<T>;
  /** How the work of fitting grows with the materials of the corpus, on any scale, for forecasts; in proportion when left out. */
  effort?(materials: number, options: Record<string, unknown>): number;
  load(json: unknown): Prior<T>;
}

/**
 * A local change. `logRatio` = log q(from | to) − log q(to | from), 0 when symmetric; a proposal that cannot
 * say leaves it out, and only samplers named heuristic accept it. A proposal that finds nothing returns `from`.
 */
export interface Proposal<T> {
  readonly id: string;
  /** Whether every proposed change carries its logRatio. */
  readonly exact: boolean;
  propose(key: Key, from: T): { readonly to: T; readonly logRatio?: number };
}

/** Builds a proposal for a fitted prior and a corpus of real materials. */
export interface ProposalRecipe<S, T> {
  readonly about: string;
  readonly exact: boolean;
  readonly options: Schema<Record<string, unknown>>;
  make(prior: Prior<T>, corpus: readonly S[], options: Record<string, unknown>): Proposal<T>;
}

/** A named hard condition that a domain offers, such as "at most 40 heavy atoms". */
export interface ConstraintRecipe<S> {
  readonly about: string;
  readonly schema: Schema<unknown>;
  /** Build the predicate from the study's value: undefined when satisfied, else the reason. Throws InputError on a bad value. */
  make(value: unknown): (s: S) => string | undefined;
}

/** Materials that are shares of named parts and nothing else: what it takes to go over all mixtures of some of them. */
export interface Mixing<S> {
  /** Names of all parts, such as chemical symbols. */
  readonly parts: readonly string[];
  /** Descriptors of a study that goes over mixtures and names none: those that change smoothly with the shares. */
  readonly descriptors: readonly string[];
  /** The material with amounts ≥ 0 of different parts, on any scale. Throws InputError when all are zero. */
  mix(parts: readonly string[], amounts: ArrayLike<number>): S;
  /** The shares of a material's parts, positive and summing to one. */
  shares(s: S): readonly (readonly [part: string, share: number])[];
  /** What the parts of a material cost, in USD/kg; NaN where it is not known. */
  price?(s: S): number;
}

/** Features that a rule may speak of. */
export interface Readable {
  /** Names of descriptors. */
  readonly descriptors: readonly string[];
  /** Patterns (`*` for anything) of features that are left out: they may go with a property and yet explain nothing. */
  readonly without: readonly string[];
}

/** Everything the engine must know about one kind of material. A plain object; synchronous and pure. */
export interface Domain<S, T = string> {
  readonly id: string;
  /** Column that holds the material when nothing is said, such as `formula`. */
  readonly column: string;
  /** Toolkit versions that results depend on, for caches and run records. */
  readonly versions: Readonly<Record<string, string>>;
  readonly codec: Codec<S>;
  /** Every reason the material is impossible; empty when it is sound. */
  faults(s: S): readonly string[];
  /** The state of a material, for a sampler to start from; deterministic. */
  lift(s: S): T;
  /** The material of a state. Throws InputError when the state is no material. */
  project(state: T): S;
  readonly descriptors: Catalog<Descriptor<S>>;
  /** Descriptors of `represent` when a study names none. */
  readonly defaultDescriptors: readonly string[];
  /** What rules speak of when a study says nothing: descriptors of numbers that a reader knows; `defaultDescriptors` when left out. */
  readonly readable?: Readable;
  /** The first is the one of a study that names none. */
  readonly priors: Catalog<PriorRecipe<S, T>>;
  readonly proposals: Catalog<ProposalRecipe<S, T>>;
  readonly constraints: Catalog<ConstraintRecipe<S>>;
  /** Similarity in [0, 1] of two materials, 1 for equal ones: for diversity, novelty and clusters. */
  similarity(a: S, b: S): number;
  /** What `similarity` measures, for readers: a short name ("Tanimoto similarity"), and what its value 1 means. */
  readonly similarityMeans: { readonly name: string; readonly about: string };
  /** Texts of materials that known building blocks and rules give: what enumeration alone would find. Deterministic order. */
  readonly library?: () => readonly string[];
  /** Named groupings for splits: scaffold, class, chemical system. */
  readonly groups: Catalog<(s: S) => string>;
  /** For kinds of material that are mixed from parts in any proportion. */
  readonly mixing?: Mixing<S>;
  /** SVG text of one material, `width` × `height` px; `highlight` gives a weight in [−1, 1] per atom or part. */
  draw(s: S, size: { readonly width: number; readonly height: number }, highlight?: readonly number[]): string;
}

/** One state after evaluation. */
export interface Evaluated {
  /** Identity of the material; null when the state is no sound material or violates a constraint. */
  readonly key: string | null;
  /** Canonical text of the material; null likewise. */
  readonly text: string | null;
  /** Why it was refused; empty when sound. */
  readonly reasons: readonly string[];
}

/** Domain work on whole batches: inline in a test, or in worker threads. Results do not depend on the number of workers. */
export interface Batches<T> {
  sample(key: Key, n: number, ctx: Context): Promise<readonly T[]>;
  propose(key: Key, from: readonly T[], ctx: Context): Promise<readonly { readonly to: T; readonly logRatio?: number; readonly logDensity?: number; readonly proposal: string }[]>;
  /** log p(state) under the prior. */
  logDensity(states: readonly T[], ctx: Context): Promise<Float64Array>;
  /** Project, check faults and constraints, and name each state's material. */
  evaluate(states: readonly T[], ctx: Context): Promise<readonly Evaluated[]>;
  /** Descriptor rows of materials given as canonical texts (as `evaluate` returned them). */
  describe(texts: readonly string[], ctx: Context): Promise<Table>;
}
