/*
 * f_s, one number for each row: what the source says of the property itself. Either it is a source column as it stands (the
 * prediction of the same property, in its unit), or it is learnt from the source columns; then the training rows have their
 * values from models that did not see them, lest the target learner believe a source that knows the answers.
 */
import type { Context } from "../../base/context.ts";
import { under } from "../../base/context.ts";
import { InputError, UnsupportedError } from "../../base/errors.ts";
import { type Key, fold, split } from "../../base/key.ts";
import { sameDimension } from "../../base/unit.ts";
import { trainingRows as rowsOutside } from "../../data/splits.ts";
import { columnOf } from "../../data/table.ts";
import type { Feature, Table } from "../../data/types.ts";
import { innerFolds } from "../innerFolds.ts";
import { alignColumns } from "../inputs.ts";
import type { Learner, Model, ModelRecord } from "../types.ts";
import { type NumberOutput, type TrainingRows, takeTraining } from "./rows.ts";
import { sourcesOf } from "./views.ts";

/** A fitted f_s. */
export interface SourceFunction {
  readonly inputs: readonly Feature[];
  evaluate(x: Table, ctx: Context): Promise<Float64Array>;
  toRecord(): SourceRecord;
}

export type SourceRecord = { readonly kind: "column"; readonly feature: Feature } | { readonly kind: "model"; readonly record: ModelRecord };

/** How f_s comes about: `given` is the one source column, in the property's unit; a learner learns it from all of them. */
export type SourceChoice = { readonly kind: "given" } | { readonly kind: "learnt"; readonly learner: Learner; readonly crossFit: boolean };

export const columnSource = (feature: Feature): SourceFunction => ({
  inputs: [feature],
  evaluate: async (x) => {
    const values = columnOf(x, alignColumns(x, [feature])[0]);
    const missing = values.findIndex((v) => !Number.isFinite(v));
    if (missing >= 0) throw new InputError(`no value of the source: "${feature.name}" of row ${missing} is ${values[missing]} — the source says something of every row`, { path: feature.name });
    return values;
  },
  toRecord: () => ({ kind: "column", feature }),
});

export const modelSource = (model: Model): SourceFunction => ({
  inputs: model.inputs,
  evaluate: async (x, ctx) => {
    const [marginal] = (await model.predict(x, ctx)).marginals;
    if (marginal.kind !== "number") throw new UnsupportedError(`a source that predicts classes: "${marginal.name}" — a number is needed`);
    return marginal.mean;
  },
  toRecord: () => ({ kind: "model", record: model.toRecord() }),
});

export const reviveSource = (record: SourceRecord, revive: (record: ModelRecord) => Model): SourceFunction => (record.kind === "column" ? columnSource(record.feature) : modelSource(revive(record.record)));

/** Whether the table has one source column, in the unit of the property. */
const oneInUnit = (x: Table, { unit }: NumberOutput): boolean => {
  const { features } = sourcesOf(x);
  return features.length === 1 && sameUnit(features[0].unit, unit);
};

/** Whether that column is a prediction of the very property, by its name: `density`, or `simulated: density`. */
export const isPrediction = (x: Table, output: NumberOutput): boolean => oneInUnit(x, output) && sourcesOf(x).features[0].name.split(": ").at(-1) === output.name;

const sameUnit = (a: Feature["unit"], b: Feature["unit"]): boolean => a.scale === b.scale && a.offset === b.offset && sameDimension(a, b);

/** f_s, and its values at the training rows. */
export interface FittedSource {
  readonly source: SourceFunction;
  readonly values: Float64Array;
}

const CROSS_FOLDS = 5;

export async function fitSource(choice: SourceChoice, rows: TrainingRows, key: Key, ctx: Context): Promise<FittedSource> {
  if (choice.kind === "given") {
    const { features } = sourcesOf(rows.table);
    if (!oneInUnit(rows.table, rows.output)) throw new InputError(`the source is no prediction of "${rows.output.name}": ${features.length} columns, ${features[0].unit.symbol} — one column in ${rows.output.unit.symbol}, or a source that is learnt`, { path: "transfer.source" });
    const source = columnSource(features[0]);
    return { source, values: await source.evaluate(rows.table, ctx) };
  }
  const [whole, dealing] = split(key, 2);
  const learn = async (part: TrainingRows, k: Key): Promise<SourceFunction> => modelSource(await choice.learner.fit(sourcesOf(part.table), part.targets, k, under(ctx, "source")));
  const source = await learn(rows, whole);
  if (!choice.crossFit) return { source, values: await source.evaluate(rows.table, ctx) };
  const folds = innerFolds(dealing, rows.table, rows.targets, CROSS_FOLDS);
  const values = new Float64Array(rows.values.length);
  for (const [f, test] of folds.test.entries()) {
    const part = await learn(takeTraining(rows, rowsOutside(folds, f)), fold(whole, f));
    (await part.evaluate(takeTraining(rows, test).table, ctx)).forEach((v, i) => (values[test[i]] = v));
  }
  return { source, values };
}
