/*
 * Conformal prediction: intervals and sets of classes whose coverage is promised by exchangeability alone, however wrong
 * the model is. Beside the predictive law, not instead of it: an interval has no tails to rank by.
 *
 * A score says how far a measured value is from its prediction by a model that has not seen it: |y − μ|, or |y − μ| / sd,
 * which lets the interval breathe with the model's own doubt (normalised scores; Papadopoulos, Gammerman & Vovk 2008);
 * for classes one less the probability of the class found. With n scores and level 1 − α:
 *
 * - `split`: one fold is held out and gives the scores, the others the model. P(Y inside) ≥ 1 − α, exactly
 *   ⌈(1 − α)(n + 1)⌉ / (n + 1) where scores have no ties (Vovk, Gammerman & Shafer 2005; Lei et al. 2018).
 * - `cv+`: every fold gives scores, each compared with the prediction of the model that has not seen that fold. The
 *   theory promises 1 − 2α − √(2 / n) (Barber, Candès, Ramdas & Tibshirani 2021, doi 10.1214/20-AOS1965, theorem 4; for
 *   classes Vovk 2015, doi 10.1007/s10472-013-9368-4); in practice it is near 1 − α. With as many folds as rows it is
 *   the jackknife+.
 *
 * Both hold of a learner that was settled without these rows: one that was chosen, or weighted in a stack, by their out-of-fold
 * predictions has seen a little of them. They are for a new row exchangeable with the old ones: under a split by groups or clusters, for a row of a new group. The
 * promise is on average over rows. With groups (Mondrian; Vovk et al. 2005, section 4.5) scores are compared within a group
 * only, and the promise holds in every group by itself, where folds hold rows of each: then a group needs rows enough of
 * its own. With fewer than (1 − α) / α scores no finite interval can keep the promise: it is infinite, and says why.
 */
import { InputError } from "../base/errors.ts";
import { type Context, pause } from "../base/context.ts";
import { fold as foldKey, type Key } from "../base/key.ts";
import type { Table } from "../data/types.ts";
import type { Marginal } from "../prob/types.ts";
import { takeRows } from "./inputs.ts";
import type { Job, RunJobs } from "./jobs.ts";
import { type CrossValidation, type OutOfFold, foldRows } from "./outOfFold.ts";
import type { Model, ModelRecord } from "./types.ts";

export type ConformalMethod = "split" | "cv+";
export type ConformalScore = "absolute" | "normalised";

/** Scores of one fold's rows, ascending, and what the model without the fold says of a new row. */
export interface FoldScores {
  readonly scores: Float64Array;
  readonly centre: number;
  /** Unit of the scores: 1 for absolute ones. */
  readonly spread: number;
}

/** Rounding that a level times a whole number may show. */
const ROUNDING = 1e-9;

/** The rank of the score that bounds a new one at this level, among n: beyond n there is none. */
export const conformalRank = (n: number, level: number): number => Math.ceil(level * (n + 1) - ROUNDING);

/** Fewest scores with which an interval of that level is finite. */
export const fewestScores = (level: number): number => Math.ceil(level / (1 - level) - ROUNDING);

/** The interval of a new row; one fold is split conformal, several are CV+. Infinite where the scores are too few. */
export function conformalInterval(folds: readonly FoldScores[], level: number): { readonly low: number; readonly high: number } {
  const n = folds.reduce((sum, { scores }) => sum + scores.length, 0);
  const rank = conformalRank(n, level);
  if (rank > n) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const edges = (sign: 1 | -1) => {
    const out = new Float64Array(n);
    let at = 0;
    for (const { scores, centre, spread } of folds) for (const s of scores) out[at++] = centre + sign * spread * s;
    return out.sort();
  };
  return { low: edges(-1)[n - rank]!, high: edges(1)[rank - 1]! };
}

/** How likely a score at least as large as that of a new row was, by fold; above 1 − level a class belongs to the set. */
export function conformalP(folds: readonly { readonly scores: Float64Array; readonly score: number }[]): number {
  let [beyond, n] = [1, 1];
  for (const { scores, score } of folds) {
    n += scores.length;
    beyond += scores.length - firstAtLeast(scores, score);
  }
  return beyond / n;
}

/** Index of the first of ascending values that is not below `least`; their number if all are. */
function firstAtLeast(sorted: Float64Array, least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Everything that intervals are made from; plain data. */
export interface ConformalState {
  readonly property: string;
  readonly kind: "number" | "category";
  readonly method: ConformalMethod;
  readonly score: ConformalScore;
  /** `log`: the models predict natural logarithms. */
  readonly scale?: "log";
  readonly levels?: readonly string[];
  /** Names of the groups, when promises are by group; scores of fold f for group g stand in folds[f].scores[g]. */
  readonly groups?: readonly string[];
  readonly folds: readonly { readonly model: ModelRecord; readonly scores: readonly Float64Array[] }[];
}

export interface ConformalOptions extends Omit<CrossValidation, "only"> {
  readonly method: ConformalMethod;
  readonly score: ConformalScore;
  readonly scale?: "log";
  /** Group of each row, where promises are to hold in each of them. */
  readonly groups?: readonly string[];
}

/** Fit the models of the folds and keep their scores. `split` holds out the first fold only. */
export async function fitConformal({ learner, x, y, column, folds, method, score, scale, groups }: ConformalOptions, run: RunJobs, revive: (record: ModelRecord) => Model, key: Key, ctx: Context): Promise<ConformalState> {
  const target = y.columns[column]!;
  if (groups !== undefined && groups.length !== x.rows) throw new InputError(`groups: ${groups.length} — there are ${x.rows} rows`, { path: "learn.intervals.by" });
  const parts = foldRows(y, column, folds).filter(({ train }) => train.length > 0).slice(0, method === "split" ? 1 : undefined);
  const results = await run(parts.map(({ fold, train }): Job => ({ learner, key: foldKey(key, fold), x, y, column, train })), ctx);
  const names = groups && [...new Set(parts.flatMap(({ test }) => Array.from(test, (i) => groups[i]!)))].sort();
  const place = new Map(names?.map((name, g) => [name, g]));
  const fitted: ConformalState["folds"][number][] = [];
  for (const [k, { test }] of parts.entries()) {
    await pause(ctx);
    const result = results[k]!;
    if (result.kind !== "model") throw new InputError(`job returned no model: ${result.kind} — a job without test rows returns its record`);
    const marginal = (await revive(result.record).predict(takeRows(x, test), ctx)).marginals[0]!;
    const scores = Float64Array.from(test, (i, at) =>
      marginal.kind === "number" && target.kind === "number" ? Math.abs(target.values[i]! - marginal.mean[at]!) / spreadOf(score, marginal.sd[at]!) : marginal.kind === "category" && target.kind === "category" ? 1 - marginal.probability.data[at * target.levels.length + target.codes[i]!]! : Number.NaN,
    );
    const of = (g: number) => scores.filter((_, at) => groups === undefined || place.get(groups[test[at]!]!) === g).sort();
    fitted.push({ model: result.record, scores: (names ?? [""]).map((_, g) => of(g)) });
  }
  return { property: target.name, kind: target.kind, method, score, folds: fitted, ...(scale && { scale }), ...(target.kind === "category" && { levels: target.levels }), ...(names && { groups: names }) };
}

/** Of a model without doubt the score is the deviation in units of almost nothing. */
const spreadOf = (score: ConformalScore, sd: number): number => (score === "normalised" ? Math.max(sd, Number.MIN_VALUE) : 1);

/** Answers for new rows. */
export interface ConformalAnswer {
  /** Ends of the intervals of a number, in its own unit; infinite where no finite one keeps the promise. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Classes that cannot be ruled out at the level, likeliest first; empty where none fits. */
  readonly sets?: readonly (readonly string[])[];
  /** Why an interval is infinite or a set holds everything; empty otherwise. */
  readonly reasons: readonly string[];
}

export interface Conformal {
  readonly state: ConformalState;
  /** `groups` names the group of each row where the promise is by group. */
  ask(x: Table, level: number, groups: readonly string[] | undefined, ctx: Context): Promise<ConformalAnswer>;
}

/** Revive the models of the folds. */
export function conformal(state: ConformalState, revive: (record: ModelRecord) => Model): Conformal {
  const models = state.folds.map(({ model }) => revive(model));
  const place = new Map(state.groups?.map((name, g) => [name, g]));
  return {
    state,
    async ask(x, level, groups, ctx) {
      if (!(level > 0 && level < 1)) throw new InputError(`level of an interval: ${level} — in (0, 1)`, { path: "level", value: level });
      if (state.groups !== undefined && groups?.length !== x.rows) throw new InputError(`groups: ${groups?.length ?? 0} — the intervals of ${state.property} are by group, and there are ${x.rows} rows`, { path: "groups" });
      const marginals: Marginal[] = [];
      for (const model of models) marginals.push((await model.predict(x, ctx)).marginals[0]!);
      const scoresOf = (k: number, row: number): Float64Array => (state.groups === undefined ? state.folds[k]!.scores[0]! : (state.folds[k]!.scores[place.get(groups![row]!) ?? -1] ?? NONE));
      const rows = Array.from({ length: x.rows }, (_, i) => i);
      const reasons = rows.map((i) => reasonOf(models.reduce((sum, _, k) => sum + scoresOf(k, i).length, 0), level, state.groups === undefined ? undefined : groups![i]!));
      if (state.kind === "number") {
        const back = state.scale === "log" ? Math.exp : (v: number) => v;
        const found = rows.map((i) => conformalInterval(marginals.map((m, k) => (m.kind === "number" ? { scores: scoresOf(k, i), centre: m.mean[i]!, spread: spreadOf(state.score, m.sd[i]!) } : { scores: NONE, centre: Number.NaN, spread: Number.NaN })), level));
        return { lower: Float64Array.from(found, ({ low }) => back(low)), upper: Float64Array.from(found, ({ high }) => back(high)), reasons };
      }
      const levels = state.levels!;
      const probability = (k: number, i: number, c: number) => (marginals[k]!.kind === "category" ? marginals[k]!.probability.data[i * levels.length + c]! : Number.NaN);
      const sets = rows.map((i) => {
        const p = levels.map((_, c) => conformalP(marginals.map((__, k) => ({ scores: scoresOf(k, i), score: 1 - probability(k, i, c) }))));
        const mean = levels.map((_, c) => models.reduce((sum, __, k) => sum + probability(k, i, c), 0));
        return levels.map((_, c) => c).filter((c) => p[c]! > 1 - level + ROUNDING).toSorted((a, b) => mean[b]! - mean[a]! || a - b).map((c) => levels[c]!);
      });
      return { sets, reasons };
    },
  };
}

const NONE = new Float64Array(0);

/** What intervals held of rows whose own fold gave no score: of one group, or of all. */
export interface ConformalCheck {
  /** "" for all rows. */
  readonly group: string;
  readonly rows: number;
  /** Share inside, infinite intervals included. */
  readonly coverage: number;
  /** Mean width of finite intervals (in logarithms, on that scale), or mean number of classes; null where there is none. */
  readonly size: number | null;
  /** Share of rows whose interval is infinite. */
  readonly infinite: number;
}

/** Each out-of-fold row against the scores of the other folds, compared within its group if there are any. All rows first, then each group, most rows first. */
export function checkConformal(oof: OutOfFold, score: ConformalScore, groups: readonly string[] | undefined, level: number): readonly ConformalCheck[] {
  const groupOf = (at: number) => groups?.[oof.rows[at]!] ?? "";
  const scores = oof.kind === "number" ? oof.y.map((v, at) => Math.abs(v - oof.mean[at]!) / spreadOf(score, oof.sd[at]!)) : Float64Array.from(oof.codes, (code, at) => 1 - oof.probability[at * oof.levels.length + code]!);
  const others = new Map<string, Float64Array>();
  const scoresFor = (at: number): Float64Array => {
    const name = `${oof.fold[at]!} ${groupOf(at)}`;
    if (!others.has(name)) others.set(name, scores.filter((_, i) => oof.fold[i] !== oof.fold[at] && groupOf(i) === groupOf(at)).sort());
    return others.get(name)!;
  };
  const rows = Array.from(oof.rows.keys(), (at) => {
    const against = scoresFor(at);
    if (oof.kind === "number") {
      const { low, high } = conformalInterval([{ scores: against, centre: oof.mean[at]!, spread: spreadOf(score, oof.sd[at]!) }], level);
      return { inside: low <= oof.y[at]! && oof.y[at]! <= high, size: high - low };
    }
    const set = oof.levels.map((_, c) => c).filter((c) => conformalP([{ scores: against, score: 1 - oof.probability[at * oof.levels.length + c]! }]) > 1 - level + ROUNDING);
    return { inside: set.includes(oof.codes[at]!), size: against.length < fewestScores(level) ? Number.POSITIVE_INFINITY : set.length };
  });
  const summary = (group: string, of: readonly number[]): ConformalCheck => {
    const finite = of.map((at) => rows[at]!.size).filter(Number.isFinite);
    return { group, rows: of.length, coverage: of.filter((at) => rows[at]!.inside).length / of.length, size: finite.length > 0 ? finite.reduce((a, b) => a + b, 0) / finite.length : null, infinite: 1 - finite.length / of.length };
  };
  const all = Array.from(oof.rows.keys());
  if (groups === undefined) return [summary("", all)];
  const names = [...new Set(all.map(groupOf))].sort();
  return [summary("", all), ...names.map((name) => summary(name, all.filter((at) => groupOf(at) === name))).toSorted((a, b) => b.rows - a.rows)];
}

function reasonOf(n: number, level: number, group: string | undefined): string {
  const fewest = fewestScores(level);
  if (n >= fewest) return "";
  const whose = group === undefined ? "" : ` of the group "${group}"`;
  return `${n} held-out ${n === 1 ? "row" : "rows"}${whose}: a ${Number((100 * level).toPrecision(4))} % interval needs ${fewest}`;
}

/** What the intervals promise, in a sentence for readers. */
export function conformalPromise({ method, groups, folds, kind }: Pick<ConformalState, "method" | "groups" | "folds" | "kind">, level: number): string {
  const n = folds.reduce((sum, { scores }) => sum + scores.reduce((all, s) => all + s.length, 0), 0);
  const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
  const what = kind === "number" ? "intervals hold" : "sets of classes hold the true one in";
  const where = groups === undefined ? "of new rows exchangeable with the old ones, on average" : "of new rows in every group by itself, if exchangeable with the old ones of that group";
  if (method === "split") return `Split conformal ${what} at least ${percent(level)} ${where}; under a split by groups or clusters, of rows of new ones.`;
  const promised = Math.max(0, 1 - 2 * (1 - level) - Math.sqrt(2 / n));
  return `CV+ conformal ${what} about ${percent(level)} ${where}; what is proven is ${percent(promised)}${groups === undefined ? "" : " and less in small groups"} (1 − 2α − √(2/n)). Under a split by groups or clusters it is for rows of new ones.`;
}
