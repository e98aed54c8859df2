/*
 * 3-D coordinates of a graph by distance geometry: bounds, smoothing, random distances, four-dimensional metric
 * embedding, refinement, and a check that bonds and stereo are those of the graph. The result is a rough conformer
 * (bond lengths within a few hundredths of an angstrom), meant as the start of a force field or quantum optimisation.
 */
import { fold, split, stream } from "@tatara/engine/base";
import type { Key } from "@tatara/engine/base";
import type { Graph } from "../types.ts";
import { boundsOf, smooth } from "./bounds.ts";
import { embedMetric } from "./embed.ts";
import { bondChange, keepsStereo } from "./perceive.ts";
import { refine } from "./refine.ts";
import { skeletonOf, unbuildable } from "./skeleton.ts";
import type { Skeleton } from "./skeleton.ts";

/** Atoms with their positions. Atoms 0 .. heavy − 1 are those of the graph; hydrogens follow. */
export interface Geometry {
  readonly elements: readonly number[];
  /** n × 3, in angstrom. */
  readonly positions: Float64Array;
  /** Bonded pairs, those of the graph and those to hydrogens. */
  readonly bonds: readonly (readonly [number, number])[];
  readonly heavy: number;
  readonly charge: number;
  /** Unpaired electrons. */
  readonly unpaired: number;
}

/** Why no coordinates were found. */
export interface NoGeometry {
  readonly failure: string;
}

/** Atoms, hydrogens included, beyond which building would take seconds. */
const MOST_ATOMS = 400;

/**
 * Coordinates of `graph` drawn with `key`: another key gives another conformer. At most `tries` embeddings are made;
 * the failure of the last one is told when none has the bonds and the stereo of the graph.
 */
export function coordinates(graph: Graph, key: Key, { tries = 12 }: { readonly tries?: number } = {}): Geometry | NoGeometry {
  const reason = unbuildable(graph);
  if (reason) return { failure: reason };
  const skeleton = skeletonOf(graph);
  const size = skeleton.elements.length;
  if (size > MOST_ATOMS) return { failure: `too large to build: ${size} atoms with hydrogens — at most ${MOST_ATOMS}` };
  let failure = "";
  for (let attempt = 0; attempt < tries; attempt++) {
    const positions = attemptOnce(skeleton, fold(key, attempt));
    const fault = faultOf(skeleton, positions);
    if (fault === undefined) return geometryOf(skeleton, positions);
    failure = fault;
  }
  return { failure: `no 3-D structure in ${tries} tries: ${failure}` };
}

/** A geometry with positions found elsewhere (n × 3, atoms as in a Geometry of this graph), or how they contradict the graph. */
export function withPositions(graph: Graph, positions: Float64Array): Geometry | NoGeometry {
  const skeleton = skeletonOf(graph);
  const fault = faultOf(skeleton, positions);
  return fault === undefined ? geometryOf(skeleton, positions) : { failure: fault };
}

function attemptOnce(skeleton: Skeleton, key: Key): Float64Array {
  const [sides, distances] = split(key, 2);
  const bounds = smooth(boundsOf(skeleton, stream(sides!)));
  return refine(skeleton, bounds, embedMetric(bounds, distances!));
}

function faultOf(skeleton: Skeleton, positions: Float64Array): string | undefined {
  if (!positions.every(Number.isFinite)) return "the coordinates are not finite";
  return bondChange(skeleton.elements, pairsOf(skeleton), positions) ?? (keepsStereo(skeleton, positions) ? undefined : "a stereocentre or double bond came out inverted");
}

const pairsOf = ({ bonds }: Skeleton): (readonly [number, number])[] => bonds.map(({ a, b }) => [a, b] as const);

const geometryOf = (skeleton: Skeleton, positions: Float64Array): Geometry => ({
  elements: skeleton.elements,
  positions,
  bonds: pairsOf(skeleton),
  heavy: skeleton.heavy,
  charge: skeleton.charge,
  unpaired: skeleton.unpaired,
});
