/* Statistics of neighbours along an axis: what a cloud of points does on average. */
import { mean, quantile } from "d3-array";

export interface Running {
  /** Middle of the group on the axis. */
  readonly at: number;
  readonly mean: number;
  readonly median: number;
  /** 90 % quantile. */
  readonly high: number;
}

/** Smallest group whose mean says anything. */
const SMALLEST = 10;
const GROUPS = 12;

/** Groups of neighbours on x, about 12 of them and none smaller than 10; pairs with a non-finite number are left out. */
export function running(x: ArrayLike<number>, y: ArrayLike<number>): readonly Running[] {
  const order = Array.from(x, (_, i) => i)
    .filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!))
    .sort((a, b) => x[a]! - x[b]! || a - b);
  const count = Math.min(GROUPS, Math.floor(order.length / SMALLEST));
  const bound = (g: number) => Math.floor((g * order.length) / count);
  return Array.from({ length: count }, (_, g) => {
    const group = order.slice(bound(g), bound(g + 1));
    const sorted = group.map((i) => y[i]!).sort((a, b) => a - b);
    return { at: x[group[group.length >> 1]!]!, mean: mean(sorted)!, median: quantile(sorted, 0.5)!, high: quantile(sorted, 0.9)! };
  });
}
