/*
 * How much of each element, given the elements: stoichiometries of the corpus — templates such as 1 1 3 or 65 20 15 —
 * counted after the number of elements and the most electronegative one, smoothed with those of any, and these with
 * amounts that were never seen. The unseen share grows with the variety of the corpus (Witten and Bell): small for
 * oxides, a half for alloys. Unseen amounts are small whole numbers, p(n) = 1/(n (n + 1)), or, as far as the corpus is
 * written so, points of a grid with a given total (at.%) scattered about known ones by Dirichlet-multinomials.
 */
import { stream, type Key, type Rng } from "@tatara/engine/base";
import { lgamma } from "@tatara/engine/numeric";
import { LARGEST_AMOUNT, total } from "../state.ts";
import type { Mix } from "../state.ts";

export interface AmountModel {
  logDensity(mix: Mix): number;
  sample(key: Key, z: readonly number[]): number[];
}

interface Templates {
  readonly counts: Map<string, number>;
  all: number;
}

/** Known points about which unseen ones scatter, for each number of elements. */
const CENTRES = 48;
/** Pseudo-counts of a centre: the standard deviation of a share is about √(w (1 − w) / 60), 6 at.% at a half. */
const CONCENTRATION = 60;
/** Share of the grid that is spread evenly, so that no point is impossible. */
const EVEN = 0.1;

export function amountModel(mixes: readonly (readonly [mix: Mix, count: number])[], grid: number): AmountModel {
  const byAnion = new Map<string, Templates>();
  const bySize = new Map<number, Templates>();
  const centres = new Map<number, (readonly number[])[]>();
  let [gridded, seen] = [0, 0];
  for (const [mix, count] of mixes) {
    const size = mix.z.length;
    noteTemplate(byAnion, `${size}:${mix.z.at(-1)}`, mix.n, count);
    noteTemplate(bySize, size, mix.n, count);
    seen += count;
    if (size > 1 && total(mix) === grid) {
      gridded += count;
      centres.set(size, [...(centres.get(size) ?? []), mix.n]);
    }
  }
  for (const [size, all] of centres) centres.set(size, thinned(all));
  const onGrid = gridded / (seen + 1);

  const gridShare = (size: number): number => (size > 1 && size <= grid && centres.has(size) ? onGrid : 0);

  function unseen(n: readonly number[]): number {
    const share = gridShare(n.length);
    let p = (1 - share) * n.reduce((product, amount) => product * smallNumber(amount), 1);
    if (share > 0 && total({ n }) === grid) p += share * onGridDensity(n, centres.get(n.length)!, grid);
    return p;
  }

  return {
    logDensity({ z, n }) {
      const name = n.join(" ");
      const any = smoothed(bySize.get(z.length), name, unseen(n));
      return Math.log(smoothed(byAnion.get(`${z.length}:${z.at(-1)}`), name, any));
    },
    sample(key, z) {
      const rng = stream(key);
      for (const templates of [byAnion.get(`${z.length}:${z.at(-1)}`), bySize.get(z.length)]) {
        if (templates && rng.uniform() * (templates.all + templates.counts.size) < templates.all) return drawTemplate(rng, templates);
      }
      if (rng.uniform() < gridShare(z.length)) return drawOnGrid(rng, z.length, centres.get(z.length)!, grid);
      return z.map(() => drawSmall(rng));
    },
  };
}

function noteTemplate<K>(table: Map<K, Templates>, name: K, n: readonly number[], count: number): void {
  const templates = table.get(name) ?? { counts: new Map<string, number>(), all: 0 };
  const text = n.join(" ");
  templates.counts.set(text, (templates.counts.get(text) ?? 0) + count);
  templates.all += count;
  table.set(name, templates);
}

const smoothed = (templates: Templates | undefined, name: string, lower: number): number =>
  templates === undefined ? lower : ((templates.counts.get(name) ?? 0) + templates.counts.size * lower) / (templates.all + templates.counts.size);

function drawTemplate(rng: Rng, { counts, all }: Templates): number[] {
  let u = rng.uniform() * all;
  for (const [text, count] of counts) if ((u -= count) < 0) return text.split(" ").map(Number);
  return [...counts.keys()].at(-1)!.split(" ").map(Number);
}

/** p(n) = 1/(n (n + 1)), cut at the largest amount. */
const WHOLE = 1 - 1 / (LARGEST_AMOUNT + 1);
export const smallNumber = (n: number): number => (n > LARGEST_AMOUNT ? 0 : 1 / (n * (n + 1) * WHOLE));
/** P(N ≤ n) = 1 − 1/(n + 1), inverted. */
export const drawSmall = (rng: Rng): number => Math.min(LARGEST_AMOUNT, Math.floor(1 / (1 - WHOLE * rng.uniform())));

/** Evenly picked ones of a sorted list. */
function thinned(all: readonly (readonly number[])[]): (readonly number[])[] {
  const sorted = all.toSorted((a, b) => {
    const at = a.findIndex((n, i) => n !== b[i]);
    return at < 0 ? 0 : a[at]! - b[at]!;
  });
  const most = Math.min(CENTRES, sorted.length);
  return Array.from({ length: most }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / most)]!);
}

/** One atom of each element, the rest of the grid shared out at random. */
function onGridDensity(n: readonly number[], centres: readonly (readonly number[])[], grid: number): number {
  const rest = n.map((amount) => amount - 1);
  const even = Math.exp(lgamma(n.length) + lgamma(grid - n.length + 1) - lgamma(grid)); // 1 / C(grid − 1, k − 1)
  return EVEN * even + ((1 - EVEN) * centres.reduce((sum, centre) => sum + Math.exp(logDirichletMultinomial(rest, pseudo(centre, grid))), 0)) / centres.length;
}

const pseudo = (centre: readonly number[], grid: number): readonly number[] => centre.map((amount) => (CONCENTRATION * amount) / grid);

function logDirichletMultinomial(counts: readonly number[], alpha: readonly number[]): number {
  const [m, a] = [counts.reduce((x, y) => x + y, 0), alpha.reduce((x, y) => x + y, 0)];
  let log = lgamma(m + 1) + lgamma(a) - lgamma(m + a);
  for (let i = 0; i < counts.length; i++) log += lgamma(counts[i]! + alpha[i]!) - lgamma(counts[i]! + 1) - lgamma(alpha[i]!);
  return log;
}

function drawOnGrid(rng: Rng, size: number, centres: readonly (readonly number[])[], grid: number): number[] {
  if (rng.uniform() < EVEN) return drawEven(rng, size, grid);
  // A Dirichlet-multinomial is Pólya's urn.
  const urn = [...pseudo(centres[rng.below(centres.length)]!, grid)];
  const n = urn.map(() => 1);
  for (let left = grid - size, all = urn.reduce((a, b) => a + b, 0); left > 0; left--, all++) {
    let u = rng.uniform() * all;
    const at = Math.max(0, urn.findIndex((weight) => (u -= weight) < 0));
    urn[at]!++;
    n[at]!++;
  }
  return n;
}

/** Cuts of the grid at random different places. */
function drawEven(rng: Rng, size: number, grid: number): number[] {
  const cuts = new Set<number>();
  while (cuts.size < size - 1) cuts.add(1 + rng.below(grid - 1));
  const places = [0, ...[...cuts].sort((a, b) => a - b), grid];
  return places.slice(1).map((place, i) => place - places[i]!);
}
