/*
 * Properties that follow from others as products of powers. The logarithm of the product is a weighted sum of the
 * logarithms of its parts: its centre is that sum of their centres, exactly, so that the centres of one row obey the
 * formula; its spread is that of the sum under the correlation of the parts' out-of-fold errors. What this leaves out —
 * the shape of a sum of Student-t laws, a relation that the measured values keep only roughly — the calibration on the
 * out-of-fold errors of the product itself makes good: one factor on the spread, and the tails.
 */
import { InputError } from "../base/errors.ts";
import type { Unit } from "../base/unit.ts";
import type { Matrix, NumberColumn } from "../data/types.ts";
import type { PowerProduct } from "../data/powerProduct.ts";
import { predictive } from "../prob/predictive.ts";
import type { NumericMarginal, Predictive } from "../prob/types.ts";
import { type NumberCalibration, applyCalibration, calibrateNumber, calibratedLaw } from "./calibrate.ts";
import { residualCorrelation } from "./correlation.ts";
import type { NumberOutOfFold, OutOfFold } from "./outOfFold.ts";
import type { Model, ModelRecord, Output, Reviver } from "./types.ts";

/** How one property follows from others; plain data. */
export interface Derivation {
  readonly name: string;
  readonly unit: Unit;
  readonly formula: PowerProduct;
  /** Correlation of the errors of the parts' logarithms, in the formula's order; independent when null. */
  readonly correlation: Matrix | null;
  readonly calibration: NumberCalibration;
}

/** Fewest rows that a calibration is fitted to. */
const FEWEST = 10;

/** A property of a formula among the columns of targets. */
export type DerivedColumn = NumberColumn & { readonly formula: PowerProduct };

export const isDerived = (column: { readonly kind: string; readonly formula?: PowerProduct }): column is DerivedColumn => column.kind === "number" && column.formula !== undefined;

/** Learn how a column follows from its parts: from rows where it and all of them are known. Throws InputError when a part has no logarithm. */
export function derive({ name, unit, values, formula }: DerivedColumn, learnt: readonly OutOfFold[], rows: number): { readonly derivation: Derivation; readonly oof: NumberOutOfFold } {
  const parts = formula.parts.map(({ property }) => partOf(name, property, learnt));
  const correlation = residualCorrelation(parts, rows) ?? null;
  const spreads = parts.map((part) => ({ ...part, sd: applyCalibration(part, calibrateNumber(part)).sd }));
  const places = spreads.map((part) => new Map(Array.from(part.rows, (row, i) => [row, i])));
  const [first] = spreads as [NumberOutOfFold, ...NumberOutOfFold[]];
  const common = Array.from(first.rows.keys()).filter((i) => Number.isFinite(values[first.rows[i]!]!) && places.every((place) => place.has(first.rows[i]!)));
  if (common.length < FEWEST) throw new InputError(`too few values: "${name}" is known beside all of ${formula.parts.map((p) => p.property).join(", ")} in ${common.length} rows — its calibration needs at least ${FEWEST}`, { path: name, value: common.length });
  const at = Int32Array.from(common, (i) => first.rows[i]!);
  const take = (of: Float64Array, k: number) => Float64Array.from(at, (row) => of[places[k]!.get(row)!]!);
  const law = combined(formula, correlation, spreads.map((part, k) => ({ mean: take(part.mean, k), sd: take(part.sd, k) })));
  const oof: NumberOutOfFold = { kind: "number", name, unit, scale: "log", rows: at, fold: Int32Array.from(common, (i) => first.fold[i]!), y: Float64Array.from(at, (row) => Math.log(values[row]!)), ...law };
  return { derivation: { name, unit, formula, correlation, calibration: calibrateNumber(oof) }, oof };
}

function partOf(name: string, property: string, learnt: readonly OutOfFold[]): NumberOutOfFold {
  const part = learnt.find((oof) => oof.name === property);
  if (part === undefined) throw new InputError(`unknown property in the formula of ${name}: "${property}" — there are ${learnt.map((oof) => oof.name).join(", ")}`, { path: name, value: property });
  if (part.kind !== "number" || part.scale !== "log") throw new InputError(`part of the formula of ${name} on a linear scale: ${property} — products of powers are predicted by logarithms; say scale: log`, { path: name, value: property });
  return part;
}

/** Mean and standard deviation of the logarithm of the product. */
function combined({ factor, parts }: PowerProduct, correlation: Matrix | null, logs: readonly Pick<NumericMarginal, "mean" | "sd">[]): { readonly mean: Float64Array; readonly sd: Float64Array } {
  const n = logs[0]!.mean.length;
  const mean = new Float64Array(n).fill(Math.log(factor));
  const sd = new Float64Array(n);
  const k = parts.length;
  for (let i = 0; i < n; i++) {
    let variance = 0;
    for (let a = 0; a < k; a++) {
      mean[i]! += parts[a]!.power * logs[a]!.mean[i]!;
      for (let b = 0; b < k; b++) variance += parts[a]!.power * parts[b]!.power * logs[a]!.sd[i]! * logs[b]!.sd[i]! * (correlation ? correlation.data[a * k + b]! : Number(a === b));
    }
    sd[i] = Math.sqrt(Math.max(0, variance));
  }
  return { mean, sd };
}

export interface DerivedOptions {
  readonly derivations: readonly Derivation[];
  /** Names of all properties, in the order of the model's outputs. */
  readonly order: readonly string[];
  /** Correlation of the errors of all of them, in that order. */
  readonly correlation?: Matrix | undefined;
}

/** A model of the parts as a model of the parts and of what follows from them. */
export function derived(inner: Model, { derivations, order, correlation }: DerivedOptions): Model {
  const all: readonly Output[] = [...inner.outputs, ...derivations.map(({ name, unit }): Output => ({ kind: "number", name, unit, scale: "log" }))];
  const outputs = order.map((name) => all.find((output) => output.name === name)!);
  return {
    id: inner.id,
    inputs: inner.inputs,
    outputs,
    predict: async (x, ctx) => {
      const p = await inner.predict(x, ctx);
      const marginals = [...p.marginals, ...derivations.map((derivation) => marginalOf(derivation, p))];
      return predictive(p.rows, order.map((name) => marginals.find((marginal) => marginal.name === name)!), correlation);
    },
    toRecord: (): ModelRecord => ({ type: "derived", id: inner.id, inputs: inner.inputs, outputs, state: { inner: inner.toRecord(), derivations, order, ...(correlation && { correlation }) } }),
  };
}

function marginalOf({ name, unit, formula, correlation, calibration }: Derivation, { marginals }: Predictive): NumericMarginal {
  const logs = formula.parts.map(({ property }) => {
    const part = marginals.find((marginal) => marginal.name === property);
    if (part?.kind !== "number" || part.log === undefined) throw new InputError(`part of the formula of ${name} without a logarithm: ${property} — products of powers are predicted by logarithms`, { path: name, value: property });
    return part.log;
  });
  return calibratedLaw({ name, unit, scale: "log", ...combined(formula, correlation, logs) }, calibration);
}

/** Reads `derived` back. */
export const reviveDerived: Reviver = (record, revive) => {
  const { inner, ...options } = record.state as DerivedOptions & { readonly inner: ModelRecord };
  return derived(revive(inner), options);
};
