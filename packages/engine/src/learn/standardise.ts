/* Targets with mean zero and standard deviation one: rescaling a unit then rescales a prediction and nothing else. */
import { InputError } from "../base/errors.ts";

/** Weighted mean zero and standard deviation one. Throws InputError on a constant target, and on one too large or too small to square. */
export function standardise(name: string, values: Float64Array, weights: Float64Array): { readonly shift: number; readonly scale: number; readonly values: Float64Array } {
  let total = 0;
  let shift = 0;
  let squares = 0;
  values.forEach((v, i) => {
    total += weights[i];
    const step = v - shift;
    shift += (weights[i] / total) * step;
    squares += weights[i] * step * (v - shift);
  });
  const scale = Math.sqrt(squares / total);
  if (!Number.isFinite(scale)) throw new InputError(`target too large: "${name}" has values whose squares overflow — choose a larger unit`, { path: name, value: scale });
  if (scale === 0 && values.some((v) => v !== values[0])) throw new InputError(`target too small: "${name}" has values like ${values[0]}, whose squares vanish — choose a smaller unit`, { path: name, value: values[0] });
  if (!(scale > 1e-12 * Math.abs(shift)) || scale === 0) throw new InputError(`constant target: every value of "${name}" is ${values[0]} — a model needs values that differ`, { path: name, value: values[0] });
  return { shift, scale, values: values.map((v) => (v - shift) / scale) };
}
