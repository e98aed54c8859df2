/* First values of parameters. */
import { stream } from "@tatara/engine/base";
import { sizeOf } from "../tensor/shape.ts";
import type { Shape } from "../tensor/types.ts";
import type { Initialiser } from "./types.ts";

/** Numbers that go into one output and come out of one input: of [in, out], and of kernels [out, in, h, w]. */
function fans(shape: Shape): readonly [number, number] {
  if (shape.length === 2) return [shape[0], shape[1]];
  const taps = sizeOf(shape.slice(2));
  return [shape[1] * taps, shape[0] * taps];
}

const drawn = (width: (shape: Shape) => number): Initialiser => (shape, key) => {
  const rng = stream(key);
  const w = width(shape);
  return Float32Array.from({ length: sizeOf(shape) }, () => w * (2 * rng.uniform() - 1));
};

/** Uniform with variance 2 / (in + out) (Glorot & Bengio 2010). */
export const glorot: Initialiser = drawn((shape) => Math.sqrt(6 / (fans(shape)[0] + fans(shape)[1])));
/** Uniform with variance 2 / in, for rectified units (He et al. 2015). */
export const he: Initialiser = drawn((shape) => Math.sqrt(6 / fans(shape)[0]));
/** Uniform in ± 1 / √in: the default of torch for weights. */
export const lecun: Initialiser = drawn((shape) => 1 / Math.sqrt(fans(shape)[0]));

/** Normal with a standard deviation. */
export const normal =
  (sd: number): Initialiser =>
  (shape, key) => {
    const rng = stream(key);
    return Float32Array.from({ length: sizeOf(shape) }, () => sd * rng.normal());
  };

export const fill =
  (value: number): Initialiser =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** An orthogonal matrix by Gram and Schmidt, for recurrent weights (Saxe et al. 2014). */
export const orthogonal: Initialiser = ([rows, cols], key) => {
  const rng = stream(key);
  const short = Math.min(rows, cols);
  const long = Math.max(rows, cols);
  const basis: Float64Array[] = [];
  while (basis.length < short) {
    const v = Float64Array.from({ length: long }, () => rng.normal());
    for (const u of basis) {
      const along = v.reduce((s, x, i) => s + x * u[i], 0);
      for (let i = 0; i < long; i++) v[i] -= along * u[i];
    }
    const norm = Math.hypot(...v);
    basis.push(v.map((x) => x / norm));
  }
  return Float32Array.from({ length: rows * cols }, (_, i) => (rows <= cols ? basis[Math.floor(i / cols)][i % cols] : basis[i % cols][Math.floor(i / cols)]));
};
