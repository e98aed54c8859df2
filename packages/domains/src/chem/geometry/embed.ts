/*
 * From bounds to first coordinates: draw every distance between its bounds, turn the distances into a metric
 * matrix about the centroid, and take its four leading eigenvectors. The fourth dimension lets atoms pass one
 * another while the refinement turns wrong-handed centres over; it is pressed out later.
 * Havel, Kuntz & Crippen, Bull. Math. Biol. 45 (1983) 665; Crippen, J. Comput. Chem. 3 (1982) 471.
 */
import { stream } from "@tatara/engine/base";
import type { Key, Rng } from "@tatara/engine/base";
import type { Bounds } from "./bounds.ts";

/** Coordinates per atom while a structure is being built. */
export const DIMENSIONS = 4;
const ITERATIONS = 60;

/** Four coordinates for each atom, row-major. */
export function embedMetric({ size, lower, upper }: Bounds, key: Key): Float64Array {
  const rng = stream(key);
  const squared = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const d = lower[i * size + j]! + rng.uniform() * (upper[i * size + j]! - lower[i * size + j]!);
      squared[i * size + j] = d * d;
      squared[j * size + i] = d * d;
    }
  }
  return leadingCoordinates(metricMatrix(squared, size), size, rng);
}

/** Inner products of positions about their centroid, from squared distances (classical scaling). */
function metricMatrix(squared: Float64Array, size: number): Float64Array {
  const rowMean = new Float64Array(size);
  let mean = 0;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += squared[i * size + j]!;
    rowMean[i] = sum / size;
    mean += sum / (size * size);
  }
  return squared.map((d, at) => -0.5 * (d - rowMean[Math.floor(at / size)]! - rowMean[at % size]! + mean));
}

/** Orthogonal iteration for the leading eigenpairs; negative eigenvalues give small random coordinates instead. */
function leadingCoordinates(metric: Float64Array, size: number, rng: Rng): Float64Array {
  const positions = new Float64Array(size * DIMENSIONS);
  const found: Float64Array[] = [];
  // The shift makes the algebraically largest eigenvalues the largest in modulus as well.
  const shift = leastShift(metric, size);
  for (let d = 0; d < DIMENSIONS; d++) {
    let vector: Float64Array = Float64Array.from({ length: size }, () => rng.normal());
    for (let step = 0; step < ITERATIONS; step++) vector = normalised(orthogonal(multiply(metric, vector, shift), found));
    found.push(vector);
    const value = dot(vector, multiply(metric, vector, 0));
    for (let i = 0; i < size; i++) positions[i * DIMENSIONS + d] = value > 1e-6 ? vector[i]! * Math.sqrt(value) : 0.1 * rng.normal();
  }
  return positions;
}

/** A tenth of the trace: enough to damp the negative end of a nearly Euclidean metric. */
function leastShift(metric: Float64Array, size: number): number {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += metric[i * size + i]!;
  return Math.max(0, trace) / 10;
}

function multiply(matrix: Float64Array, vector: Float64Array, shift: number): Float64Array {
  const size = vector.length;
  return vector.map((own, i) => {
    let sum = shift * own;
    for (let j = 0, at = i * size; j < size; j++, at++) sum += matrix[at]! * vector[j]!;
    return sum;
  });
}

function orthogonal(vector: Float64Array, to: readonly Float64Array[]): Float64Array {
  for (const other of to) {
    const overlap = dot(vector, other);
    for (let i = 0; i < vector.length; i++) vector[i]! -= overlap * other[i]!;
  }
  return vector;
}

function normalised(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm > 0 ? vector.map((v) => v / norm) : vector;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
