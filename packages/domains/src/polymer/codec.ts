/*
 * Text ⇄ polymer. The canonical text is both format and key; everything else is read off it, so that equal polymers
 * have equal graphs, atom for atom.
 */
import type { Codec } from "@tatara/engine/generate";
import { periodicTopology, type Topology } from "../chem/topology.ts";
import type { Graph, Rdkit } from "../chem/types.ts";
import { canonicalText } from "./canonical.ts";
import { backboneOf, withoutStars } from "./chain.ts";
import { readUnit } from "./ends.ts";
import type { Polymer } from "./type.ts";

/** The polymer of a canonical text. */
function fromCanonical(rdkit: Rdkit, smiles: string): Polymer {
  const unit = readUnit(rdkit, smiles);
  const { repeat, link } = withoutStars(unit);
  const topology = periodicTopology(repeat, link);
  const polymer = Object.freeze({ smiles, unit: unit.graph, stars: Object.freeze(unit.stars), repeat, link, backbone: backboneOf(topology, link) });
  topologies.set(repeat, topology);
  return polymer;
}

const REMEMBERED = 4000; // a move is proposed, judged and described: only the first reading costs

const topologies = new WeakMap<Graph, Topology>();

/** The infinite chain of a polymer, for everything that counts across the repeat boundary; computed once. */
export function chainTopology({ repeat, link }: Polymer): Topology {
  let known = topologies.get(repeat);
  if (!known) topologies.set(repeat, (known = periodicTopology(repeat, link)));
  return known;
}

/** Parse throws InputError with the reason when the text is no repeat unit with two ends. */
export function polymerCodec(rdkit: Rdkit): Codec<Polymer> {
  const recent = new Map<string, Polymer>();
  const remember = (text: string, s: Polymer): Polymer => {
    if (recent.size >= REMEMBERED) recent.delete(recent.keys().next().value!);
    recent.set(text, s);
    return s;
  };
  return {
    parse(text) {
      const known = recent.get(text);
      if (known) return known;
      const smiles = canonicalText(rdkit, text);
      return remember(text, recent.get(smiles) ?? remember(smiles, fromCanonical(rdkit, smiles)));
    },
    format: ({ smiles }) => smiles,
    key: ({ smiles }) => smiles,
  };
}
