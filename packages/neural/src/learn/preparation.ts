/*
 * What a network is fed: each column centred by its median and scaled by its quartiles, far values drawn in smoothly by
 * z / √(1 + (z/3)²) (Holzmüller, Grinsztajn & Steinwart 2024, arXiv 2407.04491, section 3), counts by log(1 + x)
 * first. Columns that do not vary are dropped; a missing value becomes the centre, and where a column has missing values in
 * training, one more column tells where they were. Fitted to training rows, computed for rows, and traced into a graph,
 * so that a file takes raw features.
 */
import { InputError } from "@tatara/engine/base";
import { columnOf, type Feature, type Table, withoutCodes } from "@tatara/engine/data";
import { medianOf, quantileOf } from "@tatara/engine/numeric";
import * as op from "../tensor/ops.ts";
import type { Tensor } from "../tensor/types.ts";

/** Plain data; one entry of each list for each input. */
export interface Preparation {
  /** The columns that vary, as they come. */
  readonly inputs: readonly Feature[];
  /** 1 where log(1 + x) comes first. */
  readonly logarithm: readonly number[];
  readonly centre: readonly number[];
  readonly scale: readonly number[];
  /** Inputs that get a second column, which is 1 where they are missing. */
  readonly indicated: readonly number[];
}

/** Variation below this times the size of the values is lost in 32 bits. */
const LOST = 1e-6;
/** Where values are drawn in. */
const BEND = 3;
/** Infinite values stand for very large ones. */
const LARGEST = 1e6;

/** How many numbers a prepared row has. */
export const preparedWidth = ({ inputs, indicated }: Preparation): number => inputs.length + indicated.length;

const isCount = ({ kind }: Feature): boolean => kind === "count";
const logged = (v: number, logarithm: boolean): number => (logarithm ? Math.log1p(Math.max(v, 0)) : v);

/** Median and a width that a standard normal has as one; undefined for a column that does not vary. */
function placeOf(values: Float64Array): { readonly centre: number; readonly scale: number } | undefined {
  if (values.length === 0) return undefined;
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  if (!(high - low > LOST * Math.max(Math.abs(low), Math.abs(high))) || !Number.isFinite(high - low)) return undefined;
  const quartiles = (quantileOf(values, 0.75) - quantileOf(values, 0.25)) / 1.349;
  const mean = values.reduce((a, b) => a + b / values.length, 0);
  const deviation = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2 / values.length, 0));
  // Mostly one value, and seldom another: the quartiles see no width, and the deviation would blow the rest up.
  const scale = quartiles > LOST * (high - low) ? quartiles : Math.max(deviation, (high - low) / 4);
  return { centre: quartiles > LOST * (high - low) ? medianOf(values) : mean, scale };
}

/** Undefined when no column varies, for networks that read something else besides. */
export function preparationOf(whole: Table): Preparation | undefined {
  const x = withoutCodes(whole);
  const columns = x.features.flatMap((feature, j) => {
    const all = columnOf(x, j);
    // Values that 32 bits do not hold are drawn in where they stand; where the others lie is not their business.
    const known = all.map(Math.fround).filter(Number.isFinite).map((v) => logged(v, isCount(feature)));
    const place = placeOf(known);
    return place === undefined ? [] : [{ feature, missing: all.some((v) => Number.isNaN(v)), centre: Math.fround(place.centre), scale: Math.fround(place.scale) }];
  });
  if (columns.length === 0) return undefined;
  return {
    inputs: columns.map(({ feature }) => feature),
    logarithm: columns.map(({ feature }) => (isCount(feature) ? 1 : 0)),
    centre: columns.map(({ centre }) => centre),
    scale: columns.map(({ scale }) => scale),
    indicated: columns.flatMap(({ missing }, j) => (missing ? [j] : [])),
  };
}

/** Throws InputError when no column varies. */
export function fitPreparation(x: Table): Preparation {
  const preparation = preparationOf(x);
  if (preparation === undefined) throw new InputError(`nothing to learn from: none of ${x.cols} features varies over ${x.rows} rows — choose other descriptors`, { path: "represent" });
  return preparation;
}

/** Prepared rows; `places` are the columns of x that hold the inputs. n × preparedWidth. */
export function prepareRows({ logarithm, centre, scale, indicated }: Preparation, x: Table, places: Int32Array): Float32Array {
  const width = places.length + indicated.length;
  const out = new Float32Array(x.rows * width);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < places.length; j++) {
      const v = Math.fround(x.data[i * x.cols + places[j]]);
      if (Number.isNaN(v)) continue;
      const z = Math.min(Math.max((logged(v, logarithm[j] === 1) - centre[j]) / scale[j], -LARGEST), LARGEST);
      out[i * width + j] = z / Math.sqrt(1 + (z / BEND) ** 2);
    }
    for (let k = 0; k < indicated.length; k++) if (Number.isNaN(x.data[i * x.cols + places[indicated[k]]])) out[i * width + places.length + k] = 1;
  }
  return out;
}

/** The same of a tensor of raw rows [b, inputs]. */
export function preparedTensor({ inputs, logarithm, centre, scale, indicated }: Preparation, raw: Tensor): Tensor {
  const d = inputs.length;
  const row = (values: readonly number[], name: string): Tensor => op.constant(values, [d], "f32", name);
  const known = op.equal(raw, raw);
  const bounded = op.minimum(op.maximum(raw, -3e38), 3e38);
  const counts = op.log(op.add(op.maximum(bounded, 0), 1));
  const plain = logarithm.includes(1) ? op.where(op.constant(logarithm, [d], "bool"), counts, bounded) : bounded;
  const z = op.minimum(op.maximum(op.div(op.sub(plain, row(centre, "centre")), row(scale, "scale")), -LARGEST), LARGEST);
  const bent = op.div(z, op.sqrt(op.add(op.square(op.mul(z, 1 / BEND)), 1)));
  const filled = op.where(known, bent, 0);
  if (indicated.length === 0) return filled;
  const gaps = op.sub(1, op.cast(known, "f32"));
  return op.concat([filled, ...indicated.map((j) => op.slice(gaps, { axis: 1, from: j, to: j + 1 }))], 1);
}
