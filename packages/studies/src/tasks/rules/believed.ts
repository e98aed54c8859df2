/*
 * What the model says of the rows that it was validated on: the probability of the target, by a model that has not seen
 * the row, and the folds in which that was so. Rules are mined in the same folds, so that rules, model and truth are
 * compared on even terms. A model without a record of its validation on these rows is asked as it stands, and that is told.
 */
import { one, parseUnit, type Context, type Key } from "@tatara/engine/base";
import { groupFolds, type Folds } from "@tatara/engine/data";
import { regionObjective, type Target } from "@tatara/engine/design";
import type { CategoryValidation, NumberValidation, PropertyValidation } from "@tatara/engine/learn";
import { categoricalMarginal, normalMarginal, predictive, studentMarginal, type Groups, type Marginal } from "@tatara/engine/prob";
import type { StageOne } from "../learn.ts";

export interface Believed {
  /** Of each row; NaN where the model was not asked. */
  readonly probability: Float64Array;
  readonly folds: Folds;
  /** Whether the model had not seen the rows. */
  readonly outOfFold: boolean;
}

export interface Believing {
  readonly one: StageOne;
  readonly targets: readonly Target[];
  readonly groups: Groups;
  /** For folds of our own. */
  readonly folds: number;
}

export async function believed(key: Key, { one: stage, targets, groups, folds }: Believing, ctx: Context): Promise<Believed> {
  const { validation, measurements, model, x } = stage;
  const own = targets.map(({ property }) => validation.properties.find((v) => v.name === property));
  const same = validation.materials.length === measurements.texts.length && validation.materials.every((text, i) => text === measurements.texts[i]);
  if (same && own.every((v) => v !== undefined)) return fromValidation(own as readonly PropertyValidation[], targets, measurements.texts.length, validation.split);
  const probability = regionObjective(targets).logScore(await model.predict(x, ctx)).map(Math.exp);
  return { probability, folds: groupFolds(key, groups, { folds, names: measurements.keys }), outOfFold: false };
}

function fromValidation(own: readonly PropertyValidation[], targets: readonly Target[], n: number, split: string): Believed {
  const places = own.map(({ points }) => new Map(points.row.map((row, at) => [row, at])));
  const rows = own[0]!.points.row.filter((row) => places.every((place) => place.has(row))).toSorted((a, b) => a - b);
  const marginals = own.map((v, k) => marginalAt(v, rows.map((row) => places[k]!.get(row)!)));
  const found = regionObjective(targets).logScore(predictive(rows.length, marginals));
  const probability = new Float64Array(n).fill(Number.NaN);
  rows.forEach((row, i) => (probability[row] = Math.exp(found[i]!)));
  const { fold, row } = own[0]!.points;
  const test = [...new Set(fold)].toSorted((a, b) => a - b).map((f) => Int32Array.from(row.filter((_, at) => fold[at] === f && places.every((place) => place.has(row[at]!)))).sort());
  return { probability, folds: { id: split, test: test.filter((part) => part.length > 0) }, outOfFold: true };
}

const marginalAt = (v: PropertyValidation, places: readonly number[]): Marginal => (v.kind === "category" ? classesAt(v, places) : numbersAt(v, places));

function classesAt({ name, levels, points }: CategoryValidation, places: readonly number[]): Marginal {
  const data = Float64Array.from(places.flatMap((at) => points.probability[at]!));
  return categoricalMarginal({ name, levels, probability: { rows: places.length, cols: levels.length, data } });
}

/** The calibrated distribution, rebuilt from its mean, standard deviation and degrees of freedom. */
function numbersAt({ name, unit, points, calibration: { df } }: NumberValidation, places: readonly number[]): Marginal {
  const named = { name, unit: unit === "1" ? one : parseUnit(unit) };
  const mean = Float64Array.from(places, (at) => points.mean[at]!);
  const sd = Float64Array.from(places, (at) => points.sd[at]!);
  if (df === null || df <= 2) return normalMarginal({ ...named, mean, sd });
  return studentMarginal({ ...named, location: mean, scale: sd.map((s) => s * Math.sqrt((df - 2) / df)), df });
}
