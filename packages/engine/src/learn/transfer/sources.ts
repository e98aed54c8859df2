/*
 * Frozen sources before a learner: their outputs are appended to the table as columns of the block `source:<name>`, so that the
 * final model predicts from descriptors alone. A source is any feature extractor; a fitted model is one by its predictive means.
 */
import type { Context } from "../../base/context.ts";
import { InputError, lookUp } from "../../base/errors.ts";
import type { Catalog } from "../../base/schema.ts";
import { one } from "../../base/unit.ts";
import { joinTables, selectFeatures } from "../../data/table.ts";
import type { Feature, Table } from "../../data/types.ts";
import type { Marginal } from "../../prob/types.ts";
import type { Learner, Model, ModelRecord, Output, Reviver } from "../types.ts";
import { SOURCE } from "./views.ts";
import type { ExtractorRecord, ExtractorReviver, FeatureExtractor } from "./types.ts";

/** What a model says as features: the mean of a number (of its natural logarithm, where it was learnt so), the probability of every class but the last. */
export function modelExtractor(name: string, model: Model): FeatureExtractor {
  const outputs = model.outputs.flatMap((output) => featuresOf(name, output));
  return {
    id: name,
    inputs: model.inputs,
    outputs,
    extract: async (x, ctx) => {
      const { marginals } = await model.predict(x, ctx);
      const columns = marginals.flatMap((marginal, j) => columnsOf(marginal, model.outputs[j]));
      const data = new Float64Array(x.rows * outputs.length);
      columns.forEach((values, j) => values.forEach((v, i) => (data[i * outputs.length + j] = v)));
      return { rows: x.rows, cols: outputs.length, data, features: outputs };
    },
    toRecord: (): ExtractorRecord => ({ type: "model", id: name, inputs: model.inputs, outputs, state: model.toRecord() }),
  };
}

const featuresOf = (source: string, output: Output): readonly Feature[] =>
  output.kind === "number"
    ? [{ name: `${source}: ${output.name}`, unit: output.scale === "log" ? one : output.unit, about: `${output.scale === "log" ? "logarithm of " : ""}${output.name} as predicted by ${source}`, block: `${SOURCE}${source}` }]
    : output.levels.slice(0, -1).map((level) => ({ name: `${source}: ${output.name} = ${level}`, unit: one, about: `probability of ${level} as predicted by ${source}`, block: `${SOURCE}${source}` }));

const columnsOf = (marginal: Marginal, output: Output): readonly Float64Array[] => {
  if (marginal.kind === "number") return [output.kind === "number" && output.scale === "log" && marginal.log ? marginal.log.mean : marginal.mean];
  const { rows, cols, data } = marginal.probability;
  return marginal.levels.slice(0, -1).map((_, k) => Float64Array.from({ length: rows }, (__, i) => data[i * cols + k]));
};

/** Readers of extractors by the type of their record; packages beside the engine add theirs. */
export const extractorRevivers: Catalog<ExtractorReviver> = { model: ({ id, state }, revive) => modelExtractor(id, revive(state as ModelRecord)) };

/** The table with the outputs of the sources beside its own columns; a row's values depend on that row alone. */
export async function appendSources(sources: readonly FeatureExtractor[], x: Table, ctx: Context): Promise<Table> {
  const parts: Table[] = [x];
  for (const source of sources) parts.push(await source.extract(x, ctx));
  return joinTables(...parts);
}

/** A learner that sees what the sources say beside its table. Throws InputError for two sources of one name. */
export function withSources(sources: readonly FeatureExtractor[], learner: Learner): Learner {
  checkSources(sources);
  const id = `${learner.id} with ${sources.map((source) => source.id).join(", ")}`;
  return { ...learner, id, fit: async (x, y, key, ctx) => sourcedModel(sources, await learner.fit(await appendSources(sources, x, ctx), y, key, ctx)) };
}

function checkSources(sources: readonly FeatureExtractor[]): void {
  if (sources.length === 0) throw new InputError("no source: 0 models — name at least one", { path: "transfer.sources" });
  const names = sources.map(({ id }) => id);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`two sources have one name: "${twice}" — names are different`, { path: "transfer.sources", value: twice });
}

/** The columns that no source writes. */
export function withoutWritten(sources: readonly FeatureExtractor[], x: Table): Table {
  const written = new Set(sources.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  return written.size === 0 ? x : selectFeatures(x, x.features.flatMap(({ name }) => (written.has(name) ? [] : [name])));
}

/** A model that asks its sources first. */
export interface SourcedModel extends Model {
  /** The table with what the sources say beside its columns, as the inner model's learner saw it. */
  extend(x: Table, ctx: Context): Promise<Table>;
}

export const isSourced = (model: Model): model is SourcedModel => "extend" in model;

/** A model of the appended table as one of the table itself: its inputs are the descriptors of the model and of every source. */
export function sourcedModel(sources: readonly FeatureExtractor[], inner: Model): SourcedModel {
  const inputs = inputsBefore(sources, inner.inputs);
  const names = inputs.map(({ name }) => name);
  return {
    id: inner.id,
    inputs,
    outputs: inner.outputs,
    extend: (x, ctx) => appendSources(sources, withoutWritten(sources, x), ctx),
    predict: async (x, ctx) => inner.predict(await appendSources(sources, needed(x, names), ctx), ctx),
    toRecord: (): ModelRecord => ({ type: "sourced", id: inner.id, inputs, outputs: inner.outputs, state: { sources: sources.map((source) => source.toRecord()), inner: inner.toRecord() } }),
  };
}

/** What descriptors it takes to have the inputs: those that no source writes, and what the sources need. */
export function inputsBefore(sources: readonly FeatureExtractor[], inputs: readonly Feature[]): readonly Feature[] {
  const written = new Set(sources.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const all = [...inputs.filter(({ name }) => !written.has(name)), ...sources.flatMap((source) => source.inputs)];
  return [...new Map(all.map((feature): [string, Feature] => [feature.name, feature])).values()];
}

/** The columns by these names; a table may hold others, even some that the sources write. */
function needed(x: Table, names: readonly string[]): Table {
  const missing = names.find((name) => !x.features.some((feature) => feature.name === name));
  if (missing !== undefined) throw new InputError(`missing feature: "${missing}" — the model and its sources need ${names.length} features, and the table has ${x.features.length}`, { path: missing });
  return selectFeatures(x, names);
}

/** Reads `sourced` back, given how to read extractors. */
export const reviveSourced =
  (revivers: Catalog<ExtractorReviver>): Reviver =>
  (record, revive) => {
    const { sources, inner } = record.state as { readonly sources: readonly ExtractorRecord[]; readonly inner: ModelRecord };
    return sourcedModel(sources.map((source) => lookUp("type of source", source.type, revivers, "type")(source, revive)), revive(inner));
  };
