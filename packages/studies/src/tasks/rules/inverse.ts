/*
 * The inverse route: which materials would the model call hits? Its posterior p(material | target) is sampled as for a
 * design, from the domain's prior, and set beside draws from that prior. Sums and products of features that hardly
 * vary in the one and do in the other are what the model has learnt, as equations. The prior is that of the positives and
 * of the negatives that could be taken for them: beside a prior of all materials, all that hits would share is what
 * sets their whole class apart.
 *
 * What the prior has by itself is no finding: of features that go together in it only one is used, and a band that
 * holds a good part of the prior is left out. What real rows say of each relation stands beside it.
 */
import { fold, InputError, type Context, type Key } from "@tatara/engine/base";
import { selectFeatures, selectTableRows, type Table } from "@tatara/engine/data";
import type { Target } from "@tatara/engine/design";
import { correlationGroups, meets, relations, type Labels, type Relation } from "@tatara/engine/explain";
import { systematicResampling } from "@tatara/engine/prob";
import { openCrew, type Crew } from "../../executors/crew.ts";
import type { RunDirectory } from "../../runs/directory.ts";
import type { RulesStudy } from "../../schema/study.ts";
import type { StageOne } from "../learn.ts";
import { sample } from "../sample.ts";
import type { LoadedStudy } from "../types.ts";
import { completeColumns, describeSpoken, leaderNames, spokenOf } from "./features.ts";
import type { RealisticSubset } from "./negatives.ts";

/** A relation that all samples share, against real rows. */
export interface Finding {
  readonly relation: Relation;
  /** Share of the real positives that meet it. */
  readonly recall: number;
  /** Share of the real negatives that do, of all and of the realistic ones. */
  readonly falsePositiveRate: number;
  readonly subsets: readonly { readonly name: string; readonly falsePositiveRate: number }[];
}

export interface Inverse {
  readonly findings: readonly Finding[];
  /** Narrow relations left out because they hold for much of the prior, or for most real negatives. */
  readonly commonplace: number;
  readonly samples: { readonly corpus: number; readonly posterior: number; readonly distinct: number; readonly prior: number; readonly evaluations: number };
  /** Whether the sampler came to the target's full weight within its budget. */
  readonly reached: boolean;
  /** Of all that the prior draws, the share that should meet the target; null where it is not known. */
  readonly share: number | null;
  /** Of the likelihood. */
  readonly power: number;
  /** Rows that meet all findings at once: 1 and 0 for each row of the data. */
  readonly together: Labels;
}

export interface Inverting {
  readonly loaded: LoadedStudy & { readonly study: RulesStudy };
  readonly one: StageOne;
  readonly targets: readonly Target[];
  /** Real rows in the words of rules. */
  readonly x: Table;
  readonly labels: Labels;
  readonly subsets: readonly RealisticSubset[];
  readonly dir: RunDirectory;
}

/** A band that more of the prior lies in is a commonplace. */
const MOST_PRIOR = 0.4;
/** A band that more of the likest real negatives lie in tells nothing apart. */
const MOST_NEGATIVES = 0.5;
/** Features with this rank correlation under the prior say the same. */
const ALIKE = 0.9;
/** Too few to see a relation. */
const FEWEST = 40;

export async function inverseRoute(key: Key, given: Inverting, ctx: Context): Promise<Inverse> {
  const { loaded, one, targets, x, labels, subsets, dir } = given;
  const { study, domain, setup } = loaded;
  const { relations: options } = study.rules;
  const prior = options.prior ?? Object.keys(domain.priors)[0]!;
  const spoken = spokenOf(study, domain).descriptors;
  const corpus = lookAlikes(one.measurements.texts, labels, subsets);
  const moves = Object.fromEntries(Object.entries(domain.proposals).filter(([, recipe]) => recipe.exact).map(([name]) => [name, 1]));
  const seen = await openCrew({ ...setup, descriptors: study.represent!, generator: { prior, priorOptions: {}, key: fold(key, "prior"), corpus, proposals: moves, constraints: study.constraints } }, { workers: study.workers });
  const wordy = await openCrew({ ...setup, descriptors: spoken }, { workers: study.workers });
  try {
    const generate = { prior, prior_options: {}, mode: "exact" as const, proposals: moves, particles: options.samples, moves: MOVES, ess: 0.5, power: options.power, polish: 2, evaluations: Math.max(options.evaluations, options.samples), replicates: 1 };
    const predict = async (texts: readonly string[], c: Context) => {
      const silent = { ...c, report: () => {} };
      return one.model.predict(await seen.describe(texts, silent), silent);
    };
    const sampled = await sample(fold(key, "sample"), { study: { generate, target: study.target, data: study.data }, targets, crew: seen, predict, dir, domain }, ctx);
    const population = systematicResampling(fold(key, "even"), sampled.population.logWeights);
    const posteriorTexts = Array.from(population, (i) => sampled.population.texts[i]!);
    const priorTexts = await priorSamples(fold(key, "draw"), seen, options.samples, ctx);
    const names = x.features.map((f) => f.name);
    const silent = { ...ctx, report: () => {} };
    const posterior = await describeSpoken(wordy, posteriorTexts, names, silent);
    const before = await describeSpoken(wordy, priorTexts, names, silent);
    const base = { samples: { corpus: corpus.length, posterior: posteriorTexts.length, distinct: new Set(posteriorTexts).size, prior: priorTexts.length, evaluations: sampled.evaluations }, reached: sampled.population.reached, share: sampled.logEvidence === null || options.power !== 1 ? null : Math.exp(sampled.logEvidence) };
    const found = await narrowRelations(fold(key, "relations"), { posterior, before, x, labels, study }, ctx);
    const narrow = found.relations.map((relation) => against(relation, x, labels, subsets));
    const passed = (finding: Finding) => finding.subsets[0]?.falsePositiveRate ?? finding.falsePositiveRate;
    const findings = narrow.filter((finding) => finding.relation.priorInside <= MOST_PRIOR && passed(finding) <= MOST_NEGATIVES).toSorted((a, b) => b.recall - passed(b) - (a.recall - passed(a)));
    const together = new Int8Array(x.rows).fill(findings.length > 0 ? 1 : 0);
    for (const { relation } of findings) meets(relation, x).forEach((yes, i) => (together[i]! &= yes));
    return { ...base, findings, commonplace: narrow.length - findings.length, power: options.power, together };
  } finally {
    await seen.close();
    await wordy.close();
  }
}

/** Positives, and the negatives of any realistic kind; all rows where these are too few to learn a prior from. */
function lookAlikes(texts: readonly string[], labels: Labels, subsets: readonly RealisticSubset[]): readonly string[] {
  const alike = texts.filter((_, i) => labels[i] === 1 || subsets.some(({ weights }) => weights[i]! > 0));
  return alike.length >= LEAST_CORPUS ? alike : texts;
}

const LEAST_CORPUS = 200;

/** Moves of every particle at each temperature: enough for particles of one parent to part. */
const MOVES = 5;

/** Sound materials of the prior that keep the constraints. */
async function priorSamples(key: Key, crew: Crew, n: number, ctx: Context): Promise<readonly string[]> {
  const silent = { ...ctx, report: () => {} };
  const texts: string[] = [];
  for (let round = 0; round < ROUNDS && texts.length < n; round++) {
    const judged = await crew.evaluate(await crew.sample(fold(key, round), n, silent), silent);
    texts.push(...judged.flatMap(({ text }) => (text === null ? [] : [text])));
  }
  if (texts.length < FEWEST) throw new InputError(`too few samples of the prior: ${texts.length} of ${ROUNDS * n} keep the constraints — loosen them, or say rules.relations.samples: 0`, { path: "constraints", value: texts.length });
  return texts.slice(0, n);
}

const ROUNDS = 10;

interface Clouds {
  readonly posterior: Table;
  readonly before: Table;
  readonly x: Table;
  readonly labels: Labels;
  readonly study: RulesStudy;
}

async function narrowRelations(key: Key, { posterior, before, x, labels, study: { rules } }: Clouds, ctx: Context) {
  const group = await correlationGroups(before, ALIKE, ctx);
  const after = completeColumns(posterior);
  const kept = leaderNames(before.features, group, completeColumns(before).map((whole, j) => whole && after[j]!));
  const negatives = selectTableRows(x, Int32Array.from(labels.keys()).filter((i) => labels[i] === 0));
  const { features, most, narrowing } = rules.relations;
  return relations(key, { posterior: selectFeatures(posterior, kept), prior: selectFeatures(before, kept), negatives: selectFeatures(negatives, kept) }, { mostFeatures: features, most, leastNarrowing: narrowing, alikeOnly: true, pureNumbers: true }, ctx);
}

function against(relation: Relation, x: Table, labels: Labels, subsets: readonly RealisticSubset[]): Finding {
  const met = meets(relation, x);
  const share = (weight: (i: number) => number) => {
    let [inside, all] = [0, 0];
    met.forEach((yes, i) => {
      all += weight(i);
      inside += weight(i) * yes;
    });
    return inside / all;
  };
  return { relation, recall: share((i) => (labels[i] === 1 ? 1 : 0)), falsePositiveRate: share((i) => (labels[i] === 0 ? 1 : 0)), subsets: subsets.map(({ name, weights }) => ({ name, falsePositiveRate: share((i) => weights[i]!) })) };
}
