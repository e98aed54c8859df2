/* Shapes: sizes, broadcasting, positions. */
import { InputError } from "@tatara/engine/base";
import type { Shape } from "./types.ts";

/** How many numbers a tensor of this shape holds. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

export const shapeText = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Distance in memory between neighbours along each axis, row-major. */
export function stridesOf(shape: Shape): readonly number[] {
  const strides = Array.from(shape, () => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** The shape of an operation on two tensors, aligned from the right; sizes are equal or one. Throws InputError otherwise. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new InputError(`shapes do not fit: ${shapeText(a)} and ${shapeText(b)} — sizes are equal, or one of them is 1`);
    return x === 1 ? y : x;
  });
}

/** Axes counted from the end where negative; sorted. Throws InputError for one that is not there. */
export function axesOf(axes: readonly number[], rank: number): readonly number[] {
  return axes
    .map((axis) => {
      const at = axis < 0 ? axis + rank : axis;
      if (!(at >= 0 && at < rank)) throw new InputError(`no such axis: ${axis} — the tensor has ${rank}`);
      return at;
    })
    .sort((i, j) => i - j);
}

/** The axes of `wide` over which a tensor of shape `narrow` was repeated, and those of them that `narrow` lacks. */
export function repeatedAxes(narrow: Shape, wide: Shape): readonly number[] {
  const lead = wide.length - narrow.length;
  return wide.flatMap((n, i) => (i < lead || (narrow[i - lead] === 1 && n !== 1) ? [i] : []));
}
