/* Circular fingerprints as descriptors: ECFP and FCFP, counts or bits, folded to a fixed length. */
import type { Descriptor } from "@tatara/engine/generate";
import { one } from "@tatara/engine/base";
import { connectivity, features } from "./invariants.ts";
import { foldCounts, morganCounts } from "./morgan.ts";
import type { Counts } from "./morgan.ts";
import type { Topology } from "./topology.ts";

export interface CircularOptions {
  /** Atoms by pharmacophore feature (FCFP) instead of connectivity (ECFP). */
  readonly features?: boolean;
  /** Presence instead of counts. */
  readonly bits?: boolean;
  /** Bonds from the centre. */
  readonly radius?: number;
  /** Columns; ids are folded by modulo. */
  readonly size?: number;
}

/** The descriptor of that id; `view` gives a material's topology, finite or periodic. */
export function circular<S>(id: string, view: (s: S) => Topology, { features: byFeature = false, bits = false, radius = 2, size = 2048 }: CircularOptions = {}): Descriptor<S> {
  const invariants = byFeature ? features : connectivity;
  const [kind, what] = bits ? (["bit", "whether present"] as const) : (["count", "count"] as const);
  return {
    id,
    about: `circular ${byFeature ? "pharmacophore-feature" : "connectivity"} neighbourhoods up to ${radius} bonds (Morgan), ${bits ? "bits" : "counts"} folded to ${size}`,
    features: Array.from({ length: size }, (_, i) => ({ name: `${id}_${i}`, unit: one, block: id, kind, about: `${what} of neighbourhoods with id ≡ ${i} (mod ${size})` })),
    write(s, row) {
      const topology = view(s);
      row.fill(0);
      foldCounts(radius === 2 && !byFeature ? ecfp4(topology) : morganCounts(topology, { radius, invariants: invariants(topology) }), row);
      if (bits) for (let i = 0; i < size; i++) row[i] = Math.min(row[i]!, 1);
    },
  };
}

const known = new WeakMap<Topology, Counts>();

/** Unfolded ECFP4 ids and counts, RDKit's ids; computed once per topology. */
export function ecfp4(topology: Topology): Counts {
  const found = known.get(topology) ?? morganCounts(topology, { radius: 2, invariants: connectivity(topology) });
  known.set(topology, found);
  return found;
}
