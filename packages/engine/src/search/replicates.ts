/*
 * Do replicate runs agree? Runs that differ only in their key should give the same log-evidence and the
 * same distribution of every property; where they do not, no single run has converged.
 */
import { InputError } from "../base/errors.ts";

/** One finished run, as it is compared. */
export interface Replicate {
  /** Null in heuristic mode. */
  readonly logEvidence: number | null;
  /** Values of each property over the final population, any number of particles. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

export interface AgreementOptions {
  /** Largest spread (max − min) of log-evidence that counts as agreement, in nats. Default 1. */
  readonly evidenceSpread?: number;
  /** Largest distance between two runs' distributions beyond what chance explains, in [0, 1]. Default 0.15. */
  readonly distance?: number;
}

export interface Agreement {
  readonly agree: boolean;
  /** What disagrees, in words; empty when all agrees. */
  readonly reasons: readonly string[];
  readonly logEvidence: { readonly mean: number; readonly sd: number; readonly spread: number } | null;
  /** Largest two-sample Kolmogorov-Smirnov distance between any two runs, by property. */
  readonly distance: Readonly<Record<string, number>>;
}

/** Largest distance between the two empirical distribution functions, in [0, 1]. Both samples must be non-empty. */
export function kolmogorovDistance(a: Float64Array, b: Float64Array): number {
  if (a.length === 0 || b.length === 0) throw new InputError(`samples of ${a.length} and ${b.length} values — neither is empty`);
  const [x, y] = [a.toSorted(), b.toSorted()];
  let [i, j, distance] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= at) i++;
    while (j < y.length && y[j]! <= at) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

// Asymptotic 95 % point of √(nm/(n+m)) D: Smirnov (1948), doi 10.1214/aoms/1177730256.
const CRITICAL = 1.358;

const pairs = <A>(items: readonly A[]): [A, A][] => items.flatMap((a, i) => items.slice(i + 1).map((b): [A, A] => [a, b]));

function evidence(replicates: readonly Replicate[]): Agreement["logEvidence"] {
  const values = replicates.map((r) => r.logEvidence);
  if (!values.every((v) => v !== null)) return null;
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  const sd = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd, spread: Math.max(...values) - Math.min(...values) };
}

/** Compare at least two replicate runs. Throws InputError when there are fewer or their properties differ. */
export function agreement(replicates: readonly Replicate[], { evidenceSpread = 1, distance: tolerance = 0.15 }: AgreementOptions = {}): Agreement {
  if (replicates.length < 2) throw new InputError(`replicates: ${replicates.length} — agreement needs at least two runs`, { path: "replicates" });
  const properties = Object.keys(replicates[0]!.values);
  const odd = replicates.find((r) => properties.some((p) => !Object.hasOwn(r.values, p)));
  if (odd !== undefined) throw new InputError(`replicate without a property: ${Object.keys(odd.values).join(", ")} — each has ${properties.join(", ")}`, { path: "replicates" });
  const reasons: string[] = [];
  const distance: Record<string, number> = {};
  for (const property of properties) {
    const found = pairs(replicates).map(([a, b]) => {
      const [x, y] = [a.values[property]!, b.values[property]!];
      return { d: kolmogorovDistance(x, y), chance: CRITICAL * Math.sqrt(1 / x.length + 1 / y.length) };
    });
    distance[property] = Math.max(...found.map((f) => f.d));
    if (found.some(({ d, chance }) => d > tolerance + chance)) reasons.push(`distributions of ${property} differ by ${distance[property].toFixed(2)} between two runs — at most ${tolerance} beyond chance`);
  }
  const logEvidence = evidence(replicates);
  if (logEvidence !== null && !(logEvidence.spread <= evidenceSpread)) reasons.push(`log-evidence spreads over ${logEvidence.spread.toFixed(2)} — at most ${evidenceSpread}`);
  return { agree: reasons.length === 0, reasons, logEvidence, distance };
}
