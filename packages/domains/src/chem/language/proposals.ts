/* The catalogue of proposals on strings of the language, generic over the kind of material. */
import { InputError, fold, oneOfThese, stream } from "@tatara/engine/base";
import type { Catalog, Key, Schema } from "@tatara/engine/base";
import type { Proposal, ProposalRecipe } from "@tatara/engine/generate";
import type { Graph } from "../types.ts";
import { writeSmiles } from "../smiles/write.ts";
import type { Edit } from "./edits.ts";
import { changeBond, changeElement, deleteAtom, insertAtom, parseOr } from "./edits.ts";
import { addSubstituent, cross, exchangeSubstituent, library, removeSubstituent, swapSubstituents } from "./fragments.ts";
import type { Grammar } from "./grammar.ts";
import { rootsOf } from "./grammar.ts";
import { repair, rerootRegrow, reservoir } from "./heuristic.ts";
import { normalise, spell } from "./spelling.ts";
import { asLanguage, truncateRegrow } from "./truncate.ts";

/** Materials of the corpus that fragments are cut from and mates chosen among; evenly spaced in larger ones. */
const MATES = 2000;

/** Options of one whole number, from 1. */
const count = (name: string, standard: number): Schema<Record<string, unknown>> => ({
  parse(value) {
    const given = (value ?? {}) as Record<string, unknown>;
    if (typeof value === "object" && value !== null) for (const key of Object.keys(value)) if (key !== name) throw new InputError(`unknown option: "${key}" — ${oneOfThese(key, [name])}`, { path: `options.${key}` });
    const n = given[name] ?? standard;
    if (typeof n !== "number" || !Number.isInteger(n) || n < 1 || n > 1000) throw new InputError(`wrong ${name}: ${String(n)} — a whole number from 1 to 1000`, { path: `options.${name}`, value: n });
    return { [name]: n };
  },
});

const none: Schema<Record<string, unknown>> = {
  parse(value) {
    const [name] = Object.keys((value ?? {}) as object);
    if (name !== undefined) throw new InputError(`unknown option: "${name}" — there is none`, { path: `options.${name}` });
    return {};
  },
};

/** Proposals of a kind of material: `truncate-regrow` is exact, the others are for heuristic samplers. */
export function languageProposals<S>(grammar: Grammar<S>): Catalog<ProposalRecipe<S, string>> {
  const mates = (corpus: readonly S[]) => {
    const step = Math.max(1, Math.ceil(corpus.length / MATES));
    return corpus.filter((_, i) => i % step === 0).map((s) => parseOr(grammar.textOf(s))).filter((graph) => graph !== undefined && graph.atoms.length > 0) as Graph[];
  };
  const deepest = count("deepest", 20);
  return {
    "truncate-regrow": {
      about: "delete tokens from the end and let the language model finish the string",
      exact: true,
      options: deepest,
      make: (prior, _, options) => truncateRegrow(asLanguage(prior, "truncate-regrow"), deepest.parse(options)["deepest"] as number),
    },
    "re-root": {
      about: "write the material from another atom, then truncate and regrow",
      exact: false,
      options: deepest,
      make: (prior, _, options) => rerootRegrow(asLanguage(prior, "re-root"), { roots: grammar.roots, deepest: deepest.parse(options)["deepest"] as number }),
    },
    repair: {
      about: "replace a stretch of tokens and keep of the rest what still fits",
      exact: false,
      options: count("longest", 8),
      make: (prior, _, options) => repair(asLanguage(prior, "repair"), count("longest", 8).parse(options)["longest"] as number),
    },
    reservoir: {
      about: "replace the material by one of the corpus",
      exact: false,
      options: none,
      make: (_, corpus) => reservoir(corpus.map((s) => grammar.textOf(s)).flatMap((text) => ("fault" in spell(text) ? [] : [normalise(text)]))),
    },
    edit: {
      about: "change an atom, a bond or a substituent",
      exact: false,
      options: none,
      make: (_, corpus) => editProposal(grammar, mates(corpus)),
    },
    crossover: {
      about: "join a piece of the material with a piece of another one",
      exact: false,
      options: none,
      make: (_, corpus) => crossProposal(grammar, mates(corpus)),
    },
  };
}

/** The new graph as a state: rooted as the grammar wants it, unless it has lost or gained attachment points. */
function stateOf<S>(grammar: Grammar<S>, graph: Graph | undefined, key: Key): string | undefined {
  if (graph === undefined || graph.atoms.length === 0) return undefined;
  const ends = graph.bonds.filter(({ a, b }) => graph.atoms[a]!.z === 0 || graph.atoms[b]!.z === 0);
  const stars = graph.atoms.filter(({ z }) => z === 0).length;
  if (stars !== grammar.attachments || ends.length !== stars) return undefined;
  const roots = rootsOf(graph, grammar.roots);
  return normalise(writeSmiles(graph, { root: roots[stream(key).below(roots.length)]!, key: fold(key, "order") }));
}

function editProposal<S>(grammar: Grammar<S>, graphs: readonly Graph[]): Proposal<string> {
  const substituents = library(graphs);
  const edits: readonly Edit[] = [changeElement, changeElement, changeBond, insertAtom, deleteAtom, addSubstituent(substituents), removeSubstituent, exchangeSubstituent(substituents), exchangeSubstituent(substituents), swapSubstituents];
  return {
    id: "edit",
    exact: false,
    propose(key, from) {
      const graph = parseOr(from);
      if (graph === undefined) return { to: from };
      const rng = stream(fold(key, "edit"));
      // An edit may find no place; another one is tried then.
      for (let i = 0; i < edits.length; i++) {
        const to = stateOf(grammar, edits[rng.below(edits.length)]!(graph, rng), fold(key, i));
        if (to !== undefined) return { to };
      }
      return { to: from };
    },
  };
}

function crossProposal<S>(grammar: Grammar<S>, graphs: readonly Graph[]): Proposal<string> {
  return {
    id: "crossover",
    exact: false,
    propose(key, from) {
      const graph = parseOr(from);
      if (graph === undefined || graphs.length === 0) return { to: from };
      const rng = stream(fold(key, "mate"));
      const child = cross(rng, [graph, graphs[rng.below(graphs.length)]!], grammar.attachments);
      return { to: stateOf(grammar, child, fold(key, "write")) ?? from };
    },
  };
}
