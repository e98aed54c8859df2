/*
 * Realistic negatives. Most rows of a large table are so unlike any positive that every rule keeps them out; what a
 * rule is worth shows on those that could be taken for a positive: of the classes that positives are of, where the domain
 * knows classes; the most similar ones; and those that the model finds hardest.
 */
import type { Context } from "@tatara/engine/base";
import type { Domain } from "@tatara/engine/generate";
import type { Labels, NegativeSubset } from "@tatara/engine/explain";
import type { Crew } from "../../executors/crew.ts";

export interface RealisticSubset extends NegativeSubset {
  /** What it is, for a reader. */
  readonly about: string;
}

/** Negatives for each positive in a subset by nearness, and the largest share of all negatives that it may be. */
const PER_POSITIVE = 5;
const LARGEST = 0.25;
/** A subset of fewer tells nothing. */
const FEWEST = 10;
/** A class that fewer of the positives are of is an accident. */
const LEAST_SHARE = 0.05;

export interface NegativesFrom {
  readonly texts: readonly string[];
  readonly labels: Labels;
  /** That each row meets the target, as the model sees it. */
  readonly probability: Float64Array;
  readonly domain: Domain<unknown>;
  readonly crew: Crew;
}

export async function realisticNegatives(from: NegativesFrom, ctx: Context): Promise<readonly RealisticSubset[]> {
  const { labels, texts } = from;
  const negatives = Array.from(labels.keys()).filter((i) => labels[i] === 0);
  const positives = Array.from(labels.keys()).filter((i) => labels[i] === 1);
  const size = Math.min(Math.floor(LARGEST * negatives.length), PER_POSITIVE * positives.length);
  const subset = (name: string, about: string, rows: readonly number[]): readonly RealisticSubset[] => {
    const weights = new Float64Array(texts.length);
    for (const i of rows) weights[i] = 1;
    return rows.length < FEWEST || rows.length === negatives.length ? [] : [{ name, about, weights }];
  };
  const kin = await kindred(from, positives, negatives, ctx);
  const { similarity } = await from.crew.nearest(negatives.map((i) => texts[i]!), positives.map((i) => texts[i]!), { ...ctx, report: (p) => ctx.report({ ...p, stage: "find the nearest negatives" }) });
  const near = new Map(negatives.map((i, at) => [i, similarity[at]!]));
  return [
    ...(kin ? subset("of the positives' classes", `of the classes that positives are of: ${kin.classes.join(", ")}`, kin.rows) : []),
    ...subset("nearest", "those most similar to a positive", top(negatives, (i) => near.get(i)!, size)),
    ...subset("hardest", "those that the model finds likeliest to be positives", top(negatives.filter((i) => !Number.isNaN(from.probability[i]!)), (i) => from.probability[i]!, size)),
  ];
}

const top = (rows: readonly number[], value: (i: number) => number, size: number): readonly number[] => rows.toSorted((a, b) => value(b) - value(a) || a - b).slice(0, size);

async function kindred({ texts, domain, crew }: NegativesFrom, positives: readonly number[], negatives: readonly number[], ctx: Context): Promise<{ readonly classes: readonly string[]; readonly rows: readonly number[] } | undefined> {
  if (!Object.hasOwn(domain.groups, "class")) return undefined;
  const own = await crew.group("class", texts, { ...ctx, report: () => {} });
  const count = new Map<string, number>();
  for (const i of positives) count.set(own[i]!, (count.get(own[i]!) ?? 0) + 1);
  const common = [...count].filter(([, n]) => n >= LEAST_SHARE * positives.length).toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  return { classes: common, rows: negatives.filter((i) => common.includes(own[i]!)) };
}
