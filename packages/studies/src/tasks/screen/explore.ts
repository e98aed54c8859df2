/*
 * One system gone over: the whole of it on the coarse grid, then, step by step down to the fine one, the cells around points
 * that are likely enough, that are of the kind looked for, or that border on another kind. On each finer grid the search
 * goes on where such points have neighbours not yet asked, so that a region found is known to its edge.
 */
import type { Context } from "@tatara/engine/base";
import { alongBoundaries, coarsePoints, eachAround, offsetsWithin, refineAround, strides } from "@tatara/engine/numeric";
import type { ScreeningCrew } from "../../executors/screening.ts";
import type { Labelling } from "./labels.ts";
import { amountsAt, type Lattice, type System } from "./systems.ts";

/** What was asked of one system, in order of the grid's points. */
export interface Explored {
  readonly points: Int32Array;
  /** That the target is met; NaN where constraints forbid the material. */
  readonly probability: Float32Array;
  /** points × width, as the workers answer. */
  readonly values: Float32Array;
  readonly width: number;
}

export interface Exploration {
  readonly lattice: Lattice;
  readonly labels: Labelling;
  /** Probability of the target from which on a point is refined. */
  readonly refine: number;
  readonly crew: Pick<ScreeningCrew, "ask">;
}

/** Percent of the system's parts at some points, one row after another. */
export function mixturesAt(system: System, lattice: Lattice, points: ArrayLike<number>): Float64Array {
  const out = new Float64Array(points.length * system.parts.length);
  for (let i = 0; i < points.length; i++) out.set(amountsAt(system, lattice, points[i]!), i * system.parts.length);
  return out;
}

export async function explore(system: System, { lattice, labels, refine, crew }: Exploration, ctx: Context): Promise<Explored> {
  const { grid, ratio } = lattice;
  const known = new Uint8Array(grid.points);
  const probability = new Float32Array(grid.points).fill(Number.NaN);
  const label = new Int8Array(grid.points).fill(-1);
  let values = new Float32Array(0);
  let width = 0;

  const ask = async (points: Int32Array): Promise<void> => {
    const answers = await crew.ask({ parts: system.parts, amounts: mixturesAt(system, lattice, points), judge: false }, ctx);
    if (width === 0) [width, values] = [answers.width, new Float32Array(grid.points * answers.width).fill(Number.NaN)];
    points.forEach((point, i) => {
      known[point] = 1;
      probability[point] = answers.probability[i]!;
      values.set(answers.values.subarray(i * width, (i + 1) * width), point * width);
      label[point] = labels.of(answers.probability[i]!, answers.values, i * width);
    });
  };
  const found = (i: number): boolean => probability[i]! >= refine || (label[i]! >= 0 && label[i]! < labels.kinds.length);

  const bordersUnknown = (i: number, ring: Int16Array): boolean => {
    let unknown = false;
    eachAround(grid, i, ring, (j) => (unknown ||= known[j] === 0));
    return unknown;
  };

  const levels = strides(ratio);
  await ask(coarsePoints(grid, ratio));
  for (let l = 1; l < levels.length; l++) {
    const [stride, finer] = [levels[l - 1]!, levels[l]!];
    const here = coarsePoints(grid, stride).filter((i) => known[i] === 1);
    const wanted = new Set([...here.filter(found), ...alongBoundaries(grid, here, label, stride)]);
    let next = refineAround(grid, { stride, finer, wanted: [...wanted], known });
    const ring = offsetsWithin(grid.corners, finer, finer);
    const reach = Math.ceil(stride / finer / 2) * finer;
    while (next.length > 0) {
      await ask(next);
      const open = next.filter((i) => found(i) && bordersUnknown(i, ring));
      next = refineAround(grid, { stride: reach, finer, wanted: open, known });
    }
  }
  const points = Int32Array.from(known.keys()).filter((i) => known[i] === 1);
  const kept = new Float32Array(points.length * width);
  points.forEach((point, i) => kept.set(values.subarray(point * width, (point + 1) * width), i * width));
  return { points, probability: Float32Array.from(points, (i) => probability[i]!), values: kept, width };
}
