/* Synthetic fields over a triangle: smooth bumps without meaning, drawn like what a model would say. */
import { ternaryGrid, type Composition, type TernaryClass, type TernaryPoints } from "../../src/index.ts";

const bump = (at: Composition, middle: Composition, width: number, height: number) => height * Math.exp(-((at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2 + (at[2] - middle[2]) ** 2) / (2 * width ** 2));

export const at = ({ a, b }: TernaryPoints, i: number): Composition => [a[i]!, b[i]!, 1 - a[i]! - b[i]!];

const over = (points: TernaryPoints, f: (p: Composition) => number): Float64Array => Float64Array.from({ length: points.a.length }, (_, i) => f(at(points, i)));

/** Three classes that add up to 1: one narrow, one beside it, the rest. */
export function classesOver(points: TernaryPoints): readonly TernaryClass[] {
  const weight = (p: Composition) => [bump(p, [0.64, 0.23, 0.13], 0.055, 14) + bump(p, [0.7, 0.05, 0.25], 0.04, 2.6), bump(p, [0.72, 0.1, 0.18], 0.075, 4.2) + bump(p, [0.3, 0.35, 0.35], 0.06, 3.4), 1] as const;
  const share = (k: number) => over(points, (p) => weight(p)[k]! / weight(p).reduce((x, y) => x + y, 0));
  return [
    { name: "QC", probability: share(0) },
    { name: "AC", probability: share(1) },
    { name: "OTHERS", probability: share(2), plain: true },
  ];
}

export const spread = (points: TernaryPoints): Float64Array => over(points, (p) => 40 + 220 * Math.sqrt(p[0] * p[1]) + 160 * p[2] ** 2 + 30 * Math.sin(9 * p[1]));

export const nearData = (points: TernaryPoints): boolean[] => Array.from(over(points, (p) => p[0] - 0.9 * p[2] - 0.12), (v) => v > 0);

/** A coarse grid, and a part of it four times as fine. */
export function uneven(): TernaryPoints {
  const [coarse, fine] = [ternaryGrid(0.05), ternaryGrid(0.0125)];
  const seen = new Set<string>();
  const [a, b]: [number[], number[]] = [[], []];
  const add = (x: number, y: number) => {
    const key = `${Math.round(x * 1e4)} ${Math.round(y * 1e4)}`;
    if (seen.has(key)) return;
    seen.add(key);
    a.push(x);
    b.push(y);
  };
  coarse.a.forEach((x, i) => add(x, coarse.b[i]!));
  fine.a.forEach((x, i) => { if (x >= 0.5 && x <= 0.8 && fine.b[i]! <= 0.35) add(x, fine.b[i]!); });
  return { a, b };
}
