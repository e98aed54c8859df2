/*
 * Hypothesis transfer learning: the source's own regression g(f_s) is a hypothesis that the descriptors correct, by an offset
 * (y − g is learnt) or by a scale (y / g is learnt): Kuzborskij & Orabona 2013; Du, Koushik, Singh & Póczos 2017 (NeurIPS),
 * the baselines of Minami et al. 2023. The offset is (τ, ρ) = (1, 1) around a kernel ridge regression. The scale is fitted so
 * that the squared errors of y itself are small: ratios of weight g², which a small g cannot blow up.
 */
import type { Feature, NumberColumn } from "../../data/types.ts";
import { normalMarginal } from "../../prob/marginal.ts";
import type { NumericMarginal } from "../../prob/types.ts";
import { split } from "../../base/key.ts";
import { joinColumns } from "../multi.ts";
import type { Learner, Model, ModelRecord, Reviver } from "../types.ts";
import { kernelRidge } from "./kernelRidge.ts";
import { meanSquare } from "./ridge.ts";
import { type NumberOutput, trainingRows } from "./rows.ts";
import { type SourceFunction, type SourceRecord, fitSource, reviveSource } from "./sourceFunction.ts";
import { tauRho } from "./tauRho.ts";
import { descriptorsOf } from "./views.ts";

const SOURCE = { kind: "learnt", learner: kernelRidge(), crossFit: false } as const;

/** Learn what the source's regression leaves over. */
export const hypothesisOffset = (): Learner => tauRho({ learner: kernelRidge(), at: { tau: 1, rho: 1 }, source: SOURCE, name: "htl-offset" });

const LEAST_ROWS = 4;

/** Learn what the source's regression is to be multiplied by. */
export function hypothesisScale(): Learner {
  const id = "htl-scale";
  const ratio = kernelRidge();
  return {
    id,
    acceptsMissing: true,
    complexity: 3,
    fit: async (x, y, key, ctx) => {
      const models: Model[] = [];
      for (let j = 0; j < y.columns.length; j++) {
        const rows = trainingRows(x, y, j, { who: id, least: LEAST_ROWS });
        const [sourceKey, own] = split(key, 2);
        const { source, values: g } = await fitSource(SOURCE, rows, sourceKey, ctx);
        const centre = rows.values.reduce((a, b) => a + b, 0) / rows.values.length;
        const descriptors = descriptorsOf(rows.table);
        // About the mean of the target: ratios do not depend on where its unit has its zero.
        const hypothesis = g.map((v) => nonZero(v - centre, rows.values, centre));
        const columns = [{ ...(rows.targets.columns[0] as NumberColumn), values: rows.values.map((v, i) => (v - centre) / hypothesis[i]) }];
        const size = meanSquare(hypothesis, rows.weights);
        const weights = rows.weights.map((w, i) => (w * hypothesis[i] ** 2) / size);
        const inner = await ratio.fit(descriptors, { ...rows.targets, columns, weights }, own, ctx);
        const scale = ((await inner.predict(descriptors, ctx)).marginals[0] as NumericMarginal).mean;
        const spread = Math.sqrt(meanSquare(rows.values.map((v, i) => v - centre - hypothesis[i] * scale[i]), rows.weights));
        models.push(scaleModel(id, rows.output, { inner, source, centre, spread, least: leastOf(rows.values, centre) }));
      }
      return joinColumns(id, models);
    },
  };
}

/** A hypothesis at the very centre has no ratio. */
const leastOf = (values: Float64Array, centre: number): number => 1e-6 * Math.sqrt(values.reduce((s, v) => s + (v - centre) ** 2, 0) / values.length);
const nonZero = (v: number, values: Float64Array, centre: number): number => awayFrom(v, leastOf(values, centre));
const awayFrom = (v: number, least: number): number => (Math.abs(v) >= least ? v : v < 0 ? -least : least);

interface Parts {
  readonly inner: Model;
  readonly source: SourceFunction;
  readonly centre: number;
  readonly spread: number;
  readonly least: number;
}

function scaleModel(id: string, output: NumberOutput, { inner, source, centre, spread, least }: Parts): Model {
  const inputs = [...new Map([...inner.inputs, ...source.inputs].map((f): [string, Feature] => [f.name, f])).values()];
  return {
    id,
    inputs,
    outputs: [output],
    predict: async (x, ctx) => {
      const g = await source.evaluate(x, ctx);
      const { mean, sd } = (await inner.predict(x, ctx)).marginals[0] as NumericMarginal;
      const hypothesis = g.map((v) => awayFrom(v - centre, least));
      // The spread of the ratio counts by the size of the hypothesis; the errors seen are the least.
      return { rows: x.rows, marginals: [normalMarginal({ name: output.name, unit: output.unit, mean: mean.map((m, i) => centre + m * hypothesis[i]), sd: sd.map((s, i) => Math.max(spread, s * Math.abs(hypothesis[i]))) })] };
    },
    toRecord: (): ModelRecord => ({ type: "htl-scale", id, inputs, outputs: [output], state: { inner: inner.toRecord(), source: source.toRecord(), centre, spread, least } }),
  };
}

/** Reads `htl-scale` back. */
export const reviveScale: Reviver = (record, revive) => {
  const { inner, source, ...rest } = record.state as Omit<Parts, "inner" | "source"> & { readonly inner: ModelRecord; readonly source: SourceRecord };
  return scaleModel(record.id, record.outputs[0] as NumberOutput, { inner: revive(inner), source: reviveSource(source, revive), ...rest });
};
