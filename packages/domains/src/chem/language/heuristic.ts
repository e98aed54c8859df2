/* Proposals that change strings without knowing how likely the way back is: re-rooting, repair and the reservoir. */
import { fold, stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import type { Proposal } from "@tatara/engine/generate";
import { parseSmiles } from "../smiles/parse.ts";
import { writeSmiles } from "../smiles/write.ts";
import { parseOr } from "./edits.ts";
import type { Grammar } from "./grammar.ts";
import { rootsOf } from "./grammar.ts";
import type { LanguagePrior } from "./prior.ts";
import { normalise } from "./spelling.ts";

/** The material rewritten from a random root with a random order of neighbours. */
function reroot(text: string, roots: Grammar<unknown>["roots"], key: Key): string {
  const graph = parseSmiles(text);
  const starts = rootsOf(graph, roots);
  if (starts.length === 0) return text;
  return normalise(writeSmiles(graph, { root: starts[stream(key).below(starts.length)]!, key: fold(key, "order") }));
}

/** Write the material from another root, then truncate and regrow: any part of it can be renewed. */
export function rerootRegrow(prior: LanguagePrior, { roots, deepest }: { roots: Grammar<unknown>["roots"]; deepest: number }): Proposal<string> {
  return {
    id: "re-root",
    exact: false,
    propose(key, from) {
      if (parseOr(from) === undefined) return { to: from };
      const turned = prior.encode(reroot(from, roots, fold(key, "root")));
      if (turned === undefined || turned.length === 0) return { to: from };
      const rng = stream(fold(key, "regrow"));
      const kept = turned.subarray(0, turned.length - 1 - rng.below(Math.min(deepest, turned.length)));
      return { to: prior.decode(prior.mend(rng, { head: kept, insert: prior.longest, tail: [] }) ?? turned) };
    },
  };
}

/** Cut a stretch of tokens out of the middle, let the language bridge the gap, and keep of the rest what still fits. */
export function repair(prior: LanguagePrior, longest: number): Proposal<string> {
  return {
    id: "repair",
    exact: false,
    propose(key, from) {
      const tokens = prior.encode(from);
      if (tokens === undefined || tokens.length < 2) return { to: from };
      const rng = stream(key);
      const cut = 1 + rng.below(tokens.length - 1);
      const after = Math.min(tokens.length, cut + rng.below(Math.min(longest, tokens.length - cut) + 1));
      const to = prior.mend(rng, { head: tokens.subarray(0, cut), insert: rng.below(longest + 1), tail: tokens.subarray(after) });
      return { to: to === undefined ? from : prior.decode(to) };
    },
  };
}

/** A real material of the corpus in place of the present one. */
export function reservoir(texts: readonly string[]): Proposal<string> {
  return {
    id: "reservoir",
    exact: false,
    propose: (key, from) => ({ to: texts.length === 0 ? from : texts[stream(key).below(texts.length)]! }),
  };
}
