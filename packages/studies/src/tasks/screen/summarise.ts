/*
 * What one system comes to: its best materials, its regions, and its score.
 *
 * The score of a system is the number of hits to expect among its ten best materials that lie at least two percent of
 * atoms apart and have something of every element: the sum of their calibrated probabilities, each divided, outside the
 * model's domain, by as much as errors were seen to grow so far away. A single likely point, which may be an accident of
 * the model, gives little; a region with room for several trials gives much; and a system without any region still has
 * a place in the list.
 */
import type { Context } from "@tatara/engine/base";
import { diverseSubset } from "@tatara/engine/design";
import { connectedRegions, countsAt, gridDistance, type GridRegion } from "@tatara/engine/numeric";
import type { ScreeningCrew } from "../../executors/screening.ts";
import { mixturesAt, type Explored } from "./explore.ts";
import { belongs, type Labelling } from "./labels.ts";
import type { Near, Phases } from "./phases.ts";
import { amountsAt, formulaOf, type Lattice, type System } from "./systems.ts";

/** Materials that a system is scored by. */
export const TRIALS = 10;
/** Percent of atoms that they lie apart at least. */
export const APART = 2;
/** Points at which a region's place in the model's domain is judged. */
const JUDGED = 12;

/** A known material beside one that is proposed; plain data. */
export interface Neighbour {
  readonly text: string;
  readonly label: string;
  /** Percent of atoms to exchange. */
  readonly distance: number;
}

/** One material of a system. */
export interface Trial {
  readonly formula: string;
  /** Percent of each of the system's parts. */
  readonly amounts: readonly number[];
  /** Calibrated, the domain not considered. */
  readonly probability: number;
  /** What its system is scored by: less outside the domain. */
  readonly worth: number;
  readonly inside: boolean;
  /** Its class probabilities, means and standard deviations. */
  readonly values: readonly number[];
  /** Place of its region among the system's, −1 for none. */
  readonly region: number;
  readonly nearest: Neighbour | null;
  readonly nearestHit: Neighbour | null;
}

/** A connected region of one class, or of the whole target. */
export interface Region {
  readonly kind: string;
  /** Points of the fine grid, and their share of the system's. */
  readonly points: number;
  readonly share: number;
  readonly centre: string;
  /** Percent of each of the system's parts: in the mean, at least and at most. */
  readonly amounts: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly mean: number;
  readonly max: number;
  readonly best: string;
  /** Share of judged points inside the model's domain. */
  readonly inside: number;
  readonly nearest: Neighbour | null;
  readonly nearestHit: Neighbour | null;
}

export interface SystemSummary {
  readonly name: string;
  readonly parts: readonly string[];
  /** Hits to expect among the trials. */
  readonly score: number;
  readonly trials: readonly Trial[];
  readonly regions: readonly Region[];
  /** Share of the system's points in which the target is likelier met than not, or one of its classes likeliest. */
  readonly area: number;
  /** Known materials of these parts alone, and the hits among them. */
  readonly known: number;
  readonly knownHits: number;
  /** Points asked. */
  readonly asked: number;
}

export interface Summarising {
  readonly lattice: Lattice;
  readonly labels: Labelling;
  readonly phases: Phases;
  readonly crew: Pick<ScreeningCrew, "ask">;
}

const neighbour = (near: Near | undefined): Neighbour | null => (near === undefined ? null : { text: near.phase.text, label: near.phase.label, distance: rounded(near.distance) });
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

export async function summarise(system: System, seen: Explored, { lattice, labels, phases, crew }: Summarising, ctx: Context): Promise<SystemSummary> {
  const { grid } = lattice;
  const place = new Map(Array.from(seen.points, (point, i) => [point, i]));
  const label = Array.from(seen.points, (_, i) => labels.of(seen.probability[i]!, seen.values, i * seen.width));
  const regions = labels.kinds.flatMap((_, kind) => {
    const member = new Uint8Array(grid.points);
    seen.points.forEach((point, i) => (member[point] = belongs(labels, kind, label[i]!, seen.probability[i]!) ? 1 : 0));
    return connectedRegions(grid, member).map((region) => ({ kind, region }));
  });
  const trials = trialsOf(seen, lattice);
  const judged = [...new Set([...trials, ...regions.flatMap(({ region }) => sampleOf(region))])];
  const answers = judged.length === 0 ? undefined : await crew.ask({ parts: system.parts, amounts: mixturesAt(system, lattice, judged), judge: true }, ctx);
  const verdict = new Map(judged.map((point, i) => [point, { inside: answers!.inside![i] === 1, growth: answers!.growth![i]! }]));
  const within = phases.within(system.parts);

  const trialAt = (point: number): Trial => {
    const i = place.get(point)!;
    const { inside, growth } = verdict.get(point)!;
    const amounts = Array.from(amountsAt(system, lattice, point));
    const near = phases.nearest(system.parts, amounts);
    const probability = rounded(seen.probability[i]!);
    return {
      formula: formulaOf(system.parts, amounts),
      amounts,
      probability,
      worth: rounded(probability / growth),
      inside,
      values: Array.from(seen.values.subarray(i * seen.width, (i + 1) * seen.width), rounded),
      region: regions.findIndex(({ region }) => region.points.includes(point)),
      nearest: neighbour(near.any),
      nearestHit: neighbour(near.hit),
    };
  };
  const regionAt = ({ kind, region }: { readonly kind: number; readonly region: GridRegion }): Region => {
    const { name, column } = labels.kinds[kind]!;
    const probabilityAt = (point: number) => (column < 0 ? seen.probability[place.get(point)!]! : seen.values[place.get(point)! * seen.width + column]!);
    const best = region.points.reduce((a, b) => (probabilityAt(b) > probabilityAt(a) ? b : a));
    const inParts = (fractions: Float64Array) => wholeOf(system, lattice, fractions);
    const amounts = inParts(region.centre);
    const near = phases.nearest(system.parts, amounts);
    const sample = sampleOf(region);
    return {
      kind: name,
      points: region.points.length,
      share: region.share,
      centre: formulaOf(system.parts, amounts.map((a) => Math.round(a * 10) / 10)),
      amounts,
      low: inParts(region.low),
      high: inParts(region.high),
      mean: rounded(region.points.reduce((sum, point) => sum + probabilityAt(point), 0) / region.points.length),
      max: rounded(probabilityAt(best)),
      best: formulaOf(system.parts, amountsAt(system, lattice, best)),
      inside: rounded(sample.filter((point) => verdict.get(point)!.inside).length / sample.length),
      nearest: neighbour(near.any),
      nearestHit: neighbour(near.hit),
    };
  };
  const told = trials.map(trialAt);
  return {
    name: system.name,
    parts: system.parts,
    score: rounded(told.reduce((sum, t) => sum + t.worth, 0)),
    trials: told,
    regions: regions.map(regionAt),
    area: new Set(regions.flatMap(({ region }) => Array.from(region.points))).size / grid.points,
    known: within.length,
    knownHits: within.filter((phase) => phase.hit).length,
    asked: seen.points.length,
  };
}

/** The best points with something of everything, apart from one another. */
function trialsOf({ points, probability }: Explored, { grid, step, least }: Lattice): readonly number[] {
  const inner = Array.from(points.keys()).filter((i) => !Number.isNaN(probability[i]!) && countsAt(grid, points[i]!).every((n) => n >= least));
  const ranked = inner.sort((a, b) => probability[b]! - probability[a]! || a - b).map((i) => points[i]!);
  const apart = Math.max(1, Math.ceil(APART / step - 1e-9));
  return diverseSubset(ranked, (a, b) => (gridDistance(grid, a, b) >= apart ? 0 : 1), { maxSimilarity: 0.5, most: TRIALS });
}

/** Some points spread over a region. */
function sampleOf({ points }: GridRegion): readonly number[] {
  const n = Math.min(JUDGED, points.length);
  return Array.from({ length: n }, (_, k) => points[Math.floor(((k + 0.5) / n) * points.length)]!);
}

/** Fractions of the grid's corners as percent of all the system's parts. */
function wholeOf({ parts, free, fixed }: System, { grid, step }: Lattice, fractions: Float64Array): readonly number[] {
  const amounts = parts.map((_, k) => fixed[k]!);
  free.forEach((k, corner) => (amounts[k] = rounded(fractions[corner]! * grid.divisions * step)));
  return amounts;
}
