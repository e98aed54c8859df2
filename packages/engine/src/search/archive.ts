/*
 * The distinct materials met so far, with their likelihoods: result and cache in one, and plain data, so
 * that a resumed run has the same cache, counts the same evaluations and gives the same answer.
 */
import type { Context } from "../base/context.ts";
import { NumericalError } from "../base/errors.ts";
import type { Archive, Climb, RisingLikelihood } from "./types.ts";

export const emptyArchive: Archive = { keys: [], texts: [], scores: new Float64Array(0), climbs: new Int32Array(0) };

/** A look-up by key that is rebuilt when an archive came from a file; nothing depends on its presence. */
const indices = new WeakMap<Archive, Map<string, number>>();

function indexOf(archive: Archive): Map<string, number> {
  let index = indices.get(archive);
  if (index === undefined) indices.set(archive, (index = new Map(archive.keys.map((key, i) => [key, i]))));
  return index;
}

/** A material as batches name it. */
export interface Named {
  readonly key: string;
  readonly text: string;
}

/** First of each key, in order. */
function distinct(materials: readonly Named[]): Named[] {
  const seen = new Map<string, Named>();
  for (const m of materials) if (!seen.has(m.key)) seen.set(m.key, m);
  return [...seen.values()];
}

/** How many of these materials the archive does not know, each key once. */
export const countNew = (archive: Archive, materials: readonly Named[]): number => distinct(materials).filter((m) => !indexOf(archive).has(m.key)).length;

function checkScores(scores: Float64Array, texts: readonly string[], levels: number): void {
  if (scores.length !== texts.length * levels) throw new NumericalError("likelihood of the wrong length", { expected: texts.length * levels, found: scores.length });
  const at = scores.findIndex((v) => Number.isNaN(v) || v === Number.POSITIVE_INFINITY);
  if (at >= 0) throw new NumericalError(`log-likelihood of "${texts[Math.floor(at / levels)]}": ${scores[at]} — finite numbers and −∞ are legal`, { value: scores[at]! });
}

export interface Scored {
  /** log L at every level, materials × levels. */
  readonly scores: Float64Array;
  readonly archive: Archive;
  /** Materials that the archive had not met. */
  readonly fresh: number;
}

/**
 * Scores of materials under a climb: from the archive where it has them, asked for once per key where not.
 * Materials without a row, or with one from another climb, are evaluated in one batch.
 */
export async function scoreAll(archive: Archive, materials: readonly Named[], climb: Climb, likelihood: RisingLikelihood, ctx: Context): Promise<Scored> {
  const { levels } = likelihood;
  const known = indexOf(archive);
  const asked = distinct(materials).filter(({ key }) => !known.has(key) || archive.climbs[known.get(key)!] !== climb.index);
  const fresh = asked.filter(({ key }) => !known.has(key)).length;
  const texts = asked.map((m) => m.text);
  const found = texts.length > 0 ? await likelihood.score(texts, climb, ctx) : new Float64Array(0);
  checkScores(found, texts, levels);
  const grown = asked.length > 0 ? grow(archive, asked, found, climb.index, levels) : archive;
  const index = indexOf(grown);
  const scores = new Float64Array(materials.length * levels);
  materials.forEach(({ key }, i) => {
    const row = index.get(key)! * levels;
    scores.set(grown.scores.subarray(row, row + levels), i * levels);
  });
  return { scores, archive: grown, fresh };
}

function grow(archive: Archive, asked: readonly Named[], found: Float64Array, climb: number, levels: number): Archive {
  const old = indexOf(archive);
  const fresh = asked.map((_, j) => j).filter((j) => !old.has(asked[j]!.key));
  const rows = archive.keys.length + fresh.length;
  const scores = new Float64Array(rows * levels);
  const climbs = new Int32Array(rows);
  scores.set(archive.scores);
  climbs.set(archive.climbs);
  const put = (row: number, j: number) => {
    scores.set(found.subarray(j * levels, (j + 1) * levels), row * levels);
    climbs[row] = climb;
  };
  asked.forEach(({ key }, j) => old.has(key) && put(old.get(key)!, j));
  fresh.forEach((j, k) => put(archive.keys.length + k, j));
  const grown: Archive = { keys: [...archive.keys, ...fresh.map((j) => asked[j]!.key)], texts: [...archive.texts, ...fresh.map((j) => asked[j]!.text)], scores, climbs };
  // Hand the look-up on instead of building it anew; whoever still holds the old archive gets a fresh one.
  indices.delete(archive);
  fresh.forEach((j, k) => old.set(asked[j]!.key, archive.keys.length + k));
  indices.set(grown, old);
  return grown;
}

/** At most `cap` rows: the worst by log L at the last level go first, later ones before earlier ones among equals. */
export function trim(archive: Archive, cap: number, levels: number): Archive {
  if (archive.keys.length <= cap) return archive;
  const last = (i: number) => archive.scores[i * levels + levels - 1]!;
  // An older climb asked for less, so its rows rank below those of the present one.
  const order = archive.keys.map((_, i) => i).toSorted((a, b) => archive.climbs[b]! - archive.climbs[a]! || (last(a) === last(b) ? a - b : last(b) > last(a) ? 1 : -1));
  const kept = order.slice(0, cap).toSorted((a, b) => a - b);
  return {
    keys: kept.map((i) => archive.keys[i]!),
    texts: kept.map((i) => archive.texts[i]!),
    scores: Float64Array.from({ length: kept.length * levels }, (_, j) => archive.scores[kept[Math.floor(j / levels)]! * levels + (j % levels)]!),
    climbs: Int32Array.from(kept, (i) => archive.climbs[i]!),
  };
}
