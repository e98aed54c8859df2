/*
 * One Metropolis-Hastings move of the whole population at a fixed temperature: propose, judge, accept.
 * Particle i draws from fold(key, i) alone, so the order of work and the number of workers change nothing.
 */
import type { Context } from "../base/context.ts";
import { NumericalError, UnsupportedError } from "../base/errors.ts";
import { fold, stream } from "../base/key.ts";
import type { Key } from "../base/key.ts";
import type { Batches, Evaluated } from "../generate/types.ts";
import { logAcceptance, logAcceptanceHeuristic } from "./accept.ts";
import { countNew, scoreAll } from "./archive.ts";
import type { Named } from "./archive.ts";
import { count, emptyTally } from "./tally.ts";
import type { Tally } from "./tally.ts";
import { tempered } from "./tempering.ts";
import type { Archive, Climb, Population, RisingLikelihood } from "./types.ts";

export type SmcMode = "exact" | "heuristic";

/** What a move works with, fixed for a run. */
export interface MoveTools<T> {
  readonly batches: Batches<T>;
  readonly likelihood: RisingLikelihood;
  readonly mode: SmcMode;
}

/** What a move starts from. */
export interface MoveStart<T> {
  readonly population: Population<T>;
  readonly archive: Archive;
  readonly climb: Climb;
  readonly position: number;
  /** Distinct materials that may still be evaluated. */
  readonly room: number;
}

export interface Moved<T> {
  readonly population: Population<T>;
  readonly archive: Archive;
  readonly tally: Tally;
  readonly fresh: number;
}

type Proposals<T> = Awaited<ReturnType<Batches<T>["propose"]>>;

const same = (a: unknown, b: unknown): boolean => a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));

/** Exact sampling needs every ratio: say which proposal lacks it. */
function demandRatios<T>(proposals: Proposals<T>): void {
  for (const { logRatio, proposal } of proposals) {
    if (logRatio === undefined) throw new UnsupportedError(`proposal without a ratio: "${proposal}" — exact sampling needs log q(from | to) − log q(to | from); use mode heuristic`);
    if (Number.isNaN(logRatio)) throw new NumericalError(`ratio of proposal "${proposal}": NaN — a number or ±∞`, { logRatio });
  }
}

/** log p of every proposed state, asking the prior only for those that came without it. */
async function densities<T>(proposals: Proposals<T>, batches: Batches<T>, ctx: Context): Promise<Float64Array> {
  const out = Float64Array.from(proposals, (p) => p.logDensity ?? Number.NaN);
  const missing = proposals.map((_, i) => i).filter((i) => proposals[i]!.logDensity === undefined);
  if (missing.length === 0) return out;
  const found = await batches.logDensity(missing.map((i) => proposals[i]!.to), ctx);
  missing.forEach((i, j) => (out[i] = found[j]!));
  return out;
}

/** Indices of the proposals that changed their particle, and what became of these. */
async function judge<T>(from: readonly T[], proposals: Proposals<T>, batches: Batches<T>, ctx: Context): Promise<{ changed: readonly number[]; judged: readonly Evaluated[] }> {
  const changed = from.map((_, i) => i).filter((i) => !same(from[i], proposals[i]!.to));
  return { changed, judged: await batches.evaluate(changed.map((i) => proposals[i]!.to), ctx) };
}

/** Move every particle once. Null when that would evaluate more new materials than there is room for. */
export async function moveOnce<T>(key: Key, start: MoveStart<T>, tools: MoveTools<T>, ctx: Context): Promise<Moved<T> | null> {
  const { population, climb, position } = start;
  const { batches, likelihood, mode } = tools;
  const { levels } = likelihood;
  const proposals = await batches.propose(fold(key, "propose"), population.particles, ctx);
  if (mode === "exact") demandRatios(proposals);
  const { changed, judged } = await judge(population.particles, proposals, batches, ctx);
  const sound = judged.map((_, j) => j).filter((j) => judged[j]!.key !== null);
  const materials = sound.map((j): Named => ({ key: judged[j]!.key!, text: judged[j]!.text! }));
  if (countNew(start.archive, materials) > start.room) return null;
  const { scores, archive, fresh } = await scoreAll(start.archive, materials, climb, likelihood, ctx);
  const logPrior = await densities(proposals, batches, ctx);

  const now = tempered(population.scores, levels, climb.index, position);
  const then = tempered(scores, levels, climb.index, position);
  const tally = emptyTally();
  const next = editable(population);
  const wasChanged = new Set(changed);
  proposals.forEach((p, i) => wasChanged.has(i) || count(tally, p.proposal, "unchanged"));
  judged.forEach((e, j) => e.key === null && count(tally, proposals[changed[j]!]!.proposal, "refused", e.reasons));
  sound.forEach((j, row) => {
    const i = changed[j]!;
    const { to, logRatio, proposal } = proposals[i]!;
    const before = { logPrior: population.logPrior[i]!, tempered: now[i]! };
    const after = { logPrior: logPrior[i]!, tempered: then[row]! };
    const logAccept = mode === "exact" ? logAcceptance(before, after, logRatio!) : logAcceptanceHeuristic(before, after, logRatio);
    const accepted = Math.log(stream(fold(fold(key, "accept"), i)).uniform()) < logAccept;
    count(tally, proposal, accepted ? "accepted" : "rejected");
    if (accepted) put(next, i, to, materials[row]!, logPrior[i]!, scores.subarray(row * levels, (row + 1) * levels));
  });
  return { population: next, archive, tally, fresh };
}

type Editable<T> = { particles: T[]; keys: string[]; texts: string[]; logPrior: Float64Array; scores: Float64Array };

const editable = <T>(p: Population<T>): Editable<T> => ({ particles: [...p.particles], keys: [...p.keys], texts: [...p.texts], logPrior: p.logPrior.slice(), scores: p.scores.slice() });

function put<T>(out: Editable<T>, i: number, state: T, { key, text }: Named, logPrior: number, scores: Float64Array): void {
  out.particles[i] = state;
  out.keys[i] = key;
  out.texts[i] = text;
  out.logPrior[i] = logPrior;
  out.scores.set(scores, i * scores.length);
}
