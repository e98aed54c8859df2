/*
 * Which phases of a ternary are stable: the lower convex hull of their formation energies over the fractions.
 * Its corners are stable, its edges tie lines, its triangles three phases in equilibrium at 0 K; every other phase
 * lies above it by what it could gain by decomposing. Not a phase diagram at temperature: no entropy, no solubility.
 */
import { InputError } from "@tatara/engine/base";
import { lowerHull } from "@tatara/engine/numeric";
import type { Composition, TernaryEnergy } from "./types.ts";

export interface TernaryHull {
  /** The phases given, then each pure component that was not among them, at energy 0. */
  readonly phases: readonly TernaryEnergy[];
  /** Energy above the hull of each phase; 0 when it is on it. */
  readonly above: readonly number[];
  /** Indices of phases in equilibrium. */
  readonly tieLines: readonly (readonly [number, number])[];
  readonly tieTriangles: readonly (readonly [number, number, number])[];
}

const ON = 1e-9; // of the range of energies: fractions such as 1/3 come rounded

export function convexHull(given: readonly TernaryEnergy[]): TernaryHull {
  given.forEach(({ at, energy, name }, i) => {
    const sum = at[0] + at[1] + at[2];
    if (!Number.isFinite(energy) || !(Math.abs(sum - 1) < 1e-6) || at.some((v) => v < -1e-9)) throw new InputError(`not a phase: ${name ?? `number ${i + 1}`} at ${at.join(", ")} with energy ${energy} — fractions ≥ 0 that add up to 1, and a finite energy`, { path: `energies.phases[${i}]`, value: at });
  });
  const pure = [0, 1, 2].filter((i) => !given.some(({ at }) => Math.abs(at[i]! - 1) < 1e-9));
  const phases = [...given, ...pure.map((i): TernaryEnergy => ({ at: [0, 1, 2].map((j) => (i === j ? 1 : 0)) as unknown as Composition, energy: 0 }))];
  const energies = Float64Array.from(phases, (p) => p.energy);
  const places = phases.map((p) => onSides(p.at));
  const { triangles, above } = lowerHull(Float64Array.from(places, (p) => p[0]), Float64Array.from(places, (p) => p[1]), energies);
  const range = energies.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const tieTriangles = Array.from({ length: triangles.length / 3 }, (_, t) => [triangles[3 * t]!, triangles[3 * t + 1]!, triangles[3 * t + 2]!] as const);
  const ties = new Map<string, readonly [number, number]>();
  for (const corners of tieTriangles) {
    for (let k = 0; k < 3; k++) {
      const pair = [corners[k]!, corners[(k + 1) % 3]!].sort((a, b) => a - b) as unknown as readonly [number, number];
      ties.set(pair.join(), pair);
    }
  }
  return { phases, above: Array.from(above, (e) => (e <= ON * range ? 0 : e)), tieLines: [...ties.values()], tieTriangles };
}

/**
 * Fractions of b and c, of which binaries lie exactly on the sides: a rounded 1/3 beside 2/3 would stand a hair
 * inside, and a tie line would pass it. 1 − v has no rounding for v ≥ ½.
 */
function onSides([a, b, c]: Composition): readonly [number, number] {
  if (b < SIDE || c < SIDE) return [b < SIDE ? 0 : a < SIDE ? 1 : b, c < SIDE ? 0 : a < SIDE ? 1 : c];
  if (a >= SIDE) return [b, c];
  return b >= 0.5 ? [b, 1 - b] : [1 - c, c];
}

const SIDE = 1e-9;
