/*
 * Search for the options of a learner under a budget, by successive halving (Jamieson & Talwalkar 2016; Karnin, Koren &
 * Somekh 2013): many settings are tried on part of the rows, the best third goes on to three times as many, and so on
 * up to all rows. A setting is judged by its calibrated negative log likelihood on inner folds, groups kept together.
 * The search is part of the fit, so that whoever validates the learner validates the search with it.
 *
 * The budget counts forecast seconds of one core, not those of a clock: the same study tries the same settings anywhere.
 * Every setting has its own price, and the plan counts as if the dearest went on, so that no choice runs beyond it. The
 * learner's own settings are always among those tried, up to the last round.
 */
import { InputError } from "../base/errors.ts";
import { type Context, pause, under } from "../base/context.ts";
import { type Key, fold, split, stream } from "../base/key.ts";
import type { Catalog } from "../base/schema.ts";
import type { Folds, Table, Targets } from "../data/types.ts";
import { innerFolds } from "./innerFolds.ts";
import { checkTargets, keyedOrder, knownRows, readColumns, rowNames, takeRows, takeTarget } from "./inputs.ts";
import { inThisThread, refused } from "./jobs.ts";
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
  /** Mean calibrated negative log likelihood there; null where it predicts no number, or could not be learnt. */
  readonly loss: number | null;
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

/** Rounds for so many settings, the learner's own among them: the last one on all rows. */
function rounds(settings: number, rows: number, most: number): readonly Round[] {
  const halvings = Math.min(most, Math.floor(Math.log(settings) / Math.log(THIRD) + 1e-9));
  return Array.from({ length: halvings + 1 }, (_, j) => ({ settings: Math.max(2, Math.ceil(settings / THIRD ** j)), rows: Math.floor(rows / THIRD ** (halvings - j)) }));
}

/** Forecast seconds of one fit of a setting, by its number, on so many rows; number 0 are the learner's own. */
type Price = (setting: number, rows: number) => number;

/** What a plan costs at most: its folds, with the dearest going on beside the learner's own, and what the last fit takes longer for being of other settings. */
function costOf(plan: readonly Round[], rows: number, price: Price): number {
  const others = Array.from({ length: plan[0].settings - 1 }, (_, i) => i + 1);
  const dearest = (count: number, on: number) => others.map((i) => price(i, on)).sort((a, b) => b - a).slice(0, count).reduce((a, b) => a + b, 0);
  const folds = plan.reduce((sum, round) => {
    const on = Math.ceil((round.rows * (FOLDS - 1)) / FOLDS);
    return sum + FOLDS * (price(0, on) + dearest(round.settings - 1, on));
  }, 0);
  return folds + Math.max(0, dearest(1, rows) - price(0, rows));
}

/** As many settings as the budget allows, at most those there are; none when it does not allow two. */
export function planRounds(rows: number, budget: number, price: Price, most = MOST_SETTINGS): readonly Round[] {
  const halvings = Math.max(0, Math.floor(Math.log(rows / FEWEST_ROWS) / Math.log(THIRD) + 1e-9));
  for (let settings = most; settings >= 2; settings--) {
    const plan = rounds(settings, rows, halvings);
    if (costOf(plan, rows, price) <= budget) return plan;
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

/** What a search will try on so many rows and features: the learner's own settings, then different ones drawn, as many as the first round takes. */
export function planSearch({ seconds, space, options: own = {}, budget }: Pick<TuneOptions, "seconds" | "space" | "options" | "budget">, rows: number, cols: number, key: Key): { readonly settings: readonly Options[]; readonly plan: readonly Round[] } {
  const free: SearchSpace = Object.fromEntries(Object.entries(space).filter(([name]) => !Object.hasOwn(own, name)));
  const drawn = Array.from({ length: MOST_SETTINGS }, (_, i): Options => (i === 0 ? own : { ...own, ...drawSetting(fold(key, i), free) }));
  // A few choices soon repeat themselves.
  const settings = [...new Map(drawn.map((setting) => [JSON.stringify(setting), setting])).values()];
  const plan = planRounds(rows, budget, (i, n) => seconds(n, cols, settings[i]), settings.length);
  return { plan, settings: settings.slice(0, plan[0]?.settings ?? 0) };
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
    needed: plain.needed ?? [],
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

interface Reached {
  readonly rows: number;
  readonly loss: number;
}

/** The smaller loss goes first, of equal ones the earlier. */
const compared = (reached: ReadonlyMap<number, Reached>, a: number, b: number): number => reached.get(a)!.loss - reached.get(b)!.loss || a - b;

const finite = (loss: number): number | null => (Number.isFinite(loss) ? loss : null);

async function search(options: TuneOptions, x: Table, y: Targets, key: Key, ctx: Context): Promise<readonly TriedSetting[]> {
  const [drawKey, rowKey, foldKey, fitKey] = split(key, 4);
  const { settings, plan } = planSearch(options, x.rows, readColumns(x), drawKey);
  if (plan.length === 0) return [];
  const order = keyedOrder(rowKey, rowNames(x, y.names));
  const reached = new Map<number, Reached>();
  let going = Array.from(settings.keys());
  for (const [r, round] of plan.entries()) {
    const rows = order.slice(0, round.rows).sort();
    const [some, known] = [takeRows(x, rows), takeTarget(y, 0, rows)];
    const folds = innerFolds(foldKey, some, known, FOLDS);
    for (const [done, i] of going.entries()) {
      await pause(ctx);
      ctx.report({ stage: `tune, round ${r + 1} of ${plan.length}`, done, total: going.length });
      reached.set(i, { rows: round.rows, loss: await lossOf(options.make(settings[i]), some, known, folds, fold(fitKey, i), ctx) });
    }
    const ranked = going.toSorted((a, b) => compared(reached, a, b));
    // What the user would get without a search is measured on all rows too.
    going = r + 1 < plan.length ? [0, ...ranked.filter((i) => i !== 0).slice(0, plan[r + 1].settings - 1)].sort((a, b) => a - b) : ranked.slice(0, 1);
  }
  const listed = Array.from(settings.keys()).sort((a, b) => reached.get(b)!.rows - reached.get(a)!.rows || compared(reached, a, b));
  return listed.map((i) => ({ options: settings[i], rows: reached.get(i)!.rows, loss: finite(reached.get(i)!.loss), chosen: i === going[0] }));
}

/** Infinite where a setting predicts no number, or cannot be learnt from these rows: a part of them may all have one value. */
async function lossOf(learner: Learner, x: Table, y: Targets, folds: Folds, key: Key, ctx: Context): Promise<number> {
  try {
    const losses = rowLosses(await crossValidate({ learner: { name: "trial" }, x, y, column: 0, folds }, inThisThread({ trial: () => learner }), key, { ...ctx, report: () => {} }));
    const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
    return Number.isFinite(mean) ? mean : Number.POSITIVE_INFINITY;
  } catch (error) {
    if (!refused(error)) throw error;
    return Number.POSITIVE_INFINITY;
  }
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
