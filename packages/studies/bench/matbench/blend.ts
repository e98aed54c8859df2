/* Candidates weighed against one another by their out-of-fold predictions on training rows: non-negative weights that sum to one. */
import { simplexLeastSquares } from "@tatara/engine/numeric";
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
