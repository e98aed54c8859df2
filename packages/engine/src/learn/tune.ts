/*
 * Search for the options of a learner under a budget, by successive halving (Jamieson & Talwalkar 2016; Karnin, Koren &
 * Somekh 2013): many settings are tried on part of the rows, the best third goes on to three times as many, and so on
 * up to all rows. A setting is judged by its calibrated negative log likelihood on inner folds, groups kept together.
 * The search is part of the fit, so that whoever validates the learner validates the search with it.
 *
 * The budget counts forecast seconds of one core, not those of a clock: the same study tries the same settings anywhere.
 * The learner's own settings are always among those tried, up to the last round.
 */
import { InputError } from "../base/errors.ts";
import { type Context, pause, under } from "../base/context.ts";
import { type Key, fold, split, stream } from "../base/key.ts";
import type { Catalog } from "../base/schema.ts";
import type { Folds, Table, Targets } from "../data/types.ts";
import { innerFolds } from "./innerFolds.ts";
import { checkTargets, keyedOrder, knownRows, readColumns, rowNames, takeRows, takeTarget } from "./inputs.ts";
import { inThisThread } from "./jobs.ts";
import { joinColumns } from "./multi.ts";
import { crossValidate } from "./outOfFold.ts";
import type { Learner, Model, ModelRecord, Reviver } from "./types.ts";
import { rowLosses } from "./validate.ts";

type Options = Readonly<Record<string, unknown>>;

/** One option that may be searched: evenly between two bounds (whole numbers, or on a logarithmic scale, if said), or among some values. */
export type SearchDimension = { readonly low: number; readonly high: number; readonly whole?: boolean; readonly log?: boolean } | { readonly values: readonly unknown[] };

/** The options of a learner that are worth searching. */
export type SearchSpace = Catalog<SearchDimension>;

/** One setting and how far it came. */
export interface TriedSetting {
  readonly options: Options;
  /** Rows of the last round that it took part in. */
  readonly rows: number;
  /** Mean calibrated negative log likelihood there. */
  readonly loss: number;
  readonly chosen: boolean;
}

export interface TuneOptions {
  /** What the trials are called in reports. */
  readonly name: string;
  make(options: Options): Learner;
  /** Forecast seconds of one fit of n rows and d features. */
  seconds(n: number, d: number, options: Options): number;
  readonly space: SearchSpace;
  /** The learner's own settings, where the search begins; those that the user gives are not searched. */
  readonly options?: Options;
  /** Budget of the search, in forecast seconds of one core. */
  readonly budget: number;
}

/** A share of this goes on from round to round, with as many times the rows. */
const THIRD = 3;
/** Fewest rows to judge a setting by. */
const FEWEST_ROWS = 150;
const MOST_SETTINGS = 243;
/** Inner folds. */
const FOLDS = 3;

/** One round: how many settings, on how many rows. */
export interface Round {
  readonly settings: number;
  readonly rows: number;
}

/** Rounds for so many settings: the last one on all rows. */
function rounds(settings: number, rows: number, most: number): readonly Round[] {
  const halvings = Math.min(most, Math.floor(Math.log(settings) / Math.log(THIRD) + 1e-9));
  return Array.from({ length: halvings + 1 }, (_, j) => ({ settings: Math.max(1, Math.ceil(settings / THIRD ** j)), rows: Math.floor(rows / THIRD ** (halvings - j)) }));
}

/** As many settings as the budget allows, at most 243; none when it does not allow two. */
export function planRounds(rows: number, budget: number, seconds: (rows: number) => number): readonly Round[] {
  const most = Math.max(0, Math.floor(Math.log(rows / FEWEST_ROWS) / Math.log(THIRD) + 1e-9));
  const cost = (plan: readonly Round[]) => plan.reduce((sum, round) => sum + FOLDS * round.settings * seconds(Math.ceil((round.rows * (FOLDS - 1)) / FOLDS)), 0);
  for (let settings = MOST_SETTINGS; settings >= 2; settings--) {
    const plan = rounds(settings, rows, most);
    if (cost(plan) <= budget) return plan;
  }
  return [];
}

/** One setting at random. */
function drawSetting(key: Key, space: SearchSpace): Options {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const rng = stream(fold(key, name));
      if ("values" in dimension) return [name, dimension.values[rng.below(dimension.values.length)]];
      const { low, high, whole = false, log = false } = dimension;
      const u = rng.uniform();
      const value = log ? Math.exp(Math.log(low) + u * Math.log(high / low)) : low + u * (high - low);
      // Three digits say all that matters, and can be copied into a study.
      return [name, whole ? Math.round(value) : Number(value.toPrecision(3))];
    }),
  );
}

/** The learner. Throws InputError when there is nothing to search, or no budget. */
export function tuned(options: TuneOptions): Learner {
  const { name, make, space, options: own = {}, budget } = options;
  if (Object.keys(space).length === 0) throw new InputError(`nothing to tune: ${name} declares no options to search — leave tune out`, { path: "learn.tune", value: name });
  if (!(budget >= 0 && budget < Number.POSITIVE_INFINITY)) throw new InputError(`bad budget to tune: ${budget} — seconds ≥ 0`, { path: "learn.tune.seconds", value: budget });
  const plain = make(own);
  const id = `tuned(${plain.id}, ${budget} s)`;
  return {
    id,
    acceptsMissing: plain.acceptsMissing,
    complexity: plain.complexity + 1,
    fit: async (x, y, key, ctx) => {
      checkTargets(x, y);
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) models.push(await fitColumn(id, options, x, y, j, fold(key, y.columns[j].name), under(ctx, y.columns[j].name)));
      return joinColumns(id, models);
    },
  };
}

async function fitColumn(id: string, options: TuneOptions, whole: Table, all: Targets, column: number, key: Key, ctx: Context): Promise<Model> {
  const known = knownRows(all, column);
  const [x, y] = [takeRows(whole, known), takeTarget(all, column, known)];
  const [searchKey, fitKey] = split(key, 2);
  const trials = known.length < 2 ? [] : await search(options, x, y, searchKey, ctx);
  const best = trials.find(({ chosen }) => chosen)?.options ?? options.options ?? {};
  return tunedModel(id, await options.make(best).fit(x, y, fitKey, under(ctx, "fit")), trials);
}

async function search({ make, seconds, space, options: own = {}, budget }: TuneOptions, x: Table, y: Targets, key: Key, ctx: Context): Promise<readonly TriedSetting[]> {
  const plan = planRounds(x.rows, budget, (n) => seconds(n, readColumns(x), own));
  if (plan.length === 0) return [];
  const [drawKey, rowKey, foldKey, fitKey] = split(key, 4);
  const free: SearchSpace = Object.fromEntries(Object.entries(space).filter(([name]) => !Object.hasOwn(own, name)));
  const settings: readonly Options[] = Array.from({ length: plan[0].settings }, (_, i) => (i === 0 ? own : { ...own, ...drawSetting(fold(drawKey, i), free) }));
  const order = keyedOrder(rowKey, rowNames(x, y.names));
  const reached = new Map<number, { readonly rows: number; readonly loss: number }>();
  let going = Array.from(settings.keys());
  for (const [r, round] of plan.entries()) {
    const rows = order.slice(0, round.rows).sort();
    const [some, known] = [takeRows(x, rows), takeTarget(y, 0, rows)];
    const folds = innerFolds(foldKey, some, known, FOLDS);
    for (const [done, i] of going.entries()) {
      await pause(ctx);
      ctx.report({ stage: `tune, round ${r + 1} of ${plan.length}`, done, total: going.length });
      reached.set(i, { rows: round.rows, loss: await lossOf(make(settings[i]), some, known, folds, fold(fitKey, i), ctx) });
    }
    const ranked = going.toSorted((a, b) => reached.get(a)!.loss - reached.get(b)!.loss || a - b);
    const next = plan[r + 1]?.settings ?? 1;
    // What the user would get without a search is measured on all rows too.
    going = [...new Set(r + 1 < plan.length ? [0, ...ranked.slice(0, next)] : ranked.slice(0, 1))].sort((a, b) => a - b);
  }
  return settings.map((options, i) => ({ options, ...reached.get(i)!, chosen: i === going[0] })).sort((a, b) => b.rows - a.rows || a.loss - b.loss);
}

/** Infinite where a setting predicts no number. */
async function lossOf(learner: Learner, x: Table, y: Targets, folds: Folds, key: Key, ctx: Context): Promise<number> {
  const oof = await crossValidate({ learner: { name: "trial" }, x, y, column: 0, folds }, inThisThread({ trial: () => learner }), key, { ...ctx, report: () => {} });
  const losses = rowLosses(oof);
  const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
  return Number.isFinite(mean) ? mean : Number.POSITIVE_INFINITY;
}

/** The model of the chosen setting, which remembers what was tried. */
function tunedModel(id: string, inner: Model, trials: readonly TriedSetting[]): Model {
  const { inputs, outputs } = inner;
  return { id, inputs, outputs, predict: (x, ctx) => inner.predict(x, ctx), toRecord: (): ModelRecord => ({ type: "tuned", id, inputs, outputs, state: { inner: inner.toRecord(), trials } }) };
}

/** Reads `tuned` back. */
export const reviveTuned: Reviver = (record, revive) => {
  const { inner, trials } = record.state as { readonly inner: ModelRecord; readonly trials: readonly TriedSetting[] };
  return tunedModel(record.id, revive(inner), trials);
};

/** What was tried to make the model of a record, its members' first; none where nothing was. */
export function trialsOf(record: ModelRecord): readonly TriedSetting[] {
  const { inner, members = [], models = [], trials } = record.state as { readonly inner?: ModelRecord; readonly members?: readonly ModelRecord[]; readonly models?: readonly ModelRecord[]; readonly trials?: readonly TriedSetting[] };
  return record.type === "tuned" ? trials! : [...(inner ? [inner] : []), ...members, ...models].flatMap(trialsOf);
}
