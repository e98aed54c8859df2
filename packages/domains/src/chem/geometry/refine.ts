/*
 * Refinement: press coordinates into the bounds, give stereocentres their hand, flatten flat atoms, and squeeze out
 * the fourth dimension. The error function is harmonic in the violations; it is minimised by FIRE
 * (Bitzek, Koskinen, Gähler, Moseler & Gumbsch, Phys. Rev. Lett. 97 (2006) 170201).
 */
import type { Bounds } from "./bounds.ts";
import { DIMENSIONS } from "./embed.ts";
import type { Handedness, Skeleton } from "./skeleton.ts";

/** Signed volume in the first three dimensions, which `sign` times must exceed `least`; 0 demands flatness. */
interface VolumeTerm {
  readonly points: readonly [number, number, number, number];
  readonly sign: -1 | 0 | 1;
  readonly least: number;
}

interface Weights {
  /** Force constant of the squared fourth coordinate. */
  readonly fourth: number;
  readonly volume: number;
}

/** A quarter of the volume that four substituents of a tetrahedral atom span at bond lengths of 1 to 1.5 Å. */
const LEAST_VOLUME = 2.5;
/** The volume of a centre with a lone pair, whose own position is one of the points. */
const LEAST_PYRAMID = 1;
/** Bonds and angles hold harder than contacts do. */
const TIGHT = 0.3;
const TIGHT_WEIGHT = 4;
const STAGES: readonly (Weights & { readonly steps: number })[] = [
  { fourth: 0, volume: 0.3, steps: 120 },
  { fourth: 0.5, volume: 0.3, steps: 200 },
  { fourth: 5, volume: 0.5, steps: 250 },
];

/** Refine four-dimensional positions in place until their fourth coordinate is gone; returns n × 3 coordinates. */
export function refine(skeleton: Skeleton, bounds: Bounds, positions: Float64Array): Float64Array {
  const volumes = volumeTerms(skeleton);
  for (const { steps, ...weights } of STAGES) minimise(positions, steps, (x, force) => errorAndForce(bounds, volumes, weights, x, force));
  const flat = new Float64Array(bounds.size * 3);
  for (let i = 0; i < bounds.size; i++) for (let d = 0; d < 3; d++) flat[3 * i + d] = positions[DIMENSIONS * i + d]!;
  return flat;
}

function volumeTerms({ elements, neighbours, shapes, handedness }: Skeleton): VolumeTerm[] {
  const handed = handedness.map(({ points, positive }): VolumeTerm => ({ points, sign: positive ? 1 : -1, least: isPyramid(points, neighbours) ? LEAST_PYRAMID : LEAST_VOLUME }));
  const flat = elements.flatMap((_, i): VolumeTerm[] => {
    const [p, q, r] = neighbours[i]!;
    return shapes[i] === "planar" && r !== undefined ? [{ points: [p!, q!, r, i], sign: 0, least: 0 }] : [];
  });
  return [...handed, ...flat];
}

const isPyramid = (points: Handedness["points"], neighbours: Skeleton["neighbours"]): boolean => points.slice(0, 3).every((p) => neighbours[points[3]]!.includes(p));

/** FIRE with unit masses. `force` is filled by `evaluate`, which returns the error. */
function minimise(x: Float64Array, steps: number, evaluate: (x: Float64Array, force: Float64Array) => number): void {
  const force = new Float64Array(x.length);
  const velocity = new Float64Array(x.length);
  let [dt, mixing, downhill] = [0.05, 0.1, 0];
  for (let step = 0; step < steps; step++) {
    if (evaluate(x, force) < 1e-4 * x.length) return;
    let [power, forceNorm, speed] = [0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      power += force[i]! * velocity[i]!;
      forceNorm += force[i]! * force[i]!;
      speed += velocity[i]! * velocity[i]!;
    }
    if (power < 0) {
      velocity.fill(0);
      [dt, mixing, downhill] = [dt * 0.5, 0.1, 0];
    } else {
      const pull = forceNorm > 0 ? mixing * Math.sqrt(speed / forceNorm) : 0;
      for (let i = 0; i < x.length; i++) velocity[i] = (1 - mixing) * velocity[i]! + pull * force[i]!;
      if (++downhill > 5) [dt, mixing] = [Math.min(dt * 1.1, 0.25), mixing * 0.99];
    }
    for (let i = 0; i < x.length; i++) {
      velocity[i]! += dt * force[i]!;
      // No atom moves more than 0.3 Å a step, whatever the overlap.
      x[i]! += Math.max(-0.3, Math.min(0.3, dt * velocity[i]!));
    }
  }
}

function errorAndForce({ size, lower, upper }: Bounds, volumes: readonly VolumeTerm[], weights: Weights, x: Float64Array, force: Float64Array): number {
  force.fill(0);
  let error = 0;
  for (let i = 0; i < size; i++) {
    const a = DIMENSIONS * i;
    for (let j = i + 1; j < size; j++) {
      const b = DIMENSIONS * j;
      const [dx, dy, dz, dw] = [x[a]! - x[b]!, x[a + 1]! - x[b + 1]!, x[a + 2]! - x[b + 2]!, x[a + 3]! - x[b + 3]!];
      const square = dx * dx + dy * dy + dz * dz + dw * dw;
      const low = lower[i * size + j]!;
      const high = upper[i * size + j]!;
      if (square >= low * low && square <= high * high) continue;
      const d = Math.sqrt(square) + 1e-9;
      const excess = d < low ? d - low : d - high;
      const weight = high - low < TIGHT ? TIGHT_WEIGHT : 1;
      error += weight * excess * excess;
      const f = (-2 * weight * excess) / d;
      force[a]! += f * dx;
      force[a + 1]! += f * dy;
      force[a + 2]! += f * dz;
      force[a + 3]! += f * dw;
      force[b]! -= f * dx;
      force[b + 1]! -= f * dy;
      force[b + 2]! -= f * dz;
      force[b + 3]! -= f * dw;
    }
  }
  for (let at = 3; at < x.length; at += DIMENSIONS) {
    error += weights.fourth * x[at]! * x[at]!;
    force[at]! -= 2 * weights.fourth * x[at]!;
  }
  for (const term of volumes) error += addVolume(term, weights.volume, x, force);
  return error;
}

const gradient = new Float64Array(12);

/** Add the force of one volume term; returns its error. */
function addVolume({ points, sign, least }: VolumeTerm, weight: number, x: Float64Array, force: Float64Array): number {
  const volume = signedVolume(x, DIMENSIONS, points, gradient);
  const short = sign === 0 ? volume : volume * sign < least ? volume - sign * least : 0;
  if (short === 0) return 0;
  for (let p = 0; p < 4; p++) {
    const at = DIMENSIONS * points[p as 0 | 1 | 2 | 3];
    for (let d = 0; d < 3; d++) force[at + d]! -= 2 * weight * short * gradient[3 * p + d]!;
  }
  return weight * short * short;
}

/** (p0 − p3) · ((p1 − p3) × (p2 − p3)) in cubic angstrom; its derivative by the four points goes to `out` (12 numbers). */
export function signedVolume(x: Float64Array, stride: number, points: readonly [number, number, number, number], out?: Float64Array): number {
  const [p, q, r, s] = points.map((i) => i * stride) as [number, number, number, number];
  const [ax, ay, az] = [x[p]! - x[s]!, x[p + 1]! - x[s + 1]!, x[p + 2]! - x[s + 2]!];
  const [bx, by, bz] = [x[q]! - x[s]!, x[q + 1]! - x[s + 1]!, x[q + 2]! - x[s + 2]!];
  const [cx, cy, cz] = [x[r]! - x[s]!, x[r + 1]! - x[s + 1]!, x[r + 2]! - x[s + 2]!];
  const [nx, ny, nz] = [by * cz - bz * cy, bz * cx - bx * cz, bx * cy - by * cx];
  if (out) {
    out[0] = nx;
    out[1] = ny;
    out[2] = nz;
    out[3] = cy * az - cz * ay;
    out[4] = cz * ax - cx * az;
    out[5] = cx * ay - cy * ax;
    out[6] = ay * bz - az * by;
    out[7] = az * bx - ax * bz;
    out[8] = ax * by - ay * bx;
    for (let d = 0; d < 3; d++) out[9 + d] = -(out[d]! + out[3 + d]! + out[6 + d]!);
  }
  return ax * nx + ay * ny + az * nz;
}
