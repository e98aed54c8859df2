/* Candidates weighed against one another by their out-of-fold predictions on training rows: non-negative weights that sum to one. */
import { one } from "@tatara/engine/base";
import { simplexLeastSquares } from "@tatara/engine/numeric";
import { HURDLE_SCALES, hurdleMarginal, type HurdleLaw } from "@tatara/engine/prob";
import type { ClassFit, NumberFit } from "./fold.ts";

/** Stacking with weights on the simplex (Breiman 1996, doi 10.1007/BF00117832), by least squares on the scale that was learnt. */
export function blendNumbers(fits: readonly NumberFit[]): NumberFit & { readonly weights: Float64Array } {
  const { y } = fits[0]!.inner;
  const { weights } = simplexLeastSquares({ rows: fits.length, cols: y.length, data: Float64Array.from(fits.flatMap((f) => Array.from(f.inner.mean))) }, y);
  const mix = (of: (fit: NumberFit) => { readonly mean: Float64Array; readonly sd: Float64Array }) => {
    const parts = fits.map(of);
    const mean = parts[0]!.mean.map((_, i) => parts.reduce((sum, p, k) => sum + weights[k]! * p.mean[i]!, 0));
    // The mixture's own variance: within its members, and between them.
    const sd = mean.map((m, i) => Math.sqrt(parts.reduce((sum, p, k) => sum + weights[k]! * (p.sd[i]! ** 2 + (p.mean[i]! - m) ** 2), 0)));
    return { mean, sd };
  };
  return { name: "blend", inner: { ...fits[0]!.inner, ...mix((f) => f.inner) }, test: mix((f) => f.test), weights };
}

/** The same for laws with a heap: probabilities of the heap are weighed by all rows, what lies above it by the rows that do. */
export function blendHurdles(fits: readonly NumberFit[]): NumberFit & { readonly heap: Float64Array; readonly above: Float64Array } {
  const laws = fits.map((fit) => fit.inner.hurdle!);
  const { y } = fits[0]!.inner;
  const { at, scale } = laws[0]!;
  const beyond = Array.from(y.keys()).filter((i) => y[i]! > at);
  const weigh = (parts: readonly Float64Array[], wanted: Float64Array) => simplexLeastSquares({ rows: parts.length, cols: wanted.length, data: Float64Array.from(parts.flatMap((part) => Array.from(part))) }, wanted).weights;
  const heap = weigh(laws.map(({ atom }) => atom), y.map((v) => Number(v === at)));
  const above = weigh(laws.map(({ mean }) => Float64Array.from(beyond, (i) => mean[i]!)), Float64Array.from(beyond, (i) => HURDLE_SCALES[scale].forward(y[i]! - at)));
  const mix = (of: (fit: NumberFit) => HurdleLaw) => {
    const parts = fits.map(of);
    const sum = (weights: Float64Array, value: (part: HurdleLaw, i: number) => number) => parts[0]!.atom.map((_, i) => parts.reduce((total, part, k) => total + weights[k]! * value(part, i), 0));
    const mean = sum(above, (part, i) => part.mean[i]!);
    const sd = sum(above, (part, i) => part.sd[i]! ** 2 + (part.mean[i]! - mean[i]!) ** 2).map(Math.sqrt);
    const law = hurdleMarginal({ name: "y", unit: one }, { at, scale, atom: sum(heap, (part, i) => part.atom[i]!).map((p) => Math.min(1, p)), mean, sd });
    return { mean: law.mean, sd: law.sd, hurdle: law.hurdle! };
  };
  return { name: "two parts, blend", inner: { ...fits[0]!.inner, ...mix((f) => f.inner.hurdle!) }, test: mix((f) => f.test.hurdle!), heap, above };
}

/** The same for the probabilities of two classes. */
export function blendClasses(fits: readonly ClassFit[]): ClassFit & { readonly weights: Float64Array } {
  const { codes } = fits[0]!.inner;
  const found = Float64Array.from({ length: 2 * codes.length }, (_, at) => Number(codes[at >> 1] === at % 2));
  const { weights } = simplexLeastSquares({ rows: fits.length, cols: found.length, data: Float64Array.from(fits.flatMap((f) => Array.from(f.inner.probability))) }, found);
  const mix = (of: (fit: ClassFit) => { readonly probability: Float64Array }) => {
    const parts = fits.map((fit) => of(fit).probability);
    return { probability: parts[0]!.map((_, i) => parts.reduce((sum, p, k) => sum + weights[k]! * p[i]!, 0)) };
  };
  return { name: "blend", inner: { ...fits[0]!.inner, ...mix((f) => f.inner) }, test: mix((f) => f.test), weights };
}
