/* Plain arrays of numbers with a shape. */

/** Row-major: entry (i, j) stands at data[i * cols + j]. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}
