/*
 * Stage one as a whole: choose a learner for each property by cross-validation, fit it to all rows, calibrate it
 * on its out-of-fold errors, learn how the properties' errors hang together and where the model applies.
 */
import { InputError } from "../base/errors.ts";
import { type Context, pause, under } from "../base/context.ts";
import { type Key, fold, split } from "../base/key.ts";
import type { Catalog } from "../base/schema.ts";
import { graphColumns } from "../data/graphRows.ts";
import type { Folds, Table, Targets } from "../data/types.ts";
import type { Predictive } from "../prob/types.ts";
import { type ApplicabilityDomain, type DomainPoints, type DomainState, applicabilityDomain, fitDomain } from "./applicability.ts";
import { applyCalibration, calibrateNumber, spreadOfLogs } from "./calibrate.ts";
import { calibrated } from "./calibrated.ts";
import { calibrateCategory } from "./classCalibration.ts";
import { type ConformalCheck, type ConformalMethod, type ConformalScore, type ConformalState, checkConformal, conformalPromise, fitConformal } from "./conformal.ts";
import { residualCorrelation } from "./correlation.ts";
import { derive, derived, isDerived } from "./derived.ts";
import { checkTargets, knownRows } from "./inputs.ts";
import { type Job, type LearnerSpec, type RunJobs, inThisThread, labelOf } from "./jobs.ts";
import { type LearningCurve, learningCurve } from "./learningCurve.ts";
import { asLearnt, exponentiated } from "./logarithmic.ts";
import { type StackPart, stackParts } from "./mixed.ts";
import { joinColumns } from "./multi.ts";
import { type OutOfFold, checkColumn, checkFolds } from "./outOfFold.ts";
import { BUDGET, type CandidateScores, type LearnerRecipe, type Selection, checkCandidates, select } from "./select.ts";
import { type NamedSplit, type SplitScores, ownScores, splitScores } from "./splitScores.ts";
import { type Ignorance, classShares, stretched } from "./stretched.ts";
import { isSourced, sourcedModel, withoutWritten } from "./transfer/sources.ts";
import type { FeatureExtractor } from "./transfer/types.ts";
import { type TriedSetting, trialsOf } from "./tune.ts";
import type { Applicability, Learner, Model, ModelRecord } from "./types.ts";
import { type PropertyValidation, validateProperty } from "./validate.ts";

/** A model with its domain of applicability. */
export interface FittedModel extends Model {
  /** The calibrated model without its domain: the same answers inside the domain, many times faster, and too sure outside. */
  readonly inner: Model;
  readonly domain: ApplicabilityDomain;
  /** Predictions with a verdict on each row's place in the domain; `predict` gives the same predictions alone. */
  judge(x: Table, ctx: Context): Promise<Judged>;
  /** The table as the models of its folds read it: with the columns of its sources, if there are any. */
  extend(x: Table, ctx: Context): Promise<Table>;
}

export interface Judged {
  readonly predictive: Predictive;
  readonly applicability: Applicability;
}

/** Plain JSON. */
export interface Validation {
  /** The split's name. */
  readonly split: string;
  /** What the coverage promises. */
  readonly promise: string;
  readonly properties: readonly PropertyValidation[];
  /** Correlation of the properties' errors, in their order; null when it could not be learnt. */
  readonly correlation: readonly (readonly number[])[] | null;
  readonly applicability: {
    /** Rows of a higher score are flagged. */
    readonly threshold: number;
    /** Whether errors were seen to grow there; otherwise the threshold is where the evidence ends. */
    readonly evidence: boolean;
    /** Error (relative to that of the inner half of the rows) from each score on: a step function. */
    readonly curve: { readonly score: readonly number[]; readonly error: readonly number[] };
    /** Score and error (in units of the median) of each validated row. */
    readonly points: { readonly row: readonly number[]; readonly score: readonly number[]; readonly error: readonly number[] };
  };
  readonly learningCurves: readonly LearningCurve[];
  /** Each learnt property under the study's own split, then under the others that were asked for. */
  readonly splits: readonly SplitScores[];
  /** Conformal intervals and sets, where they were asked for, of each learnt property. */
  readonly conformal: readonly ConformalValidation[];
}

export interface ConformalValidation {
  readonly property: string;
  readonly method: ConformalMethod;
  readonly score: ConformalScore;
  readonly level: number;
  /** What is promised, in a sentence. */
  readonly promise: string;
  /** What held out of fold: of all rows, then of each group. */
  readonly checks: readonly ConformalCheck[];
}

/** Conformal intervals beside the predictive laws. */
export interface IntervalOptions {
  readonly method: ConformalMethod;
  readonly score: ConformalScore;
  /** Level at which they are checked; any may be asked later. */
  readonly level: number;
  /** Group of each row, where promises are to hold in each of them. */
  readonly groups?: readonly string[];
}

export interface FitOptions {
  readonly table: Table;
  readonly targets: Targets;
  readonly folds: Folds;
  /** A learner, a catalogue entry, or `auto`: chosen for each property by cross-validation. */
  readonly learner: Learner | LearnerSpec | "auto";
  readonly recipes: Catalog<LearnerRecipe>;
  /** What `auto` tries, cheap ones first. Default: all recipes in order. */
  readonly candidates?: readonly LearnerSpec[];
  /** Shares of the training rows at which a learning curve is measured; none by default, because each costs a fit. */
  readonly sizes?: readonly number[];
  /** Other ways to hold rows out, under which the chosen learners are scored beside their own; each trial costs a fit. */
  readonly splits?: readonly NamedSplit[];
  /** Seconds that these may be forecast to take for one property on one core; those beyond are left out with a note. No limit by default. */
  readonly splitPatience?: number;
  /** Conformal intervals, made from the models of the folds: each fold costs one more fit. None by default. */
  readonly intervals?: IntervalOptions;
  /** What the split of `folds` is called in that comparison. Default: its id. */
  readonly splitName?: string;
  /** Forecast seconds of one core that `auto` may take for all properties together. Default 240. */
  readonly budget?: number;
  /** What wrote the source columns of the table (transfer): the model then predicts from the other columns, which its domain is about. */
  readonly sources?: readonly FeatureExtractor[];
  /** Runs folds and final fits, in workers for instance; here by default. Needs learners by name. */
  readonly run?: RunJobs;
}

export interface FitResult {
  readonly model: FittedModel;
  /** One for each learnt property when intervals were asked for; plain data, for `conformal` to revive. */
  readonly conformal: readonly ConformalState[];
  readonly validation: Validation;
  readonly selection: readonly PropertySelection[];
}

/** How the learner of one property came about; plain JSON. */
export interface PropertySelection {
  readonly property: string;
  readonly candidates: readonly CandidateScores[];
  /** Forecast seconds of one core that the candidates could take together; null without a choice. */
  readonly budget: number | null;
  /** Settings that were tried to tune the final model, the best first. */
  readonly trials?: readonly TriedSetting[];
  /** What the final model is made of, where it is a stack: the largest part first. */
  readonly parts?: readonly StackPart[];
  /** Names of the features that the final model sees, where some were left out. */
  readonly features?: readonly string[];
}

/** Fit, validate, calibrate. Throws InputError when a property cannot be learnt. */
export async function fitModel(options: FitOptions, revive: (record: ModelRecord) => Model, key: Key, ctx: Context): Promise<FitResult> {
  const { table, folds, targets: wanted, sources = [] } = options;
  checkTargets(table, wanted);
  checkFolds(folds, table.rows);
  wanted.columns.forEach((_, j) => checkColumn(wanted, j));
  const measured: Targets = { ...wanted, columns: wanted.columns.filter((column) => !isDerived(column)) };
  const targets = asLearnt(measured);
  const { recipes, candidates, run } = resolve(options);
  const [choice, last, domainKey, curves, others, conformalKey] = split(key, 6);
  const auto = options.learner === "auto";
  const budget = auto ? (options.budget ?? BUDGET) / targets.columns.length : Number.POSITIVE_INFINITY;
  const selections: Selection[] = [];
  for (let column = 0; column < targets.columns.length; column++)
    selections.push(await select({ x: table, y: targets, column, folds, candidates, recipes, budget, combinations: auto }, run, fold(choice, targets.columns[column].name), ctx));
  const oofs = selections.map(({ oof }, j) => inUnits(oof, measured.columns[j]));
  const models = await finalFits({ table, targets, measured, oofs }, selections, run, revive, last, ctx);
  await pause(ctx);
  const { domain: own, points } = await fitDomain({ x: withoutWritten(sources, table), ...(targets.names && { names: targets.names }), properties: oofs.map(withCalibratedSd) }, domainKey, ctx);
  const derivations = wanted.columns.filter(isDerived).map((column) => derive(column, oofs, table.rows));
  const all = wanted.columns.map(({ name }) => [...oofs, ...derivations.map(({ oof }) => oof)].find((oof) => oof.name === name)!);
  const correlation = residualCorrelation(all, table.rows);
  const whole =
    derivations.length === 0
      ? joinColumns("stage one", models, correlation)
      : derived(joinColumns("stage one", models), { derivations: derivations.map(({ derivation }) => derivation), order: wanted.columns.map(({ name }) => name), correlation });
  const inner = sources.length > 0 ? sourcedModel(sources, whole) : whole;
  const model = fittedModel(inner, own, { shares: classShares(targets), spreads: spreadsOf(all) });
  const learningCurves = await learningCurve({ x: table, y: targets, folds, learners: selections.map(({ learner }) => learner), sizes: options.sizes ?? [] }, run, curves, under(ctx, "learning curve"));
  const splits: SplitScores[] = [];
  for (const [column, { learner, property }] of selections.entries()) {
    splits.push(ownScores(options.splitName ?? folds.id, { oof: oofs[column] }));
    const needs = recipes[learner.name].needs(learner.options ?? {});
    splits.push(...(await splitScores({ x: table, y: targets, column, learner, oof: oofs[column], splits: options.splits ?? [], needs, patience: options.splitPatience ?? Number.POSITIVE_INFINITY }, run, fold(others, property), ctx)));
  }
  const { intervals } = options;
  const conformal: ConformalState[] = [];
  for (const [column, { learner, property }] of intervals ? selections.entries() : []) {
    const oof = oofs[column];
    const scale = oof.kind === "number" && oof.scale ? { scale: oof.scale } : {};
    conformal.push(await fitConformal({ learner, x: table, y: targets, column, folds, ...intervals!, ...scale }, run, revive, fold(conformalKey, property), under(ctx, "conformal intervals")));
  }
  const checks = conformal.map((state, column): ConformalValidation => ({ property: state.property, method: state.method, score: state.score, level: intervals!.level, promise: conformalPromise(state, intervals!.level), checks: checkConformal(oofs[column], state.score, intervals!.groups, intervals!.level) }));
  return {
    model,
    conformal,
    validation: report({ folds, learners: all.map(({ name }) => learnerOf(name, selections, wanted)), oofs: all, correlation, state: own.state, points, learningCurves, splits, conformal: checks }),
    selection: selections.map(({ property, table: lines }, j) => ({ property, candidates: lines, budget: auto ? budget : null, ...madeOf(models[j], table) })),
  };
}

/** Predictions with a verdict on each row's place in the domain. */
export const predictRows = (model: FittedModel, table: Table, ctx: Context): Promise<Judged> => model.judge(table, ctx);

interface Resolved {
  readonly recipes: Catalog<LearnerRecipe>;
  readonly candidates: readonly LearnerSpec[];
  readonly run: RunJobs;
}

/** A learner handed in as an object becomes a catalogue of one. */
function resolve({ table, learner, recipes, candidates, run }: FitOptions): Resolved {
  const own = learner !== "auto" && "fit" in learner ? { [learner.id]: instance(learner, table) } : recipes;
  const specs = learner === "auto" ? (candidates ?? Object.keys(recipes).map((name) => ({ name }))) : "fit" in learner ? [{ name: learner.id }] : [learner];
  checkCandidates(specs);
  for (const { name } of specs) if (!Object.hasOwn(own, name)) throw new InputError(`unknown learner: "${name}" — there are ${["auto", ...Object.keys(own)].join(", ")}`, { path: "learn.model", value: name });
  const catalog = Object.fromEntries(Object.entries(own).map(([name, recipe]) => [name, recipe.make]));
  return { recipes: own, candidates: specs, run: run === undefined || own !== recipes ? inThisThread(catalog) : run };
}

/** A learner handed in may read whatever there is. */
const instance = (learner: Learner, x: Table): LearnerRecipe => ({ about: learner.id, make: () => learner, needs: () => ({ numbers: true, classes: true, graphs: graphColumns(x.features) !== undefined, mostRows: Number.POSITIVE_INFINITY, seconds: () => 0, bytes: () => 0 }) });

/** Where a property comes from: the learner's name, or the formula. */
function learnerOf(property: string, selections: readonly Selection[], { columns }: Targets): string {
  const column = columns.find(({ name }) => name === property)!;
  return isDerived(column) ? column.formula.text : labelOf(selections.find((s) => s.property === property)!.learner);
}

/** What a model tells of its making. */
function madeOf(model: Model, { cols }: Table): Pick<PropertySelection, "trials" | "parts" | "features"> {
  const record = model.toRecord();
  const [trials, parts] = [trialsOf(record), stackParts(record)];
  return { ...(trials.length > 0 && { trials }), ...(parts.length > 0 && { parts }), ...(model.inputs.length < cols && { features: model.inputs.map(({ name }) => name) }) };
}

/** Learners know nothing of the unit and the scale of a logarithm. */
const inUnits = (oof: OutOfFold, column: Targets["columns"][number]): OutOfFold => (oof.kind === "number" && column.kind === "number" && column.scale === "log" ? { ...oof, unit: column.unit, scale: "log" } : oof);

interface Final {
  readonly table: Table;
  /** As learners see them, and as they are. */
  readonly targets: Targets;
  readonly measured: Targets;
  /** Out-of-fold predictions of each. */
  readonly oofs: readonly OutOfFold[];
}

async function finalFits({ table, targets, measured, oofs }: Final, selections: readonly Selection[], run: RunJobs, revive: (record: ModelRecord) => Model, key: Key, ctx: Context): Promise<readonly Model[]> {
  const jobs = selections.map(({ learner, property }, column): Job => ({ learner, key: fold(key, property), x: table, y: targets, column, train: knownRows(targets, column) }));
  const results = await run(jobs, ctx);
  return results.map((result, j) => {
    if (result.kind !== "model") throw new InputError(`job returned no model: ${result.kind} — a job without test rows returns its record`);
    const model = calibrated(revive(result.record), calibrationOf(oofs[j]));
    const column = measured.columns[j];
    return column.kind === "number" && column.scale === "log" ? exponentiated(model, column.unit) : model;
  });
}

/** The domain sees the spreads that the calibrated model will show. */
const withCalibratedSd = (oof: OutOfFold): OutOfFold => (oof.kind === "number" ? { ...oof, sd: applyCalibration(oof, calibrateNumber(oof)).sd } : oof);

const calibrationOf = (oof: OutOfFold) => (oof.kind === "number" ? calibrateNumber(oof) : calibrateCategory(oof));

/** How far logarithms spread in the data, by property. */
const spreadsOf = (oofs: readonly OutOfFold[]): Ignorance["spreads"] => Object.fromEntries(oofs.flatMap((oof) => (oof.kind === "number" && oof.scale === "log" ? [[oof.name, spreadOfLogs(oof)]] : [])));

/** A model that carries its domain, and what is known of rows outside: what the data are like. */
export function fittedModel(inner: Model, own: ApplicabilityDomain, ignorance: Ignorance): FittedModel {
  const { id, inputs, outputs } = inner;
  const judge = async (x: Table, ctx: Context): Promise<Judged> => {
    const within = await inner.predict(x, ctx);
    const applicability = await own.assess(x, within, ctx);
    return { predictive: stretched(within, own.stretch(applicability), ignorance), applicability };
  };
  const extend = async (x: Table, ctx: Context): Promise<Table> => (isSourced(inner) ? inner.extend(x, ctx) : x);
  return { id, inputs, outputs, inner, domain: own, judge, extend, predict: async (x, ctx) => (await judge(x, ctx)).predictive, toRecord: () => ({ type: "fitted", id, inputs, outputs, state: { inner: inner.toRecord(), domain: own.state, ...ignorance } }) };
}

/** Reads `fitted` back. Throws InputError when the record is of another type. */
export function reviveFitted(record: ModelRecord, revive: (record: ModelRecord) => Model): FittedModel {
  if (record.type !== "fitted") throw new InputError(`not a fitted model: type "${record.type}" — "fitted" carries calibration and domain`, { path: "type", value: record.type });
  const { inner, domain: state, shares = {}, spreads = {} } = record.state as { readonly inner: ModelRecord; readonly domain: DomainState } & Partial<Ignorance>;
  const without = record.outputs.find(({ kind, name }) => kind === "category" && shares[name] === undefined);
  if (without) throw new InputError(`model of an older version: it does not know the shares of the classes of "${without.name}" — learn it again`, { path: without.name });
  return fittedModel(revive(inner), applicabilityDomain(state), { shares, spreads });
}

const PROMISE =
  "Bands hold for rows exchangeable with the validated ones; under a group or cluster split, for rows of new groups. Nothing is promised for designed candidates, which are selected by their predictions.";

interface Evidence {
  readonly folds: Folds;
  /** Learner, or formula, and out-of-fold predictions of each property. */
  readonly learners: readonly string[];
  readonly oofs: readonly OutOfFold[];
  readonly correlation: ReturnType<typeof residualCorrelation>;
  readonly state: DomainState;
  readonly points: DomainPoints;
  readonly learningCurves: readonly LearningCurve[];
  readonly splits: readonly SplitScores[];
  readonly conformal: readonly ConformalValidation[];
}

function report({ folds, learners, oofs, correlation, state, points, learningCurves, splits, conformal }: Evidence): Validation {
  return {
    split: folds.id,
    promise: PROMISE,
    properties: oofs.map((oof, j) => validateProperty(oof, learners[j])),
    correlation: correlation ? oofs.map((_, i) => Array.from(correlation.data.subarray(i * oofs.length, (i + 1) * oofs.length))) : null,
    applicability: {
      threshold: state.threshold,
      evidence: state.evidence,
      curve: { score: Array.from(state.growth.start), error: Array.from(state.growth.level) },
      points: { row: Array.from(points.row), score: Array.from(points.score), error: Array.from(points.error) },
    },
    learningCurves,
    splits,
    conformal,
  };
}
