/*
 * The answer of a design study: final materials judged once more — predicted, placed in or outside the
 * model's domain, compared with what is known — and written best first.
 */
import type { Context } from "@tatara/engine/base";
import { regionObjective, shortlist, type Target } from "@tatara/engine/design";
import { predictRows, type Applicability, type FittedModel } from "@tatara/engine/learn";
import { marginalOf, type Marginal, type Predictive } from "@tatara/engine/prob";
import type { Crew } from "../executors/crew.ts";
import { csvText, type Cell } from "../tables/write.ts";

/** The prediction of one property of one material. */
export type CandidateProperty =
  | { readonly kind: "number"; readonly name: string; readonly mean: number; readonly sd: number; readonly lower: number; readonly upper: number }
  | { readonly kind: "class"; readonly name: string; readonly label: string; readonly probabilities: Readonly<Record<string, number>> };

export interface JudgedCandidate {
  readonly rank: number;
  readonly key: string;
  readonly structure: string;
  readonly probability: number;
  readonly properties: readonly CandidateProperty[];
  readonly inDomain: boolean;
  readonly reason: string;
  readonly novel: boolean;
  readonly nearest: string;
  readonly nearestSimilarity: number;
  /** Calculated values of the properties, after verification. */
  readonly calculated?: Readonly<Record<string, number>>;
  readonly hit?: boolean;
}

export interface JudgeOptions {
  readonly crew: Crew;
  readonly model: FittedModel;
  readonly targets: readonly Target[];
  readonly thresholds: Readonly<Record<string, number>>;
  /** Names of the properties in the study's order. */
  readonly properties: readonly string[];
  /** Share of new rows that the bands should hold. */
  readonly coverage: number;
  /** Canonical texts of the training data. */
  readonly known: readonly string[];
  /** Identities of training data and corpus. */
  readonly seen: ReadonlySet<string>;
}

/** Predict, rank and compare materials. */
export async function judge(materials: readonly { readonly key: string; readonly text: string }[], options: JudgeOptions, ctx: Context): Promise<readonly JudgedCandidate[]> {
  if (materials.length === 0) return [];
  const { crew, model, targets, thresholds, properties, coverage, known, seen } = options;
  const texts = materials.map((m) => m.text);
  const { predictive, applicability } = await predictRows(model, await crew.describe(texts, ctx), ctx);
  const ranked = shortlist(materials, regionObjective(targets, thresholds).logScore(predictive));
  const rows = new Map(materials.map((m, i) => [m.key, i]));
  const nearest = await crew.nearest(ranked.map((c) => c.text), known, ctx);
  const columns = propertyColumns(predictive, properties, coverage);
  return ranked.map((c, i) => {
    const row = rows.get(c.key)!;
    return {
      rank: c.rank,
      key: c.key,
      structure: c.text,
      probability: c.probability,
      properties: columns.map((column) => column(row)),
      ...placeOf(applicability, row),
      novel: !seen.has(c.key),
      nearest: known[nearest.index[i]!] ?? "",
      nearestSimilarity: nearest.similarity[i]!,
    };
  });
}

export const placeOf = ({ inside, reasons }: Applicability, row: number): { readonly inDomain: boolean; readonly reason: string } => ({ inDomain: inside[row] === 1, reason: reasons[row]! });

/** For each property a function from row to its prediction. */
export const propertyColumns = (p: Predictive, properties: readonly string[], coverage: number): readonly ((row: number) => CandidateProperty)[] =>
  properties.map((name) => {
    const marginal: Marginal = marginalOf(p, name);
    if (marginal.kind === "category") return (row) => classOf(marginal, name, row);
    const lower = marginal.quantile((1 - coverage) / 2);
    const upper = marginal.quantile((1 + coverage) / 2);
    return (row) => ({ kind: "number", name, mean: marginal.mean[row]!, sd: marginal.sd[row]!, lower: lower[row]!, upper: upper[row]! });
  });

function classOf({ levels, probability }: Extract<Marginal, { kind: "category" }>, name: string, row: number): CandidateProperty {
  const p = levels.map((_, k) => probability.data[row * levels.length + k]!);
  return { kind: "class", name, label: levels[p.indexOf(Math.max(...p))]!, probabilities: Object.fromEntries(levels.map((level, k) => [level, p[k]!])) };
}

/** The columns that one prediction fills. */
export const propertyHeader = (name: string, levels?: readonly string[]): readonly string[] => (levels ? [name, ...levels.map((level) => `p_${level}`)] : [`${name}_mean`, `${name}_sd`, `${name}_lower`, `${name}_upper`]);

export const propertyCells = (p: CandidateProperty): readonly Cell[] => (p.kind === "number" ? [p.mean, p.sd, p.lower, p.upper] : [p.label, ...Object.values(p.probabilities)]);

/** candidates.csv; calculated columns only after a verification. */
export function candidatesText(candidates: readonly JudgedCandidate[], outputs: readonly { readonly name: string; readonly levels?: readonly string[] }[], verified: readonly string[]): string {
  const header = ["rank", "structure", "probability", ...outputs.flatMap(({ name, levels }) => propertyHeader(name, levels)), "in_domain", "novel", "nearest", "nearest_similarity", ...(verified.length > 0 ? [...verified.map((name) => `${name}_calculated`), "hit"] : [])];
  const rows = candidates.map((c) => [
    c.rank,
    c.structure,
    c.probability,
    ...c.properties.flatMap(propertyCells),
    c.inDomain,
    c.novel,
    c.nearest,
    c.nearestSimilarity,
    ...(verified.length > 0 ? [...verified.map((name) => c.calculated?.[name]), c.hit] : []),
  ]);
  return csvText(header, rows);
}
